"""What the inventory says of each subject: its labels, its fixed facts, and what makes it another one."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from exporters.blocks import Block, Sample, Scalars
from exporters.facts import SPEED
from exporters.labels import labels
from model.inventory import Device, Inventory, Link, Service, Site
from model.judge import required_speed
from model.measurement import Noun, ProbeKind
from model.requirement import Requirement

_DIRECTIONS: Final = ("download", "upload")
_THRESHOLDS: Final = {
    "availability": "availability",
    "rtt_p95": "rtt",
    "loss": "loss",
    "delay_variation_p99": "delay_variation",
}
"""Field of a Requirement to the label ``requirement``; speeds, which may be a share of the contract, beside it."""


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
        promised: What it must keep by the inventory, until a judge says it with its verdicts.
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
    promised: tuple[Block, ...] = ()
    interface: tuple[str, str] | None = None
    timeouts: Callable[[ProbeKind], float | None] = lambda _kind: None
    source: str | None = None


def described(inventory: Inventory, now: datetime | None = None) -> Iterator[Described]:
    """Every site, link, device and service.

    Args:
        inventory: What is watched.
        now: Whose version of each requirement is told, aware; left out, the first.
    """
    for site in inventory.sites:
        ward = inventory.ward_of(site)
        place = ward.id if ward else None
        local = now.astimezone(ZoneInfo(ward.timezone)) if now and ward else now
        yield _site(site, place)
        yield from (_link(site, link, place, inventory.requirement_of(link, local)) for link in site.links)
        yield from (_device(site, device, place) for device in site.devices)
        yield from (_service(site, one, place, inventory.requirement_of(one, local)) for one in site.services)


def described_anchor(anchor: str) -> Described:
    """An anchor, which the inventory knows by its target alone."""
    return Described("anchor", anchor, "", labels(anchor=anchor), None, ())


def _info(own: str, **facts: str | None) -> tuple[str, str]:
    """Label text with and without fixed facts."""
    further = labels(**facts)
    return own, f"{own},{further}" if further else own


def _site(site: Site, ward: str | None) -> Described:
    own, all_facts = _info(labels(site=site.id), ward=ward, name=site.name, kind=site.kind)
    served = site.citizens_per_hour
    people = [] if served is None else [Sample("linkward_site_citizens_per_hour", served)]
    fixed = (Scalars.of(all_facts, [Sample("linkward_site_info", 1)]), Scalars.of(own, people))
    return Described("site", site.id, site.id, own, site.id, fixed)


def _link(site: Site, link: Link, ward: str | None, requirement: Requirement | None) -> Described:
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
    sold = {way: getattr(link.contracted, way, None) for way in _DIRECTIONS}
    fixed = (
        Scalars.of(all_facts, [Sample("linkward_link_info", 1)]),
        Scalars.of(own, _speeds("contracted", sold)),
    )
    asked = _required_speeds(requirement, sold)
    return Described(
        kind="link",
        id=link.id,
        site=site.id,
        labels=own,
        identity=(site.id, link.targets, link.source, link.interface),
        fixed=fixed,
        promised=(Scalars.of(own, [*_thresholds(requirement, asked), *_speeds("required", asked)]),),
        interface=link.interface_parts,
        timeouts=lambda _kind: link.timeout,
        source=link.source,
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
    return Described("device", device.id, site.id, own, identity, (fixed,), timeouts=timeouts.get)


def _service(site: Site, service: Service, ward: str | None, requirement: Requirement | None) -> Described:
    own, all_facts = _info(
        labels(service=service.id, site=site.id),
        ward=ward,
        name=service.name,
        kind="dns" if service.dns else "http",
        address=_address(service),
        requirement=_requirement_name(service),
    )
    return Described(
        kind="service",
        id=service.id,
        site=site.id,
        labels=own,
        identity=(site.id, str(service.url), service.dns, service.source),
        fixed=(Scalars.of(all_facts, [Sample("linkward_service_info", 1)]), Scalars.of(own, _certificate(service))),
        promised=(Scalars.of(own, _thresholds(requirement, {})),),
        timeouts=lambda _kind: service.timeout,
    )


def _certificate(service: Service) -> Iterator[Sample]:
    if str(service.url).lower().startswith("https:"):
        yield Sample("linkward_service_certificate_threshold_seconds", service.expect.certificate_days * 86_400)


def _address(service: Service) -> str:
    """Where a service is, without a query, which may hold a key."""
    if service.dns:
        return service.dns.server
    return str(service.url).partition("?")[0]


def _requirement_name(subject: Link | Service) -> str | None:
    return subject.requirement if isinstance(subject.requirement, str) else None


def _required_speeds(requirement: Requirement | None, sold: Mapping[str, float | None]) -> Mapping[str, float | None]:
    """The speed that each direction must have, in bit/s."""
    if requirement is None:
        return {}
    share = requirement.contracted_share
    return {way: required_speed(getattr(requirement, way), share, sold[way]) for way in _DIRECTIONS}


def _speeds(kind: str, speeds: Mapping[str, float | None]) -> Iterator[Sample]:
    known = ((direction, speed) for direction, speed in speeds.items() if speed is not None)
    return (Sample(SPEED, speed, f',direction="{direction}",kind="{kind}"') for direction, speed in known)


def negotiated(speed: float) -> Iterator[Sample]:
    """The speed of a link's interface in bit/s, the same both ways."""
    return _speeds("negotiated", dict.fromkeys(_DIRECTIONS, speed))


def _thresholds(requirement: Requirement | None, speeds: Mapping[str, float | None]) -> Iterator[Sample]:
    stated = {name: getattr(requirement, field, None) for field, name in _THRESHOLDS.items()}
    for name, value in (*stated.items(), *speeds.items()):
        if value is not None:
            yield Sample("linkward_requirement_threshold", value, f',requirement="{name}"')
