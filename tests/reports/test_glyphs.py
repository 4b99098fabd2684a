"""What is read out of fonts, and columns planned by it."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.columns import BREAK, breakable, room_of, size_of, widths_of
from reports.document.blocks import Cell, Column, Kind, Table
from reports.glyphs import STANDS_IN, face_of, printable

FONT = (files("reports") / "fonts" / "LiberationSerif-Regular.ttf").read_bytes()
FACE = face_of(FONT)


def test_letters_have_the_widths_of_times() -> None:
    """Some widths of Times New Roman, with which this font is metrically compatible, in thousandths."""
    widths = {letter: round(FACE.advances[ord(letter)] * 1_000) for letter in "aimW0 "}
    assert widths == {"a": 444, "i": 278, "m": 778, "W": 944, "0": 500, " ": 250}


def test_the_font_has_vietnamese_and_lacks_chinese() -> None:
    """What it lacks is told by a box that it has."""
    assert all(ord(letter) in FACE.advances for letter in "ẵểộữỵĐ–≥×□")
    assert printable("Tổ 中 1", FACE.advances.keys()) == f"Tổ {STANDS_IN} 1"


def test_what_is_no_font_is_refused() -> None:
    """A file without a character map is no font."""
    with pytest.raises(ValueError, match="no TrueType font"):
        face_of(b"\x00\x01\x00\x00\x00\x00" + b"\x00" * 64)


@given(st.lists(st.text("abcW -1", min_size=1, max_size=60), min_size=2, max_size=12))
def test_columns_fill_the_page_and_no_word_is_wider_than_its_column(names: list[str]) -> None:
    """Widths add up to the page; each piece of each word fits into its column."""
    columns = tuple(Column("n", Kind.TEXT) for _ in names)
    table = Table("t", "t", columns, (tuple(Cell(name, Kind.TEXT, name) for name in names),))
    widths, size = widths_of(table, FACE), size_of(table)
    assert sum(widths) == pytest.approx(467)
    for name, width in zip(names, widths, strict=True):
        text = breakable(name, room_of(width, size), FACE)
        assert text.replace(BREAK, "") == name
        pieces = [piece for part in text.split(" ") for piece in part.replace("-", f"-{BREAK}").split(BREAK)]
        assert all(len(piece) == 1 or FACE.width(piece) <= room_of(width, size) + 0.5 for piece in pieces)
