"""The outside of an SNMP message: enough of its BER to know what it answers, and that every length in it is true.

Nothing here decodes values: that is the engines' work. But gufo-snmp 0.13 panics (with a Rust backtrace on stderr) on
lengths that point outside the datagram and believes an SNMPv3 answer without looking at its digest, and pysnmp lets
exceptions of its decoder escape into the event loop. So each datagram passes here first.
"""

from typing import Final, NamedTuple

_INTEGER: Final = 0x02
_OCTETS: Final = 0x04
_OID: Final = 0x06
_SEQUENCE: Final = 0x30
RESPONSE: Final = 0xA2
REPORT: Final = 0xA8
_PDUS: Final = frozenset({0xA0, 0xA1, RESPONSE, 0xA3, 0xA5, REPORT})
_LONG_FORM: Final = 128  # X.690 §8.1.3.5: a length octet from here on tells how many octets the length has
_LONGEST_NUMBER: Final = 9  # Counter64 with its leading zero
_LONGEST_OID: Final = 5 * 128  # RFC 2578 §3.5: 128 arcs below 2³²
# Every type that a value can have, with its fewest and most octets: INTEGER, OCTET STRING, NULL, OID, IpAddress,
# Counter32, Gauge32, TimeTicks, Opaque, Counter64, Unsigned32 of RFC 1442, and the three exceptions of RFC 3416 §3.
_NUMBER: Final = (1, _LONGEST_NUMBER)
_TEXT: Final = (0, 65_535)
_NOTHING: Final = (0, 0)
_SIZES: Final = {
    0x02: _NUMBER,
    0x04: _TEXT,
    0x05: _NOTHING,
    0x06: (1, _LONGEST_OID),
    0x40: _TEXT,
    0x41: _NUMBER,
    0x42: _NUMBER,
    0x43: _NUMBER,
    0x44: _TEXT,
    0x46: _NUMBER,
    0x47: _NUMBER,
    0x80: _NOTHING,
    0x81: _NOTHING,
    0x82: _NOTHING,
}
# The same for lengths below 128, to look up by tag; a tag that is no value's has no length between the two.
_FEWEST: Final = bytes(_SIZES.get(tag, (255, 0))[0] for tag in range(256))
_MOST: Final = bytes(min(127, _SIZES.get(tag, (255, 0))[1]) for tag in range(256))


class MalformedError(ValueError):
    """These bytes are not an SNMP message."""


class Pdu(NamedTuple):
    """The fixed fields of a PDU (RFC 3416 §3); for GETBULK, status and position are its two numbers.

    ``position`` is the PDU's error-index: which binding is to blame, from 1.
    """

    tag: int
    request_id: int
    status: int
    position: int


class CommunityMessage(NamedTuple):
    """An SNMPv1 (0) or SNMPv2c (1) message (RFC 3584 §5.1)."""

    version: int
    community: bytes
    pdu: Pdu


class SecureMessage(NamedTuple):
    """An SNMPv3 message under the User-based Security Model (RFC 3412 §6, RFC 3414 §2.4).

    Attributes:
        pdu: ``None`` where it is encrypted.
        report: The OID's content octets of the first binding where the PDU is a Report, else empty.
        digest: Where in the datagram the authentication parameters lie: start and end.
    """

    message_id: int
    authenticated: bool
    encrypted: bool
    engine_id: bytes
    boots: int
    time: int
    user: bytes
    digest: tuple[int, int]
    pdu: Pdu | None
    report: bytes


def read_message(data: bytes) -> CommunityMessage | SecureMessage:
    """Read the outside of a message and check every length inside.

    Raises:
        MalformedError: It is not an SNMP message, or a length in it is not true.
    """
    try:
        at, end = enter(data, 0, len(data), _SEQUENCE)
        if end != len(data):
            raise MalformedError("bytes after the end of the message")
        version, at = read_integer(data, at, end)
        if version in {0, 1}:
            community, at = read_octets(data, at, end)
            pdu, _ = _pdu(data, at, end)
            return CommunityMessage(version, community, pdu)
        if version == 3:  # noqa: PLR2004  # SNMPv3
            return _secure(data, at, end)
    except IndexError as error:
        raise MalformedError("the message is cut off") from error
    raise MalformedError(f"version {version} is not an SNMP version")


def request_id_of(data: bytes) -> int:
    """The request-id of an SNMPv1 or SNMPv2c request, or the message-id of an SNMPv3 one, that we wrote ourselves."""
    start, end = request_id_span(data)
    return read_integer(data, start, end)[0]


def request_id_span(data: bytes) -> tuple[int, int]:
    """Where that id stands, its tag and length included, in a message that we wrote or that has been read."""
    at, end = enter(data, 0, len(data), _SEQUENCE)
    version, at = read_integer(data, at, end)
    if version < 3:  # noqa: PLR2004  # SNMPv3
        _, at = read_octets(data, at, end)
    start, end = enter(data, at, end, data[at])
    return start, enter(data, start, end, _INTEGER)[1]


