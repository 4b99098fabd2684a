"""The table of states, the facts they follow from, rows of outcomes, and wholes from their parts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import reduce
from itertools import product
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.measurement import EchoReading, Failure, Measurement, ProbeKind, Reading, Reason, Subject
from model.state import (
    TRANSITIONS,
    Event,
    Reachability,
    Standing,
    State,
    UnlistedTransitionError,
    device_state,
    events_between,
    link_state,
    next_state,
    site_state,
)

UP, DEGRADED, DOWN, UNKNOWN = State.UP, State.DEGRADED, State.DOWN, State.UNKNOWN
UNREACHABLE, MAINTENANCE = State.UNREACHABLE, State.MAINTENANCE
ANSWER, SILENCE, LOCAL = EchoReading(0.001), Failure(Reason.TIMEOUT), Failure(Reason.LOCAL)


STANDINGS = [
    Standing(own, *facts) for own in (UP, DEGRADED, DOWN, UNKNOWN) for facts in product([False, True], repeat=3)
]


def test_every_state_has_a_row_and_every_event_a_place() -> None:
    """Nothing is declared that cannot happen."""
    assert set(TRANSITIONS) == set(State)
    assert {event for row in TRANSITIONS.values() for event in row} == set(Event)


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_what_is_not_in_the_table_cannot_happen(state: State, event: Event) -> None:
    """A listed pair gives its state; any other is an error that names what is possible."""
    if event in TRANSITIONS[state]:
        assert next_state(state, event) is TRANSITIONS[state][event]
    else:
        with pytest.raises(UnlistedTransitionError, match=next(iter(TRANSITIONS[state]))):
            next_state(state, event)


def test_the_table_and_the_facts_say_the_same() -> None:
    """Between any two standings the events lead from the state of one to that of the other, by listed pairs alone."""
    used = set()
    for before, later in product(STANDINGS, STANDINGS):
        state = before.state
        for event in events_between(before, later):
            used.add((state, event))
            state = next_state(state, event)
        assert state is later.state
    assert used == {(state, event) for state, row in TRANSITIONS.items() for event in row}


def test_nobody_is_called_down_straight_from_an_excuse() -> None:
    """The end of maintenance and the return of a parent leave nothing known."""
    assert [state for state, row in TRANSITIONS.items() if DOWN in row.values()] == [UNKNOWN, UP, DEGRADED]
    assert set(TRANSITIONS[MAINTENANCE].values()) == {UNKNOWN}


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing(), UNKNOWN),
        (Standing(UP), UP),
        (Standing(DOWN), DOWN),
        (Standing(DOWN, parent_is_lost=True), UNREACHABLE),
        (Standing(UNKNOWN, parent_is_lost=True), UNREACHABLE),
        (Standing(UP, parent_is_lost=True), UP),
        (Standing(DEGRADED, parent_is_lost=True), DEGRADED),
        (Standing(DOWN, is_watched=False), UNKNOWN),
        (Standing(DOWN, parent_is_lost=True, is_watched=False), UNKNOWN),
        (Standing(UP, in_maintenance=True), MAINTENANCE),
        (Standing(UP, is_watched=False, in_maintenance=True), MAINTENANCE),
    ],
)
def test_four_facts_make_a_state(standing: Standing, state: State) -> None:
    """Maintenance hides all, blindness all else; an answer proves the path; a lost parent explains the rest."""
    assert standing.state is state


def test_beneath_maintenance_the_state_goes_on() -> None:
    """It is what history keeps."""
    assert Standing(DOWN, in_maintenance=True).observed is DOWN
    assert Standing(DOWN, parent_is_lost=True, in_maintenance=True).observed is UNREACHABLE


def test_after_its_parents_return_only_fresh_silence_makes_a_child_down() -> None:
    """Silence from behind the outage is forgotten; an answer is not."""
    behind = Standing(DOWN).with_parent_lost(True)
    assert behind.state is UNREACHABLE
    assert behind.with_parent_lost(False).state is UNKNOWN
    assert Standing(UP).with_parent_lost(True).with_parent_lost(False).state is UP
    assert Standing(DOWN).with_parent_lost(False).state is DOWN


def test_a_monitor_that_sees_again_has_forgotten() -> None:
    """What it knew before it was blind says nothing about now."""
    assert Standing(UP).with_watch(False).with_watch(True).state is UNKNOWN
    assert Standing(UP).with_watch(True).state is UP


@given(st.lists(st.sampled_from(STANDINGS), min_size=1))
def test_any_course_of_facts_is_a_path_through_the_table(course: list[Standing]) -> None:
    """However facts change, one after the other, the table leads to the last of them from the beginning."""
    start = Standing()

    def events() -> Iterator[Event]:
        for before, later in zip([start, *course], course, strict=False):
            yield from events_between(before, later)

    assert reduce(next_state, events(), start.state) is course[-1].state


def after(*outcomes: Reading | Failure, noun: Literal["link", "service"] = "link") -> State:
    """The state after a row of outcomes."""
    subject = Subject(noun, "x", "site", "192.0.2.1")
    reachability = Reachability()
    for outcome in outcomes:
        measurement = Measurement(subject, ProbeKind.ICMP, datetime(2026, 11, 1, tzinfo=UTC), 0.1, outcome)
        reachability = reachability.after(measurement)
    return reachability.state


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        ((), UNKNOWN),
        ((ANSWER,), UP),
        ((SILENCE,), UNKNOWN),
        ((ANSWER, SILENCE, SILENCE), UP),
        ((SILENCE, SILENCE, SILENCE), DOWN),
        ((ANSWER, SILENCE, SILENCE, SILENCE), DOWN),
        ((SILENCE, SILENCE, SILENCE, ANSWER), UP),
        ((SILENCE, SILENCE, ANSWER, SILENCE), UP),
        ((ANSWER, LOCAL), UNKNOWN),
        ((Failure(Reason.AGENT_ERROR),), DEGRADED),
    ],
)
def test_a_row_of_outcomes(outcomes: tuple[Reading | Failure, ...], state: State) -> None:
    """One answer is up, three silences are down, our own fault is unknown."""
    assert after(*outcomes) is state


def test_a_service_that_answers_wrongly_is_down() -> None:
    """A page that gives 500 three times serves nobody, though the path to it lives."""
    wrong = Failure(Reason.STATUS)
    assert after(wrong, wrong, wrong, noun="service") is DOWN
    assert after(wrong, wrong, wrong, noun="link") is DEGRADED


@pytest.mark.parametrize(
    ("targets", "state"),
    [([UP, DOWN], UP), ([DOWN, DOWN], DOWN), ([DOWN, UNKNOWN], DOWN), ([UNKNOWN], UNKNOWN), ([], UNKNOWN)],
)
def test_one_answering_target_proves_a_link(targets: list[State], state: State) -> None:
    """All targets must be silent before the link is down."""
    assert link_state(targets) is state


@pytest.mark.parametrize(
    ("echo", "agent", "state"),
    [
        (UP, DOWN, DEGRADED),
        (UP, DEGRADED, DEGRADED),
        (UP, UP, UP),
        (DOWN, UP, UP),
        (DOWN, DOWN, DOWN),
        (None, DOWN, DOWN),
        (UP, None, UP),
        (UP, UNKNOWN, UP),
        (None, None, UNKNOWN),
    ],
)
def test_a_silent_agent_is_not_a_dead_device(echo: State | None, agent: State | None, state: State) -> None:
    """Ping and SNMP together tell an agent fault from a dead device and from a filter."""
    assert device_state(echo, agent) is state


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ([UP, UP], UP),
        ([UP, DOWN], DEGRADED),
        ([DOWN, DOWN], DOWN),
        ([DOWN, UNKNOWN], DEGRADED),
        ([UP, UNKNOWN], UP),
        ([UP, DEGRADED], DEGRADED),
        ([UNREACHABLE], UNREACHABLE),
        ([UNREACHABLE, UNREACHABLE], UNREACHABLE),
        ([UNREACHABLE, DOWN], DOWN),
        ([UNREACHABLE, UP], DEGRADED),
        ([UNREACHABLE, UNKNOWN], DEGRADED),
        ([DOWN, MAINTENANCE], DEGRADED),
        ([UP, MAINTENANCE], UP),
        ([MAINTENANCE, MAINTENANCE], MAINTENANCE),
        ([MAINTENANCE, UNKNOWN], MAINTENANCE),
        ([UNKNOWN], UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_a_site_from_its_links(parts: list[State], state: State) -> None:
    """All lost is down, or unreachable where none is itself down; some lost is degraded; nothing known is unknown."""
    assert site_state(parts) is state


@given(st.lists(st.sampled_from(State), min_size=1), st.data())
def test_a_link_that_is_lost_never_betters_its_site(parts: list[State], data: st.DataObject) -> None:
    """Whatever the others are in."""
    worse = list(parts)
    place = data.draw(st.integers(0, len(parts) - 1))
    worse[place] = data.draw(st.sampled_from([DOWN, UNREACHABLE]))
    severity = [UP, UNKNOWN, MAINTENANCE, DEGRADED, UNREACHABLE, DOWN]
    if not parts[place].is_lost:
        assert severity.index(site_state(worse)) >= severity.index(site_state(parts))
