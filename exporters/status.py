"""The state of everything, as ``GET /api/v1/status`` answers it and as the status page shows it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from model.inventory import Device, Inventory, Language, Link, Service, Site
from model.measurement import Noun, SubjectKey
from model.state import State


# Plain dataclasses: a city has 20,000 parts, and checking each against its model would hold up the loop.
@dataclass(frozen=True, slots=True)
class PartStatus:
    """One link, device or service.

    Attributes:
        id: Its id.
        state: The state it is in.
        since: Since when, aware UTC; ``None`` until that is known.
        name: As people call it; empty where the inventory has no name.
        detail: Of a link its provider, of a device its address, of a service the host or the name that it serves.
    """

    id: str
    state: State
    since: datetime | None = None
    name: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """One site and what it stands on.

    Attributes:
        id: Its id.
        state: The state it is in.
        links: Its links.
        devices: Its devices.
        services: Its services.
        name: As people call it; empty where the inventory has no name.
        since: Since when it is in its state, aware UTC; ``None`` until that is known.
    """

    id: str
    state: State
    links: list[PartStatus]
    devices: list[PartStatus]
    services: list[PartStatus]
    name: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """The state of everything at one instant.

    Attributes:
        ward: Id of the ward; ``None`` where the inventory holds several.
        now: The instant, aware UTC.
        sites: All sites.
        name: Name of the ward.
        timezone: IANA name of the ward's time zone.
        language: The ward's language.
    """

    ward: str | None
    now: datetime
    sites: list[SiteStatus]
    name: str = ""
    timezone: str = "UTC"
    language: Language = "en"


_JSON: Final = TypeAdapter(Status)


def status_json(status: Status) -> bytes:
    """The status as ``GET /api/v1/status`` answers it."""
    return _JSON.dump_json(status)


def status_of(
    inventory: Inventory,
    states: Mapping[SubjectKey, State],
    since: Mapping[SubjectKey, datetime],
    now: datetime,
) -> Status:
    """The status from the inventory, the states and when they began; what has no state is unknown.

    Args:
        inventory: What is watched.
        states: By kind and id, sites among them.
        since: When each state began, aware UTC.
        now: The instant of which it speaks, aware UTC.
    """

    def look(subject: SubjectKey) -> tuple[State, datetime | None]:
        return states.get(subject, State.UNKNOWN), since.get(subject)

    def whole(site: Site) -> SiteStatus:
        return site_status(site, look)

    return _about_ward(inventory, now, map(whole, inventory.sites))


def site_status(site: Site, look: Callable[[SubjectKey], tuple[State, datetime | None]]) -> SiteStatus:
    """The status of one site.

    Args:
        site: Which.
        look: Gives the state of a subject, and since when it is in it.
    """

    def part(kind: Noun, subject: Link | Device | Service, detail: str) -> PartStatus:
        state, since = look((kind, subject.id))
        return PartStatus(id=subject.id, state=state, since=since, name=subject.name, detail=detail)

    state, since = look(("site", site.id))
    return SiteStatus(
        id=site.id,
        state=state,
        name=site.name,
        since=since,
        links=[part("link", link, link.provider) for link in site.links],
        devices=[part("device", device, device.address) for device in site.devices],
        services=[part("service", service, _served(service)) for service in site.services],
    )


def _about_ward(inventory: Inventory, now: datetime, sites: Iterable[SiteStatus]) -> Status:
    wards = inventory.all_wards()
    if len(wards) != 1:
        return Status(None, now=now, sites=list(sites))
    (ward,) = wards
    return Status(
        ward=ward.id, now=now, sites=list(sites), name=ward.name, timezone=ward.timezone, language=ward.language
    )


def _served(service: Service) -> str:
    """The host that a page comes from or the name that a resolver answers: never a URL, which may hold a key."""
    if service.dns:
        return service.dns.name
    return (service.url and service.url.host) or ""
