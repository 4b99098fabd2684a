"""What the inventory says of each subject: its labels, its fixed facts, and what makes it another one."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Final

from exporters.blocks import Block, Sample, Scalars
from exporters.labels import labels
from model.inventory import Device, Inventory, Link, Service, Site
from model.measurement import Noun, ProbeKind
from model.requirement import Requirement

_DIRECTIONS: Final = ("download", "upload")
_THRESHOLDS: Final = {
    "availability": "availability",
    "rtt_p95": "rtt",
    "loss": "loss",
    "delay_variation_p99": "delay_variation",
    "download": "download",
    "upload": "upload",
}
"""Field of a Requirement to the label ``requirement``."""


@dataclass(frozen=True, slots=True)
class Described:
    """One subject as the inventory has it.

    Attributes:
        kind: The noun of the inventory.
        id: Its id.
        site: The id of its site, which is its own for a site and empty for an anchor.
        labels: The labels that all its series bear.
        identity: While this is equal, what was measured stays true of it.
        fixed: Samples that only the inventory decides.
        interface: Of a link: device and ifName that it stands on.
        timeouts: Seconds that a probe of each kind may take.
        source: Address or interface that it is probed from, where the inventory says so.
    """

    kind: Noun
    id: str
    site: str
    labels: str
    identity: Hashable
    fixed: tuple[Block, ...]
    interface: tuple[str, str] | None = None
    timeouts: Callable[[ProbeKind], float | None] = lambda _kind: None
    source: str | None = None


def described(inventory: Inventory) -> Iterator[Described]:
    """Every site, link, device and service."""
    for site in inventory.sites:
        ward = inventory.ward_of(site)
        place = ward.id if ward else None
        yield _site(site, place)
        yield from (_link(inventory, site, link, place) for link in site.links)
        yield from (_device(site, device, place) for device in site.devices)
        yield from (_service(inventory, site, service, place) for service in site.services)


def described_anchor(anchor: str) -> Described:
    """An anchor, which the inventory knows by its target alone."""
    return Described("anchor", anchor, "", labels(anchor=anchor), None, ())


def _info(own: str, **facts: str | None) -> tuple[str, str]:
    """Label text with and without fixed facts."""
    further = labels(**facts)
    return own, f"{own},{further}" if further else own


def _site(site: Site, ward: str | None) -> Described:
    own, all_facts = _info(labels(site=site.id), ward=ward, name=site.name, kind=site.kind)
    fixed = Scalars.of(all_facts, [Sample("linkward_site_info", 1)])
    return Described("site", site.id, site.id, own, site.id, (fixed,))


def _link(inventory: Inventory, site: Site, link: Link, ward: str | None) -> Described:
    own, all_facts = _info(
        labels(link=link.id, site=site.id),
        ward=ward,
        name=link.name,
        provider=link.provider,
        circuit=link.circuit,
        role=link.role,
        requirement=_requirement_name(link),
        interface=link.interface,
    )
    requirement = inventory.requirement_of(link)
    speeds = (*_speeds("contracted", link.contracted), *_speeds("required", requirement))
    fixed = (
        Scalars.of(all_facts, [Sample("linkward_link_info", 1)]),
        Scalars.of(own, [*speeds, *_thresholds(requirement)]),
    )
    identity = (site.id, link.targets, link.source, link.interface)
    return Described(
        "link", link.id, site.id, own, identity, fixed, link.interface_parts, lambda _kind: link.timeout, link.source
    )


def _device(site: Site, device: Device, ward: str | None) -> Described:
    own, all_facts = _info(
        labels(device=device.id, site=site.id), ward=ward, name=device.name, role=device.role, address=device.address
    )
    fixed = Scalars.of(all_facts, [Sample("linkward_device_info", 1)])
    limits = {ProbeKind.ICMP: device.icmp, ProbeKind.SNMP: device.snmp}
    timeouts = {kind: probing.timeout for kind, probing in limits.items() if probing}
    identity = (
        site.id,
        device.address,
        device.icmp is None,
        device.snmp and (device.snmp.credentials, device.snmp.port),
    )
    return Described("device", device.id, site.id, own, identity, (fixed,), None, timeouts.get)


def _service(inventory: Inventory, site: Site, service: Service, ward: str | None) -> Described:
    own, all_facts = _info(
        labels(service=service.id, site=site.id),
        ward=ward,
        name=service.name,
        kind="dns" if service.dns else "http",
        address=_address(service),
        requirement=_requirement_name(service),
    )
    fixed = (
        Scalars.of(all_facts, [Sample("linkward_service_info", 1)]),
        Scalars.of(own, _thresholds(inventory.requirement_of(service))),
    )
    identity = (site.id, str(service.url), service.dns, service.source)
    return Described("service", service.id, site.id, own, identity, fixed, None, lambda _kind: service.timeout)


def _address(service: Service) -> str:
    """Where a service is, without a query, which may hold a key."""
    if service.dns:
        return service.dns.server
    return str(service.url).partition("?")[0]


def _requirement_name(subject: Link | Service) -> str | None:
    return subject.requirement if isinstance(subject.requirement, str) else None


def _speeds(kind: str, speeds: object) -> Iterator[Sample]:
    for direction in _DIRECTIONS:
        if (value := getattr(speeds, direction, None)) is not None:
            yield Sample("linkward_link_speed_bits_per_second", value, _speed_labels(direction, kind))


def _speed_labels(direction: str, kind: str) -> str:
    return f',direction="{direction}",kind="{kind}"'


def negotiated(speed: float) -> Iterator[Sample]:
    """The speed of a link's interface in bit/s, the same both ways."""
    for direction in _DIRECTIONS:
        yield Sample("linkward_link_speed_bits_per_second", speed, _speed_labels(direction, "negotiated"))


def _thresholds(requirement: Requirement | None) -> Iterator[Sample]:
    for field, name in _THRESHOLDS.items():
        if (value := getattr(requirement, field, None)) is not None:
            yield Sample("linkward_requirement_threshold", value, f',requirement="{name}"')
