"""The main loop: what happens when a probe has ended, and when the detector of a link has decided something."""

import asyncio
import logging
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

from model.decision import CameUp, Change, Decision, FlappingBegan, FlappingEnded, WentDegraded, WentDown, WentUnknown
from model.measurement import Failure, Measurement, ProbeKind, Reason, Subject
from model.throughput import Throughput
from monitor.memory import Memory
from monitor.scheduler import Job
from monitor.scribe import Scribe
from monitor.speed.loading import site_name
from monitor.states import Because
from monitor.task import Task, measure
from monitor.watch import Clocks

log = logging.getLogger(__name__)

_FAULTS_TOLD: Final = 100


class Picture(Protocol):
    """Who shows the latest measurements."""

    def record(self, measurement: Measurement, fresh_for: float, now: float) -> None:
        """Show this one in place of the one before, for so many seconds from now (monotonic)."""

    def carried(self, link_id: str, throughput: Throughput, until: float) -> None:
        """Show what a link carried, until then (monotonic)."""

    def flapping(self, link_id: str, is_flapping: bool) -> None:  # noqa: FBT001  # it is the fact
        """Show whether a link flaps."""


class Accounts(Protocol):
    """Who counts the runs."""

    def ran(self, kind: ProbeKind, outcome: str) -> None:
        """One more run with this outcome."""


class Prober:
    """Every measurement passes here: it is counted, shown, judged by and remembered; what it changes is written down.

    Links are probed by their watches, which tell what they see; everything else is run by ``jobs``.
    """

    def __init__(
        self,
        memory: Memory,
        picture: Picture,
        accounts: Accounts,
        scribe: Scribe,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        heed: Callable[[Measurement], None] = lambda _: None,
    ) -> None:
        """Probe nothing yet.

        Args:
            memory: Learns from every measurement.
            picture: Shows them.
            accounts: Counts them.
            scribe: Writes down what they change.
            now: Aware UTC.
            heed: Told of each measurement of what no watch looks after, before it changes anything.
        """
        self._now = now
        self._heed = heed
        self._memory = memory
        self._picture = picture
        self._accounts = accounts
        self._scribe = scribe
        self._down_since: dict[str, float] = {}
        self._known: set[Hashable] = set()
        self._waiting: set[Hashable] = set()
        self._told: set[str] = set()

    def expect(self, tasks: Sequence[Task]) -> None:
        """Wait for what is new among these tasks, whoever runs them."""
        keys = {task.key for task in tasks}
        self._waiting = (keys - self._known) | (keys & self._waiting)
        self._known = keys

    @property
    def waiting(self) -> int:
        """How many tasks have not given a measurement yet."""
        return len(self._waiting)

    def jobs(self, tasks: Sequence[Task]) -> list[Job]:
        """The jobs of tasks that nobody watches more closely."""
        return [self._job(task) for task in tasks]

    def _job(self, task: Task) -> Job:
        async def run() -> None:
            await self.run(task)

        return Job(task.key, task.kind, task.interval, run)

    async def run(self, task: Task) -> Measurement:
        """One run of a task."""
        measurement = await measure(task)
        self._heed(measurement)
        self.measured(task, measurement, steady=True)
        return measurement

    async def ask(self, task: Task) -> None:
        """One run out of turn, from which only the state is judged."""
        measurement = await measure(task)
        now = asyncio.get_running_loop().time()
        until = now + task.fresh_for
        self._scribe.take(self._memory.states.learn(task.key, measurement, until, now, self._now()))

    def measured(self, task: Task, measurement: Measurement, *, steady: bool) -> None:
        """A probe has ended: count it, show it, judge by it, remember it.

        Args:
            task: Whose.
            measurement: What it gave.
            steady: Whether it belongs to the regular pace; one of a burst says nothing about loss.
        """
        now = asyncio.get_running_loop().time()
        self._accounts.ran(task.kind, measurement.outcome_label)
        if isinstance(measurement.outcome, Failure) and measurement.outcome.reason is Reason.LOCAL:
            self._tell_once(f"{task.kind}: {measurement.outcome.detail}")
        self._picture.record(measurement, task.fresh_for, now)
        if task.subject.kind == "link":
            self._took(task, measurement, now, steady=steady)
        elif task.subject.kind == "service":
            if not self._memory.loading.covers(site_name(task.subject.site), now - measurement.duration, now):
                self._memory.services.took(measurement, now - measurement.duration)
        elif task.kind is ProbeKind.SNMP:
            self._polled(task, measurement, now)
        until = now + task.fresh_for
        self._scribe.take(self._memory.states.learn(task.key, measurement, until, now, self._now()))
        self._waiting.discard(task.key)

    def _tell_once(self, fault: str) -> None:
        """What this machine itself cannot do: nobody else would say it, and each probe would say it again."""
        if fault not in self._told and len(self._told) < _FAULTS_TOLD:
            self._told.add(fault)
            log.warning("this machine cannot probe: %s", fault)

    def _took(self, task: Task, measurement: Measurement, now: float, *, steady: bool) -> None:
        if self._memory.loading.covers(measurement.subject.id, now - measurement.duration, now):
            return  # a speed test of ours fills the link
        if steady and task.is_first:
            self._memory.hours.took(measurement, self._memory.quality.took(measurement, now - measurement.duration))

    def _polled(self, task: Task, measurement: Measurement, now: float) -> None:
        for link, port in self._memory.quality.unknown_ports(measurement):
            device = measurement.subject.id
            log.warning("link %s: device %s has no interface %r: `linkward probe snmp` lists them", link, device, port)
        until = now + task.fresh_for
        for link, seen in self._memory.quality.polled(measurement, now, until):
            self._picture.carried(link, seen, until)
            self._memory.hours.carried(link, seen, measurement.at)

    def decided(self, subject: Subject, decision: Decision, clocks: Clocks) -> None:
        """The detector of a link or anchor has decided something: write down what it changes."""
        match decision:
            case WentDown() | CameUp() | WentDegraded() | WentUnknown():
                at, noticed = clocks.utc_of(decision.at), clocks.utc_of(decision.noticed_at)
                because = Because(at, noticed, decision.uncertainty, decision.evidence)
                self._leave_outage_out(subject, decision)
                self._scribe.take(self._memory.states.decide((subject.kind, subject.id), decision.state, because))
            case FlappingBegan() | FlappingEnded() if subject.kind == "link":
                is_flapping = isinstance(decision, FlappingBegan)
                self._picture.flapping(subject.id, is_flapping)
                log.info("link %s %s", subject.id, "flaps" if is_flapping else "has stopped flapping")
            case _:
                log.debug("%s %s: %s", subject.kind, subject.id, decision)

    def _leave_outage_out(self, subject: Subject, change: Change) -> None:
        """An outage is judged once, as availability: what was lost in it is no loss of a link that works."""
        if isinstance(change, WentDown):
            self._down_since.setdefault(subject.id, change.at)
        elif (since := self._down_since.pop(subject.id, None)) is not None:
            self._memory.quality.was_down(subject.id, since, change.at)
