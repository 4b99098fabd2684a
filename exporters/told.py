"""What is told in a reader's language, and what only English words are known for."""

from typing import NamedTuple


class Told(NamedTuple):
    """A sentence in two parts.

    Attributes:
        own: In the language that was asked for; empty where all of it is English.
        english: As an earlier version, a device or a person wrote it; empty where nothing is.
    """

    own: str
    english: str = ""

    @property
    def text(self) -> str:
        """Both."""
        return "; ".join(filter(None, self))
