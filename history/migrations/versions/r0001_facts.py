"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _text(name: str, *, optional: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, nullable=optional)


def _number(name: str, kind: Any = sa.BigInteger, *, optional: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=optional)


def _bytes(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _create(table: str, *columns: "sa.Column[Any]", key: tuple[str, ...]) -> None:
    op.create_table(table, *columns, sa.PrimaryKeyConstraint(*key))


def upgrade() -> None:
    """Create everything."""
    _facts()
    _rollups()
    _people()
    _inventory()


def _facts() -> None:
    _create(
        "transitions",
        _text("noun"),
        _text("subject"),
        _number("at"),
        _text("before"),
        _text("after"),
        _number("uncertainty", sa.Double),
        _number("noticed_at"),
        _text("evidence"),
        _text("monitor"),
        _bytes("seal"),
        key=("noun", "subject", "at", "before", "after", "monitor"),
    )
    op.create_index("transitions_noticed", "transitions", ["noticed_at", "at"])
    op.create_index("transitions_of", "transitions", ["noun", "subject", "noticed_at"])
    _create(
        "heartbeats",
        _text("monitor"),
        _number("began"),
        _number("blind", sa.Integer),
        _number("until"),
        _bytes("seal"),
        key=("monitor", "began", "blind"),
    )
    _create(
        "speed_tests",
        _text("link"),
        _number("at"),
        _text("direction"),
        _number("seconds", sa.Double),
        _number("octets"),
        _number("bits_per_second", sa.Double, optional=True),
        _text("failure", optional=True),
        _text("detail"),
        _text("monitor"),
        _bytes("seal"),
        key=("link", "at", "direction", "monitor"),
    )
    op.create_index("speed_tests_at", "speed_tests", ["at"])


def _rollups() -> None:
    span = ("ward", "start", "span", "monitor")
    _create(
        "rollups",
        _text("ward"),
        _number("start"),
        _text("span"),
        _number("end"),
        _number("parts", sa.Integer),
        _bytes("figures"),
        _text("monitor"),
        _bytes("seal"),
        key=span,
    )
    op.create_index("rollups_start", "rollups", ["start"])
    _create(
        "sketches",
        _text("ward"),
        _number("start"),
        _text("span"),
        _number("end"),
        _number("parts", sa.Integer),
        _bytes("packed"),
        _text("monitor"),
        _bytes("seal"),
        key=span,
    )
    op.create_index("sketches_start", "sketches", ["start"])


def _people() -> None:
    _create(
        "notifications",
        _text("key"),
        _text("receiver"),
        _number("stored_at"),
        _text("content"),
        _number("step", sa.Integer),
        _number("sent_at", optional=True),
        _number("receipted_at", optional=True),
        _text("monitor"),
        _bytes("seal"),
        key=("key", "receiver", "stored_at"),
    )
    op.create_index("notifications_step", "notifications", ["step", "stored_at"])
    op.create_index("notifications_stored_at", "notifications", ["stored_at"])
    _create(
        "audit",
        _number("at"),
        _text("who"),
        _text("action"),
        _text("content"),
        _text("monitor"),
        _bytes("seal"),
        key=("at", "monitor", "seal"),
    )


def _inventory() -> None:
    _create(
        "inventories",
        _text("digest"),
        _number("since"),
        _text("monitor"),
        _bytes("seal"),
        key=("digest", "since", "monitor"),
    )
    _create(
        "terms",
        _text("noun"),
        _text("subject"),
        _number("since"),
        _text("inventory"),
        _text("content", optional=True),
        _text("monitor"),
        _bytes("seal"),
        key=("noun", "subject", "since", "monitor"),
    )
