"""How much a link loses, and in how long bursts: learned from its own probes, in constant space."""

import math
from dataclasses import dataclass
from typing import Final

Z95: Final = 1.645
"""One-sided 95 % of the normal distribution."""
LOSS_MEMORY: Final = 3_600.0
"""Seconds after which a probe weighs 1/e in the loss ratio."""
BURST_MEMORY: Final = 8 * LOSS_MEMORY
"""The same for an observed burst: bursts are rarer than probes, so they are kept longer."""
SUPPOSED_BURST: Final = 0.05
"""Seconds that a burst is supposed to last on a link of which nothing is known."""
SUPPOSITIONS: Final = 40.0
"""How many observed bursts that supposition weighs: one blackout alone is no pattern."""

_NEAR: Final = 1e-6  # gap in units of the mean burst below which its middle is exact, and the formula is not
_FAR: Final = 50.0  # the same, beyond which it says nothing, and exp() would overflow


def upper_bound(lost: float, sent: float) -> float:
    """The loss ratio that is not exceeded with 95 % confidence: Wilson's score interval, one-sided.

    Args:
        lost: Probes without an answer, zero or more; it need not be whole.
        sent: Probes in all; with none the bound is 1.
    """
    if sent <= 0:
        return 1.0
    ratio, z2 = lost / sent, Z95 * Z95
    spread = Z95 * math.sqrt(ratio * (1 - ratio) / sent + z2 / (4 * sent * sent))
    return min(1.0, (ratio + z2 / (2 * sent) + spread) / (1 + z2 / sent))


def expected_remainder(gap: float, burst: float) -> float:
    """The mean rest, in seconds, of an exponential burst of mean ``burst`` that is known to end within ``gap``."""
    ratio = gap / burst
    if ratio < _NEAR:
        return max(0.0, gap / 2)
    return burst if ratio > _FAR else burst - gap / math.expm1(ratio)


@dataclass(slots=True)
class LossMemory:
    """Loss ratio and mean burst of one link.

    It is told of every probe in order of departure, once its fate is sealed. The loss ratio counts probes of the
    steady pace only, since those of a confirmation burst are sent when loss is likely. The mean burst is the mean time
    from the first lost probe of a silence to its end (for bursts of exponential length the rest is as long as the
    whole). RFC 6534 §5 takes it from pairs a fixed gap apart; here the gaps are those of the confirmation burst, and
    the last one, in which the silence ended somewhere, counts with what an exponential burst leaves of it: the
    expectation step of an EM estimate from interval-censored lengths.
    """

    _sent: float = 0.0
    _lost: float = 0.0
    _counted_at: float = 0.0
    _silence: float = 0.0
    _bursts: float = 0.0
    _since: float | None = None
    _last: float = 0.0
    _unsettled: int = 0

    def answered(self, sent: float, *, steady: bool) -> None:
        """A probe that left at ``sent`` was answered in time.

        Args:
            sent: Monotonic seconds.
            steady: Whether it belongs to the steady pace.
        """
        if self._since is not None:
            self._end_silence(sent, self._since)
        if steady:
            self._count(sent, 0)

    def lost(self, sent: float, *, steady: bool) -> None:
        """A probe that left at ``sent`` was not; arguments as for ``answered``."""
        if self._since is None and not steady:
            return  # it began somewhere within a gap whose length depends on what came before
        self._since = sent if self._since is None else self._since
        self._last = sent
        self._unsettled += steady

    def forget_silence(self) -> None:
        """The silence turned out to be an outage, or was not watched to its end: it says nothing about loss."""
        self._since, self._unsettled = None, 0

    @property
    def bound(self) -> float:
        """The loss ratio over about the last hour that is not exceeded with 95 % confidence, 0 to 1."""
        return upper_bound(self._lost, self._sent)

    @property
    def burst(self) -> float:
        """The mean burst, seconds; pulled towards 0.05 s while few were seen."""
        return (SUPPOSITIONS * SUPPOSED_BURST + self._silence) / (SUPPOSITIONS + self._bursts)

    @property
    def burst_bound(self) -> float:
        """The mean burst that is not exceeded with 95 % confidence, seconds."""
        return self.burst * (1 + Z95 / math.sqrt(SUPPOSITIONS + self._bursts))

    def _end_silence(self, ended: float, since: float) -> None:
        remainder = max(0.0, self._last - since) + expected_remainder(ended - self._last, self.burst)
        self._silence += remainder
        self._bursts += 1
        self._count(since, self._unsettled)
        self.forget_silence()

    def _count(self, at: float, lost: int) -> None:
        keep = math.exp(-max(0.0, at - self._counted_at) / LOSS_MEMORY)
        self._sent = self._sent * keep + max(1, lost)
        self._lost = self._lost * keep + lost
        self._counted_at = at
        if self._bursts:
            keep **= LOSS_MEMORY / BURST_MEMORY
            self._silence *= keep
            self._bursts *= keep
