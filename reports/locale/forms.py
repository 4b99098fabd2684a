"""Figures, times and names as each language writes them. What is not known is a dash, never a nought."""

import re
import unicodedata
from datetime import date, datetime
from typing import Final

from babel.dates import format_date, format_datetime

from model.month_words import month_and_year
from reports.locale.words import Words

NOTHING: Final = "–"
"""What stands where nothing is known."""
LONGEST_NAME: Final = 100
"""Characters of a name, and of anything else that strangers write, that a review repeats."""

_READ: Final = 4_000  # characters of a name that are looked at
_MOST_DIGITS: Final = 9
_HUNDREDTH: Final = 0.01
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_UNIT: Final = re.compile(r"(?<=\d) (?=(?:%|ms|Mbit/s)$)")
_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


def clean(text: str, longest: int = LONGEST_NAME) -> str:
    """The text on one line, in Unicode's composed form (NFC), its blanks single, cut to so many characters."""
    composed = unicodedata.normalize("NFC", text[:_READ])
    if not composed.isprintable():
        composed = "".join(letter if letter.isprintable() else " " for letter in composed)
    line = " ".join(composed.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def bound(text: str) -> str:
    """The text with its last figure bound to the unit behind it, so that no line breaks between them."""
    return _UNIT.sub(_NO_BREAK, text)


def decimal(value: float, places: int, words: Words) -> str:
    """A number with at most so many decimals, its thousands set apart."""
    text = f"{value:,.{places}f}"
    if places:
        text = text.rstrip("0").rstrip(".")
    if text == "-0":
        text = "0"
    return text.translate(words.marks)


def whole(value: float, words: Words) -> str:
    """A number without decimals, its thousands set apart."""
    return decimal(value, 0, words)


def significant(value: float, digits: int, words: Words) -> str:
    """A number to so many significant digits, never with an exponent; digits before the point all stand."""
    places = next((places for places in range(_MOST_DIGITS) if abs(value) * 10**places >= 10 ** (digits - 1)), 0)
    return decimal(value, places, words)


def number(value: float, words: Words) -> str:
    """A number with two decimals at the most, or with two digits where those would not show it."""
    is_shown = not value or abs(value) >= _HUNDREDTH
    return decimal(value, 2, words) if is_shown else significant(value, 2, words)


def percent(ratio: float, words: Words) -> str:
    """A share in percent. Never 100 % of what is less, and never 0 % of what is more than nothing."""
    value = ratio * 100
    least = 3 if value <= 100 else 1  # noqa: PLR2004  # per cent
    places = next((places for places in range(least, _MOST_DIGITS) if _tells(value, places)), _MOST_DIGITS)
    return f"{decimal(value, places, words)}{_NO_BREAK}%"


def _tells(value: float, places: int) -> bool:
    shown = round(value, places)
    return (shown != 100 or value == 100) and (shown != 0 or value == 0)  # noqa: PLR2004  # per cent


def hours(seconds: float) -> str:
    """A duration as hours, minutes and seconds, such as ``4:10:05``; below ten seconds with tenths."""
    if 0 < seconds < 10 and seconds != int(seconds):  # noqa: PLR2004  # as the docstring says
        return f"0:00:{seconds:04.1f}"
    left = round(seconds)
    return f"{left // _HOUR}:{left % _HOUR // _MINUTE:02}:{left % _MINUTE:02}"


def lasted(seconds: float, words: Words) -> str:
    """A duration in its two largest units, such as ``4 giờ 10 phút``."""
    left = round(seconds) if seconds < _HOUR else round(seconds / _MINUTE) * _MINUTE
    parts = []
    for unit, size in (("day", _DAY), ("hour", _HOUR), ("minute", _MINUTE), ("second", 1)):
        number, left = divmod(left, size)
        if number:
            form = "one" if number == 1 else "other"
            parts.append(words.say(f"{unit}.{form}", n=whole(number, words)))
    return " ".join(parts[:2]) or words.say("second.other", n="0")


def megabits(value: float, words: Words) -> str:
    """A speed in Mbit/s, without the unit."""
    return significant(value / 1e6, 4, words)


def speed(value: float, words: Words) -> str:
    """A speed with its unit."""
    return f"{megabits(value, words)}{_NO_BREAK}Mbit/s"


def milliseconds(seconds: float, words: Words) -> str:
    """A delay in milliseconds, without the unit."""
    return significant(seconds * 1e3, 3, words)


def moment(at: datetime, words: Words) -> str:
    """A time with its day by the ward's clock, to the minute."""
    return str(format_datetime(at.astimezone(words.zone), words.say("moment.pattern"), locale=words.locale))


def second(at: datetime, words: Words) -> str:
    """A time with its day by the ward's clock, to the second."""
    return str(format_datetime(at.astimezone(words.zone), words.say("second.pattern"), locale=words.locale))


def day(at: date, words: Words) -> str:
    """A day; of a time, the day by the ward's clock."""
    local = at.astimezone(words.zone).date() if isinstance(at, datetime) else at
    return str(format_date(local, words.say("day.pattern"), locale=words.locale))


def month(name: str, words: Words) -> str:
    """A month by its name, such as ``2026-10``; as it is where it is none."""
    found = month_and_year(name, words.language)
    return name if found is None else words.say("month.year", month=found[0], year=found[1])


def short_month(name: str) -> str:
    """A month in seven characters, such as ``10/2026``."""
    return f"{name[5:7]}/{name[:4]}"
