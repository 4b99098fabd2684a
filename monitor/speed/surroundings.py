"""How a link is when a speed test is due: what the schedule asks of the rest of the monitor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from model.calendar import service_spans
from model.intervals import Interval, instant
from model.inventory import Inventory, Link, Site
from model.measurement import SubjectKey
from model.speed_schedule import Conditions, month_of, shared
from model.state import State
from monitor.memory import Memory
from monitor.speed.ledger import SpeedLedger

_NO_WARD: Final = "-"
_RECENTLY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Place:
    """A link that can be tested.

    Attributes:
        site: Its site.
        link: With its ``speed_test``.
        ward: Id of the ward.
        zone: The ward's.
    """

    site: Site
    link: Link
    ward: str
    zone: tzinfo

    @property
    def shares(self) -> frozenset[str]:
        """What it shares with other links, so that one is tested at a time."""
        return shared(self.site, self.link, self.ward)


def places_of(inventory: Inventory) -> dict[str, Place]:
    """The links of an inventory that can be tested, by id."""
    found = {}
    for site, link in inventory.links():
        if link.speed_test is not None:
            ward = inventory.ward_of(site)
            zone = ZoneInfo(ward.timezone if ward else "UTC")
            found[link.id] = Place(site, link, ward.id if ward else _NO_WARD, zone)
    return found


class Surroundings:
    """Looks around.

    Args:
        memory: What is known now.
        ledger: What tests have cost.
        clock: Monotonic seconds.
    """

    def __init__(self, memory: Memory, ledger: SpeedLedger, clock: Callable[[], float]) -> None:
        self._memory = memory
        self._ledger = ledger
        self._clock = clock
        self._worked_on: dict[SubjectKey, datetime] = {}  # when each was last seen in maintenance

    def look(self, now: datetime) -> None:
        """Remember what is being worked on now: over a whole inventory, so once for each look."""
        self._worked_on.update(dict.fromkeys(self._memory.accounts.in_maintenance(now), now))

    def conditions(self, place: Place, now: datetime, taken: frozenset[str], *, has_room: bool) -> Conditions:
        """How a link is.

        Args:
            place: Which.
            now: Aware UTC.
            taken: What tests that go on have taken.
            has_room: Whether one more may go on at all.
        """
        name = place.link.id
        states, month = self._memory.states, month_of(now, place.zone)
        budget = place.link.speed_test.budget_per_month if place.link.speed_test else None
        return Conditions(
            state=states.observed(("link", name)),
            is_in_maintenance=self._in_maintenance(place, now),
            calm_for=self._calm_for(name, now),
            used=self._memory.quality.used(name, self._clock()),
            is_in_hours=_is_open(place, now),
            proved=self._memory.quality.proved(name, now),
            is_blind=self._memory.heart.run.blind,
            has_turn=has_room and not (place.shares & taken),
            octets_left=None if budget is None else budget - self._ledger.octets(name, month),
            demanded=self._ledger.demanded(name, month),
        )

    def _calm_for(self, link: str, now: datetime) -> float | None:
        since = self._memory.states.since(("link", link))
        return None if since is None else (now - since).total_seconds()

    def _in_maintenance(self, place: Place, now: datetime) -> bool:
        subject: SubjectKey = ("link", place.link.id)
        if self._memory.states.state(subject) is State.MAINTENANCE:
            return True
        last = self._worked_on.get(subject)
        return last is not None and now - last < _RECENTLY


def _is_open(place: Place, now: datetime) -> bool:
    """Whether people are known to work there: a site that states no hours is open always, but nobody says when."""
    if not place.site.service_hours:
        return False
    moment = instant(now.astimezone(UTC))
    return bool(service_spans(place.site.service_hours, place.zone, Interval(moment, moment + 1)))
