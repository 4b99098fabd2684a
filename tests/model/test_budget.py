"""The month's budget of outage, and how fast it burns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.budget import BURN_RULES, BURN_WINDOWS, Burn, Promise, Spent, burn_rate, burns, remaining_ratio

MONTH = 30 * 86_400.0


@pytest.mark.parametrize(
    ("target", "bad", "left"),
    [(0.999, 0, 1), (0.999, 1296, 0.5), (0.999, 2592, 0), (0.999, 5184, -1), (0.995, 1296, 0.9), (1.0, 0, None)],
)
def test_what_is_left_of_the_budget(target: float, bad: float, left: float | None) -> None:
    """43.2 minutes a month at 99.9 %; overspent is less than nothing, and no tolerance is no budget."""
    found = remaining_ratio([Promise(target, MONTH)], bad)
    assert found == (None if left is None else pytest.approx(left))


def test_a_requirement_that_changes_in_mid_month_has_a_budget_of_both() -> None:
    """Half a month at 99.9 % and half at 99 % tolerate what both do."""
    promises = [Promise(0.999, MONTH / 2), Promise(0.99, MONTH / 2)]
    assert remaining_ratio(promises, 0.0055 * MONTH) == pytest.approx(0, abs=1e-9)
    assert remaining_ratio([], 0) is None


def every(bad_ratio: float, known_ratio: float = 1.0) -> dict[float, Spent]:
    """The same in every window."""
    return {span: Spent(bad_ratio * known_ratio * span, known_ratio * span, span) for span in BURN_WINDOWS}


def test_the_rules_are_those_of_the_workbook() -> None:
    """Each short window is a twelfth of its long one, and each rule spends the share of the month that it should."""
    assert all(rule.long == 12 * rule.short for rule in BURN_RULES)
    shares = [rule.factor * rule.long / MONTH for rule in BURN_RULES]
    assert shares == pytest.approx([0.02, 0.05, 0.1, 0.1])
    assert len(BURN_WINDOWS) == 7


def test_a_burn_of_one_spends_the_budget_just_in_time() -> None:
    """Bad over known, not over what was scheduled."""
    assert burn_rate(Spent(3.6, 3600, 3600), 0.999) == pytest.approx(1)
    assert burn_rate(Spent(3.6, 1800, 3600), 0.999) == pytest.approx(2)


@pytest.mark.parametrize(
    ("spent", "target"),
    [(Spent(0, 0, 3600), 0.999), (Spent(0, 0, 0), 0.999), (Spent(9, 1799, 3600), 0.999), (Spent(9, 3600, 3600), 1.0)],
)
def test_a_burn_that_cannot_be_told(spent: Spent, target: float) -> None:
    """Less than half known, nothing known, outside service hours, or nothing tolerated."""
    assert burn_rate(spent, target) is None


def test_both_windows_must_burn() -> None:
    """An outage that is over burns in the long window only."""
    windows = every(0.0145)
    assert [burn.is_burning for burn in burns(windows, 0.999)] == [True, True, True, True]
    over = windows | {span: Spent(0, span, span) for span in (300.0, 1800.0)}
    assert [burn.is_burning for burn in burns(over, 0.999)] == [False, False, True, True]


def test_a_rule_burns_at_its_factor() -> None:
    """Not only above it."""
    rule = BURN_RULES[0]
    assert Burn(rule, rule.factor, rule.factor).is_burning is True


def test_a_slow_burn_writes_a_ticket_only() -> None:
    """1.5 times too fast is for the working day."""
    found = burns(every(0.0015), 0.999)
    assert [(burn.rule.severity, burn.is_burning) for burn in found] == [
        ("critical", False),
        ("critical", False),
        ("warning", False),
        ("warning", True),
    ]


def test_what_is_not_known_does_not_burn_and_does_not_clear() -> None:
    """Unknown where it could make the difference, and not burning where one window is well known and calm."""
    assert [burn.is_burning for burn in burns({}, 0.999)] == [None] * 4
    windows = every(0.0145)
    del windows[300.0]
    assert burns(windows, 0.999)[0].is_burning is None
    calm = every(0.0) | {300.0: Spent(0, 0, 300)}
    assert burns(calm, 0.999)[0].is_burning is False


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.9, 0.9999))
def test_a_worse_time_never_burns_less(one: float, other: float, target: float) -> None:
    """More bad seconds leave less and burn faster."""
    better, worse = sorted((one, other))
    for before, after in zip(burns(every(better), target), burns(every(worse), target), strict=True):
        assert int(bool(after.is_burning)) >= int(bool(before.is_burning))
    left = [remaining_ratio([Promise(target, MONTH)], bad * MONTH) for bad in (better, worse)]
    assert left[0] is not None
    assert left[1] is not None
    assert left[1] <= left[0]
