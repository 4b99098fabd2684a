"""From the history to the facts of one month of a ward."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

from history.facts import AuditEntry, Heartbeat
from history.facts import SpeedTest as StoredTest
from history.hourly import Hourly
from history.rollup import Span
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
from monitor.review_asked import ReviewError, WardAsked
from monitor.rollup_facts import measured_of
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
_FEW: Final = 1_000  # subjects that are asked for one by one
_EVER: Final = datetime(9000, 1, 1, tzinfo=UTC)
_AFTER: Final = timedelta(days=7)
"""How far behind the month transitions are read, so that an outage at its end has its whole length."""


@dataclass(frozen=True, slots=True)
class Whole:
    """One month of the whole history.

    Attributes:
        period: The month.
        until: How far it is reckoned.
        logs: Transitions by subject.
        terms: What held, by subject.
        runs: Of the monitor.
        incidents: By ward.
        tests: By link.
    """

    period: Period
    until: int
    logs: Mapping[SubjectKey, Sequence[Transition]]
    terms: Mapping[SubjectKey, Read]
    runs: Sequence[Run]
    incidents: Mapping[str, Sequence[Incident]]
    tests: Mapping[str, Sequence[SpeedTested]]


@dataclass(frozen=True, slots=True)
class Written:
    """What people announced and wrote, and what held, of all months.

    Attributes:
        announcements: Of maintenance.
        annotations: By the id of an incident or outage.
        terms: By subject.
    """

    announcements: Sequence[Announcement]
    annotations: Mapping[str, Annotation]
    terms: Mapping[SubjectKey, Read]


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
        self._stated = terms_of(inventory)
        self._devices = {device.id: site.id for site, device in inventory.devices()}
        self._ports = {link.id: link.interface_parts[0] for _, link in inventory.links() if link.interface_parts}
        self.are_terms_assumed = False

    async def written(self, first: Period, last: Period) -> Written:
        """What people announced and wrote until today, and what held from one month to another."""
        start = moment(first.interval.start)
        audit: list[AuditEntry] = await self._store.audit(start - _ANNOUNCED_WITHIN, _EVER)
        stored = await self._store.terms(start, moment(last.until(self._now).end))
        terms = {subject: read for subject, rows in stored.items() if (read := self._terms.read(rows))}
        return Written(announcements(audit).all(), annotations(audit), terms)

    async def whole(self, period: Period, wards: Sequence[WardAsked], written: Written, *, is_last: bool) -> Whole:
        """One month of these wards, or of the whole history where that is quicker; incidents only of the last."""
        until = period.until(self._now).end
        start, end = moment(period.interval.start), moment(until)
        few = self._few(written.terms, wards)
        logs = await self._logs(start, min(end + _AFTER, self._now), few)
        return Whole(
            period=period,
            until=until,
            logs=logs,
            terms=self._with_assumed(written.terms, logs),
            runs=_runs(await self._heartbeats(start, end, logs)),
            incidents=_by_ward(await self._store.incidents(start, end)) if is_last else {},
            tests=_by_link(await self._tests(start, end, few)),
        )

    def _few(self, terms: Mapping[SubjectKey, Read], wards: Sequence[WardAsked]) -> list[SubjectKey] | None:
        """What is asked for one by one; ``None`` where that is so much that everything is read instead."""
        mine = {subject: read for subject, read in terms.items() if any(_is_of(read, ward) for ward in wards)}
        if len(mine) > _FEW or len(mine) == len(terms):
            return None
        sites = {read.site for read in mine.values()}
        return [*mine, *(("device", device) for device, site in self._devices.items() if site in sites)]

    async def _logs(
        self, start: datetime, end: datetime, few: Sequence[SubjectKey] | None
    ) -> Mapping[SubjectKey, Sequence[Transition]]:
        if few is None:
            return await self._store.transitions(start, end)
        parts = [await self._store.transitions(start, end, subject) for subject in few]
        return {subject: log for part in parts for subject, log in part.items()}

    async def _tests(self, start: datetime, end: datetime, few: Sequence[SubjectKey] | None) -> list[StoredTest]:
        if few is None:
            return await self._store.speed_tests(start, end)
        parts = [await self._store.speed_tests(start, end, name) for noun, name in few if noun == "link"]
        return list(chain.from_iterable(parts))

    async def _heartbeats(
        self, start: datetime, end: datetime, logs: Mapping[SubjectKey, Sequence[Transition]]
    ) -> list[Heartbeat]:
        """From the first record on: where a run ended before the month, what was said in it has ended."""
        earliest = min((record.at for log in logs.values() for record in log), default=start)
        last = max((record.noticed_at for log in logs.values() for record in log), default=end)
        return await self._store.heartbeats(min(start, earliest), max(end, last) + timedelta(seconds=1), self._monitor)

    def _with_assumed(
        self, terms: Mapping[SubjectKey, Read], logs: Mapping[SubjectKey, Sequence[Transition]]
    ) -> Mapping[SubjectKey, Read]:
        """Where the history says nothing of what held for a subject that it knows, what the inventory says now."""
        silent = [subject for subject in self._stated if subject not in terms and subject in logs]
        self.are_terms_assumed |= bool(silent)
        return {**terms, **{subject: self._terms.assumed(self._stated[subject]) for subject in silent}}

    async def month(self, whole: Whole, ward: WardAsked, written: Written) -> MonthFacts:
        """The part of a month that is a ward's.

        Raises:
            HistoryError: The rollups cannot be read.
        """
        mine = {subject: read for subject, read in whole.terms.items() if _is_of(read, ward)}
        start, end = moment(whole.period.interval.start), moment(whole.until)
        hourly = await self._store.hourly(start, end, ward.key)
        shortest = Span.DAY if any(_changes(read, whole) for read in mine.values()) else None
        blocks = self._store.blocks(start, end, ward.key, shortest=shortest)
        measured = await measured_of(blocks, by_day=shortest is not None)
        sites = {read.site for read in mine.values()}
        return MonthFacts(
            period=whole.period,
            until=whole.until,
            links=[self._link(key[1], read, whole, measured, hourly) for key, read in mine.items() if key[0] == "link"],
            services=[
                SubjectFacts(key[1], read.terms, whole.logs.get(key, ()), measured.get(key[1], ()))
                for key, read in mine.items()
                if key[0] == "service"
            ],
            devices=[
                DeviceFacts(device, site, whole.logs["device", device])
                for device, site in self._devices.items()
                if site in sites and ("device", device) in whole.logs
            ],
            runs=whole.runs,
            announcements=written.announcements,
            incidents=whole.incidents.get(ward.setting.scope.ward, ()),
            annotations=written.annotations,
            hours_stored=hourly.hours,
        )

    def _link(
        self, link: str, read: Read, whole: Whole, measured: Mapping[str, Sequence[Measured]], hourly: Hourly
    ) -> SubjectFacts:
        return SubjectFacts(
            id=link,
            terms=read.terms,
            log=whole.logs.get(("link", link), ()),
            measured=measured.get(link, ()),
            hourly=HourlyMeans(hourly.download.get(link, ()), hourly.upload.get(link, ())),
            tests=whole.tests.get(link, ()),
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


def _is_of(read: Read, ward: WardAsked) -> bool:
    scope = ward.setting.scope
    return read.ward == scope.ward and (not scope.sites or read.site in scope.sites)


def _changes(read: Read, whole: Whole) -> bool:
    """Whether something else held for a subject in one part of the month than in another."""
    within = Interval(whole.period.interval.start, whole.until)
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


def _runs(heartbeats: Iterable[Heartbeat]) -> list[Run]:
    return [Run(between(one.began, one.until), one.blind) for one in heartbeats]


def _by_ward(incidents: Iterable[Incident]) -> dict[str, list[Incident]]:
    found: dict[str, list[Incident]] = defaultdict(list)
    for incident in incidents:
        found[incident.ward].append(incident)
    return found


def _by_link(tests: Iterable[StoredTest]) -> dict[str, list[SpeedTested]]:
    found: dict[str, list[SpeedTested]] = defaultdict(list)
    for test in tests:
        found[test.link].append(SpeedTested(test.direction, instant(test.at), test.bits_per_second))
    return found
