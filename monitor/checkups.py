"""Each device that is polled is asked now and then how it is: what it tells is shown, kept and judged."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, NamedTuple, Protocol

from model.health import DeviceHealth
from model.inventory import Credentials, Device, Inventory, SnmpPolling
from model.measurement import Failure, ProbeKind
from model.profile import Profile
from monitor.scheduler import Job
from monitor.snmp.health import Agent, HealthReader

log = logging.getLogger(__name__)

AT_MOST_EVERY: Final = 60.0
"""Seconds between two rounds of one device, or its own interval where that is longer."""
_STANDS_FOR: Final = 2.5  # rounds


class Asked(NamedTuple):
    """Whom to ask, and how."""

    device: Device
    polling: SnmpPolling
    credentials: Credentials


class Board(Protocol):
    """Who shows what devices tell."""

    def healthy(self, device: str, address: str, health: DeviceHealth, until: float) -> None:
        """Show what the device at this address told until then (monotonic seconds)."""


class Checkups:
    """The readers of all devices that are polled.

    Args:
        agent_of: The agent of a device, which is polled by somebody else.
        board: Shows what they tell.
        judge: Told of each round too, and when it came (monotonic seconds).
        soon: Seconds after which it is seen anew whether a device has been polled at last.
    """

    def __init__(
        self,
        agent_of: Callable[[Device, SnmpPolling, Credentials], Agent],
        board: Board,
        judge: Callable[[str, DeviceHealth, float], None] = lambda *_: None,
        soon: float = 5.0,
    ) -> None:
        self._agent_of = agent_of
        self._board = board
        self._judge = judge
        self._soon = soon
        self._readers: dict[Asked, HealthReader] = {}
        self._profiles: Mapping[str, Profile] = {}
        self._going: set[Asked] = set()

    def load(self, inventory: Inventory, profiles: Mapping[str, Profile]) -> None:
        """Take over an inventory; whose way of being asked stays the same is not looked at anew."""
        if profiles != self._profiles:
            self._readers.clear()
            self._profiles = profiles
        asked = [
            Asked(device, device.snmp, inventory.credentials[device.snmp.credentials])
            for _, device in inventory.devices()
            if device.snmp
        ]
        self._readers = {each: self._readers.get(each) or self._reader(each) for each in asked}

    def jobs(self) -> list[Job]:
        """One for each device."""
        return [
            Job(("checkup", asked), ProbeKind.SNMP, _interval(asked), partial(self._check_in_turn, asked, reader))
            for asked, reader in self._readers.items()
        ]

    async def check(self, device: str) -> None:
        """One round of a device out of turn, because a trap has said something; none where it is not read."""
        for asked, reader in list(self._readers.items()):
            if asked.device.id == device:
                await self._check(asked, reader)

    def _reader(self, asked: Asked) -> HealthReader:
        return HealthReader(self._agent_of(*asked), self._profiles, asked.polling.profile)

    async def _check_in_turn(self, asked: Asked, reader: HealthReader) -> None:
        """A round; the first of all waits for the first poll, or with a long interval nothing is known for as long."""
        clock = asyncio.get_running_loop().time
        until = clock() + _interval(asked) - self._soon
        is_asked = await self._check(asked, reader)
        while not is_asked and not reader.has_looked and clock() < until:
            await asyncio.sleep(self._soon)
            is_asked = await self._check(asked, reader)

    async def _check(self, asked: Asked, reader: HealthReader) -> bool:
        """One round; whether the device has been asked, which one that answers no poll is not."""
        if asked in self._going:  # a trap has asked for this round already
            return True
        self._going.add(asked)
        try:
            outcome = await reader.read()
        finally:
            self._going.discard(asked)
        if isinstance(outcome, DeviceHealth):
            now = asyncio.get_running_loop().time()
            until = now + _STANDS_FOR * _interval(asked)
            self._board.healthy(asked.device.id, asked.device.address, outcome, until)
            self._judge(asked.device.id, outcome, now)
        elif isinstance(outcome, Failure):
            log.debug("device %s does not tell how it is: %s %s", asked.device.id, outcome.reason, outcome.detail)
        return outcome is not None


def _interval(asked: Asked) -> float:
    return max(AT_MOST_EVERY, asked.polling.interval)
