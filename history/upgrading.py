"""Runs the revisions that a history has not seen yet, with alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection, scripts: Path) -> None:
    """Run all of them, inside the connection's transaction.

    Args:
        connection: With a transaction begun for writing.
        scripts: The folder of revisions.
    """
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
