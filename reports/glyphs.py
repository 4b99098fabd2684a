"""What letters a font has and how wide they are, so that a page holds no empty box and no word leaves its column."""

import struct
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

STANDS_IN: Final = "□"
"""For what the font lacks."""

_UNICODE: Final = ((3, 10), (0, 4), (0, 3), (3, 1))  # platforms and encodings of tables by Unicode, the widest first
_SEGMENTS: Final = 4
_GROUPS: Final = 12


@dataclass(frozen=True, slots=True)
class Face:
    """A font, as far as a page is planned by it.

    Attributes:
        advances: How wide each of its letters is, by code point, relative to the size of the font.
    """

    advances: Mapping[int, float]

    def width(self, text: str) -> float:
        """How wide a text is, relative to the size of the font; what it lacks is as wide as ``STANDS_IN``."""
        other = self.advances.get(ord(STANDS_IN), 1.0)
        return sum(self.advances.get(ord(letter), other) for letter in text)


def face_of(font: bytes) -> Face:
    """What a TrueType font has (OpenType 1.9, tables ``cmap`` of the formats 4 and 12, ``hmtx``).

    Raises:
        ValueError: It is no such font.
    """
    (units,) = struct.unpack_from(">H", font, _table(font, b"head") + 18)
    (long,) = struct.unpack_from(">H", font, _table(font, b"hhea") + 34)
    widths = struct.unpack_from(">" + "Hh" * long, font, _table(font, b"hmtx"))[::2]
    return Face({code: widths[min(glyph, long - 1)] / units for code, glyph in _glyphs(font)})


def _glyphs(font: bytes) -> Iterator[tuple[int, int]]:
    start = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    found = {struct.unpack_from(">HH", font, start + 4 + 8 * index): index for index in range(count)}
    index = next(found[kind] for kind in _UNICODE if kind in found)
    at = start + int(struct.unpack_from(">I", font, start + 8 + 8 * index)[0])
    (form,) = struct.unpack_from(">H", font, at)
    if form not in {_SEGMENTS, _GROUPS}:
        raise ValueError(f"a cmap of format {form} is not understood")
    return _segments(font, at) if form == _SEGMENTS else _groups(font, at)


def _table(font: bytes, name: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if tag == name:
            return int(offset)
    raise ValueError("this is no TrueType font with a character map")


def _segments(font: bytes, at: int) -> Iterator[tuple[int, int]]:
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
                yield code, (glyph + delta) % 0x10000


def _groups(font: bytes, at: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", font, at + 12)
    for index in range(count):
        start, end, glyph = struct.unpack_from(">III", font, at + 16 + 12 * index)
        yield from ((code, glyph + code - start) for code in range(start, end + 1))


def printable(text: str, letters: AbstractSet[int]) -> str:
    """The text with every letter that the font lacks told by ``STANDS_IN``."""
    if all(ord(letter) in letters for letter in text):
        return text
    return "".join(letter if ord(letter) in letters else STANDS_IN for letter in text)
