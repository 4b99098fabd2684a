"""What a trap hastens: the poll of its device, and the probes of the link whose interface it names. It decides nothing.

It is asked again at most every two seconds, however much the device says; what it says meanwhile makes one more poll
at the end of them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final, Protocol

from model.inventory import Inventory, Link
from model.measurement import ProbeKind, SubjectKey
from model.trap import Trap
from monitor.task import Task

log = logging.getLogger(__name__)

AGAIN_AFTER: Final = 2.0
"""Seconds between two polls of one device out of turn, and between two probes of one link."""
CHECK_UP_AFTER: Final = 60.0
"""Seconds between two looks out of turn at how a device is: its alerts count rounds, which must take their time."""
MOST_AT_ONCE: Final = 64
"""Polls that traps may have started and that have not ended: no more, though a whole city speaks at once."""


class Watch(Protocol):
    """Watches a link."""

    def ask(self) -> None:
        """Send one more probe now; a late answer makes a burst, as always."""


class PortReading(Protocol):
    """A port as a poll saw it."""

    @property
    def interface(self) -> "Row":
        """Its row."""


class Row(Protocol):
    """A row of ifTable."""

    @property
    def index(self) -> int:
        """Its ifIndex."""


class LastReadings(Protocol):
    """Who holds the last readings of the ports that links name."""

    def last(self, device: str, port: str) -> PortReading | None:
        """The last one of this port; ``None`` where there was none."""


CheckUp = Callable[[str], Awaitable[object]]
"""Reads how the device with this id is."""


class Haste:
    """Makes the monitor look at what a trap is about."""

    def __init__(
        self, run: Callable[[Task], Awaitable[object]], ports: LastReadings, check_up: CheckUp | None = None
    ) -> None:
        """Know of nothing yet.

        Args:
            run: Carries out one run of a task.
            ports: Tell which ifIndex a port has.
            check_up: Reads how a device is: its power, its heat.
        """
        self._run = run
        self._ports = ports
        self._check_up = check_up
        self._checked: dict[str, float] = {}
        self._polls: Mapping[str, Task] = {}
        self._watches: Mapping[SubjectKey, Watch] = {}
        self._links: dict[str, list[tuple[str, Link]]] = {}
        self._asked: dict[SubjectKey, float] = {}
        self._again: dict[SubjectKey, asyncio.TimerHandle] = {}
        self._running: set[asyncio.Task[None]] = set()

    def load(self, inventory: Inventory, tasks: Iterable[Task], watches: Mapping[SubjectKey, Watch]) -> None:
        """Take over an inventory.

        Args:
            inventory: Which link ends at which port.
            tasks: The probes of its devices, others among them.
            watches: Of its links.
        """
        polls = (task for task in tasks if task.kind is ProbeKind.SNMP and task.subject.kind == "device")
        self._polls = {task.subject.id: task for task in polls}
        self._watches = watches
        self._links = {}
        for _, link in inventory.links():
            if link.interface_parts:
                device, port = link.interface_parts
                self._links.setdefault(device, []).append((port, link))
        self._asked.clear()
        self._checked = {device: at for device, at in self._checked.items() if device in self._polls}
        self._forget_again()

    def hasten(self, device: str, trap: Trap) -> bool:
        """Look at what a device's trap is about.

        Returns:
            Whether there is anything to look at, and room for it.
        """
        if not trap.kind.is_news:
            return False
        poll = device in self._polls and self._soon(("device", device))
        if poll and not trap.kind.is_about_a_port:
            self._look_how_it_is(device)
        links = [link.id for link in self._meant(device, trap)] if trap.kind.is_about_a_port else []
        asked = [self._soon(("link", link)) for link in links]
        return poll or any(asked)

    def close(self) -> None:
        """End what is under way."""
        for task in self._running:
            task.cancel()
        self._forget_again()

    def _meant(self, device: str, trap: Trap) -> list[Link]:
        """The links at the port that a trap names; where no poll has told which that is, those that it may be."""
        links = self._links.get(device, [])
        if trap.if_name and (named := [link for port, link in links if port == trap.if_name]):
            return named
        if trap.if_index is None:
            return [link for _, link in links]
        indices = [(self._index(device, port), link) for port, link in links]
        return [link for index, link in indices if index is None or index == trap.if_index]

    def _index(self, device: str, port: str) -> int | None:
        reading = self._ports.last(device, port)
        return reading.interface.index if reading is not None else None

    def _soon(self, subject: SubjectKey) -> bool:
        now = asyncio.get_running_loop().time()
        again_at = self._asked.get(subject, float("-inf")) + AGAIN_AFTER
        if now >= again_at:
            return self._ask(subject, now)
        if subject not in self._again:
            self._again[subject] = asyncio.get_running_loop().call_at(again_at, self._ask_again, subject)
        return True

    def _ask_again(self, subject: SubjectKey) -> None:
        del self._again[subject]
        self._ask(subject, asyncio.get_running_loop().time())

    def _ask(self, subject: SubjectKey, now: float) -> bool:
        if (watch := self._watches.get(subject)) is not None:
            watch.ask()
        elif (poll := self._polls.get(subject[1])) is None or len(self._running) >= MOST_AT_ONCE:
            return False
        else:
            self._begin(self._run(poll), poll.subject.id)
        self._asked[subject] = now
        return True

    def _look_how_it_is(self, device: str) -> None:
        now = asyncio.get_running_loop().time()
        if self._check_up is not None and now - self._checked.get(device, float("-inf")) >= CHECK_UP_AFTER:
            self._checked[device] = now
            self._begin(self._check_up(device), device)

    def _begin(self, looking: Awaitable[object], device: str) -> None:
        task = asyncio.get_running_loop().create_task(self._carry_out(looking, device))
        self._running.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._running.discard)

    async def _carry_out(self, looking: Awaitable[object], device: str) -> None:
        try:
            await looking
        except Exception:
            # A bug in one poll must not end the others.
            log.exception("the poll of %s, which a trap hastened, failed unexpectedly", device)

    def _forget_again(self) -> None:
        for timer in self._again.values():
            timer.cancel()
        self._again.clear()
