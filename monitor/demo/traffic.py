"""Traffic of an interface as a pure function of time, so that the truth of every counter can be computed."""

import math
from dataclasses import dataclass
from random import Random
from typing import Final

_DAY: Final = 86_400.0
_LOCAL_NOON: Final = 5 * 3_600.0  # 12:00 in Hanoi, in seconds of the UTC day
_TURN: Final = 2 * math.pi


@dataclass(frozen=True, slots=True)
class Wave:
    """A part of the rate that swings about zero.

    Attributes:
        share: Amplitude as a share of the mean rate.
        period: Seconds.
        peak: A time, in seconds, at which it is highest.
    """

    share: float
    period: float
    peak: float

    def mean_between(self, start: float, end: float) -> float:
        """Its integral from ``start`` to ``end``, in seconds times share."""
        pace = _TURN / self.period
        swing = math.sin(pace * (end - self.peak)) - math.sin(pace * (start - self.peak))
        return self.share * swing / pace


@dataclass(frozen=True, slots=True)
class Burst:
    """A transfer that comes back: so many bytes/s during a part of each period."""

    rate: float
    period: float
    length: float
    phase: float

    def octets(self, start: float, end: float) -> float:
        """Bytes from ``start`` to ``end``."""
        return self.rate * (self._busy_until(end) - self._busy_until(start))

    def _busy_until(self, time: float) -> float:
        whole, rest = divmod(time - self.phase, self.period)
        return whole * self.length + min(rest, self.length)


@dataclass(frozen=True, slots=True)
class Traffic:
    """The rate of one direction of one interface.

    Attributes:
        mean: Bytes/s in the long run, without the bursts. The shares of the waves sum up to less than one, so that
            the rate is never negative.
        waves: The day and shorter swings.
        burst: What comes on top.
    """

    mean: float
    waves: tuple[Wave, ...]
    burst: Burst

    def octets(self, start: float, end: float) -> float:
        """Bytes that pass from ``start`` to ``end``, both in seconds of the Unix epoch."""
        swings = sum(wave.mean_between(start, end) for wave in self.waves)
        return self.mean * (end - start + swings) + self.burst.octets(start, end)


SILENCE: Final = Traffic(0.0, (), Burst(0.0, 60.0, 0.0, 0.0))


def draw_traffic(mean: float, most: float, random: Random) -> Traffic:
    """A plausible traffic of about ``mean`` bytes/s that never passes ``most`` bytes/s."""
    mean = min(mean, most / 2)
    waves = (
        Wave(0.45, _DAY, _LOCAL_NOON),
        Wave(random.uniform(0.1, 0.25), random.uniform(240, 420), random.uniform(0, 420)),
        Wave(random.uniform(0.05, 0.2), random.uniform(31, 59), random.uniform(0, 59)),
    )
    period = random.uniform(70, 200)
    burst = Burst(random.uniform(0.2, 0.9) * (most - 2 * mean), period, period * random.uniform(0.05, 0.2), 0.0)
    return Traffic(mean, waves, burst)
