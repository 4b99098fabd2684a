"""Columns declared once, and the tables that are made of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Generic, TypeVar

from model.availability import Shares
from model.verdict import Outcome
from reports.document.blocks import Cell, Column, Kind, Mark, Table, Value
from reports.locale import forms
from reports.locale.words import Words

Row = TypeVar("Row")

_MARKS: Final[Mapping[object, Mark]] = {
    Outcome.MET: Mark.GOOD,
    Outcome.BREACHED: Mark.BAD,
    Outcome.UNKNOWN: Mark.UNSURE,
}


_LENGTHS: Final[Mapping[Kind, int]] = {Kind.TEXT: forms.LONGEST_NAME, Kind.SENTENCE: 600}


@dataclass(frozen=True, slots=True)
class Field(Generic[Row]):
    """One column of rows of one kind.

    Attributes:
        key: Names its title: the phrase ``column.<key>``.
        kind: What its cells hold.
        get: Takes the value from a row; ``None`` is not known.
        weight: Its width relative to the others.
    """

    key: str
    kind: Kind
    get: Callable[[Row], Value]
    weight: float = 1.0


def cell(value: Value, kind: Kind, words: Words) -> Cell:
    """A value as the language writes it."""
    if value is None or value == "":
        return Cell(None, kind, forms.NOTHING)
    if kind in _LENGTHS:
        text = forms.bound(forms.clean(str(value), _LENGTHS[kind]))
        return Cell(text, kind, text or forms.NOTHING)
    mark = _MARKS.get(value, Mark.NONE) if kind is Kind.OUTCOME else Mark.NONE
    return Cell(value, kind, _WRITERS[kind](value, words), mark)


def _day(value: date, words: Words) -> str:
    return forms.day(value, words)


_WRITERS: Final[Mapping[Kind, Callable[[Any, Words], str]]] = {
    Kind.COUNT: forms.whole,
    Kind.NUMBER: forms.number,
    Kind.PERCENT: forms.percent,
    Kind.DURATION: lambda value, _: forms.hours(value),
    Kind.MILLISECONDS: forms.milliseconds,
    Kind.MEGABITS: forms.megabits,
    Kind.GIGABYTES: lambda value, words: forms.significant(value / 1e9, 3, words),
    Kind.MOMENT: forms.second,
    Kind.UTC: lambda value, _: f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    Kind.DAY: _day,
    Kind.WORD: lambda value, words: words.say(value),
    Kind.OUTCOME: lambda value, words: words.say(f"outcome.{value}"),
}


def table(
    name: str, fields: Sequence[Field[Row]], rows: Iterable[Row], words: Words, *, note: str = "", is_wide: bool = False
) -> Table:
    """The rows as a table; its caption is the phrase ``table.<name>``."""
    columns = tuple(Column(words.say(f"column.{one.key}"), one.kind, one.weight) for one in fields)
    cells = tuple(tuple(cell(one.get(row), one.kind, words) for one in fields) for row in rows)
    return Table(name, words.say(f"table.{name}"), columns, cells, note, is_wide)


def chosen(fields: Sequence[Field[Row]], keys: str) -> tuple[Field[Row], ...]:
    """Those of the named columns, in the order of the names."""
    by_key = {one.key: one for one in fields}
    return tuple(by_key[key] for key in keys.split())


def known(shares: Shares, value: float) -> float | None:
    """A count or a sum; nothing where no time is known, for then nought says nothing."""
    return None if shares.ratio is None else value


def facts(name: str, pairs: Iterable[tuple[str, Value, Kind]], words: Words) -> Table:
    """Figures one below the other: the phrase ``fact.<key>`` and its value."""
    head = (Column(words.say("column.figure"), Kind.TEXT, 3), Column(words.say("column.value"), Kind.TEXT, 2))
    rows = tuple(
        (Cell(key, Kind.WORD, words.say(f"fact.{key}")), cell(value, kind, words)) for key, value, kind in pairs
    )
    return Table(name, words.say(f"table.{name}"), head, rows)


def is_time(value: Value) -> bool:
    """Whether a value is a moment, not a day."""
    return isinstance(value, datetime)
