"""How often chance takes a link for dead: counted over billions of probes, and computed from the real core.

A false alarm begins with a steady probe that is lost, and needs every probe after it to be lost until the row is
proved. So the stretches without loss are skipped exactly, and only the rows are looked at. What a line does to the
next probe of a row depends on the time since the one before, for independent loss and for Gilbert's alike.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.detection import RTT, Simulation
from model.confirmation import YEAR, Plan, burst_offsets
from model.decision import WentDown
from model.detection import Detector
from model.lateness import SOONEST
from model.probing import Pace
from monitor.timetable import JITTER

PACE: Final = Pace(interval=1.0, timeout=1.0)
_CHUNK: Final = 4_000_000
_WARM: Final = 3
_BIAS: Final = 0.9

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chain:
    """Whether a probe is lost, given that the one before it was.

    Attributes:
        loss: Of any probe.
        burst: Mean seconds for which all is lost; ``None`` where each is lost independently.
    """

    loss: float
    burst: float | None = None

    def stays(self, gap: float) -> float:
        """The chance that a probe is lost when the one ``gap`` seconds before was: Gilbert's two states, in time."""
        if self.burst is None:
            return self.loss
        return self.loss + (1 - self.loss) * math.exp(-gap / (self.burst * (1 - self.loss)))

    def stay(self, gaps: Floats) -> Floats:
        """The same of many gaps."""
        if self.burst is None:
            return np.full_like(gaps, self.loss)
        return self.loss + (1 - self.loss) * np.exp(-gaps / (self.burst * (1 - self.loss)))


def departures(plan: Plan, jitter: Floats) -> Floats:
    """When the probes after the first of a row leave, seconds after it, in order.

    Args:
        plan: What makes the row an outage.
        jitter: Of the steady probes: one row for each, the first probe's own in the first column, as shares of the
            interval.

    Returns:
        One row for each; a probe that leaves when it can no longer break the row is at infinity.
    """
    burst = SOONEST + np.array(burst_offsets(plan.silences - 1, plan.span - SOONEST))
    later = np.arange(1, jitter.shape[1]) + jitter[:, 1:] - jitter[:, :1]
    times = np.hstack([np.broadcast_to(burst, (len(jitter), len(burst))), later * PACE.interval])
    # The row is proved when the answer to its last probe is overdue; an answer that comes before that breaks it.
    times[times + RTT > plan.span + PACE.timeout] = np.inf
    return np.sort(times, axis=1)


def steady_probes(plan: Plan) -> int:
    """How many steady probes may leave before a row is proved, its first one included."""
    return math.ceil((plan.span + PACE.timeout) / PACE.interval * (1 + JITTER)) + 1


def alarms(times: Floats, chances: Floats, chain: Chain) -> NDArray[np.bool_]:
    """Which rows are taken for an outage.

    Args:
        times: As of ``departures``.
        chances: Numbers from 0 to 1, one for each probe: it is lost when the number is below its chance.
        chain: What happens to the probes.
    """
    before = np.hstack([np.zeros((len(times), 1)), times[:, :-1]])
    asked = np.isfinite(times)
    gaps = np.where(asked, times - np.where(np.isfinite(before), before, 0), 0)
    proved: NDArray[np.bool_] = np.all(~asked | (chances < chain.stay(gaps)), axis=1)
    return proved


def count(probes: int, plan: Plan, chain: Chain, seed: int) -> int:
    """False alarms among so many steady probes, drawn one row at a time."""
    numbers = np.random.default_rng(seed)
    first, rest = _fixed_gaps(plan)
    found, rows = 0, int(numbers.binomial(probes, chain.loss))
    for start in range(0, rows, _CHUNK):
        survivors = min(_CHUNK, rows - start)
        for gap in first:
            # The first probes of the burst leave before any steady one; few rows outlive them.
            survivors = int(np.count_nonzero(numbers.random(survivors) < chain.stays(gap)))
        jitter = numbers.random((survivors, steady_probes(plan))) * JITTER
        times = departures(plan, jitter)[:, len(first) :] - rest
        found += int(np.count_nonzero(alarms(times, numbers.random(times.shape), chain)))
    return found


def _fixed_gaps(plan: Plan) -> tuple[list[float], float]:
    """Gaps between the probes of a burst that leave before the next steady one can, and when the last of them does."""
    soonest = (1 - JITTER) * PACE.interval
    times = [SOONEST + offset for offset in burst_offsets(plan.silences - 1, plan.span - SOONEST)]
    early = [time for time in times if time < soonest]
    return [after - before for before, after in zip([0.0, *early], early, strict=False)], early[-1]


@dataclass(slots=True)
class Biased:
    """A line that loses far too much, and knows how much likelier what happened was made by that.

    Attributes:
        chain: The true chances.
        random: Draws.
        weight: True chance of what has happened, divided by the one with which it was drawn.
    """

    chain: Chain
    random: random.Random
    weight: float = 1.0
    _last: float | None = None
    _is_over: bool = False

    def loses(self, at: float) -> bool:
        """Nothing before the row; its first probe; then what the dice say, until something is answered."""
        if at < _WARM - 0.5 or self._is_over:
            return False
        if self._last is None:
            true = drawn = 1.0
        else:
            true = self.chain.stays(at - self._last)
            drawn = max(true, _BIAS)
        self._last = at
        lost = self.random.random() < drawn
        self.weight *= true / drawn if lost else (1 - true) / (1 - drawn)
        self._is_over = not lost
        return lost


def chance_of_alarm(plan: Plan, chain: Chain, rows: int, seed: int) -> float:
    """The chance that a row becomes a false alarm, from rows played through the real core (importance sampling)."""
    dice = random.Random(seed)  # noqa: S311  # draws loss, guards nothing
    total = 0.0
    for _ in range(rows):
        line = Biased(chain, dice)
        simulation = Simulation(Detector(PACE, plan=lambda _memory, _interval: plan), PACE, line, dice)
        decisions = simulation.until(_WARM + plan.span + 3)
        total += line.weight if any(isinstance(decision, WentDown) for decision in decisions) else 0.0
    return total / rows


def per_thousand_link_years(chances: Sequence[float], loss: float) -> float:
    """False alarms of a thousand links in a year, from the chance of a row on each of some links."""
    return 1_000 * YEAR / PACE.interval * loss * sum(chances) / len(chances)
