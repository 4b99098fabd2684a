"""From whatever revision a history has to the one that this program knows, with alembic."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from history.errors import HistoryError

SCRIPTS: Final = Path(__file__).parent / "migrations"

# Two monitors that start together on one PostgreSQL must not both create the tables; any number serves, if all use it.
_LOCK: Final = 0x6C696E6B77617264


def is_up_to_date(connection: Connection, place: str, scripts: Path = SCRIPTS) -> bool:
    """Whether the tables are of the newest revision.

    Args:
        connection: To read from.
        place: The database's name for people.
        scripts: The folder of revisions.

    Raises:
        HistoryError: A newer program has changed the tables.
    """
    known = ScriptDirectory(scripts)
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and revision not in {script.revision for script in known.walk_revisions()}:
        raise HistoryError(
            f"{place} has schema {revision}, which is newer than {known.get_current_head()}, the newest known here",
            "use the version of Linkward that wrote it, or a newer one; or restore a backup from before",
        )
    return revision == known.get_current_head()


def migrate(connection: Connection, scripts: Path = SCRIPTS) -> None:
    """Bring the tables to the newest revision, inside the connection's transaction: all of it or nothing.

    Args:
        connection: With a transaction begun for writing.
        scripts: The folder of revisions.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
