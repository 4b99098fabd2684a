"""The review as PDF, read back by poppler."""

import re
import resource
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from model.invalid import InvalidValueError
from reports import pdf
from reports.monthly import MonthlyReport
from reports.pdf import to_pdf
from tests.peers.pdf import facts_of, fonts_of, lines_of, needs_poppler, page_sizes_of, text_of, words_outside
from tests.peers.reports import city, nothing_known, renamed, ward

LETTERS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
"""Every vowel of Vietnamese with every tone, and đ."""
HOSTILE = '#set page(fill: red) #panic("x") $x$ *b* _i_ @ref <tag> \\ `r` "q" = 1 // c /* d */ \x00\x1b[31m'
LONG = "W" * 65_536


def written(report: MonthlyReport, language: str, folder: Path) -> Path:
    """The file of a review."""
    path = folder / "review.pdf"
    path.write_bytes(to_pdf(report, language))
    return path


@needs_poppler
def test_the_pdf_is_tagged_has_a_title_and_embeds_all_its_fonts(tmp_path: Path) -> None:
    """A tagged A4 document with its title in its metadata and every font in it."""
    path = written(ward(5), "vi", tmp_path)
    facts, fonts = facts_of(path), fonts_of(path)
    assert facts["Tagged"] == "yes"
    assert facts["Title"] == "Rà soát hạ tầng mạng tháng 10 năm 2026 – Phường Xuân Đỉnh"
    assert "A4" in facts["Page size"]
    assert len(fonts) >= 2
    assert all(embedded and "LiberationSerif" in name for name, embedded in fonts)


def test_the_pdf_claims_pdf_a_and_pdf_ua_and_its_language() -> None:
    """The metadata name PDF/A-2a and PDF/UA-1, and the catalogue names the language of the text."""
    made = to_pdf(ward(2), "id")
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert re.search(rb"/Lang ?\(id", made)


@needs_poppler
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_letter_of_vietnamese_can_be_copied_out_again(form: Literal["NFC", "NFD"], tmp_path: Path) -> None:
    """Every letter with every tone, small and capital, composed or not in the inventory, is composed in the PDF."""
    name = unicodedata.normalize(form, " ".join((LETTERS + LETTERS.upper())[at : at + 12] for at in range(0, 134, 12)))
    found = text_of(written(renamed(ward(2), name), "vi", tmp_path))
    assert set(LETTERS + LETTERS.upper()) <= set(found)
    assert unicodedata.is_normalized("NFC", found)


@needs_poppler
def test_the_layout_is_that_of_decree_30(tmp_path: Path) -> None:
    """National heading, agency, blank number and date, kind and subject stand in order on the first page."""
    lines = lines_of(written(ward(5), "vi", tmp_path))
    first = lines.split("\f")[0]
    wanted = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "PHƯỜNG XUÂN ĐỈNH",
        "Số:",
        "BÁO CÁO",
        "Rà soát hạ tầng mạng tháng 10 năm 2026",
        "I. KẾT LUẬN",
        "Đề nghị quyết định",
    ]
    places = [first.index(words) for words in wanted]
    assert places == sorted(places)
    assert "II. CHẤT LƯỢNG" not in first
    assert re.search(r"Xuân Đỉnh, ngày …… tháng …… năm 2026", first)
    assert "Nơi nhận:" in lines


@needs_poppler
def test_pages_are_numbered_at_the_top_from_the_second_on(tmp_path: Path) -> None:
    """The first line of each page but the first is its number, in the middle."""
    pages = lines_of(written(ward(5), "vi", tmp_path)).rstrip("\f").split("\f")
    assert not re.match(r"\s*1\s*\n", pages[0])
    assert [page.strip().split("\n", 1)[0].strip() for page in pages[1:]] == [
        str(at) for at in range(2, len(pages) + 1)
    ]


@needs_poppler
def test_the_last_page_says_where_the_figures_come_from_and_no_other_does(tmp_path: Path) -> None:
    """Both hashes and the version stand at the foot of the last page."""
    report = ward(5)
    *others, last = lines_of(written(report, "en", tmp_path)).rstrip("\f").split("\f")
    for part in (report.provenance.data_hash, report.provenance.configuration_hash, "0.1.0"):
        assert part in last
        assert not any(part in page for page in others)


