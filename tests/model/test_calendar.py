"""Hours of the week."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.calendar import MINUTES_PER_DAY, MINUTES_PER_WEEK, WeeklyInterval, check_weekly, parse_weekly
from model.invalid import InvalidValueError


def day(number: int, start: int, end: int) -> WeeklyInterval:
    """An interval inside one day, in hours."""
    return WeeklyInterval(number * MINUTES_PER_DAY + start * 60, number * MINUTES_PER_DAY + end * 60)


@pytest.mark.parametrize(
    ("text", "intervals"),
    [
        ("Sun 02:00-03:00", [day(6, 2, 3)]),
        ("Mon-Wed 08:00-12:00", [day(0, 8, 12), day(1, 8, 12), day(2, 8, 12)]),
        ("Mon,Fri 08:00-12:00", [day(0, 8, 12), day(4, 8, 12)]),
        ("Sat-Mon 08:00-12:00", [day(0, 8, 12), day(5, 8, 12), day(6, 8, 12)]),
        ("02:00-05:00", [day(number, 2, 5) for number in range(7)]),
        ("Mon 22:00-02:00", [day(0, 22, 26)]),
        ("Sun 22:00-02:00", [day(0, 0, 2), day(6, 22, 24)]),
        ("Mon 00:00-24:00", [day(0, 0, 24)]),
        ("Mon 22:00-00:00", [day(0, 22, 24)]),
    ],
)
def test_hours_are_half_open_minutes_of_the_week(text: str, intervals: list[WeeklyInterval]) -> None:
    """Days alone, in spans, in lists; past midnight; past the end of the week."""
    assert list(parse_weekly(text)) == intervals


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mon",
        "Mon 8:00-9:00",
        "Mon 08:00",
        "Mon-Fry 08:00-09:00",
        "Mon- 08:00-09:00-",
        "08:00-25:00",
        "08:60-09:00",
        "08:00-08:00",
        "24:00-01:00",
        "mon 08:00-09:00",
        ",Mon 08:00-09:00",
        "08:00-24:01",
    ],
)
def test_what_is_no_hours_is_refused_with_a_mend(text: str) -> None:
    """Unknown days, hours that do not exist and empty spans are named."""
    with pytest.raises(InvalidValueError) as caught:
        check_weekly(text)
    assert caught.value.mend


@given(st.integers(0, 1439), st.integers(0, 1440), st.sampled_from(["", "Mon ", "Sat-Tue ", "Sun,Wed "]))
def test_intervals_lie_in_the_week_in_order(start: int, end: int, days: str) -> None:
    """No interval is empty, none passes the week, and they come sorted."""
    text = f"{days}{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
    if start == end:
        return
    intervals = parse_weekly(text)
    assert check_weekly(text) == text
    assert all(0 <= interval.start < interval.end <= MINUTES_PER_WEEK for interval in intervals)
    assert list(intervals) == sorted(intervals)
