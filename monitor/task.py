"""One probe of one subject: what it is, how it is run, and what a run gives."""

import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime

from model.measurement import Failure, Measurement, ProbeKind, Reading, Subject


class TaskKey:
    """What a task is and how it is done. Its parts are whole records, so their hash is taken once, not at each run."""

    __slots__ = ("_hash", "_parts")

    def __init__(self, *parts: Hashable) -> None:
        self._parts = parts
        self._hash = hash(parts)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TaskKey) and self._parts == other._parts

    def __repr__(self) -> str:
        return f"TaskKey{self._parts}"


@dataclass(frozen=True, slots=True)
class Task:
    """One probe of one subject, again and again.

    Attributes:
        key: What it is and how it is done: a task whose key is unchanged after a reload goes on undisturbed.
        subject: What its measurements are about.
        kind: How it is probed.
        interval: Seconds between starts.
        patience: Seconds within which a run is over, come what may.
        probe: One run.
        is_first: Whether it is aimed at the first target of its subject, by which loss and delay are judged.
    """

    key: Hashable
    subject: Subject
    kind: ProbeKind
    interval: float
    patience: float
    probe: Callable[[], Awaitable[Reading | Failure]]
    is_first: bool = True

    @property
    def fresh_for(self) -> float:
        """Seconds for which a measurement stands: two intervals, the jitter of a start, and the time that a run takes.

        After that it is stale: one late run is forgiven, two are not.
        """
        return 2.2 * self.interval + self.patience


async def measure(task: Task) -> Measurement:
    """Run a probe and say when, how long, and what came of it."""
    # Not the loop's time, which uvloop rounds to a millisecond and holds still within one turn.
    at, started = datetime.now(UTC), time.monotonic()
    outcome = await task.probe()
    return Measurement(task.subject, task.kind, at, time.monotonic() - started, outcome)
