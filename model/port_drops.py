"""Whether a port falls again and again, also where it is up at each poll: a plug that has no hold. Pure.

Agents tell since when a port is in its state (ifLastChange, RFC 2863), which betrays that it fell between two polls;
some count how often it fell (mtxrInterfaceStatsLinkDowns of RouterOS). Where one counts, its count alone is believed.
"""

from typing import Final

from model.flap import CEILING, FlapMeter
from model.measurement import InterfaceReading

_UP: Final = 1
_NOISE: Final = 100
"""Hundredths of a second by which an agent that reckons ifLastChange anew each time may be off."""


class DropJudge:
    """Counts how often one port falls; too often means what it does of a link. Times are monotonic seconds."""

    __slots__ = ("_before", "_counted", "_meter", "_uptime")

    def __init__(self) -> None:
        self._meter = FlapMeter()
        self._before: InterfaceReading | None = None
        self._uptime: int | None = None
        self._counted: float | None = None

    def polled(self, interface: InterfaceReading, uptime: int | None, now: float) -> bool | None:
        """One more poll: whether the port flaps; ``None`` while there is nothing to compare with.

        Args:
            interface: Its row.
            uptime: SysUpTime of its device in 1/100 s; what is told across a restart says nothing.
            now: When it came.
        """
        before, self._before = self._before, interface
        has_restarted = uptime is None or self._uptime is None or uptime < self._uptime
        self._uptime = uptime
        if before is None or has_restarted:
            return None
        if self._counted is None and _has_fallen(before, interface):
            self._meter.went_down(now)
        return self._judged(now)

    def counted(self, falls: float, now: float) -> bool | None:
        """The device has told how often the port fell since its start: whether it flaps."""
        before, self._counted = self._counted, falls
        if before is None or falls < before:
            return None
        for _ in range(min(round(falls - before), round(CEILING))):
            self._meter.went_down(now)
        return self._judged(now)

    def _judged(self, now: float) -> bool:
        self._meter.settled(now)
        return self._meter.flapping


def _has_fallen(before: InterfaceReading, after: InterfaceReading) -> bool:
    """Whether a port that was up is not, or was not in between."""
    if before.cells.get("ifOperStatus") != _UP:
        return False
    if after.cells.get("ifOperStatus") != _UP:
        return "ifOperStatus" in after.cells
    was, now = before.cells.get("ifLastChange"), after.cells.get("ifLastChange")
    return was is not None and now is not None and now - was > _NOISE
