"""How a link is when a speed test is due: what the schedule asks of the rest of the monitor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from model.alerting import MaintenanceWindow
from model.calendar import service_spans
from model.intervals import Interval, between, instant
from model.inventory import Inventory, Link, Site
from model.maintenance import covers, open_spans
from model.measurement import SubjectKey
from model.speed_schedule import Conditions, month_of, shared
from model.state import State
from monitor.memory import Memory
from monitor.speed.ledger import SpeedLedger

_NO_WARD: Final = "-"
_RECENTLY: Final = timedelta(minutes=10)
_MOMENT: Final = timedelta(milliseconds=1)


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


def zones_of(inventory: Inventory) -> dict[str, tzinfo]:
    """The clock of each ward by its id; what belongs to no ward has that of the ward ""."""
    return {"": ZoneInfo("UTC"), **{ward.id: ZoneInfo(ward.timezone) for ward in inventory.all_wards()}}


def places_of(inventory: Inventory) -> dict[str, Place]:
    """The links of an inventory that can be tested, by id."""
    zones, own = zones_of(inventory), inventory.ward.id if inventory.ward else ""
    found = {}
    for site, link in inventory.links():
        if link.speed_test is not None:
            ward = site.ward or own
            found[link.id] = Place(site, link, ward or _NO_WARD, zones[ward])
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
        self._announced: tuple[MaintenanceWindow, ...] = ()
        self._open: dict[tzinfo, list[MaintenanceWindow]] = {}

    def load(self, inventory: Inventory) -> None:
        """Take over what work is announced."""
        self._announced = inventory.maintenance
        self._open = {}

    def look(self) -> None:
        """Look anew which work is going on, or was minutes ago: once by each clock, when it is asked for."""
        self._open = {}

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
        if (windows := self._open.get(place.zone)) is None:
            within = between(now - _RECENTLY, now + _MOMENT)
            windows = [window for window in self._announced if open_spans(window, place.zone, within)]
            self._open[place.zone] = windows
        return any(covers(window, subject, place.site.id) for window in windows)


def _is_open(place: Place, now: datetime) -> bool:
    """Whether people are known to work there: a site that states no hours is open always, but nobody says when."""
    if not place.site.service_hours:
        return False
    moment = instant(now.astimezone(UTC))
    return bool(service_spans(place.site.service_hours, place.zone, Interval(moment, moment + 1)))
