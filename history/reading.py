"""What is asked of the history. Every row is checked against its seal; all times are half-open, [start, end)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, and_, func, or_, select, tuple_

from history.facts import (
    AuditEntry,
    Decision,
    Heartbeat,
    InventoryVersion,
    Notification,
    SilenceRecord,
    SpeedTest,
    Step,
    Terms,
)
from history.moments import micros
from history.rollup import RollupBlock, Span
from history.rows import (
    audit_entry_of,
    block_of,
    decision_of,
    heartbeat_of,
    incident_of,
    inventory_version_of,
    notification_of,
    silence_of,
    speed_test_of,
    terms_of,
    transition_of,
)
from history.schema import (
    AUDIT,
    DECISIONS,
    HEARTBEATS,
    INCIDENTS,
    INVENTORIES,
    NOTIFICATIONS,
    ROLLUPS,
    SILENCES,
    SKETCHES,
    SPEED_TESTS,
    TERMS,
    TRANSITIONS,
)
from history.seal import all_unbroken
from model.incident import About, Incident
from model.measurement import SubjectKey
from model.transition import Transition

AboutSubject = TypeVar("AboutSubject", Transition, Terms)

_LONGEST_FIRST: Final = {Span.MONTH: 0, Span.DAY: 1, Span.HOUR: 2}
_BLOCK: Final = ("ward", "start", "span", "end", "monitor")
_AT_ONCE: Final = 1_000  # rows fetched in one piece
_SUBJECT: Final = ("noun", "subject")
_FAULT: Final = (*_SUBJECT, "alertname", "requirement")
_SILENCE_SHOWN: Final = timedelta(days=1)  # after its end


def read_transitions(
    connection: Connection, start: datetime, end: datetime, subject: SubjectKey | None
) -> dict[SubjectKey, list[Transition]]:
    """By subject, in the order in which they were noticed: what tells its state at every instant of the period.

    That is each transition that began before the end and was not yet known at the start, and before them the last one
    that was known at the start.
    """
    rows = _known_at(connection, TRANSITIONS.c.noticed_at, start, subject)
    news = TRANSITIONS.c.at < micros(end), TRANSITIONS.c.noticed_at >= micros(start)
    query = select(TRANSITIONS).where(*news, *_of(TRANSITIONS, subject))
    transitions = map(transition_of, chain(rows, rows_in(connection, query, TRANSITIONS)))
    return by_subject(sorted(transitions, key=lambda one: (one.noticed_at, one.at)))


def read_last_states(connection: Connection, before: datetime) -> dict[SubjectKey, Transition]:
    """Of each subject the last transition that was noticed before an instant."""
    last = map(transition_of, _known_at(connection, TRANSITIONS.c.noticed_at, before, None))
    return {one.subject: one for one in sorted(last, key=lambda one: one.at)}


def read_terms(
    connection: Connection, start: datetime, end: datetime, subject: SubjectKey | None
) -> dict[SubjectKey, list[Terms]]:
    """By subject and in order of time: what came to hold in the period, and before that what held at its start."""
    rows = _known_at(connection, TERMS.c.since, start, subject)
    query = select(TERMS).where(within(TERMS.c.since, start, end), *_of(TERMS, subject))
    terms = map(terms_of, chain(rows, rows_in(connection, query, TERMS)))
    return by_subject(sorted(terms, key=lambda one: one.since))


def read_heartbeats(connection: Connection, start: datetime, end: datetime, monitor: str | None) -> list[Heartbeat]:
    """The heartbeats that touch the period, whole, in order of their begin."""
    wanted = [HEARTBEATS.c.began < micros(end), HEARTBEATS.c.until >= micros(start)]
    if monitor is not None:
        wanted.append(HEARTBEATS.c.monitor == monitor)
    query = select(HEARTBEATS).where(*wanted).order_by(HEARTBEATS.c.began, HEARTBEATS.c.blind)
    return [heartbeat_of(row) for row in rows_in(connection, query, HEARTBEATS)]


def read_speed_tests(connection: Connection, start: datetime, end: datetime, link: str | None) -> list[SpeedTest]:
    """The speed tests that started in the period, in order of time."""
    wanted = within(SPEED_TESTS.c.at, start, end)
    if link is not None:
        wanted = and_(wanted, SPEED_TESTS.c.link == link)
    query = select(SPEED_TESTS).where(wanted).order_by(SPEED_TESTS.c.at, SPEED_TESTS.c.link, SPEED_TESTS.c.direction)
    return [speed_test_of(row) for row in rows_in(connection, query, SPEED_TESTS)]


def read_notifications(connection: Connection, start: datetime, end: datetime) -> list[Notification]:
    """The notifications that were stored in the period, in order of time."""
    query = select(NOTIFICATIONS).where(within(NOTIFICATIONS.c.stored_at, start, end))
    return _notifications(connection, query)


def read_outbox(connection: Connection) -> list[Notification]:
    """The notifications that no receiver has taken yet and that are not given up, the oldest first."""
    query = select(NOTIFICATIONS).where(NOTIFICATIONS.c.step < list(Step).index(Step.RECEIPTED))
    return _notifications(connection, query)


def read_open_incidents(connection: Connection, monitor: str | None) -> list[Incident]:
    """The incidents that are open, of one monitor or of all, the oldest first."""
    mine = [] if monitor is None else [INCIDENTS.c.monitor == monitor]
    return _incidents(connection, INCIDENTS.c.closed_at.is_(None), *mine)


def read_incidents(connection: Connection, start: datetime, end: datetime) -> list[Incident]:
    """The incidents that were open at any time of the period, the oldest first."""
    closed, opened = INCIDENTS.c.closed_at, INCIDENTS.c.opened_at
    lasted = or_(closed.is_(None), closed > micros(start), opened >= micros(start))
    return _incidents(connection, opened < micros(end), lasted)


def read_incident(connection: Connection, name: str) -> Incident | None:
    """The incident with this id, if there is one."""
    return next(iter(_incidents(connection, INCIDENTS.c.id == name)), None)


def read_silences(connection: Connection, now: datetime) -> list[SilenceRecord]:
    """The silences that are to come, hold, or ended within a day, in order of their end."""
    query = select(SILENCES).where(SILENCES.c.ends_at >= micros(now - _SILENCE_SHOWN))
    return [silence_of(row) for row in rows_in(connection, query.order_by(SILENCES.c.ends_at, SILENCES.c.id), SILENCES)]


def read_decisions(connection: Connection, start: datetime, end: datetime, subject: About | None) -> list[Decision]:
    """The decisions of the period, in order of time."""
    query = select(DECISIONS).where(within(DECISIONS.c.at, start, end), *_of(DECISIONS, subject))
    return _decisions(rows_in(connection, query, DECISIONS))


def read_last_decisions(connection: Connection, before: datetime, subject: About | None) -> list[Decision]:
    """Of each fault the last decision before an instant, in order of time."""
    return _decisions(_known_at(connection, DECISIONS.c.at, before, subject, _FAULT))


def read_audit(connection: Connection, start: datetime, end: datetime) -> list[AuditEntry]:
    """The audit of the period, in order of time."""
    query = select(AUDIT).where(within(AUDIT.c.at, start, end)).order_by(AUDIT.c.at, AUDIT.c.monitor)
    return [audit_entry_of(row) for row in rows_in(connection, query, AUDIT)]


def read_inventories(connection: Connection) -> list[InventoryVersion]:
    """Every inventory that was in force, in order of time."""
    query = select(INVENTORIES).order_by(INVENTORIES.c.since)
    return [inventory_version_of(row) for row in rows_in(connection, query, INVENTORIES)]


def read_monitors(connection: Connection) -> list[str]:
    """The names of the monitors that ever were alive."""
    query = select(HEARTBEATS.c.monitor).distinct().order_by(HEARTBEATS.c.monitor)
    return list(connection.execute(query).scalars())


def blocks_to_read(
    connection: Connection, start: datetime, end: datetime, ward: str | None, shortest: Span | None
) -> list[Mapping[str, Any]]:
    """The fewest blocks that together say everything about the period, ward by ward, each as its key.

    A block belongs to the period if it starts in it; a day or month must also end in it, and stands for its hours.

    Args:
        connection: To read from.
        start: Aware UTC, at the begin of an hour.
        end: Aware UTC, likewise.
        ward: Its id; ``None`` for all.
        shortest: ``Span.HOUR`` for hours alone; ``Span.DAY`` for days, and hours where no day is folded; ``None``
            for whatever is longest.
    """
    columns = (ROLLUPS.c[name] for name in _BLOCK)
    wanted = [
        within(ROLLUPS.c.start, start, end),
        or_(ROLLUPS.c.span == Span.HOUR.value, ROLLUPS.c.end <= micros(end)),
    ]
    if ward is not None:
        wanted.append(ROLLUPS.c.ward == ward)
    if shortest is not None:
        spans = [Span.HOUR] if shortest is Span.HOUR else [Span.HOUR, Span.DAY]
        wanted.append(ROLLUPS.c.span.in_([span.value for span in spans]))
    candidates = [dict(row) for row in connection.execute(select(*columns).where(*wanted)).mappings()]
    chosen: list[Mapping[str, Any]] = []
    reached: dict[tuple[str, str], int] = {}
    # The longest of those that start together comes first, and what it reaches over is part of it.
    for block in sorted(
        candidates, key=lambda row: (row["ward"], row["start"], _LONGEST_FIRST[row["span"]], -row["end"])
    ):
        key = (block["ward"], block["monitor"])
        if block["start"] < reached.get(key, block["start"]):
            continue
        chosen.append(block)
        if block["span"] != Span.HOUR:
            reached[key] = block["end"]
    return chosen


def read_blocks(connection: Connection, keys: Sequence[Mapping[str, Any]], *, sketches: bool) -> list[RollupBlock]:
    """The blocks of these keys, in their order; those that were pruned or folded anew since are left out."""
    figures = _rows_of_keys(connection, ROLLUPS, keys)
    packed = _rows_of_keys(connection, SKETCHES, keys) if sketches else {}
    return [
        block_of(figures[key], packed[key]["packed"] if key in packed else None)
        for key in map(key_of, keys)
        if key in figures
    ]


def key_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What names a block of rollups: ward, start, span, end and monitor."""
    return tuple(row[name] for name in _BLOCK)


