"""Hours of the week, and when a local clock shows them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.calendar import (
    MINUTES_PER_DAY,
    MINUTES_PER_WEEK,
    WeeklyInterval,
    check_weekly,
    first_instant,
    last_instant,
    parse_weekly,
    service_spans,
    weekly_spans,
)
from model.intervals import DAY, Interval, Ruler, instant, moment
from model.invalid import InvalidValueError

MINUTE = 60_000


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


BERLIN, HANOI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Ho_Chi_Minh")
CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 27, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 23, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 2, tzinfo=UTC)),  # put forward at midnight
    ("America/Sao_Paulo", datetime(2018, 2, 16, tzinfo=UTC)),  # put back at midnight
    ("Asia/Ho_Chi_Minh", datetime(2026, 10, 30, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 29, tzinfo=UTC)),  # skips 30 December
    ("Australia/Lord_Howe", datetime(2026, 4, 3, tzinfo=UTC)),  # by half an hour
    ("Australia/Lord_Howe", datetime(2026, 10, 2, tzinfo=UTC)),
]


def shows(hours: Sequence[WeeklyInterval], local: datetime) -> bool:
    """Whether a clock's reading is within the hours."""
    minute = local.weekday() * MINUTES_PER_DAY + local.hour * 60 + local.minute
    return any(part.start <= minute < part.end for part in hours)


@settings(max_examples=60)
@given(
    st.sampled_from(CHANGES),
    st.sampled_from(["", "Sun ", "Fri-Sun ", "Thu,Sat "]),
    st.integers(0, 287),
    st.integers(1, 287),
    st.integers(0, 200_000),
)
def test_hours_are_open_while_the_clock_on_the_wall_shows_them(
    change: tuple[str, datetime], days: str, start: int, length: int, offset: int
) -> None:
    """Minute by minute over four days about a change of the clock, whatever the zone."""
    zone, begin = ZoneInfo(change[0]), change[1]
    first, last = (f"{at // 12 % 24:02}:{at % 12 * 5:02}" for at in (start, (start + length) % 288))
    hours = parse_weekly(f"{days}{first}-{last}")
    within = Interval(instant(begin) + offset, instant(begin) + 4 * DAY)
    expected = {
        at
        for at in range(instant(begin), within.end, MINUTE)
        if shows(hours, moment(at).astimezone(zone)) and at + MINUTE > within.start
    }
    spans = weekly_spans(hours, zone, within)
    assert {at for at in range(instant(begin), within.end, MINUTE) if Ruler(spans).inside(at, at + MINUTE)} == expected
    total = sum(at + MINUTE - max(at, within.start) for at in expected)
    assert sum(span.length for span in spans) == total


@cache
def readings(zone: ZoneInfo, begin: datetime) -> Mapping[int, datetime]:
    """What the clock shows in each minute about a change."""
    first = instant(begin)
    return {
        at: moment(at).astimezone(zone).replace(tzinfo=None) for at in range(first - 3 * DAY, first + 7 * DAY, MINUTE)
    }


@settings(max_examples=100)
@given(st.sampled_from(CHANGES), st.integers(-1440, 4 * 1440))
def test_a_local_time_becomes_the_first_or_last_instant_that_shows_it(
    change: tuple[str, datetime], minute: int
) -> None:
    """Shown once, twice, or never: then it is the instant at which the clock jumps over it."""
    zone = ZoneInfo(change[0])
    reading = change[1].replace(tzinfo=None) + timedelta(minutes=minute)
    shown = readings(zone, change[1])
    exact = [at for at, local in shown.items() if local == reading]
    jump = next(at for at, local in shown.items() if local >= reading)
    assert first_instant(reading, zone) == min(exact, default=jump)
    assert last_instant(reading, zone) == max(exact, default=jump)


def test_a_site_without_service_hours_is_open_always() -> None:
    """All of the interval is one span; several texts together cover what any covers."""
    within = Interval(instant(datetime(2026, 11, 1, 17, tzinfo=UTC)), instant(datetime(2026, 11, 2, 17, tzinfo=UTC)))
    assert service_spans([], HANOI, within) == (within,)
    texts = ["Mon-Fri 07:30-11:30", "Mon-Fri 11:30-12:00", "Mon-Fri 13:30-17:00"]
    morning, afternoon = service_spans(texts, HANOI, within)
    assert (morning.length, afternoon.length) == (270 * MINUTE, 210 * MINUTE)


def test_no_interval_holds_no_hours() -> None:
    """An empty or reversed interval, such as that of a month that has not begun."""
    assert weekly_spans(parse_weekly("00:00-24:00"), BERLIN, Interval(5, 5)) == ()
    assert service_spans([], BERLIN, Interval(5, 4)) == ()


@pytest.mark.parametrize("reading", [datetime(1, 1, 1), datetime(9999, 12, 31, 23)])  # noqa: DTZ001 - a local time
def test_the_ends_of_the_calendar_are_times_too(reading: datetime) -> None:
    """A window of the year 1 or 9999 is strange, and no reason to fall over."""
    assert first_instant(reading, HANOI) <= last_instant(reading, HANOI)
