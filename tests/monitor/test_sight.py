"""What the anchors tell of the monitor's own sight."""

from datetime import UTC, datetime, timedelta

import pytest

from model.decision import CameUp, Decision, FlappingBegan, WentDegraded, WentDown, WentUnknown
from monitor.sight import Sight, Turn
from monitor.watch import Clocks

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ONE, TWO = "icmp://192.0.2.1", "icmp://192.0.2.2"


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def clocks(seconds: float) -> Clocks:
    """Both clocks then; the monotonic one shows a thousand seconds more."""
    return Clocks(1_000 + seconds, at(seconds))


def down(since: float, noticed: float) -> Decision:
    """An anchor fell silent, sure to half a second."""
    return WentDown(1_000 + since, 0.5, 1_000 + noticed)


def up(seconds: float) -> Decision:
    """An anchor answers again."""
    return CameUp(1_000 + seconds, 0.5, 1_000 + seconds)


def looking(*anchors: str) -> Sight:
    """Sight by these anchors."""
    sight = Sight()
    sight.expect(frozenset(anchors))
    return sight


def test_all_anchors_silent_is_blind_since_the_last_answer_of_the_first() -> None:
    """One silent anchor is its own trouble; with the other one the monitor is blind."""
    sight = looking(ONE, TWO)
    assert sight.decided(ONE, down(10, 14), clocks(14)) is None
    assert sight.decided(TWO, down(10.3, 14.5), clocks(14.5)) == Turn(blind=True, since=at(9.5))


@pytest.mark.parametrize("back", [up(60), WentDegraded(1_060, 0.5, 1_060), WentUnknown(1_060, 0.0, 1_060)])
def test_the_first_anchor_that_is_not_silent_gives_the_sight_back(back: Decision) -> None:
    """From then on, once; the other anchor changes nothing more."""
    sight = looking(ONE, TWO)
    sight.decided(ONE, down(10, 14), clocks(14))
    sight.decided(TWO, down(10, 14), clocks(14))
    assert sight.decided(TWO, back, clocks(60)) == Turn(blind=False, since=at(60))
    assert sight.decided(ONE, up(61), clocks(61)) is None


def test_what_says_nothing_about_answers_turns_nothing() -> None:
    """Flapping is no silence, and a stranger no anchor."""
    sight = looking(ONE)
    assert sight.decided(ONE, FlappingBegan(1_010, 3.0), clocks(10)) is None
    assert sight.decided(TWO, down(10, 14), clocks(14)) is None


def test_without_anchors_nobody_is_blind() -> None:
    """Whoever cannot know trusts their eyes."""
    assert looking().turned(at(0)) is None


def test_a_reload_that_takes_the_silent_anchors_away_gives_the_sight_back() -> None:
    """They cannot say any more that they answer again."""
    sight = looking(ONE, TWO)
    sight.decided(ONE, down(10, 14), clocks(14))
    sight.decided(TWO, down(10, 14), clocks(14))
    sight.expect(frozenset())
    assert sight.turned(at(20)) == Turn(blind=False, since=at(20))
    assert sight.turned(at(21)) is None


def test_a_reload_that_takes_the_living_anchor_away_makes_blind() -> None:
    """What is left is silent, and was so before."""
    sight = looking(ONE, TWO)
    sight.decided(ONE, down(10, 14), clocks(14))
    sight.expect(frozenset({ONE}))
    assert sight.turned(at(20)) == Turn(blind=True, since=at(9.5))
