"""Secrets in what strangers say."""

import pytest

from alerts.receivers.veil import Veil


@pytest.mark.parametrize(
    "said",
    ["hook/s3cret%2Ft0ken", "s3cret/t0ken", "p@ss", "p%40ss", "Y2xlcms6cEBzcw==", "key123", "/hook/s3cret%2Ft0ken"],
)
def test_whatever_a_url_holds_is_hidden(said: str) -> None:
    """Quoted and unquoted, whole and in parts, and as the header that is made of it."""
    veil = Veil.of_url("https://clerk:p%40ss@h.example/hook/s3cret%2Ft0ken?key=key123")
    assert veil(f"no {said}!") in {"no ***!", "no ***/***!", "no /***/***!"}


def test_one_line_of_a_stranger() -> None:
    """Line breaks and escapes go, and what is long is cut."""
    assert Veil()("a\r\nb\x1b[31m") == "a  b [31m"
    assert len(Veil()("x" * 1000)) == 200


def test_words_of_two_letters_are_no_secret() -> None:
    """Else every sentence would be stars."""
    assert Veil("", "is", "it")("it is") == "it is"
