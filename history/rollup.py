"""An hour of one link or service in a few numbers and two sketches, and longer spans folded from hours.

Pure: the caller says what was measured, how long each state lasted, and when the hour is over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from typing import Final

from model.measurement import SubjectKey
from model.sketch import Sketch
from model.state import State

_BITS: Final = 8


@dataclass(frozen=True, slots=True)
class Traffic:
    """What passed in one direction.

    Attributes:
        octets: Bytes.
        peak: Highest throughput between two polls, in bit/s.
    """

    octets: int
    peak: float

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(self.octets + other.octets, max(self.peak, other.peak))


HourlyMean = tuple[int | None, int | None]
"""Mean throughput of an hour in whole bit/s, towards the site and away from it; ``None`` where it was not read."""


@dataclass(frozen=True, slots=True)
class Rollup:
    """What was measured of one subject during [start, end).

    Attributes:
        subject: Noun and id.
        start: Aware UTC; the begin of an hour, or later where the monitor started in mid-hour.
        end: Aware UTC, after ``start``; the end of the hour, or earlier where the monitor was stopped in mid-hour.
        sent: Probes sent.
        lost: Of them, without an answer.
        late: Of them, answered after the time-out, and so lost too.
        rtt: ``Sketch`` of the round-trip times as bytes; ``None`` where none is known.
        delay_variation: ``Sketch`` of the delays above their window's minimum; ``None`` where none is known.
        spent: Time in each state that occurred.
        download: Towards the site; ``None`` where the counters were not read.
        upload: Away from the site; likewise.
        stable_minutes: Minutes that kept every limit of stability.
        known_minutes: Minutes that could be judged; never fewer than ``stable_minutes``.
        covered: Time during which something was measured.
        hours: Of a day, mean throughput of each of its hours, in order; of an hour or a month nothing.
    """

    subject: SubjectKey
    start: datetime
    end: datetime
    sent: int = 0
    lost: int = 0
    late: int = 0
    rtt: bytes | None = None
    delay_variation: bytes | None = None
    spent: Mapping[State, timedelta] = field(default_factory=dict)
    download: Traffic | None = None
    upload: Traffic | None = None
    stable_minutes: int = 0
    known_minutes: int = 0
    covered: timedelta = timedelta()
    hours: tuple[HourlyMean, ...] = ()


class Span(StrEnum):
    """How long a rollup is meant to be: hours are measured, the others are folded from them."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class RollupBlock:
    """The rollups of one ward over one span: what is stored and read as one piece.

    Attributes:
        ward: Its id.
        span: A day or month is the ward's own, by its time zone; a month that is not over ends with its last day.
        start: Aware UTC.
        end: Aware UTC, after ``start``.
        rollups: At most one for each subject.
        parts: Blocks of hours that it was folded from; 0 of an hour, which was measured.
    """

    ward: str
    span: Span
    start: datetime
    end: datetime
    rollups: tuple[Rollup, ...]
    parts: int = 0


class RollingHour:
    """What has been measured of one subject since ``start``."""

    __slots__ = (
        "_covered",
        "_known_minutes",
        "_late",
        "_lost",
        "_rtt",
        "_sent",
        "_spent",
        "_stable_minutes",
        "_start",
        "_subject",
        "_traffic",
        "_variation",
    )

    def __init__(self, subject: SubjectKey, start: datetime) -> None:
        self._subject = subject
        self._start = start
        self._sent = self._lost = self._late = 0
        self._stable_minutes = self._known_minutes = 0
        self._rtt = Sketch()
        self._variation = Sketch()
        self._spent: dict[State, timedelta] = {}
        self._traffic: dict[str, Traffic] = {}
        self._covered = timedelta()

    def answered(self, rtt: float, delay_variation: float | None = None) -> None:
        """A probe came back in time.

        Args:
            rtt: Round-trip time in seconds.
            delay_variation: Seconds above the smallest round-trip time of its window, where that is known.
        """
        self._sent += 1
        self._rtt.add(rtt)
        if delay_variation is not None:
            self._variation.add(delay_variation)

    def unanswered(self, *, late: bool = False) -> None:
        """A probe did not come back in time; ``late`` if it came after that. Its round-trip time is infinite."""
        self._sent += 1
        self._lost += 1
        self._late += late
        self._rtt.add(float("inf"))

    def was(self, state: State, duration: timedelta) -> None:
        """The subject was in this state for so long."""
        self._spent[state] = self._spent.get(state, timedelta()) + duration

    def carried(self, download: Traffic | None, upload: Traffic | None) -> None:
        """So much passed between two polls, ``peak`` being the mean throughput; ``None`` where it is not known."""
        for direction, traffic in (("download", download), ("upload", upload)):
            if traffic is not None:
                before = self._traffic.get(direction)
                self._traffic[direction] = traffic if before is None else before + traffic

    def minute(self, *, stable: bool) -> None:
        """One more minute could be judged."""
        self._stable_minutes += stable
        self._known_minutes += 1

    def measured(self, duration: timedelta) -> None:
        """So much more time was under measurement."""
        self._covered += duration

    def rollup(self, end: datetime) -> Rollup:
        """All of it, at the end of the hour or of the monitor."""
        return Rollup(
            self._subject,
            self._start,
            end,
            self._sent,
            self._lost,
            self._late,
            self._rtt.to_bytes() if self._rtt.n else None,
            self._variation.to_bytes() if self._variation.n else None,
            dict(self._spent),
            self._traffic.get("download"),
            self._traffic.get("upload"),
            self._stable_minutes,
            self._known_minutes,
            self._covered,
        )


