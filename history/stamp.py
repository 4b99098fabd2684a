"""Whether anything was added to a part of the history: far cheaper than reading it."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Executable, and_, case, func, or_, select

from history.moments import micros
from history.schema import AUDIT, HEARTBEATS, INCIDENTS, ROLLUPS, SPEED_TESTS, TERMS, TRANSITIONS

BEHIND: Final = timedelta(days=7)
"""How long after its end a period may still learn how long an outage lasted that began in it."""


def read_stamp(connection: Connection, start: datetime, end: datetime) -> str:
    """Another text whenever a fact about [start, end) was added or has grown.

    Rows are counted, not read: what somebody changed in a row by hand is not noticed, nor does whoever reads it believe
    it. What people wrote later counts too.
    """
    found = [[str(value) for value in connection.execute(query).one()] for query in _queries(start, end)]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def _queries(start: datetime, end: datetime) -> Iterator[Executable]:
    first, last, behind = micros(start), micros(end), micros(end + BEHIND)
    count = func.count()
    noticed = TRANSITIONS.c.noticed_at
    yield select(count).where(noticed >= first, noticed < behind)
    begun = and_(HEARTBEATS.c.began < last, HEARTBEATS.c.until >= first)
    until = case((HEARTBEATS.c.until > last, last), else_=HEARTBEATS.c.until)
    yield select(count, func.max(until)).where(begun)
    block = ROLLUPS.c
    yield select(count, func.sum(block.parts), func.max(block.end)).where(block.start >= first, block.start < last)
    yield select(count).where(SPEED_TESTS.c.at >= first, SPEED_TESTS.c.at < last)
    incident = INCIDENTS.c
    lasted = or_(incident.closed_at.is_(None), incident.closed_at >= first)
    yield select(count, func.sum(incident.version)).where(incident.opened_at < behind, lasted)
    yield select(count).where(TERMS.c.since < last)
    yield select(count).where(AUDIT.c.at >= first)