@needs_poppler
def test_wide_tables_lie_on_pages_laid_crosswise_after_the_signature(tmp_path: Path) -> None:
    """The link table lies on landscape pages; the text around it does not."""
    path = written(ward(5), "en", tmp_path)
    sizes, pages = page_sizes_of(path), lines_of(path).rstrip("\f").split("\f")
    links = next(at for at, page in enumerate(pages) if "Table 1. Links" in page)
    signature = next(at for at, page in enumerate(pages) if "full name and seal" in page)
    assert sizes[links][0] > sizes[links][1]
    assert all(width < height for width, height in sizes[: signature + 1])
    assert signature < links


@needs_poppler
@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_word_of_a_table_of_126_rows_is_lost_or_cut(language: str, tmp_path: Path) -> None:
    """All 126 links stand in the table, and nothing reaches over the edge of a page."""
    report = ward(42, per_site=3)
    path = written(report, language, tmp_path)
    assert not words_outside(path)
    name = {"vi": "Biểu", "en": "Table"}[language]
    table = lines_of(path).split(f"{name} 1. ")[1].split(f"{name} 2. ")[0]
    assert len(re.findall(r"99[.,]5\s%", table)) == 126


@needs_poppler
@pytest.mark.parametrize("name", [HOSTILE, LONG, "\u202e\u4e2d\u6587\U0001f47e tên", "{{braces}} {0} {x}"])
def test_no_name_is_taken_for_markup_and_none_leaves_the_page(name: str, tmp_path: Path) -> None:
    """Markup, control characters, foreign letters and 64 kB of one word are shown as they are, cut, on the page."""
    path = written(renamed(ward(8), name), "vi", tmp_path)
    assert not words_outside(path)
    found = text_of(path).replace("\u200b", "")
    assert "\x1b" not in found
    if name == HOSTILE:
        assert '#set page(fill: red) #panic("x") $x$ *b*' in found
    if name == LONG:
        assert "W" * 101 not in found
    if name.startswith("{"):
        assert "{{braces}} {0} {x}" in found


@needs_poppler
def test_a_month_of_which_nothing_is_known_says_so_and_shows_no_nought(tmp_path: Path) -> None:
    """Where nothing is stored the figures are dashes, and the first page says that there is no data."""
    first = lines_of(written(nothing_known(), "vi", tmp_path)).split("\f")[0]
    assert "Không có dữ liệu về kỳ này." in first
    for figure in ("Độ khả dụng dịch vụ", "Số lần mất kết nối", "Giờ phục vụ bị mất", "Số giờ-người dân bị mất"):
        (line,) = [line for line in first.splitlines() if line.startswith(figure)]
        assert line.split()[-2:] == ["–", "–"]


@needs_poppler
def test_a_city_is_one_table_of_wards_with_totals_before_it(tmp_path: Path) -> None:
    """The summary of a city names each of its 126 wards once."""
    path = tmp_path / "city.pdf"
    path.write_bytes(to_pdf(city(), "vi"))
    assert not words_outside(path)
    found = text_of(path)
    assert all(len(re.findall(rf"Phường số {number}\b", found)) == 1 for number in range(126))


def test_the_same_review_gives_the_same_bytes() -> None:
    """Nothing of the clock or of chance gets into the file."""
    report = ward(3)
    assert to_pdf(report, "vi") == to_pdf(report, "vi")


def test_missing_fonts_are_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the fonts of the program are gone, a person is told what to do."""
    monkeypatch.setattr(pdf, "_FONTS", ("Missing.ttf",))
    with pytest.raises(InvalidValueError, match="fonts of the PDF are missing"):
        to_pdf(ward(2), "vi")


def test_a_language_that_the_review_is_not_written_in_is_refused() -> None:
    """There is no review in French, and the message names those that there are."""
    with pytest.raises(InvalidValueError, match="'fr'") as caught:
        to_pdf(replace(ward(2)), "fr")
    assert "vi, en, id" in str(caught.value)


def test_one_process_writes_many_reviews_in_the_memory_of_one() -> None:
    """A city's processes write sixty and more each; typst by itself keeps ten documents, here 14 MB each."""
    sizes = []
    for number in range(6):
        to_pdf(renamed(ward(40), f"Phường {number}"), "vi")
        sizes.append(_resident_megabytes())
    assert sizes[-1] - sizes[1] < 30


def _resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6
