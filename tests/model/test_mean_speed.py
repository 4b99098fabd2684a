"""The mean against what is required, three-valued, days as blocks."""

import random
from math import inf

import pytest

from model.mean_speed import LEAST_DAYS, mean_speed
from model.verdict import Outcome


def month(mean: float, between_days: float, within_days: float, seed: int, *, days: int = 30) -> list[list[float]]:
    """Two tests a day; days differ, and tests of a day do."""
    dice = random.Random(seed)  # noqa: S311  # draws rates, guards nothing
    found = []
    for _ in range(days):
        day = dice.gauss(mean, between_days)
        found.append([dice.gauss(day, within_days) for _ in range(2)])
    return found


def test_without_a_test_there_is_no_mean() -> None:
    """Days without one are not days of zero."""
    assert mean_speed([]) is None
    assert mean_speed([[], []]) is None


@pytest.mark.parametrize("days", range(1, LEAST_DAYS))
def test_a_few_days_tell_nothing_for_certain(days: int) -> None:
    """The mean is there, and no bound of it."""
    found = mean_speed([[100.0, 102.0]] * days)
    assert found is not None
    assert (found.mean, found.at_least, found.at_most) == (101.0, -inf, inf)
    assert found.against(50) is Outcome.UNKNOWN


def test_it_is_met_breached_or_not_to_be_told() -> None:
    """By bounds that lie on either side of the limit, or on both."""
    found = mean_speed(month(100, 10, 5, seed=3))
    assert found is not None
    assert [found.against(limit) for limit in (80, found.mean, 120)] == [Outcome.MET, Outcome.UNKNOWN, Outcome.BREACHED]
    assert mean_speed(month(100, 10, 5, seed=3)) == found


def test_equal_tests_leave_no_doubt() -> None:
    """Whatever is drawn, it is the same."""
    found = mean_speed([[80.0]] * 6)
    assert found is not None
    assert (found.against(80), found.against(80.1)) == (Outcome.MET, Outcome.BREACHED)


def test_days_count_as_days() -> None:
    """A day of three tests weighs three times in the mean, and is one of the days that are drawn."""
    found = mean_speed([[100.0, 100.0, 100.0], [60.0], [80.0], [90.0], [70.0], []])
    assert found is not None
    assert (found.mean, found.n, found.days) == (600 / 7, 7, 5)
    assert 60 < found.at_least < found.mean < found.at_most < 120


def test_each_side_errs_in_one_case_of_twenty_or_less() -> None:
    """Of lines exactly at the limit, those that are said to keep it, and those that are said to miss it."""
    outcomes = [mean_speed(month(100, 10, 5, seed)) for seed in range(100)]
    said = [one.against(100) for one in outcomes if one]
    assert said.count(Outcome.MET) / 100 < 0.12
    assert said.count(Outcome.BREACHED) / 100 < 0.12
