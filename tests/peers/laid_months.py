"""What a review of laid-down months must say: counted second by second from what is true, without the reckoning."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.inventory import Inventory, Link, Site
from model.periods import Period
from model.requirement import Requirement
from model.verdict import Outcome
from monitor.demo.months.events import PastOutage
from monitor.demo.months.truth import LinkMonth, MonthsTruth
from monitor.demo.ward import SitePlan
from reports.sections.outages import Cause, SaidBy
from tests.peers.chance import judged

Seconds = NDArray[np.bool_]
HANOI = timedelta(hours=7)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TENTH = 1e-4
BLUR = 1.03
"""How far from a limit the buckets of a sketch tell values apart."""


class Calendar:
    """A month as a row of seconds."""

    def __init__(self, truth: MonthsTruth, month: Period) -> None:
        self.truth, self.month = truth, month
        self.first = month.interval.start // 1_000
        self.last = min(month.interval.end // 1_000, int(truth.past.end.timestamp()))
        self.length = self.last - self.first
        self._hours: dict[tuple[str, ...], Seconds] = {}

    def between(self, start: datetime, end: datetime) -> Seconds:
        """The seconds of the month between two times."""
        return self.covered([(start, end)])

    def covered(self, spans: Iterable[tuple[datetime, datetime]]) -> Seconds:
        """The seconds of the month that any of these covers."""
        found = np.zeros(self.length, np.bool_)
        for start, end in spans:
            a, b = (int(at.timestamp()) - self.first for at in (start, end))
            found[max(0, a) : max(0, b)] = True
        return found

    @cached_property
    def weekday(self) -> NDArray[np.int64]:
        """Of each second, Monday is 0, by a clock seven hours ahead."""
        return (self._local // 86_400 + 3) % 7  # 1 January 1970 was a Thursday

    @cached_property
    def minute(self) -> NDArray[np.int64]:
        """Of each second, the minute of its day."""
        return self._local % 86_400 // 60

    @cached_property
    def _local(self) -> NDArray[np.int64]:
        return np.arange(self.first, self.last) + int(HANOI.total_seconds())

    @cached_property
    def unseen(self) -> Seconds:
        """When the monitor was off or blind, and the two seconds after that until it knew how all was."""
        look = timedelta(seconds=2)
        past = self.truth.past
        return self.covered([(past.begin, past.begin + look), *((one.start, one.end + look) for one in past.pauses)])

    def hours(self, texts: tuple[str, ...]) -> Seconds:
        """Service hours such as Mon-Fri 07:30-11:30."""
        if texts not in self._hours:
            self._hours[texts] = self._open(texts)
        return self._hours[texts]

    def _open(self, texts: tuple[str, ...]) -> Seconds:
        found = np.zeros(self.length, np.bool_)
        for text in texts:
            days, times = text.split()
            first, last = days.split("-")
            start, end = (int(one[:2]) * 60 + int(one[3:]) for one in times.split("-"))
            in_week = (self.weekday >= DAYS.index(first)) & (self.weekday <= DAYS.index(last))
            found |= in_week & (self.minute >= start) & (self.minute < end)
        return found


@dataclass(frozen=True)
class Counted:
    """An outage as the review must tell it.

    Attributes:
        one: What happened.
        start: Its first second that no work excuses.
        whole: Seconds that no work excuses, also outside the month.
        inside: Those of the month.
    """

    one: PastOutage
    start: datetime
    whole: int
    inside: Seconds

    @property
    def cause(self) -> Cause:
        """What the review can know."""
        return Cause.UNKNOWN if self.one.said_by is SaidBy.NOBODY else self.one.cause


class LinkBook:
    """A link in a month, second by second."""

    def __init__(self, calendar: Calendar, site: SitePlan, link: Link) -> None:
        self.calendar, self.site, self.link = calendar, site, link
        truth, cast = calendar.truth, calendar.truth.past.cast
        self.outages = truth.outages(link.id)
        self.begin = cast.young_since if link.id == cast.young else truth.past.begin
        self.present = calendar.between(self.begin, truth.past.end)
        look = calendar.between(self.begin, self.begin + timedelta(seconds=2))
        self.seen = self.present & ~calendar.unseen & ~look
        self.own = calendar.covered((one.start, one.end) for one in self.outages if one.is_own)
        self.above = calendar.covered((one.start, one.end) for one in self.outages if not one.is_own)
        self.works = [one for one in truth.past.works if one.link == link.id and one.announced_at <= one.start]
        self.away = calendar.covered((one.start, one.end) for one in self.works)
        self.hours = calendar.hours(site.service_hours) & self.present

    @property
    def known(self) -> LinkMonth:
        """What was measured."""
        return self.calendar.truth.measured.get((self.link.id, self.calendar.month.name), LinkMonth())

    @property
    def dark(self) -> Seconds:
        """Down or unreachable."""
        return self.own | self.above

    @property
    def passing(self) -> Seconds:
        """Known to pass."""
        return self.seen & ~self.dark

    def states(self, where: Seconds) -> dict[str, int]:
        """How long it was in each state, maintenance laid over what is beneath."""
        kept = where & self.present & ~self.away
        return {
            "up": count(kept & self.passing),
            "degraded": 0,
            "down": count(kept & self.own),
            "unreachable": count(kept & self.above),
            "unknown": count(kept & ~self.seen),
            "maintenance": count(where & self.present & self.away),
        }

    @cached_property
    def counted(self) -> list[Counted]:
        """The outages that touch the month with seconds that no work excuses, in order."""
        found = []
        for one in self.outages:
            seconds = range(int(one.start.timestamp()), int(one.end.timestamp()))
            left = [at for at in seconds if not self._excuses(at)] if self.works else seconds
            inside = self.calendar.between(one.start, one.end) & ~self.away
            if inside.any():
                found.append(Counted(one, datetime.fromtimestamp(left[0], UTC), len(left), inside))
        return found

    def _excuses(self, at: int) -> bool:
        return any(one.start.timestamp() <= at < one.end.timestamp() for one in self.works)

    def begins(self, one: Counted) -> bool:
        """Whether an outage began in the month."""
        return one.start.timestamp() >= self.calendar.first

    @property
    def failures(self) -> list[Counted]:
        """Of the line itself, of ten seconds or more, begun in the month."""
        return [one for one in self.counted if one.one.is_own and one.whole >= 10 and self.begins(one)]

    def targets(self, required: Requirement) -> list[tuple[Seconds, float]]:
        """The availability that was required, and when: of the office it was raised once."""
        assert required.availability is not None
        changed = self.calendar.between(self.calendar.truth.past.cast.changed_at, datetime(9999, 1, 1, tzinfo=UTC))
        if self.site.kind != "office":
            return [(self.present, required.availability)]
        return [(self.present & ~changed, 0.995), (self.present & changed, required.availability)]

    def availability(self, required: Requirement) -> Outcome:
        """By all that was tolerated."""
        inside = self.states(self.hours)
        tolerated = 0.0
        for where, target in self.targets(required):
            part = self.states(self.hours & where)
            tolerated += (1 - target) * (part["up"] + part["down"] + part["unreachable"] + part["unknown"])
        if inside["down"] + inside["unknown"] <= tolerated + 1e-6:
            return Outcome.MET
        return Outcome.BREACHED if inside["down"] > tolerated + 1e-6 else Outcome.UNKNOWN

    def left_out(self) -> int:
        """Probes of outages: one in each second that was measured."""
        return count(self.dark & self.present & ~self._unmeasured)

    def measured(self) -> int:
        """Seconds in each of which a probe was sent."""
        return count(self.present & ~self._unmeasured)

    @property
    def _unmeasured(self) -> Seconds:
        return self.calendar.covered((one.start, one.end) for one in self.calendar.truth.past.pauses)

    def probes(self) -> tuple[int, int]:
        """Sent and lost, without those of outages."""
        out = self.left_out()
        return self.known.sent - out, self.known.lost - out

    def loss(self, limit: float) -> set[Outcome]:
        """Whether so many were lost by chance."""
        sent, lost = self.probes()
        return {judged(lost, sent, limit) if self.is_measured() else Outcome.UNKNOWN}

    def times(self, values: Mapping[int, int], limit: float, allowed: float) -> set[Outcome]:
        """Whether so many were slower by chance, the lost among them; two where the limit divides a bucket."""
        sent, lost = self.probes()
        if not self.is_measured():
            return {Outcome.UNKNOWN}

        def slower(than: float) -> int:
            return lost + sum(number for value, number in values.items() if value * TENTH > than)

        exact = judged(slower(limit), sent, allowed)
        if slower(limit / BLUR) != slower(limit * BLUR):
            return {exact, Outcome.UNKNOWN}
        return {exact}

    def is_measured(self) -> bool:
        """Whether half of the time was."""
        return 2 * self.known.sent >= count(self.present) > 0

    def speed(self, way: int) -> tuple[Outcome, int]:
        """Whether so many tests missed 80 % of what was sold then by chance, and how many did."""
        tests = [
            (one.bits_per_second, 0.8 * self.sold(one.at)[way])
            for one in self.known.tests
            if one.direction == ("download", "upload")[way] and one.bits_per_second is not None
        ]
        slower = sum(rate < limit for rate, limit in tests if rate is not None)
        outcome = judged(slower, len(tests), 0.2)
        last = 0.8 * self.sold(datetime.fromtimestamp(self.calendar.last - 1, UTC))[way]
        if outcome is Outcome.UNKNOWN and self.known.peaks[way] >= last:
            return Outcome.MET, slower
        return outcome, slower

    def sold(self, at: datetime) -> tuple[float, float]:
        """The contract at a time: of one link it was doubled once."""
        cast, contracted = self.calendar.truth.past.cast, self.link.contracted
        assert contracted is not None
        half = 2 if self.link.id == cast.upgraded and at < cast.changed_at else 1
        assert contracted.download is not None
        assert contracted.upload is not None
        return contracted.download / half, contracted.upload / half


class SiteSeconds:
    """A site in a month: lost while all of its links are."""

    def __init__(self, site: SitePlan, books: list[LinkBook]) -> None:
        self.site, self.books = site, books
        self.calendar = books[0].calendar
        self.present = np.logical_or.reduce([one.present for one in books])
        self.passing = np.logical_or.reduce([one.passing for one in books])
        stopped = self.present & ~self.passing
        planned = np.logical_and.reduce([one.away | ~one.present for one in books])
        failed = np.logical_and.reduce([one.dark | one.away | ~one.present for one in books]) & ~planned
        self.hours = self.calendar.hours(site.service_hours) & self.present
        self.lost_at_all = stopped & failed
        self.lost = self.lost_at_all & self.hours
        self.unknown = stopped & ~planned & ~failed & self.hours
        self.open = self.hours & ~(stopped & planned)
        self.cut = stopped & np.logical_and.reduce([one.dark | ~one.present for one in books])

    def citizen_hours(self, where: Seconds) -> float:
        """By the citizens that come in an hour."""
        return count(where) / 3_600 * self.site.citizens_per_hour

    def interruptions(self) -> int:
        """Ten seconds or more, begun in the month, that cost service hours."""
        found = 0
        if not self.lost_at_all.any():
            return found
        for number in set(self._numbers[self.lost_at_all].tolist()):
            one = self.lost_at_all & (self._numbers == number)
            went_on = one[0] and any(each.start.timestamp() < self.calendar.first for each in self._first())
            found += count(one) >= 10 and bool((one & self.hours).any()) and not went_on
        return found

    @cached_property
    def _numbers(self) -> NDArray[np.int64]:
        return np.cumsum(np.diff(np.concatenate([[False], self.passing]).astype(np.int8)) == 1)

    def _first(self) -> list[Counted]:
        return [one for book in self.books for one in book.counted if one.inside[0]]


class MonthBook:
    """All links and sites of a month."""

    def __init__(self, truth: MonthsTruth, inventory: Inventory, month: Period) -> None:
        self.calendar = Calendar(truth, month)
        plans = {site.id: site for site in truth.ward.sites}
        books = [LinkBook(self.calendar, plans[site.id], link) for site, link in self._sorted(inventory)]
        self.links = [one for one in books if one.present.any()]
        by_site: defaultdict[str, list[LinkBook]] = defaultdict(list)
        for one in self.links:
            by_site[one.site.id].append(one)
        self.sites = {site: SiteSeconds(plans[site], some) for site, some in by_site.items()}

    @staticmethod
    def _sorted(inventory: Inventory) -> list[tuple[Site, Link]]:
        return sorted(inventory.links(), key=lambda one: (one[0].id, one[1].id))

    def waited(self) -> list[int]:
        """Seconds until somebody took on the incidents of the outages that began, each incident once."""
        found = {
            one.one.group: one.one.taken_after
            for book in self.links
            for one in book.counted
            if book.begins(one) and one.whole >= 10 and one.one.taken_after is not None
        }
        return [after for after in found.values() if after is not None]


def count(where: Seconds) -> int:
    """Seconds."""
    return int(where.sum())


def ratio(part: float, whole: float) -> float | None:
    """None of nothing."""
    return part / whole if whole > 0 else None


def ranked(values: Mapping[int, int], share: float, n: int) -> float | None:
    """The value, in seconds, that this share of ``n`` does not exceed, by nearest rank; ``None`` among the lost."""
    rank = max(1, -(-round(share * 1_000) * n // 1_000))
    for value in sorted(values):
        rank -= values[value]
        if rank <= 0:
            return value * TENTH
    return None


def total(rows: Iterable[Mapping[str, int]]) -> Counter[str]:
    """Of all states together."""
    found: Counter[str] = Counter()
    for row in rows:
        found.update(row)
    return found
