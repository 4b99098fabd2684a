"""What was measured of the links in the months before, hour by hour, from how they behave and what happened to them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Final, NamedTuple

from history.rollup import Rollup, Traffic
from model.intervals import Interval, Ruler, Spans, instant, merged, moment, without
from model.sketch import Sketch
from model.state import State
from monitor.demo.months.clock import ZONE
from monitor.demo.months.course import TENTH, Course, busy, course_of, times, waits
from monitor.demo.months.events import Past
from monitor.demo.ward import LinkPlan

_HOUR: Final = 3_600_000
_SECOND: Final = 1_000
_BITS: Final = 8
_BURST: Final = 2.2  # of the mean of an hour
_SATURDAY: Final = 5
_MOODS: Final = (0.85, 1.1)  # how busy a day is beside others
_UNSTABLE: Final = 60  # lost probes, for so many of which one more minute is not stable


@dataclass(slots=True)
class Hour:
    """What was measured of a link in an hour, or in several.

    Attributes:
        start: Of the hour, in milliseconds since 1970 UTC.
        alive: Seconds in which it was probed, once in each.
        down: Of them, seconds in which it was down.
        unreachable: Of them, seconds in which it was unreachable.
        lost: Probes without an answer, those of outages among them.
        late: Of them, answered too late.
        times: Round-trip times in tenths of a millisecond, and how often each occurred.
        waits: The same above the least of the hour.
        download: Bit/s on the mean of the seconds alive.
        upload: Likewise.
        peak_download: Bit/s.
        peak_upload: Bit/s.
        stable: Minutes.
        known: Minutes.
    """

    start: int
    alive: int
    down: int
    unreachable: int
    lost: int
    late: int
    times: Mapping[int, int]
    waits: Mapping[int, int]
    download: int
    upload: int
    peak_download: float
    peak_upload: float
    stable: int
    known: int

    @property
    def octets(self) -> tuple[int, int]:
        """Bytes that passed, towards the site and away from it."""
        return self.download * self.alive // _BITS, self.upload * self.alive // _BITS


@dataclass(frozen=True, slots=True)
class Dark:
    """When a link was not measured, or gave no service.

    Attributes:
        alive: When it was measured.
        down: When it was down.
        unreachable: When something above it was.
    """

    alive: Ruler
    down: Ruler
    unreachable: Ruler

    def spent(self, start: int, end: int) -> "Spent":
        """The seconds of a time."""
        return Spent(*(one.inside(start, end) // _SECOND for one in (self.alive, self.down, self.unreachable)))


class Spent(NamedTuple):
    """Seconds of a time, with the meaning of an ``Hour``."""

    alive: int
    down: int
    unreachable: int


_WHOLE: Final = Spent(_HOUR // _SECOND, 0, 0)


def dark_times(past: Past, begins: Mapping[str, datetime]) -> dict[str, Dark]:
    """Of each link.

    Args:
        past: What happened.
        begins: Since when each link is there.
    """
    off: Spans = merged(Interval(instant(one.start), instant(one.end)) for one in past.pauses)
    own: dict[str, list[Interval]] = {link: [] for link in begins}
    above: dict[str, list[Interval]] = {link: [] for link in begins}
    for outage in past.outages:
        (own if outage.is_own else above)[outage.link].append(outage.interval)
    end = instant(past.end)
    return {
        link: Dark(
            Ruler(without((Interval(instant(begin), end),), off)), Ruler(merged(own[link])), Ruler(merged(above[link]))
        )
        for link, begin in begins.items()
    }


class Meter:
    """One link through the months.

    Args:
        link: The plan.
        past: What happened.
        dark: When it was not measured, or gave no service.
    """

    def __init__(self, link: LinkPlan, past: Past, dark: Dark) -> None:
        self.link = link
        self._past, self._dark = past, dark
        self._sold = link.speed

    def hours(self, start: int, end: int) -> Iterator[Hour]:
        """The hours of a part of a month in which it was measured.

        Args:
            start: Milliseconds since 1970 UTC, at the begin of an hour.
            end: Likewise, or the end of all.
        """
        number = next(n for n, each in enumerate(self._past.months) if start < each.interval.end)
        course = course_of(self.link, self._past.cast, number)
        random = Random(f"{self.link.id} {start}")  # noqa: S311  # a simulation must be repeatable
        local, mood = moment(start).astimezone(ZONE), random.uniform(*_MOODS)
        whole_hours = -(-(end - start) // _HOUR) * _HOUR
        is_plain = self._dark.spent(start, end) == Spent(whole_hours // _SECOND, 0, 0)
        for number, at in enumerate(range(start, end, _HOUR), local.hour):
            spent = _WHOLE if is_plain else self._dark.spent(at, at + _HOUR)
            if spent.alive:
                how_busy = mood * busy(number, is_weekend=local.weekday() >= _SATURDAY)
                yield self._hour(at, spent, course, random, how_busy)

    def _hour(self, at: int, spent: Spent, course: Course, random: Random, how_busy: float) -> Hour:
        alive, down, unreachable = spent
        passing = alive - down - unreachable
        by_chance = min(passing, round(passing * course.lost / 1e6 * random.uniform(0.2, 1.8)))
        load = (0.12 + 0.88 * how_busy) * random.uniform(0.85, 1.05) * passing / alive
        rates = round(course.download * load), round(course.upload * load)
        peaks = [min(rate * _BURST, course.most * sold * 1e6) for rate, sold in zip(rates, self._sold, strict=True)]
        known = alive // 60
        return Hour(
            start=at,
            alive=alive,
            down=down,
            unreachable=unreachable,
            lost=alive - passing + by_chance,
            late=by_chance // 10,
            times=times(course, how_busy, passing - by_chance),
            waits=waits(course, passing - by_chance),
            download=rates[0],
            upload=rates[1],
            peak_download=peaks[0],
            peak_upload=peaks[1],
            stable=max(0, known - -(-(down + unreachable) // 60) - by_chance // _UNSTABLE),
            known=known,
        )


@dataclass(slots=True)
class Sum:
    """Hours of a link that are added up.

    Attributes:
        hours: In order.
        times: Of all of them, as of one hour.
        waits: Likewise.
    """

    hours: list[Hour] = field(default_factory=list)
    times: dict[int, int] = field(default_factory=dict)
    waits: dict[int, int] = field(default_factory=dict)

    def add(self, hour: Hour) -> None:
        """One more."""
        self.hours.append(hour)
        for whole, part in ((self.times, hour.times), (self.waits, hour.waits)):
            for time, count in part.items():
                whole[time] = whole.get(time, 0) + count

    def rollup(self, link: str, start: datetime, end: datetime, *, is_day: bool) -> Rollup:
        """As it is stored of [start, end); a day tells its hours too."""
        hours = self.hours
        lost = sum(one.lost for one in hours)
        spent = {
            State.UP: sum(one.alive - one.down - one.unreachable for one in hours),
            State.DOWN: sum(one.down for one in hours),
            State.UNREACHABLE: sum(one.unreachable for one in hours),
        }
        sent = sum(one.alive for one in hours)
        return Rollup(
            subject=("link", link),
            start=start,
            end=end,
            sent=sent,
            lost=lost,
            late=sum(one.late for one in hours),
            rtt=_packed(self.times, lost),
            delay_variation=_packed(self.waits, 0),
            spent={state: timedelta(seconds=seconds) for state, seconds in spent.items() if seconds},
            download=Traffic(sum(one.octets[0] for one in hours), max(one.peak_download for one in hours)),
            upload=Traffic(sum(one.octets[1] for one in hours), max(one.peak_upload for one in hours)),
            stable_minutes=sum(one.stable for one in hours),
            known_minutes=sum(one.known for one in hours),
            covered=timedelta(seconds=sent),
            hours=tuple((one.download, one.upload) for one in hours) if is_day else (),
        )


def _packed(counted: Mapping[int, int], lost: int) -> bytes | None:
    buckets: Counter[int] = Counter()
    for time, count in counted.items():
        buckets[_bucket(time)] += count
    return Sketch(buckets, lost).to_bytes() if buckets or lost else None


@cache
def _bucket(tenths: int) -> int:
    return next(iter(Sketch.of([tenths * TENTH]).buckets))
