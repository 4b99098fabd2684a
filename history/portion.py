"""A month of one ward: the part of the history that its review is computed from, and whether that has changed since."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, false, or_, select

from history.facts import SpeedTest
from history.hourly import hourly_seals
from history.moments import instant, micros
from history.reading import blocks_to_read, by_subject, is_block, last_before, rows_in, within
from history.rollup import Span
from history.rows import speed_test_of, transition_of
from history.schema import ROLLUPS, SKETCHES, SPEED_TESTS, TRANSITIONS
from history.seal import SEAL
from model.measurement import SubjectKey
from model.transition import Transition


@dataclass(frozen=True, slots=True)
class Portion:
    """Which part.

    Attributes:
        ward: As rollups name it.
        subjects: Links, services and devices.
        start: Aware UTC.
        end: Aware UTC, no longer part of it.
        behind: Until when transitions are read, aware UTC: an outage at the end is to have its whole length.
        shortest: As for ``Store.blocks``.
    """

    ward: str
    subjects: Collection[SubjectKey]
    start: datetime
    end: datetime
    behind: datetime
    shortest: Span | None = None


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a portion looks like.

    Attributes:
        digest: Over the seals of all rows that would be read.
        first: The earliest begin of a transition among them; ``None`` without one.
        noticed: When the last of them was noticed; ``None`` likewise.
    """

    digest: str
    first: datetime | None
    noticed: datetime | None


def read_log(connection: Connection, portion: Portion) -> dict[SubjectKey, list[Transition]]:
    """By subject, as ``reading.read_transitions`` gives it of the time until ``behind``."""
    rows = (row for query in _logs(portion) for row in rows_in(connection, query, TRANSITIONS))
    return by_subject(sorted(map(transition_of, rows), key=lambda one: (one.noticed_at, one.at)))


def read_tests(connection: Connection, portion: Portion) -> list[SpeedTest]:
    """The speed tests of its links, in order of time."""
    query = _tests(portion).order_by(SPEED_TESTS.c.at, SPEED_TESTS.c.link, SPEED_TESTS.c.direction)
    return [speed_test_of(row) for row in rows_in(connection, query, SPEED_TESTS)]


def read_imprint(connection: Connection, portion: Portion) -> Imprint:
    """The same while the same rows would be read; of what is in them only the seals are looked at."""
    columns = [TRANSITIONS.c[name] for name in (SEAL, "at", "noticed_at")]
    log = [row for query in _logs(portion) for row in connection.execute(query.with_only_columns(*columns))]
    digest = blake2b(digest_size=16)
    for seals in (
        [seal for seal, _, _ in log],
        connection.execute(_tests(portion).with_only_columns(SPEED_TESTS.c[SEAL])).scalars().all(),
        list(hourly_seals(connection, portion.start, portion.end, portion.ward)),
        list(_block_seals(connection, portion)),
    ):
        digest.update(len(seals).to_bytes(8, "little") + b"".join(sorted(seals)))
    return Imprint(
        digest.hexdigest(),
        min((instant(at) for _, at, _ in log), default=None),
        max((instant(noticed) for _, _, noticed in log), default=None),
    )


def _logs(portion: Portion) -> tuple[Select[Any], Select[Any]]:
    """What was known at the start, and the news."""
    mine = _is_one_of(TRANSITIONS, portion.subjects)
    news = TRANSITIONS.c.at < micros(portion.behind), TRANSITIONS.c.noticed_at >= micros(portion.start)
    known = last_before(TRANSITIONS.c.noticed_at, portion.start, [mine])
    return known, select(TRANSITIONS).where(mine, *news)


def _is_one_of(table: Table, subjects: Iterable[SubjectKey]) -> ColumnElement[bool]:
    by_noun = groupby(sorted(subjects), key=lambda subject: subject[0])
    names = ((noun, [name for _, name in some]) for noun, some in by_noun)
    return or_(false(), *(and_(table.c.noun == noun, table.c.subject.in_(some)) for noun, some in names))


def _tests(portion: Portion) -> Select[Any]:
    links = [name for noun, name in portion.subjects if noun == "link"]
    return select(SPEED_TESTS).where(
        SPEED_TESTS.c.link.in_(links), within(SPEED_TESTS.c.at, portion.start, portion.end)
    )


def _block_seals(connection: Connection, portion: Portion) -> Iterator[bytes]:
    keys = blocks_to_read(connection, portion.start, portion.end, portion.ward, portion.shortest)
    for table in (ROLLUPS, SKETCHES) if keys else ():
        yield from connection.execute(select(table.c[SEAL]).where(is_block(table, keys))).scalars()
