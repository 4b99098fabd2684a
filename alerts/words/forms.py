"""Times, durations and figures as each language writes them."""

import math
from datetime import datetime, timedelta
from typing import Final

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from alerts.words.telling import Telling
from model.incident import Fault

_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_SECONDS_MATTER_BELOW: Final = 600
_SIGNS: Final = {"celsius": "°C", "dbm": "dBm"}
_SCALES: Final = (("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3), ("bit/s", 1.0))
_LARGEST: Final = 1e15  # of any figure that is written out; not-a-number is not within it
_EXACT: Final = 9  # significant digits of what somebody has written


def moment(at: datetime, told: Telling) -> str:
    """A time with its day, such as ``10:32:05 hôm nay 24/11``."""
    local, today = at.astimezone(told.zone), told.now.astimezone(told.zone).date()
    time = format_time(local, told.say("time.pattern"), locale=told.language)
    if local.date() == today:
        return told.say("moment.today", time=time, date=short_date(at, told))
    if local.date() == today - timedelta(days=1):
        return told.say("moment.yesterday", time=time, date=short_date(at, told))
    return told.say("moment.day", time=time, date=format_date(local, told.say("date.pattern"), locale=told.language))


def short_date(at: datetime, told: Telling) -> str:
    """The day without its year, such as ``24/11``."""
    return format_date(at.astimezone(told.zone), told.say("date.short"), locale=told.language)


def clock(at: datetime, told: Telling) -> str:
    """The time of the day, such as ``10:32:05``."""
    return format_time(at.astimezone(told.zone), told.say("time.pattern"), locale=told.language)


def brief_moment(at: datetime, told: Telling) -> str:
    """The time and the day in few characters, such as ``10:32:05 24/11``."""
    return f"{clock(at, told)} {short_date(at, told)}"


def moment_beside(at: datetime, other: datetime, told: Telling) -> str:
    """A time beside another that was said with its day: without the day where that is the same."""
    return clock(at, told) if _same_day(at, other, told) else moment(at, told)


def _same_day(one: datetime, other: datetime, told: Telling) -> bool:
    return one.astimezone(told.zone).date() == other.astimezone(told.zone).date()


def span(start: datetime, end: datetime, told: Telling) -> str:
    """From when to when; the day is said once where it is the same."""
    return told.say("span", start=moment_beside(start, end, told), end=moment(end, told))


def brief_span(start: datetime, end: datetime, told: Telling) -> str:
    """The same in few characters."""
    first = clock(start, told) if _same_day(start, end, told) else brief_moment(start, told)
    return told.say("span", start=first, end=brief_moment(end, told))


def lasted(seconds: float, told: Telling) -> str:
    """A duration in its two largest units, such as ``4 giờ 10 phút``; seconds only below ten minutes."""
    left = max(1, round(seconds)) if seconds < _SECONDS_MATTER_BELOW else int(seconds // 60) * 60
    parts = []
    for unit, size in _UNITS:
        number, left = divmod(left, size)
        parts.append(told.count(number, unit) if number else "")
    first = next(index for index, part in enumerate(parts) if part)
    return " ".join(part for part in parts[first : first + 2] if part)


def whole(number: float, told: Telling) -> str:
    """A number without decimals, its thousands set apart."""
    return str(format_decimal(round(number), locale=told.language))


def measured(fault: Fault, told: Telling) -> tuple[str, str]:
    """What was measured and what is required, with their units; each is empty where it is not known.

    The value has as many digits as it takes to tell it from the threshold.
    """
    unit = str(fault.evidence.get("unit", ""))
    value, threshold = evidence_number(fault, "value"), evidence_number(fault, "threshold")
    wanted = "" if threshold is None else _figure(threshold, unit, _EXACT, told)
    if value is None:
        return "", wanted
    digits = 4 if unit == "ratio" else 3
    said = (_figure(value, unit, more, told) for more in range(digits, _EXACT))
    return next((words for words in said if words != wanted), wanted), wanted


def evidence_number(fault: Fault, name: str) -> float | None:
    """A number that a fault was decided on; ``None`` where there is none of that name, or none that makes sense."""
    value = fault.evidence.get(name)
    return float(value) if isinstance(value, int | float) and abs(value) <= _LARGEST else None


def decimal(value: float, digits: int, told: Telling) -> str:
    """A number to so many significant digits, never with an exponent."""
    places = max(0, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0
    return str(format_decimal(round(value, places), "#,##0.#########", locale=told.language))


def _figure(value: float, unit: str, digits: int, told: Telling) -> str:
    match unit:
        case "s" if value < 1:
            return f"{decimal(value * 1e3, digits, told)} ms"
        case "s":
            return f"{decimal(value, digits, told)} {told.say('unit.seconds')}"
        case "ratio":
            return f"{decimal(value * 100, digits, told)} %"
        case "celsius" | "dbm":
            return f"{decimal(value, digits, told)} {_SIGNS[unit]}"
        case "bit/s":
            name, scale = next((scale for scale in _SCALES if value >= scale[1]), _SCALES[-1])
            return f"{decimal(value / scale, digits, told)} {name}"
        case _:
            return decimal(value, digits, told)
