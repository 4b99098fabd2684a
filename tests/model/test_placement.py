"""What is proposed for a device, and by which evidence."""

import pytest

from model.directory import Directory, Known
from model.measurement import SystemFacts
from model.placement import Proposal, Why, is_beside, parent_of, role_of, site_of, uplink_of
from model.survey import Gateway, Neighbour, Port, Survey

ROUTER = Known(
    "office-rt1", "office", "10.20.0.1", "router", frozenset({"office-rt1"}), frozenset({"02:00:00:00:00:01"})
)
ACCESS_POINT = Known("office-ap1", "office", "10.20.0.7", "ap", frozenset({"ap-hall"}))
PORTS = (
    Port(1, "ether1", kind=6, is_up=True, octets=10),
    Port(2, "ether2", kind=6, is_up=True, octets=99),
    Port(3, "pppoe-out", kind=23, is_up=False, octets=500),
)


def told(descr: str = "", name: str = "", location: str = "", object_id: str = "") -> SystemFacts:
    """A system group."""
    return SystemFacts(descr=descr, object_id=object_id, name=name, location=location, contact="")


@pytest.mark.parametrize(
    ("survey", "role"),
    [
        (Survey(told("Smart box"), is_ups=True), "ups"),
        (Survey(told("RouterOS RB760iGS")), "router"),
        (Survey(told("CSS326-24G-2S+ SwOS v2.18")), "switch"),
        (Survey(told("Linux 2.6.32.68 mips", object_id="1.3.6.1.4.1.10002.1")), "ap"),
        (Survey(told("Linux box 6.1")), "server"),
        (Survey(told("Acme 12"), services=2), "switch"),
        (Survey(told("Acme 12"), services=78), "router"),
        (Survey(told("Acme 12"), services=64), "other"),
        (Survey(told("Acme 12")), "other"),
    ],
)
def test_role(survey: Survey, role: str) -> None:
    """A battery is one by its own MIB; then the family, then the words, then the layers; else nothing is claimed."""
    assert role_of(survey) == role


def test_the_way_up_is_where_the_default_route_leaves() -> None:
    """However much other ports carry, and however they are called."""
    survey = Survey(told(), ports=PORTS, gateways=(Gateway("203.0.113.1", 1),))
    assert uplink_of(survey) == Proposal("ether1", Why.ROUTE, "203.0.113.1")


def test_behind_a_bridge_the_port_is_found_by_the_gateways_hardware_address() -> None:
    """A switch's route leaves by a VLAN; the port is where the bridge has seen the gateway."""
    gateway = "02:00:00:00:00:01"
    survey = Survey(
        told(),
        ports=PORTS,
        gateways=(Gateway("10.20.0.1", 77),),
        arp={"10.20.0.1": (gateway, 77)},
        stations={gateway: 2},
    )
    assert uplink_of(survey) == Proposal("ether2", Why.STATION, "10.20.0.1")


def test_a_route_of_which_no_port_is_told_says_nothing() -> None:
    """The next hop alone names no port: what comes after it decides."""
    survey = Survey(told(), ports=PORTS, gateways=(Gateway("203.0.113.1"),))
    assert uplink_of(survey) == Proposal("ether2", Why.TRAFFIC)


def test_without_a_route_it_looks_towards_us() -> None:
    """The bridge has seen this monitor behind a port."""
    survey = Survey(told(), ports=PORTS, arp={"10.9.9.9": ("02:00:00:00:00:09", 5)}, stations={"02:00:00:00:00:09": 1})
    assert uplink_of(survey, "10.9.9.9") == Proposal("ether1", Why.STATION, "10.9.9.9")


def test_names_come_before_traffic_and_dead_ports_are_none() -> None:
    """A port that is called WAN and is down is no way up; else the one that carries the most is proposed."""
    assert uplink_of(Survey(told(), ports=PORTS)) == Proposal("ether2", Why.TRAFFIC)
    called = Port(4, "eth9", alias="Viettel 300M", kind=6, is_up=True)
    assert uplink_of(Survey(told(), ports=(*PORTS, called))) == Proposal("eth9", Why.NAME, "Viettel 300M")
    assert uplink_of(Survey(told())) is None


