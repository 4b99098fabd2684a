"""A verdict for programs and in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Final, Literal

from exporters.figures import bound, figure
from model.measurement import SubjectKey
from model.shortfall import value_of
from model.units import format_duration
from model.verdict import Outcome, Quality, Verdict, Why

VerdictsOf = Callable[[SubjectKey], Iterable[Verdict]]
"""The last verdicts on a subject."""

QUALITIES: Final[Mapping[Quality, str]] = {
    Quality.RTT: "round-trip time, 95th percentile",
    Quality.LOSS: "loss",
    Quality.DELAY_VARIATION: "delay variation, 99th percentile",
    Quality.DOWNLOAD: "download",
    Quality.UPLOAD: "upload",
    Quality.AVAILABILITY: "availability",
}

_OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.MET: "met",
    Outcome.BREACHED: "breached",
    Outcome.UNKNOWN: "cannot be told",
}


def _of_probes(verdict: Verdict) -> str:
    return f"{verdict.bad} of {verdict.n} probes in {format_duration(verdict.window)} broke the limit"


def _of_tests(verdict: Verdict) -> str:
    return f"{verdict.bad} of {verdict.n} speed tests in {format_duration(verdict.window)} fell short"


def _undecided(verdict: Verdict) -> str:
    if verdict.requirement is Quality.AVAILABILITY:
        return "it depends on what happened in the time that is not known"
    if not verdict.n:
        return "what was measured supports neither"
    counted = _of_tests if verdict.unit == "bit/s" else _of_probes
    return f"{counted(verdict)}, which supports neither"


def _unmeasured(verdict: Verdict) -> str:
    if verdict.requirement is not Quality.AVAILABILITY:
        return "nothing was measured"
    # The window of an availability is the time inside service hours, known or not, that counts so far.
    if not verdict.window:
        return "no time inside service hours has been counted yet this month"
    return "nothing is known of the service hours of this month yet"


_REASONS: Final[Mapping[Why, Callable[[Verdict], str]]] = {
    Why.PROBES: _of_probes,
    Why.TESTS: _of_tests,
    Why.REACHED: lambda _: "that speed was seen",
    Why.NEGOTIATED: lambda _: "the port itself is slower than required",
    Why.BOUNDS: lambda _: "whatever happened in the time that is not known",
    Why.HELD: lambda _: "better again, but not yet for long or by enough",
    Why.UNDECIDED: _undecided,
    Why.COVERAGE: lambda v: f"only {v.coverage:.0%} of {format_duration(v.window)} was measured",
    Why.NOT_MEASURED: _unmeasured,
    Why.NO_CONTRACT: lambda _: "a share of a contracted speed, which the inventory does not state",
}


@dataclass(frozen=True, slots=True)
class VerdictView:
    """One requirement judged at one time.

    Attributes:
        requirement: What is required.
        outcome: Met, breached or unknown.
        why: What that rests on.
        value: What was measured; null where nothing was, or where it falls among the lost.
        threshold: What is required; null where it is a share of a speed that nobody stated.
        unit: Of value and threshold.
        n: Probes or speed tests that decided.
        bad: Those of them that broke the limit.
        window_seconds: Over which they were taken.
        coverage: How much of that time was measured, 0 to 1.
        since: Since when the outcome is what it is.
        words: All of it in a sentence.
    """

    requirement: Quality
    outcome: Outcome
    why: Why
    value: float | None
    threshold: float | None
    unit: Literal["s", "ratio", "bit/s"]
    n: int
    bad: int
    window_seconds: float
    coverage: float
    since: datetime
    words: str


def verdict_view(verdict: Verdict) -> VerdictView:
    """The verdict as the API tells it."""
    value = verdict.value
    return VerdictView(
        requirement=verdict.requirement,
        outcome=verdict.outcome,
        why=verdict.why,
        value=value if value is not None and isfinite(value) else None,
        threshold=verdict.threshold,
        unit=verdict.unit,
        n=verdict.n,
        bad=verdict.bad,
        window_seconds=verdict.window,
        coverage=verdict.coverage,
        since=verdict.since,
        words=in_words(verdict),
    )


def verdict_of(view: VerdictView) -> Verdict:
    """The verdict that a view was made of."""
    return Verdict(
        requirement=view.requirement,
        outcome=view.outcome,
        why=view.why,
        value=value_of(view.requirement, view.value, view.n),
        threshold=view.threshold,
        n=view.n,
        bad=view.bad,
        window=view.window_seconds,
        coverage=view.coverage,
        since=view.since,
    )


def in_words(verdict: Verdict) -> str:
    """``loss: breached: 3.1%, required is ≤ 0.5%; 31 of 1000 probes in 5m broke the limit``."""
    quality = verdict.requirement
    required = "" if verdict.threshold is None else f"required is {requirement_in_words(quality, verdict.threshold)}"
    measured = "" if verdict.value is None else figure(quality, verdict.value)
    figures = ", ".join(filter(None, (measured, required)))
    told = "; ".join(filter(None, (figures, _REASONS[verdict.why](verdict))))
    return f"{QUALITIES[quality]}: {_OUTCOMES[verdict.outcome]}: {told}"


def requirement_in_words(quality: Quality, threshold: float) -> str:
    """``≤ 30ms``, ``≥ 99.9%``."""
    return f"{bound(quality)} {figure(quality, threshold)}"
