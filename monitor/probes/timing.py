"""Time for probes: two clocks read together, round trips from kernel timestamps, shared time-outs, paced departures."""

import asyncio
import heapq
import itertools
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Generic, NamedTuple, TypeVar

SECOND_NS: Final = 1_000_000_000

# Both clocks are slewed alike, so they part only when the wall clock is set. Smaller differences come from the two not
# being read at once.
_STEP_NS: Final = 500_000
# A process that is suspended between reading one clock and the other reads again: the difference would pass for a step.
_APART_NS: Final = _STEP_NS // 5
_READINGS: Final = 10
# uvloop rounds a delay to whole milliseconds and may wake before it has passed.
_LOOP_RESOLUTION: Final = 1e-3

Item = TypeVar("Item")


class Instant(NamedTuple):
    """The same moment by both clocks, in nanoseconds."""

    monotonic: int
    wall: int

    @classmethod
    def now(cls) -> "Instant":
        """This moment."""
        for _ in range(_READINGS):
            monotonic, wall = time.monotonic_ns(), time.time_ns()
            if time.monotonic_ns() - monotonic < _APART_NS:
                break
        return cls(monotonic, wall)


def round_trip_ns(sent: Instant, read: Instant, arrived: int | None) -> int:
    """Nanoseconds from ``sent`` until the packet came in.

    The kernel stamps an arrival by the wall clock only, so that clock tells how long the packet travelled, unless it
    was set in between; then the answer is what the program itself took by the monotonic clock, never too short. The two
    clocks of ``read`` serve for that comparison alone: they are read up to 0.1 ms apart, which is more than a packet
    takes to a near host.

    Args:
        sent: Just before the packet was handed to the kernel.
        read: When the program had read the answer.
        arrived: The kernel's timestamp (CLOCK_REALTIME); ``None`` where there was none.
    """
    elapsed = read.monotonic - sent.monotonic
    if arrived is None or abs(read.wall - sent.wall - elapsed) > _STEP_NS:
        return elapsed
    travelled = arrived - sent.wall
    return min(travelled, elapsed) if travelled >= 0 else elapsed


class Deadlines(Generic[Item]):
    """Time-outs of many items on one timer of the event loop.

    A timer of its own for each probe costs more than the packet's way through the kernel.
    """

    def __init__(self, expire: Callable[[list[Item]], None]) -> None:
        self._expire = expire
        self._heap: list[tuple[int, int, Item]] = []
        self._serial = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self._armed_for = 0

    def add(self, due_ns: int, item: Item) -> None:
        """Hand the item to ``expire`` once the monotonic clock has passed ``due_ns``."""
        heapq.heappush(self._heap, (due_ns, next(self._serial), item))
        if self._timer is None or due_ns < self._armed_for:
            self._arm(due_ns)

    def close(self) -> None:
        """Forget all items."""
        self._heap.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self, due_ns: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        delay = max(0, due_ns - time.monotonic_ns()) / SECOND_NS + _LOOP_RESOLUTION
        self._armed_for = due_ns
        self._timer = asyncio.get_running_loop().call_later(delay, self._fire)

    def _fire(self) -> None:
        self._timer = None
        now, due = time.monotonic_ns(), []
        while self._heap and self._heap[0][0] <= now:
            due.append(heapq.heappop(self._heap)[2])
        if self._heap:
            self._arm(self._heap[0][0])
        if due:
            self._expire(due)


class Pacer:
    """Spaces departures: at most ``burst`` in each ``interval`` seconds, first come first served.

    A thousand requests in one instant would overflow the socket's receive buffer with their answers, and queue at the
    narrowest link, whose delay is what we want to know.
    """

    def __init__(self, burst: int, interval: float) -> None:
        self._burst = burst
        self._interval = interval
        self._left = burst
        self._window_ends = 0.0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def take(self) -> bool:
        """Whether one may depart now; if so it is counted."""
        now = time.monotonic()
        if self._queue:
            return False
        if now >= self._window_ends:
            self._left, self._window_ends = self._burst, now + self._interval
        self._left -= 1
        return self._left >= 0

    async def turn(self) -> None:
        """Wait until one may depart, which is then counted."""
        if self.take():
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._interval, self._release)
        await turn

    def _release(self) -> None:
        self._timer = None
        self._window_ends, left = time.monotonic() + self._interval, self._burst
        while self._queue and left:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                left -= 1
        self._left = left
        if self._queue:
            self._timer = asyncio.get_running_loop().call_later(self._interval, self._release)
