"""Whatever a database can say, in words for a person; exceptions of libraries enter here and nowhere else.

HistoryError
  passing      the database may be well again by itself (locked, full, gone away): what waits is tried again
  not passing  only a person can mend it (wrong password, another program's file, a newer schema)
"""

import re
import sqlite3
from collections.abc import Mapping
from typing import Final, Protocol, runtime_checkable

from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError


@runtime_checkable
class PostgresError(Protocol):
    """What psycopg raises, known by what it carries: the driver is loaded only where there is such a database.

    Attributes:
        sqlstate: Five letters or digits (PostgreSQL, appendix A); ``None`` where the server said nothing.
    """

    sqlstate: str | None


_FREE_SPACE = "make room on its disk"

_SQLITE: Final[Mapping[str, tuple[str, str]]] = {
    "SQLITE_BUSY": ("is locked by another program", "end the program that holds it open for writing"),
    "SQLITE_LOCKED": ("is locked by another program", "end the program that holds it open for writing"),
    "SQLITE_FULL": ("cannot grow: no room is left", _FREE_SPACE),
    "SQLITE_READONLY": ("cannot be written: it is read-only", "let the daemon's user write the file and its folder"),
    "SQLITE_PERM": ("may not be opened", "let the daemon's user read and write the file and its folder"),
    "SQLITE_CANTOPEN": ("cannot be opened", "let the daemon's user read and write the file and its folder"),
    "SQLITE_IOERR": ("cannot be read or written: its disk fails", "look at the disk and at the kernel's log"),
    "SQLITE_CORRUPT": ("is damaged", "restart, which sets it aside, then restore a backup"),
    "SQLITE_NOTADB": ("is damaged", "restart, which sets it aside, then restore a backup"),
}

_DAMAGE: Final = ("SQLITE_CORRUPT", "SQLITE_NOTADB")

# The class of an SQLSTATE, or the whole of it (PostgreSQL, appendix A).
_POSTGRES: Final[Mapping[str, tuple[str, str]]] = {
    "28": ("refuses the user or the password", "correct them in the storage URL"),
    "3D000": ("does not exist", "create it (createdb), or correct its name in the storage URL"),
    "42501": ("does not grant the right", "grant the user the right to create and write its tables"),
    "25006": ("is read-only", "name the primary server in the storage URL, not a replica"),
    "53100": ("cannot grow: no room is left", _FREE_SPACE),
    "53300": ("has no connection left", "raise max_connections, or end other clients"),
    "57P": ("is shutting down or starting", "wait for the server, or start it"),
    "55P03": ("is locked by another program", "end the transaction that holds the lock"),
}

_BY_A_PERSON: Final = ("28", "3D000", "42501")

_WORDS_OF_PASSWORDS: Final = re.compile(r"password|authentication failed|role .* does not exist|pg_hba", re.IGNORECASE)
_WORDS_OF_ABSENCE: Final = re.compile(r"database .* does not exist")


class HistoryError(Exception):
    """The history cannot do what was asked.

    Attributes:
        what: What is wrong, and where; never a secret.
        mend: How to mend it.
        passing: Whether it may pass by itself, so that trying again makes sense.
    """

    def __init__(self, what: str, mend: str, *, passing: bool = False) -> None:
        super().__init__(f"{what}: {mend}")
        self.what = what
        self.mend = mend
        self.passing = passing


class DamagedError(HistoryError):
    """What is stored is not what was written."""

    def __init__(self, where: str, how: str) -> None:
        super().__init__(f"{where} is damaged ({how})", "restore a backup")


def explained(error: Exception, place: str) -> HistoryError:
    """What a library's exception means for a person.

    Args:
        error: Anything that SQLAlchemy, sqlite3, psycopg or the file system raised.
        place: The database, as ``place_of`` names it.
    """
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    match error, cause:
        case HistoryError(), _:
            return error
        case _, sqlite3.Error():
            return _of_sqlite(cause, place)
        case _, PostgresError(sqlstate=state):
            return _of_postgres(cause, state, place)
        case _, FileNotFoundError():
            return HistoryError(f"the folder of {place} does not exist", "create it, or mount its disk")
        case _, OSError():
            mend = "let the daemon's user read and write the file and its folder, and look at the disk"
            return HistoryError(f"{place}: {cause.strerror or cause}", mend, passing=True)
        case _:
            return HistoryError(f"{place}: {told(cause)}", "see the log of the database", passing=True)


def is_damage(error: Exception) -> bool:
    """Whether this says that the file itself is damaged."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, DamagedError) or _name(cause).startswith(_DAMAGE)


def is_fault_of_fact(error: Exception) -> bool:
    """Whether the fact cannot be stored in any database of ours, however well the database is."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if _name(cause).startswith(("SQLITE_READONLY", "SQLITE_CORRUPT")) or isinstance(error, ProgrammingError):
        return False
    return isinstance(error, DataError | IntegrityError | OverflowError | UnicodeError | ValueError | TypeError)


def told(error: BaseException) -> str:
    """The first line of what an error says, without the statement and the values that SQLAlchemy adds."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]


def place_of(url: URL) -> str:
    """The database's name for people: the file, or server and database; no user, no password, no options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    where = f"{url.host or 'localhost'}:{url.port}" if url.port else url.host or "the local server"
    return f"PostgreSQL database {url.database!r} on {where}"


def _of_sqlite(cause: BaseException, place: str) -> HistoryError:
    name = _name(cause)
    for start, (what, mend) in _SQLITE.items():
        if name.startswith(start):
            return HistoryError(f"{place} {what}", mend, passing=True)
    return HistoryError(f"{place}: {told(cause)}", "see whether another program has changed it", passing=True)


def _of_postgres(cause: BaseException, sqlstate: str | None, place: str) -> HistoryError:
    # A refused connection carries its reason in words only.
    state = sqlstate or _state_of_words(str(cause))
    for start, (what, mend) in _POSTGRES.items():
        if state.startswith(start):
            return HistoryError(f"{place} {what}", mend, passing=not state.startswith(_BY_A_PERSON))
    if not state or state.startswith("08"):
        return HistoryError(f"{place} cannot be reached", "start the server, or correct the storage URL", passing=True)
    return HistoryError(f"{place}: {told(cause)}", "see the server's log", passing=True)


def _state_of_words(words: str) -> str:
    if _WORDS_OF_ABSENCE.search(words):
        return "3D000"
    return "28" if _WORDS_OF_PASSWORDS.search(words) else ""


def _name(cause: BaseException | None) -> str:
    return getattr(cause, "sqlite_errorname", None) or ""
