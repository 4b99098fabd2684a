"""How long to wait before the next attempt: exponential backoff with full jitter.

Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

from dataclasses import dataclass
from typing import Final

LONGEST: Final = 32.0
"""Seconds. A receiver that is back takes all that waits within a minute: one probe that had begun before and hangs for
11 s, this pause, and the rest of the minute to send."""
LONGEST_ASKED: Final = 600.0
"""Seconds: as long a ``Retry-After`` is heeded."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Doubles the longest pause with each failure in a row.

    Attributes:
        first: Longest pause after the first failure, seconds.
        longest: Longest pause ever, seconds.
    """

    first: float = 1.0
    longest: float = LONGEST

    def ceiling(self, failures: int) -> float:
        """The longest pause after so many failures in a row, at least one; seconds."""
        doublings = min(max(failures - 1, 0), 32)  # beyond, a float would overflow some day
        return min(self.longest, self.first * 2.0**doublings)

    def pause(self, failures: int, chance: float) -> float:
        """The pause after so many failures in a row; ``chance`` is uniform in [0, 1). Seconds."""
        return self.ceiling(failures) * chance


def heeded(retry_after: float | None) -> float:
    """Seconds for which the other side is left alone because it asked for that: 0 to ``LONGEST_ASKED``."""
    # Not min(max()): of a NaN nothing is heeded.
    return min(retry_after, LONGEST_ASKED) if retry_after is not None and retry_after > 0 else 0.0
