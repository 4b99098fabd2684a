"""Indices and octets of the tables of neighbours, read as the MIBs define them."""

from model.survey import Gateway, Neighbour
from monitor.enrol import tables

MAC = bytes.fromhex("020000000001")


def test_lldp_in_full() -> None:
    """Chassis by hardware address, port by name, management address out of the index, our port by its own name."""
    walked: tables.Walked = {
        tables.LLDP_CHASSIS: [("0.49.1", MAC)],
        tables.LLDP_CHASSIS_SUBTYPE: [("0.49.1", 4)],
        tables.LLDP_PORT_SUBTYPE: [("0.49.1", 5)],
        tables.LLDP_PORT: [("0.49.1", b"ether1")],
        tables.LLDP_NAME: [("0.49.1", b"rt1\n00 00 00")],
        tables.LLDP_ADDRESS: [("0.49.1.1.4.10.20.0.1", 2)],
        tables.LLDP_LOCAL_SUBTYPE: [("49", 5)],
        tables.LLDP_LOCAL_ID: [("49", b"Gi0/1")],
    }
    expected = Neighbour(10101, "lldp", "rt1", "02:00:00:00:00:01", ("10.20.0.1",), "ether1")
    assert list(tables.lldp(walked, {"Gi0/1": 10101})) == [expected]


def test_lldp_of_a_poor_agent() -> None:
    """Without local ports the number is taken as the bridge's, else as the ifIndex itself; a far MAC is text."""
    walked: tables.Walked = {
        tables.LLDP_CHASSIS: [("0.3.1", b"\x01\x0a\x14\x00\x07"), ("0.4.1", MAC)],
        tables.LLDP_CHASSIS_SUBTYPE: [("0.3.1", 5)],
        tables.LLDP_PORT_SUBTYPE: [("0.4.1", 3)],
        tables.LLDP_PORT: [("0.4.1", MAC)],
        tables.BRIDGE_PORTS: [("3", 103)],
    }
    first, second = tables.lldp(walked, {})
    assert (first.port, first.addresses, first.mac) == (103, ("10.20.0.7",), "")
    assert (second.port, second.far_port) == (4, "02:00:00:00:00:01")


def test_cdp() -> None:
    """The ifIndex leads the index; an old Catalyst's serial number is no part of its name."""
    walked: tables.Walked = {
        tables.CDP_NAME: [("10101.5", b"sw-hall(FOC1234X)")],
        tables.CDP_ADDRESS: [("10101.5", bytes((10, 20, 0, 2)))],
        tables.CDP_PORT: [("10101.5", b"GigabitEthernet0/1")],
    }
    assert list(tables.cdp(walked)) == [Neighbour(10101, "cdp", "sw-hall", "", ("10.20.0.2",), "GigabitEthernet0/1")]


def test_mikrotik() -> None:
    """Its own discovery: the address, who it is, and by which port, as far as it tells."""
    walked: tables.Walked = {
        tables.MIKROTIK_ADDRESS: [("1", "10.20.0.2"), ("2", bytes((0, 0, 0, 0)))],
        tables.MIKROTIK_MAC: [("1", MAC)],
        tables.MIKROTIK_NAME: [("1", b"sw-hall"), ("2", b"ap")],
        tables.MIKROTIK_PORT: [("1", 3)],
    }
    assert list(tables.mikrotik(walked)) == [
        Neighbour(3, "mikrotik", "sw-hall", "02:00:00:00:00:01", ("10.20.0.2",)),
        Neighbour(None, "mikrotik", "ap"),
    ]


def test_stations_of_plain_and_vlan_bridges() -> None:
    """Both tables speak of ports of the bridge, which are not ifIndex; a port that is none's is left out."""
    walked: tables.Walked = {
        tables.BRIDGE_PORTS: [("1", 101), ("2", 102)],
        tables.STATIONS: [("2.0.0.0.0.1", 1), ("2.0.0.0.0.9", 7)],
        tables.STATIONS_BY_VLAN: [("30.2.0.0.0.0.2", 2)],
    }
    assert tables.stations(walked) == {"02:00:00:00:00:01": 101, "02:00:00:00:00:02": 102}


def test_arp_old_and_new() -> None:
    """The tables ipNetToMedia and ipNetToPhysical, IPv6 among it."""
    six = ".".join(["0"] * 15 + ["1"])
    walked: tables.Walked = {
        tables.ARP: [("5.10.20.0.1", MAC)],
        tables.NEIGHBOUR_CACHE: [(f"6.2.16.{six}", MAC), ("6.1.4.10.20.0.9", b"")],
    }
    assert tables.arp(walked) == {"10.20.0.1": ("02:00:00:00:00:01", 5), "::1": ("02:00:00:00:00:01", 6)}


def test_default_routes_of_three_tables() -> None:
    """The newest table counts first, each next hop once, and a route into nothing is no gateway."""
    walked: tables.Walked = {
        tables.INET_ROUTE: [("2.0.0.1.4.203.0.113.1", 3)],
        tables.CIDR_ROUTE: [("0.203.0.113.1", 9), ("0.0.0.0.0", 1)],
    }
    scalars: dict[str, int | bytes | str] = {tables.ROUTE_HOP: "198.51.100.1", tables.ROUTE_PORT: 4}
    assert tables.gateways(scalars, walked) == (Gateway("203.0.113.1", 3), Gateway("198.51.100.1", 4))
    assert tables.gateways({}, {}) == ()


def test_own_networks() -> None:
    """With their masks; loopback and what has no mask are none."""
    rows = [("10.20.0.1", "255.255.255.0"), ("127.0.0.1", "255.0.0.0"), ("10.0.0.1", "what")]
    assert tables.networks(rows) == ("10.20.0.1/24",)
