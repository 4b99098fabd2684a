"""Alerting on a loop whose clock jumps, with a history in memory and a list in place of everybody who is told."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from alerts.dispatch import Dispatcher
from alerts.notice import Notice
from history.facts import Decision, Fact, IncidentRecord, Notification, SilenceRecord
from history.store import Fate
from model.decision import FlappingBegan
from model.incident import Attachment, Incident
from model.inventory import Inventory
from model.measurement import Subject, SubjectKey
from model.state import State
from model.transition import Transition
from monitor.alerting import Alerting
from monitor.states import Change
from monitor.watch import Clocks
from tests.peers.clock import SteppedLoop
from tests.peers.shelf import Shelf
from tests.peers.stage import BEGIN, link, site


class Drawer(Shelf):
    """Keeps facts in memory and tells them again after a restart.

    Attributes:
        takes: Seconds until a fact is durable.
        error: Raised by every record.
        fate: What becomes of every record.
        lately: How many facts each transaction had.
    """

    monitor = "north"
    is_shared = False

    def __init__(self) -> None:
        super().__init__()
        self.takes = 0.0
        self.error: Exception | None = None
        self.fate = Fate.DURABLE
        self.lately: list[int] = []
        self.last: dict[SubjectKey, Transition] = {}

    async def record(self, *facts: Fact) -> Fate:
        """Take them, or do what the test wants."""
        if self.takes:
            await asyncio.sleep(self.takes)
        if self.error is not None:
            raise self.error
        self.lately.append(len(facts))
        return await super().record(*facts) if self.fate is Fate.DURABLE else self.fate

    def some(self, kind: type[Any]) -> list[Any]:
        """The facts of one kind, in order."""
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def newest(self) -> dict[str, Incident]:
        """Each incident in its last version."""
        found: dict[str, Incident] = {}
        for record in self.some(IncidentRecord):
            known = found.get(record.incident.id)
            if known is None or record.incident.version >= known.version:
                found[record.incident.id] = record.incident
        return found

    async def open_incidents(self, monitor: str | None = None) -> list[Incident]:  # noqa: ARG002  # only one writes
        """Those that are open."""
        self._may_fail()
        return [incident for incident in self.newest().values() if incident.is_open]

    async def incidents(self, start: datetime, end: datetime) -> list[Incident]:
        """Those that touch the time."""
        self._may_fail()
        return [one for one in self.newest().values() if one.opened_at < end and (one.closed_at or end) > start]

    async def last_states(self, before: datetime) -> dict[SubjectKey, Transition]:  # noqa: ARG002  # nothing is later
        """As the test says."""
        self._may_fail()
        return self.last

    async def silences(self, now: datetime) -> list[SilenceRecord]:  # noqa: ARG002  # as above
        """Those that are kept."""
        self._may_fail()
        return self.some(SilenceRecord)

    async def outbox(self) -> list[Notification]:
        """All: nobody here takes anything."""
        self._may_fail()
        return self.some(Notification)

    async def decisions(self, start: datetime, end: datetime, subject: Any = None) -> list[Decision]:
        """Those of the time."""
        self._may_fail()
        return [one for one in self.some(Decision) if start <= one.at < end and subject in {None, one.subject}]


class Ears(Dispatcher):
    """Hears every notice, and sends none."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.heard: list[tuple[float, Notice]] = []
        self.is_stopped = False

    def take(self, notices: Iterable[Notice]) -> None:
        """Note them."""
        self.heard += [(self._loop.time(), notice) for notice in notices]

    def reconfigure(self, directory: Any) -> None:
        """Nobody is there."""

    async def start(self) -> None:
        """Nothing begins."""

    async def stop(self, patience: float) -> None:
        """Note it."""
        assert patience > 0
        self.is_stopped = True

    def told(self) -> list[str]:
        """In short."""
        return [f"{notice.kind} {notice.alerts[0].labels['alertname']}" for _, notice in self.heard]


