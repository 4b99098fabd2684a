"""Draws what happened in the months before: the same seed gives the same months."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from model.intervals import moment
from model.periods import Period
from monitor.demo.months.calendar import Calendar
from monitor.demo.months.cast import HALF_YEAR, Cast, begins, cast_of
from monitor.demo.months.clock import in_month
from monitor.demo.months.events import Past, PastOutage, Pause, ServiceFault, Work
from monitor.demo.ward import LinkPlan, WardPlan
from reports.sections.outages import Cause, SaidBy

_QUIET_END: Final = timedelta(hours=1)  # what is drawn is over by then, so that the daemon finds all well
_MEDIAN: Final = 700.0  # seconds of an outage
_AREA: Final = 8  # sites that a cut fibre strikes at the most
_RATE: Final = 0.5  # outages of a link in a month
_SEEN: Final = 0.8  # of the incidents of a day
_EVENING: Final = 11  # UTC, which is 18:00 in Hanoi; midnight UTC is 07:00


@dataclass(frozen=True, slots=True)
class _Kind:
    """What an outage of one link can be.

    Attributes:
        share: Of all.
        cause: What it really is.
        said_by: How that can be known.
        median: Seconds.
        spread: Of the logarithm of the seconds.
    """

    share: float
    cause: Cause
    said_by: SaidBy
    median: float = _MEDIAN
    spread: float = 1.0


_KINDS: Final = (
    _Kind(0.34, Cause.LINE, SaidBy.EVIDENCE),
    _Kind(0.20, Cause.SESSION, SaidBy.EVIDENCE, 240.0, 0.8),
    _Kind(0.20, Cause.EQUIPMENT, SaidBy.EVIDENCE, 210.0, 0.2),
    _Kind(0.10, Cause.LINE, SaidBy.PERSON, 2_400.0, 0.5),
    _Kind(0.16, Cause.UNKNOWN, SaidBy.NOBODY, 45.0, 0.7),
)


def draw(ward: WardPlan, months: tuple[Period, ...], now: datetime) -> Past:
    """All that happened in these months, the last of which is as far as ``now``, aware UTC."""
    cast, begin = cast_of(ward, months), moment(months[0].interval.start)
    calendar = Calendar(begins(ward, cast, begin), now - _QUIET_END)
    for number, month in enumerate(months):
        _Month(ward, cast, calendar, month, number).draw()
    return Past(
        months=months,
        begin=begin,
        end=now,
        cast=cast,
        outages=tuple(sorted(calendar.outages, key=lambda one: (one.start, one.link))),
        works=tuple(sorted(calendar.works, key=lambda one: (one.start, one.id))),
        pauses=tuple(sorted(calendar.pauses, key=lambda one: one.start)),
        faults=tuple(sorted(calendar.faults, key=lambda one: (one.start, one.service))),
    )


class _Month:
    """One month that is drawn.

    What everything else gives way to comes first: what is drawn later keeps away from it.
    """

    def __init__(self, ward: WardPlan, cast: Cast, calendar: Calendar, month: Period, number: int) -> None:
        self._ward, self._cast, self._calendar = ward, cast, calendar
        self._month, self._number = month, number
        self._random = Random(f"months {ward.seed} {month.name}")  # noqa: S311  # a simulation must be repeatable
        self._links = [link for site in ward.sites for link in site.links]
        self._points = [link for site in ward.sites[1:] for link in site.links]

    def draw(self) -> None:
        """All of it."""
        self._pauses()
        self._office()
        self._special()
        self._works()
        self._area()
        self._power()
        for link in self._links:
            self._single(link)
        self._services()

    def _is_turn(self, *numbers: int) -> bool:
        return self._number % HALF_YEAR in numbers

    def _at(self, day: int, hour: int, minute: int = 0) -> datetime:
        return in_month(self._month, day, hour, minute) + timedelta(seconds=self._random.randrange(60))

    def _somewhen(self) -> datetime:
        """Two of three in the hours in which people are there and lines are busy."""
        days = (self._month.interval.end - self._month.interval.start) // 86_400_000
        hour = self._random.randrange(7, 21) if self._random.random() < 2 / 3 else self._random.randrange(24)
        return self._at(self._random.randrange(1, days + 1), hour, self._random.randrange(60))

    def _pauses(self) -> None:
        if self._is_turn(1, 3):
            start = self._at(12, 9, 5) if self._is_turn(1) else self._at(6, 2, 10)
            self._calendar.pause(Pause(start, start + timedelta(seconds=self._random.randrange(5_000, 12_000)), False))
        if self._is_turn(2, 5):
            start = self._at(15, 14, 20)
            self._calendar.pause(Pause(start, start + timedelta(seconds=self._random.randrange(900, 2_400)), True))

    def _office(self) -> None:
        """What strikes the office leaves the points behind it unreachable."""
        if self._is_turn(2):
            self._strike_office(self._at(9, 10, 12), 280, Cause.EQUIPMENT)
        if self._is_turn(4):
            self._strike_office(self._at(17, 15, 3), 1_560, Cause.POWER)

    def _strike_office(self, start: datetime, seconds: int, cause: Cause) -> None:
        group, end = f"office-{self._month.name}", start + timedelta(seconds=seconds)
        taken = self._taken(start, seconds)
        for link in self._links:
            is_office = link in self._ward.sites[0].links
            what = cause if is_office else Cause.PARENT
            self._calendar.outage(PastOutage(link.id, start, end, what, SaidBy.EVIDENCE, group, taken))

    def _special(self) -> None:
        if self._cast.unlucky and self._is_turn(2):  # across the end of the month
            start = self._at(1, 22, 10) + timedelta(days=(self._length().days - 1))
            self._one(self._cast.unlucky, start, 41_400, Cause.LINE, SaidBy.EVIDENCE)
        if self._cast.unlucky and self._is_turn(4):  # longer than a day, which is the time to restore
            self._one(self._cast.unlucky, self._at(11, 8, 40), 104_400, Cause.LINE, SaidBy.PERSON)
        if self._cast.flapping and self._is_turn(3, 5):
            self._flap(self._cast.flapping, self._at(18, 9, 30))

    def _length(self) -> timedelta:
        return moment(self._month.interval.end) - moment(self._month.interval.start)

    def _flap(self, link: str, start: datetime) -> None:
        group, taken = f"flap-{link}-{self._month.name}", self._taken(start, 600)
        for _ in range(16):
            end = start + timedelta(seconds=self._random.randrange(12, 70))
            self._calendar.outage(PastOutage(link, start, end, Cause.LINE, SaidBy.EVIDENCE, group, taken), apart=5)
            start = end + timedelta(seconds=self._random.randrange(20, 90))

    def _works(self) -> None:
        links = self._random.sample(self._links, k=min(3, len(self._links)))
        first, late = links[0].id, links[-1].id
        night = self._at(20, 0, 30).replace(second=0)
        self._work("bao-tri-1", first, night, 150, "Nâng cấp bộ chuyển mạch", timedelta(days=-3))
        overrun = 35 * 60 if self._is_turn(1, 5) else -20 * 60
        self._planned(first, night + timedelta(minutes=5), night + timedelta(minutes=150, seconds=overrun))
        if self._is_turn(2) and len(links) > 1:  # two windows that overlap
            other = links[1].id
            self._work("bao-tri-2", other, night, 90, "Thay cáp quang", timedelta(days=-2))
            self._work(
                "bao-tri-3", other, night + timedelta(hours=1), 90, "Đo kiểm sau khi thay cáp", timedelta(days=-1)
            )
            self._planned(other, night + timedelta(minutes=20), night + timedelta(minutes=100))
        if self._is_turn(0, 3, 5):  # announced when it had begun: excuses nothing
            noon = self._at(22, 14).replace(second=0)
            self._work("bao-tri-4", late, noon, 40, "Thay bộ nguồn đột xuất", timedelta(minutes=4))
            self._planned(late, noon + timedelta(minutes=5), noon + timedelta(minutes=30))

    def _work(self, name: str, link: str, start: datetime, minutes: int, reason: str, announced: timedelta) -> None:  # noqa: PLR0917  # one window
        end = start + timedelta(minutes=minutes)
        self._calendar.work(Work(f"{name}-{self._month.name}", link, start, end, start + announced, reason))

    def _planned(self, link: str, start: datetime, end: datetime) -> None:
        self._one(link, start, int((end - start).total_seconds()), Cause.PLANNED, SaidBy.EVIDENCE)

    def _area(self) -> None:
        """A fibre cut strikes sites of one provider together."""
        by_provider = self._by_provider()
        if not by_provider:
            return
        links = self._random.choice(by_provider)
        struck = self._random.sample(links, k=min(len(links), self._random.randrange(3, _AREA + 1)))
        start, group = self._somewhen(), f"area-{links[0].provider}-{self._month.name}"
        if not self._calendar.is_free([link.id for link in struck], start, start + timedelta(hours=3)):
            return
        seconds = self._random.randrange(2_100, 8_400)
        taken = self._taken(start, seconds)
        ticket = f"{links[0].provider.upper()}-{self._random.randrange(10_000, 99_999)}"
        for link in struck:
            begin = start + timedelta(seconds=self._random.randrange(25))
            end = begin + timedelta(seconds=seconds + self._random.randrange(-300, 300))
            one = PastOutage(link.id, begin, end, Cause.PROVIDER, SaidBy.EVIDENCE, group, taken, ticket)
            self._calendar.outage(one)

    def _by_provider(self) -> list[list[LinkPlan]]:
        names = sorted({link.provider for link in self._points})
        groups = ([link for link in self._points if link.provider == name and self._is_old(link)] for name in names)
        return [links for links in groups if len(links) >= 3]  # noqa: PLR2004  # as many as make an area

    def _is_old(self, link: LinkPlan) -> bool:
        return link.id != self._cast.young

    def _power(self) -> None:
        for _ in range(1 + self._number % 2 if self._points else 0):
            link = self._random.choice(self._points)
            note = "EVN cắt điện theo lịch" if self._random.random() < 1 / 2 else ""
            seconds = self._random.randrange(1_800, 7_200)
            self._one(link.id, self._somewhen(), seconds, Cause.POWER, SaidBy.EVIDENCE, note)

    def _single(self, link: LinkPlan) -> None:
        is_office = link in self._ward.sites[0].links
        worse = self._number if link.provider == self._cast.worsening else 0
        for _ in range(self._count(_RATE * (1 + 0.6 * worse))):
            kind = self._random.choices(_KINDS, [each.share for each in _KINDS])[0]
            seconds = round(self._random.lognormvariate(0, kind.spread) * kind.median * (1 + 0.15 * worse))
            if not (is_office and kind.cause is Cause.EQUIPMENT):  # its router would take all points along
                self._one(link.id, self._somewhen(), min(40_000, max(12, seconds)), kind.cause, kind.said_by)
        for _ in range(self._count(_RATE / 2)):
            seconds = self._random.randrange(3, 10)
            self._one(link.id, self._somewhen(), seconds, Cause.UNKNOWN, SaidBy.NOBODY)

    def _count(self, rate: float) -> int:
        """How many, where each time is like any other (Poisson)."""
        count, passed = 0, self._random.expovariate(rate)
        while passed < 1:
            count, passed = count + 1, passed + self._random.expovariate(rate)
        return count

    def _one(  # noqa: PLR0917  # one outage
        self, link: str, start: datetime, seconds: int, cause: Cause, said_by: SaidBy, note: str = ""
    ) -> None:
        is_told = said_by is SaidBy.PERSON
        provider = next(each.provider for each in self._links if each.id == link)
        self._calendar.outage(
            PastOutage(
                link=link,
                start=start,
                end=start + timedelta(seconds=seconds),
                cause=cause,
                said_by=said_by,
                group=f"{link}-{start:%Y%m%d%H%M%S}",
                taken_after=self._taken(start, seconds),
                ticket=f"{provider.upper()}-{self._random.randrange(10_000, 99_999)}" if is_told else "",
                note=note or ("Nhà mạng xác nhận đứt cáp" if is_told else ""),
            )
        )

    def _taken(self, start: datetime, seconds: int) -> int | None:
        """By day somebody takes on most incidents that last long enough."""
        after, is_seen = self._random.randrange(45, 900), self._random.random() < _SEEN
        return after if is_seen and start.hour < _EVENING and after < seconds else None

    def _services(self) -> None:
        for service in self._all_services():
            for _ in range(self._count(1.2)):
                start = self._somewhen()
                seconds = round(self._random.lognormvariate(0, 0.8) * 600) + 20
                self._calendar.fault(
                    ServiceFault(service, start, start + timedelta(seconds=seconds)), self._of(service)
                )

    def _all_services(self) -> Iterator[str]:
        return (service.id for site in self._ward.sites for service in site.services)

    def _of(self, service: str) -> Sequence[str]:
        """The links of the service's site."""
        site = next(one for one in self._ward.sites if service in {each.id for each in one.services})
        return [link.id for link in site.links]
