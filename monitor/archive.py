"""Answers for the past: what the history holds, put beside what is known now."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from exporters.past import Past, PastUnavailableError
from history.errors import HistoryError
from history.facts import Heartbeat
from history.store import Store
from model.availability import Availability
from model.intervals import Interval, between, instant, moment
from model.inventory import Inventory
from model.measurement import SubjectKey
from model.state import State
from model.topology import Topology
from model.transition import Transition
from monitor.accounts import seen
from monitor.memory import Memory

_SLICE: Final = 20  # subjects reckoned before the probes have their turn again
_FEW: Final = 20  # subjects that are asked for one by one


class Archive:
    """The daemon's answers to what is asked about the past.

    Args:
        store: The history.
        memory: What is known now.
        inventory: Gives the inventory that is in force.
    """

    def __init__(self, store: Store, memory: Memory, inventory: Callable[[], Inventory]) -> None:
        self._store = store
        self._memory = memory
        self._inventory = inventory

    @property
    def inventory(self) -> Inventory:
        """What is watched."""
        return self._inventory()

    @property
    def topology(self) -> Topology:
        """What depends on what in it."""
        return self._memory.states.topology

    def now(self) -> datetime:
        """The time, aware UTC."""
        return datetime.now(UTC)

    def state(self, subject: SubjectKey) -> tuple[State, datetime | None]:
        """The state that is shown now, and since when."""
        return self._memory.states.state(subject), self._memory.states.since(subject)

    async def past(self, subjects: Collection[SubjectKey], period: Interval) -> Past:
        """What happened to these subjects.

        Raises:
            PastUnavailableError: It cannot be read now.
        """
        log = await self._log(subjects, period)
        earliest = min((record.at for records in log.values() for record in records), default=moment(period.start))
        runs = await self._runs(Interval(min(instant(earliest), period.start), period.end))
        return Past(
            log,
            runs=seen(runs),
            blind=[_interval(run) for run in runs if run.blind],
            announcements=self._memory.accounts.all_announcements,
        )

    async def availabilities(
        self, subjects: Collection[SubjectKey], period: Interval
    ) -> Mapping[SubjectKey, Availability]:
        """How long each of these subjects was in which state.

        Raises:
            PastUnavailableError: It cannot be read now.
        """
        log = await self._log(subjects, period)
        runs = await self._runs(period)
        found: dict[SubjectKey, Availability] = {}
        for number, subject in enumerate(subjects, 1):
            reckoned = self._memory.accounts.between(subject, period, log.get(subject, ()), runs)
            if reckoned is not None:
                found[subject] = reckoned
            if number % _SLICE == 0:
                await asyncio.sleep(0)
        return found

    async def _log(
        self, subjects: Collection[SubjectKey], period: Interval
    ) -> Mapping[SubjectKey, Sequence[Transition]]:
        start, end = moment(period.start), moment(period.end)
        try:
            if len(subjects) > _FEW:
                return await self._store.transitions(start, end)
            parts = [await self._store.transitions(start, end, subject) for subject in subjects]
        except HistoryError as error:
            raise PastUnavailableError(error.what, error.mend) from error
        return {subject: records for part in parts for subject, records in part.items()}

    async def _runs(self, period: Interval) -> list[Heartbeat]:
        try:
            runs = await self._store.heartbeats(moment(period.start), moment(period.end), self._store.monitor)
        except HistoryError as error:
            raise PastUnavailableError(error.what, error.mend) from error
        present = self._memory.heart.run
        # What is written of the present run lags behind by up to one beat.
        now = Heartbeat(present.began, max(present.until, self.now()), present.blind)
        return [*(run for run in runs if run.began != present.began), now]


def _interval(run: Heartbeat) -> Interval:
    return between(run.began, run.until)
