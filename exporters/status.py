"""The state of everything, as ``GET /api/v1/status`` answers it and as the status page shows it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from model.inventory import Device, Inventory, Language, Link, Service, Site
from model.measurement import Noun, SubjectKey
from model.state import State


class PartStatus(BaseModel):
    """One link, device or service."""

    id: str
    state: State
    since: AwareDatetime | None = Field(None, description="Since when it is in this state; null until it is known.")
    name: str = Field("", description="As people call it; empty where the inventory has no name.")
    detail: str = Field("", description="Of a link its provider, of a device its address, of a service what it serves.")


class SiteStatus(BaseModel):
    """One site and what it stands on."""

    id: str
    state: State
    name: str = ""
    links: list[PartStatus]
    devices: list[PartStatus]
    services: list[PartStatus]


class Status(BaseModel):
    """The state of everything at one instant."""

    ward: str | None = Field(None, description="Id of the ward; null where the inventory holds several.")
    now: AwareDatetime
    sites: list[SiteStatus]
    name: str = Field("", description="Name of the ward.")
    timezone: str = Field("UTC", description="IANA name of the ward's time zone.")
    language: Language = "en"


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

    def part(kind: Noun, subject: Link | Device | Service, detail: str) -> PartStatus:
        key = (kind, subject.id)
        state = states.get(key, State.UNKNOWN)
        return PartStatus(id=subject.id, state=state, since=since.get(key), name=subject.name, detail=detail)

    def whole(site: Site) -> SiteStatus:
        return SiteStatus(
            id=site.id,
            state=states.get(("site", site.id), State.UNKNOWN),
            name=site.name,
            links=[part("link", link, link.provider) for link in site.links],
            devices=[part("device", device, device.address) for device in site.devices],
            services=[part("service", service, _served(service)) for service in site.services],
        )

    return _about_ward(inventory, now, map(whole, inventory.sites))


def _about_ward(inventory: Inventory, now: datetime, sites: Iterable[SiteStatus]) -> Status:
    wards = inventory.all_wards()
    if len(wards) != 1:
        return Status(now=now, sites=list(sites))
    (ward,) = wards
    return Status(
        ward=ward.id, now=now, sites=list(sites), name=ward.name, timezone=ward.timezone, language=ward.language
    )


def _served(service: Service) -> str:
    """The host that a page comes from or the name that a resolver answers: never a URL, which may hold a key."""
    if service.dns:
        return service.dns.name
    return (service.url and service.url.host) or ""
