"""Half-open stretches of time in whole milliseconds since 1970, UTC: exact to add up, quick to cut.

People and facts use aware datetimes; ``instant`` and ``moment`` are the two doors between them and these numbers.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from math import inf
from typing import Final, NamedTuple

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECOND: Final = 1_000
DAY: Final = 86_400 * SECOND
_MILLISECOND: Final = timedelta(milliseconds=1)


class Interval(NamedTuple):
    """Everything from ``start`` on and before ``end``, in milliseconds since 1970 UTC."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Milliseconds."""
        return self.end - self.start


Spans = tuple[Interval, ...]
"""Intervals in order that neither overlap nor touch, none of them empty."""


def instant(at: datetime) -> int:
    """The millisecond that an aware time lies in.

    Raises:
        TypeError: The time has no zone.
    """
    return (at - EPOCH) // _MILLISECOND


def moment(at: int) -> datetime:
    """The aware UTC time of a millisecond."""
    return EPOCH + at * _MILLISECOND


def between(start: datetime, end: datetime) -> Interval:
    """The interval from one aware time to another."""
    return Interval(instant(start), instant(end))


def merged(intervals: Iterable[Interval]) -> Spans:
    """What any of the intervals covers; empty and reversed ones cover nothing."""
    spans: list[Interval] = []
    for interval in sorted(interval for interval in intervals if interval.start < interval.end):
        if spans and interval.start <= spans[-1].end:
            spans[-1] = Interval(spans[-1].start, max(spans[-1].end, interval.end))
        else:
            spans.append(interval)
    return tuple(spans)


def clipped(spans: Spans, within: Interval) -> Spans:
    """The part of the spans that lies within the interval."""
    start, end = within
    if start >= end:
        return ()
    return tuple(
        span if span[0] >= start and span[1] <= end else Interval(max(span[0], start), min(span[1], end))
        for span in spans
        if span[0] < end and span[1] > start
    )


def common(some: Spans, others: Spans) -> Spans:
    """What both cover."""
    return tuple(_common(some, others))


def _common(some: Spans, others: Spans) -> Iterator[Interval]:
    mine, theirs = iter(some), iter(others)
    one, other = next(mine, None), next(theirs, None)
    while one and other:
        start, end = max(one.start, other.start), min(one.end, other.end)
        if start < end:
            yield Interval(start, end)
        if one.end <= other.end:
            one = next(mine, None)
        else:
            other = next(theirs, None)


def without(some: Spans, others: Spans) -> Spans:
    """What the first cover and the others do not."""
    if not some:
        return ()
    start, end = some[0].start, some[-1].end
    edges = [start, *(edge for other in clipped(others, Interval(start, end)) for edge in other), end]
    rest = (Interval(*edges[place : place + 2]) for place in range(0, len(edges), 2))
    return common(some, tuple(gap for gap in rest if gap.start < gap.end))


def inside(spans: Spans, within: Interval) -> int:
    """Milliseconds of one interval that spans cover; where many are asked for, a ``Ruler`` is quicker."""
    start, end = within
    covered, place = 0, max(0, bisect_right(spans, (start, inf)) - 1)
    while place < len(spans) and spans[place][0] < end:
        covered += max(0, min(spans[place][1], end) - max(spans[place][0], start))
        place += 1
    return covered


class Ruler:
    """Measures how much of any interval the spans cover, in the time of two binary searches."""

    __slots__ = ("_ahead", "_edges")

    def __init__(self, spans: Spans) -> None:
        # _ahead[n] is what is covered before the edge n; from an even edge to the next everything is covered.
        self._edges = [edge for span in spans for edge in span]
        steps = (right - left if place % 2 == 0 else 0 for place, (left, right) in enumerate(pairwise(self._edges)))
        self._ahead = list(accumulate(steps, initial=0))

    def before(self, at: int) -> int:
        """Milliseconds that the spans cover before an instant."""
        place = bisect_right(self._edges, at) - 1
        if place < 0:
            return 0
        return self._ahead[place] + (at - self._edges[place] if place % 2 == 0 else 0)

    def inside(self, start: int, end: int) -> int:
        """Milliseconds that the spans cover from ``start`` to ``end``."""
        return self.before(end) - self.before(start)
