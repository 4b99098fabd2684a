"""What several sections have in common."""

from dataclasses import dataclass
from datetime import datetime

from model.verdict import Outcome, Quality


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open time.

    Attributes:
        start: Aware UTC; part of it.
        end: Aware UTC; no longer part of it.
    """

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Seconds:
    """Seconds in each state; every instant is in exactly one, so that they add up to the time that is looked at."""

    up: float
    degraded: float
    down: float
    unreachable: float
    unknown: float
    maintenance: float


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether one requirement was kept in the period.

    Attributes:
        requirement: What is required.
        outcome: Met, breached, or unknown where the evidence supports neither.
        value: What was measured: ratio of availability and loss, seconds of rtt and delay_variation, bit/s of download
            and upload; ``None`` where nothing was measured, or a quantile falls among the lost probes.
        threshold: What is required, in the same unit; the last of the period where it changed; ``None`` where it is a
            share of a speed that nobody stated.
        n: Probes or speed tests that it rests on; 0 where nothing was counted.
    """

    requirement: Quality
    outcome: Outcome
    value: float | None
    threshold: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Tested:
    """How many of a group were met, breached, or cannot be told; what nothing is required of is in none of them.

    Attributes:
        met: How many.
        breached: How many.
        unknown: How many.
    """

    met: int
    breached: int
    unknown: int

    @property
    def total(self) -> int:
        """All of which something is required."""
        return self.met + self.breached + self.unknown
