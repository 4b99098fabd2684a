"""The part of BER (X.690) that an SNMP agent of version 1 or 2c needs (RFC 1157, RFC 3416).

Elements are read as the monitor reads them. It writes none itself, so what is written here has no twin.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from monitor.snmp.ber import MalformedError, enter, read_integer

Oid = tuple[int, ...]

_INTEGER, _OCTETS, _NULL, _OID, _SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
_IP_ADDRESS, _COUNTER32, _GAUGE32, _TIMETICKS, _COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x46
_RESPONSE: Final = 0xA2

NULL: Final = b"\x05\x00"
NO_SUCH_OBJECT: Final = b"\x80\x00"
NO_SUCH_INSTANCE: Final = b"\x81\x00"
END_OF_MIB_VIEW: Final = b"\x82\x00"


class BerError(ValueError):
    """Bytes that are not a request of SNMP version 1 or 2c."""


class Pdu(IntEnum):
    """The requests that an agent answers."""

    GET = 0xA0
    GET_NEXT = 0xA1
    GET_BULK = 0xA5


@dataclass(frozen=True, slots=True)
class Request:
    """A decoded request.

    Attributes:
        version: 0 for version 1, 1 for version 2c.
        community: As it came.
        pdu: What is asked.
        request_id: As it came, encoded.
        non_repeaters: Of GETBULK; otherwise 0.
        max_repetitions: Of GETBULK; otherwise 0.
        names: The asked names, encoded without tag and length.
    """

    version: int
    community: bytes
    pdu: Pdu
    request_id: bytes
    non_repeaters: int
    max_repetitions: int
    names: tuple[bytes, ...]


def decode_request(data: bytes) -> Request:
    """Read one datagram.

    Raises:
        BerError: It is not a request that an agent of these versions answers.
    """
    try:
        return _request(data)
    except (MalformedError, IndexError) as error:
        raise BerError(f"not a request of version 1 or 2c: {error}") from error


def _request(data: bytes) -> Request:
    message = _contents(data, 0, _SEQUENCE)[0]
    version, position = read_integer(message, 0, len(message))
    community, position = _contents(message, position, _OCTETS)
    if version not in {0, 1} or position >= len(message):
        raise BerError("not version 1 or 2c")
    pdu = _pdu(message[position], version)
    body, _ = _contents(message, position, pdu)
    request_id, position = _contents(body, 0, _INTEGER)
    first, position = read_integer(body, position, len(body))
    second, position = read_integer(body, position, len(body))
    names = tuple(_names(_contents(body, position, _SEQUENCE)[0]))
    bulk = pdu is Pdu.GET_BULK
    return Request(
        version, community, pdu, _tlv(_INTEGER, request_id), max(0, first) * bulk, max(0, second) * bulk, names
    )


def _pdu(tag: int, version: int) -> Pdu:
    try:
        pdu = Pdu(tag)
    except ValueError as error:
        raise BerError(f"PDU {tag:#x} is not answered") from error
    if pdu is Pdu.GET_BULK and version == 0:
        raise BerError("version 1 has no GETBULK")
    return pdu


def _names(bindings: bytes) -> Iterable[bytes]:
    position = 0
    while position < len(bindings):
        binding, position = _contents(bindings, position, _SEQUENCE)
        yield _contents(binding, 0, _OID)[0]


def _contents(data: bytes, position: int, tag: int) -> tuple[bytes, int]:
    """The contents of the element at ``position``, and where the next one begins."""
    start, end = enter(data, position, len(data), tag)
    return data[start:end], end


def _tlv(tag: int, contents: bytes) -> bytes:
    length = len(contents)
    if length < 0x80:  # noqa: PLR2004  # X.690 §8.1.3.4: the short form
        return bytes((tag, length)) + contents
    octets = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | octets)) + length.to_bytes(octets, "big") + contents


def integer(value: int) -> bytes:
    """INTEGER, of any size and sign."""
    return _tlv(_INTEGER, _shortest(value))


def octets(value: bytes) -> bytes:
    """OCTET STRING."""
    return _tlv(_OCTETS, value)


def counter32(value: int) -> bytes:
    """Counter32; a larger value wraps."""
    return _tlv(_COUNTER32, _shortest(value & 0xFFFF_FFFF))


def gauge32(value: int) -> bytes:
    """Gauge32; a larger value stays at the maximum."""
    return _tlv(_GAUGE32, _shortest(min(value, 0xFFFF_FFFF)))


def timeticks(value: int) -> bytes:
    """TimeTicks in 1/100 s; a larger value wraps."""
    return _tlv(_TIMETICKS, _shortest(value & 0xFFFF_FFFF))


def counter64(value: int) -> bytes:
    """Counter64; a larger value wraps."""
    return _tlv(_COUNTER64, _shortest(value & 0xFFFF_FFFF_FFFF_FFFF))


def is_counter64(value: bytes) -> bool:
    """Whether an encoded value is of the type that version 1 does not know."""
    return value[0] == _COUNTER64


def object_identifier(value: str) -> bytes:
    """OBJECT IDENTIFIER from its dotted form."""
    return _tlv(_OID, encode_name(tuple(map(int, value.split(".")))))


def _shortest(value: int) -> bytes:
    bits = (value if value >= 0 else ~value).bit_length() + 1
    return value.to_bytes((bits + 7) // 8, "big", signed=True)


@lru_cache(maxsize=65_536)
def encode_name(name: Oid) -> bytes:
    """An object identifier of two or more arcs, without tag and length; kept, for many agents have the same names."""
    arcs = (name[0] * 40 + name[1], *name[2:])
    return b"".join(map(_arc, arcs))


def _arc(arc: int) -> bytes:
    septets = [arc & 0x7F]
    while arc := arc >> 7:
        septets.append(0x80 | arc & 0x7F)
    return bytes(reversed(septets))


def decode_name(contents: bytes) -> Oid:
    """The arcs of an encoded object identifier.

    Raises:
        BerError: It is empty or ends within an arc.
    """
    if not contents or contents[-1] & 0x80:
        raise BerError("a truncated object identifier")
    arcs, arc = [], 0
    for octet in contents:
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    top = min(arcs[0] // 40, 2)
    return (top, arcs[0] - top * 40, *arcs[1:])


def binding(name: bytes, value: bytes) -> bytes:
    """One variable binding from an encoded name and an encoded value."""
    return _tlv(_SEQUENCE, _tlv(_OID, name) + value)


def encode_response(request: Request, bindings: Iterable[bytes], status: int = 0, index: int = 0) -> bytes:
    """The response to a request.

    Args:
        request: What is answered.
        bindings: Encoded variable bindings.
        status: error-status.
        index: error-index, counted from 1.
    """
    body = request.request_id + integer(status) + integer(index) + _tlv(_SEQUENCE, b"".join(bindings))
    message = integer(request.version) + octets(request.community) + _tlv(_RESPONSE, body)
    return _tlv(_SEQUENCE, message)
