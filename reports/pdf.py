"""A review as PDF, in the layout of Decree 30/2020, by typst.

The page is one fixed template; what the review says reaches it as data, so that no name can be taken for markup.
The file is PDF/A-2a and PDF/UA-1: tagged, with its fonts in it.
"""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass, replace
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from typing import Any, Final

import typst

from model.invalid import InvalidValueError
from reports.columns import BREAK, breakable, room_of, size_of, widths_of
from reports.document import document_of
from reports.document.blocks import Block, Document, Figure, Heading, Kind, Paragraph, Points, Section, Table
from reports.glyphs import Face, face_of, printable
from reports.monthly import CityReport, MonthlyReport

STANDARDS: Final = ("a-2a", "ua-1")

_FONTS: Final = ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf")
_WIDEST_WORD: Final = 12.0  # relative to the size of the font: what the narrowest place for text has room for
_KEPT_FOR: Final = 10  # documents after it
_EMPTY: Final = b" "
_LEFT: Final = frozenset({Kind.TEXT, Kind.SENTENCE, Kind.WORD, Kind.OUTCOME})


def to_pdf(report: MonthlyReport | CityReport, language: str) -> bytes:
    """The review as PDF.

    Raises:
        InvalidValueError: It is not written in that language, or the fonts of the program are missing.
    """
    room = files("reports")
    face = _face(room / "fonts")
    plain = _plain(_told(document_of(report, language), face), face.advances.keys() | {ord(BREAK)})
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
    _forget(fonts)
    if not isinstance(written, bytes):
        raise TypeError("typst wrote no single file")
    return written


def _forget(fonts: typst.Fonts) -> None:
    """Let typst forget what it keeps of a document, some 200 MB for a ward's review.

    It would keep it until ten more were compiled (messense/typst-py#104), 2 GB in each process that writes a city's;
    empty ones take 8 ms each.
    """
    for _ in range(_KEPT_FOR):
        typst.compile(_EMPTY, font_paths=fonts, ignore_system_fonts=True)


def _face(folder: Traversable) -> Face:
    """The widths of the bold face, which are the greatest, of the letters that all faces have."""
    try:
        faces = [face_of((folder / name).read_bytes()) for name in _FONTS]
    except FileNotFoundError as error:
        mend = "install the program anew: they come with it"
        raise InvalidValueError("the fonts of the PDF are missing", mend) from error
    shared = set.intersection(*(set(one.advances) for one in faces))
    return Face({code: max(one.advances[code] for one in faces) for code in shared})


def _told(document: Document, face: Face) -> dict[str, Any]:
    head = {field.name: getattr(document.head, field.name) for field in fields(document.head)}
    return {
        "language": document.language,
        "title": document.title,
        "head": _broken(head, face),
        "sections": [_section(one, face) for one in _pointing(document)],
        "wide": [{**_table(one, face), "caption": _broken(title, face)} for title, one in _wide(document)],
        "annexes": [_section(one, face) for one in document.annexes],
        "provenance": document.provenance,
    }


def _broken(value: Any, face: Face) -> Any:
    """Words and lists of words, with places to break where no line has room."""
    if isinstance(value, str):
        return breakable(value, _WIDEST_WORD, face)
    if isinstance(value, Mapping):
        return {key: _broken(one, face) for key, one in value.items()}
    return [_broken(one, face) for one in value]


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


def _section(section: Section, face: Face) -> dict[str, Any]:
    return {"title": _broken(section.title, face), "blocks": [_block(one, face) for one in section.blocks]}


def _block(block: Block, face: Face) -> dict[str, Any]:
    match block:
        case Paragraph(text, is_finding):
            return {"kind": "paragraph", "text": _broken(text, face), "finding": is_finding}
        case Points(items, are_numbered):
            return {"kind": "points", "items": _broken(items, face), "numbered": are_numbered}
        case Heading(text):
            return {"kind": "heading", "text": _broken(text, face)}
        case Figure(_, svg, alternative, caption):
            return {"kind": "figure", "svg": svg, "alternative": alternative, "caption": _broken(caption, face)}
        case Table():
            return _table(block, face)


def _table(table: Table, face: Face) -> dict[str, Any]:
    size, widths = size_of(table), widths_of(table, face)
    rooms = [room_of(width, size) for width in widths]
    return {
        "kind": "table",
        "caption": _broken(table.caption, face),
        "note": table.note,
        "wide": table.is_wide,
        "size": size,
        "widths": widths,
        "left": [column.kind in _LEFT for column in table.columns],
        "head": [breakable(column.title, room, face) for column, room in zip(table.columns, rooms, strict=True)],
        "rows": [
            [[breakable(cell.text, room, face), cell.mark.value] for cell, room in zip(row, rooms, strict=True)]
            for row in table.rows
        ],
    }


def _plain(value: Any, letters: AbstractSet[int]) -> Any:
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
