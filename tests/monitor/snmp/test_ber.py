"""The outside of an SNMP message: read where it is true, refused where it is not, never anything else."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.snmp.ber import CommunityMessage, MalformedError, Pdu, read_message, request_id_of
from tests.peers import snmp
from tests.peers.snmp import GET, UPTIME, Request

REQUEST = Request(1, b"public", GET, 0x7FFF_FFFF, 0, 0, (UPTIME,))
ANSWER = REQUEST.reply([
    (UPTIME, snmp.ticks(4_294_967_295)),
    ("1.3.6.1.2.1.31.1.1.1.6.4294967295", snmp.counter64(2**64 - 1)),
    ("1.3.6.1.2.1.1.1.0", snmp.text("x" * 200)),
    ("1.3.6.1.2.1.1.2.0", snmp.oid("1.3.6.1.4.1.8072.3.2.10")),
    ("1.3.6.1.2.1.1.9.0", snmp.NO_SUCH_INSTANCE),
])


def test_an_answer_is_read() -> None:
    """Version, community and the fixed fields of the PDU are those that were sent."""
    expected = CommunityMessage(1, b"public", Pdu(snmp.RESPONSE, 0x7FFF_FFFF, 0, 0))
    assert read_message(ANSWER) == expected
    assert request_id_of(ANSWER) == 0x7FFF_FFFF


def test_an_error_status_is_read() -> None:
    """Status and index stand where RFC 3416 puts them."""
    message = read_message(REQUEST.refuse(snmp.GEN_ERR, 1))
    assert isinstance(message, CommunityMessage)
    assert (message.pdu.status, message.pdu.position) == (5, 1)


@pytest.mark.parametrize("length", range(len(ANSWER)))
def test_a_message_that_is_cut_anywhere_is_refused(length: int) -> None:
    """No prefix of a message is a message."""
    with pytest.raises(MalformedError):
        read_message(ANSWER[:length])


@pytest.mark.parametrize(
    "datagram",
    [
        pytest.param(ANSWER + b"\x00", id="more behind"),
        pytest.param(b"\x30\x84\xff\xff\xff\xff" + ANSWER, id="four gigabytes"),
        pytest.param(b"\x30\x88" + b"\xff" * 8 + ANSWER, id="length of eight octets"),
        pytest.param(b"\x30\x80" + ANSWER, id="indefinite length"),
        pytest.param(b"\x30\x82\x27\x10" * 10_000, id="nesting"),
        pytest.param(snmp.tlv(0x30, snmp.number(1) + snmp.tlv(4, b"p") + snmp.tlv(0xBF, b"")), id="no PDU"),
        pytest.param(snmp.tlv(0x30, snmp.number(3) + snmp.tlv(0x30, b"")), id="empty SNMPv3 header"),
        pytest.param(REQUEST.reply([("1.3." + ".".join(["4294967295"] * 200), snmp.NULL)]), id="OID of 200 arcs"),
    ],
)
def test_a_message_that_lies_is_refused(datagram: bytes) -> None:
    """Lengths and types that cannot be are refused, at once."""
    started = time.perf_counter()
    with pytest.raises(MalformedError):
        read_message(datagram)
    assert time.perf_counter() - started < 0.1


@settings(max_examples=1_000, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(ANSWER) - 1), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, len(ANSWER)),
)
def test_no_mutation_does_anything_else_than_be_refused(changes: list[tuple[int, int]], cut: int) -> None:
    """Whatever octets change, the message is read or refused; there is no third way."""
    datagram = bytearray(ANSWER)
    for at, octet in changes:
        datagram[at] = octet
    try:
        read_message(bytes(datagram[:cut] if cut % 3 == 0 else datagram))
    except MalformedError:
        return


@given(st.binary(max_size=300))
def test_random_octets_are_refused(datagram: bytes) -> None:
    """Noise is not SNMP."""
    with pytest.raises(MalformedError):
        read_message(datagram)
