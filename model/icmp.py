"""ICMP echo as bytes, for IPv4 (RFC 792) and IPv6 (RFC 4443): a pure codec."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class IpVersion(IntEnum):
    """Which of the two ICMPs."""

    V4 = 4
    V6 = 6


ECHO_REQUEST: Final[Mapping[IpVersion, int]] = {IpVersion.V4: 8, IpVersion.V6: 128}
ECHO_REPLY: Final[Mapping[IpVersion, int]] = {IpVersion.V4: 0, IpVersion.V6: 129}

_ECHO: Final = struct.Struct("!BBHHH")
_IPV4_SHORTEST_HEADER: Final = 20

_ENDS: Final[Mapping[IpVersion, frozenset[int]]] = {
    IpVersion.V4: frozenset({3, 11, 12}),  # destination unreachable, time exceeded, parameter problem
    IpVersion.V6: frozenset({1, 2, 3, 4}),  # the same, and packet too big
}
_UNREACHABLE_V4: Final[Mapping[int, str]] = {
    0: "network unreachable",
    1: "host unreachable",
    2: "protocol unreachable",
    3: "port unreachable",
    4: "packet too big",
    5: "source route failed",
    6: "network unknown",
    7: "host unknown",
    9: "network prohibited",
    10: "host prohibited",
    13: "filtered by a firewall",
}
_UNREACHABLE_V6: Final[Mapping[int, str]] = {
    0: "no route to destination",
    1: "filtered by a firewall",
    2: "beyond scope of source address",
    3: "address unreachable",
    4: "port unreachable",
    5: "source address refused by policy",
    6: "route rejected",
}
_OTHER_ERRORS: Final[Mapping[tuple[IpVersion, int], str]] = {
    (IpVersion.V4, 11): "time exceeded, a routing loop or a path that is too long",
    (IpVersion.V4, 12): "parameter problem",
    (IpVersion.V6, 2): "packet too big",
    (IpVersion.V6, 3): "time exceeded, a routing loop or a path that is too long",
    (IpVersion.V6, 4): "parameter problem",
}

ERROR_WORDS: Final = frozenset({*_UNREACHABLE_V4.values(), *_UNREACHABLE_V6.values(), *_OTHER_ERRORS.values()})
"""What ``describe_error`` says of the errors that it knows: the rest it names by number."""


@dataclass(frozen=True, slots=True)
class Echo:
    """An echo request or reply.

    Attributes:
        kind: The message's type: one of ``ECHO_REQUEST`` or ``ECHO_REPLY``.
        identifier: 16 bits, of the sender.
        sequence: 16 bits.
        payload: What a reply must give back unchanged.
    """

    kind: int
    identifier: int
    sequence: int
    payload: bytes


def encode_request(version: IpVersion, identifier: int, sequence: int, payload: bytes) -> bytes:
    """An echo request. The checksum of version 6 covers IP addresses and is left to the kernel (RFC 3542 §3.1)."""
    kind = ECHO_REQUEST[version]
    packet = _ECHO.pack(kind, 0, 0, identifier, sequence) + payload
    if version is IpVersion.V6:
        return packet
    return _ECHO.pack(kind, 0, internet_checksum(packet), identifier, sequence) + payload


def decode_echo(version: IpVersion, message: bytes) -> Echo | None:
    """The echo request or reply in a message that starts at its ICMP header; ``None`` for anything else.

    The checksum has been verified by the kernel; a request that an ICMP error quotes may be cut after 8 bytes.
    """
    if len(message) < _ECHO.size:
        return None
    kind, code, _, identifier, sequence = _ECHO.unpack_from(message)
    if code != 0 or kind not in {ECHO_REQUEST[version], ECHO_REPLY[version]}:
        return None
    return Echo(kind, identifier, sequence, message[_ECHO.size :])


def strip_ipv4_header(packet: bytes) -> bytes:
    """What an IPv4 packet carries; empty when there is no whole header (RFC 791 §3.1)."""
    if len(packet) < _IPV4_SHORTEST_HEADER:
        return b""
    length = (packet[0] & 0x0F) * 4
    return packet[length:] if length >= _IPV4_SHORTEST_HEADER else b""


def internet_checksum(data: bytes) -> int:
    """The one's complement sum of RFC 1071, 16 bits; an odd last byte is padded with zero."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ends_a_packet(version: IpVersion, kind: int) -> bool:
    """Whether an ICMP message of this type says that a packet went no further.

    A redirect does not: the packet was sent on, by a better way.
    """
    return kind in _ENDS[version]


def describe_error(version: IpVersion, kind: int, code: int) -> str:
    """What an ICMP error of this type and code says, in words."""
    unreachable_kind, codes = (3, _UNREACHABLE_V4) if version is IpVersion.V4 else (1, _UNREACHABLE_V6)
    if kind == unreachable_kind:
        return codes.get(code, f"unreachable, code {code}")
    return _OTHER_ERRORS.get((version, kind), f"ICMP type {kind} code {code}")
