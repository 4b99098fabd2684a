"""The months at random hold what makes accounting hard, so that the oracles are put to the test by it."""

from collections.abc import Callable
from itertools import combinations

import pytest

from model.intervals import instant
from model.state import State
from reports.facts import Facts, SubjectFacts
from tests.reports.conftest import SEEDS
from tests.reports.random_months import facts

MONTHS = tuple(facts(seed) for seed in SEEDS)


def links(month: Facts) -> tuple[SubjectFacts, ...]:
    """Of the month that is reviewed."""
    return tuple(month.months[-1].links)


def changes_its_clock(month: Facts) -> bool:
    """In the midst of the month."""
    start, *_, end = (month.months[-1].period.interval.start, month.months[-1].period.interval.end)
    return (end - start) % 86_400_000 != 0


def is_dark_over_its_end(month: Facts) -> bool:
    """A link was down before the month, or is behind its end."""
    period = month.months[-1].period.interval
    pairs = [pair for one in links(month) for pair in zip(one.log, one.log[1:], strict=False)]
    return any(
        first.after is State.DOWN and instant(first.at) < edge < instant(second.at)
        for first, second in pairs
        for edge in period
    )


def has_work_that_overlaps(month: Facts) -> bool:
    """Two windows of one subject are open at once."""
    single = [one.window for one in month.months[-1].announcements if one.window.start is not None]
    return any(
        {*one.links, *one.sites} & {*other.links, *other.sites} and one.start < other.end and other.start < one.end  # type: ignore[operator]  # they have both
        for one, other in combinations(single, 2)
    )


def has_time_unknown(month: Facts) -> bool:
    """The monitor was off, or blind."""
    return len(month.months[-1].runs) != 1


def has_a_link_that_came(month: Facts) -> bool:
    """In mid-month."""
    return any(one.terms[0].since > month.months[-1].period.interval.start for one in links(month))


def has_a_link_that_went(month: Facts) -> bool:
    """In mid-month."""
    return any(one.terms[-1].held is None for one in links(month))


def has_a_link_that_was_renamed(month: Facts) -> bool:
    """And given another contract."""
    return any(one.terms[-1].held and one.terms[-1].held.name == "New" for one in links(month))


def has_another_requirement_from_a_day_on(month: Facts) -> bool:
    """In mid-month."""
    held = [term.held for one in links(month) for term in one.terms]
    return any(one.requirement and one.requirement.changes for one in held if one)


def has_nothing_measured(month: Facts) -> bool:
    """Of a link."""
    return any(not one.measured for one in links(month))


def is_not_over(month: Facts) -> bool:
    """It is reckoned to its midst."""
    return month.months[-1].until < month.months[-1].period.interval.end


@pytest.mark.parametrize(
    "feature",
    [
        changes_its_clock,
        is_dark_over_its_end,
        has_work_that_overlaps,
        has_time_unknown,
        has_a_link_that_came,
        has_a_link_that_went,
        has_a_link_that_was_renamed,
        has_another_requirement_from_a_day_on,
        has_nothing_measured,
        is_not_over,
    ],
)
def test_a_month_has(feature: Callable[[Facts], bool]) -> None:
    """Among those that the oracles recompute each time the tests run."""
    assert any(map(feature, MONTHS))
