"""A graph of round-trip times as SmokePing draws it: the median in the colour of the loss, in the smoke of the rest.

Everything is drawn into a plane that is stretched to the width of the screen; what is written stands beside it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Final

from model.intervals import SECOND, Interval, moment
from model.latency import Column

WIDTH: Final = 1_200
HEIGHT: Final = 240

LOSSES: Final = (0.0, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Up to which loss each colour goes; the first is that of none, the last up to all but one of the probes."""

_BROADEST: Final = 0.95  # of the columns, whose slowest answers are to be seen whole
_HEADROOM: Final = 1.15
_LEAST_TOP: Final = 1e-3
_TICKS: Final = 5
_NICE: Final = (1, 2, 2.5, 5, 10)
_MINUTE: Final = 60 * SECOND
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_STEPS: Final = tuple(
    step * unit
    for unit, steps in ((_MINUTE, (2, 5, 10, 20, 30)), (_HOUR, (1, 2, 4, 6, 12)), (_DAY, (1, 2, 5, 7)))
    for step in steps
)
_MOST_MARKS: Final = 8
_NARROWEST: Final = 2.0  # a median must be seen, however short its column


@dataclass(frozen=True, slots=True)
class Mark:
    """What is written beside the plane.

    Attributes:
        place: Where, 0 to 100 of the width or height.
        text: What.
    """

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Smoke:
    """A graph, ready to be drawn.

    Attributes:
        outer: The path of what lies between the median half and the slowest 1 %, from the 10 % to the 99 %.
        inner: The path of what lies between the 10 % and the 90 %.
        medians: For each colour of ``LOSSES`` the path of its medians; empty where there is none.
        gone: The path of the columns in which nothing was answered.
        limit: How high the required time is, 0 to ``HEIGHT`` from the top; ``None`` where it lies outside.
        heights: Round-trip times in seconds beside the plane, with their places.
        hours: Times of day below it.
    """

    outer: str
    inner: str
    medians: Sequence[str]
    gone: str
    limit: float | None
    heights: Sequence[tuple[float, float]]
    hours: Sequence[Mark]


def smoke(columns: Sequence[Column], period: Interval, zone: tzinfo, limit: float | None = None) -> Smoke:
    """The graph of these columns.

    Args:
        columns: In order of time.
        period: What the width stands for.
        zone: Whose clock is written below.
        limit: The round-trip time that is required, in seconds; ``None`` where none is.
    """
    step, top = _scale(columns, limit)
    plane = _Plane(period, top)
    answered = [column for column in columns if column.times]
    return Smoke(
        outer="".join(plane.band(run, 0, 3) for run in _runs(answered)),
        inner="".join(plane.band(run, 0, 2) for run in _runs(answered)),
        medians=[plane.medians(answered, colour) for colour in range(len(LOSSES))],
        gone="".join(map(plane.gone, (column for column in columns if not column.times))),
        limit=plane.y(limit) if limit is not None and limit <= top else None,
        heights=[(round(100 - 100 * number * step / top, 2), number * step) for number in range(round(top / step) + 1)],
        hours=list(_hours(period, zone)),
    )


def colour_of(loss: float) -> int:
    """The place in ``LOSSES`` of a loss."""
    return next(place for place, most in enumerate(LOSSES) if loss <= most)


class _Plane:
    """Turns times into places."""

    def __init__(self, period: Interval, top: float) -> None:
        self._period = period
        self._top = top

    def x(self, at: int) -> float:
        """How far from the left an instant is."""
        share = (at - self._period.start) / self._period.length
        return round(min(1.0, max(0.0, share)) * WIDTH, 1)

    def y(self, seconds: float) -> float:
        """How far from the top a round-trip time is; what is longer than the graph is high lies on its edge."""
        return round(HEIGHT * (1 - min(seconds / self._top, 1.0)), 1)

    def band(self, run: Sequence[Column], low: int, high: int) -> str:
        """What lies between two quantiles, step by step, there and back."""
        there = [f"V{self.y(column.times[high]):g}H{self.x(column.span.end):g}" for column in run]
        back = [f"V{self.y(column.times[low]):g}H{self.x(column.span.start):g}" for column in reversed(run)]
        start = run[0]
        return f"M{self.x(start.span.start):g},{self.y(start.times[low]):g}{''.join(there)}{''.join(back)}z"

    def medians(self, columns: Iterable[Column], colour: int) -> str:
        """The medians whose loss is of one colour."""
        return "".join(self._median(column) for column in columns if colour_of(column.loss) == colour)

    def _median(self, column: Column) -> str:
        start, end = self.x(column.span.start), self.x(column.span.end)
        return f"M{start:g},{self.y(column.times[1]):g}h{max(_NARROWEST, end - start):.3g}"

    def gone(self, column: Column) -> str:
        """A column of the whole height."""
        start, end = self.x(column.span.start), self.x(column.span.end)
        return f"M{start:g},0h{max(_NARROWEST, end - start):.3g}v{HEIGHT}H{start:g}z"


