"""Loss ratio and mean burst, learned from probes in order of departure."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.loss import LossMemory, expected_remainder, upper_bound


def fed(outcomes: list[tuple[float, bool]]) -> LossMemory:
    """A memory of steady probes: when each left, and whether it was lost."""
    memory = LossMemory()
    for at, lost in outcomes:
        (memory.lost if lost else memory.answered)(at, steady=True)
    return memory


def test_the_bound_is_one_without_any_probe_and_near_zero_after_an_hour_without_loss() -> None:
    """Nothing known means that anything is possible; 3,600 answers leave less than 0.1 %."""
    assert LossMemory().bound == 1.0
    assert upper_bound(0, 3600) == pytest.approx(0.00075, abs=1e-5)
    assert upper_bound(3600, 3600) == 1.0


@given(sent=st.integers(1, 10_000), lost=st.integers(0, 10_000))
def test_the_bound_lies_above_the_ratio_and_grows_with_each_loss(sent: int, lost: int) -> None:
    """More losses of as many probes never lower it; it stays a ratio."""
    lost = min(sent, lost)
    assert lost / sent <= upper_bound(lost, sent) + 1e-12
    assert upper_bound(lost, sent) <= 1
    assert upper_bound(max(0, lost - 1), sent) <= upper_bound(lost, sent)


def test_the_bound_holds_in_nineteen_of_twenty_hours() -> None:
    """At 2 % the bound of an hour's probes lies below 2 % in about one hour of twenty."""
    dice = random.Random(7)  # noqa: S311  # loss, not a secret
    below = sum(upper_bound(sum(dice.random() < 0.02 for _ in range(1200)), 1200) < 0.02 for _ in range(600))
    assert 0.02 < below / 600 < 0.09


def test_an_hour_is_forgotten_slowly() -> None:
    """Three hours after 20 % of loss little of it is left."""
    lossy = [(float(second), second % 5 == 0) for second in range(3600)]
    clean = [(3600.0 + second, False) for second in range(3 * 3600)]
    assert fed(lossy).bound == pytest.approx(0.2, abs=0.03)
    assert fed(lossy + clean).bound < 0.02


def test_a_silence_counts_when_it_ends_and_not_when_it_was_an_outage() -> None:
    """Its losses wait for the answer that ends it; forgotten, they leave no trace."""
    memory = fed([(float(second), False) for second in range(100)])
    before = memory.bound
    for second in range(100, 160):
        memory.lost(float(second), steady=True)
    assert memory.bound == before
    memory.forget_silence()
    memory.answered(160.0, steady=True)
    assert memory.bound == pytest.approx(before, abs=0.001)
    memory.lost(161.0, steady=True)
    memory.answered(162.0, steady=True)
    assert memory.bound > 1.3 * before


def test_a_burst_probe_ends_a_silence_but_does_not_count_in_the_ratio() -> None:
    """The ratio is that of the steady pace; a loss in the burst alone is no silence."""
    memory = fed([(float(second), False) for second in range(100)])
    bound = memory.bound
    memory.lost(100.2, steady=False)
    memory.answered(100.3, steady=False)
    assert memory.bound == bound
    assert memory.burst == pytest.approx(0.05)


@pytest.mark.parametrize("burst", [0.1, 0.2, 0.5, 1.5])
def test_the_mean_burst_is_found_from_gaps_of_any_length(burst: float) -> None:
    """Exponential bursts, seen only by growing gaps, are estimated within 15 %."""
    dice = random.Random(3)  # noqa: S311  # as above
    memory, now = LossMemory(), 0.0
    for _ in range(1500):
        now += 10
        length = dice.expovariate(1 / burst)
        for offset in (0, 0.15, 0.25, 0.45, 0.85, 1.45, 2.15, 4, 6, 9):
            if offset >= length:
                memory.answered(now + offset, steady=False)
                break
            memory.lost(now + offset, steady=offset == 0)
    assert memory.burst == pytest.approx(burst, rel=0.15)
    assert memory.burst < memory.burst_bound < 1.1 * memory.burst


def test_one_blackout_is_no_pattern() -> None:
    """A blackout of 1.5 s on a quiet link moves the mean burst by some hundredths of a second."""
    memory = LossMemory()
    for offset in (0, 0.15, 0.25, 0.45, 0.85, 1.4):
        memory.lost(100 + offset, steady=offset == 0)
    memory.answered(101.6, steady=False)
    assert 0.05 < memory.burst < 0.1


@given(gap=st.floats(0, 1e6), burst=st.floats(0.001, 1e3))
def test_what_is_left_of_a_burst_lies_within_the_gap_and_below_the_mean(gap: float, burst: float) -> None:
    """It is finite at any ratio, at most half of the gap, at most the mean."""
    remainder = expected_remainder(gap, burst)
    assert math.isfinite(remainder)
    assert -1e-9 <= remainder <= min(gap / 2, burst) * (1 + 1e-6) + 1e-9


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.booleans(), st.booleans()), max_size=50))
def test_times_in_any_order_give_ratios_all_the_same(outcomes: list[tuple[float, bool, bool]]) -> None:
    """Nothing raises, the bound is a ratio, the burst positive."""
    memory = LossMemory()
    for at, lost, steady in outcomes:
        (memory.lost if lost else memory.answered)(at, steady=steady)
    assert 0 <= memory.bound <= 1
    assert memory.burst > 0
