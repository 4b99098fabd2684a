"""The rows of the tables that say who is next to whom, as values: what is in an index is read out of it. Pure.

LLDP-MIB (IEEE 802.1AB), CISCO-CDP-MIB, MIKROTIK-MIB, BRIDGE-MIB (RFC 4188), Q-BRIDGE-MIB (RFC 4363), IP-MIB (RFC 4293),
RFC1213-MIB, IP-FORWARD-MIB (RFC 2096, RFC 4292).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_interface
from typing import Final

from model.survey import Gateway, Neighbour
from model.text import one_line
from monitor.snmp.identity import decode_text
from monitor.snmp.session import Value

Rows = Sequence[tuple[str, Value]]
"""What stands behind a column's OID, and the value."""

Walked = Mapping[str, Rows]
"""Rows by the column's OID."""

_LLDP: Final = "1.0.8802.1.1.2.1"
LLDP_OWN_CHASSIS: Final = f"{_LLDP}.3.2.0"
LLDP_LOCAL_SUBTYPE: Final = f"{_LLDP}.3.7.1.2"
LLDP_LOCAL_ID: Final = f"{_LLDP}.3.7.1.3"
LLDP_CHASSIS_SUBTYPE: Final = f"{_LLDP}.4.1.1.4"
LLDP_CHASSIS: Final = f"{_LLDP}.4.1.1.5"
LLDP_PORT_SUBTYPE: Final = f"{_LLDP}.4.1.1.6"
LLDP_PORT: Final = f"{_LLDP}.4.1.1.7"
LLDP_PORT_TEXT: Final = f"{_LLDP}.4.1.1.8"
LLDP_NAME: Final = f"{_LLDP}.4.1.1.9"
LLDP_ADDRESS: Final = f"{_LLDP}.4.2.1.3"
LLDP_COLUMNS: Final = (LLDP_CHASSIS_SUBTYPE, LLDP_CHASSIS, LLDP_PORT_SUBTYPE, LLDP_PORT, LLDP_PORT_TEXT, LLDP_NAME)

_CDP: Final = "1.3.6.1.4.1.9.9.23.1.2.1.1"
CDP_ADDRESS, CDP_NAME, CDP_PORT = f"{_CDP}.4", f"{_CDP}.6", f"{_CDP}.7"

_MIKROTIK: Final = "1.3.6.1.4.1.14988.1.1.11.1.1"
MIKROTIK_ADDRESS, MIKROTIK_MAC = f"{_MIKROTIK}.2", f"{_MIKROTIK}.3"
MIKROTIK_NAME, MIKROTIK_PORT = f"{_MIKROTIK}.6", f"{_MIKROTIK}.8"

BRIDGE_PORTS: Final = "1.3.6.1.2.1.17.1.4.1.2"
STATIONS: Final = "1.3.6.1.2.1.17.4.3.1.2"
STATIONS_BY_VLAN: Final = "1.3.6.1.2.1.17.7.1.2.2.1.2"
ARP: Final = "1.3.6.1.2.1.4.22.1.2"
NEIGHBOUR_CACHE: Final = "1.3.6.1.2.1.4.35.1.4"
OWN_MASKS: Final = "1.3.6.1.2.1.4.20.1.3"
ROUTE_PORT, ROUTE_HOP = "1.3.6.1.2.1.4.21.1.2.0.0.0.0", "1.3.6.1.2.1.4.21.1.7.0.0.0.0"
CIDR_ROUTE: Final = "1.3.6.1.2.1.4.24.4.1.5.0.0.0.0.0.0.0.0"
INET_ROUTE: Final = "1.3.6.1.2.1.4.24.7.1.7.1.4.0.0.0.0.0"

_MAC_OCTETS: Final = 6
_IPV4_OCTETS: Final = 4
_IPV6_OCTETS: Final = 16
_NETWORK_ADDRESS: Final = 5  # LldpChassisIdSubtype and LldpPortIdSubtype differ here: of a chassis it is 5
_CHASSIS_MAC, _PORT_MAC = 4, 3
_LOCAL_BY_NAME: Final = frozenset({1, 5, 7})  # interfaceAlias, interfaceName, local


