import socket
from collections.abc import Iterator

import pytest

from bench.children import peer
from bench.mib import COLUMNS, EIGHT, NAMES, Mib, dotted
from bench.responder import Responder, drain, open_socket, request_id_span, respond
from monitor.demo import ber

UPTIME = (1, 3, 6, 1, 2, 1, 1, 3, 0)


def tlv(tag: int, content: bytes) -> bytes:
    """One element of BER, in the long form where it must be."""
    if len(content) < 128:
        return bytes((tag, len(content))) + content
    return bytes((tag, 0x82)) + len(content).to_bytes(2, "big") + content


def request(pdu: int, number: int, *names: ber.Oid, first: int = 0, second: int = 0) -> bytes:
    """A request of SNMPv2c."""
    bindings = b"".join(ber.binding(ber.encode_name(name), ber.NULL) for name in names)
    body = ber.integer(number) + ber.integer(first) + ber.integer(second) + tlv(0x30, bindings)
    return tlv(0x30, ber.integer(1) + ber.octets(b"public") + tlv(pdu, body))


@pytest.fixture
def mib() -> Mib:
    """An agent of 52 interfaces and eight columns."""
    return Mib(52, EIGHT)


@pytest.fixture
def wildcard() -> Iterator[socket.socket]:
    """The responder's socket."""
    with open_socket() as opened:
        yield opened


@pytest.mark.parametrize("number", [1, 200, 70_000, 2**31 - 1])
def test_the_request_id_is_found_at_any_length(number: int) -> None:
    """Its span holds exactly its own encoding, in short and in long messages."""
    for names in ([UPTIME], [UPTIME] * 40):
        data = request(0xA0, number, *names)
        start, end = request_id_span(data)
        assert data[start:end] == ber.integer(number)


def test_a_kept_answer_is_the_answer_to_this_request(mib: Mib) -> None:
    """What comes from memory differs from what would be made anew by nothing, request-id included."""
    responder = Responder(mib, 10.0, lambda: 0.0)
    cells = [(*COLUMNS["ifHCInOctets"], index) for index in range(1, 20)]
    for number in (5, 2**30, 2**30 + 1, 300):
        data = request(0xA0, number, UPTIME, *cells)
        assert responder.answer(data) == respond(mib, data, 0.0)


def test_counters_move_with_each_tick_and_stand_still_in_between(mib: Mib) -> None:
    """A kept answer is forgotten when its time is over."""
    now = [0.0]
    responder = Responder(mib, 1.0, lambda: now[0])
    data = request(0xA0, 7, (*COLUMNS["ifHCInOctets"], 1))
    first = responder.answer(data)
    now[0] = 0.9
    assert responder.answer(data) == first
    now[0] = 1.1
    assert responder.answer(data) == respond(mib, data, 1.0) != first


def test_getnext_walks_all_cells_in_order_to_the_end(mib: Mib) -> None:
    """From the top to endOfMibView, each cell once: 52 rows of six facts and eight columns."""
    seen, name = [], ber.encode_name((1, 3))
    while True:
        name, value = mib.after(name, 0.0)
        if value == ber.END_OF_MIB_VIEW:
            break
        seen.append(ber.decode_name(name))
    assert seen == sorted(set(seen))
    assert len(seen) == 8 + 52 * (6 + 8)


def test_getbulk_gives_as_many_as_asked(mib: Mib) -> None:
    """Twenty-five repetitions of one name are the next twenty-five cells."""
    answer = respond(mib, request(0xA5, 1, NAMES["ifName"], second=25), 0.0)
    assert answer
    assert answer.count(b"Gi1/0/") == 25


def test_an_answer_fits_into_a_packet(mib: Mib) -> None:
    """GETBULK is cut to the limit, GET is refused as too big."""
    bulk = respond(mib, request(0xA5, 1, NAMES["ifDescr"], second=200), 0.0)
    assert bulk
    assert 1_300 < len(bulk) <= 1_472
    cells = [(*NAMES["ifDescr"], index) for index in range(1, 53)] * 2
    refused = respond(mib, request(0xA0, 1, *cells), 0.0)
    assert refused == tlv(
        0x30, ber.integer(1) + ber.octets(b"public") + bytes.fromhex("a20b 0201 01 0201 01 0201 00 3000")
    )


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x03\x02\x01", b"GET / HTTP/1.0\r\n\r\n", bytes(64), b"\xff" * 64]
)
def test_what_is_not_a_request_gets_no_answer(mib: Mib, data: bytes) -> None:
    """Strange bytes are silence, not an error."""
    assert Responder(mib, 1.0).answer(data) is None


def test_the_answer_leaves_from_the_address_that_was_asked(mib: Mib, wildcard: socket.socket) -> None:
    """A connected socket, which hears nobody else, gets its answer from any address of 127/8."""
    port = wildcard.getsockname()[1]
    for address in ("127.0.0.1", "127.52.9.200"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(5)
            asking.connect((address, port))
            asking.send(request(0xA0, 9, UPTIME))
            drain(wildcard, Responder(mib, 1.0))
            assert ber.integer(9) in asking.recv(2_000)


async def test_it_runs_as_a_process_and_ends_with_its_input() -> None:
    """The child says its port, answers there, and is gone when the parent lets go."""
    async with peer("bench.responder", "--interfaces", "8", "--columns", "ifOperStatus") as agents:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(5)
            asking.connect(("127.8.0.1", agents["port"]))
            asking.send(request(0xA0, 9, (*COLUMNS["ifOperStatus"], 8)))
            assert ber.integer(9) in asking.recv(2_000)
            assert dotted((*COLUMNS["ifOperStatus"], 8)) == "1.3.6.1.2.1.2.2.1.8.8"
