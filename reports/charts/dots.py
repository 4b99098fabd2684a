"""What was measured beside what was promised: a dot with its interval for each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from model.verdict import Outcome
from reports.charts.svg import FONT_SIZE, WIDTH, cross, dot, fitting, label, line, picture, steps

_LEFT: Final = 215.0
_RIGHT: Final = 20.0
_ROW: Final = 16.0
_TOP: Final = 30.0
_SMALL: Final = 9.5
_LETTER: Final = 0.55  # of the size of the font
_WIDEST: Final = 200.0  # per cent: what goes beyond is drawn at the edge


@dataclass(frozen=True, slots=True)
class Dot:
    """One row, in per cent of what was promised.

    Attributes:
        name: What it is about; where it is cut, its last word stays, which tells the direction.
        low: What 95 % reached.
        mean: The mean.
        high: What 5 % reached.
        outcome: Which shape the dot has: full is met, a cross breached, a ring unknown.
    """

    name: str
    low: float
    mean: float
    high: float
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class DotWords:
    """What is written into it.

    Attributes:
        met: Beside the full dot.
        breached: Beside the cross.
        unknown: Beside the ring.
        axis: Below.
    """

    met: str
    breached: str
    unknown: str
    axis: str


def dots(name: str, rows: Sequence[Dot], words: DotWords, threshold: float) -> str:
    """Dots with intervals below each other; lines stand at the threshold and at 100 %."""
    ticks = steps(min(_WIDEST, max([120.0, *(row.high for row in rows)])), 5)
    scale = (WIDTH - _LEFT - _RIGHT) / ticks[-1]
    bottom = _TOP + _ROW * len(rows)
    parts = _legend(words)
    for tick in ticks:
        x = _LEFT + tick * scale
        parts += [line(x, bottom, x, bottom + 4, width=0.8), label(x, bottom + 15, f"{tick:g}", "middle")]
    for at, dash in ((threshold, "4 3"), (100.0, "")):
        x = _LEFT + at * scale
        parts += [line(x, _TOP - 4, x, bottom, width=0.9, dash=dash), label(x, _TOP - 6, f"{at:g} %", "middle", size=9)]
    parts += [line(_LEFT, bottom, WIDTH - _RIGHT, bottom, width=0.8)]
    parts.append(label(WIDTH - _RIGHT, bottom + 28, words.axis, "end", size=FONT_SIZE - 1))
    for index, row in enumerate(rows):
        parts += _row(row, _TOP + _ROW * index + _ROW / 2, scale)
    return picture(name, bottom + 33, parts)


def _legend(words: DotWords) -> list[str]:
    parts, x = [], 4.0
    for outcome, text in (
        (Outcome.MET, words.met),
        (Outcome.BREACHED, words.breached),
        (Outcome.UNKNOWN, words.unknown),
    ):
        parts += [_mark(x, 8, outcome), label(x + 8, 12, text)]
        x += 30 + len(text) * FONT_SIZE * 0.55
    return parts


def _mark(x: float, y: float, outcome: Outcome) -> str:
    return cross(x, y) if outcome is Outcome.BREACHED else dot(x, y, filled=outcome is Outcome.MET)


def _row(row: Dot, y: float, scale: float) -> list[str]:
    low, mean, high = (_LEFT + min(_WIDEST, value) * scale for value in (row.low, row.mean, row.high))
    ends = [line(x, y - 3, x, y + 3, width=0.9) for x in (low, high)]
    name = label(_LEFT - 6, y + 4, _named(row.name, _LEFT - 10), "end", size=_SMALL)
    return [name, line(low, y, high, y, width=0.9), *ends, _mark(mean, y, row.outcome)]


def _named(name: str, room: float) -> str:
    whole, (first, _, last) = fitting(name, room, _SMALL), name.rpartition(" ")
    if whole == name or not first:
        return whole
    return f"{fitting(first, room - _SMALL * _LETTER * (len(last) + 1), _SMALL)} {last}"
