"""When a port is unwell: damaged packets, and a speed below its own."""

import pytest

from model.counters import Growth
from model.measurement import InterfaceReading
from model.port_rules import ErrorJudge, SpeedJudge

DAY = 86_400.0


def growth(errors: int, packets: int, **more: int) -> Growth:
    """What was counted in a minute."""
    return Growth(60.0, {"ifInErrors": errors, "ifHCInUcastPkts": packets, **more})


def port(speed: int | None, *, kind: int = 6, status: int = 1) -> InterfaceReading:
    """A port with this speed in Mbit/s."""
    cells = {"ifOperStatus": status} | ({} if speed is None else {"ifHighSpeed": speed})
    return InterfaceReading(1, "ether1", "", "", kind, "", cells)


def test_damage_is_told_after_three_polls_and_over_after_five_sound_ones() -> None:
    """Beyond a thousandth of the packets; what lies between that and a tenth of it changes nothing."""
    judge = ErrorJudge()
    assert [judge.after(growth(50, 9_950)).is_ill for _ in range(3)] == [None, None, True]
    assert [judge.after(growth(50, 99_950)).is_ill for _ in range(9)][-1] is True
    assert [judge.after(growth(0, 10_000)).is_ill for _ in range(5)] == [True, True, True, True, False]


@pytest.mark.parametrize(
    "grown",
    [
        pytest.param(growth(9, 100), id="a handful"),
        pytest.param(growth(0, 0), id="nothing passed"),
        pytest.param(growth(12, 200_000), id="one in twenty thousand"),
    ],
)
def test_a_few_damaged_packets_are_no_news(grown: Growth) -> None:
    """Fewer than ten in a poll, or fewer than one in a thousand."""
    judge = ErrorJudge()
    assert [judge.after(grown).is_ill for _ in range(9)][-1] is False


def test_without_counters_nothing_is_known() -> None:
    """A reset, or an agent that counts no packets, is neither damage nor none."""
    judge = ErrorJudge()
    assert judge.after(None).is_ill is None
    assert judge.after(Growth(60.0, {"ifInErrors": 500})).is_ill is None
    assert judge.after(Growth(60.0, {"ifHCInUcastPkts": 500})).is_ill is None


def test_a_port_that_falls_back_is_told_after_two_polls() -> None:
    """1 Gbit/s that lasted for three polls, then 100 Mbit/s; back at its speed it is over after two."""
    judge = SpeedJudge()
    for _ in range(3):
        judge.after(port(1_000), None, 0.0)
    found = [judge.after(port(100), None, 60.0) for _ in range(2)]
    assert [each.is_ill for each in found] == [None, True]
    assert (found[1].value, found[1].threshold) == (100e6, 1e9)
    assert [judge.after(port(1_000), None, 120.0).is_ill for _ in range(2)] == [True, False]


def test_a_speed_below_what_is_needed_is_told_from_the_start() -> None:
    """Whatever the port did before."""
    judge = SpeedJudge()
    found = [judge.after(port(100), 240e6, 0.0) for _ in range(2)][-1]
    assert (found.is_ill, found.threshold) == (True, 240e6)


def test_a_port_that_comes_up_slowly_once_is_not_held_to_it() -> None:
    """A speed that was seen for less than three polls is not what the port can do."""
    judge = SpeedJudge()
    judge.after(port(10_000), None, 0.0)
    assert [judge.after(port(1_000), None, 0.0).is_ill for _ in range(9)][-1] is False


def test_what_was_known_before_a_restart_still_holds() -> None:
    """A port that was slower when the monitor stopped is not well because that is all that it has seen."""
    judge = SpeedJudge(1e9)
    assert [judge.after(port(100), None, 0.0).is_ill for _ in range(9)][-1] is True


def test_a_lower_speed_is_the_ports_own_after_a_week() -> None:
    """Somebody has put another switch there."""
    judge = SpeedJudge(1e9)
    for hour in range(7 * 24 + 3):
        found = judge.after(port(100), None, hour * 3_600.0)
    assert found.is_ill is False


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(port(100, status=2), id="down"),
        pytest.param(port(None), id="no speed"),
        pytest.param(port(100, kind=71), id="radio"),
        pytest.param(port(100, kind=23), id="PPP"),
    ],
)
def test_a_port_that_negotiates_nothing_is_not_judged(given: InterfaceReading) -> None:
    """What is down is told as an outage; a radio changes its speed all the time."""
    judge = SpeedJudge(1e9)
    assert [judge.after(given, 1e9, 0.0).is_ill for _ in range(5)][-1] is None
