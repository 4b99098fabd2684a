"""The daemon: the only file that joins packages. It introduces them to each other and lets them work."""

import asyncio
import logging
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from exporters.app import Behind, create_app
from exporters.feed import RELOADED, SILENCES, Feed
from exporters.latest import Latest
from exporters.own import OwnMetrics
from exporters.server import WebServer
from exporters.status import Status, status_of
from history.errors import HistoryError
from history.store import Store
from model.alerting import MaintenanceWindow
from model.decision import Decision, Suspected
from model.inventory import Device, Inventory
from model.measurement import Failure, Measurement, Reading, Reason, Subject
from monitor.added_windows import KEPT, added_windows, together
from monitor.ailments import Ailments
from monitor.alerting import Alerting
from monitor.archive import Archive
from monitor.boards import Boards
from monitor.calendar import Calendar
from monitor.checkups import Checkups
from monitor.config import ConfigError, load
from monitor.config.profiles import profiles_of
from monitor.desk import Desk
from monitor.drifting import Drifting
from monitor.errands import Errands
from monitor.evidence import Evidence
from monitor.health import Health
from monitor.hurry import Hurry
from monitor.instruments import Instruments
from monitor.latency import Latency
from monitor.memory import Memory
from monitor.on_demand import OnDemand
from monitor.ports import Ports
from monitor.prober import Prober
from monitor.probes.path import Tracer
from monitor.process import allow_many_sockets, heed, spare_the_collector
from monitor.recollection import Recollection
from monitor.review_room import ReviewRoom
from monitor.rounds import Rounds
from monitor.routine import Routine
from monitor.scheduler import Scheduler
from monitor.scribe import Scribe
from monitor.showing import Showing
from monitor.sight import Sight, Turn
from monitor.speed.desk import SpeedDesk
from monitor.speed.speeds import Speeds
from monitor.states import Because, Change
from monitor.task import Task
from monitor.tasks import TaskBuilder
from monitor.traps.hearing import Hearing
from monitor.watch import Clocks, Watches
from monitor.web import web_config

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """How the daemon is started.

    Attributes:
        config: The inventory: a file or a folder.
        listen_address: Where the web server listens.
        storage_url: Where history is kept; ``None`` for what the inventory says.
        web_config: The web configuration file; ``None`` for plain HTTP and nobody asked for a password.
    """

    config: Path
    listen_address: str = "127.0.0.1:9841"
    storage_url: str | None = None
    web_config: Path | None = None


