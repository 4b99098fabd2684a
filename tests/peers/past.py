"""A past that tests write down, and what it makes of questions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from exporters.past import Past, PastUnavailableError
from exporters.zones import zone_of
from model.availability import Availability, Frame, availability
from model.calendar import service_spans
from model.intervals import Interval, instant
from model.inventory import Inventory
from model.maintenance import Announcement, covers, excused
from model.measurement import SubjectKey
from model.state import State
from model.timeline import Watch
from model.topology import Topology
from model.transition import Transition
from tests.peers.board import AT, ward


def change(
    subject: SubjectKey,
    before: State,
    after: State,
    seconds: float,
    evidence: Mapping[str, str | float] | None = None,
) -> Transition:
    """A change so many seconds after ``AT``, noticed three seconds later, known to half a second."""
    at = AT + timedelta(seconds=seconds)
    return Transition(subject, before, after, at, 0.5, at + timedelta(seconds=3), evidence or {})


def span(start: float, end: float) -> Interval:
    """From one second after ``AT`` to another."""
    return Interval(instant(AT) + round(start * 1_000), instant(AT) + round(end * 1_000))


@dataclass(slots=True)
class Kept:
    """A past in memory.

    Attributes:
        inventory: What is watched.
        log: Every change of state.
        runs: When the monitor saw.
        blind: When it was cut off.
        announcements: Planned work.
        states: What is shown now.
        seconds: How long after ``AT`` it is now.
        fault: Why nothing can be read.
    """

    inventory: Inventory = field(default_factory=ward)
    log: list[Transition] = field(default_factory=list)
    runs: list[Interval] = field(default_factory=list)
    blind: list[Interval] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)
    states: dict[SubjectKey, tuple[State, datetime | None]] = field(default_factory=dict)
    seconds: float = 0.0
    fault: PastUnavailableError | None = None

    @property
    def topology(self) -> Topology:
        """What depends on what."""
        return Topology(self.inventory)

    def now(self) -> datetime:
        """The time."""
        return AT + timedelta(seconds=self.seconds)

    def state(self, subject: SubjectKey) -> tuple[State, datetime | None]:
        """What is shown now."""
        return self.states.get(subject, (State.UNKNOWN, None))

    async def past(self, subjects: Collection[SubjectKey], period: Interval) -> Past:
        """All of it: a test's past is short."""
        if self.fault is not None:
            raise self.fault
        end = period.end
        logs = {subject: [one for one in self._of(subject) if instant(one.at) < end] for subject in subjects}
        return Past(logs, self.runs, self.blind, self.announcements)

    async def availabilities(
        self, subjects: Collection[SubjectKey], period: Interval
    ) -> Mapping[SubjectKey, Availability]:
        """Reckoned from the log."""
        if self.fault is not None:
            raise self.fault
        return {subject: self._availability(subject, period) for subject in subjects}

    def _availability(self, subject: SubjectKey, period: Interval) -> Availability:
        links = ((site, link.id) for site, link in self.inventory.links())
        services = ((site, service.id) for site, service in self.inventory.services())
        site = next(site for site, name in (*links, *services) if name == subject[1])
        zone = zone_of(self.inventory, site)
        mine = [one for one in self.announcements if covers(one.window, subject, site.id)]
        frame = Frame(period, service_spans(site.service_hours, zone, period), excused(mine, zone, period))
        return availability(self._of(subject), Watch(self.runs), frame)

    def _of(self, subject: SubjectKey) -> list[Transition]:
        return [one for one in self.log if one.subject == subject]
