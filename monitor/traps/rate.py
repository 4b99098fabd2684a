"""How many messages are let through. Arithmetic only; the time is an argument."""

from dataclasses import dataclass, field
from typing import Final


@dataclass(slots=True)
class Bucket:
    """A token bucket: so many at once, and so many a second in the long run.

    Attributes:
        rate: Tokens a second.
        size: Tokens that it holds; it begins full.
    """

    rate: float
    size: float
    _tokens: float = field(init=False)
    _at: float = field(default=float("-inf"), init=False)

    def __post_init__(self) -> None:
        """Begin full."""
        self._tokens = self.size

    def take(self, now: float) -> bool:
        """Take a token, where there is one.

        Args:
            now: Monotonic seconds; an earlier time than before is taken as that one.
        """
        since = now - self._at
        if since > 0:
            self._tokens = min(self.size, self._tokens + since * self.rate)
            self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


SILENT_FOR: Final = 60.0
"""Seconds between two lines about one sender."""


@dataclass(slots=True)
class Teller:
    """Lets one line a minute pass, and counts what it kept back."""

    _told_at: float = field(default=float("-inf"), init=False)
    _kept: int = field(default=0, init=False)

    def may(self, now: float) -> int | None:
        """How many it has kept back since the last line, if a line may be written now; else ``None``, and one more.

        Args:
            now: Monotonic seconds.
        """
        if now - self._told_at < SILENT_FOR:
            self._kept += 1
            return None
        kept, self._kept, self._told_at = self._kept, 0, now
        return kept
