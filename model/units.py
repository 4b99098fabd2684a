"""Quantities as people write them: durations, bit rates, ratios, sizes.

Inside the program a duration is seconds, a bit rate bit/s, a ratio 0 to 1, a size bytes, all as ``float`` or ``int``;
a unit appears only where text enters or leaves.
"""

import re
from collections.abc import Mapping
from typing import Final

_NUMBER: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([^\s0-9.].*?)?\s*")
_DURATION_PART: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(us|µs|ms|s|m|h|d|w|mo|y)")

_SECONDS: Final[Mapping[str, float]] = {
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1,
    "m": 60,
    "h": 3_600,
    "d": 86_400,
    "w": 604_800,
    "mo": 2_629_800,  # a twelfth of the Julian year, used for retention only
    "y": 31_557_600,
}
_BITS_PER_SECOND: Final[Mapping[str, float]] = {
    "bit/s": 1,
    "kbit/s": 1e3,
    "mbit/s": 1e6,
    "gbit/s": 1e9,
    "tbit/s": 1e12,
}
_BYTES: Final[Mapping[str, int]] = {
    "b": 1,
    "kb": 10**3,
    "mb": 10**6,
    "gb": 10**9,
    "tb": 10**12,
    "kib": 2**10,
    "mib": 2**20,
    "gib": 2**30,
    "tib": 2**40,
}


class UnitError(ValueError):
    """A quantity that cannot be read. The message says what is wrong and what to write instead."""


def parse_duration(text: str) -> float:
    """Read a duration such as ``30ms``, ``1s``, ``5m``, ``1h30m``.

    Returns:
        Seconds, zero or more.

    Raises:
        UnitError: The text is not a number with a unit of us, ms, s, m, h, d, w, mo or y.
    """
    compact = text.replace(" ", "")
    parts = _DURATION_PART.findall(compact)
    if not parts or "".join(number + unit for number, unit in parts) != compact:
        raise UnitError(f"{text!r} is not a duration: write a number with its unit, such as 30ms, 1s, 5m or 1h30m")
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def parse_bit_rate(text: str) -> float:
    """Read a bit rate such as ``200Mbit/s``.

    Returns:
        Bits per second, zero or more.

    Raises:
        UnitError: No number, or a unit other than bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s.
    """
    return _scaled(text, _BITS_PER_SECOND, "a bit rate", "200Mbit/s or 1Gbit/s")


def parse_size(text: str) -> int:
    """Read a size such as ``20GB`` (10⁹ bytes each) or ``4MiB`` (2²⁰ bytes each).

    Returns:
        Bytes, zero or more.

    Raises:
        UnitError: No number, or a unit other than B, kB, MB, GB, TB, KiB, MiB, GiB, TiB.
    """
    return round(_scaled(text, _BYTES, "a size", "20GB or 500MB"))


def parse_ratio(text: str) -> float:
    """Read a ratio such as ``0.5%``; a bare number from 0 to 1 is a ratio already.

    Returns:
        A ratio from 0 to 1.

    Raises:
        UnitError: Not a number, or outside 0 % to 100 %.
    """
    match = _NUMBER.fullmatch(text)
    if match is None or match[2] not in {"%", None}:
        raise UnitError(f"{text!r} is not a ratio: write a percentage such as 0.5%")
    ratio = float(match[1]) / 100 if match[2] else float(match[1])
    if ratio > 1:
        raise UnitError(f"{text!r} is more than the whole: write a percentage from 0% to 100%, with its % sign")
    return ratio


def _scaled(text: str, units: Mapping[str, float], what: str, example: str) -> float:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise UnitError(f"{text!r} is not {what}: write {example}")
    if match[2] is None:
        raise UnitError(f"{text!r} has no unit: write {example}")
    factor = units.get(match[2].lower())
    if factor is None:
        raise UnitError(f"{match[2]!r} is not a unit of {what.removeprefix('a ')}: write {example}")
    return float(match[1]) * factor


def format_duration(seconds: float) -> str:
    """Print seconds with the largest unit that leaves three significant digits: ``0.00012`` → ``0.12ms``."""
    if seconds < 1:
        return f"{seconds * 1e3:.3g}ms"
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g}{unit}"
    return f"{seconds:.3g}s"


def format_bit_rate(bits_per_second: float) -> str:
    """Print a bit rate with three significant digits: ``2e8`` → ``200Mbit/s``."""
    for unit, size in (("Tbit/s", 1e12), ("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3)):
        if bits_per_second >= size:
            return f"{bits_per_second / size:.3g}{unit}"
    return f"{bits_per_second:.3g}bit/s"
