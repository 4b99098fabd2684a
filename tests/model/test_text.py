"""What strangers say, on its way to a person."""

from hypothesis import given
from hypothesis import strategies as st

from model.text import LONGEST_LINE, counted, harmless, one_line


@given(st.text())
def test_every_text_becomes_one_line_that_only_shows(text: str) -> None:
    """Whatever a device sends, no line break and no terminal escape is left of it."""
    assert harmless(text).isprintable()
    assert one_line(text).isprintable()


def test_harmless_spells_out() -> None:
    """Nothing is lost: what does not print is readable as an escape of its own length."""
    assert harmless("a\n\x1b[2J\u202eb") == r"a\n\x1b[2J\u202eb"


def test_one_line_keeps_letters() -> None:
    """Vietnamese stays; control characters and direction marks become blanks."""
    assert one_line("Dịch\nvụ\u202ecông\x00") == "Dịch vụ công"


def test_one_line_is_cut() -> None:
    """A megabyte from a stranger does not fill the screen."""
    assert len(one_line("x" * 1_000_000)) == LONGEST_LINE


def test_one_thing_is_no_plural() -> None:
    """One datagram, but none or two datagrams."""
    assert [counted(number, "datagram") for number in (0, 1, 2)] == ["0 datagrams", "1 datagram", "2 datagrams"]
