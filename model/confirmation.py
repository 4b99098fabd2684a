"""How a suspicion is confirmed: so many silences over so long a time that chance is no longer an explanation."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from model.loss import LossMemory

YEAR: Final = 31_557_600.0
"""Seconds of a Julian year."""
FALSE_ALARMS: Final = 1e-4
"""False alarms per link and year that are aimed at: a tenth of what is promised, for what the estimates get wrong."""
FEWEST: Final = 7
MOST: Final = 16
SHORTEST: Final = 2.25
LONGEST: Final = 10.0

_REFERENCE: Final = (0.0, 0.05, 0.15, 0.35, 0.65, 1.0)  # 0, 0.1, 0.3, 0.7, 1.3 and 2 s of a burst of 2 s


@dataclass(frozen=True, slots=True)
class Plan:
    """What makes a silence an outage.

    Attributes:
        silences: Consecutive probes without an answer, one and more.
        span: Seconds from the departure of the first of them to that of the last, at least.
        loss: The upper bound of the loss ratio from which this was computed, 0 to 1.
        burst: The upper bound of the mean burst, seconds.
    """

    silences: int
    span: float
    loss: float
    burst: float


def plan_for(memory: LossMemory, interval: float) -> Plan:
    """The plan for a link that loses as this memory says, probed each ``interval`` seconds."""
    loss, burst = memory.bound, memory.burst_bound
    return Plan(silences_needed(loss, interval), span_needed(loss, burst), loss, burst)


def silences_needed(loss: float, interval: float) -> int:
    """Silences in a row that independent loss brings about less often than ``FALSE_ALARMS``: 7 to 16.

    A row of n begins with one of the YEAR/interval probes of a year and has probability loss^n.
    """
    if loss >= 1:
        return MOST
    if loss <= 0:
        return FEWEST
    needed = math.ceil(math.log(FALSE_ALARMS * interval / YEAR) / math.log(loss))
    return min(max(needed, FEWEST), MOST)


def span_needed(loss: float, burst: float) -> float:
    """Seconds that bursts of this mean length outlast less often than ``FALSE_ALARMS``: 2.25 to 10.

    A year has YEAR·loss/burst bursts; exp(-span/burst) of them are longer than the span.
    """
    bursts = YEAR * loss / burst
    needed = burst * math.log(bursts / FALSE_ALARMS) if bursts > FALSE_ALARMS else 0.0
    return min(max(needed, SHORTEST), LONGEST)


def burst_offsets(probes: int, span: float) -> tuple[float, ...]:
    """When the probes of a confirmation burst leave, seconds from its begin; the last one at ``span``.

    The gaps grow, so that short bursts of loss and long ones are both outlasted; probes beyond six go into the middle
    of the widest gap, so that no two leave close together.
    """
    return tuple(offset * span for offset in _UNIT_OFFSETS[min(max(probes, 1), MOST)])


def _unit_offsets(probes: int) -> tuple[float, ...]:
    offsets = [*_REFERENCE[: probes - 1], 1.0] if probes < len(_REFERENCE) else list(_REFERENCE)
    while len(offsets) < probes:
        _, at = max(_gaps(offsets))
        offsets.insert(at, (offsets[at - 1] + offsets[at]) / 2)
    return tuple(offsets)


def _gaps(offsets: list[float]) -> Iterator[tuple[float, int]]:
    return ((offsets[at] - offsets[at - 1], at) for at in range(1, len(offsets)))


_UNIT_OFFSETS: Final = {probes: _unit_offsets(probes) for probes in range(1, MOST + 1)}
