"""What is said where there is little room, or little is known."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.notice import Kind
from alerts.words import words_of
from alerts.words.message import _text
from alerts.words.names import Headline
from alerts.words.sms import _name
from alerts.words.text import shorten, whole_words
from model.incident import AlertName
from tests.alerts.words.stories import BEGAN, FAULTS, incident, telling

LONG = Headline("Tru so Uy ban nhan dan phuong Xuan Dinh", "VNPT", "office")


@pytest.mark.parametrize(
    ("text", "room", "left"),
    [("abc", 3, "abc"), ("abc def", 5, "abc…"), ("abc def", 4, "abc…"), ("abc", 1, "…"), ("abc", 0, "")],
)
def test_a_text_is_cut_behind_a_word(text: str, room: int, left: str) -> None:
    """And never longer than its room."""
    assert shorten(text, room) == left
    assert len(left) <= room


@pytest.mark.parametrize(("room", "left"), [(7, "abc def"), (6, "abc"), (3, "abc"), (2, ""), (-1, "")])
def test_whole_words_are_whole(room: int, left: str) -> None:
    """None where the first does not fit."""
    assert whole_words("abc def", room) == left


@pytest.mark.parametrize(
    ("room", "said"),
    [
        (60, "Tru so Uy ban nhan dan phuong Xuan Dinh (VNPT)"),
        (30, "Tru so Uy ban nhan dan (VNPT)"),
        (8, "Tru so"),
        (2, ""),
    ],
)
def test_a_name_in_an_sms_keeps_what_tells_it_from_its_neighbours(room: int, said: str) -> None:
    """As long as there is room for a word before it."""
    assert _name(LONG, room) == said


def test_a_name_without_ascii_is_that_of_the_inventory() -> None:
    """Nobody reads question marks."""
    assert _name(Headline("東京", "", "tokyo"), 20) == "tokyo"


def test_a_name_without_a_label_is_cut_alone() -> None:
    """Behind a word."""
    assert _name(replace(LONG, label=""), 10) == "Tru so Uy"


def test_a_text_that_does_not_fit_even_with_the_fewest_names_is_cut() -> None:
    """The limit holds, whatever there is to be said."""
    told = telling("vi", BEGAN + timedelta(seconds=4))
    text = _text(FAULTS[AlertName.LINK_DOWN], Kind.OPENED, told, 60)
    assert len(text) <= 60
    assert text.endswith("…")


@pytest.mark.parametrize("evidence", [{"rate": 20.0}, {"rate": 20.0, "hours": 0.0}, {}, {"rate": 0.0, "hours": 1.0}])
def test_a_burn_says_what_is_known_of_it(evidence: dict[str, str | float]) -> None:
    """A rate without its window, or nothing."""
    burn = replace(FAULTS[AlertName.ERROR_BUDGET_BURN].cause, evidence=evidence)
    text = words_of(incident(burn), Kind.OPENED, telling("en", BEGAN + timedelta(seconds=4))).text
    assert ("20" in text.replace("2026", "")) is (evidence.get("rate") == 20.0)
