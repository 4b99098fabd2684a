"""The history as the daemon uses it: facts go in and are durable before anyone is told; questions are answered beside.

Nothing here blocks the event loop. One thread writes (``history.writer``), fed through a bounded queue
(``history.intake``); what is asked is read by other threads, each from one consistent picture.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from history import reading
from history.append import append
from history.backup import back_up, rows_of_backup
from history.database import Database
from history.errors import HistoryError, explained
from history.facts import (
    AuditEntry,
    Decision,
    Fact,
    Heartbeat,
    InventoryVersion,
    KeptMonth,
    Notification,
    SilenceRecord,
    SpeedTest,
    Terms,
)
from history.hourly import Hourly, read_hourly
from history.intake import Intake, Pending
from history.kept import read_kept_months
from history.portion import Imprint, Portion, read_imprint, read_log, read_tests
from history.retention import Keep, expired, remove
from history.rollup import RollupBlock, Span, folded
from history.stamp import read_stamp
from history.writer import Writer
from model.incident import About, Incident
from model.measurement import SubjectKey
from model.transition import Transition

log = logging.getLogger(__name__)

T = TypeVar("T")

_BLOCKS: Final = 64  # blocks of rollups that are read in one piece


class Fate(StrEnum):
    """What became of a fact."""

    DURABLE = "durable"
    QUEUED = "queued"  # the database cannot be written now; the fact waits in memory and will be
    REFUSED = "refused"  # there is no room to wait, or no database could hold it


@dataclass(frozen=True, slots=True)
class Health:
    """How the history is.

    Attributes:
        waiting: Facts that are not written yet.
        oldest: Seconds since the oldest of them came; ``None`` where none waits.
        fault: Why nothing can be written now, in words; ``None`` while all is well.
        written: Facts made durable since the start.
        refused: Facts that were refused since the start.
        set_aside: Where a damaged file was moved to at the start; ``None`` where nothing was wrong.
    """

    waiting: int
    oldest: float | None
    fault: str | None
    written: int
    refused: int
    set_aside: Path | None


class Store:
    """One monitor's door to a history. ``start`` it, ``record`` facts, ``close`` it."""

    def __init__(self, url: str, monitor: str, patience: float = 5.0) -> None:
        """Look at the URL only.

        Args:
            url: SQLAlchemy URL of a SQLite file or a PostgreSQL database.
            monitor: The name that each fact will bear.
            patience: Seconds that ``start``, ``record`` and ``close`` wait for the database.

        Raises:
            HistoryError: The URL names no database of ours.
        """
        self.monitor = monitor
        self._patience = patience
        self._database = Database(url)
        self._intake = Intake()
        self._writer = Writer(self._database, self._intake, monitor)
        self._overflowed = 0

    @property
    def is_shared(self) -> bool:
        """Whether other monitors may write to it too: it is no file."""
        return self._database.file is None

    @property
    def is_writing(self) -> bool:
        """Whether facts are written, or will be as soon as they can."""
        return self._writer.is_alive

    async def start(self) -> None:
        """Check the database, create or migrate its tables, set a damaged file aside.

        A database that cannot be used now, but may be later (locked, full, not reachable), is no error: facts wait,
        and ``health`` tells.

        Raises:
            HistoryError: Only a person can mend it.
        """
        self._writer.start()
        await asyncio.to_thread(self._writer.tried.wait, self._patience)
        fault = self._writer.fault
        if fault is not None and not fault.passing:
            await self.close()
            raise fault

    async def close(self) -> list[Fact]:
        """Write what waits, and end.

        Returns:
            What could not be written within the patience, the oldest first; it is lost with the process.
        """
        self._intake.close()
        ended = await asyncio.to_thread(self._writer.join, self._patience)
        self._database.forget_connections()
        left = self._intake.left()
        for pending in left if ended else ():
            pending.done.set_exception(HistoryError("the history was closed", "try again after the next start"))
        facts = [fact for pending in left for fact in pending.facts]
        if facts:
            log.error("%d facts were not written to the history before the end: %s", len(facts), self._writer.fault)
        return facts

    async def record(self, *facts: Fact) -> Fate:
        """Write facts, in one transaction.

        Returns:
            ``DURABLE`` once they are on the disk; ``QUEUED`` when the patience is over, or at once where nothing could
            be written last time, and they will be written as soon as that is possible; ``REFUSED`` when they will not.
        """
        pending = Pending(facts)
        if not self._intake.offer(pending):
            self._overflowed += len(facts)
            return Fate.REFUSED
        future = asyncio.wrap_future(pending.done)
        # A fact that is refused after the patience is over is in the log; nobody waits for the future any more.
        future.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        done, _ = await asyncio.wait({future}, timeout=self._patience if self._writer.fault is None else 0)
        if not done:
            return Fate.QUEUED
        return Fate.DURABLE if future.exception() is None else Fate.REFUSED

    def health(self) -> Health:
        """How the history is now; never waits."""
        waiting, since = self._intake.waiting()
        oldest = None if since is None else time.monotonic() - since
        fault = self._writer.fault
        refused = self._overflowed + self._writer.refused
        return Health(
            waiting,
            oldest,
            None if fault is None else str(fault),
            self._writer.written,
            refused,
            self._writer.set_aside,
        )

    async def transitions(
        self, start: datetime, end: datetime, subject: SubjectKey | None = None
    ) -> dict[SubjectKey, list[Transition]]:
        """By subject, in the order in which they were noticed: what tells its state at every instant of [start, end).

        That is each transition that began before ``end`` and was not yet known at ``start``, and before them the last
        one that was known then.

        Raises:
            HistoryError: The history cannot be read, or is damaged; so do all that read.
        """
        return await self._read(reading.read_transitions, start, end, subject)

    async def last_states(self, before: datetime) -> dict[SubjectKey, Transition]:
        """Of each subject the last transition that was noticed before an instant: its state then."""
        return await self._read(reading.read_last_states, before)

    async def terms(
        self, start: datetime, end: datetime, subject: SubjectKey | None = None
    ) -> dict[SubjectKey, list[Terms]]:
        """By subject, in order of time: what came to hold in [start, end), and before that what held at ``start``."""
        return await self._read(reading.read_terms, start, end, subject)

    async def heartbeats(self, start: datetime, end: datetime, monitor: str | None = None) -> list[Heartbeat]:
        """The heartbeats of one monitor, or of all, that touch [start, end); whole, in order of their begin."""
        return await self._read(reading.read_heartbeats, start, end, monitor)

    async def monitors(self) -> list[str]:
        """The names of the monitors that ever were alive."""
        return await self._read(reading.read_monitors)

    async def speed_tests(self, start: datetime, end: datetime, link: str | None = None) -> list[SpeedTest]:
        """The speed tests of one link, or of all, that started in [start, end)."""
        return await self._read(reading.read_speed_tests, start, end, link)

    async def notifications(self, start: datetime, end: datetime) -> list[Notification]:
        """The notifications that were stored in [start, end)."""
        return await self._read(reading.read_notifications, start, end)

    async def outbox(self) -> list[Notification]:
        """The notifications that no receiver has taken yet and that are not given up, the oldest first."""
        return await self._read(reading.read_outbox)

    async def open_incidents(self, monitor: str | None = None) -> list[Incident]:
        """The incidents that are open, the oldest first.

        Args:
            monitor: Only those that this monitor wrote last; ``None`` for all, as is right where only one writes.

        Raises:
            HistoryError: The history cannot be read, is damaged, or holds one that only a newer program understands;
                so do all that read incidents.
        """
        return await self._read(reading.read_open_incidents, monitor)

    async def incidents(self, start: datetime, end: datetime) -> list[Incident]:
        """The incidents that were open at any time of [start, end), the oldest first."""
        return await self._read(reading.read_incidents, start, end)

    async def incident(self, name: str) -> Incident | None:
        """The incident with this id; ``None`` where there is none."""
        return await self._read(reading.read_incident, name)

    async def silences(self, now: datetime) -> list[SilenceRecord]:
        """The silences that are to come, that hold, and that ended less than a day ago, in order of their end."""
        return await self._read(reading.read_silences, now)

    async def decisions(self, start: datetime, end: datetime, subject: About | None = None) -> list[Decision]:
        """Why somebody was told, or nobody, in [start, end), in order of time."""
        return await self._read(reading.read_decisions, start, end, subject)

    async def last_decisions(self, before: datetime, subject: About | None = None) -> list[Decision]:
        """Of each fault (subject, name, requirement) the last decision before an instant, in order of time."""
        return await self._read(reading.read_last_decisions, before, subject)

    async def audit(self, start: datetime, end: datetime) -> list[AuditEntry]:
        """Who did what in [start, end)."""
        return await self._read(reading.read_audit, start, end)

    async def inventories(self) -> list[InventoryVersion]:
        """Every inventory that was in force, in order of time."""
        return await self._read(reading.read_inventories)

    async def stamp(self, start: datetime, end: datetime) -> str:
        """Another text whenever a fact about [start, end) was added or has grown."""
        return await self._read(read_stamp, start, end)

    async def blocks(
        self,
        start: datetime,
        end: datetime,
        ward: str | None = None,
        *,
        shortest: Span | None = None,
        sketches: bool = True,
    ) -> AsyncIterator[RollupBlock]:
        """The fewest blocks of rollups that say everything about [start, end), ward by ward, in order of time.

        Args:
            start: Aware UTC, at the begin of an hour.
            end: Aware UTC, likewise.
            ward: Its id; ``None`` for all.
            shortest: ``Span.HOUR`` for hours alone, ``Span.DAY`` for days too; ``None`` for whatever is longest.
            sketches: Whether the distributions are wanted; without them a rollup has neither.
        """
        keys = await self._read(reading.blocks_to_read, start, end, ward, shortest)
        for at in range(0, len(keys), _BLOCKS):
            some = keys[at : at + _BLOCKS]
            for block in await self._read(reading.read_blocks, some, sketches=sketches):
                yield block

    async def hourly(self, start: datetime, end: datetime, ward: str) -> Hourly:
        """What passed in each hour of a ward that began in [start, end)."""
        return await self._read(read_hourly, start, end, ward)

    async def log_of(self, portion: Portion) -> dict[SubjectKey, list[Transition]]:
        """Of each subject of a ward's month what ``transitions`` gives."""
        return await self._read(read_log, portion)

    async def tests_of(self, portion: Portion) -> list[SpeedTest]:
        """The speed tests of a ward's month, in order of time."""
        return await self._read(read_tests, portion)

    async def imprint(self, portion: Portion) -> Imprint:
        """What a ward's month looks like: the same while nothing of it has changed."""
        return await self._read(read_imprint, portion)

    async def kept_months(self, ward: str, start: datetime, end: datetime) -> list[KeptMonth]:
        """What is kept of the months of a ward that began in [start, end), the latest last; what is damaged is not."""
        return await self._read(read_kept_months, ward, start, end)

    async def keep(self, months: Sequence[KeptMonth]) -> bool:
        """Keep what was computed of months; whether it is, or will be soon."""
        return await self.record(*months) is not Fate.REFUSED

    async def fold(self, ward: str, span: Span, start: datetime, end: datetime) -> bool:
        """Fold this monitor's rollups of [start, end) into one day or month; a month may end with its last day so far.

        Returns:
            Whether there was anything to fold.
        """
        shortest = Span.HOUR if span is Span.DAY else None
        keys = await self._read(reading.blocks_to_read, start, end, ward, shortest)
        mine = [key for key in keys if key["monitor"] == self.monitor]
        blocks = await self._read(reading.read_blocks, mine, sketches=True)
        if not blocks:
            return False
        block = await asyncio.to_thread(folded, span, start, end, blocks)
        return await self.record(block) is not Fate.REFUSED

    async def prune(self, now: datetime, keep: Keep) -> None:
        """Remove what is older than it is kept, in small steps between which facts are written.

        Raises:
            HistoryError: The database cannot be written now.
        """
        for what in expired(now, keep):
            while await self._work(partial(remove, what=what)):
                pass

    async def back_up(self, target: Path) -> None:
        """Copy the history into a file while it is written.

        Raises:
            HistoryError: It is not a SQLite file, or the copy cannot be written.
        """
        await asyncio.to_thread(back_up, self._database, target)

    async def restore(self, file: Path) -> None:
        """Add the facts of a backup to the history while it is written; what is there stays.

        Raises:
            HistoryError: The file is no backup of ours, is damaged, or the history cannot be written.
        """
        pieces = rows_of_backup(file)
        while (rows := await asyncio.to_thread(next, pieces, None)) is not None:
            await self._work(partial(append, rows=rows))

    async def _read(self, question: Callable[..., T], *args: object, **options: object) -> T:
        return await asyncio.to_thread(self._answer, lambda connection: question(connection, *args, **options))

    def _answer(self, question: Callable[[Connection], T]) -> T:
        if not self._writer.tried.wait(self._patience):
            raise HistoryError(f"{self._database.place} is still being checked", "ask again later", passing=True)
        try:
            with self._database.reading() as connection:
                return question(connection)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise explained(error, self._database.place) from error

    async def _work(self, work: Callable[[Connection], T]) -> T:
        pending = Pending(work=work)
        if not self._intake.offer(pending):
            raise HistoryError("the history is closed, or its queue is full", "try again later", passing=True)
        result: T = await asyncio.wrap_future(pending.done)
        return result
