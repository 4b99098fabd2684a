"""What is kept of months for later reviews."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from history.errors import DamagedError
from history.facts import KeptMonth
from history.reading import within
from history.rows import kept_month_of
from history.schema import KEPT_MONTHS
from history.seal import unbroken


def read_kept_months(connection: Connection, ward: str, start: datetime, end: datetime) -> list[KeptMonth]:
    """Of the months of a ward that began in the period, the latest kept last; what is damaged is computed anew."""
    query = select(KEPT_MONTHS).where(KEPT_MONTHS.c.ward == ward, within(KEPT_MONTHS.c.start, start, end))
    rows = connection.execute(query.order_by(KEPT_MONTHS.c.kept_at)).mappings().all()
    return list(map(kept_month_of, _whole(map(dict, rows))))


def _whole(rows: Iterator[dict[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        with suppress(DamagedError):
            yield unbroken(KEPT_MONTHS.name, row)
