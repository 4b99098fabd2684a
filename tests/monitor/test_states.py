"""What is remembered of each subject, across measurements, reloads, outages above it and blindness of our own."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from model.inventory import Inventory
from model.measurement import EchoReading, Failure, Measurement, ProbeKind, Reason, Subject, SubjectKey
from model.state import State
from monitor.states import Because, Change, States

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
UP, DOWN, DEGRADED, UNKNOWN, UNREACHABLE = State.UP, State.DOWN, State.DEGRADED, State.UNKNOWN, State.UNREACHABLE

INVENTORY = Inventory.model_validate({
    "credentials": {"c": {"version": "2c", "community": "public"}},
    "sites": [
        {
            "id": "office",
            "links": [{"id": "one", "target": "icmp://192.0.2.1"}, {"id": "two", "target": "icmp://192.0.2.2"}],
        },
        {
            "id": "point",
            "links": [{"id": "far", "target": "icmp://192.0.2.3", "depends_on": ["one"]}],
            "devices": [{"id": "router", "address": "192.0.2.4", "depends_on": ["far"]}],
        },
    ],
})
ONE: SubjectKey = ("link", "one")
TWO: SubjectKey = ("link", "two")
FAR: SubjectKey = ("link", "far")
ROUTER: SubjectKey = ("device", "router")
PROBES = [(subject, subject[1], ProbeKind.ICMP) for subject in (ONE, TWO, FAR, ROUTER)]


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def because(seconds: float) -> Because:
    """Something that began and was noticed then."""
    return Because(at(seconds), at(seconds))


def watching(inventory: Inventory = INVENTORY) -> States:
    """States of an office with two links, and of a point behind one of them."""
    states = States()
    states.expect(inventory, PROBES, because(0))
    return states


def learn(states: States, subject: SubjectKey, seconds: float, *, answered: bool) -> list[Change]:
    """Feed one measurement, worth ten seconds."""
    noun: Literal["link", "device"] = "link" if subject[0] == "link" else "device"
    outcome = EchoReading(0.01) if answered else Failure(Reason.TIMEOUT)
    measurement = Measurement(Subject(noun, subject[1], "x", "192.0.2.1"), ProbeKind.ICMP, at(seconds), 0.01, outcome)
    return states.learn(subject[1], measurement, seconds + 10, seconds, at(seconds))


def bring_up(states: States, *subjects: SubjectKey, seconds: float = 1) -> None:
    """Let these answer, and their detectors say so."""
    for subject in subjects:
        learn(states, subject, seconds, answered=True)
        if subject[0] == "link":
            states.decide(subject, UP, because(seconds))


def shown(changes: list[Change]) -> dict[SubjectKey, State]:
    """What is to be shown anew."""
    return {change.subject: change.shown for change in changes}


def test_what_a_detector_decides_is_the_state_of_a_link_and_decides_its_site() -> None:
    """The link and its site come up together, each once, and the fact bears when and why."""
    states = watching()
    changes = states.decide(ONE, UP, Because(at(1), at(2), 0.5, {"because": "answered"}))
    assert shown(changes) == {ONE: UP, ("site", "office"): UP}
    fact = changes[0].transition
    assert fact is not None
    assert (fact.before, fact.after, fact.at, fact.noticed_at, fact.uncertainty) == (UNKNOWN, UP, at(1), at(2), 0.5)
    assert changes[1].transition is None
    assert states.decide(ONE, UP, because(3)) == []


def test_a_site_with_one_of_two_links_down_is_degraded() -> None:
    """One silent link of two degrades its site."""
    states = watching()
    bring_up(states, ONE, TWO)
    assert shown(states.decide(TWO, DOWN, because(5))) == {TWO: DOWN, ("site", "office"): DEGRADED}


def test_three_silences_make_a_device_down_since_the_first() -> None:
    """The outage began between the last answer and the first silence, with its uncertainty."""
    states = watching()
    bring_up(states, ONE, FAR)
    learn(states, ROUTER, 10, answered=True)
    changes = [learn(states, ROUTER, seconds, answered=False) for seconds in (14, 18, 22)]
    assert changes[:2] == [[], []]
    fact = changes[2][0].transition
    assert fact is not None
    assert (fact.after, fact.at, fact.uncertainty, fact.noticed_at) == (DOWN, at(12), 2.0, at(22))


def test_what_hangs_on_a_lost_link_is_unreachable_down_the_whole_tree() -> None:
    """Answers from before the outage prove nothing after it: child and grandchild are cut off with their parent."""
    states = watching()
    bring_up(states, ONE, TWO, FAR, ROUTER)
    changes = shown(states.decide(ONE, DOWN, because(5)))
    assert changes == {
        ONE: DOWN,
        FAR: UNREACHABLE,
        ROUTER: UNREACHABLE,
        ("site", "office"): DEGRADED,
        ("site", "point"): UNREACHABLE,
    }


def test_a_child_that_answers_after_its_parent_was_lost_is_up() -> None:
    """It has another way, whatever the inventory says."""
    states = watching()
    bring_up(states, ONE, TWO, FAR)
    learn(states, FAR, 6, answered=True)
    assert FAR not in shown(states.decide(ONE, DOWN, because(5)))
    assert states.state(FAR) is UP


def test_silence_from_behind_an_outage_calls_nobody_down_when_it_is_over() -> None:
    """When the parent returns, its child is unknown until it has shown itself what it is: up at the first answer."""
    states = watching()
    bring_up(states, ONE, TWO, FAR)
    states.decide(ONE, DOWN, because(5))
    states.decide(FAR, DOWN, because(6))
    assert states.state(FAR) is UNREACHABLE
    assert shown(states.decide(ONE, UP, because(20)))[FAR] is UNKNOWN
    states.decide(FAR, UP, because(25))
    assert states.state(FAR) is UP


def test_probes_that_left_during_an_outage_say_nothing_after_it() -> None:
    """A probe waits seconds for its answer: what was sent before the parent's return and ends after it is not fresh."""
    states = watching()
    bring_up(states, ONE, FAR)
    states.decide(ONE, DOWN, because(5))
    states.decide(FAR, DOWN, because(6))
    states.decide(ONE, UP, Because(at(19), at(20)))
    under_way = [learn(states, FAR, seconds, answered=False) for seconds in (17, 18, 19, 19.9)]
    assert under_way == [[], [], [], []]
    assert [learn(states, FAR, seconds, answered=False) for seconds in (20, 21)] == [[], []]
    assert shown(learn(states, FAR, 22, answered=False))[FAR] is DOWN


