"""What passed in each hour, read column by column: a month of a ward in a quarter of a second."""

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final, cast

from sqlalchemy import Connection, select

from history.errors import DamagedError
from history.moments import micros
from history.rollup import Span
from history.schema import ROLLUPS
from history.seal import unbroken

_HOUR: Final = 3_600_000_000
_BITS: Final = 8_000_000  # bits of a byte, by the microseconds of a second
_AT_ONCE: Final = 100

# Ids hold no bracket; the columns stand in the order in which history.blocks writes them.
_WANTED: Final = re.compile(
    r'"id":(?P<id>\[[^\]]*\]),"start":(?P<start>\[[^\]]*\]),"end":(?P<end>\[[^\]]*\]),"sent":.*'
    r'"download":(?P<download>\[.*\]),"upload":(?P<upload>\[.*\]),"spent":'
)


@dataclass(frozen=True, slots=True)
class Hourly:
    """The hours of a ward that are stored.

    Attributes:
        hours: How many there are of which anything is stored.
        download: By link: mean throughput towards the site of each hour in which the counters were read, bit/s.
        upload: The same away from it.
    """

    hours: int = 0
    download: Mapping[str, list[float]] = field(default_factory=dict)
    upload: Mapping[str, list[float]] = field(default_factory=dict)


def read_hourly(connection: Connection, start: datetime, end: datetime, ward: str) -> Hourly:
    """The hours of a ward that began in [start, end), in order of time.

    An hour that is stored in parts, from before and after a restart, is one: octets of all by the time of all.
    """
    query = (
        select(ROLLUPS)
        .where(ROLLUPS.c.ward == ward, ROLLUPS.c.span == Span.HOUR.value)
        .where(ROLLUPS.c.start >= micros(start), ROLLUPS.c.start < micros(end))
        .order_by(ROLLUPS.c.start)
    )
    hours = 0
    download: dict[str, list[float]] = defaultdict(list)
    upload: dict[str, list[float]] = defaultdict(list)
    with connection.execution_options(yield_per=_AT_ONCE).execute(query) as found:
        rows = (unbroken(ROLLUPS.name, row) for row in found.mappings())
        for _, parts in groupby(rows, key=lambda row: row["start"] // _HOUR):
            tables = [_columns(row["figures"]) for row in parts]
            hours += 1
            _add(download, tables, "download")
            _add(upload, tables, "upload")
    return Hourly(hours, download, upload)


def _add(means: dict[str, list[float]], tables: Sequence[Mapping[str, Any]], way: str) -> None:
    if len(tables) == 1:
        for name, octets, micro in _carried(tables[0], way):
            means[name].append(octets * _BITS / micro)
        return
    sums: dict[str, tuple[int, int]] = {}
    for table in tables:
        for name, octets, micro in _carried(table, way):
            before = sums.get(name, (0, 0))
            sums[name] = (before[0] + octets, before[1] + micro)
    for name, (octets, micro) in sums.items():
        means[name].append(octets * _BITS / micro)


def _carried(table: Mapping[str, Any], way: str) -> Iterator[tuple[str, int, int]]:
    """Link, bytes and microseconds."""
    columns = (table[name] for name in ("id", way, "start", "end"))
    for name, traffic, start, end in zip(*columns, strict=True):
        if traffic is not None and end > start:
            yield name, traffic[0], end - start


def _columns(figures: bytes) -> Mapping[str, Any]:
    """The columns that are wanted: the others are two thirds of the bytes, and are not read."""
    try:
        text = zlib.decompress(figures).decode()
        found = _WANTED.search(text)
        if found is None:
            return cast("Mapping[str, Any]", json.loads(text))
        return {name: json.loads(column) for name, column in found.groupdict().items()}
    except (zlib.error, ValueError) as error:
        raise DamagedError("a row of the table rollups", str(error)) from error
