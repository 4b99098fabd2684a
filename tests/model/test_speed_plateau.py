"""The ramp is left out, and a test ends when its mean is certain."""

import random
from statistics import fmean

import pytest

from model.speed_plateau import LEAST, SHORTEST_RAMP, plateau


def noisy(mean: float, share: float, n: int, seed: int = 1) -> list[float]:
    """Rates that vary so much."""
    dice = random.Random(seed)  # noqa: S311  # draws rates, guards nothing
    return [dice.gauss(mean, share * mean) for _ in range(n)]


@pytest.mark.parametrize("n", range(SHORTEST_RAMP + 1))
def test_the_beginning_is_all_ramp(n: int) -> None:
    """Nothing is said of it."""
    assert plateau([100.0] * n) is None


def test_a_ramp_is_left_out() -> None:
    """However slow it is, and a burst of a policer's bucket too: the mean is that of the rest."""
    rest = noisy(100, 0.01, 20)
    for ramp in ([5, 10, 20, 40, 60, 80, 90], [300, 300, 250, 200, 180], []):
        found = plateau([*map(float, ramp), *rest])
        assert found is not None
        assert found.start >= max(len(ramp) - 2, SHORTEST_RAMP)
        assert found.mean == pytest.approx(100, rel=0.02)


def test_it_is_certain_once_its_interval_is_narrow() -> None:
    """Steady rates are after the least number of them, wild ones are not, and a single one never is."""
    assert not plateau(noisy(100, 0.001, SHORTEST_RAMP + LEAST - 1)).is_certain  # type: ignore[union-attr]  # it is one
    assert plateau(noisy(100, 0.001, SHORTEST_RAMP + LEAST)).is_certain  # type: ignore[union-attr]  # as above
    assert not plateau(noisy(100, 0.2, 40)).is_certain  # type: ignore[union-attr]  # as above


def test_the_interval_holds_the_mean_as_often_as_it_says() -> None:
    """Four of five times even where rates follow each other and the ramp is cut by looking at them."""
    hits = 0
    for seed in range(300):
        dice, rate, rates = random.Random(seed), 0.0, []  # noqa: S311  # draws rates, guards nothing
        for _ in range(40):
            rate = 0.5 * rate + dice.gauss(0, 5)
            rates.append(100 + rate)
        found = plateau(rates)
        assert found is not None
        hits += abs(found.mean - 100) <= found.width / 2 * found.mean
    assert hits / 300 > 0.78


def test_no_rate_at_all_is_never_certain() -> None:
    """Zero octets are no speed."""
    found = plateau([0.0] * 30)
    assert found is not None
    assert not found.is_certain
    assert found.mean == fmean([0.0])
