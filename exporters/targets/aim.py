"""What may be asked for: each target that the inventory holds, and for whom it is held."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from exporters.targets.place import Place, place_of
from model.inventory import Credentials, Device, Inventory, Link, Service, Site, SnmpPolling
from model.measurement import ProbeKind, Subject
from model.target import Target

_ECHO_TIMEOUT: Final = 1.0
_PINGED: Final = frozenset({ProbeKind.ICMP, ProbeKind.STAMP, ProbeKind.TCP})


@dataclass(frozen=True, slots=True)
class Aim:
    """One way to probe something.

    Attributes:
        subject: For whom.
        place: Where; the probe goes to what the inventory says, never to what somebody wrote in a request.
        timeout: Seconds that it may take, by the inventory.
        source: Address or interface to probe from; ``None`` leaves it to the routing table.
        service: The page or resolver, with what it must answer, where it is one.
    """

    subject: Subject
    place: Place
    timeout: float
    source: str | None = None
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class Agent:
    """A device that is polled.

    Attributes:
        subject: The device in short.
        device: The device.
        polling: How it is polled.
        credentials: What it is asked with.
    """

    subject: Subject
    device: Device
    polling: SnmpPolling
    credentials: Credentials


class Held:
    """All that one inventory holds, found by its place."""

    def __init__(self, inventory: Inventory) -> None:
        self._aims: dict[Place, list[Aim]] = {}
        self._agents: dict[Place, list[Agent]] = {}
        # What is named outright comes before what follows from it: `icmp` of a host that a link knows by a port.
        for aim in chain(_named(inventory), _implied(inventory)):
            self._aims.setdefault(aim.place, []).append(aim)
            if aim.place.public != aim.place:
                self._aims.setdefault(aim.place.public, []).append(aim)
        for agent in _agents(inventory):
            if place := place_of(ProbeKind.SNMP, f"{_bracketed(agent.device.address)}:{agent.polling.port}"):
                self._agents.setdefault(place, []).append(agent)

    def aim(self, kind: ProbeKind, target: str, narrowed: Mapping[str, str]) -> Aim | None:
        """What a target means.

        Args:
            kind: How it is to be probed.
            target: As somebody wrote it.
            narrowed: Noun to id: for whom, where several hold the same target; otherwise it is the first of them.
        """
        place = place_of(kind, target)
        found = self._aims.get(place, ()) if place else ()
        return next((aim for aim in found if _is_for(aim.subject, narrowed)), None)

    def agent(self, target: str, narrowed: Mapping[str, str]) -> Agent | None:
        """The device that a target means; likewise."""
        place = place_of(ProbeKind.SNMP, target)
        found = self._agents.get(place, ()) if place else ()
        return next((agent for agent in found if _is_for(agent.subject, narrowed)), None)


def _is_for(subject: Subject, narrowed: Mapping[str, str]) -> bool:
    own: dict[str, str] = {"site": subject.site, subject.kind: subject.id}
    return all(own.get(noun) == name for noun, name in narrowed.items())


def _named(inventory: Inventory) -> Iterator[Aim]:
    for site, link in inventory.links():
        yield from (_at(_for_link(site, link, target), target, link.timeout, link.source) for target in _own(link))
    for site, device in inventory.devices():
        place = Place(ProbeKind.ICMP, _host(device.address), None)
        timeout = device.icmp.timeout if device.icmp else _ECHO_TIMEOUT
        yield Aim(Subject("device", device.id, site.id, device.address), place, timeout)
    for site, service in inventory.services():
        yield from _served(site, service)
    for target in inventory.anchors:
        if target.kind is not ProbeKind.SNMP:
            yield _at(_for_anchor(target), target, _ECHO_TIMEOUT, None)


def _implied(inventory: Inventory) -> Iterator[Aim]:
    for site, link in inventory.links():
        for target in _own(link):
            echo = Target(ProbeKind.ICMP, target.host)
            yield _at(_for_link(site, link, echo), echo, link.timeout, link.source)
    for site, service in inventory.services():
        for page in _served(site, service):
            if page.place.kind is ProbeKind.HTTP:
                door = Place(ProbeKind.TCP, page.place.host, page.place.port)
                yield Aim(page.subject, door, service.timeout, service.source)


def _own(link: Link) -> Iterator[Target]:
    """Its targets but for those that are a device, which has an address of its own."""
    return (target for target in link.targets if target.kind in _PINGED)


def _at(subject: Subject, target: Target, timeout: float, source: str | None) -> Aim:
    return Aim(subject, Place(target.kind, _host(target.host), target.port), timeout, source)


def _for_link(site: Site, link: Link, target: Target) -> Subject:
    return Subject("link", link.id, site.id, shown(target))


def _for_anchor(target: Target) -> Subject:
    return Subject("anchor", str(target), "", shown(target))


def shown(target: Target) -> str:
    """A target as ``instance`` shows it: without its scheme."""
    return str(target).partition("://")[2]


def _served(site: Site, service: Service) -> Iterator[Aim]:
    kind = ProbeKind.DNS if service.dns else ProbeKind.HTTP
    written = service.dns.server if service.dns else str(service.url)
    if place := place_of(kind, written):
        subject = Subject("service", service.id, site.id, written.partition("?")[0])
        yield Aim(subject, place, service.timeout, service.source, service)


def _agents(inventory: Inventory) -> Iterator[Agent]:
    for site, device in inventory.devices():
        if device.snmp:
            subject = Subject("device", device.id, site.id, device.address)
            yield Agent(subject, device, device.snmp, inventory.credentials[device.snmp.credentials])


def _host(written: str) -> str:
    """A host of the inventory, which has checked it."""
    place = place_of(ProbeKind.ICMP, written)
    return place.host if place else written


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
