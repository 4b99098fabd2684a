"""How long facts are kept, and how what is older leaves: in small steps, so that no fact waits long behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, delete, select, tuple_

from history.moments import micros
from history.rollup import Span
from history.schema import (
    AUDIT,
    DECISIONS,
    HEARTBEATS,
    INCIDENTS,
    KEPT_MONTHS,
    NOTIFICATIONS,
    ROLLUPS,
    SILENCES,
    SKETCHES,
    SPEED_TESTS,
    TERMS,
    TRANSITIONS,
)

STEP: Final = 500
"""Rows that one step removes at most."""

_SUBJECT: Final = ("noun", "subject")
_FAULT: Final = (*_SUBJECT, "alertname", "requirement")


@dataclass(frozen=True, slots=True)
class Keep:
    """How long facts are kept.

    Attributes:
        transitions: Also heartbeats, speed tests, incidents that are closed, silences, decisions, notifications, the
            audit, terms, the rollups of whole months, and what is kept of months for the review.
        rollups: Of hours and days, and the sketches of days.
        sketches: Of hours, once a day stands for them. They are most of what a history weighs.
    """

    transitions: timedelta = timedelta(days=5 * 365.25)
    rollups: timedelta = timedelta(days=2 * 365.25)
    sketches: timedelta = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Expired:
    """What may leave one table.

    Attributes:
        table: The table.
        rows: Which of its rows.
    """

    table: Table
    rows: ColumnElement[bool]


def expired(now: datetime, keep: Keep) -> Iterator[Expired]:
    """What may leave, table by table.

    The last transition, the last terms and the last decision before the limit stay, since they hold there; so does an
    incident that is open, however old it is.
    """
    oldest = micros(now - keep.transitions)
    yield Expired(TRANSITIONS, _superseded(TRANSITIONS, "noticed_at", oldest, _SUBJECT))
    yield Expired(TERMS, _superseded(TERMS, "since", oldest, _SUBJECT))
    yield Expired(DECISIONS, _superseded(DECISIONS, "at", oldest, _FAULT))
    for table, instant in (
        (HEARTBEATS, "until"),
        (SPEED_TESTS, "at"),
        (NOTIFICATIONS, "stored_at"),
        (INCIDENTS, "closed_at"),
        (SILENCES, "ends_at"),
        (AUDIT, "at"),
        (KEPT_MONTHS, "start"),
    ):
        yield Expired(table, table.c[instant] < oldest)
    limits = {Span.MONTH: keep.transitions, Span.DAY: keep.rollups, Span.HOUR: keep.rollups}
    for span, limit in limits.items():
        yield Expired(ROLLUPS, _of_span(ROLLUPS, span, now - limit))
        yield Expired(SKETCHES, _of_span(SKETCHES, span, now - limit))
    yield Expired(SKETCHES, _of_span(SKETCHES, Span.HOUR, now - keep.sketches) & _has_a_day())


def remove(connection: Connection, what: Expired, most: int = STEP) -> bool:
    """Remove some of what has expired; ``True`` while there may be more."""
    key = list(what.table.primary_key.columns)
    some = select(*key).where(what.rows).limit(most)
    return connection.execute(delete(what.table).where(tuple_(*key).in_(some))).rowcount >= most


def _of_span(table: Table, span: Span, before: datetime) -> ColumnElement[bool]:
    return (table.c.span == span.value) & (table.c.start < micros(before))


def _has_a_day() -> ColumnElement[bool]:
    day = SKETCHES.alias("day")
    same = select(day.c.start).where(
        day.c.ward == SKETCHES.c.ward,
        day.c.monitor == SKETCHES.c.monitor,
        day.c.span == Span.DAY.value,
        day.c.start <= SKETCHES.c.start,
        day.c.end > SKETCHES.c.start,
    )
    return same.exists()


def _superseded(table: Table, instant: str, oldest: int, about: Sequence[str]) -> ColumnElement[bool]:
    later = table.alias("later")
    next_one = select(later.c.subject).where(
        *(later.c[name] == table.c[name] for name in about),
        later.c[instant] > table.c[instant],
        later.c[instant] <= oldest,
    )
    return (table.c[instant] < oldest) & next_one.exists()
