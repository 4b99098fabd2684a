"""Who else used a link during a speed test, from the counters of its interface.

While a link is full its counter is its capacity: what the test moved and what everyone else did, framing included.
Agents keep counters for seconds (net-snmp for 3, others up to 15), so that a reading may be older than it says. Where
readings in the plateau grow evenly they are taken as they are. Otherwise only the longer time counts, from before the
test until long after it, in which the age of a reading weighs little; as others give way to a test, that time shows
more of them than the plateau held, and is only believed where it could change the figure by 5 % at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

SHOULDER: Final = 15.0
"""Seconds after a test by which every agent has brought its counters up to date."""
LONG: Final = 40.0
"""Seconds from which on an age of 3 s weighs less than a twelfth."""
LITTLE: Final = 0.05
"""Share of the test's rate up to which others may be added by the longer time."""

_EVEN: Final = 1.15  # the fastest step between two readings beside the slowest
_FEWEST: Final = 3  # steps
_LESS: Final = 0.97  # of what the test moved: below, the counter is another line's


@dataclass(frozen=True, slots=True)
class Counted:
    """One reading of the octets of one direction.

    Attributes:
        at: When it came, seconds since the load began; negative before.
        clock: Seconds by the agent's own clock, from the same answer.
        octets: Of the interface, framing included; ``None`` where the counter began anew since the reading before.
    """

    at: float
    clock: float
    octets: int | None


class Basis(StrEnum):
    """What a capacity rests on. The set is closed: it is stored and shown."""

    PLATEAU = "plateau"  # the counter during the plateau: the test and everyone else
    LONGER = "longer"  # the test, and the little that others moved by the longer time
    NO_COUNTERS = "no_counters"  # the link has no interface that is read, or it was not read often enough
    RESET = "reset"  # the counter began anew in mid-test
    OTHERS = "others"  # others used the link, and the readings are too old to say how much
    ANOTHER_LINE = "another_line"  # the counter grew by less than the test moved

    @property
    def knows_others(self) -> bool:
        """Whether it accounts for everyone else."""
        return self in {Basis.PLATEAU, Basis.LONGER}


@dataclass(frozen=True, slots=True)
class Load:
    """What a test put on the wire.

    Attributes:
        start: Of its plateau, seconds since the load began.
        end: Of the plateau.
        rate: On the wire during the plateau, bit/s, framing included.
        octets: On the wire in all, framing included.
    """

    start: float
    end: float
    rate: float
    octets: float


@dataclass(frozen=True, slots=True)
class Carried:
    """What the link carried in the plateau.

    Attributes:
        rate: Bit/s; where others are not known, that of the test alone.
        others: Bit/s of it that were not the test's; ``None`` where they are not known.
        basis: What that rests on.
    """

    rate: float
    others: float | None
    basis: Basis


def carried(load: Load, readings: Sequence[Counted]) -> Carried:
    """What a link carried while a test was at its plateau.

    Args:
        load: The test.
        readings: Of the direction that it loaded, in order of time.
    """
    around = [one for one in readings if one.at > load.start - SHOULDER]
    if any(one.octets is None for one in around[1:]):
        return Carried(load.rate, None, Basis.RESET)
    inside = _growths([one for one in readings if load.start <= one.at <= load.end])
    if len(inside) >= _FEWEST and _is_even(inside):
        return _by_plateau(load, inside)
    return _by_longer_time(load, readings)


def others_before(readings: Sequence[Counted]) -> float | None:
    """What others moved before a test, bit/s; ``None`` where it cannot be told."""
    steps = _growths([one for one in readings if one.at <= 0])
    elapsed = sum(seconds for seconds, _ in steps)
    return sum(octets for _, octets in steps) * 8 / elapsed if elapsed >= 1 else None


def _growths(readings: Sequence[Counted]) -> list[tuple[float, int]]:
    """Seconds and octets from each reading to the next."""
    return [
        (after.clock - before.clock, after.octets - before.octets)
        for before, after in pairwise(readings)
        if before.octets is not None and after.octets is not None and after.clock > before.clock
    ]


def _is_even(steps: Sequence[tuple[float, int]]) -> bool:
    rates = [octets / seconds for seconds, octets in steps]
    return min(rates) > 0 and max(rates) <= _EVEN * min(rates)


def _by_plateau(load: Load, steps: Sequence[tuple[float, int]]) -> Carried:
    rate = sum(octets for _, octets in steps) * 8 / sum(seconds for seconds, _ in steps)
    if rate < _LESS * load.rate:
        return Carried(load.rate, None, Basis.ANOTHER_LINE)
    return Carried(max(rate, load.rate), max(0.0, rate - load.rate), Basis.PLATEAU)


def _by_longer_time(load: Load, readings: Sequence[Counted]) -> Carried:
    before = [one for one in readings if one.at <= 0]
    after = [one for one in readings if one.at >= load.end + SHOULDER]
    # The nearest that are far enough apart: more would show more of others that have nothing to do with the test.
    pairs = ((one, other) for other in after for one in reversed(before) if other.clock - one.clock >= LONG)
    first, last = next(pairs, (None, None))
    if first is None or last is None or first.octets is None or last.octets is None:
        return Carried(load.rate, None, Basis.NO_COUNTERS)
    elapsed = last.clock - first.clock
    octets = last.octets - first.octets
    if octets < _LESS * load.octets:
        return Carried(load.rate, None, Basis.ANOTHER_LINE)
    others = max(0.0, (octets - load.octets) * 8 / elapsed)
    if others > LITTLE * load.rate:
        return Carried(load.rate, None, Basis.OTHERS)
    return Carried(load.rate + others, others, Basis.LONGER)
