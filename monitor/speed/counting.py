"""Reads the octets of one port of a device again and again, while a speed test goes on."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from model.counters import TICKS_PER_SECOND, UPTIME_MODULUS
from model.cross_traffic import Counted
from model.speed_run import Direction
from model.throughput import Facing
from monitor.snmp.columns import COLUMNS, SYS_UPTIME
from monitor.snmp.identity import Identity
from monitor.snmp.session import Session, SnmpError, Value

EVERY: Final = 0.5
"""Seconds from one reading to the next: an agent answers one small request each time."""

_IN, _OUT, _MARK = (
    next(column.oid for column in COLUMNS if column.name == name)
    for name in ("ifHCInOctets", "ifHCOutOctets", "ifCounterDiscontinuityTime")
)


class Conversing(Protocol):
    """An agent that somebody else polls."""

    async def conversation(self) -> tuple[Session, Identity] | None:
        """The session and what is known of its interfaces; ``None`` while it is silent."""


class PortCounting:
    """The readings of one port.

    Args:
        agent: Whose port it is.
        port: Its ifName.
        facing: Which end of the link it is at.
        clock: Monotonic seconds.
    """

    def __init__(self, agent: Conversing, port: str, facing: Facing, clock: Callable[[], float]) -> None:
        self._agent = agent
        self._port = port
        self._facing = facing
        self._clock = clock
        self._readings: list[tuple[float, float, int | None, int | None]] = []  # at, agent's clock, in, out
        self._mark: Value | None = None
        self._last: tuple[int, int, int] | None = None  # ticks, in, out

    async def go_on(self) -> None:
        """Read until it is cancelled; a reading that fails is left out."""
        while True:
            await self.read()
            await asyncio.sleep(EVERY)

    async def read(self) -> None:
        """One reading."""
        known = await self._agent.conversation()
        if known is None:
            return
        session, identity = known
        index = next((row.index for row in identity.rows if row.name == self._port), None)
        if index is None:
            return
        oids = SYS_UPTIME, f"{_IN}.{index}", f"{_OUT}.{index}", f"{_MARK}.{index}"
        try:
            values = await session.get_many(oids)
        except SnmpError:
            return
        ticks, came, went, mark = (values.get(oid) for oid in oids)
        if isinstance(ticks, int) and isinstance(came, int) and isinstance(went, int):
            self._take(ticks, came, went, mark)

    def of(self, direction: Direction, began: float) -> list[Counted]:
        """The readings of one direction of the link.

        Args:
            direction: As seen from the site.
            began: When the load did, by the clock.
        """
        comes_in = (direction == "download") is (self._facing is Facing.SITE)
        return [Counted(at - began, own, came if comes_in else went) for at, own, came, went in self._readings]

    def _take(self, ticks: int, came: int, went: int, mark: Value | None) -> None:
        own = 0.0
        begins_anew = False
        if self._last is not None:
            before, came_before, went_before = self._last
            elapsed = (ticks - before) % UPTIME_MODULUS / TICKS_PER_SECOND
            is_restarted = elapsed > UPTIME_MODULUS / TICKS_PER_SECOND / 2
            begins_anew = is_restarted or came < came_before or went < went_before or mark != self._mark
            own = self._readings[-1][1] + (0.0 if is_restarted else elapsed)
        if begins_anew:
            self._readings.append((self._clock(), own, None, None))
        self._readings.append((self._clock(), own, came, went))
        self._mark, self._last = mark, (ticks, came, went)
