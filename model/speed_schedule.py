"""When speed tests of a link are due, what they may cost, and why one is not run.

Times are drawn anew for each day from the link's id and the day, so that a restart changes none of them and no two
links share theirs. A day's windows are laid end to end and cut into as many parts as there are tests; each begins at a
random moment of its part, and may wait until the part is over for whatever stands in its way.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from model.calendar import first_instant, parse_weekly, weekly_spans
from model.intervals import SECOND, Interval, Spans, moment
from model.inventory import Link, Site
from model.state import State

BUSY: Final = 0.30
"""Share of the contracted speed from which on a link is left to those who use it."""
BUSY_IN_HOURS: Final = 0.10
"""Likewise inside service hours."""
CALM: Final = 600.0
"""Seconds that a link must have been without incident and maintenance."""
ON_DEMAND_METERED: Final = 2
"""Tests a month that people may ask for on a metered link."""
LONGEST: Final = 15.0
"""Seconds that a test of one direction takes at most, with what goes before and after."""


class Skip(StrEnum):
    """Why a test was not run. The set is closed: it is stored, counted and shown."""

    METERED = "metered"  # data costs money here
    OFF = "off"  # the inventory wants none
    MAINTENANCE = "maintenance"  # announced work
    STATE = "state"  # the link is not up
    INCIDENT = "incident"  # it was not well a few minutes ago
    BUSY = "busy"  # people use it
    TRAFFIC_UNKNOWN = "traffic_unknown"  # nobody knows whether they do
    PROVED = "proved"  # what it carried today is proof enough
    BUDGET = "budget"  # the month's octets are spent
    NO_TURN = "no_turn"  # another test had the line, or the provider's
    MONITOR = "monitor"  # the monitor was not running, or is blind


class Occasion(StrEnum):
    """Why a test is run."""

    PLANNED = "planned"
    DEMANDED = "demanded"


@dataclass(frozen=True, slots=True)
class Due:
    """A test that is planned.

    Attributes:
        link: Its id.
        at: When it begins at the earliest, UTC milliseconds.
        until: When it must have begun.
    """

    link: str
    at: int
    until: int


@dataclass(frozen=True, slots=True)
class Plan:
    """When a link is tested by itself.

    Attributes:
        link: Its id.
        windows: As the inventory writes them; at least one.
        per_day: Tests a day; at least one.
    """

    link: str
    windows: tuple[str, ...]
    per_day: int

    def on(self, day: date, zone: tzinfo) -> list[Due]:
        """The tests of a day of the zone's clock, in order of time."""
        spans = _windows(self.windows, day, zone)
        room = sum(span.end - span.start for span in spans) - round(LONGEST * 2 * SECOND)
        if room <= 0:
            return []
        dice = random.Random(f"{self.link} {day.isoformat()}")  # noqa: S311  # draws a time, guards nothing
        part = room / self.per_day
        return [
            Due(self.link, _place(spans, (number + dice.random()) * part), _place(spans, (number + 1) * part))
            for number in range(self.per_day)
        ]

    def ending_in(self, span: Interval, zone: tzinfo) -> Iterator[Due]:
        """The tests that must have begun by an instant of the span: whoever watched then knows what became of them."""
        day, last = (moment(at).astimezone(zone).date() for at in span)
        while day <= last:
            windows = _windows(self.windows, day, zone)
            if windows and windows[0].start < span.end and windows[-1].end >= span.start:
                yield from (due for due in self.on(day, zone) if span.start <= due.until < span.end)
            day += timedelta(days=1)


def plan_of(link: Link) -> Plan | None:
    """When a link is tested by itself; ``None`` where it never is."""
    wanted = link.speed_test
    if wanted is None or not wanted.windows or not wanted.per_day:
        return None
    return Plan(link.id, wanted.windows, wanted.per_day)


def due_on(link: Link, day: date, zone: tzinfo) -> list[Due]:
    """The tests of a link that are due on a day, in order of time.

    Args:
        link: With its windows; none means no test by itself.
        day: Of the zone's clock.
        zone: The ward's.
    """
    plan = plan_of(link)
    return plan.on(day, zone) if plan else []


@dataclass(frozen=True, slots=True)
class Conditions:
    """How a link is when a test is due.

    Attributes:
        state: It.
        is_in_maintenance: Announced work is going on, or was minutes ago.
        calm_for: Seconds since it was last not up; ``None`` where that was never.
        used: Bit/s that pass, by direction; ``None`` where it is not known.
        is_in_hours: Whether the site is open.
        proved: Whether today's traffic has reached what is required, both ways.
        is_blind: The monitor sees nothing.
        has_turn: Nobody else tests what it shares.
        octets_left: Of the month; ``None`` for no limit.
        demanded: Tests that people have asked for this month.
    """

    state: State
    is_in_maintenance: bool = False
    calm_for: float | None = None
    used: tuple[float | None, float | None] = (None, None)
    is_in_hours: bool = False
    proved: bool = False
    is_blind: bool = False
    has_turn: bool = True
    octets_left: int | None = None
    demanded: int = 0


