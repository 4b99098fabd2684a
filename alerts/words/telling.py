"""Whom a message is for: the language, the clock on their wall, and what they were told before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from alerts.labels import Places
from alerts.words.en import CATALOGUE as ENGLISH
from alerts.words.id import CATALOGUE as INDONESIAN
from alerts.words.vi import CATALOGUE as VIETNAMESE
from model.inventory import Language

CATALOGUES: Final[Mapping[Language, Mapping[str, str]]] = {"en": ENGLISH, "vi": VIETNAMESE, "id": INDONESIAN}


@dataclass(frozen=True, slots=True)
class Telling:
    """All that a message is made of beside the incident.

    Attributes:
        places: What everything is called, and where it stands.
        language: Of the message.
        zone: Whose local time is written.
        now: Aware UTC.
        incident_url: The page about the incident; empty where there is none.
        ack_url: Where it can be acknowledged; empty likewise.
        runbook_url: The page with a section for each kind of fault; empty likewise.
        escalated_from: Names of those who were told before and have not acknowledged.
        told_at: When this receiver was told last, aware UTC; ``None`` takes the incident's last change for news.
        told_revision: Of the incident, as it was then; ``None`` takes the one before the present.
    """

    places: Places
    language: Language
    zone: ZoneInfo
    now: datetime
    incident_url: str = ""
    ack_url: str = ""
    runbook_url: str = ""
    escalated_from: tuple[str, ...] = ()
    told_at: datetime | None = None
    told_revision: int | None = None

    def say(self, key: str, **values: str) -> str:
        """A phrase of the language with its blanks filled in."""
        return CATALOGUES[self.language][key].format(**values)

    def has(self, key: str) -> bool:
        """Whether there is such a phrase."""
        return key in CATALOGUES[self.language]

    def count(self, number: int, key: str) -> str:
        """A number with what it counts: ``key.one`` or ``key.other``, which say ``{n}``."""
        return self.say(f"{key}.{'one' if number == 1 else 'other'}", n=str(number))

    def list_of(self, names: tuple[str, ...], most: int, noun: str) -> str:
        """Names in a row; of more than ``most`` the first, and how many others there are."""
        if len(names) <= most:
            return ", ".join(names)
        rest = self.count(len(names) - most, f"more.{noun}")
        return self.say("list.and", names=", ".join(names[:most]), rest=rest) if most else self.count(len(names), noun)
