"""When a reply is late, and when it is lost: round-trip times of one target, smoothed as RFC 6298 smooths them."""

from dataclasses import dataclass
from typing import Final

SOONEST: Final = 0.15
"""Seconds before which no reply is late: less would suspect a busy machine instead of the link."""
LATEST: Final = 3.0
"""Seconds after which a reply is lost at any rate (RFC 6673 §4 asks to state it); the longest that a probe waits."""

_OF_P99: Final = 4.0
_RISE: Final = 1.099  # these two balance where one reply in a hundred is above
_FALL: Final = 0.999
_LEAP: Final = 4.0


@dataclass(slots=True)
class Lateness:
    """What one target's replies take, in constant space.

    Attributes:
        smoothed: SRTT in seconds; ``None`` before the first reply.
        variation: RTTVAR in seconds.
        p99: What about 99 % of the replies do not exceed, in seconds.
    """

    smoothed: float | None = None
    variation: float = 0.0
    p99: float = 0.0

    def learn(self, rtt: float) -> None:
        """Take one round-trip time in, seconds; a late reply's, too (RFC 6298 §2.2 and §2.3)."""
        if self.smoothed is None:
            self.smoothed, self.variation, self.p99 = rtt, rtt / 2, rtt
            return
        self.variation += (abs(self.smoothed - rtt) - self.variation) / 4
        self.smoothed += (rtt - self.smoothed) / 8
        # A quantile by stochastic approximation on the logarithm; a leap is how a filled buffer looks.
        self.p99 = rtt if rtt > _LEAP * self.p99 else self.p99 * (_RISE if rtt > self.p99 else _FALL)

    def suspicious_after(self, lost_after: float) -> float:
        """Seconds after departure at which a missing reply is late: SRTT + 4 RTTVAR, from 0.15 s to ``lost_after``."""
        if self.smoothed is None:
            return lost_after
        return min(max(self.smoothed + 4 * self.variation, SOONEST), lost_after)

    def lost_after(self, timeout: float) -> float:
        """Seconds after departure at which a missing reply is lost: four times p99, from ``timeout`` to 3 s.

        A buffer that holds more than a second of traffic must not look like a cut. A longer ``timeout`` stays.
        """
        return max(timeout, min(_OF_P99 * self.p99, LATEST))
