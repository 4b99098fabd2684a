"""Months, by calendar and by a cut day, in zones that change their clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.intervals import DAY, instant, moment
from model.invalid import InvalidValueError
from model.periods import Periods

ZONES = ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Ho_Chi_Minh", "Pacific/Apia", "Australia/Lord_Howe"]
HOUR = 3_600_000


@pytest.mark.parametrize(
    ("zone", "name", "length"),
    [
        ("Asia/Ho_Chi_Minh", "2026-10", 31 * DAY),
        ("Asia/Ho_Chi_Minh", "2028-02", 29 * DAY),
        ("Europe/Berlin", "2026-03", 31 * DAY - HOUR),
        ("Europe/Berlin", "2026-10", 31 * DAY + HOUR),
        ("America/Sao_Paulo", "2018-11", 30 * DAY - HOUR),
        ("America/Sao_Paulo", "2018-02", 28 * DAY + HOUR),
        ("Australia/Lord_Howe", "2026-10", 31 * DAY - HOUR // 2),
        ("Pacific/Apia", "2011-12", 30 * DAY),
    ],
)
def test_a_month_is_as_long_as_its_clock_says(zone: str, name: str, length: int) -> None:
    """An hour that is skipped or repeated is missing or there twice; Samoa skipped a day."""
    assert Periods(ZoneInfo(zone)).named(name).interval.length == length


def test_a_month_of_hanoi_begins_at_its_own_midnight() -> None:
    """Seven hours before that of UTC."""
    october = Periods(ZoneInfo("Asia/Ho_Chi_Minh")).named("2026-10").interval
    assert moment(october.start) == datetime(2026, 9, 30, 17, tzinfo=UTC)
    assert moment(october.end) == datetime(2026, 10, 31, 17, tzinfo=UTC)


def test_a_month_cut_on_the_15th_is_named_after_its_end() -> None:
    """The reports of Viet Nam's agencies run from the 15th of one month to the 14th of the next."""
    periods = Periods(ZoneInfo("Asia/Ho_Chi_Minh"), cut_day=15)
    january = periods.named("2026-01")
    assert moment(january.interval.start) == datetime(2025, 12, 14, 17, tzinfo=UTC)
    assert moment(january.interval.end) == datetime(2026, 1, 14, 17, tzinfo=UTC)
    assert periods.at(datetime(2026, 1, 14, 16, 59, tzinfo=UTC)) == january
    assert periods.at(datetime(2026, 1, 14, 17, tzinfo=UTC)).name == "2026-02"


@given(
    st.sampled_from(ZONES),
    st.integers(1, 28),
    st.datetimes(datetime(1975, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis wants naive bounds
)
def test_periods_tile_time(zone: str, cut_day: int, now: datetime) -> None:
    """Every instant is in one period; each begins where the one before it ends; names are one to one."""
    periods = Periods(ZoneInfo(zone), cut_day)
    period = periods.at(now)
    before, after = periods.before(period), periods.after(period)
    assert period.interval.start <= instant(now) < period.interval.end
    assert (before.interval.end, after.interval.start) == period.interval
    assert before.name < period.name < after.name
    assert periods.named(period.name) == period
    local = moment(period.interval.start).astimezone(ZoneInfo(zone))
    assert local.day == cut_day or (zone == "Pacific/Apia" and local.day == cut_day + 1)


@pytest.mark.parametrize("cut_day", [1, 15])
def test_a_period_so_far_ends_now(cut_day: int) -> None:
    """Before it begins there is none of it, after it there is all."""
    period = Periods(ZoneInfo("UTC"), cut_day).named("2026-10")
    start, end = map(moment, period.interval)
    day = timedelta(days=1)
    assert period.until(start + day).length == DAY
    assert period.until(start - day).length == 0
    assert period.until(end + day) == period.interval


@pytest.mark.parametrize("name", ["2026", "2026-13", "2026-00", "1960-01", "2026-1", "10-2026", "", "202\u0666-10"])
def test_what_is_no_month_is_refused(name: str) -> None:
    """With a word on how to write one."""
    with pytest.raises(InvalidValueError, match="2026-10"):
        Periods(ZoneInfo("UTC")).named(name)


@pytest.mark.parametrize("cut_day", [0, 29, 31])
def test_a_cut_day_must_be_in_every_month(cut_day: int) -> None:
    """February has 28 days."""
    with pytest.raises(InvalidValueError, match="1 to 28"):
        Periods(ZoneInfo("UTC"), cut_day)
