"""The last readings of ports: those that links name, with rates, and through failures."""

from datetime import UTC, datetime, timedelta

from model.inventory import Inventory
from model.measurement import (
    Failure,
    InterfaceReading,
    Measurement,
    ProbeKind,
    Reading,
    Reason,
    SnmpReading,
    Subject,
    SystemFacts,
)
from monitor.ports import Ports

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def inventory(*ports: str) -> Inventory:
    """Links with these ports of one router."""
    links = [{"id": f"l{at}", "target": "icmp://192.0.2.1", "interface": port} for at, port in enumerate(ports)]
    router = {"id": "rt", "address": "192.0.2.3", "snmp": {"credentials": "c"}}
    return Inventory.model_validate({
        "credentials": {"c": {"version": "2c", "community": "public"}},
        "sites": [{"id": "office", "links": links, "devices": [router]}],
    })


def measured(seconds: float, outcome: Reading | Failure) -> Measurement:
    """A poll that began then."""
    subject = Subject("device", "rt", "office", "192.0.2.3")
    return Measurement(subject, ProbeKind.SNMP, NOON + timedelta(seconds=seconds), 0.1, outcome)


def polled(ports: Ports, seconds: float, octets: int, *names: str) -> None:
    """A poll of ports that all have counted this much."""
    rows = tuple(
        InterfaceReading(at, name, name, "", 6, "", {"ifHCInOctets": octets, "ifHighSpeed": 1000})
        for at, name in enumerate(names, 1)
    )
    ports.polled(measured(seconds, SnmpReading(round(seconds * 100), SystemFacts(), rows, 1, 0, 1)), seconds)


def loaded(*names: str) -> Ports:
    """Nothing polled yet."""
    ports = Ports()
    ports.load(inventory(*names))
    return ports


def test_the_last_poll_is_known_with_what_was_counted_since_the_one_before() -> None:
    """The first has no rate; the second has, and its time."""
    ports = loaded("rt/wan")
    assert ports.last("rt", "wan") is None
    polled(ports, 60, 1_000, "wan")
    first = ports.last("rt", "wan")
    assert first is not None
    assert (first.counted, first.at, first.uptime_ticks) == (None, NOON + timedelta(seconds=60), 6_000)
    polled(ports, 120, 61_000, "wan")
    second = ports.last("rt", "wan")
    assert second is not None
    assert second.counted is not None
    growth, at = second.counted
    assert (growth.per_second("ifHCInOctets"), at) == (1_000, NOON + timedelta(seconds=120))


def test_a_reset_leaves_the_last_rate_with_its_own_time() -> None:
    """What was counted before it still says how it was then."""
    ports = loaded("rt/wan")
    for seconds, octets in ((60, 1_000), (120, 61_000), (180, 5)):
        polled(ports, seconds, octets, "wan")
    last = ports.last("rt", "wan")
    assert last is not None
    assert last.at == NOON + timedelta(seconds=180)
    assert last.counted is not None
    assert last.counted[1] == NOON + timedelta(seconds=120)


def test_a_failed_poll_leaves_what_is_known() -> None:
    """A silent agent is when it is wanted most."""
    ports = loaded("rt/wan")
    polled(ports, 60, 1_000, "wan")
    ports.polled(measured(120, Failure(Reason.TIMEOUT)), 120)
    last = ports.last("rt", "wan")
    assert last is not None
    assert last.at == NOON + timedelta(seconds=60)


def test_only_ports_that_links_name_are_kept() -> None:
    """A switch may have hundreds of others."""
    ports = loaded("rt/wan")
    polled(ports, 60, 1_000, "wan", "lan")
    assert ports.last("rt", "lan") is None


def test_a_reload_keeps_what_is_still_named() -> None:
    """And forgets the rest."""
    ports = loaded("rt/wan", "rt/lte")
    polled(ports, 60, 1_000, "wan", "lte")
    polled(ports, 120, 61_000, "wan", "lte")
    ports.load(inventory("rt/wan"))
    polled(ports, 180, 121_000, "wan", "lte")
    last = ports.last("rt", "wan")
    assert last is not None
    assert last.counted is not None
    assert last.counted[1] == NOON + timedelta(seconds=180)
    assert ports.last("rt", "lte") is None
