"""What people are told of the tests of a link: those of the last days, and what a month of them says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from model.judge import SpeedTested
from model.verdict import Outcome
from monitor.speed.desk import month_of_tests

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BEGIN = datetime(2026, 11, 1, 20, tzinfo=UTC)


def line(*megabits: float, bounds: int = 0) -> list[tuple[datetime, SpeedTested]]:
    """One a day; the last so many are lower bounds."""
    found = []
    for number, rate in enumerate(megabits):
        at = BEGIN + timedelta(days=number)
        found.append((at, SpeedTested(rate * 1e6, at, number >= len(megabits) - bounds)))
    return found


@pytest.mark.parametrize(
    ("tests", "by_mean", "by_share"),
    [
        (line(*[90.0] * 14), Outcome.MET, Outcome.MET),
        (line(*[70.0] * 14), Outcome.BREACHED, Outcome.BREACHED),
        (line(*[90.0, 71.0] * 7), Outcome.UNKNOWN, Outcome.UNKNOWN),
        (line(90, 90, 90, 90), Outcome.UNKNOWN, Outcome.UNKNOWN),
        (line(*[70.0] * 14, bounds=14), Outcome.UNKNOWN, Outcome.UNKNOWN),
        (line(*[90.0] * 14, bounds=14), Outcome.UNKNOWN, Outcome.MET),
        (line(*[70.0] * 14, 200.0, bounds=1), Outcome.UNKNOWN, Outcome.BREACHED),
        ([], Outcome.UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_a_month_is_met_breached_or_not_to_be_told(
    tests: list[tuple[datetime, SpeedTested]], by_mean: Outcome, by_share: Outcome
) -> None:
    """By its mean and by its share; lower bounds accuse nobody, and have no mean."""
    found = month_of_tests("download", tests, 80e6, HANOI)
    assert (found.by_mean, found.by_share) == (by_mean, by_share)
    assert found.tests + found.lower_bounds == len(tests)
    assert (found.mean is None) == (found.tests == 0)
