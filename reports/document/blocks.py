"""A review as words, tables and pictures, before it is a page, a web page or a spreadsheet.

Every rendering shows these same cells, so that no two can differ in a figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

Value = str | float | date | datetime | None


class Kind(StrEnum):
    """What a cell holds, and so how it is written."""

    TEXT = "text"  # from people; cleaned where it is shown
    SENTENCE = "sentence"  # composed here
    COUNT = "count"  # a whole number
    NUMBER = "number"  # with at most two decimals
    PERCENT = "percent"  # a ratio, 0 to 1
    DURATION = "duration"  # seconds, as hours, minutes, seconds
    MILLISECONDS = "milliseconds"  # seconds, as milliseconds
    MEGABITS = "megabits"  # bit/s, as Mbit/s
    GIGABYTES = "gigabytes"  # bytes, as 10^9 bytes
    MOMENT = "moment"  # an aware time, by the ward's clock
    UTC = "utc"  # an aware time, in UTC
    DAY = "day"
    WORD = "word"  # the key of a phrase
    OUTCOME = "outcome"  # met, breached or unknown: a phrase with its mark


class Mark(StrEnum):
    """What stands out, in print also without colour."""

    NONE = ""
    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value.

    Attributes:
        value: ``None`` where it is not known.
        kind: What it is.
        text: As the language writes it.
        mark: Whether it stands out.
    """

    value: Value
    kind: Kind
    text: str
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column.

    Attributes:
        title: With the unit where it has one.
        kind: Of most of its cells.
        weight: Its width relative to the others.
    """

    title: str
    kind: Kind
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first column names the row.

    Attributes:
        id: Unique in the document.
        caption: What it shows.
        columns: Its head.
        rows: As many cells each as there are columns.
        note: Below it; empty for none.
        is_wide: Whether it needs a page laid crosswise.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its words.

    Attributes:
        id: Unique in the document.
        svg: The picture.
        alternative: The same in words, for whoever does not see it.
        caption: Below it.
    """

    id: str
    svg: str
    alternative: str
    caption: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences.

    Attributes:
        text: They.
        is_finding: Whether they state a finding that should not be missed.
    """

    text: str
    is_finding: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences one below the other.

    Attributes:
        items: They.
        are_numbered: Whether their order matters.
    """

    items: tuple[str, ...]
    are_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a part of a section."""

    text: str


Block = Paragraph | Points | Heading | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part.

    Attributes:
        id: Its name in links.
        title: With its number.
        blocks: What is in it, in order.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head and foot of an official document; what people fill in by hand is left blank.

    Attributes:
        superior: Above the agency: its first line.
        agency: Its name.
        nation: The national heading.
        motto: Below it.
        number: Where the number is to be written.
        place_and_date: Where the date is to be written.
        kind: ``BÁO CÁO``.
        subject: What it is about.
        period: From when until when, and to what it is narrowed; a sentence each.
        recipients: To whom it goes; the first is the heading of the list.
        signer: Where the title, the signature and the name are to be written.
    """

    superior: str
    agency: str
    nation: str
    motto: str
    number: str
    place_and_date: str
    kind: str
    subject: str
    period: tuple[str, ...]
    recipients: tuple[str, ...]
    signer: str


@dataclass(frozen=True, slots=True)
class Document:
    """A review in one language.

    Attributes:
        language: ``vi``, ``en`` or ``id``.
        title: In one line.
        head: Of the first page.
        sections: The first of them is the one page.
        annexes: Method, and a sheet of claims for each provider.
        sheets: Tables that only a spreadsheet has room for, by the name of their sheet.
        provenance: Hashes and version, a line each.
        labels: Words of the pages themselves, such as ``contents``.
    """

    language: str
    title: str
    head: Letterhead
    sections: tuple[Section, ...]
    annexes: tuple[Section, ...]
    sheets: Mapping[str, tuple[Table, ...]]
    provenance: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
