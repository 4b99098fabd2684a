"""The agents' codec."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.demo import ber

# snmpget -v2c -c public … 1.3.6.1.2.1.1.3.0, as net-snmp sends it
GET_UPTIME = bytes.fromhex(
    "3029020101 04067075626c6963 a01c 02047ab3c4d5 020100 020100 300e300c06082b060102010103000500"
)
# snmpbulkwalk -v2c -c public … 1.3.6.1.2.1.1, as net-snmp sends it
BULK = bytes.fromhex("3027020101 04067075626c6963 a51a 020412345678 020100 02010a 300c300a06062b06010201010500")

ARCS = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=20)
NAMES = st.builds(lambda first, second, rest: (first, second, *rest), st.integers(0, 1), st.integers(0, 39), ARCS)


def test_a_get_of_net_snmp_is_read() -> None:
    """Version, community, request id and name of a real datagram."""
    request = ber.decode_request(GET_UPTIME)
    assert (request.version, request.community, request.pdu) == (1, b"public", ber.Pdu.GET)
    assert request.request_id == bytes.fromhex("02047ab3c4d5")
    assert [ber.decode_name(name) for name in request.names] == [(1, 3, 6, 1, 2, 1, 1, 3, 0)]


def test_a_getbulk_of_net_snmp_is_read() -> None:
    """Its two numbers are non-repeaters and max-repetitions, not a status."""
    request = ber.decode_request(BULK)
    assert request.pdu is ber.Pdu.GET_BULK
    assert (request.non_repeaters, request.max_repetitions) == (0, 10)


def test_a_response_is_well_formed() -> None:
    """The response to a known request, octet by octet."""
    request = ber.decode_request(GET_UPTIME)
    response = ber.encode_response(request, [ber.binding(request.names[0], ber.timeticks(4_711))])
    assert response.hex() == (
        "302b02010104067075626c6963a21e02047ab3c4d50201000201003010300e06082b060102010103004302" + f"{4_711:04x}"
    )


@settings(deadline=None)
@given(NAMES)
def test_names_survive(name: ber.Oid) -> None:
    """Any object identifier is decoded to what was encoded."""
    assert ber.decode_name(ber.encode_name(name)) == name


@settings(deadline=None)
@given(st.integers(-(2**63), 2**64))
def test_integers_are_the_shortest_of_their_value(value: int) -> None:
    """X.690 §8.3.2: the first nine bits are never all alike, and the value is kept."""
    contents = ber.integer(value)[2:]
    assert int.from_bytes(contents, "big", signed=True) == value
    assert len(contents) == 1 or int.from_bytes(contents[:2], "big") >> 7 not in {0, 0x1FF}


@pytest.mark.parametrize(
    ("encoded", "octets"),
    [
        (ber.counter32(2**32 + 5), "410105"),
        (ber.counter64(2**64 - 1), "460900ffffffffffffffff"),
        (ber.gauge32(2**40), "420500ffffffff"),
        (ber.timeticks(2**32), "430100"),
        (ber.octets(b"x" * 200), "0481c8" + "78" * 200),
        (ber.object_identifier("1.3.6.1.4.1.14988.1"), "06082b06010401f50c01"),
    ],
)
def test_values_have_their_limits(encoded: bytes, octets: str) -> None:
    """Counters and ticks wrap, gauges stay at their most, long strings have long lengths."""
    assert encoded.hex() == octets


@settings(deadline=None)
@given(st.binary(max_size=120))
def test_garbage_is_refused_in_one_way(data: bytes) -> None:
    """Whatever comes in, there is a request or a BerError, never anything else."""
    try:
        ber.decode_request(data)
    except ber.BerError:
        return


@settings(deadline=None)
@given(st.integers(0, len(GET_UPTIME) - 1), st.integers(0, 255), st.integers(0, len(GET_UPTIME)))
def test_damaged_requests_are_refused_in_one_way(position: int, octet: int, length: int) -> None:
    """A request with one wrong octet, or cut short, is read or refused by a BerError."""
    damaged = (GET_UPTIME[:position] + bytes([octet]) + GET_UPTIME[position + 1 :])[:length]
    try:
        ber.decode_request(damaged)
    except ber.BerError:
        return


def test_version_1_has_no_getbulk() -> None:
    """A GETBULK that says version 1 is refused."""
    with pytest.raises(ber.BerError, match="GETBULK"):
        ber.decode_request(BULK.replace(b"\x02\x01\x01", b"\x02\x01\x00", 1))


def test_version_3_is_not_spoken() -> None:
    """Another version is refused before anything of it is read."""
    with pytest.raises(ber.BerError, match="version"):
        ber.decode_request(BULK.replace(b"\x02\x01\x01", b"\x02\x01\x03", 1))
