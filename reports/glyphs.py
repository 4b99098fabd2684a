"""Which letters a font has, so that the PDF never holds an empty box: a letter that it lacks is told by another."""

import struct
from collections.abc import Iterator
from typing import Final

STANDS_IN: Final = "□"
"""For what the font lacks."""

_UNICODE: Final = ((3, 10), (0, 4), (0, 3), (3, 1))  # platforms and encodings of tables by Unicode, the widest first
_SEGMENTS: Final = 4
_GROUPS: Final = 12


def letters_of(font: bytes) -> frozenset[int]:
    """The code points that a TrueType font has a glyph for (OpenType 1.9, table ``cmap``, formats 4 and 12)."""
    start = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    found = {struct.unpack_from(">HH", font, start + 4 + 8 * index): index for index in range(count)}
    index = next(found[kind] for kind in _UNICODE if kind in found)
    at = start + int(struct.unpack_from(">I", font, start + 8 + 8 * index)[0])
    (form,) = struct.unpack_from(">H", font, at)
    if form not in {_SEGMENTS, _GROUPS}:
        raise ValueError(f"a cmap of format {form} is not understood")
    return frozenset(_segments(font, at) if form == _SEGMENTS else _groups(font, at))


def _table(font: bytes, name: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if tag == name:
            return int(offset)
    raise ValueError("this is no TrueType font with a character map")


def _segments(font: bytes, at: int) -> Iterator[int]:
    (twice,) = struct.unpack_from(">H", font, at + 6)
    layout = f">{twice // 2}H"
    ends = struct.unpack_from(layout, font, at + 14)
    starts = struct.unpack_from(layout, font, at + 16 + twice)
    deltas = struct.unpack_from(layout, font, at + 16 + 2 * twice)
    ranges_at = at + 16 + 3 * twice
    offsets = struct.unpack_from(layout, font, ranges_at)
    for index, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(start, end + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", font, ranges_at + 2 * index + offset + 2 * (code - start))
            if code != 0xFFFF and (glyph or not offset) and (glyph + delta) % 0x10000:  # noqa: PLR2004  # the end mark
                yield code


def _groups(font: bytes, at: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", font, at + 12)
    for index in range(count):
        start, end, _ = struct.unpack_from(">III", font, at + 16 + 12 * index)
        yield from range(start, end + 1)


def printable(text: str, letters: frozenset[int]) -> str:
    """The text with every letter that the font lacks told by ``STANDS_IN``."""
    if all(ord(letter) in letters for letter in text):
        return text
    return "".join(letter if ord(letter) in letters else STANDS_IN for letter in text)