def merged(parts: Sequence[Rollup]) -> Rollup:
    """The rollup of the whole time that these parts of one subject cover, in any order.

    Args:
        parts: At least one; from several monitors, from before and after a restart, hours of a day.

    Returns:
        Without sketches where those of one part are gone: the rest would look like the whole.

    Raises:
        InvalidValueError: A sketch cannot be read.
    """
    whole = all(part.rtt is not None or not part.sent for part in parts)
    return Rollup(
        parts[0].subject,
        min(part.start for part in parts),
        max(part.end for part in parts),
        sum(part.sent for part in parts),
        sum(part.lost for part in parts),
        sum(part.late for part in parts),
        _merged_sketch(part.rtt for part in parts) if whole else None,
        _merged_sketch(part.delay_variation for part in parts) if whole else None,
        _sum_of_states(parts),
        _sum_of_traffic(part.download for part in parts),
        _sum_of_traffic(part.upload for part in parts),
        sum(part.stable_minutes for part in parts),
        sum(part.known_minutes for part in parts),
        sum((part.covered for part in parts), timedelta()),
    )


def folded(span: Span, start: datetime, end: datetime, blocks: Sequence[RollupBlock]) -> RollupBlock:
    """One block over [start, end) from the blocks of one ward that lie in it.

    Args:
        span: What it becomes.
        start: Aware UTC.
        end: Aware UTC.
        blocks: At least one.
    """
    parts: dict[SubjectKey, list[Rollup]] = {}
    for block in blocks:
        for rollup in block.rollups:
            parts.setdefault(rollup.subject, []).append(rollup)
    rollups = tuple(_folded(span, parts[subject]) for subject in sorted(parts))
    return RollupBlock(blocks[0].ward, span, start, end, rollups, sum(block.parts or 1 for block in blocks))


def _folded(span: Span, parts: Sequence[Rollup]) -> Rollup:
    whole = merged(parts)
    return replace(whole, hours=hourly_means(parts)) if span is Span.DAY else whole


def hourly_means(parts: Iterable[Rollup]) -> tuple[HourlyMean, ...]:
    """Of each hour that any of these parts lies in, in order: the bytes of its parts by their time."""
    hours: dict[datetime, list[Rollup]] = {}
    for part in parts:
        hours.setdefault(part.start.replace(minute=0, second=0, microsecond=0), []).append(part)
    return tuple(
        (
            _mean([(part, part.download) for part in hours[hour]]),
            _mean([(part, part.upload) for part in hours[hour]]),
        )
        for hour in sorted(hours)
    )


def _mean(parts: Iterable[tuple[Rollup, Traffic | None]]) -> int | None:
    known = [(part.end - part.start, traffic.octets) for part, traffic in parts if traffic is not None]
    seconds = sum((length for length, _ in known), timedelta()).total_seconds()
    return round(sum(octets for _, octets in known) * _BITS / seconds) if seconds else None


def _merged_sketch(parts: Iterable[bytes | None]) -> bytes | None:
    known = [part for part in parts if part is not None]
    if len(known) <= 1:
        return known[0] if known else None
    return reduce(Sketch.merged, map(Sketch.from_bytes, known)).to_bytes()


def _sum_of_states(parts: Iterable[Rollup]) -> dict[State, timedelta]:
    spent: dict[State, timedelta] = {}
    for part in parts:
        for state, duration in part.spent.items():
            spent[state] = spent.get(state, timedelta()) + duration
    return spent


def _sum_of_traffic(parts: Iterable[Traffic | None]) -> Traffic | None:
    known = [part for part in parts if part is not None]
    return reduce(Traffic.__add__, known) if known else None
