"""How often the log tells of one thing. Arithmetic only; the time is an argument."""

from dataclasses import dataclass, field
from typing import Final

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
