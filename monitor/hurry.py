"""Asks at once whatever would explain a silence, so that its verdict is there no later than the one below it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Final, Protocol

from model.inventory import Inventory
from model.measurement import SubjectKey
from model.state import SILENCES_UNTIL_DOWN, State
from model.topology import Topology
from model.transition import Transition
from monitor.task import Task

AGAIN_AFTER: Final = 2.0
"""Seconds before the same thing is asked again, however many silences it would explain."""
_GAP: Final = 1.1
_BURST: Final = SILENCES_UNTIL_DOWN * _GAP
"""Seconds between questions to a device: together they outlast what a link is asked for, so that neither is found down
by a cut that spares the other."""


class Watch(Protocol):
    """Watches a link or an anchor."""

    def ask(self) -> None:
        """Send one more probe now."""


class Hurry:
    """Probes the parents of what falls silent, and the anchors."""

    def __init__(self, run: Callable[[Task], Coroutine[object, object, object]]) -> None:
        """Know of nothing yet.

        Args:
            run: Carries out one run of a task.
        """
        self._run = run
        self._topology = Topology(Inventory())
        self._watches: Mapping[SubjectKey, Watch] = {}
        self._asks: Mapping[SubjectKey, Task] = {}
        self._anchors: tuple[SubjectKey, ...] = ()
        self._asked: dict[SubjectKey, float] = {}
        self._again: dict[SubjectKey, asyncio.TimerHandle] = {}
        self._running: set[asyncio.Task[None]] = set()

    def load(self, inventory: Inventory, watches: Mapping[SubjectKey, Watch], asks: Mapping[SubjectKey, Task]) -> None:
        """Take over an inventory.

        Args:
            inventory: What depends on what.
            watches: Of its links and anchors.
            asks: The shortest sign of life of each device.
        """
        self._topology = Topology(inventory)
        self._watches = watches
        self._anchors = tuple(subject for subject in watches if subject[0] == "anchor")
        self._asks = asks
        self._asked.clear()
        self._forget_again()

    def silent(self, subject: SubjectKey) -> None:
        """This has not answered: ask everything above it."""
        for above in (*self._topology.ancestors(subject), *self._anchors):
            if above != subject:
                self._ask(above)

    def turned(self, change: Transition) -> None:
        """The state of something has changed.

        What is unknown since something above it is there again is asked itself, lest what hangs on it be judged first;
        where it is found down without a suspicion of its own, as then, whatever would explain that is asked. A device
        that is found down is asked again: of three echoes many seconds apart each may have been lost by chance.
        """
        if change.after is State.DOWN:
            self.silent(change.subject)
            if change.subject in self._asks:
                self._ask(change.subject)
        elif change.before is State.UNREACHABLE and change.after is State.UNKNOWN:
            self._ask(change.subject)

    def close(self) -> None:
        """End what is under way."""
        for task in self._running:
            task.cancel()
        self._forget_again()

    def _forget_again(self) -> None:
        for timer in self._again.values():
            timer.cancel()
        self._again.clear()

    def _ask(self, subject: SubjectKey) -> None:
        loop = asyncio.get_running_loop()
        pause = _BURST if subject in self._asks else AGAIN_AFTER  # two bursts at once would outlast nothing
        again_at = self._asked.get(subject, float("-inf")) + pause
        if loop.time() >= again_at:
            self._ask_now(subject, loop.time())
        elif subject not in self._again:
            # It may have fallen silent since it was asked.
            self._again[subject] = loop.call_at(again_at, self._ask_again, subject)

    def _ask_again(self, subject: SubjectKey) -> None:
        del self._again[subject]
        self._ask_now(subject, asyncio.get_running_loop().time())

    def _ask_now(self, subject: SubjectKey, now: float) -> None:
        self._asked[subject] = now
        watch, sign = self._watches.get(subject), self._asks.get(subject)
        if watch is not None:
            watch.ask()
        elif sign is not None:
            task = asyncio.get_running_loop().create_task(self._burst(sign))
            self._running.add(task)  # the loop itself keeps only a weak reference
            task.add_done_callback(self._running.discard)

    async def _burst(self, sign: Task) -> None:
        """As many questions as decide about a device, one shortly after the other, none waiting for the one before."""

        async def one(number: int) -> None:
            await asyncio.sleep(number * _GAP)
            await self._run(sign)

        await asyncio.gather(*map(one, range(SILENCES_UNTIL_DOWN)))