def _secure(data: bytes, at: int, end: int) -> SecureMessage:
    header, header_end = enter(data, at, end, _SEQUENCE)
    message_id, header = read_integer(data, header, header_end)
    _, header = read_integer(data, header, header_end)
    flags, header = read_octets(data, header, header_end)
    model, _ = read_integer(data, header, header_end)
    if len(flags) != 1 or model != 3:  # noqa: PLR2004  # USM
        raise MalformedError("not the User-based Security Model")
    outer, outer_end = enter(data, header_end, end, _OCTETS)
    usm, usm_end = enter(data, outer, outer_end, _SEQUENCE)
    engine_id, usm = read_octets(data, usm, usm_end)
    boots, usm = read_integer(data, usm, usm_end)
    time, usm = read_integer(data, usm, usm_end)
    user, usm = read_octets(data, usm, usm_end)
    digest = enter(data, usm, usm_end, _OCTETS)
    enter(data, digest[1], usm_end, _OCTETS)
    encrypted = bool(flags[0] & 2)
    pdu, report = (None, b"") if encrypted else _scoped(data, outer_end, end)
    if encrypted:
        enter(data, outer_end, end, _OCTETS)
    authenticated = bool(flags[0] & 1)
    return SecureMessage(message_id, authenticated, encrypted, engine_id, boots, time, user, digest, pdu, report)


def _scoped(data: bytes, at: int, end: int) -> tuple[Pdu, bytes]:
    at, end = enter(data, at, end, _SEQUENCE)
    _, at = read_octets(data, at, end)
    _, at = read_octets(data, at, end)
    pdu, bindings = _pdu(data, at, end)
    if pdu.tag != REPORT or bindings == end:
        return pdu, b""
    binding, binding_end = enter(data, bindings, end, _SEQUENCE)
    name, name_end = enter(data, binding, binding_end, _OID)
    return pdu, data[name:name_end]


def _pdu(data: bytes, at: int, end: int) -> tuple[Pdu, int]:
    tag = data[at]
    if tag not in _PDUS:
        raise MalformedError(f"0x{tag:02x} is not a PDU")
    at, end = enter(data, at, end, tag)
    request_id, at = read_integer(data, at, end)
    status, at = read_integer(data, at, end)
    index, at = read_integer(data, at, end)
    at, bindings_end = enter(data, at, end, _SEQUENCE)
    if bindings_end != end:
        raise MalformedError("bytes after the variable bindings")
    _check_bindings(data, at, end)
    return Pdu(tag, request_id, status, index), at


def _check_bindings(data: bytes, at: int, end: int) -> None:
    # The hot loop of every poll: one turn per cell, so the usual short lengths are compared in place.
    while at < end:
        name = data[at + 3]
        value = at + 4 + name
        tag, length = data[value], data[value + 1]
        binding_end = value + 2 + length
        if (
            data[at] == _SEQUENCE
            and data[at + 2] == _OID
            and data[at + 1] == binding_end - at - 2 < _LONG_FORM
            and name > 0
            and _FEWEST[tag] <= length <= _MOST[tag]
        ):
            at = binding_end
        else:
            at = _check_long_binding(data, at, end)
    if at != end:
        raise MalformedError("a variable binding passes the end of its list")


def _check_long_binding(data: bytes, at: int, end: int) -> int:
    at, binding_end = enter(data, at, end, _SEQUENCE)
    name, value = enter(data, at, binding_end, _OID)
    if not 0 < value - name <= _LONGEST_OID:
        raise MalformedError(f"an OID of {value - name} octets")
    tag = data[value]
    start, value_end = enter(data, value, binding_end, tag)
    fewest, most = _SIZES.get(tag, (1, 0))
    if not fewest <= value_end - start <= most:
        raise MalformedError(f"a value of type 0x{tag:02x} and {value_end - start} octets")
    if value_end != binding_end:
        raise MalformedError("bytes after a value")
    return binding_end


def enter(data: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    """Where the content of the element at ``at`` starts and ends.

    Raises:
        MalformedError: Its tag is another, or its length has no definite form or passes ``end``.
        IndexError: The message is cut off.
    """
    if data[at] != tag:
        raise MalformedError(f"0x{data[at]:02x} where 0x{tag:02x} must stand")
    length = data[at + 1]
    at += 2
    if length >= _LONG_FORM:
        width = length & 0x7F
        if not 0 < width <= 4:  # noqa: PLR2004  # more than any datagram can need
            raise MalformedError("a length without sense")
        length = int.from_bytes(data[at : at + width], "big")
        at += width
    if at + length > end:
        raise MalformedError("a length that passes the end")
    return at, at + length


def read_integer(data: bytes, at: int, end: int) -> tuple[int, int]:
    """The INTEGER at ``at``, of at most 9 octets, and where the next element begins; raises as ``enter`` does."""
    start, stop = enter(data, at, end, _INTEGER)
    if not 0 < stop - start <= _LONGEST_NUMBER:
        raise MalformedError(f"a number of {stop - start} octets")
    return int.from_bytes(data[start:stop], "big", signed=True), stop


def read_octets(data: bytes, at: int, end: int) -> tuple[bytes, int]:
    """The OCTET STRING at ``at``, and where the next element begins; raises as ``enter`` does."""
    start, stop = enter(data, at, end, _OCTETS)
    return data[start:stop], stop
