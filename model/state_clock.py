"""Counters of the time in each state that only grow, and agree with the availability that is reckoned afterwards."""

from datetime import datetime

from model.availability import Tally
from model.intervals import SECOND, Ruler, instant
from model.state import State
from model.transition import Transition


class StateClock:
    """The time that one subject has spent in each state.

    A transition is dated back to when it happened, and a counter cannot take back what it has counted. So time counts
    once it is *settled*: the caller says up to when no later transition can reach, which is the last measurement that
    speaks for the present state.

    Args:
        at: From when on it counts, aware. After a restart, the end of the last heartbeat: the time since then counts
            as unknown until the first transition.
        excused: Announced maintenance, which hides what lies beneath it.
        spent: What was counted before.
    """

    __slots__ = ("_milliseconds", "_settled", "_state", "excused")

    def __init__(self, at: datetime, excused: Ruler, spent: Tally | None = None) -> None:
        before = spent or Tally()
        self._settled = instant(at)
        self._state = State.UNKNOWN
        self._milliseconds = {state: before.of(state) for state in State}
        self.excused = excused

    def settle(self, until: datetime) -> None:
        """Count the time up to ``until``; what has been counted already stays."""
        end = instant(until)
        if end > self._settled:
            away = self.excused.inside(self._settled, end)
            self._milliseconds[State.MAINTENANCE] += away
            self._milliseconds[self._state] += end - self._settled - away
            self._settled = end

    def enter(self, transition: Transition) -> None:
        """Count the old state up to the transition, and the new one from there."""
        self.settle(transition.at)
        after = transition.after
        self._state = State.UNKNOWN if after is State.MAINTENANCE else after

    def seconds(self, state: State) -> float:
        """Counted so far."""
        return self._milliseconds[state] / SECOND

    @property
    def spent(self) -> Tally:
        """All that was counted, to be kept over a restart."""
        return Tally(**{state.value: milliseconds for state, milliseconds in self._milliseconds.items()})
