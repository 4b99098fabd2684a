"""What people were told in the months before, and what they wrote: incidents, annotations, announced work."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from history.facts import AuditEntry, IncidentRecord
from model.alerting import MaintenanceWindow
from model.incident import About, Acknowledgement, AlertName, Attachment, Entry, Fault, Incident, Severity, incident_id
from model.maintenance import Announcement
from model.measurement import SubjectKey
from monitor.annotations import annotated
from monitor.demo.months.clock import WARD
from monitor.demo.months.events import LONGEST_MICRO, Past, PastOutage, Work
from monitor.demo.ward import SitePlan, WardPlan
from monitor.past import news
from reports.facts import Annotation
from reports.sections.outages import Cause, SaidBy

_WHO: Final = ("an", "binh")
_NOTICED: Final = timedelta(seconds=3)
_OPENED: Final = timedelta(seconds=4)
_CLOSED: Final = timedelta(seconds=60)
_LOOKED: Final = timedelta(seconds=6)
_FORGOTTEN: Final = timedelta(days=1)  # after its end a window is taken out of the inventory


def incidents(ward: WardPlan, past: Past) -> list[tuple[Incident, PastOutage]]:
    """One for each group of outages, in order, with the outage that it began with."""
    groups: defaultdict[str, list[PastOutage]] = defaultdict(list)
    for outage in past.outages:
        if outage.seconds >= LONGEST_MICRO:
            groups[outage.group].append(outage)
    teller = _Teller(ward)
    return [(teller.incident(group), group[0]) for group in groups.values()]


def records(told: Sequence[tuple[Incident, PastOutage]]) -> Iterator[IncidentRecord | AuditEntry]:
    """The facts of incidents and of what people wrote about them."""
    for incident, first in told:
        yield IncidentRecord(incident)
        if first.ticket or first.note:
            cause = first.cause if first.said_by is SaidBy.PERSON else None
            at = (incident.closed_at or incident.changed_at) + timedelta(hours=2)
            yield annotated(incident.id, _WHO[0], at, Annotation(cause, first.ticket, first.note))


def announced(works: Sequence[Work]) -> Iterator[AuditEntry]:
    """What was announced, and what was taken out of the inventory once it was over."""
    for work in works:
        given = {"id": work.id, "links": [work.link], "from": work.start, "to": work.end, "reason": work.reason}
        known = {work.id: Announcement(MaintenanceWindow.model_validate(given), work.announced_at)}
        yield from news({}, known, work.announced_at)
        yield from news(known, {}, work.end + _FORGOTTEN)


class _Teller:
    def __init__(self, ward: WardPlan) -> None:
        self._homes = {link.id: site for site in ward.sites for link in site.links}
        self._providers = {link.id: link.provider for site in ward.sites for link in site.links}
        self._office = ward.sites[0]

    def incident(self, group: Sequence[PastOutage]) -> Incident:
        """What was told of outages that struck together, or of one; they are in order of their begin."""
        own = [one for one in group if one.is_own]
        first, ended = own[0], max(one.end for one in group)
        fault = self._fault(own)
        opened, closed = fault.since + _OPENED, ended + _CLOSED
        taken = None if first.taken_after is None else opened + timedelta(seconds=first.taken_after)
        hidden: tuple[SubjectKey, ...] = tuple(("link", one.link) for one in group if not one.is_own)
        is_whole = fault.subject[0] == "link"
        return Incident(
            id=incident_id(fault),
            ward=WARD,
            began_at=fault.since,
            opened_at=opened,
            changed_at=closed,
            entries=(Entry(fault, ended),),
            parts=() if is_whole else tuple(Entry(_link_down(one), one.end) for one in own),
            hidden=hidden,
            version=3 if taken else 2,
            closed_at=closed,
            acknowledged=Acknowledgement(_WHO[len(group) % 2], taken) if taken else None,
            attachments=_looked_at(first),
        )

    def _fault(self, own: Sequence[PastOutage]) -> Fault:
        first = own[0]
        name, subject = self._about(own)
        return Fault(name, subject, first.start, first.start + _NOTICED, Severity.CRITICAL)

    def _about(self, own: Sequence[PastOutage]) -> tuple[AlertName, About]:
        first = own[0]
        site = self._homes[first.link]
        match first.cause:
            case Cause.PROVIDER:
                return AlertName.PROVIDER_OUTAGE, ("provider", self._providers[first.link])
            case Cause.POWER:
                return AlertName.SITE_UNREACHABLE, ("site", site.id)
            case Cause.EQUIPMENT:
                return AlertName.DEVICE_DOWN, ("device", _router(site))
            case _:
                is_alone = len(own) == 1
                return (AlertName.LINK_DOWN if is_alone else AlertName.LINK_FLAPPING), ("link", first.link)


def _router(site: SitePlan) -> str:
    return site.devices[0].id


def _link_down(outage: PastOutage) -> Fault:
    noticed = outage.start + _NOTICED
    return Fault(AlertName.LINK_DOWN, ("link", outage.link), outage.start, noticed, Severity.CRITICAL)


_PORTS: Final[Mapping[Cause, str]] = {Cause.LINE: "down", Cause.SESSION: "up"}


def _looked_at(outage: PastOutage) -> tuple[Attachment, ...]:
    """The link's port, as it was read because of the incident."""
    status = _PORTS.get(outage.cause) if outage.said_by is SaidBy.EVIDENCE else None
    if status is None:
        return ()
    ports = {"ports": [{"link": outage.link, "end": "near", "fresh": {"operational": status}}]}
    return (Attachment("interfaces", ("link", outage.link), outage.start + _LOOKED, ports),)
