"""Who is on call. The turn passes on by the clock on the wall, and no start of the program shifts it.

Where the clock is put forward over a hand-over, the turn passes on at that instant; where it is put back and shows the
time twice, at the first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from model.alerting import Team
from model.calendar import first_instant
from model.intervals import instant, moment
from model.inventory import Inventory

_FIRST_MONDAY: Final = date(2024, 1, 1)
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PERIODS: Final = {"daily": 1, "weekly": 7}  # days


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is told when a receiver is.

    Attributes:
        person: A name under ``people``; empty where the receiver is no team.
        until: When somebody else may be, aware UTC; ``None`` where that never comes.
    """

    person: str = ""
    until: datetime | None = None


Who = Callable[[str], Turn]
"""Whose turn it is at a receiver, by its name."""


def on_call(team: Team, zone: ZoneInfo, now: datetime) -> str:
    """Who is on call.

    Args:
        team: The last of its overrides that holds counts, else the rotation; of ``none`` the first member.
        zone: The ward's, which a ``timezone`` of the team's own replaces.
        now: Aware. Before the day on which the rotation starts it is reckoned backwards.

    Returns:
        A name under ``people``.
    """
    at, zone = instant(now), _zone(team, zone)
    for override in reversed(team.overrides):
        if _edge(override.start, zone) <= at < _edge(override.end, zone):
            return override.member
    return team.members[_turn(team, zone, at) % len(team.members)] if team.rotation in _PERIODS else team.members[0]


def next_handover(team: Team, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When somebody else may be on call, at the earliest: at the next hand-over, or the next edge of an override.

    Args:
        team: Whose.
        zone: As of ``on_call``.
        now: Aware.

    Returns:
        Aware UTC, later than now; ``None`` where there is no rotation and no override lies ahead.
    """
    at, zone = instant(now), _zone(team, zone)
    edges = [_edge(edge, zone) for override in team.overrides for edge in (override.start, override.end)]
    if team.rotation in _PERIODS:
        edges.append(_handover(team, zone, _turn(team, zone, at) + 1))
    return moment(min(ahead)) if (ahead := [edge for edge in edges if edge > at]) else None


def whose_turn(inventory: Inventory, now: datetime) -> Who:
    """Whose turn it is at each receiver of an inventory, at an aware time."""
    receivers, zone = inventory.alerts.receivers, common_zone(inventory)

    @cache
    def who(receiver: str) -> Turn:
        name = receivers[receiver].team if receiver in receivers else None
        team = inventory.teams.get(name) if name else None
        return Turn(on_call(team, zone, now), next_handover(team, zone, now)) if team else Turn()

    return who


def common_zone(inventory: Inventory) -> ZoneInfo:
    """The zone of the ward, or of all wards of a city where they have one in common; else UTC."""
    zones = {ward.timezone for ward in inventory.all_wards()}
    return ZoneInfo(zones.pop() if len(zones) == 1 else "UTC")


def _zone(team: Team, zone: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(team.timezone) if team.timezone else zone


def _edge(at: datetime, zone: ZoneInfo) -> int:
    return instant(at) if at.tzinfo else first_instant(at, zone)


def _turn(team: Team, zone: ZoneInfo, at: int) -> int:
    """The number of the turn that goes on, the first being 0."""
    day = moment(at).astimezone(zone).date()
    near = (day - _first_day(team)).days // _PERIODS[team.rotation]
    return next(turn for turn in _down_from(near + 1) if _handover(team, zone, turn) <= at)


def _down_from(number: int) -> Iterator[int]:
    while True:
        yield number
        number -= 1


def _handover(team: Team, zone: ZoneInfo, turn: int) -> int:
    """The instant at which a turn begins."""
    day = _first_day(team) + timedelta(days=turn * _PERIODS[team.rotation])
    return first_instant(datetime.combine(day, _time(team)), zone)


def _time(team: Team) -> time:
    return time.fromisoformat(team.handover.rpartition(" ")[2])


def _first_day(team: Team) -> date:
    """The day on which turn 0 begins."""
    starts = team.starts or _FIRST_MONDAY
    if team.rotation == "daily":
        return starts
    weekday = _DAYS.index(team.handover.partition(" ")[0]) if " " in team.handover else 0
    return starts + timedelta(days=(weekday - starts.weekday()) % 7)
