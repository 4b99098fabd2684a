"""Evidence at the opening of an incident: the paths to what fell silent, and the ports of its lines at both ends.

Each part has a deadline of its own, and one that cannot be had says why.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal, Protocol, TypeVar

from model.aims import Aim, Aims, Port
from model.attachment import Lack, difference_json, lack_json, path_json
from model.incident import About, Attachment, Incident
from model.inventory import Device, Inventory, Link
from model.measurement import Failure, Reading, SnmpReading, SubjectKey
from model.path import Path, described, difference
from model.port_facts import port_json, rates_json
from model.state import State
from model.units import format_duration
from monitor.normal_paths import NormalPaths
from monitor.ports import PortReading

log = logging.getLogger(__name__)

TRACE_WITHIN: Final = 20.0
"""Seconds that a trace may take, waiting for others and for a name among them."""
POLL_WITHIN: Final = 3.0
"""Seconds that a fresh poll of a device may take."""

Content = Mapping[str, object]
StateOf = Callable[[SubjectKey], State]
Lately = Callable[[Collection[str]], Sequence[Content]]
"""What these devices have said unasked in the last minutes."""


_Polled = tuple[datetime, SnmpReading] | dict[str, object]
_Part = TypeVar("_Part")


class Tracing(Protocol):
    """Who traces."""

    async def trace(self, address: str, source: str | None = None) -> Path | Failure:
        """The path to an address now."""


class Addresses(Protocol):
    """Who knows the address of a name."""

    async def address(self, host: str, version: Literal["any", "4", "6"] = "any") -> str | Failure:
        """An address of this host."""


class LastReadings(Protocol):
    """Who holds the last readings of ports."""

    def last(self, device: str, port: str) -> PortReading | None:
        """The last one of this port; ``None`` where there was none."""


class PollNow(Protocol):
    """Who polls a device out of turn."""

    async def __call__(self, device: Device) -> Reading | Failure:
        """One poll of a device that has ``snmp``."""


class Evidence:
    """Takes the evidence of incidents, and keeps the usual paths to compare with."""

    def __init__(
        self,
        *,
        tracing: Tracing,
        addresses: Addresses,
        readings: LastReadings,
        poll_now: PollNow,
        state_of: StateOf,
        lately: Lately = lambda _: (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take nothing yet.

        Args:
            tracing: Makes traces.
            addresses: Knows names.
            readings: Holds what polls have said.
            poll_now: Polls a device out of turn.
            state_of: The state of a subject now.
            lately: What devices have said by traps.
            now: Aware UTC.
        """
        self._tracing = tracing
        self._addresses = addresses
        self._readings = readings
        self._poll_now = poll_now
        self._state_of = state_of
        self._lately = lately
        self._now = now
        self._devices: dict[str, Device] = {}
        self._around: dict[About, frozenset[str]] = {}
        self._aims = Aims(Inventory(), self._is_lost)
        self.paths = NormalPaths(self._trace, lambda link: state_of(("link", link)).passes, now)

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory."""
        self._devices = {device.id: device for _, device in inventory.devices()}
        self._around = _around(inventory)
        self._aims = Aims(inventory, self._is_lost)
        self.paths.load(inventory, self._aims)

    async def remember_paths(self) -> None:
        """Trace the links whose usual path is oldest. To be called once a minute."""
        await self.paths.remember()

    async def collect(self, incident: Incident) -> tuple[Attachment, ...]:
        """Look at what an incident's cause is about: paths first, then ports; within 25 seconds.

        Nothing is raised but cancellation: a part that could not be had says why under ``failed``.
        """
        subject, aims = incident.cause.subject, self._aims
        links = [link for link in aims.links(subject) if aims.ports(link)]
        tracing = asyncio.gather(*(self._path(aim) for aim in aims.of(subject)))
        paths, ports = await asyncio.gather(tracing, self._interfaces(links))
        return (*paths, *ports, *self._said(subject, links))

    def _said(self, subject: About, links: Sequence[Link]) -> list[Attachment]:
        """What devices have said: those of its site, a UPS among them, and those at both ends of its lines."""
        ends = {port.device for link in links for port in self._aims.ports(link)}
        said = self._lately(self._around.get(subject, frozenset()) | ends)
        return [Attachment("traps", subject, self._now(), {"traps": list(said)})] if said else []

    def _is_lost(self, subject: SubjectKey) -> bool:
        return self._state_of(subject).is_lost

    async def _trace(self, aim: Aim) -> Path | Failure:
        address = await self._addresses.address(aim.host, aim.version)
        return address if isinstance(address, Failure) else await self._tracing.trace(address, aim.source)

    async def _path(self, aim: Aim) -> Attachment:
        found = await _within(TRACE_WITHIN, "the trace", self._compared(aim))
        return Attachment("path", aim.about, self._now(), {"host": aim.host, "source": aim.source, **found})

    async def _compared(self, aim: Aim) -> Content:
        path = await self._trace(aim)
        if isinstance(path, Failure):
            return _failed(path)
        usual = self.paths.of(aim)
        unlike = usual and difference(usual.path, path)
        return {
            "words": unlike.words if unlike else f"{described(path)}; the usual path is not known",
            **path_json(path),
            "usual": {"at": usual.at.isoformat(), **path_json(usual.path)} if usual else None,
            "difference": difference_json(unlike) if unlike else None,
        }

    async def _interfaces(self, links: Sequence[Link]) -> list[Attachment]:
        ends = {link.id: self._aims.ports(link) for link in links}
        # Each device is asked once, however many of the lines end at it.
        devices = sorted({port.device for ports in ends.values() for port in ports})
        polled = await asyncio.gather(*(self._polled(device) for device in devices))
        fresh = dict(zip(devices, polled, strict=True))
        return [
            Attachment(
                "interfaces", ("link", link), self._now(), {"ports": [self._port(port, fresh) for port in ports]}
            )
            for link, ports in ends.items()
        ]

    async def _polled(self, name: str) -> _Polled:
        device = self._devices.get(name)
        if device is None or device.snmp is None:
            return lack_json(Lack.NOT_POLLED, f"device {name} is not polled: write `snmp` for it", device=name)
        at = self._now()
        outcome = await _within(POLL_WITHIN, "the poll", self._poll_now(device))
        if isinstance(outcome, Failure):
            return _failed(outcome)
        if isinstance(outcome, SnmpReading):
            return at, outcome
        return outcome if isinstance(outcome, dict) else lack_json(Lack.NO_INTERFACES, "the poll gave no interfaces")

    def _port(self, port: Port, fresh: Mapping[str, _Polled]) -> Content:
        return {
            "device": port.device,
            "interface": port.name,
            "end": port.end,
            "link": port.link,
            "last": self._last(port),
            "fresh": _row(port, fresh[port.device]),
        }

    def _last(self, port: Port) -> Content:
        reading = self._readings.last(port.device, port.name)
        if reading is None:
            words = f"no poll of {port.device} has told of {port.name} yet"
            return lack_json(Lack.NOT_TOLD_YET, words, device=port.device, interface=port.name)
        return {
            **port_json(reading.interface, reading.uptime_ticks, reading.at),
            "rates": rates_json(*reading.counted) if reading.counted else None,
        }


def _around(inventory: Inventory) -> dict[About, frozenset[str]]:
    """The devices of the site of each site, link and device."""
    around: dict[About, frozenset[str]] = {}
    for site in inventory.sites:
        devices = frozenset(device.id for device in site.devices)
        around["site", site.id] = devices
        around |= {("link", link.id): devices for link in site.links}
        around |= {("device", device): devices for device in devices}
    return around


def _row(port: Port, polled: _Polled) -> Content:
    if isinstance(polled, dict):
        return polled
    at, reading = polled
    for interface in reading.interfaces:
        if interface.name == port.name:
            return port_json(interface, reading.uptime_ticks, at)
    words = f"device {port.device} has told of no interface {port.name!r}"
    return lack_json(Lack.NOT_TOLD, words, device=port.device, interface=port.name)


def _failed(failure: Failure) -> dict[str, object]:
    return lack_json(Lack.FAILED, failure.detail, reason=failure.reason.value)


async def _within(seconds: float, what: str, part: Awaitable[_Part]) -> _Part | dict[str, object]:
    """What a part gives in this time, or why it gives nothing."""
    try:
        async with asyncio.timeout(seconds):
            return await part
    except TimeoutError:
        return lack_json(Lack.TOO_SLOW, f"{what} took longer than {format_duration(seconds)}", seconds=seconds)
    except Exception as error:  # one part must not take the others along
        log.exception("%s for an incident failed", what)
        error_name = type(error).__name__
        words = f"{what} ended in an error of this program: {error_name}"
        return lack_json(Lack.OUR_ERROR, words, error=error_name)
