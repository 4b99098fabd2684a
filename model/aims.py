"""Where to look when something falls silent: which hosts, and which ports its line ends at."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from model.hosts import split_port
from model.incident import About
from model.inventory import Inventory, Link, Service
from model.measurement import ProbeKind, SubjectKey
from model.target import Target

MOST_LINKS: Final = 3
"""Links that are looked at where an incident is about more than one."""


@dataclass(frozen=True, slots=True)
class Aim:
    """Where the way to something leads.

    Attributes:
        about: Of what.
        host: Name or address.
        source: Address or interface of this machine to look from; ``None`` leaves it to the routing table.
        version: Which addresses of a name are meant.
    """

    about: SubjectKey
    host: str
    source: str | None = None
    version: Literal["any", "4", "6"] = "any"


@dataclass(frozen=True, slots=True)
class Port:
    """An end of a line.

    Attributes:
        device: The id of its device.
        name: ifName.
        link: The link whose ``interface`` names it.
        end: ``near`` for the link's own, ``far`` for one that another link names.
    """

    device: str
    name: str
    link: str
    end: Literal["near", "far"]


class Aims:
    """What an inventory says of where to look.

    Args:
        inventory: Checked by ``model.references``.
        is_lost: Whether nothing passes over a subject.
    """

    def __init__(self, inventory: Inventory, is_lost: Callable[[SubjectKey], bool]) -> None:
        self._inventory = inventory
        self._is_lost = is_lost
        self._links = {link.id: link for _, link in inventory.links()}
        self._devices = {device.id: device for _, device in inventory.devices()}
        self._services = {service.id: service for _, service in inventory.services()}

    def links(self, subject: About) -> tuple[Link, ...]:
        """The links that a subject is or stands on: of a site at most three, of a provider as many that are down."""
        return tuple(islice(self._links_of(*subject), MOST_LINKS))

    def of(self, subject: About) -> tuple[Aim, ...]:
        """The hosts to look for; none for a subject that the inventory does not know."""
        noun, name = subject
        if noun == "device" and (device := self._devices.get(name)):
            return (Aim((noun, name), device.address),)
        if noun == "service" and (service := self._services.get(name)):
            return (_of_service(service),)
        if noun == "monitor":
            return tuple(self._of_anchor(anchor) for anchor in self._inventory.anchors[:MOST_LINKS])
        return tuple(self.of_link(link) for link in self.links(subject))

    def of_link(self, link: Link) -> Aim:
        """The host of the first target of a link, from where it is probed."""
        return Aim(("link", link.id), self._host(link.targets[0]), link.source)

    def ports(self, link: Link) -> tuple[Port, ...]:
        """The ports that a link ends at, its own first; none where its ``interface`` is not written.

        The far end is the port of another link that is the same circuit of the same provider, or of one that is
        aimed at this link's device while this one is aimed at its.
        """
        own = link.interface_parts
        near = [] if own is None else [Port(*own, link.id, "near")]
        return (*near, *self._far_ends(link))

    def _links_of(self, noun: str, name: str) -> Iterable[Link]:
        match noun:
            case "link":
                return [self._links[name]] if name in self._links else []
            case "site":
                return (link for site, link in self._inventory.links() if site.id == name)
            case "provider":
                sold = (link for link in self._links.values() if link.provider == name)
                return (link for link in sold if self._is_lost(("link", link.id)))
        return []

    def _of_anchor(self, anchor: Target) -> Aim:
        return Aim(("anchor", str(anchor)), self._host(anchor))

    def _host(self, target: Target) -> str:
        return self._devices[target.host].address if target.kind is ProbeKind.SNMP else target.host

    def _far_ends(self, link: Link) -> Iterator[Port]:
        for other in self._links.values():
            there = other.interface_parts
            if there is None or there == link.interface_parts or other.id == link.id:
                continue
            if _same_circuit(link, other) or (self._looks_at(link, other) and self._looks_at(other, link)):
                yield Port(*there, other.id, "far")

    def _looks_at(self, link: Link, other: Link) -> bool:
        device = self._devices.get(other.interface_parts[0]) if other.interface_parts else None
        return device is not None and device.address in {self._host(target) for target in link.targets}


def _same_circuit(link: Link, other: Link) -> bool:
    return bool(link.circuit) and (link.provider, link.circuit) == (other.provider, other.circuit)


def _of_service(service: Service) -> Aim:
    if service.dns:
        host = (split_port(service.dns.server) or (service.dns.server, None))[0]
    else:
        host = ((service.url and service.url.host) or "").strip("[]")
    return Aim(("service", service.id), host, service.source, service.ip_version)
