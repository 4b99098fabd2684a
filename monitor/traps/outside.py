"""The outside of a notification: who says it may be heard, and whether every length inside is true.

A message passes here, at some microseconds, before pysnmp is let near it, which takes a hundred times as long and
meets deep nesting, long OIDs and false lengths with whatever exception comes.
"""

from typing import Final, NamedTuple

from monitor.snmp.ber import MalformedError, enter, read_integer, read_octets

TRAP_V1: Final = 0xA4
INFORM: Final = 0xA6
TRAP: Final = 0xA7
LONGEST_MESSAGE: Final = 8_192
"""Octets; a datagram of an Ethernet holds 1,472, and an agent that sends more has it cut in pieces."""
MOST_BINDINGS: Final = 64
"""In one message; linkDown has five, the longest of a vendor some twenty."""
LONGEST_ENGINE_ID: Final = 32
"""Octets, RFC 3411 §5."""
AUTHENTICATED: Final = 1
ENCRYPTED: Final = 2
REPORTABLE: Final = 4

_INTEGER: Final = 0x02
_OCTETS: Final = 0x04
_OID: Final = 0x06
_SEQUENCE: Final = 0x30
_ADDRESS: Final = 0x40
_TICKS: Final = 0x43
_PDUS: Final = {0: {TRAP_V1}, 1: {INFORM, TRAP}}
# RFC 2578 §3.5: 128 arcs below 2³², of five octets each at most.
_LONGEST_OID: Final = 640
_LONGEST_USER: Final = 32
_LONGEST_NUMBER: Final = 9
_NUMBERS: Final = frozenset({_INTEGER, 0x41, 0x42, _TICKS, 0x46, 0x47})
_TEXTS: Final = frozenset({_OCTETS, 0x44})
_NOTHING: Final = frozenset({0x05, 0x80, 0x81, 0x82})


class CommunityMessage(NamedTuple):
    """SNMPv1 (0) or SNMPv2c (1): version, community, and where the PDU starts and ends."""

    version: int
    community: bytes
    pdu: tuple[int, int]


class SecureMessage(NamedTuple):
    """SNMPv3 under the User-based Security Model (RFC 3412 §6, RFC 3414 §2.4).

    Attributes:
        message_id: Of this message; its answer bears it.
        flags: AUTHENTICATED, ENCRYPTED, REPORTABLE.
        engine_id: Of the authoritative engine: the sender's own for a trap, ours for an inform, empty for a question.
        boots: How often that engine has started.
        time: Seconds since it did.
        user: Security name.
        digest: Where the authentication parameters lie: start and end.
        salt: The privacy parameters.
        data: Where the scoped PDU lies, or of an encrypted one the octets that it is in.
    """

    message_id: int
    flags: int
    engine_id: bytes
    boots: int
    time: int
    user: bytes
    digest: tuple[int, int]
    salt: bytes
    data: tuple[int, int]


def read_outside(data: bytes) -> CommunityMessage | SecureMessage:
    """Read who a message says it is from, and nothing further.

    Raises:
        MalformedError: It is no SNMP message, or a length on the way is not true.
    """
    if len(data) > LONGEST_MESSAGE:
        raise MalformedError(f"more than {LONGEST_MESSAGE:,} octets")
    try:
        at, end = enter(data, 0, len(data), _SEQUENCE)
        if end != len(data):
            raise MalformedError("bytes after the end of the message")
        version, at = read_integer(data, at, end)
        if version in _PDUS:
            community, at = read_octets(data, at, end)
            return CommunityMessage(version, community, (at, end))
        if version == 3:  # noqa: PLR2004  # SNMPv3
            return _secure(data, at, end)
    except IndexError as error:
        raise MalformedError("the message is cut off") from error
    raise MalformedError(f"version {version} is not an SNMP version")


def _secure(data: bytes, at: int, end: int) -> SecureMessage:
    header, header_end = enter(data, at, end, _SEQUENCE)
    message_id, header = read_integer(data, header, header_end)
    _, header = read_integer(data, header, header_end)
    flags, header = read_octets(data, header, header_end)
    model, header = read_integer(data, header, header_end)
    outer, outer_end = enter(data, header_end, end, _OCTETS)
    usm, usm_end = enter(data, outer, outer_end, _SEQUENCE)
    engine_id, usm = read_octets(data, usm, usm_end)
    boots, usm = read_integer(data, usm, usm_end)
    time, usm = read_integer(data, usm, usm_end)
    user, usm = read_octets(data, usm, usm_end)
    digest = enter(data, usm, usm_end, _OCTETS)
    salt, usm = read_octets(data, digest[1], usm_end)
    if header != header_end or usm_end != outer_end or usm != usm_end:
        raise MalformedError("bytes after the end of a header")
    if len(flags) != 1 or model != 3:  # noqa: PLR2004  # USM
        raise MalformedError("not the User-based Security Model")
    if len(engine_id) > LONGEST_ENGINE_ID or len(user) > _LONGEST_USER:
        raise MalformedError("an engine id or a user without sense")
    if not (0 <= message_id < 2**31 and 0 <= boots < 2**31 and 0 <= time < 2**31):
        raise MalformedError("a number without sense")
    level = flags[0] & (AUTHENTICATED | ENCRYPTED)
    if level == ENCRYPTED:
        raise MalformedError("privacy without authentication")
    inner = enter(data, outer_end, end, _OCTETS if level & ENCRYPTED else _SEQUENCE)
    if inner[1] != end:
        raise MalformedError("bytes after the end of the message")
    span = inner if level & ENCRYPTED else (outer_end, end)
    return SecureMessage(message_id, flags[0], engine_id, boots, time, user, digest, salt, span)


