"""Text in both languages of the dashboards, and how a whole structure is put into one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Tongue = Literal["en", "vi"]
"""A language that the dashboards are written in."""

TONGUES: Final[tuple[Tongue, ...]] = ("en", "vi")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in each language, side by side so that none is forgotten."""

    en: str
    vi: str

    def __add__(self, other: "Text") -> "Text":
        """Both, one behind the other, in each language."""
        return Text(self.en + other.en, self.vi + other.vi)


def same(text: str) -> Text:
    """What reads the same in both languages."""
    return Text(text, text)


def spoken(value: Any, tongue: Tongue) -> Any:
    """The same structure with each text in one language."""
    match value:
        case Text():
            return getattr(value, tongue)
        case Mapping():
            return {key: spoken(inner, tongue) for key, inner in value.items()}
        case list() | tuple():
            return [spoken(inner, tongue) for inner in value]
        case _:
            return value
