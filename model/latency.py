"""Round-trip times over time, for the graph of a link: columns, and the last hours of them in a few bytes each.

Here a lost probe is no slow one: quantiles are those of the probes that were answered, and the share that was lost
stands beside them, as SmokePing draws it.
"""

import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from model.intervals import SECOND, Interval
from model.sketch import Sketch, nearest_rank
from model.window import WindowFacts

SHARES: Final = (0.1, 0.5, 0.9, 0.99)
"""Of the answered probes, the shares whose round-trip times a column holds."""

_FIELDS: Final = 1 + len(SHARES)
_LEAST: Final = 1e-6
_MOST: Final = 100.0
_TOP: Final = 65_535  # the largest number of a field
_STEPS_PER_LOG: Final = (_TOP - 1) / math.log(_MOST / _LEAST)  # steps of 0.03 %
_EMPTY: Final = array("H", [0] * _FIELDS)
_FAR_BACK: Final = 2


@dataclass(frozen=True, slots=True)
class Column:
    """The probes that were sent in a short time; there was at least one.

    Attributes:
        span: When, in milliseconds since 1970 UTC.
        times: Round-trip times in seconds that the ``SHARES`` of the answered probes did not exceed; none where none
            was answered.
        loss: Lost divided by sent, 0 to 1.
    """

    span: Interval
    times: tuple[float, ...]
    loss: float

    @property
    def median(self) -> float | None:
        """Seconds; ``None`` where no probe was answered."""
        return self.times[1] if self.times else None


def column_of_window(facts: WindowFacts, span: Interval) -> Column | None:
    """The column of what a window holds; ``None`` where that is nothing."""
    if not facts.n:
        return None
    answered = facts.n - facts.lost
    times = tuple(facts.ranked[nearest_rank(share, answered) - 1] for share in SHARES) if answered else ()
    return Column(span, times, facts.lost / facts.n)


def column_of_sketch(data: bytes, sent: int, lost: int, span: Interval) -> Column | None:
    """The column of a sketch as bytes; ``None`` where nothing was sent.

    Raises:
        InvalidValueError: The bytes are no sketch.
    """
    if not sent:
        return None
    answered = Sketch(Sketch.from_bytes(data).buckets)
    found = [answered.quantile(share) for share in SHARES]
    return Column(span, tuple(time for time in found if time is not None), lost / sent)


class Recent:
    """The last columns of one link, all equally long, ten bytes each; the oldest make room for the newest."""

    __slots__ = ("_cells", "_last", "seconds")

    def __init__(self, seconds: int, columns: int) -> None:
        """Nothing is known yet.

        Args:
            seconds: The length of a column.
            columns: How many are kept.
        """
        self.seconds = seconds
        self._cells = _EMPTY * columns
        self._last: int | None = None  # the number of the newest: whole columns since 1970

    def due(self, until: int) -> Sequence[Interval]:
        """The columns that can be put in, once all before an instant is known.

        Args:
            until: Milliseconds since 1970 UTC. Where that is long before what is known already, the clock was set
                back, and what is known is forgotten.
        """
        newest = until // (self.seconds * SECOND) - 1
        if self._last is not None and newest < self._last - _FAR_BACK:
            self._cells, self._last = _EMPTY * self._room, None
        oldest = newest if self._last is None else max(self._last + 1, newest - _FAR_BACK)
        return [self._span(number) for number in range(oldest, newest + 1)]

    def put(self, span: Interval, column: Column | None) -> None:
        """Take in one that was due, or that there is nothing to it."""
        number = span.start // (self.seconds * SECOND)
        last = number - 1 if self._last is None else self._last
        for missing in range(max(last + 1, number - self._room + 1), number):
            self._write(missing, _EMPTY)
        self._write(number, _EMPTY if column is None else _coded(column))
        self._last = number

    def columns(self, within: Interval) -> Iterator[Column]:
        """Those that begin in an interval, in order of time."""
        if self._last is None:
            return
        length = self.seconds * SECOND
        first = max(self._last - self._room + 1, -(-within.start // length))
        for number in range(first, min(self._last, (within.end - 1) // length) + 1):
            place = number % self._room * _FIELDS
            if self._cells[place]:
                yield _column(self._cells[place : place + _FIELDS], self._span(number))

    @property
    def _room(self) -> int:
        return len(self._cells) // _FIELDS

    def _span(self, number: int) -> Interval:
        length = self.seconds * SECOND
        return Interval(number * length, (number + 1) * length)

    def _write(self, number: int, cells: "array[int]") -> None:
        place = number % self._room * _FIELDS
        self._cells[place : place + _FIELDS] = cells


def _coded(column: Column) -> "array[int]":
    times = [_code(time) for time in column.times] or [0] * len(SHARES)
    return array("H", [1 + round(column.loss * (_TOP - 1)), *times])


def _column(cells: "array[int]", span: Interval) -> Column:
    loss, *times = cells
    return Column(span, tuple(map(_time, times)) if times[0] else (), (loss - 1) / (_TOP - 1))


def _code(seconds: float) -> int:
    steps = math.log(min(max(seconds, _LEAST), _MOST) / _LEAST) * _STEPS_PER_LOG
    return 1 + round(steps)


def _time(code: int) -> float:
    return _LEAST * math.exp((code - 1) / _STEPS_PER_LOG)
