"""From what a test found to what the history keeps of it, and back."""

from datetime import datetime
from typing import Final

from history.facts import Document, SpeedTest
from model.judge import SpeedTested
from model.measurement import Reason
from model.speed_finding import LAYER, Finding
from model.speed_run import Direction, Ending
from model.speed_schedule import Due, Occasion, Skip

_REASONS: Final = {
    Ending.STOPPED: Reason.LOCAL,
    Ending.STALLED: Reason.TIMEOUT,
    Ending.CUT: Reason.UNREACHABLE,
    Ending.RESET: Reason.DISCONNECTED,
    Ending.WRONG_LENGTH: Reason.PROTOCOL,
    Ending.TOO_FAST: Reason.PROTOCOL,
    Ending.COMPRESSED: Reason.CONTENT,
    Ending.REDIRECTED: Reason.REDIRECTS,
    Ending.WRONG_KEY: Reason.AUTHENTICATION,
    Ending.REFUSED: Reason.STATUS,
    Ending.NOT_A_PEER: Reason.PROTOCOL,
    Ending.UNREACHABLE: Reason.UNREACHABLE,
    Ending.UNSUPPORTED: Reason.LOCAL,
    Ending.LOCAL: Reason.LOCAL,
    Ending.TOO_SHORT: Reason.CONTENT,
    Ending.ABORTED: Reason.TIMEOUT,
}


def fact_of(link: str, found: Finding, at: datetime, occasion: Occasion, due: Due | None) -> SpeedTest:
    """What is kept of a test that was run."""
    failure = None if found.bits_per_second is not None else _REASONS.get(found.ending, Reason.LOCAL)
    evidence: dict[str, str | float | bool | None] = {
        "ending": found.ending.value,
        "occasion": occasion.value,
        "due": None if due is None else float(due.at),
        "layer": LAYER,
        "is_lower_bound": found.is_lower_bound,
        "why_lower_bound": " ".join(found.why_lower_bound),
        "goodput": found.goodput,
        "width": found.width,
        "others": found.others,
        "basis": None if found.basis is None else found.basis.value,
        "streams": float(found.streams),
        "efficiency": found.efficiency,
        "base_rtt": found.base_rtt,
        "loaded_rtt": found.loaded_rtt,
        "buffer_delay": found.buffer_delay,
        "busy": found.busy,
    }
    known: Document = {name: value for name, value in evidence.items() if value is not None}
    return SpeedTest(
        link, found.direction, at, found.seconds, found.octets, found.bits_per_second, failure, found.detail, known
    )


def skipped(due: Due, direction: Direction, skip: Skip, at: datetime) -> SpeedTest:
    """What is kept of a test that was planned and not run."""
    evidence: Document = {"skip": skip.value, "occasion": Occasion.PLANNED.value, "due": float(due.at)}
    return SpeedTest(due.link, direction, at, 0.0, 0, None, evidence=evidence)


def skip_of(test: SpeedTest) -> str:
    """Why a planned test was not run; empty where it was."""
    return str(test.evidence.get("skip", ""))


def due_of(test: SpeedTest) -> int | None:
    """When it was due, UTC milliseconds; ``None`` where somebody asked for it."""
    due = test.evidence.get("due")
    return round(due) if isinstance(due, int | float) else None


def is_demanded(test: SpeedTest) -> bool:
    """Whether somebody asked for it."""
    return test.evidence.get("occasion") == Occasion.DEMANDED.value


def tested_of(test: SpeedTest) -> SpeedTested | None:
    """What a kept test says of the speed; ``None`` where it gave no figure."""
    if test.bits_per_second is None:
        return None
    return SpeedTested(test.bits_per_second, test.at, bool(test.evidence.get("is_lower_bound", False)))
