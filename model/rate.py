"""How often something may be: arithmetic on times that are passed in."""

from dataclasses import dataclass
from typing import Final

_ROUNDING: Final = 1e-6  # seconds: many small intervals do not add up exactly


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once after a pause, and then one in each interval (the generic cell rate algorithm of ITU-T I.371).

    Attributes:
        interval: Seconds.
        burst: At least 1.
    """

    interval: float
    burst: int

    def after_one(self, paid_until: float, now: float) -> float:
        """Until when it is paid for once one more has been."""
        return max(paid_until, now) + self.interval

    def wait(self, paid_until: float, now: float) -> float:
        """Seconds until one more may be; 0 where it may be now."""
        wait = paid_until - now - (self.burst - 1) * self.interval
        return wait if wait > _ROUNDING else 0.0


@dataclass(slots=True)
class Bucket:
    """What has been of one rate. It begins after a pause."""

    _paid_until: float = float("-inf")

    def take(self, rate: Rate, now: float) -> float:
        """Let one more be.

        Args:
            rate: How often; it may be another each time.
            now: Monotonic seconds; a time before an earlier one gives nothing and takes nothing.

        Returns:
            0 where it may be; else the seconds to wait, and nothing is taken.
        """
        wait = rate.wait(self._paid_until, now)
        if not wait:
            self._paid_until = rate.after_one(self._paid_until, now)
        return wait
