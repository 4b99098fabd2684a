"""From the log of one subject to the state at every instant: the last word on an instant holds, if it was watched."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from math import inf
from typing import NamedTuple

from model.intervals import Interval, clipped, instant, merged
from model.state import State
from model.transition import Transition


class Stretch(NamedTuple):
    """A time in which a subject was in one known state.

    Attributes:
        start: Milliseconds since 1970 UTC.
        end: No longer part of it.
        state: UP, DEGRADED, DOWN or UNREACHABLE.
        uncertainty: Seconds by which the start may be off; ``None`` where nothing is known of the time before it.
    """

    start: int
    end: int
    state: State
    uncertainty: float | None


class Watch:
    """When the monitor was alive and not blind, in runs; where a run ends, every claim that was made in it ends.

    Args:
        runs: The heartbeats of one monitor, in any order. Two that touch are two all the same, because a restart
            lies between. Two overlap only where its clock was set back; it begins one when that is noticed, and
            another when the repeated time is over.
    """

    __slots__ = ("_farthest", "_runs", "_spans")

    def __init__(self, runs: Iterable[Interval]) -> None:
        self._runs = sorted(run for run in runs if run.start < run.end)
        self._farthest = list(accumulate((run.end for run in self._runs), max))
        self._spans = merged(self._runs)

    def run_at(self, at: int) -> Interval:
        """From the beginning of the run that began last before an instant, to the end of the first run that ends.

        These are of one run except where the clock was set back, and nobody can tell in which run the instant was.
        """
        place = bisect_right(self._runs, (at, inf)) - 1
        if place < 0:
            return Interval(at, at)
        start, end = self._runs[place]
        if place and self._farthest[place - 1] > at:
            end = min(run.end for run in self._runs[: place + 1] if run.end > at)
        return Interval(start, end)

    def seen(self, within: Interval) -> Iterator[Interval]:
        """The parts of an interval in which the monitor was watching, in order."""
        place = max(0, bisect_right(self._spans, (within.start, inf)) - 1)
        behind = bisect_right(self._spans, (within.end, inf))
        yield from clipped(self._spans[place:behind], within)


@dataclass(slots=True)
class _Word:
    """What one record says: from ``at`` until ``ends``, unless a later record says otherwise."""

    at: int
    ends: int
    state: State
    uncertainty: float


def timeline(log: Iterable[Transition], watch: Watch) -> list[Stretch]:
    """Every time of known state, in order; what lies between them is unknown.

    - Records are taken in the order in which they were noticed. Each holds from its ``at`` on, also where that lies
      before an earlier record's, until the end of the run in which it was noticed. So the monitor says anew in each
      run what everything is in.
    - A record that is there twice counts once.
    - Where a record does not begin with the state that the one before it has ended with, something is missing, and
      the time between the two is unknown.
    - Maintenance in the log says nothing about what lies beneath it.

    Args:
        log: Of one subject, also under its former names, in any order; from the last record before the time of
            interest on.
        watch: The monitor's.
    """
    words: list[_Word] = []
    said = State.UNKNOWN
    for record in _in_order(log):
        at, noticed = instant(record.at), instant(record.noticed_at)
        run = watch.run_at(noticed)
        if words and record.before is not said and noticed < words[-1].ends:
            words[-1].ends = max(words[-1].at, run.start)
        while words and words[-1].at >= at:
            words.pop()
        words.append(_Word(at, run.end, record.after, record.uncertainty))
        said = record.after
    return list(_stretches(words, watch))


def _in_order(log: Iterable[Transition]) -> Iterable[Transition]:
    first: dict[tuple[datetime, State, State], Transition] = {}
    for record in sorted(log, key=lambda record: (record.noticed_at, record.at)):
        first.setdefault((record.at, record.before, record.after), record)
    return first.values()


def _stretches(words: list[_Word], watch: Watch) -> Iterator[Stretch]:
    known_until = None
    ends = [*(word.at for word in words[1:]), inf]
    for word, next_at in zip(words, ends, strict=False):
        if not (word.state.passes or word.state.is_lost):
            continue
        for start, end in watch.seen(Interval(word.at, int(min(word.ends, next_at)))):
            yield Stretch(start, end, word.state, word.uncertainty if start == known_until else None)
            known_until = end
