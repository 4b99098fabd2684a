"""A port that falls again and again, seen by polls that always find it up, or counted by its device."""

from model.measurement import InterfaceReading
from model.port_drops import DropJudge

MINUTE, UP, DOWN = 60.0, 1, 2


def port(changed: int | None = 0, status: int | None = UP) -> InterfaceReading:
    """A port that is in this state since then, in 1/100 s of sysUpTime."""
    cells = {"ifOperStatus": status, "ifLastChange": changed}
    told = {name: value for name, value in cells.items() if value is not None}
    return InterfaceReading(1, "ether1", "", "", 6, "", told)


def polls(judge: DropJudge, *ports: InterfaceReading, start: int = 1) -> list[bool | None]:
    """One poll a minute."""
    return [judge.polled(each, 6_000 * minute, MINUTE * minute) for minute, each in enumerate(ports, start)]


FOUR_FALLS = [port(0), port(9_000), port(15_000), port(21_000), port(27_000)]


def test_four_falls_between_polls_are_too_often() -> None:
    """The first poll has nothing to be compared with."""
    assert polls(DropJudge(), *FOUR_FALLS) == [None, False, False, False, True]


def test_what_a_poll_sees_counts_once() -> None:
    """Up, down, up, down: two falls; that it came back is none, whatever ifLastChange says."""
    seen = [port(6_000 * minute, DOWN if minute % 2 else UP) for minute in range(8)]
    assert polls(DropJudge(), *seen) == [None, *[False] * 6, True]


def test_it_is_over_after_calm() -> None:
    """Four falls are forgotten within 45 minutes, as those of a link are."""
    judge = DropJudge()
    polls(judge, *FOUR_FALLS)
    calm = polls(judge, *[FOUR_FALLS[-1]] * 45, start=6)
    assert (calm[0], calm[-1]) == (True, False)
    assert sorted(calm, key=bool, reverse=True) == calm, "it changes once"


def test_what_says_nothing_is_no_fall() -> None:
    """An agent whose ifLastChange is a second off each time, or absent, and a state that is not told."""
    for said in (port(100), port(None), port(0, None)):
        assert polls(DropJudge(), *[port(0), said] * 5)[1:] == [False] * 9


def test_a_restart_is_no_fall() -> None:
    """Then sysUpTime is less than before, and everything is told anew; so it is where it is not told."""
    judge = DropJudge()
    for start in range(5):
        assert judge.polled(port(500 * start), 6_000 - start, MINUTE * start) is None
    assert judge.polled(port(9_000), None, 600.0) is None


def test_a_device_that_counts_is_believed_alone() -> None:
    """What polls see of it is not counted twice; a count that begins anew tells nothing."""
    judge = DropJudge()
    assert judge.counted(40, 0.0) is None
    assert judge.counted(42, 60.0) is False
    polls(judge, port(0), port(9_000), port(15_000))
    assert judge.counted(42, 300.0) is False
    assert judge.counted(0, 360.0) is None
    assert judge.counted(900, 420.0) is True
