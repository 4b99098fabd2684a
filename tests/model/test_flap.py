"""The flap penalty: a figure of merit that decays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.flap import CEILING, ENDS_AT, HALF_LIFE, FlapMeter


def test_the_penalty_halves_in_fifteen_minutes() -> None:
    """One outage weighs one, and half of it a half-life later."""
    meter = FlapMeter()
    assert meter.penalty(0) == 0
    assert not meter.went_down(100.0)
    assert meter.penalty(100.0) == 1
    assert meter.penalty(100.0 + HALF_LIFE) == pytest.approx(0.5)


def test_flapping_begins_once_and_ends_once() -> None:
    """Four outages within minutes begin it, the fifth does not begin it again; then it decays to its end."""
    meter = FlapMeter()
    assert [meter.went_down(60.0 * number) for number in range(5)] == [False, False, False, True, False]
    flapping = [meter.flapping]
    assert not meter.settled(300.0)
    end = 240 + HALF_LIFE * 2.3
    assert meter.settled(end)
    assert [*flapping, meter.flapping] == [True, False]
    assert not meter.settled(end + 1)


def test_outages_hours_apart_are_not_flapping() -> None:
    """The penalty of each is gone before the next."""
    meter = FlapMeter()
    assert not any(meter.went_down(7200.0 * number) for number in range(50))


def test_the_penalty_has_a_ceiling() -> None:
    """However often it went down, three half-lives of peace are enough."""
    meter = FlapMeter()
    for second in range(1000):
        meter.went_down(float(second))
    assert meter.penalty(999.0) == CEILING
    assert meter.settled(999.0 + 3 * HALF_LIFE)


@given(st.lists(st.floats(-1e6, 1e6), max_size=40), st.floats(-1e6, 1e6))
def test_times_in_any_order_keep_the_penalty_in_its_range(outages: list[float], now: float) -> None:
    """Between zero and the ceiling, and flapping only above the lower mark."""
    meter = FlapMeter()
    for at in outages:
        meter.went_down(at)
    assert 0 <= meter.penalty(now) <= CEILING
    meter.settled(now)
    assert not meter.flapping or meter.penalty(now) > ENDS_AT
