"""A history that another process writes: read beside it, without a check, a migration or a thread of its own."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

from history.append import append
from history.errors import HistoryError, explained
from history.facts import AuditEntry, Fact, KeptMonth
from history.migration import is_up_to_date
from history.rows import rows_of
from history.store import Fate, Store

log = logging.getLogger(__name__)


class Guest(Store):
    """A store that leaves the history as it is, but for a note, and for what is computed from it.

    ``async with`` starts it and lets go of it.
    """

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

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
        await asyncio.to_thread(self._append, [entry])

    async def keep(self, months: Sequence[KeptMonth]) -> bool:
        """Keep what was computed of months, where this process may write and nobody holds it up; whether it did."""
        try:
            await asyncio.to_thread(self._append, months)
        except HistoryError as error:
            log.info("what was computed of earlier months is not kept, and will be computed anew: %s", error)
            return False
        return True

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

    def _append(self, facts: Iterable[Fact]) -> None:
        rows = [row for fact in facts for row in rows_of(fact, self.monitor)]
        try:
            with self._database.writing() as connection:
                append(connection, rows)
        except (SQLAlchemyError, OSError) as error:
            raise explained(error, self._database.place) from error
