"""Quantities as people write them: durations, bit rates, ratios, sizes.

Inside the program a duration is seconds, a bit rate bit/s, a ratio 0 to 1, a size bytes, all as ``float`` or ``int``;
a unit appears only where text enters or leaves.
"""

import re
from collections.abc import Mapping
from typing import Final

from model.invalid import InvalidValueError

_NUMBER: Final = re.compile(r"\s*([0-9]{1,18}(?:\.[0-9]{1,18})?)\s*([^\s0-9.].*?)?\s*")
_DURATION_PART: Final = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,18})?)\s*(us|µs|ms|s|mo|m|h|d|w|y)")

_COMMA: Final = re.compile(r"\s*(?P<whole>[0-9]+),(?P<part>[0-9]+)(?P<unit>[^0-9,].*)?")
_THOUSAND: Final = 3  # digits

_ROUNDS_TO_ONE: Final = 0.9995  # to three significant digits

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


class UnitError(InvalidValueError):
    """A quantity that cannot be read."""


def parse_duration(text: str) -> float:
    """Read a duration such as ``30ms``, ``1s``, ``5m``, ``1h30m``.

    Returns:
        Seconds, zero or more.

    Raises:
        UnitError: The text is not a number with a unit of us, ms, s, m, h, d, w, mo or y.
    """
    _refuse_comma(text)
    parts = _DURATION_PART.findall(text)
    if not parts or _DURATION_PART.sub("", text).strip():
        mend = "write a number with its unit, such as 30ms, 1s, 5m or 1h30m"
        raise UnitError(f"{text!r} {_fault(text, 'a duration')}", mend)
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
    """Read a ratio such as ``0.5%``.

    Returns:
        A ratio from 0 to 1.

    Raises:
        UnitError: Not a number with a % sign, or outside 0 % to 100 %. Whether a bare ``0.5`` is a half or half a
            percent, nobody can tell.
    """
    _refuse_comma(text)
    match = _NUMBER.fullmatch(text)
    if match is None or match[2] not in {"%", None}:
        raise UnitError(f"{text!r} is not a share", "write a percentage such as 0.5%")
    if match[2] is None:
        raise UnitError(f"{text!r} has no unit", "write it as text with its % sign, such as 0.5%")
    # The text is read with its exponent, since a division by 100 would not give the float nearest to 0.999.
    ratio = float(f"{match[1]}e-2")
    if ratio > 1:
        raise UnitError(f"{text!r} is more than the whole", "write a percentage from 0% to 100%")
    return ratio


def _scaled(text: str, units: Mapping[str, float], what: str, example: str) -> float:
    _refuse_comma(text)
    match = _NUMBER.fullmatch(text)
    factor = units.get(match[2].lower()) if match and match[2] else None
    if match is None or factor is None:
        raise UnitError(f"{text!r} {_fault(text, what)}", f"write {example}")
    return float(match[1]) * factor


def _refuse_comma(text: str) -> None:
    """Refuse ``1,5s``: a decimal comma in one country, thousands in another."""
    match = _COMMA.fullmatch(text)
    if match is None:
        return
    whole, part, unit = match["whole"], match["part"], match["unit"] or ""
    pointed, joined = f"{whole}.{part}{unit}", f"{whole}{part}{unit}"
    mend = f"write {joined}, or {pointed} for a fraction" if len(part) == _THOUSAND else f"write {pointed}"
    raise UnitError(f"{text!r} has a comma in its number", mend)


def _fault(text: str, what: str) -> str:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return f"is not {what}"
    return "has no unit" if match[2] is None else f"has a unit that is not one of {what}"


def format_duration(seconds: float) -> str:
    """Print seconds for people, with about three significant digits: ``0.00012`` → ``0.12ms``, ``5400`` → ``90m``."""
    if seconds < _ROUNDS_TO_ONE:
        return f"{_three_digits(seconds * 1e3)}ms"
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= 2 * size:
            return f"{_three_digits(seconds / size)}{unit}"
    return f"{_three_digits(seconds)}s"


def format_bit_rate(bits_per_second: float) -> str:
    """Print a bit rate for people, with about three significant digits: ``2e8`` → ``200Mbit/s``."""
    for unit, size in (("Tbit/s", 1e12), ("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3)):
        if bits_per_second >= _ROUNDS_TO_ONE * size:
            return f"{_three_digits(bits_per_second / size)}{unit}"
    return f"{_three_digits(bits_per_second)}bit/s"


def _three_digits(number: float) -> str:
    # The format .3g turns to powers of ten from here on.
    return f"{number:.3g}" if number < 1e3 * _ROUNDS_TO_ONE else f"{number:.0f}"


def spell_duration(seconds: float) -> str:
    """Write seconds as the file would, without loss: ``14400.0`` → ``4h``, ``5400.0`` → ``90m``."""
    for unit, size in (("y", 31_557_600), ("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= size and seconds % size == 0 and seconds != 60:  # noqa: PLR2004  # people write 60s
            return f"{seconds / size:.0f}{unit}"
    return f"{_plain(seconds)}s" if seconds >= 1 or seconds == 0 else f"{_plain(seconds * 1e3)}ms"


def spell_bit_rate(bits_per_second: float) -> str:
    """Write a bit rate as the file would, without loss: ``2e8`` → ``200Mbit/s``."""
    for unit, size in (("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3)):
        if bits_per_second >= size and bits_per_second % size == 0:
            return f"{bits_per_second / size:.0f}{unit}"
    return f"{_plain(bits_per_second)}bit/s"


def spell_ratio(ratio: float) -> str:
    """Write a ratio as the file would: ``0.005`` → ``0.5%``, to twelve significant digits."""
    return f"{_plain(ratio * 100)}%"


def spell_size(size: float) -> str:
    """Write bytes as the file would, without loss: ``20e9`` → ``20GB``."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= scale and size % scale == 0:
            return f"{size / scale:.0f}{unit}"
    return f"{size:.0f}B"


def _plain(number: float) -> str:
    return f"{number:.12f}".rstrip("0").rstrip(".")