def lldp(walked: Walked, names: Mapping[str, int]) -> Iterator[Neighbour]:
    """Neighbours by LLDP.

    Args:
        walked: The columns, LLDP_LOCAL_* and BRIDGE_PORTS among them.
        names: ifIndex by what a port may be called: ifName, ifDescr, ifAlias, hardware address.
    """
    cells = {column: dict(walked.get(column, ())) for column in LLDP_COLUMNS}
    managed = _managed(walked.get(LLDP_ADDRESS, ()))
    ports = _local_ports(walked, names)
    for row, chassis in cells[LLDP_CHASSIS].items():
        arcs = row.split(".")
        local = int(arcs[1]) if len(arcs) > 1 else 0
        kind = cells[LLDP_CHASSIS_SUBTYPE].get(row)
        yield Neighbour(
            port=ports.get(local, local or None),
            witness="lldp",
            name=_name(cells[LLDP_NAME].get(row)),
            mac=mac(chassis) if kind in {_CHASSIS_MAC, None} else "",
            addresses=(*managed.get(".".join(arcs[:3]), ()), *_told_address(chassis, kind)),
            far_port=_far_port(cells, row),
        )


def _name(value: Value | None) -> str:
    # An agent that pads its table adds lines of zeros.
    return one_line(next(iter(decode_text(value).splitlines()), ""))


def _far_port(cells: Mapping[str, Mapping[str, Value]], row: str) -> str:
    told = cells[LLDP_PORT].get(row)
    if cells[LLDP_PORT_SUBTYPE].get(row) == _PORT_MAC:
        return decode_text(cells[LLDP_PORT_TEXT].get(row)) or mac(told)
    return decode_text(told) or decode_text(cells[LLDP_PORT_TEXT].get(row))


def _told_address(chassis: Value, kind: Value | None) -> Iterator[str]:
    # Of an address the first octet is IANA's number of its family.
    if kind == _NETWORK_ADDRESS and isinstance(chassis, bytes) and len(chassis) - 1 in {_IPV4_OCTETS, _IPV6_OCTETS}:
        yield str(ip_address(chassis[1:]))


def _local_ports(walked: Walked, names: Mapping[str, int]) -> dict[int, int]:
    """Port number of LLDP to ifIndex: by the port's own name, else as the bridge numbers it."""
    bridge = bridge_ports(walked.get(BRIDGE_PORTS, ()))
    subtypes = dict(walked.get(LLDP_LOCAL_SUBTYPE, ()))
    ports = dict(bridge)
    for row, told in walked.get(LLDP_LOCAL_ID, ()):
        kind = subtypes.get(row)
        called = mac(told) if kind == _PORT_MAC else decode_text(told) if kind in _LOCAL_BY_NAME else ""
        if row.isdigit() and called in names:
            ports[int(row)] = names[called]
    return ports


def _managed(rows: Rows) -> dict[str, tuple[str, ...]]:
    """Management addresses by row; they stand in the index, as TimeMark.port.row.family.length and the octets."""
    found: dict[str, tuple[str, ...]] = {}
    for suffix, _ in rows:
        arcs = suffix.split(".")
        address = _address_of_arcs(arcs[5:])
        if address:
            row = ".".join(arcs[:3])
            found[row] = (*found.get(row, ()), address)
    return found


def cdp(walked: Walked) -> Iterator[Neighbour]:
    """Neighbours by CDP; the index begins with our ifIndex."""
    addresses, ports = dict(walked.get(CDP_ADDRESS, ())), dict(walked.get(CDP_PORT, ()))
    for row, told in walked.get(CDP_NAME, ()):
        port = row.partition(".")[0]
        address = _address_of_octets(addresses.get(row))
        yield Neighbour(
            port=int(port) if port.isdigit() else None,
            witness="cdp",
            # A Catalyst of old adds its serial number in brackets.
            name=_name(told).partition("(")[0].strip(),
            addresses=(address,) if address else (),
            far_port=decode_text(ports.get(row)),
        )


def mikrotik(walked: Walked) -> Iterator[Neighbour]:
    """Neighbours by MikroTik's own discovery."""
    macs, names = dict(walked.get(MIKROTIK_MAC, ())), dict(walked.get(MIKROTIK_NAME, ()))
    ports = dict(walked.get(MIKROTIK_PORT, ()))
    for row, told in walked.get(MIKROTIK_ADDRESS, ()):
        port = ports.get(row)
        address = told if isinstance(told, str) else _address_of_octets(told)
        yield Neighbour(
            port=port if isinstance(port, int) else None,
            witness="mikrotik",
            name=_name(names.get(row)),
            mac=mac(macs.get(row)),
            addresses=(address,) if address and address != "0.0.0.0" else (),  # noqa: S104  # a neighbour without one
        )


