"""When a reply is late and when it is lost, from the replies before it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.lateness import LATEST, SOONEST, Lateness


def learned(*rtts: float) -> Lateness:
    """What is known after these round trips."""
    lateness = Lateness()
    for rtt in rtts:
        lateness.learn(rtt)
    return lateness


def test_without_a_reply_nothing_is_late_before_it_is_lost() -> None:
    """There is nothing to measure lateness by."""
    assert Lateness().suspicious_after(1.0) == 1.0
    assert Lateness().lost_after(1.0) == 1.0


def test_the_smoothing_is_that_of_rfc_6298() -> None:
    """First SRTT = R and RTTVAR = R/2; then an eighth and a quarter of the news, the variation first."""
    lateness = learned(0.1, 0.2)
    assert lateness.variation == pytest.approx(0.75 * 0.05 + 0.25 * 0.1)
    assert lateness.smoothed == pytest.approx(0.875 * 0.1 + 0.125 * 0.2)
    assert learned(0.1, 0.2).suspicious_after(1.0) == pytest.approx(0.1125 + 4 * 0.0625)


def test_a_fast_link_is_suspected_after_150_ms_and_a_slow_one_later() -> None:
    """Never sooner than a busy machine may take, never later than the reply is lost."""
    assert learned(*[0.002] * 50).suspicious_after(1.0) == SOONEST
    assert learned(*[0.6] * 50).suspicious_after(1.0) == pytest.approx(0.6, abs=0.01)
    assert learned(2.0).suspicious_after(1.5) == 1.5


def test_a_filled_buffer_prolongs_the_wait_at_once_and_its_end_slowly() -> None:
    """One reply of 1.5 s makes the wait 3 s; when replies are fast again it returns within the hour."""
    lateness = learned(*[0.01] * 100, 1.5)
    assert lateness.lost_after(1.0) == LATEST
    for _ in range(3600):
        lateness.learn(0.01)
    assert lateness.lost_after(1.0) == 1.0


def test_a_configured_timeout_is_never_shortened() -> None:
    """Not on a fast link, and not by the longest wait."""
    assert learned(0.001).lost_after(1.0) == 1.0
    assert learned(2.0).lost_after(5.0) == 5.0


def test_p99_is_what_about_one_in_a_hundred_exceeds() -> None:
    """On a long row of random round trips the share above it lies near 1 %."""
    dice, lateness, above = random.Random(2), Lateness(), 0  # noqa: S311  # round trips, no secret
    for number in range(30_000):
        rtt = 0.01 * dice.lognormvariate(0, 0.5)
        above += number >= 10_000 and rtt > lateness.p99
        lateness.learn(rtt)
    assert 0.004 < above / 20_000 < 0.02


@given(st.lists(st.floats(0, 100), max_size=60), st.floats(0.01, 10))
def test_any_round_trips_keep_the_order_of_late_and_lost(rtts: list[float], timeout: float) -> None:
    """A reply is late before it is lost, and lost at the time-out at the earliest."""
    lateness = learned(*rtts)
    lost = lateness.lost_after(timeout)
    assert timeout <= lost <= max(timeout, LATEST)
    assert 0 < lateness.suspicious_after(lost) <= lost
