"""The names of months, as they stand in a sentence of each language."""

from collections.abc import Mapping
from typing import Final

MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": tuple(
        "January February March April May June July August September October November December".split()  # noqa: SIM905  # far easier to read
    ),
    "vi": tuple(f"tháng {number:02}" if number < 3 else f"tháng {number}" for number in range(1, 13)),  # noqa: PLR2004  # Decree 30/2020: months 1 and 2 have a 0 in front
    "id": tuple(
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905  # far easier to read
    ),
}
"""By language, from the first month of the year on."""


def month_and_year(name: str, language: str) -> tuple[str, str] | None:
    """What a month such as ``2026-10`` is called, and its year; ``None`` for what is no month."""
    year, _, month = name.partition("-")
    names = MONTHS[language]
    if not (year.isdecimal() and month.isdecimal() and 1 <= int(month) <= len(names)):
        return None
    return names[int(month) - 1], year
