"""Why nobody is told of a fault, in words that a person can check."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from alerts.labels import Places
from model.alerting import MaintenanceWindow
from model.calendar import service_spans
from model.grounds import Ground, Grounds
from model.incident import Fault, in_inventory
from model.intervals import Interval, Spans, instant, moment
from model.inventory import Site
from model.maintenance import covers, open_spans
from model.measurement import SubjectKey
from model.silence import Silence

_WEEKLY: Final = timedelta(days=8)  # what recurs weekly is seen whole within it
_SINGLE: Final = timedelta(days=3_650)  # a single window costs nothing to look ahead for
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class MuteReason(StrEnum):
    """Why nobody is told. Of several that hold, the first of this order is given."""

    VIA_PROMETHEUS = "via_prometheus"
    MAINTENANCE = "maintenance"
    SILENCE = "silence"
    SERVICE_HOURS = "service_hours"
    NO_ROUTE = "no_route"


@dataclass(frozen=True, slots=True)
class Mute:
    """Nobody is told.

    Attributes:
        reason: Why.
        grounds: Which window or silence, whose it is, until when.
        until: When that ends, aware UTC; ``None`` where it does not end by time alone.
    """

    reason: MuteReason
    grounds: Grounds
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What may mute.

    Attributes:
        places: Of the inventory whose ``alerts``, zones and service hours hold.
        silences: All that are stored; one that has ended mutes nothing.
        windows: The maintenance windows that hold now, of the inventory and of those that were added since; not those
            that were taken back.
    """

    places: Places
    silences: Sequence[Silence] = ()
    windows: Sequence[MaintenanceWindow] = ()

    def next_change(self, now: datetime) -> datetime | None:
        """The next time at which ``mute_of`` may answer otherwise by time alone; aware UTC, later than now.

        It may come earlier than anything changes; ``None`` where nothing will.
        """
        at = instant(now)
        edges = [edge for edge in self._edges(at) if edge > at]
        ends = [each for one in self.silences for each in (one.starts_at, one.until) if each > now]
        return min([*ends, *map(moment, edges)], default=None)

    def zone_of(self, site: Site | None) -> ZoneInfo:
        """The zone of a site's ward; without a ward UTC."""
        wards = self.places.inventory.all_wards()
        ward = self.places.inventory.ward_of(site) if site else (wards[0] if len(wards) == 1 else None)
        return ZoneInfo(ward.timezone if ward else "UTC")

    def _edges(self, at: int) -> Iterator[int]:
        inventory = self.places.inventory
        zones = {zone.key: zone for zone in map(self.zone_of, inventory.sites)}
        for window in self.windows:
            within = _ahead(window, at)
            for zone in zones.values():
                yield from _inner_edges(open_spans(window, zone, within), within)
        # A city has thousands of sites, and few kinds of hours.
        hours = {(site.service_hours, self.zone_of(site)) for site in inventory.sites if site.service_hours}
        within = _after(at, _WEEKLY)
        for texts, zone in hours if inventory.alerts.service_hours == "respect" else ():
            yield from _inner_edges(service_spans(texts, zone, within), within)


def mute_of(fault: Fault, labels: Mapping[str, str], now: datetime, rules: Rules) -> Mute | None:
    """Why nobody is told of a fault now; ``None`` where somebody is.

    What lasts when the mute is over is told then. A mute holds back what is new: who has been told already of an
    incident is told of its end all the same.

    Args:
        fault: What goes on.
        labels: As ``alerts.labels.labels_of`` gives them.
        now: Aware.
        rules: What may mute.
    """
    if rules.places.inventory.alerts.via == "prometheus":
        return Mute(MuteReason.VIA_PROMETHEUS, Grounds(Ground.VIA_PROMETHEUS))
    found = _of_maintenance(fault, now, rules) or _of_silence(fault, labels, now, rules)
    return found or _of_service_hours(fault, now, rules) or _of_no_route(labels, rules)


def _of_maintenance(fault: Fault, now: datetime, rules: Rules) -> Mute | None:
    subject, site = in_inventory(fault.subject), rules.places[fault.subject][0]
    if subject is None or site is None:
        # Work at some sites does not explain that a provider fails, and nothing explains a blind monitor.
        return None
    mute = _work_on(subject, site, now, rules)
    if mute or subject[0] != "site":
        return mute
    # A site whose every line is worked on is cut off by that work.
    lines = [_work_on(("link", link.id), site, now, rules) for link in site.links]
    return min(filter(None, lines), key=_ends) if lines and all(lines) else None


def _work_on(subject: SubjectKey, site: Site, now: datetime, rules: Rules) -> Mute | None:
    """By the window that lasts longest of those that are open and cover a subject."""
    zone = rules.zone_of(site)
    covering = (window for window in rules.windows if covers(window, subject, site.id))
    return max(filter(None, (_by_window(window, zone, now) for window in covering)), key=_ends, default=None)


def _by_window(window: MaintenanceWindow, zone: ZoneInfo, now: datetime) -> Mute | None:
    at = instant(now)
    within = _ahead(window, at)
    span = next(iter(open_spans(window, zone, within)), None)
    if span is None or span.start > at:
        return None
    # What is open as far as one looks recurs without a gap.
    until = moment(span.end) if span.end < within.end else None
    which = {"window": window.id, **_until(until, zone), "reason": window.reason}
    return Mute(MuteReason.MAINTENANCE, Grounds(Ground.WINDOW, which), until)


def _of_silence(fault: Fault, labels: Mapping[str, str], now: datetime, rules: Rules) -> Mute | None:
    silence = max(
        (silence for silence in rules.silences if silence.mutes(labels, now)), key=lambda one: one.until, default=None
    )
    if silence is None:
        return None
    zone = rules.zone_of(rules.places[fault.subject][0])
    whose = {"silence": silence.id, "author": silence.author, "comment": silence.comment}
    return Mute(MuteReason.SILENCE, Grounds(Ground.SILENCE, {**whose, **_until(silence.until, zone)}), silence.until)


def _of_service_hours(fault: Fault, now: datetime, rules: Rules) -> Mute | None:
    """Only of what belongs to a site: a provider or a blind monitor is never closed."""
    site, _ = rules.places[fault.subject]
    if site is None or not site.service_hours or rules.places.inventory.alerts.service_hours == "ignore":
        return None
    zone, within = rules.zone_of(site), _after(instant(now), _WEEKLY)
    opening = next(iter(service_spans(site.service_hours, zone, within)), None)
    if opening is not None and opening.start == within.start:
        return None
    until = moment(opening.start) if opening else None
    which = {"site": site.id, **_until(until, zone)}
    return Mute(MuteReason.SERVICE_HOURS, Grounds(Ground.SERVICE_HOURS, which), until)


def _of_no_route(labels: Mapping[str, str], rules: Rules) -> Mute | None:
    if rules.places.inventory.alerts.route_of(labels) is not None:
        return None
    return Mute(MuteReason.NO_ROUTE, Grounds(Ground.NO_ROUTE))


def _ends(mute: Mute) -> datetime:
    return mute.until or _NEVER


def _ahead(window: MaintenanceWindow, at: int) -> Interval:
    return _after(at, _WEEKLY if window.every else _SINGLE)


def _after(at: int, length: timedelta) -> Interval:
    return Interval(at, at + length // timedelta(milliseconds=1))


def _inner_edges(spans: Spans, within: Interval) -> Iterator[int]:
    return (edge for span in spans for edge in span if edge < within.end)


def _until(until: datetime | None, zone: ZoneInfo) -> dict[str, str]:
    return {"until": until.astimezone(UTC).isoformat(), "zone": zone.key} if until else {}
