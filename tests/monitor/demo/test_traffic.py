"""Traffic as a function of time."""

from itertools import pairwise
from random import Random

import pytest

from monitor.demo.traffic import SILENCE, Traffic, draw_traffic

NOON = 1_767_243_600.0  # in Hanoi
MOST = 10_000_000.0


@pytest.fixture(params=range(5))
def traffic(request: pytest.FixtureRequest) -> Traffic:
    """Several drawn traffics of at most 10 MB/s."""
    return draw_traffic(2_000_000, MOST, Random(request.param))  # noqa: S311  # repeatable


def test_parts_add_up(traffic: Traffic) -> None:
    """What passes in an hour is what passes in its parts."""
    edges = [NOON, NOON + 0.5, NOON + 97.3, NOON + 1_800, NOON + 3_600]
    parts = sum(traffic.octets(start, end) for start, end in pairwise(edges))
    assert parts == pytest.approx(traffic.octets(edges[0], edges[-1]), rel=1e-9)


def test_the_rate_stays_between_nothing_and_the_most(traffic: Traffic) -> None:
    """No second of three hours carries less than nothing or more than the most."""
    rates = [traffic.octets(NOON + second, NOON + second + 1) for second in range(10_800)]
    assert min(rates) > 0
    assert max(rates) <= MOST


def test_noon_is_busier_than_midnight(traffic: Traffic) -> None:
    """The day shows in the traffic."""
    noon = traffic.octets(NOON - 1_800, NOON + 1_800)
    midnight = traffic.octets(NOON + 41_400, NOON + 45_000)
    assert noon > 1.3 * midnight


def test_a_burst_shows(traffic: Traffic) -> None:
    """Within ten minutes there are seconds well above the others: traffic is not a smooth curve."""
    rates = sorted(traffic.octets(NOON + second, NOON + second + 1) for second in range(600))
    assert rates[-1] > 1.25 * rates[300]


def test_silence_carries_nothing() -> None:
    """An interface without traffic counts nothing, ever."""
    assert SILENCE.octets(0, NOON) == 0
