"""The outages of one subject: when each was, how long, how sure, and to which month it belongs."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from model.intervals import SECOND, Interval, Spans, clipped, merged, without
from model.state import State
from model.timeline import Stretch

_OUTAGE: Final = 10 * SECOND  # from the practice of ITU-T G.826: ten bad seconds make an unavailable time
_MICRO: Final = 2 * SECOND


class OutageKind(StrEnum):
    """By the whole down time of an outage, also outside the period that is looked at."""

    OUTAGE = "outage"  # 10 s or more
    MICRO = "micro"  # 2 s to 10 s
    BRIEF = "brief"  # under 2 s: its time counts, and nothing else


@dataclass(frozen=True, slots=True)
class Outage:
    """The part of one outage that lies in a period, without excused time.

    It ends when an answer proves it. Where the monitor was blind in the midst of it, or something above was down, it
    is one outage still, but only the time that was seen down counts.

    Attributes:
        interval: From the first to the last instant down in the period.
        down: Milliseconds down between them.
        down_in_hours: Of these, inside service hours.
        whole: Milliseconds down in all, also outside the period.
        start_uncertainty: Seconds by which the start may be off; ``None`` where the time before it is unknown.
        end_uncertainty: The same for the end.
        began_before: It began before the period, and belongs to the month in which it began.
        goes_on: It was not over at the end of the period.
    """

    interval: Interval
    down: int
    down_in_hours: int
    whole: int
    start_uncertainty: float | None
    end_uncertainty: float | None
    began_before: bool
    goes_on: bool

    @property
    def kind(self) -> OutageKind:
        """By its whole down time."""
        if self.whole >= _OUTAGE:
            return OutageKind.OUTAGE
        return OutageKind.MICRO if self.whole >= _MICRO else OutageKind.BRIEF


def outages(
    stretches: Iterable[Stretch],
    period: Interval,
    excused: Spans,
    hours: Callable[[int, int], int],
    lost: Collection[State],
) -> tuple[Outage, ...]:
    """The outages that have down time in a period, in order.

    Args:
        stretches: The timeline, also before and after the period.
        period: UTC.
        excused: Announced maintenance; an outage that began in it begins for us where it ends.
        hours: Milliseconds of service hours in a part of the period.
        lost: The states that make an outage.
    """
    return tuple(_outages(_episodes(stretches, lost), period, excused, hours))


@dataclass(slots=True)
class _Episode:
    """Stretches of an outage, and the answer that ended it."""

    stretches: list[Stretch] = field(default_factory=list)
    answer: Stretch | None = None


def _episodes(stretches: Iterable[Stretch], lost: Collection[State]) -> Iterator[_Episode]:
    episode = _Episode()
    for stretch in stretches:
        if stretch.state in lost:
            episode.stretches.append(stretch)
        elif stretch.state.passes and episode.stretches:
            episode.answer = stretch
            yield episode
            episode = _Episode()
    if episode.stretches:
        yield episode


def _outages(
    episodes: Iterable[_Episode], period: Interval, excused: Spans, hours: Callable[[int, int], int]
) -> Iterator[Outage]:
    for episode in episodes:
        parts = without(merged(Interval(start, end) for start, end, *_ in episode.stretches), excused)
        inside = clipped(parts, period)
        if inside:
            yield Outage(
                interval=Interval(inside[0].start, inside[-1].end),
                down=sum(part.length for part in inside),
                down_in_hours=sum(hours(*part) for part in inside),
                whole=sum(part.length for part in parts),
                start_uncertainty=_start_uncertainty(episode.stretches[0], inside[0].start),
                end_uncertainty=_end_uncertainty(episode, inside[-1].end),
                began_before=parts[0].start < period.start,
                goes_on=_goes_on(episode, parts, period.end),
            )


def _start_uncertainty(first: Stretch, start: int) -> float | None:
    """Exact where the period or a maintenance window cuts it."""
    return first.uncertainty if start == first.start else 0.0


def _end_uncertainty(episode: _Episode, end: int) -> float | None:
    if end < episode.stretches[-1].end:
        return 0.0
    return episode.answer.uncertainty if episode.answer and episode.answer.start == end else None


def _goes_on(episode: _Episode, parts: Sequence[Interval], end: int) -> bool:
    answered_by_then = episode.answer is not None and episode.answer.start <= end
    return parts[-1].end >= end and not answered_by_then
