"""Figures and times as one language writes them."""

import re
from typing import Final

from exporters.pages.incident_words import UNITS
from exporters.pages.words import DECIMAL_MARKS
from model.inventory import Language
from model.units import format_bit_rate, format_duration

_UNIT: Final = re.compile(r"(?<=\d)(?=[a-zA-Z])")
"""Between a number and its unit, where a page has a space."""

_SIZES: Final = (86_400, 3_600, 60, 1)


def apart(figure: str) -> str:
    """A figure with a space before its unit."""
    return _UNIT.sub("\u00a0", figure)


class Tongue:
    """Writes figures.

    Attributes:
        language: Of the reader.
    """

    def __init__(self, language: Language) -> None:
        self.language = language

    def duration(self, seconds: float) -> str:
        """A length of time in its two largest units."""
        left = max(0, round(seconds))
        parts = []
        for size, unit in zip(_SIZES, UNITS[self.language], strict=True):
            number, left = divmod(left, size)
            parts.append(f"{number} {unit}" if number else "")
        first = next((place for place, part in enumerate(parts) if part), len(parts) - 1)
        return " ".join(part for part in parts[first : first + 2] if part) or f"0 {UNITS[self.language][-1]}"

    def length(self, seconds: float) -> str:
        """A length of time, of which below a minute each tenth counts."""
        return self.duration(seconds) if seconds >= _SIZES[-2] else self.seconds(seconds)

    def seconds(self, time: float | None) -> str:
        """A short time, such as a round trip."""
        return "·" if time is None else self.marked(apart(format_duration(time)))

    def whole(self, number: float) -> str:
        """A number without decimals, its thousands set apart."""
        return f"{number:,.0f}".replace(",", "," if self.language == "en" else ".")

    def share(self, ratio: float) -> str:
        """A share in percent."""
        return self.marked(f"{ratio * 100:.3g}%")

    def speed(self, bits_per_second: float) -> str:
        """A speed."""
        return self.marked(apart(format_bit_rate(bits_per_second)))

    def marked(self, figure: str) -> str:
        """A figure with the language's decimal mark."""
        return figure.replace(".", DECIMAL_MARKS[self.language])
