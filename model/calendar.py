"""Hours of the week as people write them, ``Mon-Fri 07:30-11:30``, and the instants at which a local clock shows them.

The clock on the wall decides. An instant is inside hours of the week when its reading is: hours that a clock skips
when it is put forward do not exist that day, and hours that it repeats when it is put back count twice.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import chain, pairwise
from typing import Final, NamedTuple

from model.intervals import DAY, SECOND, Interval, Spans, instant, merged, moment
from model.invalid import InvalidValueError

MINUTES_PER_HOUR: Final = 60
MINUTES_PER_DAY: Final = 24 * MINUTES_PER_HOUR
MINUTES_PER_WEEK: Final = 7 * MINUTES_PER_DAY

_MINUTE: Final = 60 * SECOND
_WEEK: Final = 7 * DAY
_FIRST_MONDAY: Final = 4 * DAY  # 1970 began on a Thursday
_STEP: Final = DAY // 4  # no zone has ever changed its offset twice within six hours
_FARTHEST: Final = 2 * DAY  # a clock is never this far from UTC, nor put forward by as much
_EARLIEST: Final = instant(datetime(2, 1, 1, tzinfo=UTC))  # so that a local time near the ends of the calendar can be
_LATEST: Final = instant(datetime(9999, 1, 1, tzinfo=UTC))

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS: Final = re.compile(r"(?:(\S+)\s+)?(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
_MEND: Final = "write hours such as 07:30-11:30, Sun 02:00-03:00 or Mon-Fri 07:30-11:30"


@dataclass(frozen=True, slots=True, order=True)
class WeeklyInterval:
    """A half-open part of the week.

    Attributes:
        start: Minutes since Monday 00:00 local time, 0 to 10,079; part of the interval.
        end: Minutes since Monday 00:00, 1 to 10,080; no longer part of it.
    """

    start: int
    end: int


def parse_weekly(text: str) -> tuple[WeeklyInterval, ...]:
    """Read ``[DAYS ]HH:MM-HH:MM``, where DAYS is ``Mon``, ``Mon-Fri`` or ``Mon,Wed``; without days, each day.

    An end that is not after its start lies in the next day; 24:00 is the end of the day.

    Returns:
        The intervals in order; one that passes the end of the week is cut in two.

    Raises:
        InvalidValueError: The text is something else, or names an hour that does not exist.
    """
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        raise InvalidValueError(f"{text!r} is not hours of the week", _MEND)
    start = _minute(text, match[2], match[3])
    end = _minute(text, match[4], match[5])
    if start in {end, MINUTES_PER_DAY}:
        raise InvalidValueError(f"{text!r} has no length", "write 00:00-24:00 for the whole day")
    length = (end - start) % MINUTES_PER_DAY or MINUTES_PER_DAY
    parts = (_cut(day * MINUTES_PER_DAY + start, length) for day in _days(text, match[1]))
    return tuple(sorted(chain.from_iterable(parts)))


def check_weekly(text: str) -> str:
    """The text, if ``parse_weekly`` can read it.

    Raises:
        InvalidValueError: As ``parse_weekly``.
    """
    parse_weekly(text)
    return text


def weekly_spans(hours: Iterable[WeeklyInterval], zone: tzinfo, within: Interval) -> Spans:
    """The part of an interval in which the zone's clock shows one of the hours."""
    if within.start >= within.end:
        return ()
    hours = tuple(hours)
    return merged(chain.from_iterable(_shown(hours, stretch) for stretch in _stretches(zone, within)))


def service_spans(texts: Iterable[str], zone: tzinfo, within: Interval) -> Spans:
    """The service hours of a site that lie in an interval; without a text it is open always."""
    hours = tuple(chain.from_iterable(parse_weekly(text) for text in texts))
    return weekly_spans(hours, zone, within) if hours else merged([within])


def first_instant(reading: datetime, zone: tzinfo) -> int:
    """The first millisecond at which the zone's clock shows a naive time, or has skipped it."""
    wanted, around = _around(reading)
    near = ((start, wanted - ahead) for start, end, ahead in _stretches(zone, around) if wanted - ahead < end)
    return max(next(near))


def last_instant(reading: datetime, zone: tzinfo) -> int:
    """As ``first_instant``, but the last: it differs where the clock is put back and shows the time twice."""
    wanted, around = _around(reading)
    near = [(end, wanted - ahead) for start, end, ahead in _stretches(zone, around) if start <= wanted - ahead]
    return min(near[-1])


class _Stretch(NamedTuple):
    """A time, in UTC milliseconds, in which a zone's clock is ahead of UTC by the same milliseconds throughout."""

    start: int
    end: int
    ahead: int


def _around(reading: datetime) -> tuple[int, Interval]:
    wanted = instant(reading.replace(tzinfo=UTC))
    return wanted, Interval(wanted - _FARTHEST, wanted + _FARTHEST)


def _shown(hours: tuple[WeeklyInterval, ...], stretch: _Stretch) -> Iterator[Interval]:
    start, end, ahead = stretch
    monday = start + ahead - (start + ahead - _FIRST_MONDAY) % _WEEK - ahead
    for week in range(monday, end, _WEEK):
        for part in hours:
            yield Interval(max(start, week + part.start * _MINUTE), min(end, week + part.end * _MINUTE))


def _stretches(zone: tzinfo, within: Interval) -> Iterator[_Stretch]:
    """The interval, which is not empty, cut wherever the zone's clock is put forward or back."""
    begin, last = within.start, within.end - 1
    for before, after in pairwise([*range(begin, last, _STEP), last]):
        if _ahead(zone, before) != _ahead(zone, after):
            change = _change(zone, before, after)
            yield _Stretch(begin, change, _ahead(zone, before))
            begin = change
    yield _Stretch(begin, within.end, _ahead(zone, last))


def _change(zone: tzinfo, before: int, after: int) -> int:
    """The first millisecond after ``before`` at which the zone's offset is no longer the same."""
    old = _ahead(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _ahead(zone, middle) == old else (before, middle)
    return after


def _ahead(zone: tzinfo, at: int) -> int:
    known = moment(min(max(at, _EARLIEST), _LATEST))
    return (known.astimezone(zone).utcoffset() or timedelta()) // timedelta(milliseconds=1)


def _minute(text: str, hours: str, minutes: str) -> int:
    minute = int(hours) * MINUTES_PER_HOUR + int(minutes)
    if int(minutes) >= MINUTES_PER_HOUR or minute > MINUTES_PER_DAY:
        raise InvalidValueError(f"{text!r} names {hours}:{minutes}, which is no time of day", _MEND)
    return minute


def _days(text: str, days: str | None) -> list[int]:
    if days is None:
        return list(range(7))
    return sorted(set(chain.from_iterable(_span(text, span) for span in days.split(","))))


def _span(text: str, span: str) -> list[int]:
    first, _, last = span.partition("-")
    unknown = [day for day in (first, last or first) if day not in _DAYS]
    if unknown:
        raise InvalidValueError(f"{text!r} names the day {unknown[0]!r}", f"days are {', '.join(_DAYS)}")
    start = _DAYS.index(first)
    length = (_DAYS.index(last or first) - start) % 7
    return [(start + offset) % 7 for offset in range(length + 1)]


def _cut(start: int, length: int) -> list[WeeklyInterval]:
    end = start + length
    if end <= MINUTES_PER_WEEK:
        return [WeeklyInterval(start, end)]
    return [WeeklyInterval(start, MINUTES_PER_WEEK), WeeklyInterval(0, end - MINUTES_PER_WEEK)]
