"""What alerting keeps: incidents, silences, decisions, and how a notification ended."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _text(name: str, *, optional: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, nullable=optional)


def _number(name: str, kind: Any = sa.BigInteger, *, optional: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=optional)


def _create(table: str, *columns: "sa.Column[Any]", key: tuple[str, ...]) -> None:
    signed = (_text("monitor"), sa.Column("seal", sa.LargeBinary, nullable=False))
    op.create_table(table, *columns, *signed, sa.PrimaryKeyConstraint(*key))


def upgrade() -> None:
    """Add three tables, and two columns to one."""
    _incidents()
    _silences()
    _decisions()
    _endings()


def _incidents() -> None:
    _create(
        "incidents",
        _text("id"),
        _number("opened_at"),
        _number("closed_at", optional=True),
        _number("version", sa.Integer),
        _text("content"),
        key=("id",),
    )
    op.create_index("incidents_closed_at", "incidents", ["closed_at", "opened_at"])
    op.create_index("incidents_opened_at", "incidents", ["opened_at"])


def _silences() -> None:
    _create(
        "silences",
        _text("id"),
        _number("ends_at"),
        _number("version", sa.Integer),
        _text("content"),
        key=("id",),
    )
    op.create_index("silences_ends_at", "silences", ["ends_at"])


def _decisions() -> None:
    _create(
        "decisions",
        _text("noun"),
        _text("subject"),
        _text("alertname"),
        _text("requirement"),
        _number("at"),
        _text("outcome"),
        _text("incident"),
        _text("content"),
        key=("noun", "subject", "alertname", "requirement", "at", "monitor"),
    )
    op.create_index("decisions_at", "decisions", ["at"])


def _endings() -> None:
    op.add_column("notifications", _number("given_up_at", optional=True))
    op.add_column("notifications", _text("detail", optional=True))
    connection = op.get_bind()
    table = sa.Table("notifications", sa.MetaData(), autoload_with=connection)
    # A seal is over all columns. Few rows, if any, are there: nothing was sent before this revision.
    for row in connection.execute(sa.select(table)).mappings().all():
        before = {name: value for name, value in row.items() if name not in {"given_up_at", "detail", "seal"}}
        if _digest(before) == row["seal"]:  # a row that is damaged already stays to be noticed
            same = sa.and_(*(table.c[name] == row[name] for name in ("key", "receiver", "stored_at")))
            sealed = _digest({**before, "given_up_at": None, "detail": None})
            connection.execute(sa.update(table).where(same).values(seal=sealed))


def _digest(values: Mapping[str, Any]) -> bytes:
    # As in history.seal when this revision was made.
    text = repr([values[name] for name in sorted(values)])
    return blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).digest()
