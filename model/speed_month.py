"""What the tests of a month say of one direction of a link, by their mean and by their share.

The one place where that is reckoned: the review, the API and the command tell the same. A test that did not fill the
link has shown that it has at least so much. It counts in the mean with that, whereby the mean is one that is at least
reached and accuses nobody; in the share it counts where it reached the limit, and nowhere else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf
from typing import Final

from model.evidence import decide
from model.judge import SLOWER_TESTS, is_telling
from model.mean_speed import MeanSpeed, mean_speed
from model.requirement import Requirement
from model.verdict import Outcome

USUAL_SHARE: Final = 0.8
"""Of the contracted speed, where the requirement states no share (QCVN 34:2019, Pd ≥ 0.8 · Vd)."""


@dataclass(frozen=True, slots=True)
class MonthlyTest:
    """A test that gave a figure.

    Attributes:
        day: On which it was run, by the ward's clock.
        bits_per_second: What it gave.
        limit: What it is held to, bit/s; ``None`` where nobody states that.
        is_lower_bound: It did not fill the link.
    """

    day: date
    bits_per_second: float
    limit: float | None
    is_lower_bound: bool = False


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Whether 80 % of the tests reached the limit (the "80/80" rule).

    Attributes:
        short: Those that fell short.
        n: Those that say something.
        outcome: By exact binomial tests.
    """

    short: int
    n: int
    outcome: Outcome


def owed(sold: float, requirement: Requirement | None) -> float:
    """What a contract is held to, bit/s: the share that the requirement states of what was sold, or 80 %."""
    share = requirement.contracted_share if requirement else None
    return sold * (USUAL_SHARE if share is None else share)


def shortfall(tests: Iterable[MonthlyTest]) -> Shortfall:
    """How many of the tests fell short, each of what it is held to."""
    limits = [(one.bits_per_second, one.limit, one.is_lower_bound) for one in tests if one.limit is not None]
    telling = [(rate, limit) for rate, limit, least in limits if is_telling(rate, limit, is_lower_bound=least)]
    short = sum(rate < limit for rate, limit in telling)
    return Shortfall(short, len(telling), decide(short, len(telling), SLOWER_TESTS))


def mean_of(tests: Sequence[MonthlyTest]) -> MeanSpeed | None:
    """The mean with its bounds; with lower bounds among the tests there is none above. ``None`` without a test."""
    return _bounded(tests, [one.bits_per_second for one in tests])


def by_mean(tests: Sequence[MonthlyTest], mean: MeanSpeed | None) -> Outcome:
    """Whether the mean reached the limit; of limits that changed, whether it reached their mean.

    Args:
        tests: All of them.
        mean: As ``mean_of`` gives it.
    """
    held = [one for one in tests if one.limit is not None]
    limits = {one.limit for one in held}
    if mean is not None and len(held) == len(tests) and len(limits) == 1:
        return mean.against(held[0].limit or 0.0)
    beyond = _bounded(held, [one.bits_per_second - (one.limit or 0.0) for one in held])
    return beyond.against(0.0) if beyond else Outcome.UNKNOWN


def _bounded(tests: Sequence[MonthlyTest], values: Sequence[float]) -> MeanSpeed | None:
    days: dict[date, list[float]] = {}
    for test, value in zip(tests, values, strict=True):
        days.setdefault(test.day, []).append(value)
    found = mean_speed(list(days.values()))
    is_least = any(test.is_lower_bound for test in tests)
    return replace(found, at_most=inf) if found and is_least else found
