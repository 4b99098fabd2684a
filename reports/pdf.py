"""A review as PDF, in the layout of Decree 30/2020, by typst.

The page is one fixed template; what the review says reaches it as data, so that no name can be taken for markup.
The file is PDF/A-2a and PDF/UA-1: tagged, with its fonts in it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from typing import Any, Final

import typst

from model.invalid import InvalidValueError
from reports.document import document_of
from reports.document.blocks import Block, Cell, Document, Figure, Heading, Kind, Paragraph, Points, Section, Table
from reports.glyphs import letters_of, printable
from reports.monthly import CityReport, MonthlyReport

STANDARDS: Final = ("a-2a", "ua-1")

_FONTS: Final = ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf")
_LONGEST_WORD: Final = 12  # letters that fit into a narrow column
_BREAK: Final = "\N{ZERO WIDTH SPACE}"
_JOINTS: Final = re.compile(r"(?<=[@:/._-])")
_LEFT: Final = frozenset({Kind.TEXT, Kind.SENTENCE, Kind.WORD, Kind.OUTCOME})


def to_pdf(report: MonthlyReport | CityReport, language: str) -> bytes:
    """The review as PDF.

    Raises:
        InvalidValueError: It is not written in that language, or the fonts of the program are missing.
    """
    room = files("reports")
    letters = _letters(room / "fonts")
    plain = _plain(_told(document_of(report, language)), letters)
    made = report.provenance.generated_at or report.period.until
    with as_file(room / "fonts") as folder:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    compiler = typst.Compiler(
        (room / "review.typ").read_bytes(),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(plain, ensure_ascii=False)},
    )
    written = compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=int(made.timestamp()))
    if not isinstance(written, bytes):
        raise TypeError("typst wrote no single file")
    return written


def _letters(folder: Traversable) -> frozenset[int]:
    """What all three styles have."""
    try:
        each = [letters_of((folder / name).read_bytes()) for name in _FONTS]
    except FileNotFoundError as error:
        raise InvalidValueError(
            "the fonts of the PDF are missing", "install the program anew: they come with it"
        ) from error
    return each[0] & each[1] & each[2] | {ord(_BREAK)}


def _told(document: Document) -> dict[str, Any]:
    return {
        "language": document.language,
        "title": document.title,
        "head": {field.name: getattr(document.head, field.name) for field in fields(document.head)},
        "sections": [_section(one) for one in _pointing(document)],
        "wide": [{**_table(one), "caption": title} for title, one in _wide(document)],
        "annexes": [_section(one) for one in document.annexes],
        "provenance": document.provenance,
    }


def _wide(document: Document) -> list[tuple[str, Table]]:
    """The tables that need pages laid crosswise; they follow the signature, so that the text runs on."""
    tables = [one for part in document.sections for one in part.blocks if isinstance(one, Table) and one.is_wide]
    return [(_numbered(document, "sheet", number, one), one) for number, one in enumerate(tables, 1)]


def _numbered(document: Document, label: str, number: int, table: Table) -> str:
    return document.labels[label].format(number=number, title=table.caption)


def _pointing(document: Document) -> list[Section]:
    """The sections, with a pointer where a wide table was."""
    numbers = {id(table): number for number, (_, table) in enumerate(_wide(document), 1)}

    def pointer(block: Block) -> Block:
        if not isinstance(block, Table) or not block.is_wide:
            return block
        return Paragraph(_numbered(document, "see", numbers[id(block)], block))

    return [replace(part, blocks=tuple(pointer(one) for one in part.blocks)) for part in document.sections]


def _section(section: Section) -> dict[str, Any]:
    return {"title": section.title, "blocks": [_block(one) for one in section.blocks]}


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(text, is_finding):
            return {"kind": "paragraph", "text": text, "finding": is_finding}
        case Points(items, are_numbered):
            return {"kind": "points", "items": items, "numbered": are_numbered}
        case Heading(text):
            return {"kind": "heading", "text": text}
        case Figure():
            return {"kind": "figure", "svg": block.svg, "alternative": block.alternative, "caption": block.caption}
        case Table():
            return _table(block)


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": table.caption,
        "note": table.note,
        "wide": table.is_wide,
        "weights": [column.weight for column in table.columns],
        "left": [column.kind in _LEFT for column in table.columns],
        "head": [column.title for column in table.columns],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
    }


def _cell(cell: Cell) -> list[str]:
    return [_breakable(cell.text), cell.mark.value]


def _breakable(text: str) -> str:
    """The text with places to break words that no column has room for."""
    if len(text) <= _LONGEST_WORD:
        return text
    return " ".join(word if len(word) <= _LONGEST_WORD else _broken(word) for word in text.split(" "))


def _broken(word: str) -> str:
    parts = [part for part in _JOINTS.split(word) if part]
    return _BREAK.join(
        part[start : start + _LONGEST_WORD] for part in parts for start in range(0, len(part), _LONGEST_WORD)
    )


def _plain(value: Any, letters: frozenset[int]) -> Any:
    """The same of what JSON knows, in letters that the font has."""
    if isinstance(value, str):
        return printable(value, letters)
    if isinstance(value, Mapping):
        return {key: _plain(one, letters) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, letters) for one in value]
    if is_dataclass(value):
        raise TypeError("a part of the document was not told")
    return value
