"""Starts what is due, and nothing twice at once: the thin shell around the timetable."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from model.measurement import ProbeKind
from monitor.timetable import Due, Entry, Timetable

log = logging.getLogger(__name__)

_EARLY = 0.001  # uvloop's timers count milliseconds, and may ring within the one before
# A bug in one probe must not end the others; it is ours, so the log gets the whole of it.
_FAILED = "the run of %s failed unexpectedly"


@dataclass(frozen=True, slots=True)
class Job:
    """Something to run again and again.

    Attributes:
        key: What it is; unchanged across a reload means that its pace goes on undisturbed.
        kind: Label of the metrics about it.
        interval: Seconds between starts.
        run: Begins one run. Where that goes on, it returns what to wait for, which ends by itself within its own
            deadline and raises nothing in normal life; what is sent and then left to others returns ``None``.
    """

    key: Hashable
    kind: ProbeKind
    interval: float
    run: Callable[[], Awaitable[None] | None]


class Punctuality(Protocol):
    """Who wants to know how punctual the starts are."""

    def lag(self, kind: ProbeKind, seconds: float) -> None:
        """A run started this many seconds after it was due."""

    def skipped(self, kind: ProbeKind, runs: int) -> None:
        """So many runs did not start: the one before was still going, or the process was held up."""


class Scheduler:
    """Runs jobs at their pace on the running event loop.

    A job whose last run is still going is skipped, so one slow target takes one task and delays no other.
    """

    def __init__(
        self,
        punctuality: Punctuality,
        timetable: Timetable | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start nothing yet.

        Args:
            punctuality: Told of each start.
            timetable: Says what is due.
            clock: Seconds on the event loop's own scale, which is the monotonic clock's.
        """
        self._punctuality = punctuality
        self._timetable = timetable or Timetable()
        self._clock = clock
        self._jobs: dict[Hashable, Job] = {}
        self._running: dict[Hashable, asyncio.Future[None]] = {}
        self._wake: asyncio.TimerHandle | None = None

    def set(self, jobs: Iterable[Job]) -> None:
        """Run these jobs and no others; the pace of those that stay is undisturbed."""
        self._jobs = {job.key: job for job in jobs}
        entries = (Entry(job.key, job.interval) for job in self._jobs.values())
        self._timetable.set(entries, self._clock())
        for key in self._running.keys() - self._jobs.keys():
            self._running[key].cancel()
        self._sleep()

    async def stop(self) -> None:
        """Start nothing more, and end what runs."""
        self._jobs = {}
        if self._wake:
            self._wake.cancel()
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def overdue(self) -> float:
        """Seconds for which the next start is overdue; 0 while all is well, or where there is nothing to start."""
        due = self._timetable.next_due()
        return 0.0 if due is None else max(0.0, self._clock() - due)

    def _sleep(self) -> None:
        if self._wake:
            self._wake.cancel()
        due = self._timetable.next_due()
        self._wake = asyncio.get_running_loop().call_at(due, self._tick) if due is not None else None

    def _tick(self) -> None:
        for due in self._timetable.take_due(self._clock() + _EARLY):
            self._start(self._jobs[due.key], due)
        self._sleep()

    def _start(self, job: Job, due: Due) -> None:
        self._punctuality.lag(job.kind, max(0.0, self._clock() - due.at))
        overlapping = job.key in self._running
        if skipped := due.missed + overlapping:
            self._punctuality.skipped(job.kind, skipped)
        if not overlapping:
            self._begin(job)

    def _begin(self, job: Job) -> None:
        try:
            going = job.run()
        except Exception:
            log.exception(_FAILED, job.key)
        else:
            if going is not None:
                task = self._running[job.key] = asyncio.ensure_future(going)
                # Not a coroutine around it: one that is cancelled before its first step would tidy nothing up.
                task.add_done_callback(partial(self._ended, job.key))

    def _ended(self, key: Hashable, task: asyncio.Future[None]) -> None:
        del self._running[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error(_FAILED, key, exc_info=error)
