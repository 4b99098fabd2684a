"""The statistics of the review against their definitions, computed the long way."""

import random
from itertools import permutations
from statistics import fmean

import pytest

from reports.statistics import (
    control_limits,
    mann_kendall,
    quantile,
    theil_sen,
)


@pytest.mark.parametrize("seed", range(8))
def test_a_trend_is_as_likely_by_chance_as_orders_of_the_values_say(seed: int) -> None:
    """Of all orders of five to seven values, so many are at least as steady; a month that is unknown is left out."""
    chance = random.Random(seed)  # noqa: S311  # need not be secret
    values = chance.sample(range(100), chance.choice([5, 6, 7]))

    def steadiness(row: tuple[int, ...]) -> int:
        return abs(sum((row[b] > row[a]) - (row[b] < row[a]) for b in range(len(row)) for a in range(b)))

    own = steadiness(tuple(values))
    orders = [steadiness(order) >= own for order in permutations(values)]
    row: list[float | None] = [float(value) for value in values]
    assert mann_kendall([*row[:2], None, *row[2:]]) == pytest.approx(fmean(orders))


def test_few_months_make_no_trend() -> None:
    """Of four values in a row, one order in twelve rises or falls throughout by chance alone."""
    assert mann_kendall([1.0, 2.0, 3.0, 4.0]) is None
    assert mann_kendall([1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx(2 / 120)
    assert mann_kendall([1.0] * 6) == 1.0


def test_the_slope_is_the_median_of_all_pairs() -> None:
    """One month that is off moves it little; the ends of its interval are slopes of pairs."""
    slope = theil_sen([1.0, 2.0, 3.0, None, 50.0, 6.0])
    assert slope is not None
    assert slope.middle == 1.0
    assert slope.lowest <= slope.middle <= slope.highest
    assert theil_sen([None, 1.0]) is None
    line = theil_sen([2.0, 4.0, 6.0])
    assert line is not None
    assert line.line([2.0, 4.0, 6.0]) == 2.0


def test_the_interval_of_a_slope_holds_the_truth_nine_times_in_ten() -> None:
    """On rows with noise around a known slope; of so few values it holds it somewhat more often."""
    chance = random.Random(3)  # noqa: S311  # need not be secret
    held = 0
    for _ in range(400):
        slope = theil_sen([0.1 * place + chance.gauss(0, 0.2) for place in range(12)])
        assert slope is not None
        held += slope.lowest <= 0.1 <= slope.highest
    assert 0.87 <= held / 400 <= 0.97


def test_control_limits_are_those_of_an_individuals_chart() -> None:
    """The mean and 2.66 times the mean moving range on either side."""
    limits = control_limits([10.0, 12.0, None, 11.0])
    assert limits is not None
    assert limits.middle == pytest.approx(11.0)
    assert limits.upper == pytest.approx(11 + 2.66 * 1.5)
    assert control_limits([1.0, None]) is None


def test_a_quantile_is_one_of_the_values() -> None:
    """By nearest rank."""
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([], 0.5) is None
    assert quantile([float(n) for n in range(1, 101)], 0.95) == 95.0
