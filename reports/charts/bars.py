"""Time lost, as bars of several kinds one behind the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from reports.charts.svg import FONT_SIZE, WIDTH, box, fitting, label, line, picture, steps

_LEFT: Final = 215.0
_RIGHT: Final = 34.0
_ROW: Final = 17.0
_BAR: Final = 11.0
_TOP: Final = 24.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One row.

    Attributes:
        name: What it is about.
        parts: Lengths, one for each kind.
    """

    name: str
    parts: tuple[float, ...]


def bars(name: str, rows: Sequence[Bar], kinds: Sequence[str], unit: str, write: Callable[[float], str]) -> str:
    """Bars below each other: the first kind is full, the second hatched, the third dotted."""
    fills = (("ink", 0.8), (f"url(#{name}-hatch)", 1.0), (f"url(#{name}-dots)", 1.0))
    ticks = steps(max((sum(row.parts) for row in rows), default=0.0))
    scale = (WIDTH - _LEFT - _RIGHT) / ticks[-1]
    bottom = _TOP + _ROW * len(rows)
    parts = _legend(kinds, fills)
    for tick in ticks:
        x = _LEFT + tick * scale
        parts += [line(x, _TOP - 3, x, bottom + 3, width=0.4, dash="2 2"), label(x, bottom + 14, write(tick), "middle")]
    parts.append(label(WIDTH - _RIGHT, bottom + 26, unit, "end", size=FONT_SIZE - 1))
    for index, row in enumerate(rows):
        parts += _bar(row, _TOP + _ROW * index, scale, fills)
    return picture(name, bottom + 30, parts)


def _legend(kinds: Sequence[str], fills: Sequence[tuple[str, float]]) -> list[str]:
    parts, x = [], 0.0
    for kind, (fill, opacity) in zip(kinds, fills, strict=False):
        parts += [box(x + 1, 4, 16, 9, fill, opacity=opacity), label(x + 21, 12, kind)]
        x += 36 + len(kind) * FONT_SIZE * 0.55
    return parts


def _bar(row: Bar, top: float, scale: float, fills: Sequence[tuple[str, float]]) -> list[str]:
    parts = [label(_LEFT - 6, top + 10, fitting(row.name, _LEFT - 10, 9.5), "end", size=9.5)]
    x = _LEFT
    for length, (fill, opacity) in zip(row.parts, fills, strict=False):
        if length > 0:
            parts.append(box(x, top + (_ROW - _BAR) / 2, length * scale, _BAR, fill, opacity=opacity))
        x += length * scale
    return parts
