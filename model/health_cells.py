"""From cells of an agent to readings of a device's health, as a profile says. Pure.

The scales are those of EntitySensorDataScale (RFC 3433 §3): 9 is one, each step a thousand.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite, log10
from typing import Final

from model.health import TRAITS, ExposedRow, HealthReading, is_possible
from model.profile import Condition, Exposed, Place, Source
from model.text import one_line

Cell = int | bytes | str
"""What a cell holds: a number, octets, or an OID or address in dotted form."""

Cells = Mapping[str, Cell]
"""Cells by their exact OID."""

_UNITS: Final = 9
_STEPS: Final = range(1, 18)
_PRECISIONS: Final = range(-8, 10)
_OCTET: Final = 256
_LONGEST_TEXT: Final = 255
_LONGEST_PART: Final = 80


@dataclass(frozen=True, slots=True)
class Row:
    """One cell that is read in every round, and what is known of it.

    Attributes:
        source: What the profile says of it.
        index: Behind the column; empty for a scalar.
        part: The part that it is about.
        scale: The number times this is in base units, before the source's own factor.
    """

    source: Source
    index: str
    part: str
    scale: float = 1.0

    @property
    def oids(self) -> tuple[str, ...]:
        """The cells that are read in every round, the number itself first."""
        source = self.source
        if source.oid is not None:
            return (source.oid, *source.changing)
        return tuple(f"{column}.{self.index}" for column in (source.column or "", *source.changing))


def rows_of(source: Source, cells: Cells, indices: Iterable[str], names: Callable[[str], str | None]) -> Iterator[Row]:
    """The rows of a source that tell something.

    Args:
        source: A scalar gives one row, a table as many as fulfil its conditions.
        cells: The static columns of these rows.
        indices: Of the rows that the agent has.
        names: The name for an index, where it is that of an entity or an interface; ``None`` where it has none.
    """
    if source.oid is not None:
        yield Row(source, "", source.part)
        return
    for index in indices:
        part = _part(source, cells, index, names)
        scale = _scale(source, cells, index)
        if part is not None and scale is not None and _is_wanted(source, cells, index, each_time=False):
            yield Row(source, index, part, scale)


def reading_of(row: Row, cells: Cells) -> HealthReading | None:
    """What a row says now; ``None`` where it is not told, the device does not know, or it cannot be true."""
    source = row.source
    raw = number_in(cells.get(row.oids[0]), source.pattern)
    if raw is None or raw in source.invalid or not _is_wanted(source, cells, row.index, each_time=True):
        return None
    value = _meaning(row, raw, cells)
    if value is None or not isfinite(value) or not is_possible(source.measure, value):
        return None
    return HealthReading(source.measure, row.part, float(f"{value:.12g}"))  # 0.699, not 0.6990000000000001


def first_of_each(readings: Iterable[HealthReading | None]) -> tuple[HealthReading, ...]:
    """Of each measure of each part the first reading."""
    found: dict[tuple[str, str], HealthReading] = {}
    for reading in readings:
        if reading is not None:
            found.setdefault((reading.measure, reading.part), reading)
    return tuple(found.values())


def text_in(place: Place, cells: Cells, indices: Iterable[str]) -> str:
    """The text that stands at a place, of a table the first that is not empty."""
    rows = (f"{place.column}.{index}" for index in indices if _hold(place.where, cells, index))
    keys = [place.oid] if place.oid else rows
    return next((text for key in keys if (text := _taken(decoded(cells.get(key)), place.pattern))), "")


def exposed_rows(exposed: Exposed, cells: Cells, indices: Iterable[str]) -> Iterator[ExposedRow]:
    """The rows of a table as they are, and the scalars as one row."""
    for index in ("", *indices) if exposed.scalars else indices:
        columns = {**exposed.columns, **exposed.fixed} if index else exposed.scalars
        found = {name: cells.get(f"{oid}.{index}" if index else oid) for name, oid in columns.items()}
        values = {name: float(value) for name, value in found.items() if isinstance(value, int)}
        if values:
            yield ExposedRow(_labels(exposed, cells, index) if index else (), values)


def number_in(cell: Cell | None, pattern: str | None = None) -> float | None:
    """The number in a cell, also where it is written as text; ``None`` where there is none."""
    if cell is None or isinstance(cell, int):
        return cell
    text = _taken(decoded(cell), pattern)
    try:
        return float(text)
    except ValueError:
        return None


def decoded(cell: Cell | None) -> str:
    """The text in a cell, in one line; of a number its digits."""
    text = cell.decode("utf-8", "replace") if isinstance(cell, bytes) else "" if cell is None else str(cell)
    return one_line(text.replace("\0", ""))[:_LONGEST_TEXT].strip()


def _taken(text: str, pattern: str | None) -> str:
    if pattern is None:
        return text
    found = re.search(pattern, text)
    if found is None:
        return ""
    return (found[1] if found.re.groups else found[0]) or ""


def _part(source: Source, cells: Cells, index: str, names: Callable[[str], str | None]) -> str | None:
    if source.named_by:
        name = decoded(cells.get(f"{source.named_by}.{index}")) or index
    elif source.index == "text":
        name = _letters(index)
    else:
        name = (names(index) if source.index != "row" else None) or index
    if source.named is not None:
        found = re.search(source.named, name)
        if found is None:
            return None
        name = (found[1] if found.re.groups else name) or name
    return (source.part.replace("{}", name) if source.part else name)[:_LONGEST_PART]


def _letters(index: str) -> str:
    """The text that an index spells, with its length before it or without (RFC 2578 §7.7)."""
    arcs = [int(arc) for arc in index.split(".")]
    octets = arcs[1:] if arcs[0] == len(arcs) - 1 else arcs
    return decoded(bytes(octets)) if all(octet < _OCTET for octet in octets) else index


def _scale(source: Source, cells: Cells, index: str) -> float | None:
    exponent = 0
    if source.scale is not None:
        step = cells.get(f"{source.scale}.{index}", _UNITS)
        if step not in _STEPS:
            return None
        exponent += 3 * (int(step) - _UNITS)
    if source.precision is not None:
        decimals = cells.get(f"{source.precision}.{index}", 0)
        if decimals not in _PRECISIONS:
            return None
        exponent -= int(decimals)
    return 10.0**exponent


def _hold(conditions: Iterable[Condition], cells: Cells, index: str) -> bool:
    return all(each.holds(number_in(cells.get(f"{each.column}.{index}"))) for each in conditions)


def _is_wanted(source: Source, cells: Cells, index: str, *, each_time: bool) -> bool:
    return _hold((each for each in source.where if each.each_time == each_time), cells, index)


def _meaning(row: Row, raw: float, cells: Cells) -> float | None:
    source = row.source
    if TRAITS[source.measure].is_flag:
        return 1.0 if raw in source.true_for else 0.0 if raw in source.false_for else None
    if source.whole or source.rest:
        return _share(row, raw, cells)
    if source.signed is not None and raw >= 2 ** (source.signed - 1):
        raw -= 2**source.signed
    value = raw * row.scale * source.factor + source.offset
    if source.milliwatts:
        return 10 * log10(value) if value > 0 else None
    return 1 - value if source.is_free else value


def _share(row: Row, raw: float, cells: Cells) -> float | None:
    source = row.source
    more, less = (
        sum(number_in(cells.get(_beside(row, oid))) or 0 for oid in oids) for oids in (source.plus, source.less)
    )
    part = raw + more - less
    other = number_in(cells.get(_beside(row, source.whole or source.rest or "")))
    if other is None:
        return None
    whole = other if source.whole else part + other
    if whole <= 0:
        return None
    return 1 - part / whole if source.is_free else part / whole


def _beside(row: Row, oid: str) -> str:
    return f"{oid}.{row.index}" if row.index else oid


def _labels(exposed: Exposed, cells: Cells, index: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, index if column == "index" else decoded(cells.get(f"{column}.{index}")))
        for name, column in exposed.labels.items()
    )
