"""What waits to be written: bounded, in order, with half of the room for transitions and what people are told."""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from history.facts import AlertFact, Fact
from history.rollup import RollupBlock
from model.transition import Transition

ROOM: Final = 100_000
"""Facts that may wait; a block of rollups counts as one for each of its subjects."""
FOR_ALL: Final = ROOM // 2
"""Of them, those that may be something else than transitions and what people are told by."""

_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """Facts that are to become durable together, or a piece of work on the same thread.

    Attributes:
        facts: What is to be written; empty for work.
        work: What is to be done with a connection for writing.
        since: Monotonic seconds.
        done: Ends with ``True``, with the work's result, or with a HistoryError.
    """

    facts: tuple[Fact, ...] = ()
    work: Callable[[Connection], Any] | None = None
    since: float = field(default_factory=time.monotonic)
    done: Future[Any] = field(default_factory=Future)

    def __post_init__(self) -> None:
        # Whoever waits may stop to wait; what is waited for happens all the same.
        self.done.set_running_or_notify_cancel()

    @property
    def weight(self) -> int:
        """The room that it takes."""
        return sum(len(fact.rollups) if isinstance(fact, RollupBlock) else 1 for fact in self.facts)

    @property
    def is_urgent(self) -> bool:
        """Whether it may take the room that is kept for transitions and what people are told by."""
        return all(isinstance(fact, Transition | AlertFact) for fact in self.facts)


class Intake:
    """Between the event loop, which never waits here, and the thread that writes."""

    def __init__(self, room: int = ROOM, for_all: int = FOR_ALL) -> None:
        self._room = room
        self._for_all = for_all
        self._waiting: deque[Pending] = deque()
        self._taken: list[Pending] = []
        self._weight = 0
        self._closed = False
        self._changed = threading.Condition()

    def offer(self, pending: Pending) -> bool:
        """Let it wait for its turn; ``False`` where there is no room for it, or no writer any more."""
        with self._changed:
            room = self._room if pending.is_urgent else self._for_all
            if self._closed or (self._weight and self._weight + pending.weight > room):
                return False
            self._waiting.append(pending)
            self._weight += pending.weight
            self._changed.notify_all()
            return True

    def take(self) -> list[Pending]:
        """Wait for something, and take what can be written at once; empty when the intake is closed and done.

        What was taken still counts as waiting until ``settle``.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            while self._waiting and len(self._taken) < _BATCH:
                # Work stands alone: what comes before it is written before it.
                if self._waiting[0].work is not None and self._taken:
                    break
                self._taken.append(self._waiting.popleft())
                if self._taken[-1].work is not None:
                    break
            return list(self._taken)

    def settle(self) -> None:
        """What was taken is done with."""
        with self._changed:
            self._weight -= sum(pending.weight for pending in self._taken)
            self._taken.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Take nothing more; the writer ends once it has written what waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether nothing more is taken."""
        return self._closed

    def pause(self, seconds: float) -> None:
        """Let the writer rest, but no longer once the intake is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, seconds)

    def waiting(self) -> tuple[int, float | None]:
        """How many facts are not written yet, and since when (monotonic seconds) the oldest waits."""
        with self._changed:
            first = self._taken or self._waiting
            return self._weight, first[0].since if first else None

    def left(self) -> list[Pending]:
        """What is not done yet, the oldest first."""
        with self._changed:
            return [*self._taken, *self._waiting]
