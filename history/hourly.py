"""What passed in each hour of a month: from the days that are folded, and from the hours of those that are not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Connection, select

from history.blocks import columns_of, unpacked
from history.errors import DamagedError
from history.moments import micros
from history.rollup import Rollup, Span, hourly_means
from history.schema import ROLLUPS
from history.seal import SEAL, unbroken

_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Hourly:
    """The hours of a ward that are stored.

    Attributes:
        hours: How many there are of which anything is stored.
        download: By link: mean throughput towards the site of each hour in which the counters were read, bit/s, in any
            order.
        upload: The same away from it.
    """

    hours: int = 0
    download: Mapping[str, Sequence[int]] = field(default_factory=dict)
    upload: Mapping[str, Sequence[int]] = field(default_factory=dict)


def read_hourly(connection: Connection, start: datetime, end: datetime, ward: str) -> Hourly:
    """The hours of a ward that began in [start, end)."""
    gathered = _Gathered()
    known: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in _rows(connection, start, end, ward, Span.DAY, {}):
        table = _table(row["figures"])
        if "hours" in table and row["end"] <= micros(end):
            known[row["monitor"]].append((row["start"], row["end"]))
            gathered.add(zip(table["id"], table["hours"], strict=True))
    for rollups in _unfolded(connection, start, end, ward, known):
        gathered.add((subject[1], list(zip(*hourly_means(parts), strict=True))) for subject, parts in rollups.items())
    return gathered.hourly()


def hourly_seals(connection: Connection, start: datetime, end: datetime, ward: str) -> Iterator[bytes]:
    """The seals of the rows that ``read_hourly`` takes in; a day is opened only where its hours are there too."""
    days, hours = (_keys(connection, start, end, ward, span) for span in (Span.DAY, Span.HOUR))
    standing: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for day in days:
        yield day.seal
        stands_for = [one for one in hours if one.monitor == day.monitor and day.start <= one.start < day.end]
        if stands_for and day.end <= micros(end) and _holds_hours(connection, ward, day):
            standing[day.monitor].append((day.start, day.end))
    for hour in hours:
        if not any(begin <= hour.start < until for begin, until in standing[hour.monitor]):
            yield hour.seal


class _Key(NamedTuple):
    """A row without what is in it."""

    start: int
    end: int
    monitor: str
    seal: bytes


def _keys(connection: Connection, start: datetime, end: datetime, ward: str, span: Span) -> list[_Key]:
    query = select(ROLLUPS.c.start, ROLLUPS.c.end, ROLLUPS.c.monitor, ROLLUPS.c[SEAL]).where(
        ROLLUPS.c.ward == ward,
        ROLLUPS.c.span == span.value,
        ROLLUPS.c.start >= micros(start),
        ROLLUPS.c.start < micros(end),
    )
    return [_Key(*row) for row in connection.execute(query)]


def _holds_hours(connection: Connection, ward: str, day: _Key) -> bool:
    query = select(ROLLUPS.c.figures).where(
        ROLLUPS.c.ward == ward,
        ROLLUPS.c.span == Span.DAY.value,
        ROLLUPS.c.start == day.start,
        ROLLUPS.c.monitor == day.monitor,
    )
    return any("hours" in _table(figures) for figures in connection.execute(query).scalars())


_Means = dict[str, list[int | None]]


class _Gathered:
    """What was read so far."""

    def __init__(self) -> None:
        self._hours = 0
        self._ways: tuple[_Means, _Means] = (defaultdict(list), defaultdict(list))

    def add(self, links: Iterable[tuple[str, Sequence[Sequence[int | None]]]]) -> None:
        """Take in an hour, or a day: of each link its hours each way; the link that was seen most says how many."""
        most = 0
        for name, ways in links:
            for known, means in zip(self._ways, ways, strict=False):
                most = max(most, len(means))
                known[name] += means
        self._hours += most

    def hourly(self) -> Hourly:
        """All of it."""
        download, upload = ({name: _known(means) for name, means in way.items()} for way in self._ways)
        return Hourly(self._hours, download, upload)


def _known(means: list[int | None]) -> list[int]:
    # Most have been read in each hour, which is seen more quickly than said anew.
    return cast("list[int]", means) if None not in means else [mean for mean in means if mean is not None]


_Parts = dict[tuple[str, str], list[Rollup]]


def _unfolded(
    connection: Connection, start: datetime, end: datetime, ward: str, known: Mapping[str, Sequence[tuple[int, int]]]
) -> Iterator[_Parts]:
    """Hour by hour, what no day holds: each link with the parts that the hour is stored in."""
    hour = 3_600_000_000
    rows = _rows(connection, start, end, ward, Span.HOUR, known)
    for _, some in groupby(rows, key=lambda row: row["start"] // hour):
        parts: _Parts = defaultdict(list)
        for row in some:
            for rollup in _rollups(row["figures"]):
                parts[rollup.subject].append(rollup)
        yield parts


def _rows(  # noqa: PLR0917  # whose, and from when until when
    connection: Connection,
    start: datetime,
    end: datetime,
    ward: str,
    span: Span,
    known: Mapping[str, Sequence[tuple[int, int]]],
) -> Iterator[Mapping[str, Any]]:
    """The rows of a span, in order of time, but for what is known already."""
    mine = ROLLUPS.c.ward == ward, ROLLUPS.c.span == span.value
    within = ROLLUPS.c.start >= micros(start), ROLLUPS.c.start < micros(end)
    keys = select(ROLLUPS.c.start, ROLLUPS.c.monitor).where(*mine, *within).order_by(ROLLUPS.c.start)
    wanted = [
        at
        for at, monitor in connection.execute(keys)
        if not any(begin <= at < until for begin, until in known.get(monitor, ()))
    ]
    for place in range(0, len(wanted), _AT_ONCE):
        some = select(ROLLUPS).where(*mine, ROLLUPS.c.start.in_(wanted[place : place + _AT_ONCE]))
        for row in connection.execute(some.order_by(ROLLUPS.c.start)).mappings().all():
            yield unbroken(ROLLUPS.name, row)


def _rollups(figures: bytes) -> tuple[Rollup, ...]:
    try:
        return unpacked(figures, None)
    except ValueError as error:
        raise DamagedError("a row of the table rollups", str(error)) from error


def _table(figures: bytes) -> Mapping[str, Any]:
    try:
        return columns_of(figures)
    except ValueError as error:
        raise DamagedError("a row of the table rollups", str(error)) from error
