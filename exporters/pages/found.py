"""What was looked at because of an incident, as groups of facts and tables that a page can show."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from exporters.pages.found_telling import English, told
from exporters.pages.found_words import COLUMNS, VALUES
from exporters.pages.words import DECIMAL_MARKS
from model.inventory import Language
from model.units import format_bit_rate, format_duration

Row = Mapping[str, object]

_NOTHING: Final = "·"
_MOST_ROWS: Final = 200
_FOR_PROGRAMS: Final = frozenset({"difference"})  # its words stand beside it already


@dataclass(frozen=True, slots=True)
class Table:
    """Things of one kind.

    Attributes:
        headings: Of the columns.
        rows: The cells of each thing.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs together.

    Attributes:
        heading: Of it; empty of what the attachment itself says.
        facts: What it is, and what it was.
        tables: Lists of things.
    """

    heading: str
    facts: Sequence[tuple[str, str]]
    tables: Sequence[Table]


class Findings:
    """Reads the content of attachments; whoever makes one may add to it, and it is shown without a change here.

    Args:
        language: Of the page.
        local: How it writes a time.
    """

    def __init__(self, language: Language, local: Callable[[datetime], str]) -> None:
        self._language = language
        self._local = local

    def groups(self, content: Row) -> list[Group]:
        """What is to be shown, in order; groups of which nothing is known are left out."""
        shown = told(content, self._language)
        found = [self._group("", shown), *self._inner(shown)]
        return [group for group in found if group.facts or group.tables]

    def _inner(self, content: Row) -> Iterator[Group]:
        for key, value in content.items():
            if isinstance(value, Mapping) and key not in _FOR_PROGRAMS:
                yield self._group(self._word(key), value)
            for row in _rows(value):
                if _is_deep(row):
                    yield self._compared(row)

    def _group(self, heading: str, content: Row) -> Group:
        facts = [
            (self._word(key), self._cell(key, value))
            for key, value in content.items()
            if not isinstance(value, Mapping) and not _rows(value) and not _is_empty(value)
        ]
        flat = ([row for row in _rows(value) if not _is_deep(row)] for value in content.values())
        return Group(heading, facts, [self._table(rows[:_MOST_ROWS]) for rows in flat if rows])

    def _table(self, rows: Sequence[Row]) -> Table:
        # A column in which nothing stands would only make the others narrow.
        keys = [key for key in _keys(rows) if not all(_is_empty(row.get(key)) for row in rows)]
        cells = [[self._cell(key, row.get(key)) for key in keys] for row in rows]
        return Table([self._word(key) for key in keys], cells)

    def _compared(self, row: Row) -> Group:
        """Something that was looked at several times: a line for each fact, a column for each time."""
        times = {key: _flat(value) for key, value in row.items() if isinstance(value, Mapping)}
        heading = " · ".join(self._cell(key, value) for key, value in row.items() if value and key not in times)
        keys = [key for key in _keys(list(times.values())) if any(seen.get(key) is not None for seen in times.values())]
        cells = [[self._word(key), *(self._cell(key, seen.get(key)) for seen in times.values())] for key in keys]
        return Group(heading, [], [Table(["", *map(self._word, times)], cells)] if cells else [])

    def _word(self, key: str) -> str:
        plain = key.removesuffix("_seconds").removesuffix("_bits_per_second").replace("_", " ")
        return COLUMNS[self._language].get(key) or plain

    def _cell(self, key: str, value: object) -> str:
        match value:
            case None | "":
                return _NOTHING
            case bool():
                return VALUES[self._language][str(value).lower()]
            case int() | float():
                return _number(key, value).replace(".", DECIMAL_MARKS[self._language])
            case list() | tuple():
                return ", ".join(map(str, value)) or _NOTHING
            case English():
                return value
            case _:
                return self._text(key, str(value))

    def _text(self, key: str, text: str) -> str:
        if key == "until" or key.rpartition("_")[2] == "at":
            try:
                return self._local(datetime.fromisoformat(text))
            except ValueError:
                return text
        return VALUES[self._language].get(text, text)


def _is_empty(value: object) -> bool:
    return value is None or value == ""


def _rows(value: object) -> list[Row]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []


def _is_deep(row: Row) -> bool:
    return any(isinstance(value, Mapping) for value in row.values())


def _flat(content: Row) -> Row:
    inner = [_flat(value) for value in content.values() if isinstance(value, Mapping)]
    found = {key: value for key, value in content.items() if not isinstance(value, Mapping)}
    for each in inner:
        found |= each
    return found


def _keys(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(key for row in rows for key in row))


def _number(key: str, value: float) -> str:
    if key.endswith("_seconds") and value >= 0:
        return format_duration(value)
    if key.endswith("bits_per_second") and value > 0:
        return format_bit_rate(value)
    if key.endswith("octets_per_second") and value > 0:
        return format_bit_rate(8 * value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
