"""When each job is due: even spread, jitter, no drift. Arithmetic only; the time is an argument.

The starts of one job lie on a grid of its interval, each moved by a small random part of it, so that the pace is
periodic (RFC 3432) without locking on to another periodic thing, and a late start moves no later one.
Jobs of one interval are laid over it by the golden ratio: even at any number, and nobody moves when one is added.
"""

import heapq
import math
import random
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final

JITTER: Final = 0.1
"""Share of the interval over which a start is spread: two starts lie 0.9 to 1.1 intervals apart."""

_GOLDEN: Final = (math.sqrt(5) - 1) / 2
_FIRST_ROUND: Final = 1.5
_FIRST_ROUND_RATE: Final = 250  # as many devices as one core can get to know in a second


@dataclass(frozen=True, slots=True)
class Entry:
    """A job that wants to run for ever.

    Attributes:
        key: What it is; an entry with the same key and interval keeps its place when the timetable is set anew.
        interval: Seconds between starts, above zero.
    """

    key: Hashable
    interval: float


@dataclass(frozen=True, slots=True)
class Due:
    """A start that has come.

    Attributes:
        key: The job's key.
        at: When it was due.
        missed: Starts before this one that passed unseen (a stopped process, a starved loop).
    """

    key: Hashable
    at: float
    missed: int


@dataclass(slots=True)
class _Row:
    interval: float
    number: int  # breaks ties in the heap, where keys need not be comparable
    origin: float  # grid point number 0
    step: int  # number of the grid point that comes next
    due: float


class Timetable:
    """The starts of many jobs, in order of time.

    Args:
        seed: Of the jitter.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311  # spreads load, guards nothing
        self._rows: dict[Hashable, _Row] = {}
        self._heap: list[tuple[float, int, Hashable]] = []
        self._placed = 0

    def __len__(self) -> int:
        return len(self._rows)

    def set(self, entries: Iterable[Entry], now: float) -> None:
        """Take these entries and no others.

        What was there with the same interval keeps its starts; what is new has its first start within 1.5 s, or later
        where so many are new that more than 250 would start in a second, and never later than its own interval.
        """
        wanted = {entry.key: entry for entry in entries}
        self._rows = {
            key: row for key, row in self._rows.items() if key in wanted and wanted[key].interval == row.interval
        }
        new = [entry for entry in wanted.values() if entry.key not in self._rows]
        spread = max(_FIRST_ROUND, len(new) / _FIRST_ROUND_RATE)
        for entry in new:
            self._place(entry, now, spread)
        # A key that was dropped, or placed anew, has left entries in the heap that nothing refers to any more.
        self._heap = [(row.due, row.number, key) for key, row in self._rows.items()]
        heapq.heapify(self._heap)

    def _place(self, entry: Entry, now: float, spread: float) -> None:
        self._placed += 1
        phase = self._placed * _GOLDEN % 1.0
        first = now + phase * min(spread, entry.interval)
        self._rows[entry.key] = _Row(entry.interval, self._placed, now + phase * entry.interval, 0, first)

    def next_due(self) -> float | None:
        """When the next start is due; ``None`` without any job."""
        return self._heap[0][0] if self._heap else None

    def take_due(self, now: float) -> list[Due]:
        """The starts that have come by now, earliest first, each job once; their next starts are set."""
        due: list[Due] = []
        while self._heap and self._heap[0][0] <= now:
            at, _, key = heapq.heappop(self._heap)
            row = self._rows[key]
            missed = self._advance(row, now)
            heapq.heappush(self._heap, (row.due, row.number, key))
            due.append(Due(key, at, missed))
        return due

    def _advance(self, row: _Row, now: float) -> int:
        # At least half an interval after this start: the first one lies before its grid point, anywhere.
        earliest = max(row.due + row.interval / 2, now)
        step = max(row.step, math.ceil((earliest - row.origin) / row.interval))
        missed = max(0, math.floor((now - row.due) / row.interval))
        row.step = step + 1
        row.due = row.origin + (step + self._random.random() * JITTER) * row.interval
        return missed
