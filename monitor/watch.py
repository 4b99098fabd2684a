"""The watch over one link: sends its probes, tells its detector what came back, hands on what that decides."""

import asyncio
import logging
import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Protocol

from model.decision import Decision, ProbeNow
from model.detection import Detector
from model.measurement import Failure, Measurement, Reason, Subject, SubjectKey, TcpReading
from model.probing import Pace, Probe
from model.state import State
from model.units import format_duration
from monitor.alarms import Alarms
from monitor.scheduler import Job
from monitor.task import Task, measure

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clocks:
    """One moment by both clocks, so that a step of the wall clock changes no duration.

    Attributes:
        monotonic: Seconds on the scale of the decisions.
        utc: The same moment, aware UTC.
    """

    monotonic: float
    utc: datetime

    def utc_of(self, at: float) -> datetime:
        """A decision's time as a fact's."""
        return self.utc - timedelta(seconds=self.monotonic - at)


class Listener(Protocol):
    """Who is told what the watch sees. It returns at once and raises nothing."""

    def measured(self, task: Task, measurement: Measurement, *, steady: bool) -> None:
        """A probe of this task has ended; a steady one is of the link's pace, others are of a burst.

        One that was answered after the link's time-out is a Failure with ``Reason.TIMEOUT`` that holds the reading as
        its partial one.
        """

    def decided(self, subject: Subject, decision: Decision, clocks: Clocks) -> None:
        """The detector of this link has decided something; never a ProbeNow, which has been carried out."""


class LinkWatch:
    """Watches one link through all of its targets.

    Attributes:
        subject: The link, by the address of its first target.
        rings_at: Belongs to Alarms.
    """

    def __init__(self, tasks: Sequence[Task], timeout: float, alarms: Alarms, listener: Listener) -> None:
        """Send nothing yet.

        Args:
            tasks: One for each target. Their probes should wait longer than ``timeout``, up to
                ``model.lateness.LATEST``, so that a late answer is told from none.
            timeout: Seconds after which a probe of this link counts as lost.
            alarms: Shared by all watches.
            listener: Told of everything.
        """
        self.subject = tasks[0].subject
        self.rings_at = math.inf
        self._tasks = tuple(tasks)
        self._timeout = timeout
        self._alarms = alarms
        self._listener = listener
        self._detector = Detector(Pace(tasks[0].interval, timeout, len(tasks)))
        self._running: set[asyncio.Task[None]] = set()
        self._is_closed = False

    @property
    def state(self) -> State:
        """What the detector holds the link for."""
        return self._detector.state

    @property
    def is_flapping(self) -> bool:
        """Whether the link goes down so often that single outages are no news."""
        return self._detector.is_flapping

    def jobs(self) -> list[Job]:
        """The steady probes, for the scheduler. A run only sends: one without an answer does not put off the next."""
        return [
            Job(task.key, task.kind, task.interval, partial(self._launch, target, steady=True))
            for target, task in enumerate(self._tasks)
        ]

    def ask(self) -> None:
        """Send one more probe now, because something that hangs on this link has fallen silent."""
        if not self._is_closed:
            self._launch(0, steady=False)

    def wake(self, now: float) -> None:
        """Let the detector know what time it is; called by Alarms."""
        due = None if self._is_closed else self._detector.wake_at
        if due is not None and due > now:  # as nearly always: the probe was answered meanwhile
            self._alarms.wake_at(self, due)
        elif due is not None:
            self._carry_out(self._detector.tick(now))
            self._arm()

    def close(self) -> None:
        """Send nothing more, and end what is under way."""
        self._is_closed = True
        for task in self._running:
            task.cancel()

    def _launch(self, target: int, *, steady: bool) -> None:
        task = asyncio.get_running_loop().create_task(self._probe(target, steady=steady))
        self._running.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._running.discard)

    async def _probe(self, target: int, *, steady: bool) -> None:
        task = self._tasks[target]
        probe = self._detector.sent(self._alarms.clock(), target, steady=steady)
        self._arm()
        try:
            measurement = await measure(task)
        except Exception:
            # A bug in one kind of probe must not end the watch, and says nothing about the link.
            log.exception("the probe of %s failed unexpectedly", task.key)
            self._carry_out(self._detector.void(probe, self._alarms.clock()))
        else:
            self._carry_out(self._tell(probe, measurement))
            self._listener.measured(task, self._in_time(measurement), steady=steady)
        self._arm()

    def _tell(self, probe: Probe, measurement: Measurement) -> Sequence[Decision]:
        now = self._alarms.clock()
        match measurement.outcome:
            case Failure(reason=Reason.LOCAL):
                return self._detector.void(probe, now)
            case Failure(reason=reason) if not reason.path_is_alive:
                return self._detector.lost(probe, now)
            case _:
                return self._detector.answered(probe, now, _took(measurement))

    def _in_time(self, measurement: Measurement) -> Measurement:
        took = _took(measurement)
        if isinstance(measurement.outcome, Failure) or took <= self._timeout:
            return measurement
        detail = f"answered after {format_duration(took)}, later than {format_duration(self._timeout)}"
        return replace(measurement, outcome=Failure(Reason.TIMEOUT, detail, measurement.outcome))

    def _carry_out(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            if isinstance(decision, ProbeNow):
                self._launch(decision.target, steady=False)
            else:
                self._listener.decided(self.subject, decision, Clocks(self._alarms.clock(), datetime.now(UTC)))

    def _arm(self) -> None:
        due = self._detector.wake_at
        if due is not None and not self._is_closed:
            self._alarms.wake_at(self, due)


class Watches:
    """The watches over all links of an inventory."""

    def __init__(self, listener: Listener, alarms: Alarms | None = None) -> None:
        """Watch nothing yet.

        Args:
            listener: Told of everything, by all of them.
            alarms: Wakes them.
        """
        self._listener = listener
        self._alarms = alarms or Alarms()
        self._watches: dict[Hashable, LinkWatch] = {}

    def take(self, tasks: Iterable[Task], timeouts: Mapping[str, float]) -> list[Job]:
        """Watch the links of these tasks and no others; what has not changed keeps all that it has learned.

        Args:
            tasks: Of links only; those of one link follow each other.
            timeouts: Seconds after which a probe counts as lost, by the link's id.

        Returns:
            What the scheduler is to run.
        """
        before, self._watches = self._watches, {}
        for link, grouped in groupby(tasks, key=lambda task: task.subject.id):
            targets, timeout = tuple(grouped), timeouts[link]
            key = (tuple((task.key, task.interval) for task in targets), timeout)
            watch = before.pop(key, None) or LinkWatch(targets, timeout, self._alarms, self._listener)
            self._watches[key] = watch
        for watch in before.values():
            watch.close()
        return [job for watch in self._watches.values() for job in watch.jobs()]

    def __iter__(self) -> Iterator[LinkWatch]:
        return iter(self._watches.values())

    def by_subject(self) -> Mapping[SubjectKey, LinkWatch]:
        """Each by the link or anchor that it watches."""
        return {(watch.subject.kind, watch.subject.id): watch for watch in self}

    def close(self) -> None:
        """End everything."""
        for watch in self._watches.values():
            watch.close()
        self._watches.clear()
        self._alarms.close()


def _took(measurement: Measurement) -> float:
    """Seconds until the answer; of a handshake the whole, since a SYN may have been sent again."""
    match measurement.outcome:
        case TcpReading(connect=connect):
            return connect
        case _:
            return measurement.duration if measurement.rtt is None else measurement.rtt
