"""What is written to people at leisure, with files: the monthly review."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file.

    Attributes:
        name: As it is to be saved.
        media_type: Such as ``application/pdf``.
        content: All of it.
    """

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter.

    Attributes:
        key: The same for every attempt to send it, before and after a restart.
        written_at: Aware UTC.
        title: One line.
        text: Lines.
        language: ``vi``, ``en`` or ``id``.
        files: That go with it.
    """

    key: str
    written_at: datetime
    title: str
    text: str
    language: str
    files: tuple[Enclosure, ...] = ()
