"""Measured figures for people: with their unit, to as many digits as mean something."""

from math import floor, isinf
from typing import Final

from model.units import format_bit_rate, format_duration
from model.verdict import Quality

_AT_LEAST: Final = frozenset({Quality.DOWNLOAD, Quality.UPLOAD, Quality.AVAILABILITY})


def figure(quality: Quality, value: float) -> str:
    """A value of a requirement: ``45ms``, ``0.12%``, ``200Mbit/s``; ``∞`` where it falls among the lost."""
    if isinf(value):
        return "∞"
    match quality.unit:
        case "s":
            return format_duration(value)
        case "bit/s":
            return format_bit_rate(value)
        case _:
            return availability(value) if quality is Quality.AVAILABILITY else f"{value * 100:.3g}%"


def availability(ratio: float) -> str:
    """An availability in percent, never rounded up: what misses 99.9 % by a second is not shown as 99.9 %."""
    # Rounded to a millionth of a digit first, since 0.99995 * 100_000 is 99994.99999999999.
    thousandths = floor(round(ratio * 100_000, 6))
    return f"{thousandths / 1_000:.3f}".rstrip("0").rstrip(".") + "%"


def bound(quality: Quality) -> str:
    """On which side of its threshold a requirement is met: ``≥`` or ``≤``."""
    return "≥" if quality in _AT_LEAST else "≤"
