"""One requirement judged at one time: met, breached or unknown, with the evidence; and how a breach ends."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal


class Outcome(StrEnum):
    """Three values, never two: what the measurements cannot tell is said to be unknown."""

    MET = "met"
    BREACHED = "breached"
    UNKNOWN = "unknown"


class Quality(StrEnum):
    """What is required: the label ``requirement`` of metrics and alerts."""

    RTT = "rtt"
    LOSS = "loss"
    DELAY_VARIATION = "delay_variation"
    DOWNLOAD = "download"
    UPLOAD = "upload"
    AVAILABILITY = "availability"

    @property
    def unit(self) -> Literal["s", "ratio", "bit/s"]:
        """The unit of its values and thresholds."""
        match self:
            case Quality.RTT | Quality.DELAY_VARIATION:
                return "s"
            case Quality.DOWNLOAD | Quality.UPLOAD:
                return "bit/s"
            case _:
                return "ratio"


class Why(StrEnum):
    """What an outcome rests on. The set is closed: it is logged, counted and shown."""

    PROBES = "probes"  # so many of so many probes broke the limit, and that decides
    TESTS = "tests"  # so many of so many speed tests fell short, and that decides
    REACHED = "reached"  # the speed was seen, by a test or by what the interface carried
    NEGOTIATED = "negotiated"  # the port itself is slower than required
    BOUNDS = "bounds"  # it holds whatever happened in the time that is not known
    HELD = "held"  # better again, but not yet for long or by enough
    UNDECIDED = "undecided"  # measured, but the measurements support neither
    COVERAGE = "coverage"  # too little of the time was measured
    NOT_MEASURED = "not_measured"  # nothing was
    NO_CONTRACT = "no_contract"  # a share of a contracted speed that the inventory does not state


_BLIND: Final = frozenset({Why.COVERAGE, Why.NOT_MEASURED, Why.NO_CONTRACT})

CLEARS_AT: Final = 0.8
"""A breach of a largest value ends below this share of the threshold."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One requirement judged at one time.

    Attributes:
        requirement: What is required.
        outcome: Met, breached or unknown.
        why: What that rests on.
        value: What was measured, in the requirement's unit; infinite where a quantile falls among the lost, which is
            exported as absent; ``None`` where nothing was measured.
        threshold: What is required, in the same unit; ``None`` where it is a share of a speed that nobody stated.
        n: Probes or speed tests that decided; 0 where nothing was counted.
        bad: Those of them that broke the limit.
        window: Seconds that they were taken over.
        coverage: How much of that time was measured, 0 to 1.
        since: Since when the outcome is what it is, aware UTC.
    """

    requirement: Quality
    outcome: Outcome
    why: Why
    value: float | None
    threshold: float | None
    n: int
    bad: int
    window: float
    coverage: float
    since: datetime

    @property
    def unit(self) -> Literal["s", "ratio", "bit/s"]:
        """Of value and threshold."""
        return self.requirement.unit

    @property
    def has_evidence(self) -> bool:
        """Whether enough was measured to say anything, be it that the evidence is divided."""
        return self.why not in _BLIND

    @property
    def is_calm(self) -> bool:
        """Whether nothing speaks for a breach, by a margin: a largest value is kept with a fifth to spare."""
        if self.outcome is Outcome.BREACHED or not self.has_evidence:
            return False
        if self.requirement not in {Quality.RTT, Quality.LOSS, Quality.DELAY_VARIATION}:
            return self.outcome is Outcome.MET
        return self.value is not None and self.threshold is not None and self.value <= CLEARS_AT * self.threshold


@dataclass(frozen=True, slots=True)
class VerdictHolder:
    """Keeps a breach until it is over for good, so that a value at its limit makes no noise.

    Attributes:
        shown: The verdict to show, with the time since when its outcome holds; ``None`` before the first.
        is_breached: Whether a breach has begun and not ended; it outlasts a time without evidence. One by the speed of
            the port itself ends with that, and is not held: no measurement has to disprove it.
        calm_since: Monotonic seconds; ``None`` while it is not calm.
    """

    shown: Verdict | None = None
    is_breached: bool = False
    calm_since: float | None = None

    def after(self, verdict: Verdict, hold: float, clock: float) -> "VerdictHolder":
        """The holder once this verdict is known.

        A breach begins at once. It ends when verdicts have been calm for ``hold`` seconds; with the requirement's
        window as ``hold``, that is two windows of measurements. Until then verdicts read BREACHED with the reason HELD,
        but without evidence they read UNKNOWN.

        Args:
            verdict: As judged now; its ``since`` is the time of judging.
            hold: Seconds; 0 for speed and availability, whose evidence looks back long enough.
            clock: Monotonic seconds.
        """
        calm_since = (clock if self.calm_since is None else self.calm_since) if verdict.is_calm else None
        is_over = calm_since is not None and clock - calm_since >= hold
        begins = verdict.outcome is Outcome.BREACHED and verdict.why is not Why.NEGOTIATED
        is_breached = begins or (self.is_breached and not is_over)
        if is_breached and verdict.has_evidence and verdict.outcome is not Outcome.BREACHED:
            verdict = replace(verdict, outcome=Outcome.BREACHED, why=Why.HELD)
        if self.shown is not None and self.shown.outcome is verdict.outcome:
            verdict = replace(verdict, since=self.shown.since)
        return VerdictHolder(verdict, is_breached, calm_since)
