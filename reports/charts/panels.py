"""Small pictures side by side: how a measure went over the months, and where it goes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from reports.charts.svg import FONT_SIZE, WIDTH, dot, fitting, label, line, path, picture

_COLUMNS: Final = 2
_GAP: Final = 16.0
_PANEL: Final = (WIDTH - _GAP) / _COLUMNS
_HEIGHT: Final = 106.0
_LEFT: Final = 52.0
_TOP: Final = 20.0
_BOTTOM: Final = 22.0
_SMALL: Final = FONT_SIZE - 1.5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Panel:
    """One of them.

    Attributes:
        title: Above it.
        months: Below it, one for each value and for each month to come.
        values: Of the months that were; ``None`` leaves a gap.
        middle: A thin line.
        limits: Dashed lines.
        expected: Where it goes: index of the month and value, from the last value on.
        fan: The same by its lower and by its upper slope.
        beyond: Indices of the months that stand out: they get a ring.
    """

    title: str
    months: tuple[str, ...]
    values: tuple[float | None, ...]
    middle: float | None = None
    limits: tuple[float, ...] = ()
    expected: tuple[Point, ...] = ()
    fan: tuple[tuple[Point, ...], ...] = ()
    beyond: frozenset[int] = field(default_factory=frozenset)

    @property
    def extent(self) -> tuple[float, float]:
        """The least and the greatest of what is drawn, with some room."""
        known = [value for value in (*self.values, self.middle, *self.limits) if value is not None]
        known += [value for line_ in (self.expected, *self.fan) for _, value in line_]
        low, high = min(known, default=0.0), max(known, default=1.0)
        room = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
        return low - room, high + room


def panels(name: str, all_of_them: Sequence[Panel], written: Sequence[Callable[[float], str]]) -> str:
    """Two in a row; ``written`` tells for each panel how a value of its axis is written."""
    parts: list[str] = []
    for index, (panel, write) in enumerate(zip(all_of_them, written, strict=True)):
        left, top = (index % _COLUMNS) * (_PANEL + _GAP), index // _COLUMNS * (_HEIGHT + 8)
        parts += _panel(panel, left, top, write)
    rows = -(-len(all_of_them) // _COLUMNS)
    return picture(name, rows * (_HEIGHT + 8), parts)


def _panel(panel: Panel, left: float, top: float, write: Callable[[float], str]) -> list[str]:
    low, high = panel.extent
    start, end = left + _LEFT, left + _PANEL - 6
    wide = (end - start) / max(1, len(panel.months) - 1)
    tall = _HEIGHT - _TOP - _BOTTOM

    def place(month: float, value: float) -> Point:
        return start + month * wide, top + _TOP + (high - value) / (high - low) * tall

    def across(value: float, dash: str, width: float) -> str:
        return line(*place(0, value), *place(len(panel.months) - 1, value), dash=dash, width=width)

    parts = [label(left, top + 10, fitting(panel.title, _PANEL, FONT_SIZE), bold=True), *_months(panel, place)]
    parts += [across(value, "4 3", 0.8) for value in panel.limits]
    if panel.middle is not None:
        parts.append(across(panel.middle, "", 0.4))
    for value in _ticks(panel):
        x, y = place(0, value)
        parts.append(label(x - 6, y + 3, write(value), "end", size=_SMALL))
    return parts + _course(panel, place)


def _ticks(panel: Panel) -> list[float]:
    known = [value for value in panel.values if value is not None]
    low, high = panel.extent
    chosen: list[float] = []
    for value in (*panel.limits, *known[:1], *known[-1:], max(known, default=0), min(known, default=0)):
        if all(abs(value - other) > (high - low) * 0.14 for other in chosen):
            chosen.append(value)
    return chosen


def _months(panel: Panel, place: Callable[[float, float], Point]) -> list[str]:
    foot = place(0, panel.extent[0])[1]
    every = -(-len(panel.months) // 6)
    return [
        label(place(index, 0)[0], foot + 12, month, "middle", size=_SMALL)
        for index, month in enumerate(panel.months)
        if index % every == 0
    ]


def _course(panel: Panel, place: Callable[[float, float], Point]) -> list[str]:
    points = [None if value is None else place(index, value) for index, value in enumerate(panel.values)]
    parts = [path([one, other]) for one, other in pairwise(points) if one is not None and other is not None]
    for index, point in enumerate(points):
        if point is not None:
            parts.append(dot(*point, 2.4))
            parts += [dot(*point, 5.5, filled=False)] if index in panel.beyond else []
    parts.append(path([place(*point) for point in panel.expected], dash="5 3"))
    return parts + [path([place(*point) for point in one], width=0.7, dash="1.5 2") for one in panel.fan]
