"""How far failures that were counted may be from the truth."""

from functools import cache
from math import exp, log, sqrt
from typing import Final

_DOUBT: Final = 0.05
_QUANTILE: Final = 1.6448536269514722  # of the normal distribution, at 1 - _DOUBT
_MANY: Final = 100  # failures from which on the approximation is off by less than 1e-4
_STEPS: Final = 60


def surely_between_failures(up: float, failures: int) -> float:
    """The mean time between failures that is exceeded with 95 % confidence: 2T / χ²₀.₉₅(2n + 2).

    Args:
        up: Time under observation, in any unit; the result is in the same.
        failures: Counted in it, none or more; supposed to come independently of each other.
    """
    return up / _largest_mean(failures)


@cache  # the same few counts are asked for thousands of times
def _largest_mean(failures: int) -> float:
    """The mean number of failures with which so few would be seen once in twenty times: half that quantile of χ²."""
    low, high = 0.0, _approximate_mean(failures) + 1
    if failures >= _MANY:
        return high - 1
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(failures, middle) > _DOUBT else (low, middle)
    return high


def _at_most(failures: int, mean: float) -> float:
    """The Poisson probability of so many failures or fewer."""
    term = total = 1.0
    for count in range(1, failures + 1):
        term *= mean / count
        total += term
    return exp(log(total) - mean)


def _approximate_mean(failures: int) -> float:
    """Wilson and Hilferty, 1931."""
    freedom = 2 * failures + 2
    spread = 2 / (9 * freedom)
    return freedom / 2 * float((1 - spread + _QUANTILE * sqrt(spread)) ** 3)
