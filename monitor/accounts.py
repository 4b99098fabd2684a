"""The month's account of each link and service: time in each state, availability, what is left of its budget."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from history.facts import Heartbeat
from model.alerting import MaintenanceWindow
from model.availability import Availability, Frame, Share, Tally, availability
from model.budget import Promise, remaining_ratio
from model.calendar import service_spans
from model.intervals import Interval, Ruler, Spans, instant, merged, moment, without
from model.inventory import Inventory, Link, Service, Site
from model.maintenance import Announcement, covers, excused, open_spans
from model.measurement import SubjectKey
from model.outages import OutageKind
from model.periods import Periods
from model.state_clock import StateClock
from model.timeline import Watch
from model.transition import Transition

_SETTLED_AFTER: Final = timedelta(seconds=30)
"""How far back a transition may be dated: detection, its longest burst and the time-outs are over by then."""
_AHEAD: Final = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Account:
    """What the month so far came to.

    Attributes:
        subject: A link or service.
        tally: Time in each state since the monitor began to count.
        month: The month so far.
        budget: Share of the month's tolerated outage that is left; ``None`` where no availability is required.
    """

    subject: SubjectKey
    tally: Tally
    month: Availability
    budget: float | None

    @property
    def share(self) -> Share:
        """What the requirement is judged by: inside service hours, without excused time."""
        return self.month.inside.link if self.subject[0] == "link" else self.month.inside.service

    @property
    def outages(self) -> Mapping[str, int]:
        """How many outages and micro-outages began this month."""
        return {OutageKind.OUTAGE.value: self.month.failures, OutageKind.MICRO.value: self.month.micro_outages}


@dataclass(slots=True)
class _Book:
    """What is written of one subject."""

    site: Site
    item: Link | Service
    clock: StateClock
    log: list[Transition] = field(default_factory=list)
    share: Share | None = None


class Accounts:
    """The accounts of every link and service."""

    def __init__(self) -> None:
        self._inventory = Inventory()
        self._books: dict[SubjectKey, _Book] = {}
        self._runs: list[Heartbeat] = []
        self._announced: dict[str, Announcement] = {}

    @property
    def announcements(self) -> Mapping[str, Announcement]:
        """The maintenance windows, and since when everybody could know of each."""
        return self._announced

    def announced(self, announcements: Mapping[str, Announcement]) -> None:
        """Take over what was announced before the monitor started."""
        self._announced = {**self._announced, **announcements}

    def load(self, inventory: Inventory, began: datetime) -> None:
        """Take over an inventory; what stays goes on to be counted.

        Args:
            inventory: What is watched.
            began: From when on new subjects are counted, aware UTC.
        """
        before, self._books, self._inventory = self._books, {}, inventory
        self._announce(inventory.maintenance, began)
        items: list[tuple[SubjectKey, Site, Link | Service]] = [
            *((("link", link.id), site, link) for site, link in inventory.links()),
            *((("service", service.id), site, service) for site, service in inventory.services()),
        ]
        for subject, site, item in items:
            away = Ruler(self._excused(subject, site, Interval(instant(began), instant(began + _AHEAD))))
            book = before.get(subject) or _Book(site, item, StateClock(began, away))
            book.site, book.item, book.clock.excused = site, item, away
            self._books[subject] = book

    def remember(self, transitions: Mapping[SubjectKey, Sequence[Transition]], runs: Iterable[Heartbeat]) -> None:
        """Take over what the history knows of this month."""
        self._runs = [*runs]
        for subject, log in transitions.items():
            if subject in self._books:
                self._books[subject].log = [*log]

    def beat(self, run: Heartbeat) -> None:
        """The monitor's run has gone on, or a new one has begun."""
        if self._runs and (self._runs[-1].began, self._runs[-1].blind) == (run.began, run.blind):
            self._runs[-1] = run
        else:
            self._runs.append(run)

    def enter(self, transition: Transition) -> None:
        """A link or service has passed to another state."""
        if book := self._books.get(transition.subject):
            book.log.append(transition)
            book.clock.enter(transition)

    def subjects(self) -> list[SubjectKey]:
        """Everything with an account."""
        return list(self._books)

    def share(self, subject: SubjectKey) -> Share | None:
        """Of the month so far, as last reckoned."""
        book = self._books.get(subject)
        return book.share if book else None

    def reckon(self, subject: SubjectKey, now: datetime) -> Account | None:
        """The account of one subject now."""
        book = self._books.get(subject)
        if book is None:
            return None
        book.clock.settle(now - _SETTLED_AFTER)
        zone = self._zone(book.site)
        month = Periods(zone).at(now)
        self._forget_before(book, month.interval.start)
        whole = self._frame(subject, book, zone, month.interval)
        so_far = self._frame(subject, book, zone, month.until(now))
        reckoned = availability(book.log, self._watch(), so_far)
        account = Account(subject, book.clock.spent, reckoned, self._budget(book, reckoned, whole, zone, now))
        book.share = account.share
        return account

    def between(
        self, subject: SubjectKey, period: Interval, log: Sequence[Transition], runs: Iterable[Heartbeat]
    ) -> Availability | None:
        """The availability of one subject over any period, from facts that were read from the history."""
        book = self._books.get(subject)
        if book is None:
            return None
        return availability(log, watch_of(runs), self._frame(subject, book, self._zone(book.site), period))

    def in_maintenance(self, now: datetime) -> frozenset[SubjectKey]:
        """Every link, device and service over which a window is open."""
        instant_now = instant(now)
        within = Interval(instant_now, instant_now + 1)
        found: set[SubjectKey] = set()
        for site in self._inventory.sites:
            zone = self._zone(site)
            windows = [window for window in self._inventory.maintenance if open_spans(window, zone, within)]
            found.update(subject for subject in _all_of(site) for window in windows if covers(window, subject, site.id))
        return frozenset(found)

    def _budget(self, book: _Book, month: Availability, whole: Frame, zone: ZoneInfo, now: datetime) -> float | None:
        requirement = self._inventory.requirement_of(book.item, now.astimezone(zone))
        if requirement is None or requirement.availability is None:
            return None
        scheduled = whole.measure(*whole.period)[0] / 1_000
        bad = (month.inside.link if isinstance(book.item, Link) else month.inside.service).down / 1_000
        return remaining_ratio([Promise(requirement.availability, scheduled)], bad)

    def _frame(self, subject: SubjectKey, book: _Book, zone: ZoneInfo, period: Interval) -> Frame:
        hours: Spans = service_spans(book.site.service_hours, zone, period) if book.site.service_hours else (period,)
        return Frame(period, hours, self._excused(subject, book.site, period))

    def _excused(self, subject: SubjectKey, site: Site, within: Interval) -> Spans:
        announced = [each for each in self._announced.values() if covers(each.window, subject, site.id)]
        return excused(announced, self._zone(site), within) if announced else ()

    def _announce(self, windows: Iterable[MaintenanceWindow], at: datetime) -> None:
        known = self._announced
        self._announced = {
            window.id: known[window.id]
            if window.id in known and known[window.id].window == window
            else Announcement(window, at)
            for window in windows
        }

    def _zone(self, site: Site) -> ZoneInfo:
        ward = self._inventory.ward_of(site)
        return ZoneInfo(ward.timezone if ward else "UTC")

    def _watch(self) -> Watch:
        return watch_of(self._runs)

    def _forget_before(self, book: _Book, start: int) -> None:
        """Keep the last record before the month, which says how it began."""
        begin = moment(start)
        older = [index for index, record in enumerate(book.log) if record.noticed_at < begin]
        if len(older) > 1:
            del book.log[: older[-1]]


def watch_of(runs: Iterable[Heartbeat]) -> Watch:
    """When the monitor was alive and saw: its runs, without the time in which it was blind."""
    known = list(runs)
    blind = merged(_interval(run) for run in known if run.blind)
    alive = (_interval(run) for run in known if not run.blind)
    return Watch(part for run in alive for part in without((run,), blind))


def _interval(run: Heartbeat) -> Interval:
    return Interval(instant(run.began), instant(run.until))


def _all_of(site: Site) -> Iterable[SubjectKey]:
    yield from (("link", link.id) for link in site.links)
    yield from (("device", device.id) for device in site.devices)
    yield from (("service", service.id) for service in site.services)
