"""The states of a link, device, service and site, and how a site's follows from its parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from model.measurement import Failure, Measurement


class State(StrEnum):
    """Four honest states and two excuses."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    MAINTENANCE = "maintenance"


SILENCES_UNTIL_DOWN = 3
"""Consecutive silent measurements that make a subject down; fewer leave the state as it was."""

_WORST_FIRST = (State.DOWN, State.UNREACHABLE, State.DEGRADED, State.MAINTENANCE, State.UP)


@dataclass(frozen=True, slots=True)
class Reachability:
    """What a row of measurements says about one subject.

    Attributes:
        state: UNKNOWN until the first decisive measurement.
        silences: Consecutive measurements without an answer.
    """

    state: State = State.UNKNOWN
    silences: int = 0

    def after(self, measurement: Measurement) -> "Reachability":
        """The reachability once this measurement is known.

        A failure that proves a living path (a refused connection, a wrong status) is degraded, not down.
        A fault of this machine (``Reason.LOCAL``) says nothing about the subject.
        """
        match measurement.outcome:
            case Failure(reason=reason) if reason.value == "local":
                return Reachability(State.UNKNOWN, self.silences)
            case Failure(reason=reason) if reason.path_is_alive:
                return Reachability(State.DEGRADED, 0)
            case Failure():
                silences = self.silences + 1
                return Reachability(State.DOWN if silences >= SILENCES_UNTIL_DOWN else self.state, silences)
            case _:
                return Reachability(State.UP, 0)


def site_state(parts: Iterable[State]) -> State:
    """The state of a site from the states of its links, or of its devices where it has no link.

    All down is down; some down is degraded; otherwise the worst that is known; without any knowledge, unknown.
    """
    states = list(parts)
    known = [state for state in states if state is not State.UNKNOWN]
    if not known:
        return State.UNKNOWN
    if State.DOWN in known and any(state is not State.DOWN for state in states):
        return State.DEGRADED
    return next(state for state in _WORST_FIRST if state in known)
