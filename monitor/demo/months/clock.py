"""The ward that is simulated, and places in a month by its clock."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from model.intervals import moment
from model.periods import Period, Periods

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
"""Of the simulated ward; its clock is never changed."""
WARD: Final = "xuan-dinh"
"""Its id."""


def months_before(now: datetime, number: int) -> tuple[Period, ...]:
    """So many months that are over, and the one that is not.

    Args:
        now: Aware.
        number: Zero or more.
    """
    periods = Periods(ZONE)
    found = [periods.at(now)]
    for _ in range(number):
        found.insert(0, periods.before(found[0]))
    return tuple(found)


def in_month(month: Period, day: int, hour: int, minute: int = 0) -> datetime:
    """A time of a month by the clock, aware UTC; days count from 1."""
    return moment(month.interval.start) + timedelta(days=day - 1, hours=hour, minutes=minute)
