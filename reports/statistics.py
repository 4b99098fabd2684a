"""The statistics of the review: few numbers, exact tests, no guesses."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from math import sqrt
from statistics import fmean, median
from typing import Final

from model.sketch import nearest_rank

LEAST_MONTHS: Final = 5
"""Values from which on a trend can be told: of four in a row, one order in twelve rises or falls by chance."""
BY_CHANCE: Final = 0.05
"""Probability of calling noise a trend, two-sided."""
LEAST_FORECAST: Final = 3
"""Values from which on a slope is a forecast."""

_LIMIT: Final = 2.66  # 3 / 1.128: three sigma of an individuals chart from its mean moving range (Shewhart)
_NORMAL_90: Final = 1.6448536269514722  # two-sided

Row = Sequence[float | None]


def points(row: Row) -> list[tuple[int, float]]:
    """The places of a row that are known, and their values."""
    return [(place, value) for place, value in enumerate(row) if value is not None]


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value that this share of the values does not exceed, by nearest rank; ``None`` of none."""
    return sorted(values)[nearest_rank(share, len(values)) - 1] if values else None


def rises(row: Row) -> int:
    """Kendall's S: pairs that rise minus pairs that fall."""
    known = points(row)
    return sum((later > earlier) - (later < earlier) for (_, earlier), (_, later) in combinations(known, 2))


def mann_kendall(row: Row) -> float | None:
    """The probability that a row without a trend would rise or fall so steadily, two-sided and exact.

    Ties count for neither side, by which the probability is never too small (Mann 1945, Kendall 1975).

    Returns:
        ``None`` with fewer than five values.
    """
    n = len(points(row))
    if n < LEAST_MONTHS:
        return None
    counts = _orders(n)
    steady = abs(rises(row))
    beyond = sum(count for s, count in counts.items() if abs(s) >= steady)
    return beyond / sum(counts.values())


@cache
def _orders(n: int) -> dict[int, int]:
    """How many orders of n values have which S: the n-th value has 0 to n - 1 of the others before it that are less."""
    if n == 1:
        return {0: 1}
    counts: dict[int, int] = {}
    for s, count in _orders(n - 1).items():
        for less in range(n):
            step = less - (n - 1 - less)
            counts[s + step] = counts.get(s + step, 0) + count
    return counts


@dataclass(frozen=True, slots=True)
class Slope:
    """How fast a row rises, per place.

    Attributes:
        middle: The median of the slopes of all pairs (Theil 1950, Sen 1968).
        lowest: The lower end of its interval of 90 % (Sen 1968); of few values the least slope of a pair.
        highest: The upper end.
    """

    middle: float
    lowest: float
    highest: float

    def line(self, row: Row) -> float:
        """Where the line through the values by the middle slope meets place 0 (Conover: the median residual)."""
        return median(value - self.middle * place for place, value in points(row))


def theil_sen(row: Row) -> Slope | None:
    """The slope of a row; ``None`` with fewer than two values."""
    known = points(row)
    if len(known) < 2:  # noqa: PLR2004  # a line takes two points
        return None
    slopes = sorted((y - x) / (later - earlier) for (earlier, x), (later, y) in combinations(known, 2))
    n = len(known)
    reach = _NORMAL_90 * sqrt(n * (n - 1) * (2 * n + 5) / 18)
    cut = max(0, int((len(slopes) - reach) / 2) - 1)
    return Slope(median(slopes), slopes[cut], slopes[-1 - cut])


@dataclass(frozen=True, slots=True)
class Limits:
    """The control limits of an individuals chart.

    Attributes:
        middle: Mean of the values.
        lower: Below it nothing comes by chance.
        upper: Above it nothing does.
    """

    middle: float
    lower: float
    upper: float


def control_limits(row: Row) -> Limits | None:
    """Of the values that are known, by the mean of their moving range; ``None`` with fewer than two."""
    values = [value for _, value in points(row)]
    if len(values) < 2:  # noqa: PLR2004  # a range takes two values
        return None
    middle = fmean(values)
    reach = _LIMIT * fmean(abs(later - earlier) for earlier, later in pairwise(values))
    return Limits(middle, middle - reach, middle + reach)
