"""Rows into tables: what is there already stays, what grows is replaced by what is further."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from history.rollup import Span
from history.rows import Row, Values
from history.schema import GROWS, ROLLUPS, SKETCHES


def append(connection: Connection, rows: Iterable[Row]) -> None:
    """Write rows in their order, inside the connection's transaction."""
    for table, some in groupby(rows, key=lambda row: row.table):
        statement = _statement(connection, table)
        if table in {ROLLUPS, SKETCHES}:
            # One by one: whether a day holds depends on the hours that were written just before it.
            for row in some:
                if _still_holds(connection, row.values):
                    connection.execute(statement, row.values)
        else:
            connection.execute(statement, [row.values for row in some])


def _statement(connection: Connection, table: Table) -> Any:
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
    grows = GROWS.get(table.name)
    if grows is None:
        return insert.on_conflict_do_nothing()
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={column.name: insert.excluded[column.name] for column in table.columns if not column.primary_key},
        where=insert.excluded[grows] > table.c[grows],
    )


def _still_holds(connection: Connection, block: Values) -> bool:
    """Whether a block says all that is known; a new hour first removes the days and months folded without it."""
    if block["span"] == Span.HOUR:
        if not _is_known(connection, block):
            _forget_folds(connection, block)
        return True
    # An hour came in while its day was folded: the day is folded anew another time. Hours may be gone, by their age.
    hours: int = block["parts"]
    return _hours_within(connection, block) <= hours


def _is_known(connection: Connection, block: Values) -> bool:
    same = (ROLLUPS.c[name] == block[name] for name in ("ward", "start", "span", "monitor"))
    whole = select(ROLLUPS.c.end).where(*same, ROLLUPS.c.end >= block["end"])
    return connection.execute(whole).first() is not None


def _forget_folds(connection: Connection, block: Values) -> None:
    for table in (ROLLUPS, SKETCHES):
        connection.execute(
            delete(table).where(
                table.c.ward == block["ward"],
                table.c.monitor == block["monitor"],
                table.c.span != Span.HOUR.value,
                table.c.start <= block["start"],
                table.c.end > block["start"],
            )
        )


def _hours_within(connection: Connection, block: Values) -> int:
    hours = select(func.count()).where(
        ROLLUPS.c.ward == block["ward"],
        ROLLUPS.c.monitor == block["monitor"],
        ROLLUPS.c.span == Span.HOUR.value,
        ROLLUPS.c.start >= block["start"],
        ROLLUPS.c.start < block["end"],
    )
    return connection.execute(hours).scalar_one()
