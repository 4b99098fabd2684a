"""A spreadsheet as rows of cells, with the numbers that its own program shows beside them."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from model.sheet_columns import Cell
from monitor.config.problem import WITHOUT_A_LINE, ConfigError, Problem

LARGEST: Final = 20 * 2**20
"""Bytes of a file."""
MOST_ROWS: Final = 20_000
"""A city has 126 wards of some forty sites with two lines each."""
MOST_COLUMNS: Final = 100

_DELIMITERS: Final = ";,\t|"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
# Of Viet Nam's Windows; it writes accents behind their letters, which are put together again.
_WINDOWS: Final = "cp1258"


@dataclass(frozen=True, slots=True)
class Row:
    """A row with something in it.

    Attributes:
        number: Counted from 1, as the spreadsheet shows it.
        cells: From the first column on.
    """

    number: int
    cells: tuple[Cell, ...]


def letter(column: int) -> str:
    """What a spreadsheet calls a column, counted from 0."""
    return str(get_column_letter(column + 1))


def read_sheet(path: Path, sheet: str | None = None) -> list[Row]:
    """The rows of a CSV or XLSX file.

    Args:
        path: The file.
        sheet: Which sheet of a workbook; ``None`` for the first.

    Raises:
        ConfigError: It cannot be read, is too large, or is neither.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise _failure(path, f"cannot be read ({error.strerror})", "name a CSV or XLSX file") from error
    if len(content) > LARGEST:
        raise _failure(path, f"is larger than {LARGEST} bytes", "take out what is no site")
    rows = list(_rows(path, content, sheet))
    if len(rows) > MOST_ROWS:
        raise _failure(path, f"has more than {MOST_ROWS} rows", "split it")
    return rows


def _rows(path: Path, content: bytes, sheet: str | None) -> Iterator[Row]:
    if content.startswith(b"PK"):
        found = _of_workbook(path, content, sheet)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _failure(path, "is an Excel file of the old form (.xls)", "save it as .xlsx or .csv")
    else:
        found = _of_text(_decoded(content))
    for number, cells in enumerate(found, 1):
        if number > MOST_ROWS + 1:
            yield Row(number, ())
            return
        kept = tuple(_emptied(cell) for cell in cells)[:MOST_COLUMNS]
        if any(cell is not None for cell in kept):
            yield Row(number, kept)


def _emptied(cell: Cell) -> Cell:
    return None if isinstance(cell, str) and not cell.strip() else cell


def _of_workbook(path: Path, content: bytes, sheet: str | None) -> Iterator[Iterable[Cell]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise _failure(path, "is no Excel workbook, or a damaged one", "save it anew as .xlsx or .csv") from error
    if sheet is not None and sheet not in book.sheetnames:
        raise _failure(path, f"has no sheet `{sheet}`", f"name one of {', '.join(book.sheetnames)}")
    chosen = book[sheet] if sheet is not None else book.worksheets[0]
    yield from chosen.iter_rows(values_only=True, max_col=MOST_COLUMNS)  # type: ignore[misc]  # its stubs allow formulas too
    book.close()


def _decoded(content: bytes) -> str:
    if content.startswith(_UTF16):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return unicodedata.normalize("NFC", content.decode(_WINDOWS, "replace"))


def _of_text(text: str) -> Iterator[Iterable[Cell]]:
    first = text.split("\n", 1)[0].strip()
    told = first.removeprefix("sep=") if first.casefold().startswith("sep=") else ""
    delimiter = told or max(_DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for number, cells in enumerate(rows):
        # Excel's hint about the delimiter is a row of the file, though none of the sheet.
        yield [] if told and number == 0 else list(cells)


def _failure(path: Path, what: str, mend: str) -> ConfigError:
    return ConfigError([Problem(str(path), WITHOUT_A_LINE, what, mend)])
