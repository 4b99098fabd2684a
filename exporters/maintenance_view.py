"""Planned work for programs, with when it is open next."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from exporters.zones import zone_of
from model.alerting import MaintenanceWindow
from model.intervals import DAY, Interval, instant, moment
from model.inventory import Inventory, Site
from model.maintenance import open_spans

_RECURS_WITHIN = 9 * DAY
_HAPPENS_WITHIN = 4_000 * DAY


@dataclass(frozen=True, slots=True)
class Opening:
    """A time in which a window is open.

    Attributes:
        start: Its begin.
        end: Its end, no longer part of it.
    """

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class WindowView:
    """One maintenance window.

    Attributes:
        id: Its id.
        sites: The ids of sites, with all that is in them.
        devices: The ids of devices alone.
        links: The ids of links alone.
        every: When it recurs, by the ward's clock; null of a single one.
        reason: As it was announced.
        timezone: Whose clock it goes by.
        is_open: Whether it is open now.
        next: When it is open, now or next; null once it is over.
    """

    id: str
    sites: list[str]
    devices: list[str]
    links: list[str]
    every: str | None
    reason: str
    timezone: str
    is_open: bool
    next: Opening | None


def window_view(window: MaintenanceWindow, inventory: Inventory, now: datetime) -> WindowView:
    """A window for programs."""
    zone = zone_of_window(window, inventory)
    opening = _next(window, zone, now)
    return WindowView(
        id=window.id,
        sites=list(window.sites),
        devices=list(window.devices),
        links=list(window.links),
        every=window.every,
        reason=window.reason,
        timezone=zone.key,
        is_open=opening is not None and opening.start <= now,
        next=opening,
    )


def zone_of_window(window: MaintenanceWindow, inventory: Inventory) -> ZoneInfo:
    """The clock that a window goes by: that of the wards of all that it covers."""
    return zone_of(inventory, *(site for site in inventory.sites if _touches(window, site)))


def _touches(window: MaintenanceWindow, site: Site) -> bool:
    parts = {device.id for device in site.devices} & set(window.devices)
    return site.id in window.sites or bool(parts | {link.id for link in site.links} & set(window.links))


def _next(window: MaintenanceWindow, zone: ZoneInfo, now: datetime) -> Opening | None:
    here = instant(now)
    reach = _RECURS_WITHIN if window.every else _HAPPENS_WITHIN
    for start, end in open_spans(window, zone, Interval(here - reach, here + reach)):
        if end > here:
            return Opening(moment(start), moment(end))
    return None
