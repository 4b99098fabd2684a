"""The status page."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from exporters.pages import page as page_module
from exporters.pages.page import MARKS, OUTCOME_MARKS, StatusPage
from exporters.pages.words import DECIMAL_MARKS, OUTCOMES, QUALITIES, REASONS, SERVICE_STATES, STATES, WORDS
from exporters.status import PartStatus, SiteStatus, Status
from model.inventory import Language
from model.state import State
from model.verdict import Outcome, Quality
from tests.peers.board import AT, VERDICTS


def _status(language: Language = "vi", name: str = "Nhà văn hóa tổ 1") -> Status:
    link = PartStatus(id="wan", state=State.DOWN, since=AT - timedelta(minutes=5), name=name, detail="VNPT")
    old = PartStatus(id="ont", state=State.UP, since=AT - timedelta(days=2))
    sites = [
        SiteStatus(id="fine", state=State.UP, links=[], devices=[old], services=[]),
        SiteStatus(id="bad", state=State.DOWN, name=name, links=[link], devices=[], services=[]),
    ]
    return Status(
        ward="w", now=AT, sites=sites, name="Phường Xuân Đỉnh", timezone="Asia/Ho_Chi_Minh", language=language
    )


@pytest.mark.parametrize("language", ["vi", "en", "id"])
def test_every_language_has_every_word(language: Language) -> None:
    """Each language names every state and has the words of English; the page says which language it is in."""
    assert set(STATES[language]) == set(SERVICE_STATES[language]) == set(State)
    assert set(WORDS[language]) == set(WORDS["en"])
    assert set(REASONS[language]) == {State.UNREACHABLE, State.UNKNOWN, State.MAINTENANCE}
    assert set(QUALITIES[language]) == set(Quality)
    assert set(OUTCOMES[language]) == set(Outcome)
    page = StatusPage().html(_status(language))
    assert f'<html lang="{language}">' in page
    assert STATES[language][State.DOWN] in page


def test_a_state_is_said_in_words_and_by_a_sign() -> None:
    """Colour is never alone: every state has a word and a sign of its own."""
    assert len(set(MARKS.values())) == len(State)
    page = StatusPage().html(_status())
    assert f'aria-hidden="true">{MARKS[State.DOWN]}</span>{STATES["vi"][State.DOWN]}</span>' in page


def test_a_service_that_is_down_is_no_line_that_is_cut() -> None:
    """A service that does not answer is out of order; a link is cut off."""
    service = PartStatus(id="portal", state=State.DOWN, since=AT)
    site = SiteStatus(id="bad", state=State.UP, links=[], devices=[], services=[service])
    page = StatusPage().html(replace(_status(), sites=[site]))
    assert "Không hoạt động</span>" in page
    assert "Mất kết nối" not in page


def test_trouble_comes_first() -> None:
    """A site that is down stands above one that is up."""
    page = StatusPage().html(_status())
    assert page.index('id="bad"') < page.index('id="fine"')


def test_times_are_local_and_name_the_day_when_it_is_another() -> None:
    """07:00 UTC is 14:00 in Hanoi; two days ago bears its date."""
    page = StatusPage().html(_status())
    assert ">từ 13:55<" in page
    assert ">từ 22/11 14:00<" in page


def test_what_the_inventory_says_is_text_and_never_markup() -> None:
    """A name with markup is shown, not run."""
    page = StatusPage().html(_status(name="<script>alert(1)</script>\"'&"))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;" in page


def _judged(language: Language) -> str:
    """The page of a ward whose link was judged, without line breaks."""
    verdicts = {("link", "wan"): VERDICTS}
    page = StatusPage().html(_status(language), lambda subject: verdicts.get(subject, ()))
    return re.sub(r"\s+", " ", page)


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
    page = _judged(language)
    places = [page.index(words) for words in (breached, unknown, met)]
    assert places == sorted(places)
    assert page.count('class="verdict ') == 3
    assert len(set(OUTCOME_MARKS.values())) == len(Outcome)


def test_a_decimal_mark_is_that_of_the_language() -> None:
    """A figure of a breach is written as people there write it."""
    loss = replace(VERDICTS[0], requirement=Quality.LOSS, value=0.0123, threshold=0.005)
    for language, mark in DECIMAL_MARKS.items():
        page = StatusPage().html(_status(language), lambda _: [loss])  # called at once
        assert f"(1{mark}23%, {WORDS[language]['required']} ≤ 0{mark}5%)" in page


def test_what_was_not_judged_has_no_mark() -> None:
    """Neither a device nor a link without verdicts shows an outcome."""
    assert 'class="verdict' not in StatusPage().html(_status())


@pytest.mark.parametrize("state", [State.UNREACHABLE, State.UNKNOWN, State.MAINTENANCE])
def test_what_is_no_fault_of_its_own_says_so(state: State) -> None:
    """A site that is cut off, not measured or being worked on has a sentence and a border of its own."""
    sites = [SiteStatus(id="s", state=state, links=[], devices=[], services=[])]
    page = StatusPage().html(Status(ward="w", now=AT, sites=sites, language="vi"))
    assert f'<p class="reason">{REASONS["vi"][state]}</p>' in page
    style = (Path(page_module.__file__).parent / "static" / "status.css").read_text()
    assert f".site.{state} {{ border-left" in style


@dataclass
class _Tags(HTMLParser):
    """Checks that every element is closed, and collects what is loaded."""

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "link", "br"}:
            self.open.append(tag)
        self.loaded += [value for name, value in attrs if name in {"src", "href", "style"} and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_is_well_formed_and_loads_nothing_from_elsewhere() -> None:
    """Every element is closed, and every reference is a path on this server."""
    tags = _Tags()
    page = StatusPage().html(_status(), lambda _: VERDICTS)
    tags.feed(page)
    assert tags.open == []
    assert tags.loaded
    assert all(reference.startswith("/") for reference in tags.loaded)
    assert not re.search(r"\bon[a-z]+=|<script|<style", page)


def test_an_empty_inventory_says_so() -> None:
    """Without any site there is a sentence instead of a list."""
    assert WORDS["en"]["nothing"] in StatusPage().html(Status(None, now=AT, sites=[]))
