"""What has changed since when, so that an open page is told just that."""

import secrets
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Final

Topic = tuple[str, str]
"""What changed: a noun and an id, such as a link, an incident, the silences (without an id), the inventory."""

RELOADED: Final[Topic] = ("inventory", "")
"""Everything may look different."""
SILENCES: Final[Topic] = ("silences", "")

_KEPT: Final = 4_096


class Feed:
    """Remembers the last few thousand changes, and wakes whoever carries them on.

    Every change has a number, and the mark of a page says up to which one it knows. So nothing is lost between the
    making of a page and the moment at which it begins to listen, nor while it is out of reach.
    """

    def __init__(self) -> None:
        self._life = secrets.token_hex(4)  # another one after a restart: numbers of a former life mean nothing
        self._number = 0
        self._log: deque[Topic] = deque(maxlen=_KEPT)
        self._wake: Callable[[], None] = lambda: None

    @property
    def mark(self) -> str:
        """What somebody who knows all that has happened so far says later to hear the rest."""
        return f"{self._life}-{self._number}"

    def said(self, *topics: Topic) -> None:
        """These have changed."""
        self._log.extend(topics)
        self._number += len(topics)
        self._wake()

    def since(self, mark: str) -> frozenset[Topic] | None:
        """What has changed since a mark; ``None`` where that is not known any more."""
        life, _, number = mark.partition("-")
        if life != self._life or not number.isdecimal() or not number.isascii() or len(number) > len(str(self._number)):
            return None
        missed = self._number - int(number)
        if not 0 <= missed <= len(self._log):
            return None
        return frozenset(islice(self._log, len(self._log) - missed, None))

    def on_news(self, wake: Callable[[], None]) -> None:
        """Call this whenever something has changed; it must return at once."""
        self._wake = wake
