"""The outages of a month as rows, each with its incident, its cost and its cause."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from model.incident import Incident
from model.intervals import instant, moment
from model.outages import Outage, OutageKind
from model.state import State
from reports.facts import Annotation, MonthFacts
from reports.reckoning.books import Book
from reports.reckoning.causes import Evidence, cause_of
from reports.reckoning.judged import seconds
from reports.reckoning.sites import SiteBook
from reports.sections.outages import Cause, CauseRow, OutageRow, OutageSection, SaidBy


@dataclass(frozen=True, slots=True)
class Found:
    """An outage before its cause is known.

    Attributes:
        book: Of the link.
        site: Of its site.
        outage: It.
        is_own: Whether the line itself was down.
    """

    book: Book
    site: SiteBook
    outage: Outage
    is_own: bool

    @property
    def id(self) -> str:
        """Names it."""
        return outage_id(self.book.id, self.outage.interval.start)


def outage_id(link: str, start: int) -> str:
    """What names an outage: the link's id and its first instant in the month, to the millisecond where it has one."""
    at = moment(start)
    spec = "milliseconds" if at.microsecond else "seconds"
    return f"{link}@{at.isoformat(timespec=spec).replace('+00:00', 'Z')}"


def found(sites: Iterable[SiteBook], provider: str = "") -> list[Found]:
    """All that are told of, in order of their begin; with a provider, those of its lines."""
    links = ((book, site) for site in sites for book in site.links if provider in {"", book.last.provider})
    all_of_them = (one for book, site in links for one in _of(book, site))
    return sorted(all_of_them, key=lambda one: (one.outage.interval.start, one.book.id, not one.is_own))


def _of(book: Book, site: SiteBook) -> Iterator[Found]:
    own = book.reckoned.outages
    yield from (Found(book, site, one, is_own=True) for one in own if one.kind is not OutageKind.BRIEF)
    for one in book.reckoned.interruptions:
        is_outage = one.kind is OutageKind.OUTAGE
        if is_outage and not any(_overlap(one, down) for down in own):
            yield Found(book, site, one, is_own=False)


def _overlap(one: Outage, other: Outage) -> bool:
    return one.interval.start < other.interval.end and other.interval.start < one.interval.end


class Incidents:
    """Finds the incident that told of an outage."""

    def __init__(self, incidents: Sequence[Incident]) -> None:
        self._by_id = {incident.id: incident for incident in incidents}
        self._of: dict[str, list[Incident]] = defaultdict(list)
        for incident in sorted(incidents, key=lambda one: (one.began_at, one.id)):
            for link in sorted(_links_of(incident)):
                self._of[link].append(incident)

    def of(self, one: Found) -> Incident | None:
        """The one that began nearest to it, of those that lasted in it; what tells of it where that was merged."""
        start, end = one.outage.interval
        lasted = [each for each in self._of.get(one.book.id, ()) if _lasted(each, start, end)]
        nearest = min(lasted, key=lambda each: abs(instant(each.began_at) - start), default=None)
        while nearest and nearest.merged_into in self._by_id:
            nearest = self._by_id[nearest.merged_into]
        return nearest


def _links_of(incident: Incident) -> set[str]:
    faults = (entry.fault.subject for entry in (*incident.entries, *incident.parts))
    return {name for noun, name in (*faults, *incident.hidden) if noun == "link"}


def _lasted(incident: Incident, start: int, end: int) -> bool:
    closed = incident.closed_at
    return instant(incident.began_at) <= end and (closed is None or instant(closed) >= start)


def outage_section(all_found: Sequence[Found], month: MonthFacts, zone: ZoneInfo) -> OutageSection:
    """The rows of outages, and what they add up to by cause."""
    evidence = Evidence(month, zone, starts_of(all_found))
    incidents = Incidents(month.incidents)
    rows = tuple(_row(one, incidents.of(one), evidence, month.annotations) for one in all_found)
    return OutageSection(rows, tuple(_by_cause(rows)))


