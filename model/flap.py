"""Flapping: a penalty for each outage that decays with time, the figure of merit of RFC 2439."""

import math
from dataclasses import dataclass
from typing import Final

HALF_LIFE: Final = 900.0
"""Seconds in which the penalty halves."""
BEGINS_AT: Final = 3.0
"""Penalty from which a link is flapping."""
ENDS_AT: Final = 1.0
"""Penalty at which it no longer is."""
CEILING: Final = 8.0
"""Highest penalty, as RFC 2439 bounds it: 45 minutes without an outage clear a link, however often it went down."""


@dataclass(slots=True)
class FlapMeter:
    """One link's penalty. Times are monotonic seconds; one that lies before the last is taken as the last.

    Attributes:
        flapping: Whether the link is flapping, as of the last call.
    """

    flapping: bool = False
    _penalty: float = 0.0
    _at: float = 0.0

    def penalty(self, now: float) -> float:
        """The penalty at this time, 0 to 8."""
        return self._penalty * math.exp2(-max(0.0, now - self._at) / HALF_LIFE)

    def went_down(self, now: float) -> bool:
        """Count one more outage; whether flapping begins with it."""
        self._penalty = min(CEILING, self.penalty(now) + 1.0)
        self._at = max(self._at, now)
        begins = not self.flapping and self._penalty >= BEGINS_AT
        self.flapping = self.flapping or begins
        return begins

    def settled(self, now: float) -> bool:
        """Whether flapping ends, which is true once."""
        ends = self.flapping and self.penalty(now) <= ENDS_AT
        self.flapping = self.flapping and not ends
        return ends
