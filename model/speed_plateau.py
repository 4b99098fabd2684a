"""When a transfer has told how fast it can be: its ramp is left out, and it may stop once its mean is certain enough.

Rates are means over equal slices of a quarter of a second. The ramp is the beginning that MSER leaves out (White 1997):
the cut by which the standard error of the mean of the rest is least. Slices that follow each other are alike, by which
the error would look too small; so n slices count as n (1 - r) / (1 + r), with r their lag-1 autocorrelation where it is
positive.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, sqrt
from statistics import fmean
from typing import Final

SLICE: Final = 0.25
"""Seconds of one rate."""
PRECISION: Final = 0.03
"""Width of the 95 % interval, as a share of the mean, below which a test may stop."""
LEAST: Final = 8
"""Rates after the ramp below which nothing is certain."""
SHORTEST_RAMP: Final = 4
"""Rates at the beginning that never count: slow start, and the policer's bucket."""

_TWO_SIDED_95: Final = 1.959964
_MOST_ALIKE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Plateau:
    """The part of a transfer after its ramp.

    Attributes:
        start: Number of the first rate that counts.
        end: Number of the rate after the last.
        mean: Of those rates, in their unit.
        width: Of the 95 % interval of the mean, as a share of it; infinite of fewer than two rates.
    """

    start: int
    end: int
    mean: float
    width: float

    @property
    def is_certain(self) -> bool:
        """Whether a test may stop here."""
        return self.end - self.start >= LEAST and self.width < PRECISION


def plateau(rates: Sequence[float]) -> Plateau | None:
    """The plateau of a transfer; ``None`` while all of it may be ramp.

    Args:
        rates: In order of time, each of ``SLICE`` seconds; zero or more.
    """
    if len(rates) <= SHORTEST_RAMP:
        return None
    cuts = range(SHORTEST_RAMP, max(SHORTEST_RAMP, len(rates) // 2) + 1)
    start = min(cuts, key=lambda cut: _mser(rates[cut:]))
    kept = rates[start:]
    mean = fmean(kept)
    return Plateau(start, len(rates), mean, _width(kept, mean))


def _mser(rates: Sequence[float]) -> float:
    mean = fmean(rates)
    return sum((rate - mean) ** 2 for rate in rates) / len(rates) ** 2


def _width(rates: Sequence[float], mean: float) -> float:
    n = len(rates)
    squares = sum((rate - mean) ** 2 for rate in rates)
    if n < 2 or mean <= 0:  # noqa: PLR2004  # one rate tells nothing of the others
        return inf
    if not squares:
        return 0.0
    alike = sum((before - mean) * (after - mean) for before, after in pairwise(rates)) / squares
    alike = min(max(alike, 0.0), _MOST_ALIKE)
    effective = n * (1 - alike) / (1 + alike)
    return 2 * _TWO_SIDED_95 * sqrt(squares / (n - 1) / effective) / mean