def check_pdu(data: bytes, version: int, at: int, end: int) -> int:
    """Check that a notification stands there, and each length in it.

    Args:
        data: The message.
        version: 0 for SNMPv1, 1 for the others.
        at: Where its PDU starts.
        end: Where its frame ends.

    Returns:
        Its tag: TRAP_V1, TRAP or INFORM.

    Raises:
        MalformedError: It is no notification of this version, or a length is not true.
    """
    try:
        tag = data[at]
        if tag not in _PDUS[version]:
            raise MalformedError(f"0x{tag:02x} is no notification of this version")
        at, stop = enter(data, at, end, tag)
        if stop != end:
            raise MalformedError("bytes after the PDU")
        at = _skip_head_v1(data, at, end) if version == 0 else _skip_head(data, at, end)
        at, stop = enter(data, at, end, _SEQUENCE)
        if stop != end:
            raise MalformedError("bytes after the variable bindings")
        _check_bindings(data, at, end)
    except IndexError as error:
        raise MalformedError("the message is cut off") from error
    return tag


def check_scoped(data: bytes) -> tuple[int, tuple[int, int]]:
    """Check a scoped PDU (RFC 3412 §6) that holds a notification; decrypted octets may have padding behind them.

    Returns:
        The tag of its PDU, and where the scoped PDU starts and ends.

    Raises:
        MalformedError: As of ``check_pdu``.
    """
    try:
        at, end = enter(data, 0, len(data), _SEQUENCE)
        _, at = read_octets(data, at, end)
        _, at = read_octets(data, at, end)
    except IndexError as error:
        raise MalformedError("the message is cut off") from error
    return check_pdu(data, 1, at, end), (0, end)


def _skip_head(data: bytes, at: int, end: int) -> int:
    for _ in range(3):  # request-id, error-status, error-index
        _, at = read_integer(data, at, end)
    return at


def _skip_head_v1(data: bytes, at: int, end: int) -> int:
    """Over enterprise, agent-addr, generic-trap, specific-trap and time-stamp (RFC 1157 §4.1.6)."""
    start, at = enter(data, at, end, _OID)
    _check_oid(data, start, at)
    start, at = enter(data, at, end, _ADDRESS)
    if at - start != 4:  # noqa: PLR2004  # octets of IPv4
        raise MalformedError("an agent-addr that is no IPv4 address")
    generic, at = read_integer(data, at, end)
    if not 0 <= generic <= 6:  # noqa: PLR2004  # enterpriseSpecific
        raise MalformedError(f"generic-trap {generic}")
    _, at = read_integer(data, at, end)
    start, at = enter(data, at, end, _TICKS)
    _check_number(start, at)
    return at


def _check_bindings(data: bytes, at: int, end: int) -> None:
    count = 0
    while at < end:
        count += 1
        if count > MOST_BINDINGS:
            raise MalformedError(f"more than {MOST_BINDINGS} bindings")
        start, stop = enter(data, at, end, _SEQUENCE)
        name, value = enter(data, start, stop, _OID)
        _check_oid(data, name, value)
        tag = data[value]
        start, at = enter(data, value, stop, tag)
        if at != stop:
            raise MalformedError("bytes after a value")
        _check_value(data, tag, start, at)


def _check_value(data: bytes, tag: int, start: int, end: int) -> None:
    if tag in _NUMBERS:
        _check_number(start, end)
    elif tag == _OID:
        _check_oid(data, start, end)
    elif tag in _NOTHING:
        if start != end:
            raise MalformedError("a null with content")
    elif tag == _ADDRESS:
        if end - start != 4:  # noqa: PLR2004  # octets of IPv4
            raise MalformedError("an IpAddress that is none")
    elif tag not in _TEXTS:
        raise MalformedError(f"0x{tag:02x} is the type of no value")


def _check_number(start: int, end: int) -> None:
    if not 0 < end - start <= _LONGEST_NUMBER:
        raise MalformedError(f"a number of {end - start} octets")


def _check_oid(data: bytes, start: int, end: int) -> None:
    if not 0 < end - start <= _LONGEST_OID or data[end - 1] & 0x80:
        raise MalformedError(f"an OID of {end - start} octets, or one that is cut off")
