"""Counting what breaks a limit until the count decides: exact, three-valued, and over as long a time as it takes.

Each limit on probes is a limit on a share: at most so many of them lost, at most 5 % slower than the limit of the 95th
percentile, at most 1 % varying more than that of the 99th. Whether a count of n probes supports that is a question
about the binomial distribution, and "it cannot tell" is one of its answers.
"""

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from model.verdict import Outcome, Quality
from model.window import WindowFacts

MET_BY_CHANCE: Final = 0.05
"""MET is said only if a line at its limit would look this good with no more than this probability."""
BREACHED_BY_CHANCE: Final = 0.01
"""BREACHED likewise: whoever accuses needs more."""

HOUR: Final = 3_600.0
DAY: Final = 86_400.0

_MEASURES: Final = (Quality.RTT, Quality.LOSS, Quality.DELAY_VARIATION)
Limits = tuple[float, ...]
"""What a probe is held to, for each of rtt, loss and delay variation; infinite where there is no limit."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the probes of a time broke a limit.

    Attributes:
        n: Probes.
        bad: Those that broke it.
        span: Seconds that they were taken over.
        coverage: ``n`` as a share of the probes that the interval gives, 0 to 1.
    """

    n: int
    bad: int
    span: float
    coverage: float


def decide(bad: int, n: int, allowed: float) -> Outcome:
    """Whether ``bad`` of ``n`` support that the share of the bad is at most ``allowed``, or more, or neither.

    Exact one-sided binomial tests (Clopper-Pearson): MET if a share of ``allowed`` would give so few bad ones with a
    probability of at most 5 %, BREACHED if it would give so many with at most 1 %. Without any bad one, MET takes
    ln 0.05 / ln(1 - allowed) probes: 299 for 1 %, 2,995 for 0.1 %. A limit of zero can be breached but never proved.

    Args:
        bad: From 0 to ``n``.
        n: Zero or more.
        allowed: From 0 to 1.
    """
    if bad < n * allowed:
        return Outcome.MET if _is_rare(n - bad, n, 1 - allowed, MET_BY_CHANCE) else Outcome.UNKNOWN
    if bad > n * allowed and _is_rare(bad, n, allowed, BREACHED_BY_CHANCE):
        return Outcome.BREACHED
    return Outcome.UNKNOWN


def _is_rare(count: int, n: int, share: float, limit: float) -> bool:
    """Whether ``count`` or more of ``n`` come up with at most this probability, where ``count`` is above the mean."""
    if share in {0, 1}:
        return share == 0
    ways = math.lgamma(n + 1) - math.lgamma(count + 1) - math.lgamma(n - count + 1)
    term = math.exp(ways + count * math.log(share) + (n - count) * math.log1p(-share))
    tail, odds = term, share / (1 - share)
    # Above the mean each term is smaller than the one before.
    while tail <= limit and count < n and term > limit * 1e-9:
        term *= odds * (n - count) / (count + 1)
        tail += term
        count += 1
    return tail <= limit


class Tally:
    """How many of how many probes were bad, by several measures, over the last hour or day."""

    __slots__ = ("_counts", "_numbers", "_slot")

    def __init__(self, slot: float, slots: int, measures: int) -> None:
        """An empty tally.

        Args:
            slot: Seconds whose counts are kept together.
            slots: How many of them are kept.
            measures: In how many ways a probe can be bad.
        """
        self._slot = slot
        self._numbers = array("q", [-1]) * slots
        self._counts = [array("Q", bytes(8 * slots)) for _ in range(measures + 1)]

    @property
    def span(self) -> float:
        """The seconds that it looks back."""
        return self._slot * len(self._numbers)

    def add(self, at: float, n: int, bad: Sequence[int]) -> None:
        """Count probes.

        Args:
            at: When they were sent, monotonic seconds; of a window, its end.
            n: How many.
            bad: How many were bad, by each measure.
        """
        number = int(at // self._slot)
        place = number % len(self._numbers)
        is_new = self._numbers[place] != number
        self._numbers[place] = number
        for counts, more in zip(self._counts, (n, *bad), strict=True):
            counts[place] = more if is_new else counts[place] + more

    def totals(self, now: float) -> tuple[int, ...]:
        """How many probes there were in the last ``span`` seconds, and how many were bad by each measure."""
        oldest = int(now // self._slot) - len(self._numbers)
        kept = [place for place, number in enumerate(self._numbers) if number > oldest]
        return tuple(sum(counts[place] for place in kept) for counts in self._counts)


class Evidence:
    """What one link's probes showed over the last hour and the last day.

    A window of five minutes holds 300 probes, which cannot prove a limit of 0.1 %. An hour or a day can. Windows in
    which the link was down do not belong here: an outage is judged once, as availability (ITU-T Y.1540 counts loss in
    available time only).
    """

    __slots__ = ("_interval", "_limits", "_tallies", "_window")

    def __init__(self, window: float, interval: float) -> None:
        """Nothing yet.

        Args:
            window: The requirement's window in seconds, up to an hour.
            interval: Seconds from one probe to the next.
        """
        self._window = window
        self._interval = interval
        self._limits: Limits = ()
        self._tallies = self._empty()

    def note(self, facts: WindowFacts, limits: Limits, at: float) -> None:
        """Count a window that has ended, one after the other without overlap.

        When the limits change, what was counted by the old ones is forgotten.

        Args:
            facts: What it holds.
            limits: What its probes are held to.
            at: Its end, monotonic seconds.
        """
        if limits != self._limits:
            self._limits, self._tallies = limits, self._empty()
        bad = [facts.beyond(quality, limit) for quality, limit in zip(_MEASURES, limits, strict=True)]
        for tally in self._tallies:
            tally.add(at, facts.n, bad)

    def longer(self, now: float) -> Mapping[Quality, tuple[Count, ...]]:
        """The counts of the last hour and the last day, for each quality of probes.

        Args:
            now: Monotonic seconds.
        """
        totals = [(tally.span, tally.totals(now)) for tally in self._tallies]
        return {
            quality: tuple(self._count(span, total[0], total[place]) for span, total in totals)
            for place, quality in enumerate(_MEASURES, 1)
        }

    def _count(self, span: float, n: int, bad: int) -> Count:
        return Count(n, bad, span, min(1.0, n * self._interval / span))

    def _empty(self) -> tuple[Tally, ...]:
        an_hour = Tally(self._window, max(1, round(HOUR / self._window)), len(_MEASURES))
        return an_hour, Tally(HOUR, round(DAY / HOUR), len(_MEASURES))
