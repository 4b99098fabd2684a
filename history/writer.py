"""The one thread that writes. Whatever the database does, the event loop never waits for it."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from history.append import append
from history.database import Database
from history.errors import HistoryError, explained, is_damage, is_fault_of_fact, told
from history.inspection import prepare
from history.intake import Intake, Pending
from history.rows import Row, rows_of

log = logging.getLogger(__name__)

FIRST_PAUSE: Final = 0.05
"""Seconds after the first failure; each further one waits twice as long."""
LONGEST_PAUSE: Final = 5.0


class Writer:
    """Takes facts from the intake and makes them durable, in batches of one transaction.

    What cannot be written now is tried again until it can; what cannot be written at all is refused by itself.

    Attributes:
        fault: Why nothing can be written now; ``None`` while all is well.
        set_aside: Where a damaged file was moved to.
        tried: Set once it is known whether the tables can be used now.
        ready: Set once the tables can be used, or never can be: then ``fault`` does not pass.
        written: Facts made durable so far.
        refused: Facts that no database can hold.
    """

    def __init__(
        self,
        database: Database,
        intake: Intake,
        monitor: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self.fault: HistoryError | None = None
        self.set_aside: Path | None = None
        self.tried = threading.Event()
        self.ready = threading.Event()
        self.written = 0
        self.refused = 0
        self._database = database
        self._intake = intake
        self._monitor = monitor
        self._now = now
        self._longest_pause = longest_pause
        self._pause = FIRST_PAUSE
        self._inode: int | None = None
        self._answers: dict[Pending, Any] = {}
        self._thread = threading.Thread(target=self._run, name="history-writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it writes, or will as soon as it can."""
        return self._thread.is_alive()

    def join(self, patience: float) -> bool:
        """Wait for the end, which comes after ``Intake.close``; ``False`` if it did not come within so many seconds."""
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._prepared():
            if self._intake.closed or (self.fault and not self.fault.passing):
                return
        while batch := self._intake.take():
            while not self._written(batch):
                if self._intake.closed:
                    return
            self._answer(batch)

    def _prepared(self) -> bool:
        try:
            aside = prepare(self._database, self._monitor, self._now())
        except Exception as error:  # noqa: BLE001  # the thread must outlive whatever a driver raises
            self._failed(error)
            return False
        self.set_aside = aside or self.set_aside
        self._inode = self._file_number()
        self._recovered()
        return True

    def _written(self, batch: Sequence[Pending]) -> bool:
        if self._file_is_another():
            self._database.forget_connections()
            if not self._prepared():
                return False
        if batch[0].work is not None:
            self._do(batch[0], batch[0].work)
            return True
        rows = self._rows(batch)
        try:
            self._write([row for some in rows.values() for row in some])
        except Exception as error:  # noqa: BLE001  # as above
            return self._one_by_one(rows) if is_fault_of_fact(error) else self._failed(error)
        self._succeeded(rows)
        return True

    def _rows(self, batch: Sequence[Pending]) -> dict[Pending, list[Row]]:
        rows = {}
        for pending in batch:
            if pending in self._answers:
                continue
            try:
                rows[pending] = [row for fact in pending.facts for row in rows_of(fact, self._monitor)]
            except (ValueError, TypeError, OverflowError) as error:
                self._refuse(pending, error)
        return rows

    def _write(self, rows: Sequence[Row]) -> None:
        with self._database.writing() as connection:
            append(connection, rows)

    def _one_by_one(self, rows: dict[Pending, list[Row]]) -> bool:
        for pending, some in rows.items():
            try:
                self._write(some)
            except Exception as error:  # noqa: BLE001  # as above
                if not is_fault_of_fact(error):
                    return self._failed(error)
                self._refuse(pending, error)
            else:
                self._succeeded({pending: some})
        return True

    def _do(self, pending: Pending, work: Callable[[Connection], Any]) -> None:
        try:
            with self._database.writing() as connection:
                result = work(connection)
        except Exception as error:  # noqa: BLE001  # as above
            self._answers[pending] = explained(error, self._database.place)
        else:
            self._answers[pending] = result

    def _succeeded(self, rows: dict[Pending, list[Row]]) -> None:
        self._recovered()
        for pending in rows:
            self.written += len(pending.facts)
            self._answers[pending] = True

    def _refuse(self, pending: Pending, error: Exception) -> None:
        self.refused += len(pending.facts)
        refusal = HistoryError(f"a fact cannot be stored: {told(error)}", "report this as a mistake of the program")
        self._answers[pending] = refusal
        log.error("%s", refusal)

    def _answer(self, batch: Sequence[Pending]) -> None:
        # Whoever is told finds that nothing of it waits any more.
        self._intake.settle()
        for pending in batch:
            answer = self._answers.pop(pending)
            if isinstance(answer, HistoryError):
                pending.done.set_exception(answer)
            else:
                pending.done.set_result(answer)

    def _failed(self, error: Exception) -> bool:
        fault = explained(error, self._database.place)
        if self.fault is None or self.fault.what != fault.what:
            log.error("nothing can be written to the history, facts wait in memory: %s", fault)
        self.fault = fault
        if not fault.passing:
            self.ready.set()
        self.tried.set()
        self._database.forget_connections()
        if is_damage(error):
            self._inode = None
        self._intake.pause(self._pause)
        self._pause = min(self._pause * 2, self._longest_pause)
        return False

    def _recovered(self) -> None:
        if self.fault is not None:
            log.warning("the history is written again: %s", self._database.place)
        self.fault = None
        self._pause = FIRST_PAUSE
        self.ready.set()
        self.tried.set()

    def _file_number(self) -> int | None:
        file = self._database.file
        try:
            return file.stat().st_ino if file is not None else None
        except OSError:
            return None

    def _file_is_another(self) -> bool:
        # SQLite would go on writing into a file that was removed or replaced, and nobody would read it again.
        return self._database.file is not None and (self._inode is None or self._file_number() != self._inode)
