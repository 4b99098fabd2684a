"""States from rows of outcomes, and the states of wholes from their parts."""

from datetime import UTC, datetime
from typing import Literal

import pytest

from model.measurement import EchoReading, Failure, Measurement, ProbeKind, Reading, Reason, Subject
from model.state import Reachability, State, device_state, link_state, site_state

UP, DEGRADED, DOWN, UNKNOWN = State.UP, State.DEGRADED, State.DOWN, State.UNKNOWN
ANSWER, SILENCE, LOCAL = EchoReading(0.001), Failure(Reason.TIMEOUT), Failure(Reason.LOCAL)


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
        ([UNKNOWN], UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_a_site_from_its_links(parts: list[State], state: State) -> None:
    """All down is down, some down is degraded, and nothing known is unknown."""
    assert site_state(parts) is state
