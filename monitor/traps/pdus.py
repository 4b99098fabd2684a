"""Notifications of versions 1 and 2c, and the values of all, decoded by pysnmp. Keeps nothing between two messages."""

from collections.abc import Iterable
from typing import Any

from pyasn1.codec.ber import decoder, encoder
from pyasn1.error import PyAsn1Error
from pyasn1.type import univ
from pysnmp.error import PySnmpError
from pysnmp.proto import rfc1902
from pysnmp.proto.api import v1, v2c
from pysnmp.proto.proxy import rfc2576

from model.trap import Value
from monitor.snmp.ber import MalformedError
from monitor.traps.heard import Heard
from monitor.traps.outside import INFORM, TRAP_V1, CommunityMessage, check_pdu


def read_community(data: bytes, outside: CommunityMessage) -> Heard:
    """Read a notification whose community has been looked at; an inform has its receipt.

    Raises:
        MalformedError: It is none, or pysnmp cannot read it.
    """
    tag = check_pdu(data, outside.version, *outside.pdu)
    form = v1 if tag == TRAP_V1 else v2c
    message = decoded(data, form.Message())
    pdu = form.apiMessage.get_pdu(message)
    if tag == TRAP_V1:
        pdu = _as_version_2(pdu)
    reply = None
    if tag == INFORM:
        answer = v2c.apiMessage.get_response(message)
        v2c.apiMessage.set_pdu(answer, receipt_of(pdu))
        reply = encoder.encode(answer)
    return Heard(bindings_of(pdu), reply)


def receipt_of(inform: Any) -> Any:
    """The Response that says an inform has come (RFC 3416 §4.2.7)."""
    answer = v2c.apiPDU.get_response(inform)
    v2c.apiPDU.set_error_status(answer, 0)
    v2c.apiPDU.set_error_index(answer, 0)
    v2c.apiPDU.set_varbinds(answer, v2c.apiPDU.get_varbinds(inform))
    return answer


def decoded(data: bytes, form: Any) -> Any:
    """What pyasn1 makes of these octets.

    Raises:
        MalformedError: Nothing, or something else than the form.
    """
    try:
        value, _ = decoder.decode(data, asn1Spec=form)
    except Exception as error:  # of its decoder anything comes: what a peer's bytes raise is the peer's fault
        raise MalformedError(f"pysnmp cannot read it: {type(error).__name__}") from error
    return value


def bindings_of(pdu: Any) -> list[tuple[str, Value]]:
    """OID and plain value of each binding; what has no plain value is left out.

    Raises:
        MalformedError: pysnmp cannot say them.
    """
    try:
        cells = [(str(oid), _plain(value)) for oid, value in v2c.apiPDU.get_varbinds(pdu)]
    except (PyAsn1Error, PySnmpError, ValueError, TypeError) as error:
        raise MalformedError(f"pysnmp cannot read its values: {type(error).__name__}") from error
    return list(_known(cells))


def _known(cells: Iterable[tuple[str, Value | None]]) -> Iterable[tuple[str, Value]]:
    return ((oid, value) for oid, value in cells if value is not None)


def _as_version_2(pdu: Any) -> Any:
    try:
        return rfc2576.v1_to_v2(pdu)
    except Exception as error:  # likewise: it looks types up in tables
        raise MalformedError(f"pysnmp cannot read it as version 2: {type(error).__name__}") from error


def _plain(value: Any) -> Value | None:
    match value:
        case univ.Null():
            return None
        case univ.Integer():
            return int(value)
        case univ.OctetString() if value.tagSet == rfc1902.IpAddress.tagSet:  # of version 1 it is another class
            return ".".join(map(str, bytes(value)))
        case univ.OctetString():
            return bytes(value)
        case univ.ObjectIdentifier():
            return str(value)
        case _:
            return None