def bridge_ports(rows: Rows) -> dict[int, int]:
    """Port of the bridge to ifIndex."""
    return {int(suffix): value for suffix, value in rows if suffix.isdigit() and isinstance(value, int)}


def stations(walked: Walked) -> dict[str, int]:
    """Hardware address to the ifIndex behind which the bridge has seen it."""
    ports = bridge_ports(walked.get(BRIDGE_PORTS, ()))
    found: dict[str, int] = {}
    for column in (STATIONS, STATIONS_BY_VLAN):
        for suffix, port in walked.get(column, ()):
            arcs = suffix.split(".")[-_MAC_OCTETS:]
            if isinstance(port, int) and port in ports and len(arcs) == _MAC_OCTETS:
                found[mac(_octets(arcs))] = ports[port]
    return found


def arp(walked: Walked) -> dict[str, tuple[str, int]]:
    """Address to hardware address and ifIndex."""
    found: dict[str, tuple[str, int]] = {}
    for column, head in ((ARP, 1), (NEIGHBOUR_CACHE, 3)):
        for suffix, told in walked.get(column, ()):
            arcs = suffix.split(".")
            address, hardware = _address_of_arcs(arcs[head:]), mac(told)
            if address and hardware and arcs[0].isdigit():
                found[address] = hardware, int(arcs[0])
    return found


def networks(rows: Rows) -> tuple[str, ...]:
    """Own IPv4 addresses with their prefix length, by OWN_MASKS."""
    return tuple(_networks(rows))


def _networks(rows: Rows) -> Iterator[str]:
    for address, mask in rows:
        told = mask if isinstance(mask, str) else _address_of_octets(mask)
        try:
            own = ip_interface(f"{address}/{told}")
        except ValueError:  # an agent that has no mask, or no address
            continue
        if not own.is_loopback and not own.ip.is_unspecified:
            yield str(own)


def gateways(scalars: Mapping[str, Value], walked: Walked) -> tuple[Gateway, ...]:
    """Default routes, each next hop once; those of the oldest table only where the newer ones are empty."""
    found = [*_inet_gateways(walked.get(INET_ROUTE, ())), *_cidr_gateways(walked.get(CIDR_ROUTE, ()))]
    hop, port = scalars.get(ROUTE_HOP), scalars.get(ROUTE_PORT)
    old = hop if isinstance(hop, str) else _address_of_octets(hop)
    if old:
        found.append(Gateway(old, port if isinstance(port, int) else 0))
    first = {each.address: each for each in reversed(found) if each.address != "0.0.0.0"}  # noqa: S104  # a route into nothing
    return tuple(reversed(first.values()))


def _cidr_gateways(rows: Rows) -> Iterator[Gateway]:
    """Behind CIDR_ROUTE: tos.next hop."""
    for suffix, port in rows:
        address = _address_of_arcs(suffix.split(".")[1:])
        if address and isinstance(port, int):
            yield Gateway(address, port)


def _inet_gateways(rows: Rows) -> Iterator[Gateway]:
    """Behind INET_ROUTE: length of the policy.policy….kind of the next hop.length.next hop."""
    for suffix, port in rows:
        arcs = suffix.split(".")
        policy = int(arcs[0]) if arcs[0].isdigit() else 0
        address = _address_of_arcs(arcs[policy + 3 :])
        if address and isinstance(port, int):
            yield Gateway(address, port)


def _octets(arcs: Iterable[str]) -> bytes:
    numbers = [int(arc) for arc in arcs if arc.isdigit()]
    return bytes(number for number in numbers if number < 256)  # noqa: PLR2004  # an octet


def _address_of_arcs(arcs: Sequence[str]) -> str:
    return _address_of_octets(_octets(arcs)) if len(arcs) in {_IPV4_OCTETS, _IPV6_OCTETS} else ""


def _address_of_octets(value: Value | None) -> str:
    if not isinstance(value, bytes) or len(value) not in {_IPV4_OCTETS, _IPV6_OCTETS}:
        return ""
    return str(ip_address(value))


def mac(value: Value | None) -> str:
    """A hardware address in lower-case hex with colons; empty for what is none, or nobody's."""
    return value.hex(":") if isinstance(value, bytes) and len(value) == _MAC_OCTETS and any(value) else ""
