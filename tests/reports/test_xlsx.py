"""The review as a spreadsheet, read back by another program's eyes."""

import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from reports.monthly import MonthlyReport
from reports.xlsx import to_xlsx
from tests.peers.reports import city, nothing_known, renamed, ward


def book_of(report: Any, language: str = "en") -> Workbook:
    """The spreadsheet of a review."""
    return load_workbook(io.BytesIO(to_xlsx(report, language)))


def column(book: Workbook, sheet: str, title: str) -> list[Any]:
    """A column by its title, without that."""
    rows = list(book[sheet].iter_rows(values_only=True))
    at = rows[0].index(title)
    return [row[at] for row in rows[1:]]


def test_there_is_a_sheet_for_each_part_and_one_for_each_claim() -> None:
    """Summary first, method last, a claim sheet for each provider that did not deliver."""
    names = book_of(ward()).sheetnames
    assert names[0] == "Summary"
    assert names[-1] == "Method"
    assert {"Links", "Outages", "Speed", "Providers", "Sites", "Services", "Maintenance", "Events"} <= set(names)
    assert [name for name in names if name.startswith("Claim")] == ["Claim 1 FPT", "Claim 2 VNPT", "Claim 3 Viettel"]


def test_each_link_is_one_row_of_real_numbers_with_a_frozen_head_and_filters() -> None:
    """Figures can be reckoned with: they are numbers and durations with formats, not texts."""
    report = ward()
    book = book_of(report)
    sheet = book["Links"]
    assert sheet.max_row == 1 + len(report.links)
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref
    assert column(book, "Links", "Line availability") == pytest.approx([row.line.ratio for row in report.links])
    assert column(book, "Links", "RTT p95 (ms)") == pytest.approx([
        row.rtt_p95 * 1e3 for row in report.links if row.rtt_p95
    ])
    assert column(book, "Links", "Contracted download (Mbit/s)") == [300] * len(report.links)
    down = column(book, "Links", "Down (h:mm:ss)")
    total = sum((value if isinstance(value, timedelta) else timedelta() for value in down), timedelta())
    assert total.total_seconds() == pytest.approx(report.summary.figures.down_seconds, abs=len(down))


def test_outages_have_local_times_and_events_both_clocks() -> None:
    """The begin of an outage is a date by the ward's clock; an event stands by UTC too, seven hours before."""
    report = ward(5)
    book = book_of(report)
    first = column(book, "Outages", "Begin")[0]
    assert isinstance(first, datetime)
    assert first == (report.outages.rows[0].start + timedelta(hours=7)).replace(tzinfo=None)
    local, utc = column(book, "Events", "Time (local)"), column(book, "Events", "Time (UTC)")
    assert utc == sorted(utc)
    assert all(one - other == timedelta(hours=7) for one, other in zip(local, utc, strict=True))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "{=", "\t="])
def test_no_name_becomes_a_formula_or_a_link(start: str) -> None:
    """A name that begins like a formula is a text, in every sheet."""
    book = book_of(renamed(ward(8), f'{start}HYPERLINK("http://127.0.0.1/","x")'))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_long_and_forbidden_names_of_providers_make_sheets_that_open() -> None:
    """Names of sheets are cut, cleaned and told apart."""
    report = ward()
    named = replace(report, providers=tuple(replace(row, name="[a]:*?/\\'" + "n" * 60_000) for row in report.providers))
    names = book_of(named).sheetnames
    claims = [name for name in names if name.startswith("Claim")]
    assert len(claims) == 3
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


def test_what_is_not_known_is_a_dash_and_no_nought() -> None:
    """A link of which nothing is known has no availability, delay, outage or speed in its row."""
    book = book_of(nothing_known())
    for title in ("Line availability", "RTT p95 (ms)", "Loss", "MTTR (h:mm:ss)", "Outages", "Known time"):
        assert column(book, "Links", title) == ["–"]


def test_a_city_has_a_row_for_each_ward() -> None:
    """The sheet of wards holds each with its figures and the hash of its own review."""
    report = city(126)
    book = book_of(report)
    assert column(book, "Wards", "Data hash") == [row.data_hash for row in report.wards]
    assert column(book, "Wards", "Met") == [row.summary.figures.links.met for row in report.wards]


def test_all_languages_have_as_many_sheets() -> None:
    """No sheet is lost because two would have one name."""
    report: MonthlyReport = ward(6)
    assert len({len(book_of(report, language).sheetnames) for language in ("vi", "en", "id")}) == 1
