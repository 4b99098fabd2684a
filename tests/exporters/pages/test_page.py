"""The status page."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from exporters.pages import page as page_module
from exporters.pages.jinja import Templates
from exporters.pages.overview import MOST_CARDS, Overlooking
from exporters.pages.page import MARKS, OUTCOME_MARKS, StatusPage
from exporters.pages.page_words import (
    DIRECTIONS,
    LINK_ROLES,
    PAGE_WORDS,
    RANGES,
    SITE_KINDS,
    SPEED_KINDS,
)
from exporters.pages.shapes import SHAPES
from exporters.pages.verdicts import EVIDENCE
from exporters.pages.words import DAYS, DECIMAL_MARKS, OUTCOMES, QUALITIES, REASONS, SERVICE_STATES, STATES, WORDS
from exporters.verdict_view import VerdictsOf
from model.inventory import Inventory, Language
from model.state import State
from model.verdict import Outcome, Quality
from tests.peers.board import AT, VERDICTS
from tests.peers.places import Drawn, city, drawn_ward

_LANGUAGES: tuple[Language, ...] = ("vi", "en", "id")


def _drawn(inventory: Inventory | None = None, **states: State) -> Drawn:
    """A ward in which these sites are in these states, and their links with them."""
    drawn = Drawn(inventory or drawn_ward())
    for site, state in states.items():
        drawn.kept.states["site", site] = (state, AT - timedelta(minutes=5))
    return drawn


def _html(drawn: Drawn, verdicts_of: VerdictsOf = lambda _: (), ward: str = "") -> str:
    """The page without line breaks."""
    page = StatusPage(Templates(), verdicts_of).html(Overlooking(drawn.sources).overview(ward))
    return re.sub(r"\s+", " ", page)


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_language_has_every_word(language: Language) -> None:
    """Each language names every state and has the words of English; the page says which language it is in."""
    assert set(STATES[language]) == set(SERVICE_STATES[language]) == set(State)
    assert set(REASONS[language]) == {State.UNREACHABLE, State.UNKNOWN, State.MAINTENANCE}
    assert set(QUALITIES[language]) == set(Quality)
    assert set(OUTCOMES[language]) == set(Outcome)
    for words in (WORDS, PAGE_WORDS, SITE_KINDS, LINK_ROLES, SPEED_KINDS, DIRECTIONS, RANGES, EVIDENCE, DAYS):
        assert set(words[language]) == set(words["en"])
        for key, text in words["en"].items():
            assert sorted(re.findall(r"\{\w+\}", words[language][key])) == sorted(re.findall(r"\{\w+\}", text)), key
    page = _html(_drawn(drawn_ward(language=language), p0=State.DOWN))
    assert f'<html lang="{language}">' in page
    assert STATES[language][State.DOWN] in page


def test_a_state_is_said_in_words_and_by_a_sign() -> None:
    """Colour is never alone: every state has a word, a sign and a shape of its own."""
    assert len(set(MARKS.values())) == len(set(SHAPES.values())) == len(State)
    page = _html(_drawn(p0=State.DOWN))
    assert f'aria-hidden="true">{MARKS[State.DOWN]}</span>{STATES["vi"][State.DOWN]}</span>' in page
    assert f'<path class="shape" d="{SHAPES[State.DOWN]}"/>' in page


def test_a_service_that_is_down_is_no_line_that_is_cut() -> None:
    """A service that does not answer is out of order; a link is cut off."""
    drawn = _drawn()
    drawn.kept.states["service", "web"] = (State.DOWN, AT)
    page = _html(drawn)
    cards = page[page.index('id="in-order"') :]
    assert "Không hoạt động</span>" in cards
    assert "Mất kết nối" not in cards


def test_trouble_comes_first() -> None:
    """A site that is down stands above one that is degraded, and that above one that is up; each leads to its page."""
    page = _html(_drawn(p1=State.DOWN, p0=State.DEGRADED))
    assert page.index('id="site-p1"') < page.index('id="site-p0"') < page.index('id="site-office"')
    assert page.index('id="in-order"') > page.index('id="site-p0"')
    assert 'href="/sites/p1"' in page
    assert 'href="/links/l1"' in page


def test_times_are_local_and_name_the_day_when_it_is_another() -> None:
    """07:00 UTC is 14:00 in Hanoi; two days ago bears its date."""
    drawn = _drawn()
    drawn.kept.states["device", "rt"] = (State.UP, AT - timedelta(days=2))
    page = _html(drawn)
    assert ">từ 13:55<" in page
    assert ">từ 22/11 14:00<" in page


@pytest.mark.parametrize("is_city", [False, True])
def test_what_the_inventory_says_is_text_and_never_markup(*, is_city: bool) -> None:
    """Names with markup are shown, not run: on cards, on the map, in labels and as names of wards."""
    evil = "<script>alert(1)</script>\"'&"
    inventory = drawn_ward(name=evil)
    assert inventory.ward is not None
    if is_city:
        other = inventory.ward.model_copy(update={"id": "other", "name": evil})
        inventory = inventory.model_copy(update={"ward": None, "wards": (other, inventory.ward)})
    page = _html(_drawn(inventory, p0=State.DOWN))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;" in page


@pytest.mark.parametrize(
    ("language", "breached", "unknown", "met"),
    [
        (
            "vi",
            "Không đạt:</b> độ trễ (45 ms, yêu cầu ≤ 30 ms), biến thiên trễ (∞, yêu cầu ≤ 30 ms)<",
            "Chưa đủ dữ liệu:</b> mất gói, tốc độ tải lên<",
            "Đạt:</b> tốc độ tải xuống, độ sẵn sàng<",
        ),
        (
            "en",
            "Not met:</b> round-trip time (45 ms, required ≤ 30 ms), delay variation (∞, required ≤ 30 ms)<",
            "Not enough data:</b> loss, upload<",
            "Met:</b> download, availability<",
        ),
        (
            "id",
            "Tidak terpenuhi:</b> latensi (45 ms, syarat ≤ 30 ms), variasi latensi (∞, syarat ≤ 30 ms)<",
            "Data belum cukup:</b> paket hilang, kecepatan unggah<",
            "Terpenuhi:</b> kecepatan unduh, ketersediaan<",
        ),
    ],
)
def test_verdicts_stand_beside_their_link_in_words(language: Language, breached: str, unknown: str, met: str) -> None:
    """What is not met comes first and with its figures; each outcome has a sign and a word."""
    verdicts = {("link", "wan"): VERDICTS}
    page = _html(_drawn(drawn_ward(language=language)), lambda subject: verdicts.get(subject, ()))
    places = [page.index(words) for words in (breached, unknown, met)]
    assert places == sorted(places)
    assert page.count('class="verdict ') == 3
    assert len(set(OUTCOME_MARKS.values())) == len(Outcome)


def test_a_decimal_mark_is_that_of_the_language() -> None:
    """A figure of a breach is written as people there write it."""
    loss = replace(VERDICTS[0], requirement=Quality.LOSS, value=0.0123, threshold=0.005)
    for language, mark in DECIMAL_MARKS.items():
        page = _html(_drawn(drawn_ward(language=language)), lambda _: [loss])  # called at once
        assert f"(1{mark}23%, {WORDS[language]['required']} ≤ 0{mark}5%)" in page


def test_what_was_not_judged_has_no_mark() -> None:
    """Neither a device nor a link without verdicts shows an outcome."""
    assert 'class="verdict' not in _html(_drawn())


@pytest.mark.parametrize("state", [State.UNREACHABLE, State.UNKNOWN, State.MAINTENANCE])
def test_what_is_no_fault_of_its_own_says_so(state: State) -> None:
    """A site that is cut off, not measured or being worked on has a sentence and a border of its own."""
    assert f'<p class="reason">{REASONS["vi"][state]}</p>' in _html(_drawn(p0=state))
    style = (Path(page_module.__file__).parent / "static" / "status.css").read_text()
    assert f".site.{state} {{ border-left" in style


def test_sites_are_drawn_where_they_are() -> None:
    """One point for each, by its shape and colour, with its name and state for whoever does not see it."""
    page = _html(_drawn(p0=State.DOWN))
    assert page.count('<g id="point-') == 4
    assert '<g id="point-p0" class="point down"' in page
    assert '<g id="point-office" class="point up office"' in page
    assert 'href="/sites/p0" aria-label="Nhà văn hóa 1: Mất kết nối"' in page
    assert page.count('class="line up"') == 3


def test_without_coordinates_there_is_no_map() -> None:
    """Where the inventory does not say where sites are, nothing is drawn; what has a place is."""
    inventory = drawn_ward()
    bare = [site.model_copy(update={"location": None}) for site in inventory.sites]
    page = _html(_drawn(inventory.model_copy(update={"sites": tuple(bare)})))
    assert "<figure" not in page
    assert 'id="site-p0"' in page
    some = inventory.model_copy(update={"sites": (inventory.sites[0], *bare[1:])})
    assert _html(_drawn(some)).count('<g id="point-') == 1


def test_a_city_folds_its_wards() -> None:
    """One map for each ward, in a fold with its counts; cards only of what needs attention, and not of too many."""
    drawn = _drawn(city(), **{"w1-p0": State.DOWN})
    page = _html(drawn)
    assert page.count('<details class="ward">') == page.count("<figure") == 3
    assert page.count('<article class="site') == 1
    assert page[page.index('id="site-w1-p0"') :].index('<p class="crumb">Phường 1</p>') < 400
    assert 'href="/?ward=w1"' in page
    assert '<span class="wards" id="ward-w1"><b>Phường 1</b> <span class="some">1&nbsp;' in page
    many = Drawn(city(2, MOST_CARDS))
    many.kept.states |= {("site", site.id): (State.DOWN, AT) for site in many.kept.inventory.sites}
    crowded = _html(many)
    assert crowded.count('<article class="site') == MOST_CARDS
    assert PAGE_WORDS["en"]["further"].format(number=2 * (MOST_CARDS + 1) - MOST_CARDS) in crowded


def test_a_ward_of_a_city_has_a_page() -> None:
    """In its own language, with all of its sites and none of another's."""
    page = _html(_drawn(city()), ward="w1")
    assert '<html lang="id">' in page
    assert page.count('<article class="site') == 5
    assert 'id="site-w0-office"' not in page
    assert '<p class="crumb"><a href="/">' in page
    assert 'data-events="/events?page=status&amp;ward=w1&amp;since=' in page
    assert 'href="/?ward=w1&amp;lang=vi"' in page


@dataclass
class _Tags(HTMLParser):
    """Checks that every element is closed, and collects what is loaded and which ids there are."""

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "link", "br"}:
            self.open.append(tag)
        self.loaded += [value for name, value in attrs if name in {"src", "href", "style"} and value]
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("inventory", [drawn_ward(), city()], ids=["ward", "city"])
def test_it_is_well_formed_and_loads_nothing_from_elsewhere(inventory: Inventory) -> None:
    """Every element is closed, every id is there once, and every reference is a path on this server."""
    tags = _Tags()
    page = _html(_drawn(inventory), lambda _: VERDICTS)
    tags.feed(page)
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))
    assert tags.loaded
    assert all(reference.startswith(("/", "#")) for reference in tags.loaded)
    assert not re.search(r"\bon[a-z]+=|<style|\sstyle=|http-equiv", page)
    assert page.count("<script") == 1
    assert '<script src="/static/live.js" defer></script>' in page


def test_an_empty_inventory_says_so() -> None:
    """Without any site there is a sentence instead of a list."""
    assert WORDS["en"]["nothing"] in _html(Drawn(Inventory()))
