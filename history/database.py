"""One database behind one URL: how it is opened, checked, and kept private."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError

from history.errors import HistoryError, place_of
from history.migration import is_up_to_date, migrate

APPLICATION: Final = 0x4C4B5744
"""What the header of a SQLite file of ours says (``LKWD``), so that no other program's file is taken for one."""

_BUSY: Final = 2_000  # milliseconds that SQLite waits for a lock before it says so
_WAL_LIMIT: Final = 16 * 2**20  # bytes; after a burst the log is cut back to this
_PRIVATE: Final = 0o600

# A server that went away without a word is noticed within this many seconds (libpq, runtime parameters).
_POSTGRES: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "options": "-c lock_timeout=5s -c synchronous_commit=on -c timezone=UTC",
}


class Database:
    """A history's place: a SQLite file, or a database on a PostgreSQL server.

    Attributes:
        place: Its name for people, without secrets.
        file: The SQLite file; ``None`` on PostgreSQL.
        engine: SQLAlchemy's engine.
    """

    def __init__(self, url: str) -> None:
        """Look at the URL only.

        Raises:
            HistoryError: The URL names no database of ours.
        """
        parsed = _parsed(url)
        self.place = place_of(parsed)
        self.file = Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
        self.engine = _sqlite_engine(parsed) if self.file else _postgres_engine(parsed)

    def __repr__(self) -> str:
        return f"Database({self.place})"

    def migrate(self) -> None:
        """Create the tables, or bring them to the newest revision.

        Raises:
            HistoryError: A newer program has changed them.
            SQLAlchemyError: The database cannot be used.
        """
        if self.file is not None:
            make_private(self.file)
        with self.reading() as connection:
            if is_up_to_date(connection, self.place):
                return
        with self.writing() as connection:
            migrate(connection)
            if self.file is not None:
                connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection with a transaction for writing, which is durable once the context ends without an error."""
        with self.engine.execution_options(linkward_writes=True).begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on one consistent picture of the history; it holds up no writer."""
        with self.engine.connect() as connection:
            yield connection

    def forget_connections(self) -> None:
        """Close what is open, so that the next use opens the database anew."""
        self.engine.dispose()


def _parsed(url: str) -> URL:
    mend = "write sqlite:///FOLDER/FILE.db or postgresql://USER:PASSWORD@HOST/DATABASE"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise HistoryError("the storage URL cannot be read", mend) from None
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database and parsed.database != ":memory:" and not parsed.query:
        return parsed.set(drivername="sqlite")
    if backend in {"postgresql", "postgres"} and parsed.database:
        return parsed.set(drivername="postgresql+psycopg")
    raise HistoryError(f"a history cannot be kept in this {backend} database", mend)


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": _BUSY / 1_000, "check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions begin too late for a consistent picture (SQLAlchemy, "pysqlite transactions").
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"journal_size_limit={_WAL_LIMIT}",
        "trusted_schema=OFF",
        "cell_size_check=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that began as a reader could not wait for its turn (SQLITE_BUSY_SNAPSHOT).
    writes = connection.get_execution_options().get("linkward_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgres_engine(url: URL) -> Engine:
    # Options in the URL win over ours.
    own = {name: value for name, value in _POSTGRES.items() if name not in url.query}
    return create_engine(url, connect_args=own, pool_pre_ping=True, hide_parameters=True)


def make_private(file: Path) -> None:
    """Create a file, or close it to everybody but its owner; SQLite makes the files beside it alike.

    Raises:
        OSError: There is no folder for it, or it may not be written.
    """
    # A folder above that is missing may be a disk that is not mounted, so only the file's own is made.
    with contextlib.suppress(FileExistsError):
        file.parent.mkdir(mode=0o700)
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
    try:
        # A file that somebody else owns and lets us write is as private as they made it.
        with contextlib.suppress(PermissionError):
            os.fchmod(handle, _PRIVATE)
    finally:
        os.close(handle)


def sqlite_copy(source: Path, target: Path) -> None:
    """Copy a SQLite database consistently while others write to it (SQLite's online backup).

    Raises:
        sqlite3.Error: One of them cannot be read or written.
    """
    with contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reader:
        make_private(target)
        with contextlib.closing(sqlite3.connect(target)) as writer:
            reader.backup(writer)