def why_not(link: Link, now: Conditions, occasion: Occasion, need: int) -> Skip | None:
    """Why a test is not run now; ``None`` where it may be.

    What a person asks for is run by day too and in spite of traffic, but never against a budget, an outage or another
    test.

    Args:
        link: Which.
        now: How it is.
        occasion: Whether it is planned, or somebody asks for it.
        need: Octets that it may take.
    """
    reasons = _for_all(link, now, occasion, need)
    if occasion is Occasion.PLANNED:
        reasons = (*reasons, *_for_planned(link, now))
    return next((skip for skip, holds in reasons if holds), None)


def _for_all(link: Link, now: Conditions, occasion: Occasion, need: int) -> tuple[tuple[Skip, bool], ...]:
    wanted = link.speed_test
    is_planned = occasion is Occasion.PLANNED
    return (
        (Skip.OFF, wanted is None),
        (Skip.METERED, link.metered and (is_planned or now.demanded >= ON_DEMAND_METERED)),
        (Skip.MONITOR, now.is_blind),
        (Skip.MAINTENANCE, now.is_in_maintenance),
        (Skip.STATE, not now.state.passes),
        (Skip.BUDGET, now.octets_left is not None and now.octets_left < need),
        (Skip.NO_TURN, not now.has_turn),
    )


def _for_planned(link: Link, now: Conditions) -> tuple[tuple[Skip, bool], ...]:
    return (
        (Skip.INCIDENT, now.calm_for is not None and now.calm_for < CALM),
        (Skip.PROVED, now.proved),
        (Skip.TRAFFIC_UNKNOWN, now.is_in_hours and None in now.used),
        (Skip.BUSY, _is_busy(link, now)),
    )


def _is_busy(link: Link, now: Conditions) -> bool:
    if link.contracted is None:
        return False
    share = BUSY_IN_HOURS if now.is_in_hours else BUSY
    sold = (link.contracted.download, link.contracted.upload)
    return any(used is not None and used > share * most for used, most in zip(now.used, sold, strict=True))


def shared(site: Site, link: Link, ward: str) -> frozenset[str]:
    """What a test of a link shares with tests of others: of each, one at a time.

    The ward's own uplink, which all its tests pass; the provider's segment there; whatever the link depends on; the
    peer.
    """
    url = link.speed_test.url if link.speed_test else ""
    names = [f"ward {ward}", f"site {site.id}", f"peer {urlsplit(url).hostname or link.id}"]
    if link.provider:
        names.append(f"provider {link.provider} in {ward}")
    return frozenset([*names, *(f"parent {parent}" for parent in link.depends_on)])


def need_of(link: Link, seconds: float) -> int:
    """Octets that both directions of a test may take at most, framing and what is sent again included.

    Args:
        link: With its contract; without one, a test may take 300 Mbit/s.
        seconds: Of the transfer of one direction.
    """
    return round(sum(most_octets(link, way, seconds) for way in (0, 1)) * _ON_THE_WIRE)


def most_octets(link: Link, way: int, seconds: float) -> int:
    """Octets of payload that a test of one direction may move: half more than was sold, and no more.

    Args:
        link: With its contract.
        way: 0 for download, 1 for upload.
        seconds: Of the transfer.
    """
    return round(ceiling(link, way) * seconds / 8)


def ceiling(link: Link, way: int) -> float:
    """Bit/s that a test keeps to: half more than was sold, so that a test of one line never floods what is behind."""
    sold = link.contracted
    rate = _UNSOLD if sold is None else (sold.download, sold.upload)[way]
    return rate * _MARGIN


def month_of(at: datetime, zone: tzinfo) -> Interval:
    """The calendar month of the zone's clock that an instant lies in."""
    local = at.astimezone(zone)
    return _month(local.year, local.month, zone)


@lru_cache(maxsize=64)
def _month(year: int, month: int, zone: tzinfo) -> Interval:
    first = date(year, month, 1)
    after = (first + timedelta(days=32)).replace(day=1)
    return Interval(_midnight(first, zone), _midnight(after, zone))


@lru_cache(maxsize=256)  # a city's links have few windows among them
def _windows(windows: tuple[str, ...], day: date, zone: tzinfo) -> Spans:
    within = Interval(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))
    return weekly_spans([part for text in windows for part in parse_weekly(text)], zone, within)


def _midnight(day: date, zone: tzinfo) -> int:
    return first_instant(datetime.combine(day, time()), zone)


def _place(spans: Spans, after: float) -> int:
    """The instant that lies so many milliseconds into the windows."""
    for span in spans:
        length = span.end - span.start
        if after < length:
            return round(span.start + after)
        after -= length
    return spans[-1].end


_UNSOLD: Final = 300e6
_MARGIN: Final = 1.5
_ON_THE_WIRE: Final = 1.1  # of the payload: headers are 5 %, and 5 % may be sent again
