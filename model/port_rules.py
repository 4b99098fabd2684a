"""When a port is unwell: damaged packets, and a speed below what it had or what is needed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from model.counters import Growth, negotiated_speed
from model.measurement import InterfaceReading
from model.streak import Streak
from model.throughput import packets

ETHERNET: Final = frozenset({6, 62, 69, 117})
"""IfType of ports that negotiate their speed; that of a radio or a modem changes with the weather."""
MOST_ERRORS: Final = 1e-3
"""Damaged packets as a share of all: a sound cable has less than one in ten million."""
_CALM: Final = 1e-4
_LEAST_ERRORS: Final = 10
_SETTLED: Final = 3  # polls for which a speed stays before it is what the port can do
_FORGOTTEN_AFTER: Final = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class PortFinding:
    """Whether something is wrong with a port.

    Attributes:
        is_ill: ``None`` where nobody can tell.
        value: What was measured; a ratio, or bit/s.
        threshold: What it must keep.
    """

    is_ill: bool | None
    value: float | None = None
    threshold: float | None = None


class ErrorJudge:
    """Damaged packets of one port, poll after poll: three polls in a row are bad, five are good."""

    __slots__ = ("_streak",)

    def __init__(self) -> None:
        self._streak = Streak(3, 5)

    def after(self, growth: Growth | None) -> PortFinding:
        """One more poll.

        Args:
            growth: What was counted since the poll before; ``None`` where that cannot be told.
        """
        counts = {} if growth is None else growth.counts
        errors, received = _errors(counts), packets(counts, "In")
        if errors is None or received is None:
            return PortFinding(self._streak.is_wrong)
        whole = errors + received + (packets(counts, "Out") or 0)
        ratio = errors / whole if whole else 0.0
        is_bad = ratio > MOST_ERRORS and errors >= _LEAST_ERRORS
        self._streak.after(True if is_bad else False if ratio <= _CALM or errors < _LEAST_ERRORS else None)
        return PortFinding(self._streak.is_wrong, ratio, MOST_ERRORS)


class SpeedJudge:
    """The speed of one port against the best that it had, and what is needed of it.

    Args:
        remembered: Bit/s that it should have, as was known before a restart; ``None`` where nothing was.
    """

    __slots__ = ("_best", "_lower_since", "_speed", "_stable", "_streak")

    def __init__(self, remembered: float | None = None) -> None:
        self._best = remembered
        self._streak = Streak(2, 2)
        self._speed: float | None = None
        self._stable = 0
        self._lower_since: float | None = None

    def after(self, interface: InterfaceReading, needed: float | None, now: float) -> PortFinding:
        """One more poll.

        Args:
            interface: The row; while it is down, or of another kind than Ethernet, nothing is said.
            needed: Bit/s that the line behind it must carry; ``None`` where nothing is required.
            now: Monotonic seconds. A lower speed that has lasted for a week is how the port is now.
        """
        speed = negotiated_speed(interface)
        if speed is None or interface.kind not in ETHERNET:
            return PortFinding(self._streak.is_wrong)
        self._learn(speed, now)
        wanted = max((each for each in (self._best, needed) if each is not None), default=None)
        if wanted is None:
            return PortFinding(self._streak.is_wrong)
        return PortFinding(self._streak.after(speed < wanted), speed, wanted)

    def _learn(self, speed: float, now: float) -> None:
        self._stable = self._stable + 1 if speed == self._speed else 1
        self._speed = speed
        if self._best is not None and speed < self._best:
            self._lower_since = now if self._lower_since is None else self._lower_since
            if now - self._lower_since > _FORGOTTEN_AFTER:
                self._best, self._lower_since = speed, None
            return
        self._lower_since = None
        if self._stable >= _SETTLED:
            self._best = speed


def _errors(counts: Mapping[str, int]) -> int | None:
    known = [counts[name] for name in ("ifInErrors", "ifOutErrors") if name in counts]
    return sum(known) if known else None
