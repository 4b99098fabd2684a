"""What the inventory holds."""

import pytest

from exporters.targets.aim import Held
from model.inventory import Inventory
from model.measurement import ProbeKind
from tests.peers.board import ward


@pytest.mark.parametrize(
    ("kind", "target", "who"),
    [
        ("icmp", "203.0.113.1", "office-vnpt"),
        ("icmp", "10.20.0.1", "office-rt1"),
        ("icmp", "198.51.100.7", "point-1-viettel"),
        ("icmp", "192.0.2.1", "icmp://192.0.2.1"),
        ("tcp", "203.0.113.1:443", "office-vnpt"),
        ("tcp", "dichvucong.example:443", "public-services"),
        ("stamp", "198.51.100.7", "point-1-viettel"),
        ("http", "https://dichvucong.example/", "public-services"),
        ("http", "https://dichvucong.example/?key=planted-key", "public-services"),
        ("dns", "10.20.0.53", "resolver"),
    ],
)
def test_what_is_held(kind: str, target: str, who: str) -> None:
    """Targets of links, hosts of those, addresses of devices, pages with their ports, resolvers and anchors."""
    found = Held(ward()).aim(ProbeKind(kind), target, {})
    assert found is not None
    assert found.subject.id == who


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("icmp", "192.0.2.2"),
        ("icmp", "dichvucong.example"),
        ("icmp", "10.20.0.53"),
        ("tcp", "203.0.113.1:80"),
        ("tcp", "10.20.0.1:22"),
        ("stamp", "203.0.113.1"),
        ("http", "https://dichvucong.example/admin"),
        ("http", "https://dichvucong.example/?key=guess"),
        ("http", "http://dichvucong.example/"),
        ("http", "https://203.0.113.1/"),
        ("dns", "10.20.0.53:5353"),
    ],
)
def test_what_is_not_held(kind: str, target: str) -> None:
    """Another port, path, protocol or host is another target."""
    assert Held(ward()).aim(ProbeKind(kind), target, {}) is None


def two_ways_out() -> Inventory:
    """Two links that probe one target, each over its own line, and a device with that address."""
    links = [
        {"id": "one", "target": "icmp://192.0.2.1", "source": "eth1", "timeout": "500ms"},
        {"id": "two", "target": "icmp://192.0.2.1", "source": "eth2"},
    ]
    devices = [{"id": "rt", "address": "192.0.2.1"}]
    return Inventory.model_validate({"sites": [{"id": "a", "links": links, "devices": devices}]})


@pytest.mark.parametrize(
    ("narrowed", "source"),
    [({}, "eth1"), ({"link": "one"}, "eth1"), ({"link": "two"}, "eth2"), ({"device": "rt"}, None)],
)
def test_one_target_of_several(narrowed: dict[str, str], source: str | None) -> None:
    """The first who holds it, unless the request says whose it is: the way out may differ."""
    found = Held(two_ways_out()).aim(ProbeKind.ICMP, "192.0.2.1", narrowed)
    assert found is not None
    assert found.source == source


@pytest.mark.parametrize("narrowed", [{"link": "three"}, {"service": "one"}, {"link": "one", "site": "b"}])
def test_a_target_of_nobody(narrowed: dict[str, str]) -> None:
    """Who does not hold it does not lend its name."""
    assert Held(two_ways_out()).aim(ProbeKind.ICMP, "192.0.2.1", narrowed) is None


def test_the_inventorys_own_time_out_counts() -> None:
    """A link's is the link's; a device that is not pinged gets a second."""
    held = Held(two_ways_out())
    times = [held.aim(ProbeKind.ICMP, "192.0.2.1", who) for who in ({"link": "one"}, {"device": "rt"})]
    assert [aim.timeout for aim in times if aim] == [0.5, 1.0]


@pytest.mark.parametrize(
    ("target", "found"),
    [("10.20.0.1", True), ("udp://10.20.0.1:161", True), ("10.20.0.1:1161", False), ("tcp://10.20.0.1", False)],
)
def test_an_agent_is_known_by_address_and_port(target: str, found: bool) -> None:  # noqa: FBT001  # what is expected
    """161 goes without saying."""
    assert (Held(ward()).agent(target, {}) is not None) is found