def _rows_of_keys(
    connection: Connection, table: Table, keys: Sequence[Mapping[str, Any]]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    found = rows_in(connection, select(table).where(is_block(table, keys)), table)
    return {key_of(row): row for row in found}


def is_block(table: Table, keys: Sequence[Mapping[str, Any]]) -> ColumnElement[bool]:
    """Whether a row of rollups or sketches is of one of these blocks."""
    return tuple_(*(table.c[name] for name in _BLOCK)).in_(list(map(key_of, keys)))


def _notifications(connection: Connection, query: Select[Any]) -> list[Notification]:
    ordered = query.order_by(NOTIFICATIONS.c.stored_at, NOTIFICATIONS.c.key, NOTIFICATIONS.c.receiver)
    return [notification_of(row) for row in rows_in(connection, ordered, NOTIFICATIONS)]


def _incidents(connection: Connection, *wanted: ColumnElement[bool]) -> list[Incident]:
    query = select(INCIDENTS).where(*wanted).order_by(INCIDENTS.c.opened_at, INCIDENTS.c.id)
    # All are fetched before one may turn out not to be understood, so that no cursor is left open.
    return [incident_of(row) for row in list(rows_in(connection, query, INCIDENTS))]


def _decisions(rows: Iterable[Mapping[str, Any]]) -> list[Decision]:
    found = map(decision_of, rows)
    return sorted(found, key=lambda one: (one.at, one.subject, one.alertname, one.requirement))


def within(column: ColumnElement[int], start: datetime, end: datetime) -> ColumnElement[bool]:
    """Whether an instant lies in [start, end)."""
    return and_(column >= micros(start), column < micros(end))


def rows_in(connection: Connection, query: Select[Any], table: Table) -> Iterator[dict[str, Any]]:
    """The rows of a table that a query finds, each with its seal found whole.

    Raises:
        DamagedError: A row is not as it was written.
    """
    with connection.execution_options(yield_per=_AT_ONCE).execute(query) as found:
        names = [str(name) for name in found.keys()]  # noqa: SIM118  # a result is no mapping
        yield from all_unbroken(table.name, names, found)


def _known_at(
    connection: Connection,
    when: Column[int],
    start: datetime,
    subject: About | None,
    about: Sequence[str] = _SUBJECT,
) -> Iterator[dict[str, Any]]:
    table = when.table
    return rows_in(connection, last_before(when, start, _of(table, subject), about), table)


def last_before(
    when: Column[int],
    start: datetime,
    wanted: Iterable[ColumnElement[bool]],
    about: Sequence[str] = _SUBJECT,
) -> Select[Any]:
    """Of each subject, or whatever else the rows are about, the last row before an instant, and all of its time."""
    table = when.table
    names = [table.c[name] for name in about]
    last = select(*names, func.max(when).label("last")).where(when < micros(start), *wanted).group_by(*names).subquery()
    same = and_(when == last.c.last, *(table.c[name] == last.c[name] for name in about))
    return select(table).join(last, same)


def _of(table: Table, subject: About | None) -> list[ColumnElement[bool]]:
    return [] if subject is None else [table.c.noun == subject[0], table.c.subject == subject[1]]


def by_subject(facts: Iterable[AboutSubject]) -> dict[SubjectKey, list[AboutSubject]]:
    """What is known of each, in the order in which it came."""
    found: dict[SubjectKey, list[AboutSubject]] = {}
    for fact in facts:
        found.setdefault(fact.subject, []).append(fact)
    return found
