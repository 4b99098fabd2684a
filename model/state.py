"""The states of a link, device, service and site: one table of what may follow what, and how a whole follows its parts.

``docs/states.md`` is generated from the table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from model.measurement import Failure, Measurement, Reason


class State(StrEnum):
    """Four honest states and two excuses."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    MAINTENANCE = "maintenance"

    @property
    def passes(self) -> bool:
        """Whether traffic is known to pass."""
        return self in _PASSING

    @property
    def is_lost(self) -> bool:
        """Whether traffic is known not to pass, by its own fault or that of something above it."""
        return self in _LOST


_PASSING: Final = frozenset({State.UP, State.DEGRADED})
_LOST: Final = frozenset({State.DOWN, State.UNREACHABLE})


class Event(StrEnum):
    """What makes a subject pass from one state to another."""

    ANSWERS = "answers"  # its own measurement proves the path, and its requirement is met
    FALLS_SHORT = "falls short"  # it answers, but breaches its requirement or has a fault
    FALLS_SILENT = "falls silent"  # confirmed silent, and all that it needs is there
    IS_CUT_OFF = "is cut off"  # nothing proves its path, and a parent that it needs is lost
    PARENT_RETURNS = "parent returns"  # what was seen behind the outage says nothing about the time after it
    EVIDENCE_ENDS = "evidence ends"  # the monitor is stopped or blind, or its measurements are too old
    MAINTENANCE_BEGINS = "maintenance begins"
    MAINTENANCE_ENDS = "maintenance ends"


TRANSITIONS: Final[Mapping[State, Mapping[Event, State]]] = MappingProxyType({
    State.UNKNOWN: {
        Event.ANSWERS: State.UP,
        Event.FALLS_SHORT: State.DEGRADED,
        Event.FALLS_SILENT: State.DOWN,
        Event.IS_CUT_OFF: State.UNREACHABLE,
        Event.MAINTENANCE_BEGINS: State.MAINTENANCE,
    },
    State.UP: {
        Event.FALLS_SHORT: State.DEGRADED,
        Event.FALLS_SILENT: State.DOWN,
        Event.IS_CUT_OFF: State.UNREACHABLE,
        Event.EVIDENCE_ENDS: State.UNKNOWN,
        Event.MAINTENANCE_BEGINS: State.MAINTENANCE,
    },
    State.DEGRADED: {
        Event.ANSWERS: State.UP,
        Event.FALLS_SILENT: State.DOWN,
        Event.IS_CUT_OFF: State.UNREACHABLE,
        Event.EVIDENCE_ENDS: State.UNKNOWN,
        Event.MAINTENANCE_BEGINS: State.MAINTENANCE,
    },
    State.DOWN: {
        Event.ANSWERS: State.UP,
        Event.FALLS_SHORT: State.DEGRADED,
        Event.IS_CUT_OFF: State.UNREACHABLE,
        Event.EVIDENCE_ENDS: State.UNKNOWN,
        Event.MAINTENANCE_BEGINS: State.MAINTENANCE,
    },
    State.UNREACHABLE: {
        Event.ANSWERS: State.UP,
        Event.FALLS_SHORT: State.DEGRADED,
        Event.PARENT_RETURNS: State.UNKNOWN,
        Event.EVIDENCE_ENDS: State.UNKNOWN,
        Event.MAINTENANCE_BEGINS: State.MAINTENANCE,
    },
    State.MAINTENANCE: {
        Event.MAINTENANCE_ENDS: State.UNKNOWN,
    },
})
"""What may follow what. A pair that is not here cannot happen: a parent's return or the end of maintenance leaves
nothing known, so that nobody is called down on evidence from another time."""

_ENTRANCE: Final[Mapping[State, Event]] = MappingProxyType({
    State.UP: Event.ANSWERS,
    State.DEGRADED: Event.FALLS_SHORT,
    State.DOWN: Event.FALLS_SILENT,
    State.UNREACHABLE: Event.IS_CUT_OFF,
    State.UNKNOWN: Event.EVIDENCE_ENDS,
    State.MAINTENANCE: Event.MAINTENANCE_BEGINS,
})


class UnlistedTransitionError(ValueError):
    """An event that cannot happen in a state: the caller's mistake."""


