"""The main loop: what happens each time a probe is due."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from model.measurement import Failure, Measurement, Noun, ProbeKind, Reading, Subject, SubjectKey
from model.state import State
from monitor.scheduler import Job
from monitor.states import States

log = logging.getLogger(__name__)


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
    """

    key: Hashable
    subject: Subject
    kind: ProbeKind
    interval: float
    patience: float
    probe: Callable[[], Awaitable[Reading | Failure]]

    @property
    def fresh_for(self) -> float:
        """Seconds for which a measurement stands: two intervals, the jitter of a start, and the time that a run takes.

        After that it is stale: one late run is forgiven, two are not.
        """
        return 2.2 * self.interval + self.patience


class Picture(Protocol):
    """Who shows the latest measurements."""

    def record(self, measurement: Measurement, fresh_for: float, now: float) -> None:
        """Show this one in place of the one before, for so many seconds from now (monotonic)."""

    def set_state(self, kind: Noun, subject_id: str, state: State) -> None:
        """Show this state."""


class Accounts(Protocol):
    """Who counts the runs."""

    def ran(self, kind: ProbeKind, outcome: str) -> None:
        """One more run with this outcome."""


class Prober:
    """Runs tasks, remembers what they say, shows it."""

    def __init__(self, states: States, picture: Picture, accounts: Accounts) -> None:
        self._states = states
        self._picture = picture
        self._accounts = accounts
        self._known: set[Hashable] = set()
        self._waiting: set[Hashable] = set()

    def take(self, tasks: Sequence[Task]) -> list[Job]:
        """The jobs for these tasks; what is new among them is waited for."""
        keys = {task.key for task in tasks}
        self._waiting = (keys - self._known) | (keys & self._waiting)
        self._known = keys
        return [self._job(task) for task in tasks]

    @property
    def waiting(self) -> int:
        """How many tasks have not given a measurement yet."""
        return len(self._waiting)

    def _job(self, task: Task) -> Job:
        async def run() -> None:
            await self.run(task)

        return Job(task.key, task.kind, task.interval, run)

    async def run(self, task: Task) -> Measurement:
        """One run: probe, remember, show."""
        measurement = await measure(task)
        now = asyncio.get_running_loop().time()
        self._accounts.ran(task.kind, measurement.outcome_label)
        self._picture.record(measurement, task.fresh_for, now)
        self.show(self._states.learn(task.key, measurement, now + task.fresh_for, now))
        self._waiting.discard(task.key)
        return measurement

    def show(self, changed: Iterable[SubjectKey]) -> None:
        """Show and log states that have changed: on the edge, never each time."""
        for noun, name in changed:
            state = self._states.state((noun, name))
            self._picture.set_state(noun, name, state)
            log.info("%s %s is %s", noun, name, state)


async def measure(task: Task) -> Measurement:
    """Run a probe and say when, how long, and what came of it."""
    # Not the loop's time, which uvloop rounds to a millisecond and holds still within one turn.
    at, started = datetime.now(UTC), time.monotonic()
    outcome = await task.probe()
    return Measurement(task.subject, task.kind, at, time.monotonic() - started, outcome)
