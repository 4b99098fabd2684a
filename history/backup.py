"""A copy of the history while it is written, and the way back: the facts of a backup join what is there.

A restore removes nothing. Facts are known by their keys, so that what both hold is there once, and what happened since
the backup stays. The same way leads from a SQLite file into PostgreSQL.
"""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from history.database import Database, sqlite_copy
from history.errors import DamagedError, HistoryError, explained, is_damage
from history.inspection import check_beginning, check_whole
from history.rows import Row
from history.schema import METADATA, ROLLUPS, SKETCHES
from history.seal import unbroken

_AT_ONCE: Final = 200  # rows that are restored in one transaction


def back_up(database: Database, target: Path) -> None:
    """Copy a history into a file; the file appears only once it is whole and on the disk.

    Raises:
        HistoryError: It is not a SQLite file, or the copy cannot be written.
    """
    if database.file is None:
        mend = "use PostgreSQL's own tools, such as pg_dump --format=custom"
        raise HistoryError(f"{database.place} is not copied by Linkward", mend)
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        sqlite_copy(database.file, part)
        _sync(part)
        part.replace(target)
        _sync(target.parent)
    except (sqlite3.Error, OSError) as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise explained(error, str(target)) from error


def rows_of_backup(file: Path) -> Iterator[list[Row]]:
    """The rows of a backup, brought to today's tables, in pieces for one transaction each; the file stays as it is.

    Raises:
        HistoryError: The file is no history, is damaged, or comes from a newer program.
    """
    with tempfile.TemporaryDirectory(prefix="linkward-restore-") as folder:
        copy = Path(folder) / "backup.db"
        try:
            yield from _rows_of_copy(file, copy)
        except (DamagedError, SQLAlchemyError, sqlite3.Error, OSError) as error:
            if is_damage(error):
                raise HistoryError(f"{file} is damaged", "restore an older backup") from error
            raise explained(error, str(file)) from error


def _rows_of_copy(file: Path, copy: Path) -> Iterator[list[Row]]:
    check_beginning(file)
    sqlite_copy(file, copy)
    database = Database(f"sqlite:///{copy}")
    try:
        database.migrate()
        check_whole(database)
        with database.reading() as connection:
            connection.execution_options(yield_per=_AT_ONCE)
            for table in METADATA.sorted_tables:
                query = select(table)
                if table in {ROLLUPS, SKETCHES}:
                    query = query.order_by(table.c.parts)  # hours first: a day that is added before them is dropped
                for some in connection.execute(query).mappings().partitions():
                    yield [Row(table, unbroken(table.name, row)) for row in some]
    finally:
        database.forget_connections()


def _sync(path: Path) -> None:
    # A renamed file survives a power cut only when its folder is on the disk too.
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
