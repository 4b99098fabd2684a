"""What is rare or follows the calendar: APScheduler, with its traps closed."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import Protocol

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

_OUTCOMES = {EVENT_JOB_ERROR: "error", EVENT_JOB_MAX_INSTANCES: "overlap", EVENT_JOB_MISSED: "missed"}


class Irregularities(Protocol):
    """Who counts the runs that did not go as they should."""

    def calendar(self, job: str, outcome: str) -> None:
        """A run of this job was ``missed``, skipped for ``overlap``, or ended in ``error``."""


class Calendar:
    """Runs rare jobs on the event loop.

    A run that is late by less than its interval still runs, several late ones run once, none overlaps itself.
    """

    def __init__(self, irregularities: Irregularities) -> None:
        self._irregularities = irregularities
        defaults = {"coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._scheduler.add_listener(self._note, sum(_OUTCOMES))

    def every(self, seconds: int, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run something again and again, first after one interval."""
        self._scheduler.add_job(run, "interval", seconds=seconds, id=name, misfire_grace_time=seconds)

    def start(self) -> None:
        """Begin. The event loop must be running."""
        self._scheduler.start()

    def stop(self) -> None:
        """End without waiting for what runs."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _note(self, event: JobEvent) -> None:
        outcome = _OUTCOMES[event.code]
        self._irregularities.calendar(event.job_id, outcome)
        log.warning("calendar job %s: %s", event.job_id, outcome, exc_info=getattr(event, "exception", None))
