"""Packets at a steady pace, whoever sends them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

Turn: TypeAlias = Callable[[], Awaitable[None]]
"""Waits until a packet may leave."""


async def at_once() -> None:
    """The turn of who is alone: waits for nothing."""


class Pace:
    """Lets one packet leave at a time.

    Args:
        rate: Packets a second, above zero.
        clock: Seconds that only grow.
        sleep: How to wait.
    """

    def __init__(
        self,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gap = 1.0 / rate
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for the next place in the row."""
        now = self._clock()
        place = max(self._next, now)
        self._next = place + self._gap
        if place > now:
            await self._sleep(place - now)
