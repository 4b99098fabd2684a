"""Texts made to fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.notice import Words
from alerts.receivers.wording import body_under, cut_at_line, size, whole_text


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("one\ntwo", 7, "one\ntwo"),
        ("one\ntwo\nthree", 9, "one\ntwo…"),
        ("one\ntwo\nthree", 8, "one\ntwo…"),
        ("one\ntwo\nthree", 7, "one…"),
        ("one long line", 5, "one …"),
        ("🔴🔴🔴", 5, "🔴🔴…"),
        ("🔴🔴🔴", 6, "🔴🔴🔴"),
    ],
)
def test_a_text_is_cut_at_a_line(text: str, limit: int, expected: str) -> None:
    """Whole lines are kept where one fits; the ellipsis shows that there was more."""
    assert cut_at_line(text, limit) == expected


@given(st.text(alphabet="aạ🔴\n ", max_size=60), st.integers(2, 40))
def test_nothing_is_longer_than_allowed(text: str, limit: int) -> None:
    """Nor is anything changed that fits, and something is always left."""
    cut = cut_at_line(text, limit)
    assert size(cut) <= limit
    assert (cut == text) is (size(text) <= limit)
    assert not text or cut


@pytest.mark.parametrize(
    ("words", "whole", "body"),
    [
        (Words("Down", "Down\nsince 7", ""), "Down\nsince 7", "since 7"),
        (Words("Down", "since 7", ""), "Down\nsince 7", "since 7"),
        (Words("Down", "Down", ""), "Down", "Down"),
        (Words("Down", "", ""), "Down", "Down"),
    ],
)
def test_a_title_is_told_once(words: Words, whole: str, body: str) -> None:
    """Above its text or as its first line."""
    assert (whole_text(words), body_under(words)) == (whole, body)
