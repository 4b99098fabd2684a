"""Whether the daemon does what it is there for, as ``/-/healthy`` tells it: words for each part that does not."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

PULSE_EVERY: Final = 5
"""Seconds between two beats of the calendar."""
MOST_SILENT: Final = 60.0
"""Seconds without a beat, or for which a probe is overdue, until that is an illness."""
MOST_UNWRITTEN: Final = 180.0
"""Seconds that a fact may wait for the history: a restart of a database takes less."""


class StoreHealth(Protocol):
    """How the history is."""

    @property
    def oldest(self) -> float | None:
        """Seconds for which the oldest fact has been waiting; ``None`` where none does."""

    @property
    def fault(self) -> str | None:
        """Why nothing can be written now; ``None`` while all is well."""


class Store(Protocol):
    """Writes the history."""

    @property
    def is_writing(self) -> bool:
        """Whether its thread lives."""

    def health(self) -> StoreHealth:
        """How it is now."""


class Worker(Protocol):
    """Something that must go on."""

    @property
    def is_working(self) -> bool:
        """Whether it does."""


@dataclass(slots=True)
class Health:
    """Asks the parts.

    Attributes:
        store: Writes the history.
        alerting: Tells people.
        overdue: Seconds for which the next probe is overdue.
        clock: Monotonic seconds.
        writing: Shows what has been written; ``None`` before the daemon has begun, and then nothing is ill yet.
    """

    store: Store
    alerting: Worker
    overdue: Callable[[], float]
    clock: Callable[[], float]
    writing: "asyncio.Task[None] | None" = None
    _beat_at: float | None = field(default=None, init=False)

    async def beat(self) -> None:
        """The calendar turns."""
        self._beat_at = self.clock()

    def ailments(self) -> list[str]:
        """What does not work, one sentence each without its full stop; empty while all is well."""
        return [] if self._beat_at is None else list(self._found(self.clock() - self._beat_at))

    def _found(self, silent: float) -> Iterator[str]:
        if silent > MOST_SILENT:
            yield f"nothing of the calendar has run for {silent:.0f} s"
        if self.overdue() > MOST_SILENT:
            yield f"no probe has been started for {self.overdue():.0f} s, though one is due"
        if not self.alerting.is_working:
            yield "alerting has ended: nobody would be told of anything"
        if self.writing is not None and self.writing.done():
            yield "changes of state are neither written nor shown any more"
        yield from self._of_history()

    def _of_history(self) -> Iterator[str]:
        health = self.store.health()
        if not self.store.is_writing:
            yield "what writes the history has ended"
        elif health.oldest is not None and health.oldest > MOST_UNWRITTEN:
            yield f"the history has not been written for {health.oldest:.0f} s: {health.fault or 'it is slow'}"
