"""How long a subject was in which state, what that makes of its availability, and what stays open.

``docs/availability.md`` explains the figures with an example.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Final

from model.intervals import Interval, Ruler, Spans, clipped, common
from model.outages import Outage, OutageKind, outages
from model.reliability import surely_between_failures
from model.state import State
from model.timeline import Stretch, Watch, timeline
from model.transition import Transition


@dataclass(frozen=True, slots=True)
class Shares:
    """An availability, 0 to 1, with its bounds; null where no time counts.

    Attributes:
        ratio: Of the known time.
        lowest: If all that is unknown was down.
        highest: If all that is unknown was up.
    """

    ratio: float | None
    lowest: float | None
    highest: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """An availability with its bounds.

    Attributes:
        up: Milliseconds that count as available.
        down: Milliseconds that count as not available.
        unknown: Milliseconds that may have been either.
    """

    up: int
    down: int
    unknown: int

    @property
    def ratio(self) -> float | None:
        """Of the known time, 0 to 1; ``None`` where nothing is known."""
        return _ratio(self.up, self.up + self.down)

    @property
    def lowest(self) -> float | None:
        """If all that is unknown was down; ``None`` where no time counts."""
        return _ratio(self.up, self.up + self.down + self.unknown)

    @property
    def highest(self) -> float | None:
        """If all that is unknown was up; ``None`` where no time counts."""
        return _ratio(self.up + self.unknown, self.up + self.down + self.unknown)

    @property
    def shares(self) -> Shares:
        """The three of them."""
        return Shares(self.ratio, self.lowest, self.highest)

    def meets(self, target: float) -> bool | None:
        """Whether the target, 0 to 1, was met; ``None`` where it depends on what is unknown."""
        if self.lowest is None or self.highest is None:
            return None
        if self.lowest >= target:
            return True
        return False if self.highest < target else None


@dataclass(frozen=True, slots=True)
class Tally:
    """Milliseconds in each of the six states; every instant is in exactly one of them."""

    up: int = 0
    degraded: int = 0
    down: int = 0
    unreachable: int = 0
    unknown: int = 0
    maintenance: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in _NAMES))

    def of(self, state: State) -> int:
        """Milliseconds in one state."""
        milliseconds: int = getattr(self, state.value)
        return milliseconds

    @property
    def total(self) -> int:
        """All of it."""
        return sum(getattr(self, name) for name in _NAMES)

    @property
    def coverage(self) -> float | None:
        """The share of the time that is known, 0 to 1; ``None`` of no time."""
        return _ratio(self.total - self.unknown, self.total)

    @property
    def link(self) -> Share:
        """What the line itself did, which judges its provider: both excuses are left out."""
        return Share(self.up + self.degraded, self.down, self.unknown)

    @property
    def service(self) -> Share:
        """What people had of it, whoever was to blame: only maintenance is left out."""
        return Share(self.up + self.degraded, self.down + self.unreachable, self.unknown)


_Four = tuple[int, int, int, int]
_KNOWN: Final = (State.UP, State.DEGRADED, State.DOWN, State.UNREACHABLE)
_NAMES: Final = tuple(field.name for field in fields(Tally))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


class Frame:
    """What the subjects of a site are reckoned in; made once, used for each of them.

    Args:
        period: A month, or what has passed of it, or that part of it in which a subject was there.
        hours: The service hours.
        excused: Announced maintenance over the subject, also before and after the period.
    """

    __slots__ = ("_both", "_excused", "_hours", "excused", "period")

    def __init__(self, period: Interval, hours: Spans, excused: Spans = ()) -> None:
        self.period, self.excused = period, excused
        inside, away = clipped(hours, period), clipped(excused, period)
        self._hours, self._excused, self._both = Ruler(inside), Ruler(away), Ruler(common(inside, away))

    def inside(self, start: int, end: int) -> int:
        """Milliseconds of service hours in a part of the period."""
        return self._hours.inside(start, end)

    def measure(self, start: int, end: int) -> tuple[int, int, int, int]:
        """A part of the period in milliseconds, by service hours (inside, outside) and maintenance.

        Returns:
            Inside and not excused, inside and excused, outside and not excused, outside and excused.
        """
        inside, both = self._hours.inside(start, end), self._both.inside(start, end)
        away = self._excused.inside(start, end)
        return inside - both, both, end - start - inside - away + both, away - both


@dataclass(frozen=True)
class Availability:
    """What one subject was in during a period.

    Attributes:
        period: UTC.
        inside: Inside service hours, without excused time: what a requirement is judged by.
        outside: Outside service hours, without excused time.
        gross_inside: Inside service hours, as if nothing had been announced.
        gross_outside: Outside service hours, as if nothing had been announced.
        outages: Times of DOWN: what the line itself did.
        interruptions: Times of DOWN or UNREACHABLE: what people had of it.
    """

    period: Interval
    inside: Tally
    outside: Tally
    gross_inside: Tally
    gross_outside: Tally
    outages: tuple[Outage, ...]
    interruptions: tuple[Outage, ...]

    @cached_property
    def net(self) -> Tally:
        """At all hours, without excused time; its states add up to the period."""
        return self.inside + self.outside

    @cached_property
    def gross(self) -> Tally:
        """At all hours, as if nothing had been announced; its states add up to the period."""
        return self.gross_inside + self.gross_outside

    @property
    def failures(self) -> int:
        """Outages of at least 10 s that began in the period."""
        return self._begun(OutageKind.OUTAGE)

    @property
    def micro_outages(self) -> int:
        """Outages of 2 s to 10 s that began in the period."""
        return self._begun(OutageKind.MICRO)

    def _begun(self, kind: OutageKind) -> int:
        return sum(outage.kind is kind and not outage.began_before for outage in self.outages)

    @property
    def longest(self) -> Outage | None:
        """The outage with the most down time in the period."""
        return max(self.outages, key=lambda outage: outage.down, default=None)

    @property
    def mttr(self) -> float | None:
        """Mean seconds of down time of the failures, each as far as it lies in the period; ``None`` without any."""
        down = [outage.down for outage in self.outages if outage.kind is OutageKind.OUTAGE and not outage.began_before]
        return sum(down) / len(down) / 1_000 if down else None

    @property
    def mtbf(self) -> float | None:
        """Mean seconds of up time for each failure; ``None`` without any: then ask ``mtbf_at_least``."""
        return self.net.link.up / self.failures / 1_000 if self.failures else None

    @property
    def mtbf_at_least(self) -> float:
        """Seconds that the mean time between failures exceeds with 95 % confidence, for failures at random."""
        return surely_between_failures(self.net.link.up / 1_000, self.failures)


def availability(log: Iterable[Transition], watch: Watch, frame: Frame) -> Availability:
    """What one subject was in during a period.

    Args:
        log: As for ``timeline``. Records after the period only tell how long an outage at its end really was.
        watch: When the monitor was alive and not blind.
        frame: The period, with service hours and maintenance.
    """
    return reckoned(timeline(log, watch), frame)


def reckoned(stretches: Sequence[Stretch], frame: Frame) -> Availability:
    """The same from a timeline, where that is known already."""
    sums = _sums(stretches, frame)
    down = outages(stretches, frame.period, frame.excused, frame.inside, {State.DOWN})
    lost = down
    if any(stretch.state is State.UNREACHABLE for stretch in stretches):
        lost = outages(stretches, frame.period, frame.excused, frame.inside, {State.DOWN, State.UNREACHABLE})
    return Availability(frame.period, *sums, down, lost)


def _sums(stretches: Sequence[Stretch], frame: Frame) -> tuple[Tally, Tally, Tally, Tally]:
    """Inside and outside service hours, both net, then both gross."""
    begin, end = frame.period
    known = dict.fromkeys(_KNOWN, (0, 0, 0, 0))
    for start, until, state, _ in stretches:
        if start < end and until > begin:
            known[state] = _plus(known[state], frame.measure(max(start, begin), min(until, end)))
    inside, inside_excused, outside, outside_excused = zip(*known.values(), strict=True)
    total = frame.measure(begin, end)
    return (
        _tally(inside, total[0], maintenance=total[1]),
        _tally(outside, total[2], maintenance=total[3]),
        _tally(map(sum, zip(inside, inside_excused, strict=True)), total[0] + total[1]),
        _tally(map(sum, zip(outside, outside_excused, strict=True)), total[2] + total[3]),
    )


def _plus(one: _Four, other: _Four) -> _Four:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]


def _tally(known: Iterable[int], total: int, maintenance: int = 0) -> Tally:
    """What is known of the total, in the order of ``_KNOWN``; the rest of it is unknown."""
    up, degraded, down, unreachable = known
    return Tally(up, degraded, down, unreachable, total - up - degraded - down - unreachable, maintenance)
