"""What a trial of every probe tells beyond each probe's own outcome."""

from datetime import UTC, datetime

from model.inventory import Inventory
from model.measurement import (
    Failure,
    InterfaceReading,
    Measurement,
    ProbeKind,
    Reason,
    SnmpReading,
    Subject,
    SystemFacts,
)
from monitor.trial import missing_ports


def inventory(port: str) -> Inventory:
    """A link that stands on this port of a router."""
    link = {"id": "l", "target": "icmp://192.0.2.1", "interface": f"rt1/{port}"}
    return Inventory.model_validate({"sites": [{"id": "a", "links": [link]}]})


def polled(outcome: SnmpReading | Failure) -> Measurement:
    """What a poll of the router gave."""
    subject = Subject("device", "rt1", "a", "192.0.2.1")
    return Measurement(subject, ProbeKind.SNMP, datetime(2026, 11, 24, tzinfo=UTC), 0.1, outcome)


def with_ports(*names: str) -> Measurement:
    """A poll that gave these interfaces."""
    rows = tuple(InterfaceReading(number, name, name, "", 6, "", {}) for number, name in enumerate(names))
    return polled(SnmpReading(1, SystemFacts(), rows, 1, 0, 1))


def test_a_port_that_is_not_there_is_told_with_those_that_are() -> None:
    """The names of a small device are all there to choose from."""
    said = list(missing_ports(inventory("ether1"), [with_ports("lo", "eth0")]))
    assert said == ["rt1 has no interface `ether1`, which link l names: write one of lo, eth0"]


def test_a_port_that_is_there_is_no_trouble() -> None:
    """Nothing is said of what is right."""
    assert list(missing_ports(inventory("Gi0/1"), [with_ports("lo", "Gi0/1")])) == []


def test_of_many_ports_the_likely_ones_are_told() -> None:
    """Of fifty names those that look like the one written come first; where none does, the first dozen."""
    many = with_ports(*(f"GigabitEthernet1/0/{number}" for number in range(1, 53)))
    (likely,) = missing_ports(inventory("GigabitEthernet1/0/61"), [many])
    assert "GigabitEthernet1/0/6" in likely
    assert likely.endswith(", …")
    (first,) = missing_ports(inventory("wan"), [many])
    assert "write one of GigabitEthernet1/0/1, GigabitEthernet1/0/2, " in first
    assert first.endswith("GigabitEthernet1/0/12, …")


def test_a_silent_device_is_not_said_to_lack_a_port() -> None:
    """What was not read is not judged; an agent that shows no interface at all is."""
    assert list(missing_ports(inventory("ether1"), [polled(Failure(Reason.TIMEOUT))])) == []
    (bare,) = missing_ports(inventory("ether1"), [with_ports()])
    assert bare.endswith("write none, as the agent shows no interface")
