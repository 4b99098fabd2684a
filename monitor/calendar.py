"""What is rare or follows the calendar: APScheduler, with its traps closed."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, timedelta
from functools import partial
from typing import Protocol

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

_STEP = 1.0  # seconds by which the wall clock leaps; less is its being slewed
_OUTCOMES = {EVENT_JOB_ERROR: "error", EVENT_JOB_MAX_INSTANCES: "overlap", EVENT_JOB_MISSED: "missed"}


class Irregularities(Protocol):
    """Who counts the runs that did not go as they should."""

    def calendar(self, job: str, outcome: str) -> None:
        """A run of this job was ``missed``, skipped for ``overlap``, or ended in ``error``."""


class _UnmovedByTheClock(AsyncIOScheduler):  # type: ignore[misc]  # APScheduler tells no types
    """Takes its runs along when the wall clock is stepped.

    APScheduler sleeps by the monotonic clock and asks the wall clock what is due. Set back an hour it would run nothing
    for that hour; set forward from 1970, as on a machine that does not keep its time, it would hold up the event loop
    to count the runs that it has missed since.
    """

    def start(self) -> None:
        """Begin."""
        self._offset = _offset()
        super().start()

    def wakeup(self) -> None:
        """Look for what is due; what APScheduler itself calls a change of a run, too."""
        step = _offset() - self._offset
        if abs(step) > _STEP:
            self._offset += step  # before the runs are moved, for each of them wakes it again
            for job in self.get_jobs():
                job.modify(next_run_time=job.next_run_time + timedelta(seconds=step))
        super().wakeup()


async def _quietly(run: Callable[[], Awaitable[None]]) -> None:
    # A run is cancelled only when the calendar stops, and APScheduler would log that with a traceback.
    with suppress(asyncio.CancelledError):
        await run()


def _offset() -> float:
    return time.time() - time.monotonic()


class Calendar:
    """Runs rare jobs on the event loop.

    A run that is late by less than its interval still runs, several late ones run once, none overlaps itself. Steps of
    the wall clock change nothing.
    """

    def __init__(self, irregularities: Irregularities) -> None:
        self._irregularities = irregularities
        defaults = {"coalesce": True, "max_instances": 1}
        self._scheduler = _UnmovedByTheClock(timezone=UTC, job_defaults=defaults)
        self._scheduler.add_listener(self._note, sum(_OUTCOMES))

    def every(self, seconds: int, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run something again and again, first after one interval."""
        self._scheduler.add_job(
            partial(_quietly, run), "interval", seconds=seconds, id=name, misfire_grace_time=seconds
        )

    def start(self) -> None:
        """Begin. The event loop must be running."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Start nothing more, and end what runs."""
        if self._scheduler.running:
            self._scheduler.pause()
            await asyncio.sleep(0)  # what has been called but not begun must begin, or it cannot be ended quietly
            self._scheduler.shutdown(wait=False)

    def _note(self, event: JobEvent) -> None:
        outcome = _OUTCOMES[event.code]
        self._irregularities.calendar(event.job_id, outcome)
        log.warning("calendar job %s: %s", event.job_id, outcome, exc_info=getattr(event, "exception", None))
