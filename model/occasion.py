"""Why a state changed, where no detector decided it: the closed set of what is written down for that.

What is written is the English sentence itself. It has stood in histories from the first version on, and is what a
catalogue of another language is asked for.
"""

from enum import StrEnum
from typing import Final

from model.measurement import Measurement, ProbeKind, Reason

ANSWERED: Final = "answered"


class Occasion(StrEnum):
    """What happened, but for what a probe said."""

    ALL_MET = "all is met"
    NOT_MEASURED = "not measured for too long"
    BLIND = "the anchors are silent: the monitor is cut off"
    SIGHTED = "the anchors answer again"
    HELD_UP = "the monitor was held up, or its clock was set"
    PARENT_LOST = "something that it depends on is lost"
    PARENT_BACK = "what it depends on is there again"
    NOT_HELD = "the inventory no longer holds it"


def said_by(measurement: Measurement) -> str:
    """What a probe said, as it is written down: ``icmp: timeout``, ``http: answered``."""
    said = ANSWERED if measurement.succeeded else measurement.outcome_label.replace("_", " ")
    return f"{measurement.kind}: {said}"


def probe_said(written: str) -> tuple[ProbeKind, Reason | None] | None:
    """Which probe said what, from what ``said_by`` wrote; no reason where it was answered, ``None`` for other text."""
    kind, _, said = written.partition(": ")
    if kind not in set(ProbeKind):
        return None
    if said == ANSWERED:
        return ProbeKind(kind), None
    reason = said.replace(" ", "_")
    return (ProbeKind(kind), Reason(reason)) if reason in set(Reason) else None
