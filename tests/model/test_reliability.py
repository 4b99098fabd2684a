"""The mean time between failures that is certain."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.reliability import surely_between_failures


@pytest.mark.parametrize(
    ("failures", "half_chi_square"),
    [(0, 2.995732), (1, 4.743865), (2, 6.295794), (3, 7.753657), (9, 15.705216), (100, 118.07853), (999, 1052.576)],
)
def test_the_bound_is_that_of_the_tables(failures: int, half_chi_square: float) -> None:
    """Half of the 95 % quantile of χ² with 2n + 2 degrees of freedom, exact below a hundred failures."""
    assert 1 / surely_between_failures(1.0, failures) == pytest.approx(half_chi_square, rel=1e-4)


def test_a_month_without_failure_proves_ten_days() -> None:
    """Thirty days without any say 240 hours, with one 152, with three 93; never infinity."""
    assert [round(surely_between_failures(720.0, failures)) for failures in (0, 1, 3)] == [240, 152, 93]


@given(st.integers(0, 99))
def test_so_few_failures_are_seen_once_in_twenty_times(failures: int) -> None:
    """The Poisson probability at the bound, summed up directly."""
    mean = 1 / surely_between_failures(1.0, failures)
    term, total = exp(-mean), 0.0
    for count in range(failures + 1):
        total += term
        term *= mean / (count + 1)
    assert total == pytest.approx(0.05, rel=1e-6)