def next_state(state: State, event: Event) -> State:
    """The state after an event.

    Raises:
        UnlistedTransitionError: The table has no such pair.
    """
    following = TRANSITIONS[state].get(event)
    if following is None:
        possible = ", ".join(TRANSITIONS[state])
        raise UnlistedTransitionError(f"{event!r} cannot happen to what is {state}; what can is: {possible}")
    return following


@dataclass(frozen=True, slots=True)
class Standing:
    """Four facts about a subject, from which its state follows.

    Attributes:
        own: What its own measurements show, as if it stood alone: UP, DEGRADED, DOWN or UNKNOWN.
        parent_is_lost: Whether something that it needs is down or unreachable.
        is_watched: Whether the monitor runs and sees: neither stopped nor cut off itself.
        in_maintenance: Whether a maintenance window over it is open.
    """

    own: State = State.UNKNOWN
    parent_is_lost: bool = False
    is_watched: bool = True
    in_maintenance: bool = False

    @property
    def state(self) -> State:
        """What is shown: maintenance hides what it is laid over."""
        return State.MAINTENANCE if self.in_maintenance else self.observed

    @property
    def observed(self) -> State:
        """The state beneath maintenance: what history keeps, since work that was not announced excuses nothing.

        A blind monitor knows nothing. An answer proves the path, whatever is said of the parents; without one, a lost
        parent explains everything.
        """
        if not self.is_watched:
            return State.UNKNOWN
        if self.parent_is_lost and not self.own.passes:
            return State.UNREACHABLE
        return self.own

    def with_parent_lost(self, is_lost: bool) -> "Standing":  # noqa: FBT001 - it is the fact
        """These facts with another verdict on the parents.

        When they return, silence from behind the outage is forgotten: only fresh silence makes the subject down.
        """
        returns = self.parent_is_lost and not is_lost
        own = State.UNKNOWN if returns and not self.own.passes else self.own
        return replace(self, own=own, parent_is_lost=is_lost)

    def with_watch(self, is_watched: bool) -> "Standing":  # noqa: FBT001 - it is the fact
        """These facts while the monitor sees or does not; when it sees again, what it knew before is forgotten."""
        own = self.own if is_watched and self.is_watched else State.UNKNOWN
        return replace(self, own=own, is_watched=is_watched)


def events_between(before: Standing, after: Standing) -> tuple[Event, ...]:
    """The events that lead from the state of the former facts to that of the latter, in order; none, one or two.

    There are two where the table leads through UNKNOWN and fresh evidence is there at once.
    """
    here, there = before.state, after.state
    if here is there:
        return ()
    if here is State.MAINTENANCE:
        leaving = Event.MAINTENANCE_ENDS
    elif here is State.UNREACHABLE and there in {State.UNKNOWN, State.DOWN} and after.is_watched:
        leaving = Event.PARENT_RETURNS
    else:
        return (_ENTRANCE[there],)
    return (leaving,) if there is State.UNKNOWN else (leaving, _ENTRANCE[there])


SILENCES_UNTIL_DOWN: Final = 3
"""Consecutive silent measurements that make a subject down; fewer leave the state as it was."""


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
    """The state of a link or service from what each of its targets says.

    One answer proves the path: all must be silent before the link is down, and what is filtered does not degrade it.
    """
    said = frozenset(targets)
    return next((state for state in (State.UP, State.DEGRADED, State.DOWN) if state in said), State.UNKNOWN)


def device_state(echo: State | None, agent: State | None) -> State:
    """The state of a device from ping and SNMP; ``None`` where it is not probed that way.

    An agent that is silent while the device answers pings is an agent fault: degraded, not down. A device that
    answers SNMP but not pings filters pings.
    """
    if echo is State.UP and agent in {State.DOWN, State.DEGRADED}:
        return State.DEGRADED
    return link_state(state for state in (echo, agent) if state is not None)


def site_state(parts: Iterable[State]) -> State:
    """The state of a site from the states of its links, or of its devices where it has no link.

    All lost is down, or unreachable where none is lost by its own fault; some lost is degraded. What is unknown or in
    maintenance decides only where there is nothing else.
    """
    states = frozenset(parts)
    if states and states <= _LOST:
        return State.DOWN if State.DOWN in states else State.UNREACHABLE
    if State.DEGRADED in states or states & _LOST:
        return State.DEGRADED
    return next((state for state in (State.UP, State.MAINTENANCE) if state in states), State.UNKNOWN)
