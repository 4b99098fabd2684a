"""The daemon's main loop around the probes that are measured: each run is remembered, recorded and in the end shown."""

import asyncio
from array import array
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bench.figures import CannotRunError
from exporters.exposition import Style, exposition
from exporters.latest import Latest
from history.store import Fate
from model.inventory import Inventory
from model.measurement import Failure, Measurement, ProbeKind
from model.throughput import Throughput
from model.transition import Transition
from monitor.instruments import Instruments
from monitor.memory import Memory
from monitor.prober import Prober
from monitor.process import spare_the_collector
from monitor.scheduler import Scheduler
from monitor.scribe import Scribe
from monitor.states import Because, Change
from monitor.task import Task
from monitor.tasks import TaskBuilder
from monitor.watch import Watches


class Observer:
    """Stands where the daemon has its picture and its own metrics, and notes what the bench wants to know.

    Attributes:
        latest: The picture, which gets everything.
        outcomes: Runs by outcome.
        lags: By kind, how late each start was in seconds.
        skips: Starts that did not take place.
        rtts: Round-trip times in seconds.
    """

    def __init__(self, latest: Latest) -> None:
        self.latest = latest
        self.forget()

    def forget(self) -> None:
        """Begin anew; the picture stays."""
        self.outcomes: Counter[str] = Counter()
        self.lags: defaultdict[ProbeKind, array[float]] = defaultdict(lambda: array("d"))
        self.skips = 0
        self.rtts: array[float] = array("d")

    def record(self, measurement: Measurement, fresh_for: float, now: float) -> None:
        """One more measurement."""
        if measurement.rtt is not None:
            self.rtts.append(measurement.rtt)
        self.latest.record(measurement, fresh_for, now)

    def carried(self, link_id: str, throughput: Throughput, until: float) -> None:
        """A link has carried something."""
        self.latest.carried(link_id, throughput, until)

    def flapping(self, link_id: str, is_flapping: bool) -> None:  # noqa: FBT001  # as the picture has it
        """A link flaps."""
        self.latest.flapping(link_id, is_flapping)

    def ran(self, _kind: ProbeKind, outcome: str) -> None:
        """One more run."""
        self.outcomes[outcome] += 1

    def lag(self, kind: ProbeKind, seconds: float) -> None:
        """One more start."""
        self.lags[kind].append(seconds)

    def skipped(self, _kind: ProbeKind, runs: int) -> None:
        """So many starts did not take place."""
        self.skips += runs


class NoHistory:
    """Keeps nothing: what the bench measures is not the disk."""

    async def record(self, *_facts: Transition) -> Fate:
        """As if written."""
        return Fate.DURABLE


class MainLoop:
    """Watches, prober, states and picture, wired as in the daemon."""

    def __init__(self, inventory: Inventory, builder: TaskBuilder) -> None:
        latest = Latest()
        latest.load(inventory)
        self._builder = builder
        self._watched, self._plain = builder.watched(), builder.plain()
        self.tasks = tasks = [*self._watched, *self._plain]
        self.observer = Observer(latest)
        now = datetime.now(UTC)
        memory = Memory.begun(now, asyncio.get_running_loop().time())
        memory.load(inventory, now)
        probes = [((task.subject.kind, task.subject.id), task.key, task.kind) for task in tasks]
        memory.states.expect(inventory, probes, Because(now, now))
        self._scribe = Scribe(NoHistory(), self._changed)
        self.prober = Prober(memory, self.observer, self.observer, self._scribe)
        self.prober.expect(tasks)

    def _changed(self, change: Change) -> None:
        noun, name = change.subject
        self.observer.latest.set_state(noun, name, change.shown)

    async def round(self) -> list[Measurement]:
        """Run each task once, one after the other.

        Raises:
            CannotRunError: A run failed; a failure costs less and must not count.
        """
        return [await self._run(task) for task in self.tasks]

    async def round_of_many(self, at_once: int) -> list[Measurement]:
        """The same with so many under way at any time, in the order in which they end."""
        waiting, measurements = iter(self.tasks), list[Measurement]()

        async def work() -> None:
            for task in waiting:
                measurements.append(await self._run(task))

        await asyncio.gather(*(work() for _ in range(at_once)))
        return measurements

    async def round_with_scrape(self) -> list[Measurement]:
        """The same, and then show all of it, as if each run were scraped once."""
        measurements = await self.round()
        self.show()
        return measurements

    async def _run(self, task: Task) -> Measurement:
        measurement = await self.prober.run(task)
        if isinstance(failure := measurement.outcome, Failure):
            raise CannotRunError(f"{measurement.subject.instance}: {failure.reason}: {failure.detail}")
        return measurement

    def show(self) -> int:
        """The whole text, encoded; how many octets it has."""
        now = asyncio.get_running_loop().time()
        return sum(len(piece) for piece in exposition(self.observer.latest.blocks(now), Style.TEXT))

    @asynccontextmanager
    async def at_its_pace(self) -> AsyncIterator[Observer]:
        """All tasks at their intervals while the context lasts; it begins when each has run once."""
        scheduler, watches = Scheduler(self.observer), Watches(self.prober)
        jobs = watches.take(self._watched, self._builder.timeouts())
        scheduler.set([*jobs, *self.prober.jobs(self._plain)])
        writing = asyncio.create_task(self._scribe.work())
        try:
            while self.prober.waiting:  # noqa: ASYNC110  # the prober tells a number, and no event
                await asyncio.sleep(0.2)
            yield self.observer
        finally:
            watches.close()
            await scheduler.stop()
            self._scribe.finish()
            await writing


@asynccontextmanager
async def main_loop(inventory: Inventory) -> AsyncIterator[MainLoop]:
    """The main loop over everything in an inventory."""
    instruments = Instruments()
    try:
        loop = MainLoop(inventory, TaskBuilder(inventory, instruments))
        spare_the_collector()
        yield loop
    finally:
        await instruments.close()
