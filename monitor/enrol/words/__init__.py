"""What is said to those who add a device, in three languages: short, and without words of SNMP where others will do."""

from collections.abc import Mapping
from typing import Final

from model.inventory import Language
from monitor.enrol.words.en import EN
from monitor.enrol.words.id import ID
from monitor.enrol.words.vi import VI

_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {"en": EN, "vi": VI, "id": ID}


def say(language: Language, key: str, **values: object) -> str:
    """A sentence of the table with its values filled in."""
    return _WORDS[language][key].format_map(values)
