"""What passed in each hour, read column by column: a month of a ward in a fifth of a second.

An hour is stored as columns of JSON (``history.blocks``). Of those only the bytes of each direction are wanted, which
are a fifth of the text; the rest is not read.
"""

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, select

from history.errors import DamagedError
from history.moments import micros
from history.rollup import Span
from history.schema import ROLLUPS
from history.seal import unbroken

_HOUR: Final = 3_600_000_000
_BITS: Final = 8_000_000  # bits of a byte, by the microseconds of a second
_AT_ONCE: Final = 100
_WAYS: Final = ("download", "upload")

# Ids hold no bracket; the columns stand in the order in which history.blocks writes them.
_HEAD: Final = re.compile(r'"id":(\[[^\]]*\]),"start":\[([^\]]*)\],"end":\[([^\]]*)\]')
_TAIL: Final = ('"download":[', '"upload":[', '"spent":')
_OCTETS: Final = re.compile(r"\[(\d+),[^\]]*\]|null")  # empty where the counters were not read


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
    download: Mapping[str, Sequence[float]] = field(default_factory=dict)
    upload: Mapping[str, Sequence[float]] = field(default_factory=dict)


def read_hourly(connection: Connection, start: datetime, end: datetime, ward: str) -> Hourly:
    """The hours of a ward that began in [start, end).

    An hour that is stored in parts, from before and after a restart, is one: octets of all by the time of all.
    """
    query = (
        select(ROLLUPS)
        .where(ROLLUPS.c.ward == ward, ROLLUPS.c.span == Span.HOUR.value)
        .where(ROLLUPS.c.start >= micros(start), ROLLUPS.c.start < micros(end))
        .order_by(ROLLUPS.c.start)
    )
    gathered = _Gathered()
    with connection.execution_options(yield_per=_AT_ONCE).execute(query) as found:
        rows = (unbroken(ROLLUPS.name, row) for row in found.mappings())
        for _, parts in groupby(rows, key=lambda row: row["start"] // _HOUR):
            gathered.add([_text(row["figures"]) for row in parts])
    return gathered.hourly()


class _Gathered:
    """What was read so far: whole hours of the same links as columns, all else link by link."""

    def __init__(self) -> None:
        self._hours = 0
        self._columns: dict[str, tuple[list[list[str]], list[list[str]]]] = {}
        self._means: dict[str, dict[str, list[float]]] = {way: defaultdict(list) for way in _WAYS}

    def add(self, parts: Sequence[str]) -> None:
        """Take in one hour, in as many parts as it is stored."""
        self._hours += 1
        found = _HEAD.search(parts[0]) if len(parts) == 1 else None
        at = [parts[0].find(name) for name in _TAIL]
        if found is None or not _is_whole(found[2], found[3]) or not 0 < at[0] < at[1] < at[2]:
            self._add_slowly([json.loads(part) for part in parts])
            return
        download, upload = self._columns.setdefault(found[1], ([], []))
        download.append(_OCTETS.findall(parts[0], at[0] + len(_TAIL[0]), at[1]))
        upload.append(_OCTETS.findall(parts[0], at[1] + len(_TAIL[1]), at[2]))

    def _add_slowly(self, tables: Sequence[Mapping[str, Any]]) -> None:
        for way, means in self._means.items():
            sums: dict[str, tuple[int, int]] = {}
            for name, octets, micro in (one for table in tables for one in _carried(table, way)):
                before = sums.get(name, (0, 0))
                sums[name] = (before[0] + octets, before[1] + micro)
            for name, (octets, micro) in sums.items():
                means[name].append(octets * _BITS / micro)

    def hourly(self) -> Hourly:
        """All of it."""
        for ids, columns in self._columns.items():
            for way, rows in zip(_WAYS, columns, strict=True):
                for name, octets in zip(json.loads(ids), zip(*rows, strict=True), strict=True):
                    self._means[way][name] += [int(count) * _BITS / _HOUR for count in octets if count]
        return Hourly(self._hours, *(dict(self._means[way]) for way in _WAYS))


def _is_whole(starts: str, ends: str) -> bool:
    """Whether all links of an hour were measured from its begin to its end."""
    start, end = starts.partition(",")[0], ends.partition(",")[0]
    if not start or int(end) - int(start) != _HOUR:
        return False
    number = starts.count(",")
    return starts == start + f",{start}" * number and ends == end + f",{end}" * number


def _carried(table: Mapping[str, Any], way: str) -> Iterator[tuple[str, int, int]]:
    """Link, bytes and microseconds."""
    columns = (table[name] for name in ("id", way, "start", "end"))
    for name, traffic, start, end in zip(*columns, strict=True):
        if traffic is not None and end > start:
            yield name, traffic[0], end - start


def _text(figures: bytes) -> str:
    try:
        return zlib.decompress(figures).decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise DamagedError("a row of the table rollups", str(error)) from error
