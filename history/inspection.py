"""Is this file ours, and whole? What is damaged is set aside, never repaired by guessing and never deleted."""

import contextlib
import logging
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import SQLAlchemyError

from history.append import append
from history.database import APPLICATION, Database
from history.errors import DamagedError, HistoryError, is_damage
from history.facts import AuditEntry
from history.rows import rows_of
from history.schema import METADATA, ROLLUPS, SKETCHES
from history.seal import unbroken

log = logging.getLogger(__name__)

_MAGIC: Final = b"SQLite format 3\0"
_ALIKE: Final = len(_MAGIC) // 2  # bytes of a damaged beginning that still tell what it was
_THOROUGH: Final = 256 * 2**20  # bytes of a file that is checked page by page at every start
_COMPANIONS: Final = ("", "-wal", "-shm")
_PROGRAM: Final = "linkward"


def prepare(database: Database, monitor: str, now: datetime) -> Path | None:
    """Make the database ready for use: check it, set it aside where it is damaged, create or migrate its tables.

    Args:
        database: What to prepare.
        monitor: The name under which the audit tells what was done.
        now: Aware UTC.

    Returns:
        Where a damaged file was moved to; ``None`` where nothing was wrong.

    Raises:
        HistoryError: The file belongs to another program, or to a newer Linkward.
        SQLAlchemyError: The database cannot be used now.
        OSError: Nor its file.
    """
    if database.file is None:
        database.migrate()
        return None
    try:
        check_beginning(database.file)
        _check_owner(database.file)
        database.migrate()
        _check_rows(database)
    except (DamagedError, SQLAlchemyError, sqlite3.Error) as error:
        if not _shows_damage(error):
            raise
        aside = _set_aside(database, database.file, now)
        reason = getattr(error, "what", None) or str(getattr(error, "orig", error))
        _start_anew(database, monitor, AuditEntry(now, _PROGRAM, "set-aside", {"file": str(aside), "reason": reason}))
        return aside
    return None


def check_whole(database: Database) -> None:
    """Read what can be checked of a SQLite file: its pages, and the seal of every row but those of large rollups.

    Raises:
        DamagedError: Something is not as it was written.
        HistoryError: The file belongs to another program.
        SQLAlchemyError: The file cannot be read.
    """
    if database.file is not None:
        check_beginning(database.file)
        _check_owner(database.file)
    _check_rows(database)


def check_beginning(file: Path) -> None:
    """Look at the first bytes of a SQLite file; one that is not there, or empty, is a new one.

    Raises:
        DamagedError: They were a SQLite file's, and no longer are.
        HistoryError: They are something else's.
        OSError: The file cannot be read.
    """
    try:
        with file.open("rb") as opened:
            beginning = opened.read(len(_MAGIC))
    except FileNotFoundError:
        return
    if beginning in {b"", _MAGIC}:
        return
    alike = sum(one == other for one, other in zip(beginning, _MAGIC, strict=False))
    if alike >= _ALIKE or not any(beginning):
        raise DamagedError(str(file), "its first bytes are gone")
    raise HistoryError(f"{file} is not a database", "name another file")


def _check_owner(file: Path) -> None:
    # Not by the engine, which would turn another program's database to write-ahead logging.
    if not file.exists():
        return
    with contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        (owner,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if owner != APPLICATION and (owner or tables):
        raise HistoryError(f"{file} is another program's database", "name another file in the storage URL")


def _check_rows(database: Database) -> None:
    small = database.file is None or database.file.stat().st_size <= _THOROUGH
    with database.reading() as connection:
        if database.file is not None:
            _check_pages(connection, thorough=small)
        for table in METADATA.sorted_tables:
            if small or table not in {ROLLUPS, SKETCHES}:
                _check_seals(connection, table)


def _check_pages(connection: Connection, *, thorough: bool) -> None:
    # quick_check leaves out whether each index agrees with its table; of a large file only the small tables are read.
    checks = [""] if thorough else [f"({name})" for name in METADATA.tables if name not in {"rollups", "sketches"}]
    for which in checks:
        found = connection.exec_driver_sql(f"PRAGMA integrity_check{which}").scalars().all()
        if found != ["ok"]:
            raise DamagedError("the file", str(found[0]).splitlines()[0])


def _check_seals(connection: Connection, table: Table) -> None:
    with connection.execution_options(yield_per=500).execute(select(table)) as found:
        for row in found.mappings():
            unbroken(table.name, row)


def _shows_damage(error: Exception) -> bool:
    cause = getattr(error, "orig", error)
    # Once the file is known to be ours, a table that is not there, or text that is none, is no program's doing.
    return is_damage(error) or (
        isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorname", "SQLITE_ERROR") == "SQLITE_ERROR"
    )


def _set_aside(database: Database, file: Path, now: datetime) -> Path:
    database.forget_connections()
    aside = file.with_name(f"{file.name}.damaged-{now:%Y%m%dT%H%M%S.%fZ}")
    for companion in _COMPANIONS:
        part = Path(f"{file}{companion}")
        if part.exists():
            part.rename(f"{aside}{companion}")
    return aside


def _start_anew(database: Database, monitor: str, why: AuditEntry) -> None:
    log.error(
        "%s is damaged (%s): it was set aside as %s and a new history begins; restore a backup to add what was known",
        database.place,
        why.content["reason"],
        why.content["file"],
    )
    database.migrate()
    with database.writing() as connection:
        append(connection, rows_of(why, monitor))
