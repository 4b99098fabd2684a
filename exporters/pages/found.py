"""What was looked at because of an incident, as tables and facts that a page can show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from exporters.pages.incident_words import COLUMNS, VALUES
from exporters.pages.words import DECIMAL_MARKS
from model.inventory import Language
from model.units import format_bit_rate, format_duration

_NOTHING: Final = "·"
_MOST_ROWS: Final = 200


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
class Findings:
    """What is to be shown.

    Attributes:
        facts: What it is, and what it was.
        tables: Lists of things.
    """

    facts: Sequence[tuple[str, str]]
    tables: Sequence[Table]


def findings(content: Mapping[str, object], language: Language) -> Findings:
    """The content of an attachment; whoever makes one may add to it, and it is shown without a change here."""
    facts = [(_heading(key, language), cell) for key, cell in _facts(content, language)]
    tables = [_table(value, language) for value in _lists(content)]
    return Findings(facts, [table for table in tables if table.rows])


def _facts(content: Mapping[str, object], language: Language) -> Iterator[tuple[str, str]]:
    for key, value in content.items():
        if isinstance(value, Mapping):
            yield from _facts(value, language)
        elif not _is_table(value):
            yield key, _cell(key, value, language)


def _lists(content: Mapping[str, object]) -> Iterator[list[Mapping[str, object]]]:
    for value in content.values():
        if isinstance(value, Mapping):
            yield from _lists(value)
        elif _is_table(value) and isinstance(value, list | tuple):
            yield [row for row in value if isinstance(row, Mapping)][:_MOST_ROWS]


def _is_table(value: object) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(row, Mapping) for row in value)


def _table(rows: list[Mapping[str, object]], language: Language) -> Table:
    keys = dict.fromkeys(key for row in rows for key in row)
    # A column in which nothing stands would only make the others narrow.
    used = [key for key in keys if any(row.get(key) not in {None, ""} for row in rows if _is_plain(row.get(key)))]
    cells = [[_cell(key, row.get(key), language) for key in used] for row in rows]
    return Table([_heading(key, language) for key in used], cells)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _heading(key: str, language: Language) -> str:
    return COLUMNS[language].get(key) or key.removesuffix("_seconds").removesuffix("_bits_per_second").replace("_", " ")


def _cell(key: str, value: object, language: Language) -> str:
    match value:
        case None | "":
            return _NOTHING
        case bool():
            return VALUES[language][str(value).lower()]
        case int() | float():
            return _number(key, value).replace(".", DECIMAL_MARKS[language])
        case list() | tuple():
            return ", ".join(map(str, value)) or _NOTHING
        case _:
            return VALUES[language].get(str(value), str(value))


def _number(key: str, value: float) -> str:
    if key.endswith("_seconds") and value >= 0:
        return format_duration(value)
    if key.endswith(("bits_per_second", "speed")) and value > 0:
        return format_bit_rate(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
