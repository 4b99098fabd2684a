"""What is remembered of each subject, across measurements, reloads and silence of our own."""

from datetime import UTC, datetime

from model.inventory import Inventory
from model.measurement import EchoReading, Failure, Measurement, ProbeKind, Reason, Subject, SubjectKey
from model.state import State
from monitor.states import States

INVENTORY = Inventory.model_validate({
    "sites": [
        {
            "id": "office",
            "links": [{"id": "one", "target": "icmp://192.0.2.1"}, {"id": "two", "target": "icmp://192.0.2.2"}],
        }
    ]
})
ONE_LINK = Inventory.model_validate({
    "sites": [{"id": "office", "links": [{"id": "one", "target": "icmp://192.0.2.1"}]}]
})
ONE: SubjectKey = ("link", "one")
TWO: SubjectKey = ("link", "two")
PROBES = [(ONE, "probe-one", ProbeKind.ICMP), (TWO, "probe-two", ProbeKind.ICMP)]
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def learn(states: States, link: str, *, answered: bool, now: float = 0.0) -> list[SubjectKey]:
    """Feed one measurement of a link, worth ten seconds."""
    outcome = EchoReading(0.01) if answered else Failure(Reason.TIMEOUT)
    measurement = Measurement(Subject("link", link, "office", "192.0.2.1"), ProbeKind.ICMP, NOON, 0.01, outcome)
    return states.learn(f"probe-{link}", measurement, now + 10, now)


def watching() -> States:
    """States of an office with two links."""
    states = States()
    states.expect(INVENTORY, PROBES)
    return states


def test_a_change_is_told_once_with_what_follows_from_it() -> None:
    """The first answer brings link and site up; the second changes nothing."""
    states = watching()
    assert learn(states, "one", answered=True) == [ONE, ("site", "office")]
    assert learn(states, "one", answered=True) == []
    assert states.snapshot()[ONE] == (State.UP, NOON)


def test_a_site_with_one_of_two_links_down_is_degraded() -> None:
    """Three silences of one link degrade its site."""
    states = watching()
    learn(states, "one", answered=True)
    changes = [learn(states, "two", answered=False) for _ in range(3)]
    assert changes == [[], [], [TWO, ("site", "office")]]
    assert states.state(("site", "office")) is State.DEGRADED


def test_what_is_no_longer_measured_becomes_unknown() -> None:
    """A state is worth as long as its measurements are fresh."""
    states = watching()
    learn(states, "one", answered=True, now=0.0)
    assert states.expire(states.subjects(), NOON, 10.0) == []
    assert states.expire(states.subjects(), NOON, 10.1) == [ONE, ("site", "office")]
    assert states.state(ONE) is State.UNKNOWN


def test_a_reload_keeps_what_stays_and_forgets_what_goes() -> None:
    """States and their since survive a reload; a late result of a removed probe is dropped."""
    states = watching()
    learn(states, "one", answered=True)
    learn(states, "two", answered=True)
    states.expect(ONE_LINK, PROBES[:1])
    assert states.snapshot()[ONE] == (State.UP, NOON)
    assert TWO not in states.snapshot()
    assert learn(states, "two", answered=True) == []
    assert states.state(TWO) is State.UNKNOWN


def test_a_changed_target_begins_to_learn_anew() -> None:
    """A new probe of an old link has said nothing yet, so the next settlement is unknown, not yesterday's state."""
    states = watching()
    learn(states, "one", answered=True)
    states.expect(INVENTORY, [(ONE, "another-probe", ProbeKind.ICMP), PROBES[1]])
    assert states.state(ONE) is State.UP
    states.expire(states.subjects(), NOON, 1.0)
    assert states.state(ONE) is State.UNKNOWN
