"""A block of rollups as bytes: the numbers in columns, and the sketches apart, since most readers want no sketch.

Columns of JSON under zlib are within a tenth of packed integers in size, and can be read by anything.
"""

import json
import zlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from pydantic_core import from_json

from history.moments import instant, micros
from history.rollup import Rollup, Traffic
from model.state import State

_VERSION: Final = 1
_LEVEL: Final = 9  # an hour of a ward takes 3 ms once, and is kept for years
_MICROSECOND: Final = timedelta(microseconds=1)
_HEADER: Final = 4  # bytes that hold the length of the table of lengths

# Attribute by attribute; times of states and traffic are columns of their own.
_PLAIN: Final = ("sent", "lost", "late", "stable_minutes", "known_minutes")


def packed_figures(rollups: Sequence[Rollup], level: int = _LEVEL) -> bytes:
    """Everything but the sketches.

    Args:
        rollups: Of a ward.
        level: Of zlib, 1 to 9.
    """
    states = [state for state in State if any(state in rollup.spent for rollup in rollups)]
    table: dict[str, Any] = {
        "version": _VERSION,
        "noun": [rollup.subject[0] for rollup in rollups],
        "id": [rollup.subject[1] for rollup in rollups],
        "start": [micros(rollup.start) for rollup in rollups],
        "end": [micros(rollup.end) for rollup in rollups],
        **{name: [getattr(rollup, name) for rollup in rollups] for name in _PLAIN},
        "covered": [rollup.covered // _MICROSECOND for rollup in rollups],
        "download": [_traffic_row(rollup.download) for rollup in rollups],
        "upload": [_traffic_row(rollup.upload) for rollup in rollups],
        "spent": {state: [_time_row(rollup.spent.get(state)) for rollup in rollups] for state in states},
    }
    if any(rollup.hours for rollup in rollups):
        table["hours"] = [list(zip(*rollup.hours, strict=True)) for rollup in rollups]
    return zlib.compress(json.dumps(table, separators=(",", ":"), allow_nan=False).encode(), level)


def packed_sketches(rollups: Sequence[Rollup]) -> bytes | None:
    """The sketches in the order of the figures; ``None`` where there is none."""
    columns = [[rollup.rtt for rollup in rollups], [rollup.delay_variation for rollup in rollups]]
    present = [sketch for column in columns for sketch in column if sketch is not None]
    if not present:
        return None
    lengths = [[None if sketch is None else len(sketch) for sketch in column] for column in columns]
    header = json.dumps(lengths, separators=(",", ":")).encode()
    return zlib.compress(b"".join((len(header).to_bytes(_HEADER, "little"), header, *present)), _LEVEL)


def unpacked(figures: bytes, sketches: bytes | None) -> tuple[Rollup, ...]:
    """The rollups of a block.

    Raises:
        ValueError: The bytes are not a block, or one of a later version.
    """
    try:
        table = columns_of(figures)
        if table["version"] != _VERSION:
            raise ValueError(f"a block of rollups has version {table['version']}, this program reads {_VERSION}")
        rtts, variations = _sketch_columns(sketches, len(table["id"]))
        spent = _spent(table)
        return tuple(_rollup(table, row, rtts[row], variations[row], spent[row]) for row in range(len(spent)))
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"the bytes are not a block of rollups: {error}") from error


def columns_of(figures: bytes) -> dict[str, Any]:
    """The columns of a block by name, without its sketches.

    Raises:
        ValueError: The bytes are not a block.
    """
    try:
        # A city's month has twelve thousand of them, which json.loads takes twice as long for.
        columns: dict[str, Any] = from_json(zlib.decompress(figures), cache_strings="keys")
    except (zlib.error, ValueError) as error:
        raise ValueError(f"the bytes are not a block of rollups: {error}") from error
    return columns


def _rollup(
    table: dict[str, Any], row: int, rtt: bytes | None, variation: bytes | None, spent: dict[State, timedelta]
) -> Rollup:
    download, upload = table["download"][row], table["upload"][row]
    return Rollup(
        (table["noun"][row], table["id"][row]),
        instant(table["start"][row]),
        instant(table["end"][row]),
        table["sent"][row],
        table["lost"][row],
        table["late"][row],
        rtt,
        variation,
        spent,
        Traffic(*download) if download else None,
        Traffic(*upload) if upload else None,
        table["stable_minutes"][row],
        table["known_minutes"][row],
        timedelta(microseconds=table["covered"][row]),
        tuple(zip(*table["hours"][row], strict=True)) if "hours" in table else (),
    )


def _spent(table: dict[str, Any]) -> list[dict[State, timedelta]]:
    columns = [(State(name), column) for name, column in table["spent"].items()]
    return [
        {state: timedelta(microseconds=column[row]) for state, column in columns if column[row] is not None}
        for row in range(len(table["id"]))
    ]


def _sketch_columns(data: bytes | None, rows: int) -> list[list[bytes | None]]:
    if data is None:
        return [[None] * rows] * 2
    plain = zlib.decompress(data)
    at = _HEADER + int.from_bytes(plain[:_HEADER], "little")
    columns: list[list[bytes | None]] = []
    for lengths in from_json(plain[_HEADER:at]):
        column: list[bytes | None] = []
        for length in lengths:
            column.append(None if length is None else plain[at : at + length])
            at += length or 0
        columns.append(column)
    return columns


def _traffic_row(traffic: Traffic | None) -> tuple[int, float] | None:
    return None if traffic is None else (traffic.octets, traffic.peak)


def _time_row(duration: timedelta | None) -> int | None:
    return None if duration is None else duration // _MICROSECOND
