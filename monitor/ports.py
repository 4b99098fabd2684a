"""The last that SNMP said of the ports that links end at, and how fast they counted then."""

from dataclasses import dataclass
from datetime import datetime

from model.counters import Growth, Poll, Track
from model.inventory import Inventory
from model.measurement import InterfaceReading, Measurement, SnmpReading


@dataclass(frozen=True, slots=True)
class PortReading:
    """One port as one poll saw it.

    Attributes:
        interface: Its row.
        uptime_ticks: sysUpTime of the agent in 1/100 s; ``None`` where it did not tell.
        at: When the poll began, aware UTC.
        counted: What it counted between two polls, and when the later began; ``None`` where that cannot be told yet.
    """

    interface: InterfaceReading
    uptime_ticks: int | None
    at: datetime
    counted: tuple[Growth, datetime] | None = None


class Ports:
    """The last readings of the ports that the links of an inventory name, and of no others."""

    def __init__(self) -> None:
        self._tracks: dict[tuple[str, str], Track] = {}
        self._last: dict[tuple[str, str], PortReading] = {}

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory; a port that is still named is remembered."""
        named = {link.interface_parts for _, link in inventory.links() if link.interface_parts}
        self._tracks = {port: self._tracks.get(port) or Track() for port in sorted(named)}
        self._last = {port: reading for port, reading in self._last.items() if port in named}

    def polled(self, measurement: Measurement, at: float) -> None:
        """Take in a poll of a device.

        Args:
            measurement: What it gave; one that failed leaves what is known.
            at: When it came, monotonic seconds.
        """
        reading = measurement.outcome
        if not isinstance(reading, SnmpReading):
            return
        for interface in reading.interfaces:
            port = measurement.subject.id, interface.name
            if track := self._tracks.get(port):
                growth = track.after(Poll(at, reading.uptime_ticks, interface))
                counted = (growth, measurement.at) if isinstance(growth, Growth) else self._counted(port)
                self._last[port] = PortReading(interface, reading.uptime_ticks, measurement.at, counted)

    def last(self, device: str, port: str) -> PortReading | None:
        """The last reading of a port; ``None`` where there was none, or no link names it."""
        return self._last.get((device, port))

    def _counted(self, port: tuple[str, str]) -> tuple[Growth, datetime] | None:
        before = self._last.get(port)
        return before.counted if before else None
