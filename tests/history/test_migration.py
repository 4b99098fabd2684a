"""From an older history to today's, and never from a newer one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, text

from history.database import Database
from history.errors import DamagedError, HistoryError
from history.facts import Notification
from history.migration import SCRIPTS, is_up_to_date, migrate, revisions
from history.moments import micros
from history.reading import read_outbox
from history.rows import rows_of
from history.schema import METADATA, NOTIFICATIONS
from history.seal import sealed
from history.store import Store
from tests.peers.facts import START, moment, opened, transition

NEWER = '''"""A revision that this program does not know yet."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "0003"


def upgrade() -> None:
    """Add a column."""
    op.add_column("transitions", sa.Column("mood", sa.Text))
'''


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The revisions of a program to come."""
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "r9999_mood.py").write_text(NEWER)
    return scripts


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """The revisions of the first program."""
    scripts = tmp_path / "first"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__", "r0002*", "r0003*"))
    return scripts


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty database of each engine, below the store."""
    found = Database(url)
    yield found
    found.forget_connections()


def test_the_revisions_make_the_tables_that_the_program_uses(database: Database) -> None:
    """A column that was added to the schema without a revision fails here, on both databases."""
    database.migrate()
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_the_names_of_the_files_are_the_revisions_in_their_order() -> None:
    """What is read from the names is what alembic would find: one line without a branch."""
    found = [script.revision for script in ScriptDirectory(SCRIPTS).walk_revisions()]
    assert revisions() == found[::-1]


async def test_an_older_history_is_brought_up_to_date_with_its_facts(url: str, database: Database, newer: Path) -> None:
    """What was known stays known when a program to come opens today's file."""
    async with opened(url) as store:
        await store.record(transition(1))
    with database.writing() as connection:
        assert not is_up_to_date(connection, database.place, newer)
        migrate(connection, newer)
        assert is_up_to_date(connection, database.place, newer)
        found = connection.execute(text("SELECT subject, mood FROM transitions")).all()
    assert found == [("office-vnpt", None)]


def of_the_first(stored: Notification, **changes: object) -> dict[str, object]:
    """The row of a notification as the first program wrote it."""
    (row,) = rows_of(stored, "north")
    new = {"given_up_at", "detail", "seal"}
    return sealed({name: value for name, value in row.values.items() if name not in new}) | changes


async def test_a_history_of_the_first_program_is_whole_for_this_one(url: str, database: Database, first: Path) -> None:
    """Its notifications got columns, and a seal over them; the new tables are there."""
    notifications = [Notification(f"key-{n}", "duty", moment(n), {"text": "Đứt"}, moment(9)) for n in range(3)]
    (change,) = rows_of(transition(1), "north")
    with database.writing() as connection:
        migrate(connection, first)
        connection.execute(change.table.insert(), change.values)
        for each in notifications:
            connection.execute(insert(NOTIFICATIONS).values(of_the_first(each)))
        if database.file:
            connection.exec_driver_sql("PRAGMA application_id=0x4C4B5744")
    async with opened(url) as store:
        assert store.health().set_aside is None
        assert await store.notifications(START, moment(9)) == notifications
        assert len(await store.transitions(START, moment(9))) == 1
        assert await store.open_incidents() == []


async def test_a_row_that_was_damaged_before_a_migration_is_not_sealed_anew(database: Database, first: Path) -> None:
    """What was no fact before does not become one."""
    changed = of_the_first(Notification("key", "duty", moment(0)), sent_at=micros(moment(1)))
    with database.writing() as connection:
        migrate(connection, first)
        connection.execute(insert(NOTIFICATIONS).values(changed))
        migrate(connection)
    with database.reading() as connection, pytest.raises(DamagedError, match="a row of the table notifications"):
        read_outbox(connection)


async def test_a_newer_history_is_refused_with_words(url: str, database: Database, newer: Path) -> None:
    """An old program does not write into tables that it does not understand, and says what to do."""
    with database.writing() as connection:
        migrate(connection, newer)
        if database.file:
            connection.exec_driver_sql("PRAGMA application_id=0x4C4B5744")
    with pytest.raises(HistoryError, match="has schema 9999, which is newer than 0003") as error:
        await Store(url, "north").start()
    assert "use the version of Linkward that wrote it" in error.value.mend
    assert not error.value.passing


async def test_a_migration_happens_whole_or_not_at_all(url: str, database: Database, newer: Path) -> None:
    """A revision that fails half-way leaves the tables as they were, with their facts."""
    script = newer / "versions" / "r9999_mood.py"
    script.write_text(script.read_text() + '    op.execute("no sentence of SQL")\n')
    async with opened(url) as store:
        await store.record(transition(1))
    with pytest.raises(Exception, match="no"), database.writing() as connection:
        migrate(connection, newer)
    with database.reading() as connection:
        assert {column["name"] for column in inspect(connection).get_columns("transitions")} == {
            column.name for column in METADATA.tables["transitions"].columns
        }
    async with opened(url) as store:
        assert len(await store.transitions(START, moment(9))) == 1
