"""One test of one link, both directions one after the other, with the counters of its port read beside it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from model.cross_traffic import LONG, SHOULDER, Basis
from model.inventory import Link, SpeedTest
from model.speed_finding import Finding, conclude
from model.speed_run import DIRECTIONS, Direction, Ending, SpeedRun, way_of
from model.speed_schedule import ceiling, most_octets
from monitor.speed.counting import PortCounting
from monitor.speed.order import Order, Said
from monitor.speed.tester import Heed

SECONDS: Final = 10.0
"""Of the transfer of one direction at most."""

_BEFORE: Final = 1.5  # seconds of readings before the load
_USELESS: Final = frozenset({
    *(Ending.CUT, Ending.UNREACHABLE, Ending.NOT_A_PEER, Ending.WRONG_KEY, Ending.REDIRECTED),
    *(Ending.STOPPED, Ending.ABORTED, Ending.LOCAL),
})
"""After these the other direction would only meet the same."""

Run = Callable[[Order, Heed], Awaitable[SpeedRun]]


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who is told of a test as it goes on.

    Attributes:
        began: The load begins, of a direction.
        ended: It has ended.
        found: What it came to, and when it began.
    """

    began: Callable[[Direction], None]
    ended: Callable[[Direction], None]
    found: Callable[[Finding, datetime], Awaitable[None]]


class LinkTest:
    """Tests one link.

    Args:
        link: With its ``speed_test``.
        run: Runs one order.
        counting: Reads its port; ``None`` where it has none that can be read.
        clock: Monotonic seconds.
        is_stale: Whether its agent is known to keep its counters for seconds.
        now: Aware UTC.
    """

    def __init__(
        self,
        link: Link,
        run: Run,
        counting: PortCounting | None,
        clock: Callable[[], float],
        *,
        is_stale: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if link.speed_test is None:
            raise AssertionError
        self._link = link
        self._wanted: SpeedTest = link.speed_test
        self._run = run
        self._counting = counting
        self._clock = clock
        self._now = now
        self.is_stale = is_stale

    async def both(self, hooks: Hooks) -> None:
        """Download, then upload where that can still say something."""
        async with _beside(self._counting):
            for direction in DIRECTIONS:
                found = await self._one(direction, hooks)
                if found.ending in _USELESS:
                    return

    async def _one(self, direction: Direction, hooks: Hooks) -> Finding:
        if self._counting is not None:
            # An agent that keeps its counters is only understood by the longer time around a test.
            await asyncio.sleep(LONG - SHOULDER if self.is_stale else _BEFORE)
        at, began, moved = self._now(), self._clock(), 0

        def heed(said: Said) -> None:
            nonlocal began, moved
            if said.latest is not None:
                moved = said.latest.octets
            elif said.phase == "load":
                began = self._clock()
                hooks.began(direction)

        try:
            run = await self._run(self._order(direction), heed)
        except asyncio.CancelledError:
            await hooks.found(Finding(direction, Ending.STOPPED, seconds=self._clock() - began, octets=moved), at)
            raise
        finally:
            hooks.ended(direction)
        found = await self._conclude(replace(run, octets=max(run.octets, moved)), direction, began)
        await hooks.found(found, at)
        return found

    async def _conclude(self, run: SpeedRun, direction: Direction, began: float) -> Finding:
        if self._counting is None:
            return conclude(run, direction)
        found = conclude(run, direction, self._counting.of(direction, began))
        if found.basis is Basis.NO_COUNTERS and self._counting.of(direction, began):
            await asyncio.sleep(SHOULDER + 1 if self.is_stale else LONG)
            self.is_stale = True
            return conclude(run, direction, self._counting.of(direction, began))
        return found

    def _order(self, direction: Direction) -> Order:
        place = 0 if direction == "download" else 1
        wanted, key = self._wanted, self._wanted.key
        return Order(
            url=wanted.url,
            way=way_of(direction, peer_at_site=wanted.is_peer_at_site),
            octets=most_octets(self._link, place, SECONDS),
            key=key.get_secret_value() if key is not None and wanted.is_reflector else "",
            source=self._link.source,
            rate=ceiling(self._link, place),
            seconds=SECONDS,
        )


@contextlib.asynccontextmanager
async def _beside(counting: PortCounting | None) -> AsyncIterator[None]:
    if counting is None:
        yield
        return
    reading = asyncio.create_task(counting.go_on())
    try:
        yield
    finally:
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