def starts_of(all_found: Sequence[Found]) -> Mapping[str, tuple[list[int], list[str]]]:
    """By provider, when outages of its lines began, in order, and at which site."""
    by_provider: dict[str, tuple[list[int], list[str]]] = {}
    for one in all_found:
        start = one.outage.interval.start
        provider = one.book.part_at(start).held.provider
        if provider and one.is_own:
            starts, sites = by_provider.setdefault(provider, ([], []))
            place = bisect_left(starts, start)
            starts.insert(place, start)
            sites.insert(place, one.site.id)
    return by_provider


def _row(one: Found, incident: Incident | None, evidence: Evidence, annotations: Mapping[str, Annotation]) -> OutageRow:
    outage, start = one.outage, one.outage.interval.start
    held = one.book.part_at(start)
    annotation = _annotated(one.id, incident, annotations)
    cause, signs = cause_of(one.book, one.site, outage, incident, evidence, is_own=one.is_own)
    limit = held.required.restore if held.required else None
    taken = incident.acknowledged if incident else None
    return OutageRow(
        id=one.id,
        link=one.book.id,
        site=one.site.id,
        provider=held.held.provider,
        kind=outage.kind,
        is_own=one.is_own,
        start=moment(start),
        end=moment(outage.interval.end),
        start_uncertainty_seconds=outage.start_uncertainty,
        end_uncertainty_seconds=outage.end_uncertainty,
        down_seconds=seconds(outage.down),
        down_seconds_in_hours=seconds(outage.down_in_hours),
        whole_seconds=seconds(outage.whole),
        began_before=outage.began_before,
        goes_on=outage.goes_on,
        cause=annotation.cause or cause,
        said_by=_said_by(annotation.cause, cause),
        signs=signs,
        incident=incident.id if incident else "",
        ticket=annotation.ticket,
        note=annotation.note,
        acknowledged_by=taken.who if taken else "",
        detect_seconds=None if outage.began_before else _detected(one),
        acknowledge_seconds=_between(incident.opened_at, taken.at) if incident and taken else None,
        citizen_hours=one.site.lost_in(*outage.interval),
        restore_limit_seconds=limit if one.is_own else None,
        is_restored_in_time=_in_time(outage, limit) if one.is_own else None,
    )


def _annotated(name: str, incident: Incident | None, annotations: Mapping[str, Annotation]) -> Annotation:
    """What was written of the outage itself; where that says nothing, what was written of its incident."""
    own = annotations.get(name, Annotation())
    wide = annotations.get(incident.id, Annotation()) if incident else Annotation()
    return Annotation(own.cause or wide.cause, own.ticket or wide.ticket, own.note or wide.note)


def _said_by(written: Cause | None, found_out: Cause) -> SaidBy:
    if written is not None:
        return SaidBy.PERSON
    return SaidBy.NOBODY if found_out is Cause.UNKNOWN else SaidBy.EVIDENCE


def _detected(one: Found) -> float | None:
    """Seconds from its begin until it was noticed; ``None`` where maintenance hid its begin."""
    start = one.outage.interval.start
    for record in one.book.facts.log:
        if record.after in {State.DOWN, State.UNREACHABLE} and instant(record.at) == start:
            return (record.noticed_at - record.at).total_seconds()
    return None


def _between(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds())


def _in_time(outage: Outage, limit: float | None) -> bool | None:
    if limit is None or outage.kind is not OutageKind.OUTAGE:
        return None
    if seconds(outage.whole) > limit:
        return False
    return None if outage.goes_on else True


def counts(row: OutageRow) -> bool:
    """Whether a row is one of the month's outages: of the line itself, of 10 s or more, and begun in it."""
    return row.is_own and row.kind is OutageKind.OUTAGE and not row.began_before


def _by_cause(rows: Sequence[OutageRow]) -> Iterator[CauseRow]:
    by_cause: dict[Cause, list[OutageRow]] = defaultdict(list)
    for row in rows:
        if row.kind is OutageKind.OUTAGE and not row.began_before:
            by_cause[row.cause].append(row)
    sums = [
        CauseRow(cause, len(some), sum(row.down_seconds for row in some), summed(row.citizen_hours for row in some))
        for cause, some in by_cause.items()
    ]
    yield from sorted(sums, key=lambda one: (-one.down_seconds, one.cause.value))


def summed(values: Iterable[float | None]) -> float | None:
    """The sum of what is known; ``None`` where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
