"""One timer for all sleepers."""

import asyncio
import math
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from monitor.alarms import Alarms
from tests.peers.clock import SteppedLoop


class Sleeper:
    """Writes down when it is woken, and what time it was told."""

    def __init__(self) -> None:
        self.rings_at = math.inf
        self.woken: list[float] = []

    def wake(self, now: float) -> None:
        """Note the time."""
        self.woken.append(now)


def on_stepped_loop(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run it where time passes only while everybody sleeps."""
    loop = SteppedLoop()
    try:
        loop.run_until_complete(scenario())
    finally:
        loop.close()


def test_each_is_woken_at_the_earliest_time_it_asked_for() -> None:
    """Later wishes beside an earlier one are forgotten; after a call all may be wished anew."""

    async def scenario() -> None:
        alarms, one, other = Alarms(asyncio.get_running_loop().time), Sleeper(), Sleeper()
        alarms.wake_at(one, 5.0)
        alarms.wake_at(other, 3.0)
        alarms.wake_at(one, 2.0)
        alarms.wake_at(one, 9.0)
        await asyncio.sleep(20)
        assert one.woken == pytest.approx([2.0])
        assert other.woken == pytest.approx([3.0])
        assert one.rings_at == math.inf
        alarms.wake_at(one, 21.0)
        await asyncio.sleep(5)
        assert one.woken == pytest.approx([2.0, 21.0])

    on_stepped_loop(scenario)


def test_a_time_in_the_past_rings_at_once_and_close_silences_all() -> None:
    """Nothing waits for what is over, and nobody is woken after the end."""

    async def scenario() -> None:
        alarms, one = Alarms(asyncio.get_running_loop().time), Sleeper()
        await asyncio.sleep(10)
        alarms.wake_at(one, 4.0)
        await asyncio.sleep(0.5)
        assert len(one.woken) == 1
        alarms.wake_at(one, 12.0)
        alarms.close()
        alarms.close()
        await asyncio.sleep(10)
        assert len(one.woken) == 1

    on_stepped_loop(scenario)


def test_a_loop_that_was_held_up_reads_its_answers_first() -> None:
    """After a pause of the whole loop, what became ready meanwhile runs before anybody is woken."""
    order: list[str] = []
    clock = [0.0]

    class Noting(Sleeper):
        def wake(self, now: float) -> None:
            """Note that it came."""
            order.append(f"woken at {now:g}")

    async def scenario() -> None:
        alarms = Alarms(lambda: clock[0])
        alarms.wake_at(Noting(), 0.0)
        clock[0] = 3.0
        reader = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(lambda: reader.set_result(None))
        await reader
        order.append("read")
        await asyncio.sleep(0.1)

    on_stepped_loop(scenario)
    assert order == ["read", "woken at 3"]
