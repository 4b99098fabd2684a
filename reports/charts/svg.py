"""A picture out of lines, boxes and words. Its ink is ``currentColor``, so that it takes that of the page."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Final, Literal

WIDTH: Final = 520.0
"""Units that the text column of a page is wide."""
FONT_SIZE: Final = 10.5
_LETTER: Final = 0.5  # mean width of a letter relative to the size of the font
_CAPITAL: Final = 0.8
_LEAST: Final = 1e-6  # below which a value is none on an axis

Anchor = Literal["start", "middle", "end"]

_HATCH: Final = '<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" stroke="currentColor" stroke-width="1" fill="none"/>'
_DOTS: Final = '<circle cx="1.5" cy="1.5" r="0.7" fill="currentColor"/>'


def picture(name: str, height: float, parts: Sequence[str]) -> str:
    """The picture; ``name`` keeps its patterns apart from those of others on one page."""
    patterns = (
        f'<pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse">{_HATCH}</pattern>'
        f'<pattern id="{name}-dots" width="3.5" height="3.5" patternUnits="userSpaceOnUse">{_DOTS}</pattern>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(WIDTH)} {number(height)}" '
        f'font-family="Liberation Serif, Times New Roman, serif" font-size="{FONT_SIZE}" fill="currentColor">'
        f"<defs>{patterns}</defs>{''.join(parts)}</svg>"
    )


def number(value: float) -> str:
    """A coordinate, to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def label(
    x: float, y: float, text: str, anchor: Anchor = "start", *, size: float = FONT_SIZE, bold: bool = False
) -> str:
    """Words; ``y`` is their foot."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" font-size="{number(size)}"{weight}>'
        f"{escape(text)}</text>"
    )


def fitting(text: str, width: float, size: float = FONT_SIZE) -> str:
    """The text, cut to about so many units."""
    room = width / size
    if _wide(text) <= room:
        return text
    kept = next(end for end in range(len(text) - 1, -1, -1) if _wide(text[:end]) + 1 <= room or not end)
    return f"{text[:kept].rstrip()}…"


def _wide(text: str) -> float:
    """About how wide a text is, relative to the size of the font."""
    return sum(_CAPITAL if letter.isupper() or letter in "@%#" else _LETTER for letter in text)


def line(x1: float, y1: float, x2: float, y2: float, *, width: float = 1.0, dash: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}" stroke="currentColor" fill="none" '
        f'stroke-width="{number(width)}"{dashed}/>'
    )


def path(points: Sequence[tuple[float, float]], *, width: float = 1.2, dash: str = "") -> str:
    """Lines from point to point."""
    return "".join(line(*one, *other, width=width, dash=dash) for one, other in pairwise(points))


def box(
    x: float, y: float, width: float, height: float, fill: str = "none", *, opacity: float = 1.0, edge: float = 0.6
) -> str:
    """A rectangle; ``fill`` is ``none``, ``ink``, or the name of a pattern such as ``url(#strip-hatch)``."""
    ink = "currentColor" if fill == "ink" else fill
    stroke = f' stroke="currentColor" stroke-width="{number(edge)}"' if edge else ""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(0.0, width))}" height="{number(height)}" '
        f'fill="{ink}" fill-opacity="{number(opacity)}"{stroke}/>'
    )


def dot(x: float, y: float, radius: float = 3.0, *, filled: bool = True) -> str:
    """A round mark."""
    fill = "currentColor" if filled else "none"
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}" stroke="currentColor" '
        'stroke-width="1.2"/>'
    )


def cross(x: float, y: float, radius: float = 3.2) -> str:
    """A mark like the letter X."""
    r = radius
    return line(x - r, y - r, x + r, y + r, width=1.6) + line(x - r, y + r, x + r, y - r, width=1.6)


def steps(highest: float, wanted: int = 4) -> tuple[float, ...]:
    """Round values from nought to about ``highest``, for an axis; at least one above nought."""
    if highest < _LEAST:
        return (0.0, 1.0)
    size = 10.0 ** (len(str(int(highest / wanted))) - 1) if highest >= wanted else 1.0
    while highest / wanted < size:
        size /= 10
    step = next(size * factor for factor in (1, 2, 5, 10, 20) if highest / (size * factor) <= wanted)
    count = int(highest / step) + (highest % step > 0)
    return tuple(step * index for index in range(max(1, count) + 1))
