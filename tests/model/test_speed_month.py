"""What a month of tests says, by its mean and by its share."""

from datetime import date, timedelta

import pytest

from model.inventory import Inventory
from model.speed_month import MonthlyTest, by_mean, mean_of, owed, shortfall
from model.verdict import Outcome

MET, BREACHED, UNKNOWN = Outcome.MET, Outcome.BREACHED, Outcome.UNKNOWN


def line(*rates: float, bounds: int = 0, limits: tuple[float | None, ...] = (80.0,)) -> list[MonthlyTest]:
    """One a day; the last so many are lower bounds; limits in turn."""
    first = date(2026, 11, 1)
    return [
        MonthlyTest(first + timedelta(days=number), rate, limits[number % len(limits)], number >= len(rates) - bounds)
        for number, rate in enumerate(rates)
    ]


@pytest.mark.parametrize(
    ("tests", "mean", "share"),
    [
        (line(*[90.0] * 14), MET, MET),
        (line(*[70.0] * 14), BREACHED, BREACHED),
        (line(*[90.0, 71.0] * 7), UNKNOWN, UNKNOWN),
        (line(90, 90, 90, 90), UNKNOWN, UNKNOWN),
        (line(*[70.0] * 14, bounds=14), UNKNOWN, UNKNOWN),
        (line(*[90.0] * 14, bounds=14), MET, MET),
        (line(*[90.0] * 14, 5.0, 5.0, 5.0, bounds=3), UNKNOWN, MET),
        (line(*[70.0] * 14, 200.0, bounds=1), UNKNOWN, BREACHED),
        (line(*[70.0] * 14, limits=(None,)), UNKNOWN, UNKNOWN),
        (line(*[90.0, 50.0] * 7, limits=(80.0, 40.0)), MET, MET),
        (line(*[70.0, 30.0] * 7, limits=(80.0, 40.0)), BREACHED, BREACHED),
        (line(*[90.0, 1.0] * 14, limits=(80.0, None)), MET, MET),
        ([], UNKNOWN, UNKNOWN),
    ],
)
def test_a_month_is_met_breached_or_not_to_be_told(tests: list[MonthlyTest], mean: Outcome, share: Outcome) -> None:
    """Each test against what held when it ran; lower bounds accuse nobody, and prove what they reached."""
    assert (by_mean(tests, mean_of(tests)), shortfall(tests).outcome) == (mean, share)


def test_a_contract_is_held_to_its_share() -> None:
    """80 % of what was sold, where the requirement states no other."""
    ward = {"id": "w", "name": "W", "timezone": "UTC"}
    requirements = Inventory.model_validate({
        "ward": ward,
        "requirements": {"r": {"contracted_share": "90%"}},
    }).requirements
    assert (owed(300e6, None), owed(300e6, requirements["r"])) == (240e6, 270e6)