def test_a_neighbour_at_the_way_up_is_the_parent() -> None:
    """LLDP's neighbour elsewhere, such as an access point, hangs on us and not the other way round."""
    up, down = Neighbour(1, "lldp", name="office-rt1.ward.example"), Neighbour(2, "lldp", name="AP-Hall")
    survey = Survey(told(), ports=PORTS, gateways=(Gateway("192.0.2.1", 1),), neighbours=(down, up))
    parent = parent_of(survey, uplink_of(survey), Directory([ACCESS_POINT, ROUTER]))
    assert parent == Proposal("office-rt1", Why.NEIGHBOUR, "lldp: office-rt1.ward.example (ether1 – ?)")


def test_the_next_hop_is_the_parent_where_no_neighbour_is_told() -> None:
    """By its address, or by the hardware address behind another of its addresses."""
    by_address = Survey(told(), ports=PORTS, gateways=(Gateway("10.20.0.1", 1),))
    assert parent_of(by_address, None, Directory([ROUTER])) == Proposal("office-rt1", Why.GATEWAY, "10.20.0.1")
    by_mac = Survey(told(), gateways=(Gateway("10.30.0.1", 1),), arp={"10.30.0.1": ("02:00:00:00:00:01", 1)})
    assert parent_of(by_mac, None, Directory([ROUTER])) == Proposal("office-rt1", Why.GATEWAY, "10.30.0.1")
    assert parent_of(Survey(told(), ports=PORTS), None, Directory([ROUTER])) is None


def test_a_leaf_is_never_a_parent_by_default() -> None:
    """The only neighbour of a box without a way up is proposed, unless nothing can hang on it."""
    assert (
        parent_of(
            Survey(told(), neighbours=(Neighbour(None, "lldp", name="ap-hall"),)), None, Directory([ACCESS_POINT])
        )
        is None
    )
    found = parent_of(
        Survey(told(), neighbours=(Neighbour(None, "lldp", name="office-rt1"),)), None, Directory([ROUTER])
    )
    assert found is not None
    assert found.subject == "office-rt1"


def test_a_name_that_two_have_matches_nobody() -> None:
    """Two boxes that call themselves alike are told apart by their addresses, or not at all."""
    twin = Known("b", "b", "10.0.0.2", "router", frozenset({"gw"}))
    other = Known("a", "a", "10.0.0.1", "router", frozenset({"gw"}))
    directory = Directory([other, twin])
    assert directory.match(Neighbour(1, "cdp", name="gw"), Survey(told())) is None
    assert directory.match(Neighbour(1, "cdp", name="gw", addresses=("10.0.0.2",)), Survey(told())) is twin


SITES = [("office", "Trụ sở"), ("tdp-3", "Tổ dân phố 3")]


def test_the_site() -> None:
    """What the device says of itself, then its network, then what it hangs on; two answers are none."""
    said = Survey(told(location="Nhà văn hóa Tổ dân phố 3"))
    assert site_of("10.9.0.1", said, None, SITES, [ROUTER]) == Proposal("tdp-3", Why.LOCATION, said.system.location)
    assert site_of("10.20.0.9", Survey(told()), None, SITES, [ROUTER]) == Proposal("office", Why.NETWORK)
    assert site_of("10.9.0.1", None, ROUTER, SITES, [ROUTER]) == Proposal("office", Why.PARENT, "office-rt1")
    assert site_of("10.9.0.1", None, None, SITES, [ROUTER]) is None
    assert site_of("gw.example", None, None, SITES, [ROUTER]) is None
    assert site_of("10.9.0.1", None, None, SITES[:1], []) == Proposal("office", Why.ONLY)
    both = Survey(told(location="office, tdp-3"))
    assert site_of("10.9.0.1", both, None, SITES, []) is None


def test_the_monitor_beside_a_device() -> None:
    """Whoever is in the device's own network reaches it without any line."""
    survey = Survey(told(), networks=("10.20.0.1/24", "203.0.113.9/30"))
    assert is_beside(survey, "10.20.0.9")
    assert not is_beside(survey, "10.30.0.9")
    assert not is_beside(survey, "")
