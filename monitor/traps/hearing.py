"""Traps as the daemon sees them: heard, hastening polls, counted, and where they tell a cause written down."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from history.facts import Fact
from model.inventory import Inventory
from model.measurement import SubjectKey
from monitor.errands import Errands
from monitor.task import Task
from monitor.traps.haste import CheckUp, Haste, LastReadings, Watch
from monitor.traps.listener import Addresses, Noted, TrapListener
from monitor.traps.memo import Memo
from monitor.traps.said import Said


class Store(Protocol):
    """Writes the history."""

    @property
    def monitor(self) -> str:
        """The monitor's name."""

    async def record(self, *facts: Fact) -> object:
        """Write these."""


class Hearing:
    """Joins the listener to what it hastens and to the history."""

    def __init__(
        self,
        run: Callable[[Task], Awaitable[object]],
        ports: LastReadings,
        addresses: Addresses,
        *,
        store: Store,
        errands: Errands,
        check_up: CheckUp | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Listen to nobody yet.

        Args:
            run: Carries out one run of a task, as its turn would.
            ports: Tell which ifIndex a port has.
            addresses: Knows the devices' addresses where they are names.
            store: Writes the history.
            errands: Does what nobody waits for.
            check_up: Reads how a device is.
            now: Aware UTC.
        """
        self._store = store
        self._errands = errands
        self._now = now
        self._memo = Memo()
        self._said = Said()
        self._haste = Haste(run, ports, check_up)
        clock = asyncio.get_running_loop().time
        self.listener = TrapListener(self._haste, addresses, store.monitor, self._note, clock)

    @property
    def is_listening(self) -> bool | None:
        """Whether the port is open; ``None`` where the inventory says nothing of traps."""
        return self.listener.counts.is_listening

    def messages(self) -> Mapping[tuple[str, str], int]:
        """What has come, by kind and outcome."""
        return self.listener.messages()

    def devices(self) -> Mapping[tuple[str, str, str], int]:
        """What was read, by site, device and kind."""
        return self.listener.counts.devices()

    def load(self, inventory: Inventory, tasks: Iterable[Task], watches: Mapping[SubjectKey, Watch]) -> None:
        """Take over an inventory, with the probes of its devices and the watches of its links."""
        self._haste.load(inventory, tasks, watches)
        self._said.retain(device.id for _, device in inventory.devices())
        self.listener.load(inventory)
        self._errands.soon(self.look_up())

    def lately(self, devices: Collection[str]) -> list[Mapping[str, object]]:
        """What these devices have said in the last ten minutes, as JSON has it."""
        return self._said.lately(devices, self._now())

    async def look_up(self) -> None:
        """Find the addresses of devices that are known by a name. To be called now and then."""
        await self.listener.look_up()

    def close(self) -> None:
        """Listen no more, and hasten nothing more."""
        self.listener.close()
        self._haste.close()

    def _note(self, noted: Noted) -> None:
        now = self._now()
        self._said.note(noted, now)
        if (entry := self._memo.entry(noted, now)) is not None:
            self._errands.soon(self._store.record(entry))
