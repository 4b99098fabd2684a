"""Whether the mean of a month's tests reached what is required, each side with 95 % confidence.

The regulatory form (QCVN 34: Pd ≥ 0.8 · Vd). Tests of one day are alike, so days are drawn, not tests: the bootstrap-t
of Efron and Tibshirani (1993, ch. 12) over blocks. Months of as many days are drawn alike by a generator that always
begins alike: the same tests give the same bounds, and a city's months share their draws.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf, sqrt
from operator import itemgetter
from typing import Final

from model.verdict import Outcome

LEAST_DAYS: Final = 5
"""Days below which a bootstrap over days tells too little."""

_DRAWS: Final = 999  # so that 5 % of them and one more are a whole number
_BEYOND: Final = 50  # of them at each end
_DAYS: Final = 32  # lengths of months whose draws are kept, 8 kB for each day
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class MeanSpeed:
    """The mean of tests.

    Attributes:
        mean: Of all tests.
        at_least: What it exceeds with 95 % confidence; minus infinity of fewer than five days.
        at_most: What it stays below with 95 % confidence; infinite likewise.
        n: Tests.
        days: Days that have any.
    """

    mean: float
    at_least: float
    at_most: float
    n: int
    days: int

    def against(self, required: float) -> Outcome:
        """Whether the mean reaches a speed: met, breached, or not to be told."""
        if self.at_least >= required:
            return Outcome.MET
        return Outcome.BREACHED if self.at_most < required else Outcome.UNKNOWN


def mean_speed(days: Sequence[Sequence[float]]) -> MeanSpeed | None:
    """The mean of the tests of some days; ``None`` without a test.

    With r the sum of a day's distances from the mean, D days and n tests, the standard error of the mean is
    √(D / (D - 1) · Σ r²) / n; each bound is as many of it away as the 5 % of the draws that lie farthest on the other
    side are of their own.

    Args:
        days: The values of each day.
    """
    told = [day for day in days if day]
    n, number = sum(map(len, told)), len(told)
    if not n:
        return None
    mean = sum(map(sum, told)) / n
    if number < LEAST_DAYS:
        return MeanSpeed(mean, -inf, inf, n, number)
    apart = [sum(day) - len(day) * mean for day in told]
    error = sqrt(number / (number - 1) * sum(one * one for one in apart)) / n
    if not error:
        return MeanSpeed(mean, mean, mean, n, number)
    scores = _scores(apart)
    return MeanSpeed(mean, mean - scores[-_BEYOND] * error, mean - scores[_BEYOND - 1] * error, n, number)


def _scores(apart: Sequence[float]) -> list[float]:
    """How far the mean of each draw lies from that of the month, as a multiple of the draw's own error, in order."""
    number = len(apart)
    sums = zip(_sums(apart), _sums([one * one for one in apart]), strict=True)
    return sorted(_score(total, squares, number) for total, squares in sums)


def _score(total: float, squares: float, number: int) -> float:
    spread = squares - total * total / number
    if spread > squares * _ROUNDING:
        return total / sqrt(number / (number - 1) * spread)
    # One day drawn again and again says nothing of errors: the side that it lies on, as far as can be.
    return inf if total > 0 else -inf if total < 0 else 0.0


def _sums(values: Sequence[float]) -> Iterator[float]:
    """The sum of each draw of as many of the values as there are."""
    drawn = iter(_draws(len(values))(values))
    return map(sum, zip(*[drawn] * len(values), strict=True))


@lru_cache(maxsize=_DAYS)
def _draws(number: int) -> "itemgetter[tuple[float, ...]]":
    """All draws of so many days, one after the other: drawing them for each line took six times as long."""
    dice = random.Random(number)  # noqa: S311  # draws days, guards nothing
    return itemgetter(*dice.choices(range(number), k=number * _DRAWS))
