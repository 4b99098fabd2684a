"""A month of one link, a column for each day and a row for each hour of the ward's clock."""

from collections.abc import Sequence
from typing import Final

from reports.charts.svg import FONT_SIZE, WIDTH, box, label, picture
from reports.sections.worst import DayStrip

_LEFT: Final = 34.0
_TOP: Final = 20.0
_CELL: Final = 15.0
_ROW: Final = 4.8
_HOURS: Final = 24
_LEVELS: Final = ((0.5, 1.0), (0.1, 0.55), (0.0, 0.25))
"""From which share of an hour on a cell has which darkness."""
_HALF: Final = 0.5


def strip(name: str, days: Sequence[DayStrip], kinds: tuple[str, str, str, str]) -> str:
    """Dark where it was lost, hatched where nothing is known, empty where it was there.

    ``kinds`` are the words beside an hour lost for a moment, for some of it, for most of it, and one that is unknown.
    """
    parts = _legend(name, kinds)
    for hour in range(0, _HOURS + 1, 6):
        parts.append(label(_LEFT - 4, _TOP + hour * _ROW + 3.5, f"{hour:02}:00", "end", size=9))
    parts.append(box(_LEFT, _TOP, _CELL * len(days), _ROW * _HOURS))
    for index, day in enumerate(days):
        x = _LEFT + _CELL * index
        parts.append(label(x + _CELL / 2, _TOP + _ROW * _HOURS + 11, f"{day.day.day}", "middle", size=9))
        for hour in range(_HOURS):
            parts += _hour(name, x, _TOP + hour * _ROW, day.lost[hour], day.unknown[hour])
    return picture(name, _TOP + _ROW * _HOURS + 16, parts)


def _hour(name: str, x: float, y: float, lost: float | None, unknown: float | None) -> list[str]:
    parts = []
    if unknown is not None and unknown >= _HALF:
        parts.append(box(x, y, _CELL, _ROW, f"url(#{name}-hatch)", edge=0))
    if lost:
        darkness = next(darkness for share, darkness in _LEVELS if lost > share)
        parts.append(box(x + 0.3, y + 0.3, _CELL - 0.6, _ROW - 0.6, "ink", opacity=darkness, edge=0.3))
    return parts


def _legend(name: str, kinds: tuple[str, str, str, str]) -> list[str]:
    parts, x = [], _LEFT
    fills = [("ink", darkness) for _, darkness in reversed(_LEVELS)] + [(f"url(#{name}-hatch)", 1.0)]
    for kind, (fill, opacity) in zip(kinds, fills, strict=True):
        parts += [box(x, 4, _CELL, _ROW + 2, fill, opacity=opacity, edge=0.4), label(x + _CELL + 4, 12, kind, size=9)]
        x += _CELL + 18 + len(kind) * (FONT_SIZE - 1) * 0.5
    return parts if x < WIDTH * 1.5 else parts[:6]