class Daemon:
    """One running monitor. Make it with a loaded inventory on an event loop, then ``run`` it."""

    def __init__(self, options: Options, inventory: Inventory) -> None:
        """Open nothing yet.

        Raises:
            HistoryError: The storage URL names no database.
            ConfigError: The web configuration file is wrong.
        """
        self._options = options
        self._inventory = self._plain = inventory
        self._own = OwnMetrics()
        self._latest = Latest()
        self._memory = Memory.begun(datetime.now(UTC), self._now())
        self._store = Store(_storage_url(options, inventory), socket.gethostname())
        self._own.history(self._store.health)
        self._instruments = Instruments()
        self._own.replies(self._instruments.replies)
        self._scribe = Scribe(self._store, self._show)
        self._prober = Prober(self._memory, self._latest, self._own, self._scribe, heed=self._heed)
        self._ports = Ports()
        self._evidence = Evidence(
            tracing=Tracer(),
            addresses=self._instruments.resolver,
            readings=self._ports,
            poll_now=self._poll_now,
            state_of=self._memory.states.observed,
            lately=lambda devices: self._traps.lately(devices),  # noqa: PLW0108  # they are made after it
        )
        self._alerting = Alerting(self._store, self._memory.states.answered_at, self._own, self._evidence)
        self._own.incidents(self._alerting.open_by_severity)
        self._own.queues(self._alerting.dispatcher.queue)
        self._desk = Desk(self._alerting, self._store, lambda: self._inventory, self._take_windows)
        self._hurry = Hurry(self._prober.ask)
        self._feed = Feed()
        self._showing = Showing(self._memory, self._hurry, self._alerting, self._latest, self._feed)
        self._alerting.turned = lambda name: self._feed.said(("incident", name) if name else SILENCES)
        boards = Boards(self._latest, self._alerting, self._feed.said)
        self._rounds = Rounds(self._memory, boards, self._scribe, self._store)
        self._recollection = Recollection(self._store, self._memory.accounts, lambda: self._inventory)
        self._reviews = ReviewRoom(self._store, _storage_url(options, inventory), lambda: self._inventory, self._own)
        self._sight = Sight()
        self._watches = Watches(self)
        self._ailments = Ailments(self._alerting, self._latest)
        self._checkups = Checkups(self._instruments.agent, self._latest, self._ailments.told)
        self._speeds = Speeds(self._store, self._memory, self._latest, self._own, self._instruments.agent)
        self._scheduler = Scheduler(self._own)
        self._calendar = Calendar(self._own)
        self._reloading, self._stopping = asyncio.Lock(), asyncio.Event()
        self._errands = Errands()
        self._traps = Hearing(
            *(self._prober.run, self._ports, self._instruments.resolver),
            store=self._store,
            errands=self._errands,
            check_up=self._checkups.check,
        )
        self._own.traps(lambda: self._traps)
        self._drifting = self._follow_drift()
        self._health = Health(self._store, self._alerting, self._scheduler.overdue, asyncio.get_running_loop().time)
        self._web_config = web_config(options.web_config, self._own)
        gate = self._web_config.gate
        self.web = WebServer(create_app(self._behind()), options.listen_address, gate=gate, counters=self._own)

    def _follow_drift(self) -> Drifting:
        """Whoever has a page open, and Prometheus, sees what `linkward topology` finds."""
        drifting = Drifting(self._options.config, lambda: self._feed.said(RELOADED))
        self._own.drift(lambda: drifting.drifted)
        return drifting

    def _behind(self) -> Behind:
        """What the web server asks."""
        clock, on_demand = asyncio.get_running_loop().time, OnDemand(self._instruments)
        archive = Archive(self._store, self._memory, lambda: self._inventory)
        return Behind(
            *(self._latest, self._own, clock, self, self, self, archive, self._desk, on_demand, self._health),
            feed=self._feed,
            latency=Latency(self._memory.smoke, self._store, lambda: self._inventory),
            speeds=SpeedDesk(self._speeds, self._store, lambda: self._inventory),
            reviews=self._reviews.desk,
            drift=self._drifting,
        )

    async def run(self, started: Callable[[], None] = lambda: None) -> None:
        """Work until SIGTERM or SIGINT.

        Args:
            started: Called once, when the web server listens and probing has begun.

        Raises:
            ListenError: The web server cannot listen.
            HistoryError: The history cannot be used, and only a person can mend that.
        """
        allow_many_sockets()
        async with AsyncExitStack() as ends:
            ends.push_async_callback(self.close)
            await self.web.start()
            ends.push_async_callback(self.web.stop)
            await self._store.start()
            ends.push_async_callback(self._store.close)
            writing = self._health.writing = asyncio.create_task(self._scribe.work())
            ends.push_async_callback(self._alerting.stop)
            ends.push_async_callback(self._finish_writing, writing)
            ends.push_async_callback(self._end_probing)
            heed({signal.SIGTERM: self.stop, signal.SIGINT: self.stop, signal.SIGHUP: self._reload_soon})
            await self._begin()
            started()
            await self._stopping.wait()

    async def test_speed(self, link: str) -> bool:
        """Begin a speed test of a link; whether it has begun."""
        return await self._speeds.demand(link) is None

    def stop(self) -> None:
        """End ``run`` soon."""
        self._stopping.set()

    async def close(self) -> None:
        """Give back what making a daemon has opened; ``run`` does it by itself."""
        await self._instruments.close()

    async def _end_probing(self) -> None:
        await self._calendar.stop()
        await self._speeds.close()
        await self._reviews.close()
        self._traps.close()
        self._hurry.close()
        self._watches.close()
        await self._scheduler.stop()
        await self._rounds.beat()
        await self._rounds.close_hour(datetime.now(UTC))

    async def _finish_writing(self, writing: asyncio.Task[None]) -> None:
        self._scribe.finish()
        await writing

    async def reload(self) -> list[str]:
        """Read the configuration anew, and the web configuration; of each take all over, or nothing.

        Returns:
            What is wrong with them, one line each; empty when both were taken over.
        """
        async with self._reloading:
            try:
                # A city's files take seconds to read; probing goes on meanwhile.
                inventory = await asyncio.to_thread(load, self._options.config)
            except ConfigError as error:
                self._own.reloaded(successful=False, at=time.time())
                for problem in error.problems:
                    log.error("not taken over, the old configuration stays: %s", problem)  # noqa: TRY400  # a user's mistake
                return [*(str(problem) for problem in error.problems), *await self._web_config.read()]
            self._plain = inventory
            await self._take(self._with_added(inventory), datetime.now(UTC))
            log.info("the configuration was taken over: %s", self._options.config)
            return await self._web_config.read()

    def ready(self) -> str | None:
        """``None`` once every probe has been run, else how many are still to come."""
        waiting = self._prober.waiting
        return f"{waiting} probes have not been run yet" if waiting else None

    def status(self) -> Status:
        """The state of everything now."""
        snapshot = self._memory.states.snapshot()
        states = {key: state for key, (state, _) in snapshot.items()}
        since = {key: at for key, (_, at) in snapshot.items() if at is not None}
        return status_of(self._inventory, states, since, datetime.now(UTC))

    def measured(self, task: Task, measurement: Measurement, *, steady: bool) -> None:
        """A watch has seen the end of a probe."""
        self._prober.measured(task, measurement, steady=steady)

    def decided(self, subject: Subject, decision: Decision, clocks: Clocks) -> None:
        """A watch has decided something; when all anchors are silent it is the monitor that is cut off."""
        if subject.kind == "anchor" and (turn := self._sight.decided(subject.id, decision, clocks)):
            self._turn(turn)
        if isinstance(decision, Suspected):
            self._hurry.silent((subject.kind, subject.id))
        self._alerting.decided(subject, decision, clocks)
        self._prober.decided(subject, decision, clocks)

    def _turn(self, turn: Turn) -> None:
        self._own.blind(turn.blind)
        self._alerting.sees(turn.since, is_blind=turn.blind)
        self._errands.soon(self._rounds.turn(turn.since, blind=turn.blind))

    def _heed(self, measurement: Measurement) -> None:
        """Something that no watch looks after was measured."""
        if not measurement.succeeded:
            self._hurry.silent((measurement.subject.kind, measurement.subject.id))
        self._ports.polled(measurement, self._now())
        self._ailments.polled(measurement, self._now())
        self._alerting.measured(measurement)

    async def _poll_now(self, device: Device) -> Reading | Failure:
        if device.snmp is None:
            return Failure(Reason.LOCAL, f"{device.id} is not polled")
        return await self._instruments.poll(device, device.snmp, self._inventory.credentials[device.snmp.credentials])

    async def _begin(self) -> None:
        now = datetime.now(UTC)
        began = await self._recollection.begin(now)
        if began is not None and began > now:  # the clock was set back while the monitor was off
            self._memory.heart.outlast(began)
        await self._begin_alerting(now)
        await self._take(self._inventory, began or now)
        self._routine().enter(self._calendar)
        self._calendar.start()
        await self._rounds.beat()
        await self._health.beat()
        await self._drifting.look()
        await self._reviews.post.look()  # the daemon may have been off on the day

    def _routine(self) -> Routine:
        return Routine(
            *(lambda: self._inventory, self._rounds, self._instruments, self._recollection, self._evidence),
            *(self._web_config, self._health, self._reviews, self._speeds, self._traps),
            drifting=self._drifting,
        )

    async def _begin_alerting(self, now: datetime) -> None:
        """Before anything is probed: what is found must be put beside what was known."""
        try:
            self._desk.windows = added_windows(await self._store.audit(now - KEPT, now))
        except HistoryError as error:
            log.warning("maintenance that was added is not known, the history cannot be read: %s", error)
        self._inventory = self._with_added(self._inventory)
        self._alerting.load(self._inventory)
        await self._alerting.begin()

    def _with_added(self, inventory: Inventory) -> Inventory:
        """An inventory with the maintenance windows that were added beside its own."""
        return inventory.model_copy(update={"maintenance": together(inventory.maintenance, self._desk.windows)})

    async def _take_windows(self, windows: Sequence[MaintenanceWindow]) -> None:
        """Let these added windows be in force, and no other added ones."""
        names = {window.id for window in windows}
        own = tuple(window for window in self._plain.maintenance if window.id not in names)
        async with self._reloading:
            await self._take(self._plain.model_copy(update={"maintenance": (*own, *windows)}), datetime.now(UTC))

    async def _take(self, inventory: Inventory, began: datetime) -> None:
        builder = TaskBuilder(inventory, self._instruments)
        watched, plain = builder.watched(), builder.plain()
        announced = dict(self._memory.accounts.announcements)
        self._inventory = inventory
        self._memory.load(inventory, began)
        self._latest.load(inventory, datetime.now(UTC))
        self._sight.expect(frozenset(map(str, inventory.anchors)))
        if turn := self._sight.turned(datetime.now(UTC)):
            self._turn(turn)
        tasks = [*watched, *plain]
        probes = [((task.subject.kind, task.subject.id), task.key, task.kind) for task in tasks]
        now = datetime.now(UTC)
        self._scribe.take(self._memory.states.expect(inventory, probes, Because(now, now)))
        self._showing.show_all()
        self._feed.said(RELOADED)
        self._instruments.retain(inventory)
        self._prober.expect(tasks)
        self._own.blind(self._sight.is_blind)
        self._own.receivers(inventory.alerts.receivers)
        self._alerting.load(inventory)
        self._ports.load(inventory)
        self._evidence.load(inventory)
        self._speeds.load(inventory)
        self._ailments.load(inventory)
        self._checkups.load(inventory, profiles_of(inventory))
        jobs = [*self._prober.jobs(plain), *self._checkups.jobs()]
        self._scheduler.set([*self._watches.take(watched, builder.timeouts()), *jobs])
        self._hurry.load(inventory, self._watches.by_subject(), builder.asks())
        self._traps.load(inventory, plain, self._watches.by_subject())
        self._own.reloaded(successful=True, at=time.time())
        spare_the_collector()
        await self._recollection.write(announced, now)

    def _show(self, change: Change) -> None:
        self._showing.show(change)  # which is made after the scribe, of what needs the scribe

    def _reload_soon(self) -> None:
        self._errands.soon(self.reload())

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _storage_url(options: Options, inventory: Inventory) -> str:
    return options.storage_url or inventory.storage.url.get_secret_value()
