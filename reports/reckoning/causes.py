"""Why a link was down, as far as today's evidence tells: the first cause of the tree that applies."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from model.incident import Incident
from model.intervals import SECOND, Interval, instant, merged
from model.maintenance import covers, open_spans
from model.outages import Outage
from model.state import State
from model.timeline import Watch, timeline
from model.trap import TrapKind
from reports.facts import DeviceFacts, MonthFacts
from reports.reckoning.books import Book, seen
from reports.reckoning.sites import SiteBook
from reports.sections.outages import Cause, Sign

TOGETHER = 60 * SECOND
"""Milliseconds within which things that happen happen together."""
SITES_OF_AN_AREA = 3
"""Sites with an outage of one provider together that make it the provider's area."""

Starts = Mapping[str, tuple[Sequence[int], Sequence[str]]]
"""By provider: when outages of its lines began, in order, and at which site."""


class Evidence:
    """What is known beside the link itself.

    Args:
        month: The facts.
        zone: The ward's.
        starts: Of the outages.
    """

    def __init__(self, month: MonthFacts, zone: ZoneInfo, starts: Starts) -> None:
        self.month, self.zone, self._starts = month, zone, starts
        watch = Watch(seen(month.runs))
        self._downs: dict[str, list[int]] = {}
        self._devices: dict[str, list[str]] = defaultdict(list)
        for device in month.devices:
            self._downs[device.id] = _downs(device, watch)
            self._devices[device.site].append(device.id)

    def fell_with(self, device: str, start: int) -> bool:
        """Whether a device fell silent by its own fault within a minute of an instant."""
        downs = self._downs.get(device, [])
        return bisect_left(downs, start - TOGETHER) < bisect_right(downs, start + TOGETHER)

    def devices_of(self, site: str) -> Sequence[str]:
        """The devices of a site."""
        return self._devices.get(site, ())

    def sites_with(self, provider: str, start: int) -> int:
        """At how many sites lines of a provider went down within a minute of an instant."""
        starts, sites = self._starts.get(provider, ((), ()))
        return len(set(sites[bisect_left(starts, start - TOGETHER) : bisect_right(starts, start + TOGETHER)]))


def _downs(device: DeviceFacts, watch: Watch) -> list[int]:
    stretches = timeline(device.log, watch)
    spans = merged(Interval(start, end) for start, end, state, _ in stretches if state is State.DOWN)
    return [span.start for span in spans]


def cause_of(
    book: Book, site: SiteBook, outage: Outage, incident: Incident | None, evidence: Evidence, *, is_own: bool
) -> tuple[Cause, tuple[Sign, ...]]:
    """The cause of an outage, with what speaks for it."""
    if not is_own:
        return Cause.PARENT, (Sign("parent_down"),)
    signs = _signs(book, site, outage, incident, evidence)
    cause, sign = next(signs, (Cause.UNKNOWN, None))
    return cause, (sign,) if sign else ()


def _signs(
    book: Book, site: SiteBook, outage: Outage, incident: Incident | None, evidence: Evidence
) -> Iterator[tuple[Cause, Sign]]:
    start = outage.interval.start
    yield from _planned(book, site, start, evidence)
    devices = evidence.devices_of(site.id)
    if devices and all(evidence.fell_with(device, start) for device in devices) and _is_cut(site, outage):
        yield Cause.POWER, Sign("devices_silent", site.id, float(len(devices)))
    if (ups := _on_battery(incident, evidence.devices_of(site.id), start)) is not None:
        yield Cause.POWER, Sign("on_battery", ups)
    if book.facts.device and evidence.fell_with(book.facts.device, start):
        yield Cause.EQUIPMENT, Sign("device_silent", book.facts.device)
    provider = book.part_at(start).held.provider
    sites = evidence.sites_with(provider, start)
    if sites >= SITES_OF_AN_AREA:
        yield Cause.PROVIDER, Sign("same_provider", provider, float(sites))
    status = _port(book.id, incident)
    if status in {"down", "lower layer down"}:
        yield Cause.LINE, Sign("port_down", book.id)
    elif status == "up":
        yield Cause.SESSION, Sign("port_up", book.id)


def _planned(book: Book, site: SiteBook, start: int, evidence: Evidence) -> Iterator[tuple[Cause, Sign]]:
    """Work was going on when it began, or ended then: announced too late, or overrun."""
    if any(span.end == start for span in book.excused):
        yield Cause.PLANNED, Sign("overrun")
    for each in evidence.month.announcements:
        if each.withdrawn_at is not None and instant(each.withdrawn_at) <= start:
            continue
        is_covered = covers(each.window, ("link", book.id), site.id)
        if is_covered and open_spans(each.window, evidence.zone, Interval(start, start + 1)):
            yield Cause.PLANNED, Sign("announced_late", each.window.id)


def _is_cut(site: SiteBook, outage: Outage) -> bool:
    return any(span.start < outage.interval.end and outage.interval.start < span.end for span in site.cut)


def _on_battery(incident: Incident | None, devices: Sequence[str], start: int) -> str | None:
    """The device of the site that said within a minute of the begin that the mains were out."""
    for attachment in incident.attachments if incident else ():
        said = attachment.content.get("traps") if attachment.kind == "traps" else None
        for trap in said if isinstance(said, Sequence) else ():
            if not isinstance(trap, Mapping) or trap.get("trap") != TrapKind.ON_BATTERY:
                continue
            device, at = trap.get("device"), _instant(trap.get("at"))
            if isinstance(device, str) and device in devices and at is not None and abs(at - start) <= TOGETHER:
                return device
    return None


def _instant(written: object) -> int | None:
    """What an attachment has for a time; ``None`` where that is none."""
    try:
        at = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None
    return instant(at) if at is not None and at.tzinfo is not None else None


def _port(link: str, incident: Incident | None) -> str | None:
    """The operational status of the link's own port, as it was looked at because of the incident."""
    for attachment in incident.attachments if incident else ():
        ports = attachment.content.get("ports") if attachment.kind == "interfaces" else None
        for port in ports if isinstance(ports, Sequence) else ():
            if isinstance(port, Mapping) and port.get("link") == link and port.get("end") == "near":
                fresh = port.get("fresh")
                status = fresh.get("operational") if isinstance(fresh, Mapping) else None
                return status if isinstance(status, str) else None
    return None
