"""Alarm clocks for thousands of sleepers on one timer of the event loop."""

import asyncio
import heapq
import itertools
import math
import time
from collections.abc import Callable
from typing import Final, Protocol

_EARLY: Final = 1e-3  # uvloop counts milliseconds, and may ring within the one before
_HELD_UP: Final = 0.02
_READING: Final = 1e-3


class Sleeper(Protocol):
    """Who is to be woken.

    Attributes:
        rings_at: For the use of Alarms alone; infinity before the first call.
    """

    rings_at: float

    def wake(self, now: float) -> None:
        """It is time. It may also be woken in vain, when what it waited for has been put off meanwhile."""


class Alarms:
    """Wakes each sleeper at the earliest of the times that it has asked for.

    Nothing is ever taken back: a probe that is answered in time, as nearly all are, would pay for that. Who is woken
    too early asks again.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Wake nobody yet.

        Args:
            clock: Seconds, monotonic.
        """
        self.clock = clock
        self._heap: list[tuple[float, int, Sleeper]] = []
        self._serial = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at = math.inf

    def wake_at(self, sleeper: Sleeper, at: float) -> None:
        """Wake it at this time, if nothing wakes it before."""
        if at >= sleeper.rings_at:
            return
        sleeper.rings_at = at
        heapq.heappush(self._heap, (at, next(self._serial), sleeper))
        if at < self._rings_at:
            self._set(at)

    def close(self) -> None:
        """Wake nobody any more."""
        self._heap.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rings_at = at
        self._timer = asyncio.get_running_loop().call_later(max(0.0, at - self.clock()), self._ring)

    def _ring(self) -> None:
        if self.clock() - self._rings_at > _HELD_UP:
            # The loop was busy. Answers that the kernel has had meanwhile are read before anything is called late.
            self._timer = asyncio.get_running_loop().call_later(_READING, self._wake_due)
        else:
            self._wake_due()

    def _wake_due(self) -> None:
        self._timer, self._rings_at = None, math.inf
        until = self.clock() + _EARLY
        while self._heap and self._heap[0][0] <= until:
            at, _, sleeper = heapq.heappop(self._heap)
            if at == sleeper.rings_at:  # else it was woken before by an earlier one
                sleeper.rings_at = math.inf
                sleeper.wake(max(at, self.clock()))
        if self._heap and self._heap[0][0] < self._rings_at:
            self._set(self._heap[0][0])
