"""Counters of time that only grow. That they agree with availability is proved beside its oracle."""

from datetime import UTC, datetime, timedelta

from model.availability import Tally
from model.intervals import Interval, Ruler, instant
from model.state import State
from model.state_clock import StateClock
from model.transition import Transition

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
NOTHING = Ruler(())


def after(seconds: float) -> datetime:
    """A time in the story."""
    return BEGIN + timedelta(seconds=seconds)


def entered(state: State, seconds: float) -> Transition:
    """A transition into a state."""
    return Transition(("link", "l"), State.UNKNOWN, state, after(seconds), 0.5, after(seconds))


def test_only_settled_time_is_counted() -> None:
    """A transition that is dated back finds its time not counted yet."""
    clock = StateClock(BEGIN, NOTHING)
    clock.enter(entered(State.UP, 1))
    clock.settle(after(60))
    assert (clock.seconds(State.UNKNOWN), clock.seconds(State.UP)) == (1.0, 59.0)
    clock.enter(entered(State.DOWN, 60.5))
    clock.settle(after(65))
    assert (clock.seconds(State.UP), clock.seconds(State.DOWN)) == (59.5, 4.5)


def test_what_has_been_counted_stays() -> None:
    """Time that runs back, or a transition from before, takes nothing away."""
    clock = StateClock(BEGIN, NOTHING)
    clock.enter(entered(State.UP, 1))
    clock.settle(after(60))
    clock.settle(after(30))
    clock.enter(entered(State.DOWN, 40))
    clock.settle(after(61))
    assert clock.spent == Tally(up=59_000, down=1_000, unknown=1_000)


def test_maintenance_hides_what_lies_beneath() -> None:
    """Announced time is maintenance, whatever is logged; logged maintenance alone says nothing."""
    clock = StateClock(BEGIN, Ruler((Interval(instant(after(10)), instant(after(20))),)))
    clock.enter(entered(State.DOWN, 0))
    clock.enter(entered(State.MAINTENANCE, 30))
    clock.settle(after(35))
    assert clock.spent == Tally(down=20_000, maintenance=10_000, unknown=5_000)


def test_a_restart_counts_the_time_away_as_unknown() -> None:
    """It goes on from what was kept."""
    clock = StateClock(after(100), NOTHING, Tally(up=100_000))
    clock.enter(entered(State.UP, 107))
    clock.settle(after(110))
    assert clock.spent == Tally(up=103_000, unknown=7_000)
