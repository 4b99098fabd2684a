"""Words for people, without secrets, for whatever a database or a driver says."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from history.database import Database
from history.errors import HistoryError, explained, is_damage, is_fault_of_fact, place_of
from history.store import Store

SECRET = "hunter2"
PLACE = "the database"


@pytest.mark.parametrize(
    "url",
    [
        "",
        f"no url with {SECRET}",
        "sqlite://",
        "sqlite:///:memory:",
        f"sqlite:///file:x?key={SECRET}",
        f"mysql://linkward:{SECRET}@db/linkward",
        f"postgresql://linkward:{SECRET}@db",
        f"postgresql://linkward:{SECRET}@db:port/linkward",
    ],
)
def test_a_url_of_no_history_is_refused(url: str) -> None:
    """What is wrong and how it is written, and nothing of the URL's secrets."""
    with pytest.raises(HistoryError) as error:
        Store(url, "north")
    assert error.value.mend == "write sqlite:///FOLDER/FILE.db or postgresql://USER:PASSWORD@HOST/DATABASE"
    assert not error.value.passing
    assert SECRET not in str(error.value)
    assert error.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("sqlite:///data/linkward.db", "data/linkward.db"),
        ("sqlite:////var/lib/linkward.db", "/var/lib/linkward.db"),
        (f"postgresql://me:{SECRET}@db.example/lw", "PostgreSQL database 'lw' on db.example"),
        (f"postgresql://me@db.example:5433/lw?password={SECRET}", "PostgreSQL database 'lw' on db.example:5433"),
        ("postgresql:///lw", "PostgreSQL database 'lw' on the local server"),
        ("postgresql://:5433/lw", "PostgreSQL database 'lw' on localhost:5433"),
    ],
)
def test_a_database_has_a_name_without_secrets(url: str, place: str) -> None:
    """The file, or server and database; no user, no password, no options."""
    assert place_of(make_url(url)) == place
    assert repr(Database(url)) == f"Database({place})"


def of_sqlite(name: str) -> sqlite3.Error:
    """An error as the module raises it."""
    error = sqlite3.OperationalError("words of the library")
    error.sqlite_errorname = name
    return error


def of_postgres(state: str | None, words: str = "words of the server") -> psycopg.Error:
    """An error as the driver raises it."""
    error = psycopg.OperationalError(words)
    error.sqlstate = state
    return error


@pytest.mark.parametrize(
    ("error", "what", "passing"),
    [
        (of_sqlite("SQLITE_BUSY_SNAPSHOT"), "the database is locked by another program", True),
        (of_sqlite("SQLITE_IOERR_FSYNC"), "the database cannot be read or written: its disk fails", True),
        (of_sqlite("SQLITE_READONLY_DBMOVED"), "the database cannot be written: it is read-only", True),
        (of_sqlite("SQLITE_ERROR"), "the database: words of the library", True),
        (of_postgres("28P01"), "the database refuses the user or the password", False),
        (of_postgres("3D000"), "the database does not exist", False),
        (of_postgres("42501"), "the database does not grant the right", False),
        (of_postgres("53100"), "the database cannot grow: no room is left", True),
        (of_postgres("57P01"), "the database is shutting down or starting", True),
        (of_postgres("25006"), "the database is read-only", True),
        (of_postgres("08006"), "the database cannot be reached", True),
        (of_postgres("XX000"), "the database: words of the server", True),
        (of_postgres(None, "connection refused"), "the database cannot be reached", True),
        (of_postgres(None, 'FATAL: database "lw" does not exist'), "the database does not exist", False),
        (of_postgres(None, "FATAL: password authentication failed"), "the database refuses the user", False),
        (OSError(28, "No space left on device"), "the database: No space left on device", True),
        (FileNotFoundError(2, "No such file"), "the folder of the database does not exist", False),
        (RuntimeError(), "the database: RuntimeError", True),
    ],
    ids=str,
)
def test_each_trouble_has_its_words(error: Exception, what: str, passing: bool) -> None:  # noqa: FBT001  # a column
    """What is wrong, how to mend it, and whether it may pass by itself; wrapped by SQLAlchemy or not."""
    for raised in (error, OperationalError("SELECT 1", {}, error)):
        found = explained(raised if isinstance(error, sqlite3.Error | psycopg.Error) else error, PLACE)
        assert found.what.startswith(what)
        assert found.mend
        assert found.passing is passing
        assert str(found) == f"{found.what}: {found.mend}"


def test_what_is_explained_already_stays_so() -> None:
    """An error passes several doors and is explained once."""
    error = HistoryError("this", "that")
    assert explained(error, PLACE) is error


def test_damage_is_told_from_faults_of_a_fact() -> None:
    """The one sets a file aside, the other refuses a fact; neither is taken for the other."""
    damage, constraint, full = map(of_sqlite, ("SQLITE_CORRUPT_INDEX", "SQLITE_CONSTRAINT_NOTNULL", "SQLITE_FULL"))
    assert [is_damage(error) for error in (damage, constraint, full)] == [True, False, False]
    assert [is_fault_of_fact(error) for error in (damage, full, OverflowError(), ValueError())] == [
        False,
        False,
        True,
        True,
    ]