def test_a_child_that_is_really_down_is_called_so_after_its_parents_return() -> None:
    """Three fresh silences bear out what its detector holds."""
    states = watching()
    bring_up(states, ONE, TWO, FAR)
    states.decide(ONE, DOWN, because(5))
    states.decide(FAR, DOWN, because(6))
    states.decide(ONE, UP, because(20))
    changes = [learn(states, FAR, seconds, answered=False) for seconds in (21, 22, 23)]
    assert changes[:2] == [[], []]
    assert shown(changes[2])[FAR] is DOWN


def test_a_blind_monitor_knows_nothing_and_learns_anew() -> None:
    """All that is watched is unknown at once; the next answer of each brings it back."""
    states = watching()
    bring_up(states, ONE, TWO, FAR, ROUTER)
    assert set(shown(states.watch(because(5), is_watched=False)).values()) == {UNKNOWN}
    assert states.watch(because(6), is_watched=False) == []
    states.watch(because(8), is_watched=True)
    assert states.state(ONE) is UNKNOWN
    assert shown(learn(states, ONE, 9, answered=True)) == {ONE: UP, ("site", "office"): UP}


def test_a_breach_degrades_what_answers_and_nothing_else() -> None:
    """A requirement that is not met degrades a link that is up; one that is down stays down, and is degraded later."""
    states = watching()
    bring_up(states, ONE, TWO)
    assert shown(states.judge(ONE, because(5), falls_short=True))[ONE] is DEGRADED
    assert shown(states.decide(ONE, DOWN, because(6)))[ONE] is DOWN
    assert shown(states.decide(ONE, UP, because(9)))[ONE] is DEGRADED
    assert shown(states.judge(ONE, because(12), falls_short=False))[ONE] is UP
    states.decide(TWO, DOWN, because(13))
    assert states.judge(TWO, because(14), falls_short=True) == []