@dataclass
class Counts:
    """Who counts.

    Attributes:
        outcomes: Of faults, in order.
        dead: Heartbeats that failed.
    """

    outcomes: list[str] = field(default_factory=list)
    dead: int = 0

    def notified(self, receiver: str, outcome: str) -> None:
        """Not of interest."""

    def decided(self, outcome: str) -> None:
        """Note it."""
        self.outcomes.append(outcome)

    def heartbeat_failed(self) -> None:
        """Count it."""
        self.dead += 1


@dataclass
class Looks:
    """Who looks at what incidents are about.

    Attributes:
        found: What there is to be found.
        takes: Seconds.
        asked: Which incidents.
    """

    found: tuple[Attachment, ...] = ()
    takes: float = 0.0
    asked: list[str] = field(default_factory=list)

    async def collect(self, incident: Incident) -> tuple[Attachment, ...]:
        """It, after a while."""
        self.asked.append(incident.id)
        await asyncio.sleep(self.takes)
        return self.found


SPARE = Subject("link", "spare", "office", "127.0.0.1")
ALERTS: Mapping[str, Any] = {
    "receivers": {"hook": {"webhook": "http://127.0.0.1:9/"}},
    "routes": [{"receiver": "hook"}],
}


def inventory(**more: Any) -> Inventory:
    """An office with two lines and a page."""
    page = {"id": "page", "url": "https://127.0.0.1/", "expect": {"certificate_days": 14}}
    office = site("office", link("main"), link("spare", role="backup"), services=[page])
    ward = {"id": "w", "timezone": "Asia/Ho_Chi_Minh", "language": "en"}
    return Inventory.model_validate({"ward": ward, "sites": [office], "alerts": ALERTS, **more})


class Office:
    """A monitor's alerting, its history and its clock."""

    def __init__(self, loop: SteppedLoop) -> None:
        self.loop = loop
        self.drawer = Drawer()
        self.counts = Counts()
        self.looks = Looks()
        self.ears = Ears(loop)
        self.silent: set[SubjectKey] = set()
        self.alerting = self.started_anew()

    def started_anew(self, **more: Any) -> Alerting:
        """Alerting that knows nothing but what the history holds."""
        self.alerting = Alerting(self.drawer, self.answered_at, self.counts, self.looks, self.now)
        self.ears = Ears(self.loop)
        self.alerting.dispatcher = self.ears
        self.alerting.load(inventory(**more))
        return self.alerting

    def answered_at(self, subject: SubjectKey) -> datetime | None:
        """What is not down answers all the time."""
        return None if subject in self.silent else self.now()

    def now(self) -> datetime:
        """By the wall clock."""
        return BEGIN + timedelta(seconds=self.loop.time())

    def shows(self, subject: SubjectKey, after: State, before: State = State.UP) -> None:
        """A change of state is on the disk."""
        now = self.now()
        if after is State.DOWN:
            self.silent.add(subject)
        else:
            self.silent.discard(subject)
        self.alerting.saw(Change(subject, after, Transition(subject, before, after, now, 0.0, now, {})))

    def down(self, name: str = "spare") -> None:
        """A line is down."""
        self.shows(("link", name), State.DOWN)

    def up(self, name: str = "spare") -> None:
        """A line is up."""
        self.shows(("link", name), State.UP, State.DOWN)

    async def flap(self) -> None:
        """The spare line goes down and up three times within a minute and a half, and its detector says so."""
        clocks = Clocks(self.loop.time(), self.now())
        for number in range(3):
            if number == 2:
                self.alerting.decided(SPARE, FlappingBegan(self.loop.time(), 3.0), clocks)
            self.down()
            await asyncio.sleep(10)
            self.up()
            await asyncio.sleep(20)

    def told(self) -> list[str]:
        """What was handed over to be sent."""
        return self.ears.told()
