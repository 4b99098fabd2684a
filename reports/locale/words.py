"""The words of one language, with the clock that its times are told by."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import get_decimal_symbol, get_group_symbol

from model.invalid import InvalidValueError
from reports.locale import (
    en,
    en_devices,
    en_sentences,
    id,  # noqa: A004  # the code of a language
    id_devices,
    id_sentences,
    vi,
    vi_devices,
    vi_sentences,
)

CATALOGUES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({
    "vi": MappingProxyType({**vi.CATALOGUE, **vi_sentences.SENTENCES, **vi_devices.DEVICES}),
    "en": MappingProxyType({**en.CATALOGUE, **en_sentences.SENTENCES, **en_devices.DEVICES}),
    "id": MappingProxyType({**id.CATALOGUE, **id_sentences.SENTENCES, **id_devices.DEVICES}),
})


@dataclass(frozen=True, slots=True)
class Words:
    """How a review is told.

    Attributes:
        language: ``vi``, ``en`` or ``id``.
        zone: Whose clock its times are told by.
        catalogue: The phrases.
        locale: What Babel knows of the language.
        marks: What a number has for a comma and for a point.
    """

    language: str
    zone: ZoneInfo
    catalogue: Mapping[str, str]
    locale: Locale
    marks: Mapping[int, int]

    def say(self, key: str, **values: str) -> str:
        """A phrase with its values; they are taken as they are."""
        return self.catalogue[key].format_map(values)

    def knows(self, key: str) -> bool:
        """Whether there is a phrase of that name."""
        return key in self.catalogue

    def word(self, group: str, name: str) -> str:
        """The word for a name out of an open set; the name itself where nobody has translated it yet."""
        key = f"{group}.{name}"
        return self.say(key) if self.knows(key) else name


def words_of(language: str, timezone: str) -> Words:
    """The words of a language.

    Raises:
        InvalidValueError: The review is not written in that language.
    """
    if language not in CATALOGUES:
        raise InvalidValueError(f"the review is not written in {language!r}", f"choose one of {', '.join(CATALOGUES)}")
    marks = str.maketrans(",.", get_group_symbol(language) + get_decimal_symbol(language))
    return Words(language, ZoneInfo(timezone), CATALOGUES[language], Locale(language), marks)
