"""The status page."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from exporters.pages.page import MARKS, StatusPage
from exporters.pages.words import STATES, WORDS
from exporters.status import PartStatus, SiteStatus, Status
from model.inventory import Language
from model.state import State
from tests.peers.board import AT


def _status(language: Language = "vi", name: str = "Nhà văn hoá tổ 1") -> Status:
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
    assert set(STATES[language]) == set(State)
    assert set(WORDS[language]) == set(WORDS["en"])
    page = StatusPage().html(_status(language))
    assert f'<html lang="{language}">' in page
    assert STATES[language][State.DOWN] in page


def test_a_state_is_said_in_words_and_by_a_sign() -> None:
    """Colour is never alone: every state has a word and a sign of its own."""
    assert len(set(MARKS.values())) == len(State)
    page = StatusPage().html(_status())
    assert f'aria-hidden="true">{MARKS[State.DOWN]}</span>{STATES["vi"][State.DOWN]}</span>' in page


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
    page = StatusPage().html(_status())
    tags.feed(page)
    assert tags.open == []
    assert tags.loaded
    assert all(reference.startswith("/") for reference in tags.loaded)
    assert not re.search(r"\bon[a-z]+=|<script|<style", page)


def test_an_empty_inventory_says_so() -> None:
    """Without any site there is a sentence instead of a list."""
    assert WORDS["en"]["nothing"] in StatusPage().html(Status(None, now=AT, sites=[]))