def _runs(columns: Sequence[Column]) -> Iterator[list[Column]]:
    """Columns that follow each other without a gap."""
    run: list[Column] = []
    for column in columns:
        if run and column.span.start > run[-1].span.end:
            yield run
            run = []
        run.append(column)
    if run:
        yield run


def _scale(columns: Sequence[Column], limit: float | None) -> tuple[float, float]:
    """The distance of two lines and the height of the graph, in seconds."""
    slowest = sorted(column.times[3] for column in columns if column.times)
    usual = slowest[min(len(slowest) - 1, int(_BROADEST * len(slowest)))] if slowest else _LEAST_TOP
    inner = max((column.times[2] for column in columns if column.times), default=0.0)
    wanted = max(usual, inner, _LEAST_TOP) * _HEADROOM
    if limit is not None and limit < 2 * wanted:
        wanted = max(wanted, limit * _HEADROOM)
    raw = wanted / _TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(nice * power for nice in _NICE if nice * power >= raw * (1 - 1e-9))
    return step, step * math.ceil(wanted / step - 1e-9)


def _hours(period: Interval, zone: tzinfo) -> Iterator[Mark]:
    step = next((each for each in _STEPS if period.length / each <= _MOST_MARKS), _STEPS[-1])
    offset = _ahead(moment(period.end), zone)
    first = -(-(period.start + offset) // step) * step - offset
    for at in range(first, period.end, step):
        local = moment(at).astimezone(zone)
        place = 100 * (at - period.start) / period.length
        yield Mark(round(place, 2), local.strftime("%d/%m" if step >= _DAY else "%H:%M"))


def _ahead(at: datetime, zone: tzinfo) -> int:
    """By how many milliseconds a clock is ahead of UTC."""
    ahead = at.astimezone(zone).utcoffset()
    return round(ahead.total_seconds() * SECOND) if ahead else 0


@dataclass(frozen=True, slots=True)
class Digest:
    """Several columns in a few numbers, for those who read rather than look.

    Attributes:
        span: From when to when.
        least: The shortest of the medians in seconds; ``None`` where nothing was answered.
        most: The longest of them.
        slow: The longest time that 99 % of the answers of a column did not exceed.
        loss: The mean loss of the columns, 0 to 1.
        worst: The highest loss of a column.
        worst_at: Where that was.
    """

    span: Interval
    least: float | None
    most: float | None
    slow: float | None
    loss: float
    worst: float
    worst_at: int


def digest(columns: Sequence[Column]) -> Digest:
    """The digest of at least one column."""
    answered = [column for column in columns if column.times]
    medians = [column.times[1] for column in answered]
    worst = max(columns, key=lambda column: column.loss)
    weights = [column.span.length for column in columns]
    loss = sum(column.loss * weight for column, weight in zip(columns, weights, strict=True)) / sum(weights)
    return Digest(
        Interval(columns[0].span.start, columns[-1].span.end),
        min(medians, default=None),
        max(medians, default=None),
        max((column.times[3] for column in answered), default=None),
        loss,
        worst.loss,
        worst.span.start,
    )


def digests(columns: Sequence[Column], period: Interval, rows: int) -> list[Digest]:
    """The columns of equal parts of a period, one digest for each part in which something was measured."""
    edges = [period.start + period.length * row // rows for row in range(rows + 1)]
    parts = ([each for each in columns if start <= each.span.start < end] for start, end in pairwise(edges))
    return [digest(part) for part in parts if part]
