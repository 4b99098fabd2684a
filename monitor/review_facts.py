"""From the history to the facts of one month of a ward."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

from history.facts import AuditEntry, Document, Heartbeat
from history.facts import SpeedTest as StoredTest
from history.hourly import Hourly
from history.portion import Portion
from history.rollup import Span
from history.stamp import BEHIND
from history.store import Store
from model.incident import Incident
from model.intervals import Interval, between, instant, moment
from model.inventory import Inventory
from model.maintenance import Announcement
from model.measurement import SubjectKey
from model.periods import Period
from model.transition import Transition
from monitor.annotations import annotations
from monitor.past import announcements
from monitor.reported_terms import Read, TermsReader
from monitor.review_asked import EARLIEST, ReviewError, WardAsked
from monitor.rollup_facts import measured_of
from monitor.speed.facts import skip_of
from monitor.terms import terms_of
from reports.facts import (
    Annotation,
    DeviceFacts,
    HourlyMeans,
    Measured,
    MonthFacts,
    Run,
    SpeedTested,
    SubjectFacts,
)

_ANNOUNCED_WITHIN: Final = timedelta(days=400)
_EVER: Final = datetime(9000, 1, 1, tzinfo=UTC)

Terms = Mapping[SubjectKey, Read]


@dataclass(frozen=True, slots=True)
class Written:
    """What people announced and wrote, and what held, of all months.

    Attributes:
        announcements: Of maintenance.
        annotations: By the id of an incident or outage.
        terms: By ward and subject.
        subjects: All that terms are known of.
    """

    announcements: Sequence[Announcement]
    annotations: Mapping[str, Annotation]
    terms: Mapping[str, Terms]
    subjects: frozenset[SubjectKey]


@dataclass(frozen=True, slots=True)
class Asking:
    """What is read of one month of a ward.

    Attributes:
        period: The month.
        until: How far it is reckoned.
        ward: Whose.
        terms: What held in the ward, also at sites that are not asked for.
        assumed: Whether some of that is only what the inventory says now.
        mine: What held for the links and services that are asked for.
        portion: The part of the history.
    """

    period: Period
    until: int
    ward: WardAsked
    terms: Terms
    assumed: bool
    mine: Terms
    portion: Portion


class Reader:
    """Reads the facts of months.

    Args:
        store: The history.
        inventory: Where devices are, and what holds where the history does not say.
        monitor: Whose heartbeats count.
        now: Aware UTC.
    """

    def __init__(self, store: Store, inventory: Inventory, monitor: str, now: datetime) -> None:
        self._store, self._monitor, self._now = store, monitor, now
        self._terms = TermsReader()
        self._stated = _by_ward(terms_of(inventory))
        self._devices = {device.id: site.id for site, device in inventory.devices()}
        self._ports = {link.id: link.interface_parts[0] for _, link in inventory.links() if link.interface_parts}
        self._heartbeats: list[Heartbeat] | None = None

    async def written(self, first: Period, last: Period) -> Written:
        """What people announced and wrote until today, and what held from one month to another."""
        start = moment(first.interval.start)
        audit: list[AuditEntry] = await self._store.audit(start - _ANNOUNCED_WITHIN, _EVER)
        stored = await self._store.terms(start, moment(last.until(self._now).end))
        terms: dict[str, dict[SubjectKey, Read]] = defaultdict(dict)
        for subject, rows in stored.items():
            if read := self._terms.read(rows):
                terms[read.ward][subject] = read
        subjects = frozenset(chain.from_iterable(terms.values()))
        return Written(announcements(audit).all(), annotations(audit), terms, subjects)

    async def incidents(self, period: Period) -> Mapping[str, Sequence[Incident]]:
        """Those that touch a month, by ward; one about its last seconds was opened when it was over."""
        start, end = moment(period.interval.start), moment(period.until(self._now).end)
        found: dict[str, list[Incident]] = defaultdict(list)
        for incident in await self._store.incidents(start, min(end + BEHIND, self._now)):
            if incident.began_at < end:
                found[incident.ward].append(incident)
        return found

    async def asking(self, period: Period, ward: WardAsked, written: Written) -> Asking:
        """What is to be read of a month."""
        scope = ward.setting.scope
        until = period.until(self._now).end
        start, end = moment(period.interval.start), moment(until)
        behind = min(end + BEHIND, self._now)
        terms = written.terms.get(scope.ward, {})
        assumed = await self._assumed(written, Portion(ward.key, (), start, end, behind), scope.ward)
        terms = {**terms, **assumed}
        mine = {subject: read for subject, read in terms.items() if not scope.sites or read.site in scope.sites}
        sites = {read.site for read in mine.values()}
        devices: list[SubjectKey] = [("device", device) for device, site in self._devices.items() if site in sites]
        within = Interval(period.interval.start, until)
        shortest = Span.DAY if any(_changes(read, within) for read in mine.values()) else None
        portion = Portion(ward.key, [*mine, *devices], start, end, behind, shortest)
        return Asking(period, until, ward, terms, bool(assumed), mine, portion)

    async def _assumed(self, written: Written, portion: Portion, ward: str) -> Terms:
        """Where the history says nothing of what held for a subject that it knows, what the inventory says now."""
        stated = self._stated.get(ward, {})
        silent = [subject for subject in stated if subject not in written.subjects]
        known = await self._store.log_of(replace(portion, subjects=silent)) if silent else {}
        return {subject: self._terms.assumed(stated[subject]) for subject in silent if subject in known}

    async def runs(self, portion: Portion, first: datetime | None, noticed: datetime | None) -> list[Run]:
        """Of the monitor, as far as they bear on a month; where one ended before it, what was said in it has ended.

        What comes long after the month does not bear on it, or its figures would change as long as a monitor runs.

        Args:
            portion: The month.
            first: The earliest begin of a transition that is read; ``None`` without one.
            noticed: When the last of them was noticed; ``None`` likewise.
        """
        if self._heartbeats is None:
            self._heartbeats = await self._store.heartbeats(EARLIEST, _EVER, self._monitor)
        begin = min(portion.start, first or portion.start)
        last = max(portion.end, noticed or portion.end) + timedelta(seconds=1)
        known = (one for one in self._heartbeats if one.began < last and one.until >= begin)
        latest = max(last, portion.behind)
        return [Run(between(one.began, min(one.until, latest)), one.blind) for one in known]

    async def month(self, asking: Asking, written: Written, incidents: Sequence[Incident] = ()) -> MonthFacts:
        """The facts.

        Raises:
            HistoryError: They cannot be read.
        """
        portion = asking.portion
        logs = await self._store.log_of(portion)
        records = list(chain.from_iterable(logs.values()))
        first = min((record.at for record in records), default=None)
        noticed = max((record.noticed_at for record in records), default=None)
        tests = _by_link(await self._store.tests_of(portion))
        hourly = await self._store.hourly(portion.start, portion.end, portion.ward)
        blocks = self._store.blocks(portion.start, portion.end, portion.ward, shortest=portion.shortest)
        measured = await measured_of(blocks, by_day=portion.shortest is not None)
        return MonthFacts(
            period=asking.period,
            until=asking.until,
            links=[
                self._link(key, read, logs, measured, hourly, tests)
                for key, read in asking.mine.items()
                if key[0] == "link"
            ],
            services=[
                SubjectFacts(key[1], read.terms, logs.get(key, ()), measured.get(key[1], ()))
                for key, read in asking.mine.items()
                if key[0] == "service"
            ],
            devices=[
                DeviceFacts(key[1], self._devices[key[1]], log) for key, log in logs.items() if key[0] == "device"
            ],
            unlogged=[
                DeviceFacts(name, self._devices[name])
                for noun, name in portion.subjects
                if noun == "device" and (noun, name) not in logs
            ],
            runs=await self.runs(portion, first, noticed),
            announcements=written.announcements,
            incidents=incidents,
            annotations=written.annotations,
            hours_stored=hourly.hours,
        )

    def places(self, asking: Asking) -> Sequence[tuple[str, str]]:
        """What the inventory says of the devices that causes are told by: each with its site, and with its link."""
        sites = {read.site for read in asking.mine.values()}
        links = {name for noun, name in asking.mine if noun == "link"}
        return sorted([
            *((device, site) for device, site in self._devices.items() if site in sites),
            *((link, device) for link, device in self._ports.items() if link in links),
        ])

    def _link(  # noqa: PLR0917  # all that is known of one link
        self,
        key: SubjectKey,
        read: Read,
        logs: Mapping[SubjectKey, Sequence[Transition]],
        measured: Mapping[str, Sequence[Measured]],
        hourly: Hourly,
        tests: Mapping[str, Sequence[SpeedTested]],
    ) -> SubjectFacts:
        link = key[1]
        return SubjectFacts(
            id=link,
            terms=read.terms,
            log=logs.get(key, ()),
            measured=measured.get(link, ()),
            hourly=HourlyMeans(hourly.download.get(link, ()), hourly.upload.get(link, ())),
            tests=tests.get(link, ()),
            device=self._ports.get(link, ""),
        )


async def whose(store: Store, wanted: str) -> str:
    """The monitor whose heartbeats count.

    Raises:
        ReviewError: Several have written, and none is wanted; or there is none of that name.
        HistoryError: The history cannot be read.
    """
    known = await store.monitors()
    names = ", ".join(known) or "none"
    if wanted:
        if wanted not in known:
            raise ReviewError(f"there is no monitor {wanted!r} in the history", f"it knows {names}")
        return wanted
    if store.monitor in known or not known:
        return store.monitor
    if len(known) > 1:
        raise ReviewError(
            "several monitors have written this history", f"say whose review it is: --monitor, of {names}"
        )
    return known[0]


def _by_ward(stated: Mapping[SubjectKey, Document]) -> Mapping[str, Mapping[SubjectKey, Document]]:
    found: dict[str, dict[SubjectKey, Document]] = defaultdict(dict)
    for subject, content in stated.items():
        found[str(content.get("ward") or "")][subject] = content
    return found


def _changes(read: Read, within: Interval) -> bool:
    """Whether something else held for a subject in one part of the month than in another."""
    if any(within.start < term.since < within.end for term in read.terms):
        return True
    days = (
        change.start
        for term in read.terms
        if term.held and term.held.requirement
        for change in term.held.requirement.changes
    )
    first, last = moment(within.start) - timedelta(days=1), moment(within.end) + timedelta(days=1)
    return any(first.date() <= day <= last.date() for day in days)


def _tested(test: StoredTest) -> SpeedTested:
    is_lower_bound = bool(test.evidence.get("is_lower_bound", False))
    return SpeedTested(test.direction, instant(test.at), test.bits_per_second, is_lower_bound, skip_of(test))


def _by_link(tests: Iterable[StoredTest]) -> dict[str, list[SpeedTested]]:
    found: dict[str, list[SpeedTested]] = defaultdict(list)
    for test in tests:
        found[test.link].append(_tested(test))
    return found
