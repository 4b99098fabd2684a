"""A review as a spreadsheet: numbers and times are such, so that people can reckon on; words are never formulas."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.document import document_of
from reports.document.blocks import Cell, Kind, Mark, Table
from reports.locale.forms import NOTHING
from reports.monthly import CityReport, MonthlyReport

_LONGEST_NAME: Final = 31  # letters of the name of a sheet
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_DAY: Final = 86_400.0
_EARLIEST: Final = date(1900, 3, 1)  # before it spreadsheets count days wrongly

_FORMATS: Final[Mapping[Kind, str]] = {
    Kind.COUNT: "#,##0",
    Kind.NUMBER: "#,##0.00##",
    Kind.PERCENT: "0.000%",
    Kind.DURATION: "[h]:mm:ss",
    Kind.MILLISECONDS: "#,##0.0##",
    Kind.MEGABITS: "#,##0.0##",
    Kind.GIGABYTES: "#,##0.0##",
    Kind.MOMENT: "dd/mm/yyyy hh:mm:ss",
    Kind.UTC: 'yyyy-mm-dd"T"hh:mm:ss"Z"',
    Kind.DAY: "dd/mm/yyyy",
}
_SCALES: Final[Mapping[Kind, float]] = {
    Kind.DURATION: 1 / _DAY,
    Kind.MILLISECONDS: 1e3,
    Kind.MEGABITS: 1e-6,
    Kind.GIGABYTES: 1e-9,
}


def to_xlsx(report: MonthlyReport | CityReport, language: str) -> bytes:
    """The review as a spreadsheet.

    Raises:
        InvalidValueError: It is not written in that language.
    """
    document = document_of(report, language)
    file = BytesIO()
    book = Workbook(
        file,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    made = report.provenance.generated_at or report.period.until
    book.set_properties({"title": document.title, "created": made.astimezone(UTC).replace(tzinfo=None)})
    writer = _Writer(_styles(book), ZoneInfo(report.scope.timezone))
    names: set[str] = set()
    for name, tables in document.sheets.items():
        sheet = book.add_worksheet(_sheet_name(name, names))
        writer.fill(sheet, tables)
    book.close()
    return file.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that spreadsheets allow, and that no other sheet has."""
    plain = " ".join(name.translate(_FORBIDDEN).split())[:_LONGEST_NAME].strip() or "-"
    number = 1
    chosen = plain
    while chosen.casefold() in taken:
        number += 1
        tail = f" ({number})"
        chosen = plain[: _LONGEST_NAME - len(tail)] + tail
    taken.add(chosen.casefold())
    return chosen


Style = Callable[[Kind, Mark], Format]


def _styles(book: Workbook) -> dict[tuple[Kind, Mark] | str, Format]:
    """How each kind of cell looks."""
    looks = {Mark.NONE: {}, Mark.GOOD: {}, Mark.BAD: {"bold": True}, Mark.UNSURE: {"italic": True}}
    styles: dict[tuple[Kind, Mark] | str, Format] = {}
    for kind in Kind:
        for mark, look in looks.items():
            form = {"num_format": _FORMATS[kind]} if kind in _FORMATS else {"text_wrap": kind is Kind.SENTENCE}
            styles[kind, mark] = book.add_format({"valign": "top", "font_name": "Times New Roman", **form, **look})
    base = {"bold": True, "font_name": "Times New Roman"}
    styles["head"] = book.add_format({
        **base,
        "text_wrap": True,
        "valign": "vcenter",
        "align": "center",
        "bottom": 1,
        "bg_color": "#EEEEEE",
    })
    styles["title"] = book.add_format({**base, "font_size": 13})
    styles["nothing"] = book.add_format({"align": "right", "valign": "top", "font_name": "Times New Roman"})
    return styles


class _Writer:
    """Writes tables into sheets."""

    def __init__(self, styles: Mapping[tuple[Kind, Mark] | str, Format], zone: ZoneInfo) -> None:
        self._styles = styles
        self._zone = zone

    def fill(self, sheet: Worksheet, tables: tuple[Table, ...]) -> None:
        """One table from the top, with its head frozen and filters; or several below each other, with captions."""
        alone = len(tables) == 1
        top = 0
        for table in tables:
            if not alone:
                sheet.write_string(top, 0, table.caption, self._styles["title"])
                top += 1
            self._table(sheet, table, top)
            top += len(table.rows) + 2
        if alone:
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, max(1, len(tables[0].rows)), len(tables[0].columns) - 1)
        self._widths(sheet, tables)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)

    def _table(self, sheet: Worksheet, table: Table, top: int) -> None:
        for column, head in enumerate(table.columns):
            sheet.write_string(top, column, head.title, self._styles["head"])
        for row, cells in enumerate(table.rows, top + 1):
            for column, cell in enumerate(cells):
                self._cell(sheet, row, column, cell)

    def _cell(self, sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
        style, value = self._styles[cell.kind, cell.mark], cell.value
        if value is None:
            sheet.write_string(row, column, NOTHING, self._styles["nothing"])
        elif isinstance(value, date) and cell.kind in _FORMATS:
            self._time(sheet, row, column, cell)
        elif isinstance(value, int | float) and cell.kind in _FORMATS:
            sheet.write_number(row, column, value * _SCALES.get(cell.kind, 1), style)
        else:
            sheet.write_string(row, column, cell.text, style)

    def _time(self, sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
        """Spreadsheets know no zones: by the ward's clock, or in UTC where the column says so."""
        value, style = cell.value, self._styles[cell.kind, cell.mark]
        if isinstance(value, datetime):
            value = value.astimezone(UTC if cell.kind is Kind.UTC else self._zone).replace(tzinfo=None)
        if isinstance(value, date) and date(value.year, value.month, value.day) >= _EARLIEST:
            sheet.write_datetime(row, column, value, style)
        else:
            sheet.write_string(row, column, cell.text, style)

    @staticmethod
    def _widths(sheet: Worksheet, tables: tuple[Table, ...]) -> None:
        for column in range(max(len(table.columns) for table in tables)):
            cells = [row[column].text for table in tables if column < len(table.columns) for row in table.rows]
            longest = max((len(text) for text in cells), default=0)
            sheet.set_column(column, column, min(60, max(11, longest + 2)))
