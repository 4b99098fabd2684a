"""All renderings of one review show the same totals, in every language."""

import io
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from monitor.formats import FORMATS
from reports.document import document_of
from reports.document.blocks import Cell, Document, Table
from reports.html import to_html
from reports.json import to_json
from reports.locale import forms
from reports.locale.words import words_of
from reports.monthly import MonthlyReport
from reports.pdf import to_pdf
from reports.xlsx import to_xlsx
from tests.peers.pdf import lines_of, needs_poppler
from tests.peers.reports import city, nothing_known, ward

LANGUAGES = ("vi", "en", "id")


def headline(report: MonthlyReport, language: str) -> dict[str, str]:
    """The key figures as the JSON has them, written by the language's own forms, by the words beside them."""
    figures = json.loads(to_json(report))["report"]["summary"]["figures"]
    words = words_of(language, "Asia/Ho_Chi_Minh")
    wanted = {
        "links_met": forms.whole(figures["links"]["met"], words),
        "links_breached": forms.whole(figures["links"]["breached"], words),
        "links_unknown": forms.whole(figures["links"]["unknown"], words),
        "service": forms.percent(figures["service"]["ratio"], words),
        "line": forms.percent(figures["line"]["ratio"], words),
        "outages": forms.whole(figures["outages"], words),
        "micro_outages": forms.whole(figures["micro_outages"], words),
        "longest": forms.hours(figures["longest_seconds"]),
        "mttr": forms.hours(figures["mttr_seconds"]),
        "service_lost": forms.hours(figures["loss"]["service_seconds"]),
        "citizen_hours": forms.decimal(figures["loss"]["citizen_hours"], 2, words),
        "saidi": forms.decimal(figures["loss"]["saidi_minutes"], 2, words),
    }
    return {words.say(f"fact.{key}"): value for key, value in wanted.items()}


def plain(text: str) -> str:
    """The text with single blanks and without places to break."""
    return " ".join(text.replace("\u200b", "").split())


@needs_poppler
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_totals_of_the_pdf_are_those_of_the_json(language: str, tmp_path: Path) -> None:
    """Each key figure of the JSON stands beside its words on the first page."""
    report, path = ward(12), tmp_path / "review.pdf"
    path.write_bytes(to_pdf(report, language))
    first = plain(lines_of(path).split("\f")[0])
    for words, value in headline(report, language).items():
        assert f"{words} {plain(value)} " in first


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_totals_of_the_web_page_are_those_of_the_json(language: str) -> None:
    """Each key figure of the JSON stands in the row of its words."""
    report = ward()
    page = to_html(report, language).decode()
    for words, value in headline(report, language).items():
        assert f'<th scope="row">{words}</th><td class="n">{value}</td>' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_totals_of_the_spreadsheet_are_those_of_the_json(language: str) -> None:
    """The cells beside the words hold the numbers of the JSON themselves, not their text."""
    report = ward()
    book = load_workbook(io.BytesIO(to_xlsx(report, language)))
    figures = json.loads(to_json(report))["report"]["summary"]["figures"]
    words = words_of(language, "Asia/Ho_Chi_Minh")
    rows: dict[Any, Any] = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows() if len(row) > 1}
    assert rows[words.say("fact.links_met")] == figures["links"]["met"]
    assert rows[words.say("fact.service")] == pytest.approx(figures["service"]["ratio"])
    assert rows[words.say("fact.outages")] == figures["outages"]
    assert rows[words.say("fact.longest")].total_seconds() == pytest.approx(figures["longest_seconds"], abs=1)
    assert rows[words.say("fact.citizen_hours")] == pytest.approx(figures["loss"]["citizen_hours"])


def test_the_rows_add_up_to_the_totals_of_the_first_page() -> None:
    """Met and breached links of the table, and its outages, are as many as the first page says."""
    report = ward()
    document = document_of(report, "en")
    (table,) = [
        one for part in document.sections for one in part.blocks if isinstance(one, Table) and one.id == "links"
    ]
    titles = [column.title for column in table.columns]
    verdicts = [row[titles.index("Verdict")].text for row in table.rows]
    outages = [row[titles.index("Outages")].value for row in table.rows]
    assert verdicts.count("Met") == report.summary.figures.links.met
    assert verdicts.count("Not met") == report.summary.figures.links.breached
    assert sum(int(str(value)) for value in outages) == report.summary.figures.outages


def _cells(document: Document) -> Iterator[Cell]:
    parts = [one for part in (*document.sections, *document.annexes) for one in part.blocks]
    tables = [one for one in parts if isinstance(one, Table)]
    tables += [one for sheet in document.sheets.values() for one in sheet]
    return (cell for one in tables for row in one.rows for cell in row)


@pytest.mark.parametrize("report", [ward(6), nothing_known(), city(3)], ids=["ward", "nothing", "city"])
def test_all_languages_show_the_same_values(report: Any) -> None:
    """The values behind the cells do not depend on the language; nor does any table lack a row in one."""
    values = [
        [cell.value for cell in _cells(document_of(report, language)) if not isinstance(cell.value, str)]
        for language in LANGUAGES
    ]
    assert values[0]
    assert values[0] == values[1] == values[2]


def test_nothing_is_written_as_nought_where_it_is_not_known() -> None:
    """An unknown value is a dash in every table."""
    unknown = [cell for cell in _cells(document_of(nothing_known(), "vi")) if cell.value is None]
    assert len(unknown) > 50
    assert {cell.text for cell in unknown} == {"–"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_as_many_cells_as_columns_and_a_name_of_its_own(language: str) -> None:
    """No row is shorter or longer than its head, and no two tables of a document share an id."""
    document = document_of(ward(), language)
    tables = [one for part in (*document.sections, *document.annexes) for one in part.blocks if isinstance(one, Table)]
    names = [one.id for one in tables]
    assert len(names) == len(set(names))
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_is_the_same_twice(name: str) -> None:
    """The same review in the same language gives the same bytes in every format."""
    report = ward(3)
    assert FORMATS[name].render(report, "vi") == FORMATS[name].render(report, "vi")


def test_all_formats_of_a_ward_of_41_sites_take_three_seconds_of_the_processor() -> None:
    """Three seconds of the processor at the most, all formats together."""
    report = ward()
    began = time.process_time()
    for form in FORMATS.values():
        form.render(report, "vi")
    assert time.process_time() - began < 3


def test_a_narrowed_and_unfinished_review_says_so_at_its_head() -> None:
    """Which sites, which provider, and up to when stand below the subject."""
    report = ward(3)
    until = report.period.until.replace(day=20)
    scope = replace(report.scope, sites=("tdp-01",), provider="VNPT")
    told = document_of(replace(report, scope=scope, period=replace(report.period, until=until)), "vi").head.period
    assert any("Chưa" in line or "chưa kết thúc" in line for line in told)
    assert any("Nhà văn hóa tổ dân phố số 1" in line for line in told)
    assert any("VNPT" in line for line in told)


def test_no_sentence_has_a_place_left_unfilled() -> None:
    """No brace of a phrase is left in any language."""
    for language in LANGUAGES:
        assert not re.search(r"\{[a-z_]+\}", to_html(ward(), language).decode().split("</style>")[1])
