"""From whatever revision a history has to the one that this program knows.

Alembic does it. It is imported only for that, for it takes 12 MB and a third of a second of every start.
"""

from importlib import import_module
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

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
    known, revision = revisions(scripts), _revision(connection)
    if revision is not None and revision not in known:
        raise HistoryError(
            f"{place} has schema {revision}, which is newer than {known[-1]}, the newest known here",
            "use the version of Linkward that wrote it, or a newer one; or restore a backup from before",
        )
    return revision == known[-1]


def revisions(scripts: Path = SCRIPTS) -> list[str]:
    """What the revisions are called, the oldest first: each lies in a file ``r<its name>_<what it is>.py``."""
    return sorted(file.name[1:].partition("_")[0] for file in (scripts / "versions").glob("r*_*.py"))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


def migrate(connection: Connection, scripts: Path = SCRIPTS) -> None:
    """Bring the tables to the newest revision, inside the connection's transaction: all of it or nothing.

    Args:
        connection: With a transaction begun for writing.
        scripts: The folder of revisions.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    import_module("history.upgrading").upgrade(connection, scripts)
