"""A history that another process writes: read beside it, without a check, a migration or a thread of its own."""

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from history.append import append
from history.errors import HistoryError, explained
from history.facts import AuditEntry, Fact
from history.migration import is_up_to_date
from history.rows import rows_of
from history.store import Fate, Store


class Guest(Store):
    """A store that leaves the history as it is, but for a note."""

    async def start(self) -> None:
        """Look whether there is a history that can be read.

        Raises:
            HistoryError: There is none, it is of another version, or it cannot be opened.
        """
        await asyncio.to_thread(self._look)
        self._writer.tried.set()

    async def close(self) -> list[Fact]:
        """Let go of it."""
        self._database.forget_connections()
        return []

    async def record(self, *facts: Fact) -> Fate:
        """Write nothing."""
        del facts
        return Fate.REFUSED

    async def note(self, entry: AuditEntry) -> None:
        """Write down what somebody did, and return once it is on the disk.

        Raises:
            HistoryError: It cannot be written now.
        """
        await asyncio.to_thread(self._note, entry)

    def _look(self) -> None:
        place, file = self._database.place, self._database.file
        if file is not None and not file.is_file():
            raise HistoryError(f"{place} is not there", "say where the history is with --storage.url")
        try:
            with self._database.reading() as connection:
                known = is_up_to_date(connection, place)
        except (SQLAlchemyError, OSError) as error:
            raise explained(error, place) from error
        if not known:
            raise HistoryError(f"{place} is of an older version, or no history", "start `linkward run` on it once")

    def _note(self, entry: AuditEntry) -> None:
        try:
            with self._database.writing() as connection:
                append(connection, rows_of(entry, self.monitor))
        except (SQLAlchemyError, OSError) as error:
            raise explained(error, self._database.place) from error
