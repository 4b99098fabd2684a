"""What may be asked for: each target that the inventory holds, and for whom it is held."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from exporters.targets.place import Place, host_of, place_of
from model.inventory import Credentials, Device, Inventory, Link, Service, SnmpPolling
from model.measurement import Noun, ProbeKind, Subject
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


class _Part(NamedTuple):
    """A part of the inventory; of an anchor its target."""

    site: str
    item: Link | Device | Service | Target

    @property
    def key(self) -> tuple[Noun, str]:
        """Its noun and its id."""
        match self.item:
            case Link(id=name):
                return "link", name
            case Device(id=name):
                return "device", name
            case Service(id=name):
                return "service", name
            case target:
                return "anchor", str(target)

    def is_for(self, narrowed: Mapping[str, str]) -> bool:
        """Whether it is all that somebody says of it."""
        noun, name = self.key
        own: dict[str, str] = {"site": self.site, noun: name}
        return all(own.get(each) == value for each, value in narrowed.items())

    def subject(self, instance: str) -> Subject:
        """It, as what is probed at this address."""
        noun, name = self.key
        return Subject(noun, name, self.site, instance)


class Held:
    """All that one inventory holds, found by its host: for a city more would be kept than is ever asked for."""

    def __init__(self, inventory: Inventory) -> None:
        self._credentials = inventory.credentials
        self._parts: dict[str, list[_Part]] = {}
        for part in _parts(inventory):
            for host in _hosts(part.item):
                self._parts.setdefault(host, []).append(part)

    def aim(self, kind: ProbeKind, target: str, narrowed: Mapping[str, str]) -> Aim | None:
        """What a target means.

        Args:
            kind: How it is to be probed.
            target: As somebody wrote it.
            narrowed: Noun to id: for whom, where several hold the same target; otherwise it is the first of them.
        """
        place = place_of(kind, target)
        if place is None:
            return None
        parts = [part for part in self._parts.get(place.host, ()) if part.is_for(narrowed)]
        # What is named outright comes before what follows from it: `icmp` of a host that a link knows by a port.
        found = (aim for ways in (_named, _implied) for part in parts for aim in ways(part))
        return next((aim for aim in found if place in {aim.place, aim.place.public}), None)

    def agent(self, target: str, narrowed: Mapping[str, str]) -> Agent | None:
        """The device that a target means; likewise."""
        place = place_of(ProbeKind.SNMP, target)
        if place is None:
            return None
        for part in self._parts.get(place.host, ()):
            device = part.item
            if isinstance(device, Device) and device.snmp and device.snmp.port == place.port and part.is_for(narrowed):
                credentials = self._credentials[device.snmp.credentials]
                return Agent(part.subject(device.address), device, device.snmp, credentials)
        return None


def _parts(inventory: Inventory) -> Iterator[_Part]:
    yield from (_Part(site.id, link) for site, link in inventory.links())
    yield from (_Part(site.id, device) for site, device in inventory.devices())
    yield from (_Part(site.id, service) for site, service in inventory.services())
    yield from (_Part("", anchor) for anchor in inventory.anchors)


def _hosts(item: Link | Device | Service | Target) -> set[str]:
    match item:
        case Link():
            return {host_of(target.host) for target in _own(item)}
        case Device():
            return {host_of(item.address)}
        case Service():
            return {place.host for place in _served(item)}
        case target:
            return {host_of(target.host)} if target.kind in _PINGED else set()


def _named(part: _Part) -> Iterator[Aim]:
    """The ways to probe it that the inventory names."""
    match part.item:
        case Link() as link:
            yield from (_at(part, target, link.timeout, link.source) for target in _own(link))
        case Device() as device:
            timeout = device.icmp.timeout if device.icmp else _ECHO_TIMEOUT
            yield Aim(part.subject(device.address), Place(ProbeKind.ICMP, host_of(device.address), None), timeout)
        case Service() as service:
            for place in _served(service):
                yield Aim(part.subject(_written(service)), place, service.timeout, service.source, service)
        case target:
            yield _at(part, target, _ECHO_TIMEOUT, None)


def _implied(part: _Part) -> Iterator[Aim]:
    """The ways that follow from those: an echo where a port is known, a handshake with a page's port."""
    match part.item:
        case Link() as link:
            for target in _own(link):
                yield _at(part, Target(ProbeKind.ICMP, target.host), link.timeout, link.source)
        case Service() as service:
            for page in _served(service):
                if page.kind is ProbeKind.HTTP:
                    door = Place(ProbeKind.TCP, page.host, page.port)
                    yield Aim(part.subject(_written(service)), door, service.timeout, service.source)
        case Target() as anchor:
            yield _at(part, Target(ProbeKind.ICMP, anchor.host), _ECHO_TIMEOUT, None)
        case Device():
            return


def _own(link: Link) -> Iterator[Target]:
    """Its targets but for those that are a device, which has an address of its own."""
    return (target for target in link.targets if target.kind in _PINGED)


def _at(part: _Part, target: Target, timeout: float, source: str | None) -> Aim:
    place = Place(target.kind, host_of(target.host), target.port)
    return Aim(part.subject(shown(target)), place, timeout, source)


def shown(target: Target) -> str:
    """A target as ``instance`` shows it: without its scheme."""
    return str(target).partition("://")[2]


def _written(service: Service) -> str:
    """Where a service is, without a query, which may hold a key."""
    return service.dns.server if service.dns else str(service.url).partition("?")[0]


def _served(service: Service) -> Iterator[Place]:
    """Its place; none where its host cannot be one."""
    place = place_of(ProbeKind.DNS, service.dns.server) if service.dns else place_of(ProbeKind.HTTP, str(service.url))
    if place is not None:
        yield place