def test_maintenance_is_laid_over_and_never_written_down() -> None:
    """It is shown while it is open, and the facts go on beneath it."""
    states = watching()
    bring_up(states, ONE)
    (laid, *_) = states.maintain(frozenset({ONE}), because(5))
    assert (laid.subject, laid.shown, laid.transition) == (ONE, State.MAINTENANCE, None)
    (beneath, *_) = states.decide(ONE, DOWN, because(6))
    assert beneath.shown is State.MAINTENANCE
    assert beneath.transition is not None
    assert beneath.transition.after is DOWN
    assert states.observed(ONE) is DOWN
    assert shown(states.maintain(frozenset(), because(9)))[ONE] is DOWN


def test_what_is_no_longer_measured_becomes_unknown() -> None:
    """A device's state is worth as long as its measurements are fresh; links have a detector that knows."""
    states = watching()
    learn(states, ROUTER, 0, answered=True)
    assert states.expire(states.subjects(), 10.0, because(10)) == []
    assert shown(states.expire(states.subjects(), 10.1, because(10))) == {ROUTER: UNKNOWN}


def test_a_reload_keeps_what_stays_and_ends_what_goes() -> None:
    """States and their since survive; of what is gone the history gets an end, and its site is settled anew."""
    states = watching()
    bring_up(states, ONE, TWO)
    states.decide(TWO, DOWN, because(5))
    smaller = Inventory.model_validate({
        "sites": [{"id": "office", "links": [{"id": "one", "target": "icmp://192.0.2.1"}]}]
    })
    changes = states.expect(smaller, PROBES[:1], because(7))
    assert shown(changes) == {TWO: UNKNOWN, ("site", "office"): UP}
    assert changes[0].transition is not None
    assert (changes[0].transition.before, changes[0].transition.after) == (DOWN, UNKNOWN)
    assert states.snapshot()[ONE] == (UP, at(1))
    assert learn(states, TWO, 8, answered=True) == []
    assert states.state(TWO) is UNKNOWN


def test_a_silence_that_was_over_before_it_was_known_is_none() -> None:
    """Echoes that left before one that was answered: their time-outs come later, and say nothing about now."""
    states = watching()
    bring_up(states, ONE, TWO, FAR)
    for sent in (2.0, 2.4):
        learn(states, ROUTER, sent, answered=False)
    learn(states, ROUTER, 3.0, answered=True)
    for sent in (2.5, 2.8, 2.9):
        assert learn(states, ROUTER, sent, answered=False) == []
    assert states.state(ROUTER) is UP


def test_silences_that_were_too_few_are_forgotten_too_when_what_is_above_returns() -> None:
    """Two from behind the outage and one from after it are no three."""
    states = watching()
    bring_up(states, ONE, TWO)
    states.decide(FAR, DOWN, because(2))
    for seconds in (3.0, 8.0):
        learn(states, ROUTER, seconds, answered=False)
    states.decide(FAR, UP, because(10))
    learn(states, ROUTER, 13.0, answered=False)
    assert states.state(ROUTER) is UNKNOWN
    for seconds in (18.0, 23.0):
        learn(states, ROUTER, seconds, answered=False)
    assert states.state(ROUTER) is DOWN


@pytest.mark.parametrize("subject", [("link", "nobody"), ("device", "nobody")])
def test_what_nobody_watches_changes_nothing(subject: SubjectKey) -> None:
    """A late decision or verdict about something that is gone is dropped."""
    states = watching()
    assert states.decide(subject, DOWN, because(1)) == []
    assert states.judge(subject, because(1), falls_short=True) == []
    assert states.expire([subject], 1.0, because(1)) == []
