"""Where an address leads: what a stranger's redirect must never make this machine ask."""

import ipaddress
from enum import StrEnum
from typing import Final

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_METADATA: Final = frozenset(map(ipaddress.ip_address, ("169.254.169.254", "100.100.100.200", "fd00:ec2::254")))
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")  # RFC 4291 §2.5.5.1, deprecated; likewise
_LAST_32_BITS: Final = 0xFFFFFFFF


class Place(StrEnum):
    """A class of addresses, in words that end the sentence "it leads to …"."""

    THIS_MACHINE = "this machine itself"
    LOCAL_LINK = "a link-local address"
    METADATA = "a cloud's metadata service"
    NOWHERE = "an address that is no host's"
    ELSEWHERE = "another host"


def place_of(address: str) -> Place:
    """The place of an address; an IPv4 address inside an IPv6 one counts as itself.

    Raises:
        ValueError: It is no address.
    """
    host = _inner(ipaddress.ip_address(address.partition("%")[0]))
    if host in _METADATA:
        return Place.METADATA
    # Linux takes 0.0.0.0 and :: as destinations for itself.
    if host.is_loopback or host.is_unspecified or _is_this_network(host):
        return Place.THIS_MACHINE
    if host.is_link_local:
        return Place.LOCAL_LINK
    return Place.NOWHERE if host.is_multicast or _is_class_e(host) else Place.ELSEWHERE


def may_lead(origin: Place, destination: Place) -> bool:
    """Whether a redirect may lead there: to any other host, and to a special place only from that very place."""
    return destination is Place.ELSEWHERE or destination is origin


def _inner(address: _Address) -> _Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and (address in _NAT64 or (address in _COMPATIBLE and int(address) > 1)):
        inner = ipaddress.IPv4Address(int(address) & _LAST_32_BITS)
    return inner or address


def _is_this_network(host: _Address) -> bool:
    return isinstance(host, ipaddress.IPv4Address) and host.packed[0] == 0


def _is_class_e(host: _Address) -> bool:
    return isinstance(host, ipaddress.IPv4Address) and host.is_reserved
