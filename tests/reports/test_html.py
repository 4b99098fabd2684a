"""The review as a web page that stands alone."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from reports.html import to_html
from reports.monthly import CityReport, MonthlyReport
from tests.peers.reports import city, nothing_known, renamed, ward

VOID = {"meta", "br", "link"}


class Outline(HTMLParser):
    """Checks that tags nest, and gathers them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag of a picture that holds nothing."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """A tag ends: the one that was opened last."""
        assert self.open.pop() == tag


def outline(page: str) -> Outline:
    """The tags of a page, which nest."""
    found = Outline()
    found.feed(page)
    assert not found.open
    return found


@pytest.mark.parametrize("report", [ward(), nothing_known(), city(5)], ids=["ward", "nothing", "city"])
def test_the_page_is_well_formed_and_asks_for_nothing(report: MonthlyReport | CityReport) -> None:
    """Tags nest; there is no script, no frame, no address outside the page."""
    page = to_html(report, "vi").decode()
    tags = outline(page).tags
    assert not {"script", "iframe", "link", "img", "object", "form"} & {tag for tag, _ in tags}
    references = [value for _, attrs in tags for name, value in attrs.items() if name in {"href", "src", "action"}]
    assert all(value and value.startswith("#") for value in references)
    assert not re.search(r"@import|url\((?!#)", page)


def test_headings_tables_and_figures_are_accessible() -> None:
    """One h1, no heading level left out, heads with a scope, captions for tables, words for pictures, a language."""
    page = to_html(ward(), "id").decode()
    tags = outline(page).tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(level - before <= 1 for before, level in pairwise(levels))
    assert all(attrs.get("scope") in {"col", "row"} for tag, attrs in tags if tag == "th")
    count = {tag: sum(one == tag for one, _ in tags) for tag in ("table", "caption", "figure", "figcaption", "svg")}
    assert count["table"] == count["caption"]
    assert count["figure"] == count["figcaption"] == count["svg"]
    alternatives = [attrs["aria-label"] for tag, attrs in tags if attrs.get("role") == "img"]
    assert len(alternatives) == count["svg"]
    assert all(alternatives)
    assert tags[0] == ("html", {"lang": "id"})


def test_ids_are_unique_and_all_references_lead_somewhere() -> None:
    """No id stands twice; links and labels name ids that there are."""
    tags = outline(to_html(ward(), "en").decode()).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    named = [
        value.removeprefix("#")
        for _, attrs in tags
        for name, value in attrs.items()
        if name in {"href", "aria-labelledby"} and value
    ]
    assert set(named) <= set(ids)


def test_names_are_never_markup() -> None:
    """A name with tags, quotes and entities is shown as it is, also in pictures and attributes."""
    page = to_html(renamed(ward(8), "<script>alert(1)</script>\"'&amp;<svg onload=x>"), "vi").decode()
    assert "<script" not in page
    assert "<svg onload" not in page
    assert "&lt;script&gt;" in page
    outline(page)


def test_pictures_are_xml_of_one_ink() -> None:
    """Each picture is well-formed by itself, and its only colour is the page's, so that it reads on any paper."""
    page = to_html(ward(), "vi").decode()
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(pictures) == 9
    for picture in pictures:
        root = ET.fromstring(picture)  # noqa: S314  # our own
        colours = {one.get(name) for one in root.iter() for name in ("fill", "stroke")} - {None}
        assert all(colour in {"currentColor", "none"} or str(colour).startswith("url(#") for colour in colours)
