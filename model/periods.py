"""The months that the review is made for, as a ward's clock counts them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from model.calendar import first_instant
from model.intervals import Interval, instant, moment
from model.invalid import InvalidValueError

LATEST_CUT_DAY: Final = 28  # the latest day that every month has
_MONTHS: Final = range(1, 13)
_YEARS: Final = range(1971, 9999)
_MONTH: Final = re.compile(r"(\d{4})-(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """One month of accounting.

    Attributes:
        name: Such as ``2026-10``. A month that is cut on another day than the 1st is named after the month it ends
            in: cut on the 15th, ``2026-10`` runs from 15 September to the end of 14 October.
        interval: In UTC. A month in which a clock is put forward is an hour shorter than its days.
    """

    name: str
    interval: Interval

    def until(self, now: datetime) -> Interval:
        """The part of the period that has passed, perhaps none."""
        start, end = self.interval
        return Interval(start, min(end, max(start, instant(now))))


@dataclass(frozen=True, slots=True)
class Periods:
    """How months are cut.

    Attributes:
        zone: Whose midnight counts.
        cut_day: On which day of the month a period begins, 1 to 28.
    """

    zone: ZoneInfo
    cut_day: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.cut_day <= LATEST_CUT_DAY:
            mend = f"write a day from 1 to {LATEST_CUT_DAY}, which every month has"
            raise InvalidValueError(f"no period can begin on day {self.cut_day} of each month", mend)

    def named(self, name: str) -> Period:
        """The period of a name such as ``2026-10``.

        Raises:
            InvalidValueError: The name is no month, or of a year that computers do not reckon with.
        """
        match = _MONTH.fullmatch(name)
        year, month = (int(match[1]), int(match[2])) if match else (0, 0)
        if year not in _YEARS or month not in _MONTHS:
            raise InvalidValueError(f"{name!r} is not a month", "write a year and a month such as 2026-10")
        return self._of(12 * year + month - 1)

    def at(self, now: datetime) -> Period:
        """The period that an aware time lies in."""
        local = now.astimezone(self.zone)
        number = 12 * local.year + local.month - 1
        # The neighbours too: the month may be cut on another day, or the clock have been put back across the cut.
        near = (self._of(number + step) for step in (-1, 0, 1))
        return next(period for period in near if instant(now) < period.interval.end)

    def before(self, period: Period) -> Period:
        """The period that ends where this one begins."""
        return self.at(moment(period.interval.start - 1))

    def after(self, period: Period) -> Period:
        """The period that begins where this one ends."""
        return self.at(moment(period.interval.end))

    def _of(self, number: int) -> Period:
        """The period that is named after a month, counted from January of the year 0."""
        first = number if self.cut_day == 1 else number - 1
        interval = Interval(self._cut(first), self._cut(first + 1))
        return Period(f"{number // 12:04}-{number % 12 + 1:02}", interval)

    def _cut(self, number: int) -> int:
        day = datetime(number // 12, number % 12 + 1, self.cut_day)  # noqa: DTZ001 - the clock on the wall
        return first_instant(day, self.zone)
