"""How wide the columns of a printed table are, and where words that no column has room for may break."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reports.document.blocks import Kind, Table
from reports.glyphs import Face

BREAK: Final = "\N{ZERO WIDTH SPACE}"
"""Where a word may break."""

_SIZES: Final = ((5, 11.0), (8, 10.0), (99, 9.0))
"""Up to how many columns which size of the letters, in points."""
_SPLIT: Final = re.compile(r" |(?<=-)(?=[^\W\d])")  # where lines break by themselves (UAX 14)
_WIDE: Final = 8.0
_PORTRAIT: Final = 467.0  # points that the text is wide
_CROSSWISE: Final = 756.0  # the same of a page laid crosswise
_EDGES: Final = 7.5  # points that the edges of a cell take
_LONGEST: Final = 0.2  # of the width of the table that one word may claim for its column


def size_of(table: Table) -> float:
    """Points: smaller where there are many columns."""
    return _WIDE if table.is_wide else next(size for columns, size in _SIZES if len(table.columns) <= columns)


def widths_of(table: Table, face: Face) -> list[float]:
    """Points of each column: by their weights, but for each at least its longest word."""
    whole, size = (_CROSSWISE if table.is_wide else _PORTRAIT), size_of(table)
    least = [min(whole * _LONGEST, _longest(words, face) * size + _EDGES) for words in _words(table)]
    weights = [column.weight for column in table.columns]
    return _squeezed(whole, least, table) if sum(least) >= whole else _shared(whole, weights, least)


def _squeezed(whole: float, least: Sequence[float], table: Table) -> list[float]:
    """Where there is too little room, figures keep theirs and words give way."""
    words = [column.kind in {Kind.TEXT, Kind.SENTENCE} for column in table.columns]
    wanted = sum(width for width, is_words in zip(least, words, strict=True) if is_words)
    left = whole - sum(least) + wanted
    if wanted and left > whole / 4:
        return [width * left / wanted if is_words else width for width, is_words in zip(least, words, strict=True)]
    return [width * whole / sum(least) for width in least]


def _words(table: Table) -> list[set[str]]:
    columns = [set(_SPLIT.split(column.title)) for column in table.columns]
    for row in table.rows:
        for words, cell in zip(columns, row, strict=True):
            words.update(_SPLIT.split(cell.text))
    return columns


def _longest(words: Iterable[str], face: Face) -> float:
    return max((face.width(word) for word in words), default=0.0)


def _shared(whole: float, weights: Sequence[float], least: Sequence[float]) -> list[float]:
    """The whole by weights, until none has less than its least."""
    fixed: set[int] = set()
    while True:
        left = whole - sum(least[index] for index in fixed)
        heavy = sum(weight for index, weight in enumerate(weights) if index not in fixed)
        widths = [least[index] if index in fixed else left * weight / heavy for index, weight in enumerate(weights)]
        tight = {index for index, width in enumerate(widths) if width < least[index] - 1e-9}
        if not tight:
            return widths
        fixed |= tight


def breakable(text: str, room: float, face: Face) -> str:
    """The text with places to break in words wider than ``room``, which is relative to the size of the font."""
    if len(text) <= room or all(face.width(word) <= room for word in _SPLIT.split(text)):
        return text
    return " ".join(BREAK.join(_pieces(word, room, face)) for word in text.split(" "))


def _pieces(word: str, room: float, face: Face) -> Iterator[str]:
    """The word in as few pieces as fit."""
    piece, width = "", 0.0
    for letter in word:
        more = face.width(letter)
        if piece and width + more > room:
            yield piece
            piece, width = "", 0.0
        piece, width = piece + letter, width + more
    yield piece


def room_of(width: float, size: float) -> float:
    """What a column of so many points has room for, relative to the size of the font."""
    return (width - _EDGES) / size + 1e-6
