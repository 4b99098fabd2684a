"""The simulated link, and the fast count of false alarms held against the real core."""

import math
import random
from itertools import pairwise
from typing import Self

import numpy as np
import pytest

from bench.detection import Bursty, Cut, Independent, Simulation, line_of, noticed_after
from bench.false_alarms import (
    PACE,
    Chain,
    alarms,
    chance_of_alarm,
    count,
    departures,
    per_thousand_link_years,
    steady_probes,
)
from model.confirmation import Plan
from model.decision import WentDown
from model.detection import Detector
from monitor.timetable import JITTER

PLANS = [Plan(7, 2.25, 0.01, 0.05), Plan(12, 2.25, 0.1, 0.05), Plan(8, 4.5, 0.01, 0.2)]
CHAINS = [Chain(0.7), Chain(0.3, 1.5), Chain(0.05, 3.0)]
FIRST = 3  # the steady probe with which a row begins


def seeded(seed: int) -> random.Random:
    """Dice for loss and jitter."""
    return random.Random(seed)  # noqa: S311  # guards nothing


class Prescribed(random.Random):
    """Gives the numbers that it was given."""

    def prescribe(self, numbers: list[float]) -> Self:
        """Give these from now on."""
        self._numbers = iter(numbers)
        return self

    def random(self) -> float:
        """The next of them; zero when all are used up."""
        return next(self._numbers, 0.0)


class Row:
    """Loses the first probe of a row; then each whose number is below its chance, until one is answered."""

    def __init__(self, chain: Chain, chances: list[float]) -> None:
        self._chain = chain
        self._chances = iter(chances)
        self._last: float | None = None
        self._is_over = False

    def loses(self, at: float) -> bool:
        """As the fast count does, probe by probe."""
        if at < FIRST or self._is_over:
            return False
        before, self._last = self._last, at
        self._is_over = before is not None and next(self._chances) >= self._chain.stays(at - before)
        return not self._is_over


def core_alarms(plan: Plan, chain: Chain, shares: list[float], chances: list[float]) -> bool:
    """Whether the real core takes this row for an outage."""
    detector = Detector(PACE, plan=lambda _memory, _interval: plan)
    jitter = Prescribed().prescribe([0.0] * (FIRST - 1) + shares)
    simulation = Simulation(detector, PACE, Row(chain, chances), jitter)
    return any(isinstance(decision, WentDown) for decision in simulation.until(FIRST + plan.span + 2.5))


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.silences} over {plan.span}")
@pytest.mark.parametrize("chain", CHAINS, ids=str)
def test_the_fast_count_and_the_real_core_agree_on_every_row(plan: Plan, chain: Chain) -> None:
    """The same random numbers through both: the same rows are taken for outages, some are and some are not."""
    numbers = np.random.default_rng(11)
    shares = numbers.random((400, steady_probes(plan)))
    times = departures(plan, shares * JITTER)
    # Most rows would be over at once; numbers drawn low let enough of them live.
    chances = numbers.random(times.shape) ** 3
    fast = alarms(times, chances, chain).tolist()
    real = [core_alarms(plan, chain, *row) for row in zip(shares.tolist(), chances.tolist(), strict=True)]
    assert real == fast
    assert 0 < sum(fast) < len(fast)


@pytest.mark.parametrize("chain", [Chain(0.4), Chain(0.02, 0.5)], ids=str)
def test_counting_computing_and_simulating_agree(chain: Chain) -> None:
    """On a line bad enough to be counted, importance sampling of the core and the count meet within their errors."""
    plan = Plan(7, 2.25, 0.01, 0.05)
    probes = 3_000_000
    counted = count(probes, plan, chain, seed=1)
    expected = probes * chain.loss * chance_of_alarm(plan, chain, 1500, seed=2)
    assert counted > 50
    assert counted == pytest.approx(expected, rel=0.1 + 3 / math.sqrt(counted))


def test_the_chance_of_a_row_is_the_formula_where_there_is_one() -> None:
    """Independent loss p: a row is proved by ten probes at this pace, so its chance is p to the ninth."""
    assert chance_of_alarm(Plan(7, 2.25, 0.01, 0.05), Chain(0.01), 2000, 3) == pytest.approx(0.01**9, rel=0.05)
    assert per_thousand_link_years([1e-18, 3e-18], 0.01) == pytest.approx(1000 * 31_557_600 * 0.01 * 2e-18)


@pytest.mark.parametrize("line", [(0.1, None), (0.1, 0.3)], ids=str)
def test_a_line_loses_what_it_says(line: tuple[float, float | None]) -> None:
    """Its share over a long time, and for bursts the chance that the next probe is lost as well."""
    dice = seeded(4)
    made = line_of(*line, dice)
    lost = [made.loses(0.1 * number) for number in range(200_000)]
    assert sum(lost) / len(lost) == pytest.approx(0.1, rel=0.05)
    both = sum(first and second for first, second in pairwise(lost))
    assert both / sum(lost) == pytest.approx(Chain(*line).stays(0.1), rel=0.05)


def test_a_cut_loses_all_between_its_begin_and_its_end() -> None:
    """Half-open, on any line."""
    cut = Cut(Independent(0.0, seeded(1)), 2.0, 3.0)
    assert [cut.loses(at) for at in (1.9, 2.0, 2.9, 3.0)] == [False, True, True, False]
    assert isinstance(line_of(0.1, 0.2, seeded(1)), Bursty)


def test_cuts_of_a_clean_link_are_noticed_within_the_promise() -> None:
    """A hundred cuts at random phase, none later than a jittered second, the span and the time-out."""
    dice = seeded(6)
    link = Simulation(Detector(PACE), PACE, Independent(0.0, dice), dice)
    times = noticed_after(link, 100)
    assert min(times) > 3.2
    assert max(times) < 1.1 + 2.25 + 1.0 + 0.02
    assert sum(times) / 100 == pytest.approx(3.75, abs=0.12)
