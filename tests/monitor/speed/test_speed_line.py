"""Tests of a line whose speed is known: shaped by the kernel, idle and used by others."""

import pytest

from bench import namespaces
from bench.speed_line import speed_line
from model.cross_traffic import Basis
from model.speed_run import Direction, Ending

pytestmark = [pytest.mark.root, pytest.mark.skipif(bool(why := namespaces.why_not()), reason=str(why))]

FCS = 1518 / 1514
"""The shaper counts frames without it, ``Finding.bits_per_second`` with it: 0.3 %."""


@pytest.mark.parametrize(("megabits", "direction", "share"), [(300, "download", 0.0), (20, "upload", 0.6)])
def test_the_capacity_of_a_known_line_is_found(megabits: int, direction: Direction, share: float) -> None:
    """Within 5 % where the link is said to have been full, never 5 % too much, whoever else uses it.

    `python -m bench --only speed` does so for more rates and more of others.
    """
    with speed_line(megabits * 1e6) as line:
        found = line.find(direction, share)
    assert (found.ending, found.direction) == (Ending.DONE, direction)
    assert found.bits_per_second is not None
    error = found.bits_per_second / (megabits * 1e6 * FCS) - 1
    assert error < 0.05
    # A busy machine may be the slow one; then it says so, and accuses nobody.
    assert abs(error) < 0.05 or found.is_lower_bound
    if not found.is_lower_bound:
        assert found.basis is Basis.PLATEAU
        assert found.others == pytest.approx(share * megabits * 1e6, abs=0.05 * megabits * 1e6)


def test_a_test_that_people_would_feel_is_ended() -> None:
    """A line that holds 400 ms of octets back: after two seconds of that the test is over, with a lower bound."""
    with speed_line(20e6, queue=0.4) as line:
        found = line.find("download", crowd=4.0)
    assert found.ending is Ending.ABORTED
    assert found.seconds < 6
    assert found.is_lower_bound
    assert "aborted" in found.why_lower_bound


def test_a_line_that_is_cut_in_the_middle_is_told_from_a_peer_that_stalls() -> None:
    """The round trips beside the test are silent too; there is no figure."""
    with speed_line(20e6) as line, line.cut_after(2.5):
        found = line.find("upload")
    assert (found.ending, found.bits_per_second) == (Ending.CUT, None)
    assert found.octets > 0
