"""The state of something over time, as a strip: its colour says it, and so does its height."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from exporters.past import Past
from model.intervals import Interval, Spans, clipped, common, instant, merged, without
from model.maintenance import Announcement, open_spans
from model.measurement import SubjectKey
from model.state import State
from model.timeline import Watch, timeline

WIDTH: Final = 1_200
HEIGHT: Final = 12

HEIGHTS: Final[Mapping[State, int]] = {
    State.UP: 7,
    State.MAINTENANCE: 7,
    State.DEGRADED: 10,
    State.UNREACHABLE: 12,
    State.DOWN: 12,
    State.UNKNOWN: 1,
}
"""How high each state stands."""
_NARROWEST: Final = 1.5  # a short outage must be seen


@dataclass(frozen=True, slots=True)
class Piece:
    """A time in one state.

    Attributes:
        state: Which.
        path: Of the pieces of that state.
    """

    state: State
    path: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip, ready to be drawn.

    Attributes:
        day: Whose it is; ``None`` of any other length of time.
        pieces: One for each state that occurs.
        spent: How many milliseconds were spent in each state.
    """

    day: date | None
    pieces: Sequence[Piece]
    spent: Mapping[State, int]


States = Sequence[tuple[State, Spans]]


def states_in(
    past: Past, subject: SubjectKey, period: Interval, zone: tzinfo, announcements: Iterable[Announcement]
) -> States:
    """When a subject was in which state; each instant of the period is in one of them.

    Args:
        past: What happened.
        subject: To whom.
        period: When.
        zone: Of the windows of planned work.
        announcements: Of planned work on the subject; it lies over everything else.
    """
    work = merged(span for each in announcements for span in open_spans(each.window, zone, period))
    known = [
        (stretch.state, Interval(stretch.start, stretch.end))
        for stretch in timeline(past.transitions.get(subject, ()), Watch(past.runs))
    ]
    found: list[tuple[State, Spans]] = [(State.MAINTENANCE, work)]
    for state in (State.UP, State.DEGRADED, State.DOWN, State.UNREACHABLE):
        spans = clipped(merged(span for was, span in known if was is state), period)
        found.append((state, without(spans, work)))
    held = merged(span for _, spans in found for span in spans)
    return [*found, (State.UNKNOWN, without((period,), held))]


def strip(states: States, period: Interval, day: date | None = None) -> Strip:
    """The strip of a part of the time."""
    inside = [(state, common(spans, (period,))) for state, spans in states]
    pieces = [Piece(state, _path(state, spans, period)) for state, spans in inside if spans]
    return Strip(day, pieces, {state: sum(span.length for span in spans) for state, spans in inside if spans})


def days(states: States, now: datetime, zone: tzinfo, count: int) -> Iterator[Strip]:
    """A strip for each of the last days, today first; each as long as the day is, whatever the clock does in it."""
    today = now.astimezone(zone).date()
    for back in range(count):
        day = today - timedelta(days=back)
        whole = Interval(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))
        yield strip(states, whole, day)


def _midnight(day: date, zone: tzinfo) -> int:
    return instant(datetime(day.year, day.month, day.day, tzinfo=zone))


def _path(state: State, spans: Spans, period: Interval) -> str:
    return "".join(_box(state, span, period) for span in spans)


def _box(state: State, span: Interval, period: Interval) -> str:
    start = (span.start - period.start) / period.length * WIDTH
    width = max(_NARROWEST, span.length / period.length * WIDTH)
    height = HEIGHTS[state]
    return f"M{start:.6g},{HEIGHT}h{width:.6g}v{-height}h{-width:.6g}z"
