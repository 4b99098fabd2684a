"""The states of a link, device, service and site, and how a site's follows from its parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from model.measurement import Failure, Measurement, Reason


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

        A failure that proves a living path (an agent's error, bytes of another protocol) degrades a link or device;
        a service that answers wrongly is as good as silent. A fault of this machine (``Reason.LOCAL``) says nothing.
        """
        match measurement.outcome:
            case Failure(reason=Reason.LOCAL):
                return Reachability(State.UNKNOWN, self.silences)
            case Failure(reason=reason) if reason.path_is_alive and measurement.subject.kind != "service":
                return Reachability(State.DEGRADED, 0)
            case Failure():
                silences = self.silences + 1
                return Reachability(State.DOWN if silences >= SILENCES_UNTIL_DOWN else self.state, silences)
            case _:
                return Reachability(State.UP, 0)


def link_state(targets: Iterable[State]) -> State:
    """The state of a link from what each of its targets says.

    One answer proves the path: all must be silent before the link is down, and what is filtered does not degrade it.
    """
    return _best(targets)


def device_state(echo: State | None, agent: State | None) -> State:
    """The state of a device from ping and SNMP; ``None`` where it is not probed that way.

    An agent that is silent while the device answers pings is an agent fault: degraded, not down. A device that
    answers SNMP but not pings filters pings.
    """
    if echo is State.UP and agent in {State.DOWN, State.DEGRADED}:
        return State.DEGRADED
    return _best(state for state in (echo, agent) if state is not None)


def site_state(parts: Iterable[State]) -> State:
    """The state of a site from the states of its links, or of its devices where it has no link.

    All down is down; some down is degraded; otherwise the worst that is known; without any knowledge, unknown.
    """
    states = list(parts)
    known = {state for state in states if state is not State.UNKNOWN}
    if not known:
        return State.UNKNOWN
    if State.DOWN in known and set(states) != {State.DOWN}:
        return State.DEGRADED
    return next(state for state in _WORST_FIRST if state in known)


def _best(states: Iterable[State]) -> State:
    known = {state for state in states if state is not State.UNKNOWN}
    return next((state for state in reversed(_WORST_FIRST) if state in known), State.UNKNOWN)
