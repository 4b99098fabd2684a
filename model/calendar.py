"""Hours of the week as people write them: ``Mon-Fri 07:30-11:30``."""

import re
from dataclasses import dataclass
from itertools import chain
from typing import Final

from model.invalid import InvalidValueError

MINUTES_PER_HOUR: Final = 60
MINUTES_PER_DAY: Final = 24 * MINUTES_PER_HOUR
MINUTES_PER_WEEK: Final = 7 * MINUTES_PER_DAY

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
