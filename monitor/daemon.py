"""The daemon: the only file that joins packages. It introduces them to each other and lets them work."""

import asyncio
import gc
import logging
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from exporters.app import Behind, create_app
from exporters.latest import Latest
from exporters.own import OwnMetrics
from exporters.server import WebServer
from exporters.status import Status, status_of
from model.inventory import Inventory
from monitor.calendar import Calendar
from monitor.config import ConfigError, load
from monitor.instruments import Instruments
from monitor.prober import Prober
from monitor.scheduler import Scheduler
from monitor.states import States
from monitor.tasks import TaskBuilder

log = logging.getLogger(__name__)

_NAMES_EVERY = 60
_EXPIRY_EVERY = 2
_SLICE = 500  # subjects looked at before the probes have their turn again
_IDENTITIES_EVERY = 3_600


@dataclass(frozen=True, slots=True)
class Options:
    """How the daemon is started.

    Attributes:
        config: The inventory: a file or a folder.
        listen_address: Where the web server listens.
    """

    config: Path
    listen_address: str = "127.0.0.1:9841"


class Daemon:
    """One running monitor. Make it with a loaded inventory, then ``run`` it on an event loop."""

    def __init__(self, options: Options, inventory: Inventory) -> None:
        self._options = options
        self._inventory = inventory
        self._own = OwnMetrics()
        self._latest = Latest()
        self._states = States()
        self._instruments = Instruments()
        self._prober = Prober(self._states, self._latest, self._own)
        self._scheduler = Scheduler(self._own)
        self._calendar = Calendar(self._own)
        self._reloading = asyncio.Lock()
        self._stopping = asyncio.Event()
        behind = Behind(self._latest, self._own, asyncio.get_running_loop().time, self, self, self)
        self.web = WebServer(create_app(behind), options.listen_address)

    async def run(self, started: Callable[[], None] = lambda: None) -> None:
        """Work until SIGTERM or SIGINT.

        Args:
            started: Called once, when the web server listens and probing has begun.

        Raises:
            ListenError: The web server cannot listen.
        """
        allow_many_sockets()
        await self.web.start()
        try:
            self._heed_signals()
            self._take(self._inventory)
            self._own.reloaded(successful=True, at=time.time())
            self._begin_calendar()
            started()
            await self._stopping.wait()
        finally:
            await self.close()

    def stop(self) -> None:
        """End ``run`` soon."""
        self._stopping.set()

    async def reload(self) -> list[str]:
        """Read the configuration anew; take all of it over, or nothing.

        Returns:
            What is wrong with it, one line each; empty when it was taken over.
        """
        async with self._reloading:
            try:
                # A city's files take seconds to read; probing goes on meanwhile.
                inventory = await asyncio.to_thread(load, self._options.config)
            except ConfigError as error:
                self._own.reloaded(successful=False, at=time.time())
                log.error("the configuration was not taken over, the old one stays:\n%s", error)  # noqa: TRY400  # a user's mistake
                return [str(problem) for problem in error.problems]
            self._take(inventory)
            self._own.reloaded(successful=True, at=time.time())
            log.info("the configuration was taken over: %s", self._options.config)
            return []

    def ready(self) -> str | None:
        """``None`` once every probe has been run, else how many are still to come."""
        waiting = self._prober.waiting
        return f"{waiting} probes have not been run yet" if waiting else None

    def status(self) -> Status:
        """The state of everything now."""
        snapshot = self._states.snapshot()
        states = {key: state for key, (state, _) in snapshot.items()}
        since = {key: at for key, (_, at) in snapshot.items() if at is not None}
        return status_of(self._inventory, states, since, datetime.now(UTC))

    def _take(self, inventory: Inventory) -> None:
        tasks = TaskBuilder(inventory, self._instruments).tasks()
        self._inventory = inventory
        self._latest.load(inventory)
        self._states.expect(inventory, [((task.subject.kind, task.subject.id), task.key, task.kind) for task in tasks])
        self._instruments.retain(inventory)
        self._scheduler.set(self._prober.take(tasks))
        spare_the_collector()

    def _begin_calendar(self) -> None:
        self._calendar.every(_NAMES_EVERY, "names", self._instruments.resolver.refresh)
        self._calendar.every(_EXPIRY_EVERY, "expiry", self._expire)
        self._calendar.every(_IDENTITIES_EVERY, "identities", self._refresh_identities)
        self._calendar.start()

    async def _expire(self) -> None:
        subjects = self._states.subjects()
        for start in range(0, len(subjects), _SLICE):
            some = subjects[start : start + _SLICE]
            self._prober.show(self._states.expire(some, datetime.now(UTC), asyncio.get_running_loop().time()))
            await asyncio.sleep(0)

    async def _refresh_identities(self) -> None:
        self._instruments.refresh_identities()

    def _heed_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        self._reloads: set[asyncio.Task[list[str]]] = set()
        loop.add_signal_handler(signal.SIGHUP, self._reload_soon)

    def _reload_soon(self) -> None:
        task = asyncio.get_running_loop().create_task(self.reload())
        self._reloads.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._reloads.discard)

    async def close(self) -> None:
        """End everything and give back what is open. A daemon that has never run may be closed too."""
        await self.web.stop()
        self._calendar.stop()
        await self._scheduler.stop()
        await self._instruments.close()


def allow_many_sockets() -> None:
    """Raise this process's limit of open files to the hard limit: each SNMP agent has a socket of its own."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def spare_the_collector() -> None:
    """Take what lives as long as an inventory out of the garbage collector's sight.

    A city's records are hundreds of thousands of objects; looking through them held the event loop for 130 ms.
    """
    gc.unfreeze()  # what a reload has replaced may go
    gc.collect()
    gc.freeze()
