"""The month's account of each link and service: time in each state, availability, what is left of its budget."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from history.facts import Heartbeat
from model.alerting import MaintenanceWindow
from model.availability import Availability, Frame, Share, Tally, availability
from model.budget import BURN_WINDOWS, Promise, Spent, burn_rate, remaining_ratio
from model.calendar import service_spans
from model.intervals import DAY, SECOND, Interval, Ruler, Spans, instant, merged, moment, without
from model.inventory import Inventory, Link, Service, Site
from model.maintenance import Announcement, covers, excused, open_spans
from model.measurement import SubjectKey
from model.outages import OutageKind
from model.periods import Periods
from model.state import State
from model.state_clock import StateClock
from model.timeline import Watch
from model.transition import Transition
from monitor.announced import Announced
from monitor.heart import LONGEST_PAUSE

_SETTLED_AFTER: Final = (20.0, 6)
"""How far back a transition may be dated, in seconds and further intervals of the subject: its detection with the
longest burst, or its recovery, and the time-outs are over by then."""
_ACCOUNTABLE: Final = frozenset({"link", "service"})
_BEHIND: Final = round(BURN_WINDOWS[-1] * SECOND) + DAY
"""Milliseconds that are looked back from the beginning of a month: burn rates do, and clocks that lag behind."""


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
        return _share_of(self.subject, self.month)

    @property
    def outages(self) -> Mapping[str, int]:
        """How many outages and micro-outages began this month."""
        return {OutageKind.OUTAGE.value: self.month.failures, OutageKind.MICRO.value: self.month.micro_outages}


@dataclass(frozen=True, slots=True)
class _Setting:
    """A month and the days before it that are looked back at: the same for all that is reckoned in it."""

    month: Interval
    hours: Spans
    excused: Spans
    whole: Frame

    @property
    def reach(self) -> Interval:
        """What it tells about."""
        return Interval(self.month.start - _BEHIND, self.month.end)


@dataclass(slots=True)
class _Book:
    """What is written of one subject."""

    site: Site
    item: Link | Service
    clock: StateClock
    log: list[Transition]
    share: Share | None = None
    setting: _Setting | None = None

    def settled(self, now: datetime) -> datetime:
        """Up to when no later transition can be dated back."""
        seconds, intervals = _SETTLED_AFTER
        return now - timedelta(seconds=seconds + intervals * self.item.interval + self.item.timeout)

    def lose_sight(self, at: datetime) -> None:
        """Nothing is known from then on, until the next transition."""
        self.clock.enter(Transition(("link", self.item.id), State.UNKNOWN, State.UNKNOWN, at, 0.0, at))


class Accounts:
    """The accounts of every link and service."""

    def __init__(self) -> None:
        self._inventory = Inventory()
        self._zones: dict[str | None, ZoneInfo] = {}  # by ward; of sites that name none
        self._books: dict[SubjectKey, _Book] = {}
        self._logs: dict[SubjectKey, list[Transition]] = {}  # also of what the inventory no longer holds
        self._runs: list[Heartbeat] = []
        self._announced = Announced()

    @property
    def announcements(self) -> Mapping[str, Announcement]:
        """The maintenance windows that the inventory holds, and since when everybody could know of each."""
        return self._announced.held

    @property
    def all_announcements(self) -> Sequence[Announcement]:
        """These, and the former ones, which excuse what they have excused."""
        return self._announced.all()

    def announced(self, announced: Announced, began: datetime) -> None:
        """Take over what was announced before the monitor began; what it has found since then goes on from there."""
        since, self._announced = self._announced, announced
        if since.held:
            announced.hold([each.window for each in since.held.values()], began)

    def load(self, inventory: Inventory, began: datetime, now: datetime | None = None) -> None:
        """Take over an inventory; what stays goes on to be counted.

        Args:
            inventory: What is watched.
            began: From when on new subjects are counted, aware UTC.
            now: When the inventory became known, aware UTC; where it is left out, ``began``.
        """
        before, self._books, self._inventory = self._books, {}, inventory
        self._zones = {ward.id: ZoneInfo(ward.timezone) for ward in inventory.all_wards()}
        if inventory.ward:
            self._zones[None] = ZoneInfo(inventory.ward.timezone)
        self._announced.hold(inventory.maintenance, now or began)
        items: list[tuple[SubjectKey, Site, Link | Service]] = [
            *((("link", link.id), site, link) for site, link in inventory.links()),
            *((("service", service.id), site, service) for site, service in inventory.services()),
        ]
        for subject, site, item in items:
            log = self._logs.setdefault(subject, [])
            book = before.get(subject) or _Book(site, item, StateClock(began, Ruler(())), log)
            book.site, book.item, book.setting = site, item, None
            self._books[subject] = book

    def remember(
        self, transitions: Mapping[SubjectKey, Sequence[Transition]], runs: Iterable[Heartbeat], began: datetime
    ) -> None:
        """Put what the history knows of the time before this monitor began before what it has seen since."""
        first = self._runs[0].began if self._runs else None
        self._runs[:0] = [run for run in runs if first is None or run.began < first]
        for subject, log in transitions.items():
            if subject[0] in _ACCOUNTABLE:
                known = self._logs.setdefault(subject, [])
                known[:0] = [record for record in log if not known or record.noticed_at <= began]

    def beat(self, run: Heartbeat) -> None:
        """The monitor's run has gone on, or a new one has begun."""
        last = self._runs[-1] if self._runs else run
        if (last.began, last.blind) == (run.began, run.blind):
            self._runs[-1:] = [run]
            return
        self._runs.append(run)
        for subject, book in self._books.items():
            self._setting(subject, book, run.began)
            book.lose_sight(min(last.until, run.began))

    def enter(self, transition: Transition) -> None:
        """A link or service has passed to another state."""
        if transition.subject[0] not in _ACCOUNTABLE:
            return
        self._logs.setdefault(transition.subject, []).append(transition)
        if book := self._books.get(transition.subject):
            self._setting(transition.subject, book, transition.noticed_at)
            last = self._runs[-1].until if self._runs else transition.noticed_at
            if transition.noticed_at - last > LONGEST_PAUSE:
                # We were held up: the next beat will find that out, and let everything be said anew.
                book.lose_sight(last)
            else:
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
        setting = self._setting(subject, book, now)
        month = setting.month
        self._forget_before(book, min(month.start, instant(now) - round(BURN_WINDOWS[-1] * SECOND)))
        book.clock.settle(min(book.settled(now), self._runs[-1].until) if self._runs else book.settled(now))
        so_far = self._frame(subject, book, Interval(month.start, min(month.end, max(month.start, instant(now)))))
        reckoned = availability(book.log, self._watch(), so_far)
        budget = self._budget(subject, book, reckoned, setting)
        account = Account(subject, book.clock.spent, reckoned, budget)
        book.share = account.share
        return account

    def burn_rates(self, subject: SubjectKey, now: datetime) -> Mapping[float, float | None]:
        """How many times faster than tolerated the budget goes, over each window in seconds that alerts look at.

        Nothing where no availability is required; ``None`` where too little of a window is known.
        """
        book = self._books.get(subject)
        if book is None:
            return {}
        zone = self._zone(book.site)
        requirement = self._inventory.requirement_of(book.item, now.astimezone(zone))
        if requirement is None or requirement.availability is None:
            return {}
        target = requirement.availability
        return {window: burn_rate(self._spent(subject, book, now, window), target) for window in BURN_WINDOWS}

    def _spent(self, subject: SubjectKey, book: _Book, now: datetime, window: float) -> Spent:
        end = instant(now)
        frame = self._frame(subject, book, Interval(end - round(window * SECOND), end))
        share = _share_of(subject, availability(book.log, self._watch(), frame))
        known = share.up + share.down
        return Spent(share.down / SECOND, known / SECOND, frame.measure(*frame.period)[0] / SECOND)

    def between(
        self, subject: SubjectKey, period: Interval, log: Sequence[Transition], runs: Iterable[Heartbeat]
    ) -> Availability | None:
        """The availability of one subject over any period, from facts that were read from the history."""
        book = self._books.get(subject)
        if book is None:
            return None
        return availability(log, watch_of(runs), self._frame(subject, book, period))

    def in_maintenance(self, now: datetime) -> frozenset[SubjectKey]:
        """Every link, device and service over which a window is open."""
        instant_now = instant(now)
        within = Interval(instant_now, instant_now + 1)
        found: set[SubjectKey] = set()
        open_by: dict[ZoneInfo, list[MaintenanceWindow]] = {}  # a city has thousands of sites, and few clocks
        for site in self._inventory.sites:
            zone = self._zone(site)
            if (windows := open_by.get(zone)) is None:
                windows = [window for window in self._inventory.maintenance if open_spans(window, zone, within)]
                open_by[zone] = windows
            found.update(subject for window in windows for subject in _all_of(site) if covers(window, subject, site.id))
        return frozenset(found)

    def _budget(self, subject: SubjectKey, book: _Book, so_far: Availability, setting: _Setting) -> float | None:
        requirement = self._inventory.requirement_of(book.item)
        if requirement is None:
            return None
        zone = self._zone(book.site)
        month, whole = setting.month, setting.whole
        parts = [
            (Interval(instant(start), instant(end)), version.availability)
            for start, end, version in requirement.periods(_local(month.start, zone), _local(month.end, zone))
            if version.availability is not None
        ]
        promises = [Promise(target, whole.measure(*part)[0] / SECOND) for part, target in parts]
        bad = sum(self._down(subject, book, so_far, part) for part, _ in parts) / SECOND
        return remaining_ratio(promises, bad)

    def _down(self, subject: SubjectKey, book: _Book, so_far: Availability, part: Interval) -> int:
        """Milliseconds of the part of a month that count as down, as far as it has passed."""
        within = Interval(max(part.start, so_far.period.start), min(part.end, so_far.period.end))
        if within != so_far.period:
            if within.end <= within.start:
                return 0
            so_far = availability(book.log, self._watch(), self._frame(subject, book, within))
        return _share_of(subject, so_far).down

    def _frame(self, subject: SubjectKey, book: _Book, period: Interval) -> Frame:
        setting = book.setting
        if setting and setting.reach.start <= period.start and period.end <= setting.reach.end:
            return Frame(period, setting.hours, setting.excused)
        return Frame(period, self._hours(book.site, period), self._excused(subject, book.site, period))

    def _setting(self, subject: SubjectKey, book: _Book, now: datetime) -> _Setting:
        """Of this month; the clock goes by it too."""
        if book.setting is None or not book.setting.month.start <= instant(now) < book.setting.month.end:
            month = Periods(self._zone(book.site)).at(now).interval
            reach = Interval(month.start - _BEHIND, month.end)
            hours, away = self._hours(book.site, reach), self._excused(subject, book.site, reach)
            book.setting = _Setting(month, hours, away, Frame(month, hours, away))
            book.clock.excused = Ruler(away)
        return book.setting

    def _hours(self, site: Site, within: Interval) -> Spans:
        return service_spans(site.service_hours, self._zone(site), within) if site.service_hours else (within,)

    def _excused(self, subject: SubjectKey, site: Site, within: Interval) -> Spans:
        announced = [each for each in self._announced.all() if covers(each.window, subject, site.id)]
        return excused(announced, self._zone(site), within) if announced else ()

    def _zone(self, site: Site) -> ZoneInfo:
        return self._zones.get(site.ward) or ZoneInfo("UTC")

    def _watch(self) -> Watch:
        return watch_of(self._runs)

    def _forget_before(self, book: _Book, start: int) -> None:
        """Keep the last record before the month, which says how it began."""
        begin = moment(start)
        older = [index for index, record in enumerate(book.log) if record.noticed_at < begin]
        if len(older) > 1:
            del book.log[: older[-1]]


def _share_of(subject: SubjectKey, reckoned: Availability) -> Share:
    return reckoned.inside.link if subject[0] == "link" else reckoned.inside.service


def _local(at: int, zone: ZoneInfo) -> datetime:
    return moment(at).astimezone(zone)


def watch_of(runs: Iterable[Heartbeat]) -> Watch:
    """When the monitor was alive and saw."""
    return Watch(seen(runs))


def seen(runs: Iterable[Heartbeat]) -> list[Interval]:
    """When the monitor was alive and saw: its runs, without the time in which it was blind."""
    known = list(runs)
    blind = merged(_interval(run) for run in known if run.blind)
    return [part for run in known if not run.blind for part in without((_interval(run),), blind)]


def _interval(run: Heartbeat) -> Interval:
    return Interval(instant(run.began), instant(run.until))


def _all_of(site: Site) -> Iterable[SubjectKey]:
    yield from (("link", link.id) for link in site.links)
    yield from (("device", device.id) for device in site.devices)
    yield from (("service", service.id) for service in site.services)
