"""What others moved during a test, by counters that are fresh, kept for seconds, begun anew, or another line's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cross_traffic import Basis, Counted, Load, carried, others_before

RATE = 80e6
LOAD = Load(1.0, 5.0, RATE, RATE * 5 / 8)


def readings(others: float, *, kept: float = 0.0, every: float = 0.25, ends: float = 30.0) -> list[Counted]:
    """The counter of a line: the test from 0 to 5 s, and others throughout; answers are repeated for so long."""
    found, said, said_at = [], 0, -1e9
    at = -30.0
    while at <= ends:
        if at - said_at >= kept:
            said = round((others * (at + 30) + RATE * min(max(at, 0), 5)) / 8)
            said_at = at
        found.append(Counted(at, at + 1_000, said))
        at += every
    return found


@pytest.mark.parametrize("others", [0.0, 5e6, 20e6, 100e6])
def test_the_counter_of_a_full_link_is_its_capacity(others: float) -> None:
    """The test and everyone else, whatever they are."""
    found = carried(LOAD, readings(others))
    assert found.basis is Basis.PLATEAU
    assert found.rate == pytest.approx(RATE + others, rel=0.01)
    assert found.others == pytest.approx(others, abs=0.01 * RATE)


@pytest.mark.parametrize("kept", [3.0, 10.0, 14.0])
def test_an_agent_that_keeps_its_counters_is_believed_where_it_changes_little(kept: float) -> None:
    """Little of others is added; where there may be more of them, the test alone is what is certain."""
    quiet = carried(LOAD, readings(1e6, kept=kept))
    assert quiet.basis is Basis.LONGER
    assert RATE <= quiet.rate <= 1.05 * RATE
    busy = carried(LOAD, readings(40e6, kept=kept))
    assert (busy.basis, busy.rate, busy.others) == (Basis.OTHERS, RATE, None)


def test_a_counter_that_began_anew_in_the_middle_says_nothing() -> None:
    """Nor is anything made up."""
    told = readings(0.0)
    middle = next(place for place, one in enumerate(told) if one.at > 2)
    told.insert(middle, Counted(told[middle].at, told[middle].clock, None))
    assert carried(LOAD, told) == carried(LOAD, told[: len(told)])
    assert carried(LOAD, told).basis is Basis.RESET


def test_a_counter_of_another_line_is_found_out() -> None:
    """It grew by less than the test moved."""
    told = [Counted(one.at, one.clock, None if one.octets is None else one.octets // 4) for one in readings(0.0)]
    assert carried(LOAD, told).basis is Basis.ANOTHER_LINE


@pytest.mark.parametrize("few", [[], readings(0.0)[:3], readings(0.0, ends=6.0, kept=10.0)])
def test_too_few_readings_say_nothing(few: list[Counted]) -> None:
    """The test alone is known."""
    assert carried(LOAD, few) == carried(LOAD, [])
    assert carried(LOAD, few).basis is Basis.NO_COUNTERS


@given(others=st.floats(0, 2e8), kept=st.floats(0, 15), every=st.floats(0.1, 2))
def test_it_is_never_more_than_five_per_cent_too_much(others: float, kept: float, every: float) -> None:
    """Nor less than the test itself moved, however old the answers are."""
    found = carried(LOAD, readings(others, kept=kept, every=every))
    assert RATE <= found.rate <= 1.05 * (RATE + others)


def test_what_others_move_before_a_test_is_known_from_its_first_readings() -> None:
    """And not known from one alone."""
    assert others_before(readings(7e6)) == pytest.approx(7e6, rel=0.01)
    assert others_before([Counted(-1.0, 0.0, 5)]) is None
