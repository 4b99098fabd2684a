"""Whether the mean of a month's tests reached what is required, each side with 95 % confidence.

The regulatory form (QCVN 34: Pd ≥ 0.8 · Vd). Tests of one day are alike, so days are drawn, not tests: the bootstrap-t
of Efron and Tibshirani (1993, ch. 12) over blocks. Drawn by a generator that always begins alike: the same tests give
the same verdict.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, sqrt
from typing import Final

from model.verdict import Outcome

LEAST_DAYS: Final = 5
"""Days below which a bootstrap over days tells too little."""

_DRAWS: Final = 1_000
_LEVEL: Final = 0.95


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

    Args:
        days: The values of each day.
    """
    sums = [(sum(day), len(day)) for day in days if day]
    n = sum(count for _, count in sums)
    if not n:
        return None
    mean, error = _mean_and_error(sums)
    if len(sums) < LEAST_DAYS:
        return MeanSpeed(mean, -inf, inf, n, len(sums))
    if not error:
        return MeanSpeed(mean, mean, mean, n, len(sums))
    dice = random.Random(n)  # noqa: S311  # draws days, guards nothing
    scores = sorted(_score(dice.choices(sums, k=len(sums)), mean) for _ in range(_DRAWS))
    upper, lower = scores[ceil(_LEVEL * _DRAWS) - 1], scores[floor((1 - _LEVEL) * _DRAWS)]
    return MeanSpeed(mean, mean - upper * error, mean - lower * error, n, len(sums))


def _mean_and_error(sums: Sequence[tuple[float, int]]) -> tuple[float, float]:
    """Mean and its standard error, days as blocks."""
    n, number = sum(count for _, count in sums), len(sums)
    mean = sum(total for total, _ in sums) / n
    squares = sum((total - count * mean) ** 2 for total, count in sums)
    return mean, sqrt(number / (number - 1) * squares) / n if number > 1 else 0.0


def _score(sums: Sequence[tuple[float, int]], mean: float) -> float:
    drawn, error = _mean_and_error(sums)
    if error:
        return (drawn - mean) / error
    # One day drawn again and again says nothing of errors: the side that it lies on, as far as can be.
    return inf if drawn > mean else -inf if drawn < mean else 0.0
