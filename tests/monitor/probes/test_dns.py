"""DNS probes against servers that answer, and those that lie."""

import asyncio
import dataclasses
import socket
from collections.abc import Iterable
from typing import Literal, TypedDict, Unpack

import dns.message
import dns.opcode
import dns.rcode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.inventory import DnsQuery, Service
from model.measurement import DnsReading, Failure, Reason
from monitor.probes.dns import DnsRequest, query, read_answer, server_of
from monitor.probes.expression import Expressions
from tests.peers.dns_server import NameServer, answer, answering, tcp_server, udp_server
from tests.peers.http_server import silent_server

A = "web.example. 300 IN A 192.0.2.1"
B = "web.example. 300 IN A 192.0.2.2"
SOA = "example. 300 IN SOA ns.example. root.example. 2026112401 7200 3600 1209600 300"


Protocol = Literal["udp", "tcp"]


class DnsOptions(TypedDict, total=False):
    """What tests change in a plain question."""

    address: str
    name: str
    type: str
    protocol: Protocol
    expect: str
    source: str


async def ask(server: NameServer, timeout: float = 5, **options: Unpack[DnsOptions]) -> DnsReading | Failure:
    """Ask a server for web.example."""
    request = DnsRequest("127.0.0.1", "web.example", port=server.port)
    return await query(dataclasses.replace(request, **options), timeout)


def reading(outcome: DnsReading | Failure) -> DnsReading:
    """The reading, or the failure's words as the reason why the test fails."""
    assert isinstance(outcome, DnsReading), outcome
    return outcome


def failure(outcome: DnsReading | Failure, reason: Reason) -> Failure:
    """The failure, for this reason."""
    assert isinstance(outcome, Failure), outcome
    assert outcome.reason is reason, outcome
    return outcome


async def test_an_answer_over_udp_is_counted_and_timed() -> None:
    """Records of each section, NOERROR, the time of the query; no connect phase and no serial."""
    async with udp_server(answering(A, B, authority=("example. 300 IN NS ns.example.",))) as server:
        got = reading(await ask(server))
    assert (got.rcode, got.answers, got.authorities, got.additionals) == ("NOERROR", 2, 1, 0)
    assert (got.connect, got.serial) == (None, None)
    assert 0 < got.request < 1


async def test_an_answer_over_tcp_has_a_connect_phase() -> None:
    """The handshake and the query are timed apart; an answer in pieces is put together."""
    async with tcp_server(answering(A)) as server:
        got = reading(await ask(server, protocol="tcp"))
    assert got.answers == 1
    assert got.connect is not None
    assert 0 < got.connect < 1
    assert 0 < got.request < 1


async def test_an_answer_over_ipv6() -> None:
    """A server on ::1 is asked like any other."""
    async with udp_server(answering(A), "::1") as server:
        assert reading(await ask(server, address="::1")).answers == 1


async def test_the_serial_of_a_zone_is_read() -> None:
    """An SOA in the answer gives its serial."""
    async with udp_server(answering(SOA)) as server:
        assert reading(await ask(server, name="example", type="SOA")).serial == 2026112401


@pytest.mark.parametrize("rcode", ["NXDOMAIN", "SERVFAIL", "REFUSED"])
async def test_an_error_code_is_named(rcode: str) -> None:
    """The server answers, and says no: its word is in the detail, its numbers in the partial reading."""
    async with udp_server(answering(rcode=dns.rcode.from_text(rcode), authority=(SOA,))) as server:
        outcome = failure(await ask(server), Reason.RCODE)
    assert rcode in outcome.detail
    assert isinstance(outcome.partial, DnsReading)
    assert (outcome.partial.rcode, outcome.partial.authorities) == (rcode, 1)


@pytest.mark.parametrize(
    ("expect", "found"), [("192.0.2.2", True), (r"\b192\.0\.2\.[12]$", True), ("^web.*A", True), ("192.0.2.3", False)]
)
async def test_a_record_must_hold_what_is_expected(expect: str, *, found: bool) -> None:
    """One record that holds the expression is enough; anchors stand for the ends of a record."""
    async with udp_server(answering(A, B)) as server:
        outcome = await ask(server, expect=expect)
    assert isinstance(outcome, DnsReading) is found
    if not found:
        assert "'192.0.2.3'" in failure(outcome, Reason.CONTENT).detail


async def test_no_record_at_all_holds_nothing() -> None:
    """NOERROR without records is an answer, unless something is expected of it."""
    async with udp_server(answering()) as server:
        assert reading(await ask(server)).answers == 0
        failure(await ask(server, expect="."), Reason.CONTENT)


async def test_a_cut_answer_is_one_unless_it_lacks_what_is_expected() -> None:
    """TC proves that the server answers; the advice to ask over TCP comes where the cut matters."""
    async with udp_server(answering(A, truncated=True)) as server:
        assert reading(await ask(server)).answers == 1
        assert reading(await ask(server, expect="192.0.2.1")).answers == 1
        assert "protocol: tcp" in failure(await ask(server, expect="192.0.2.2"), Reason.CONTENT).detail


def lying(asked: dns.message.Message) -> list[bytes]:
    """What is not the answer: garbage, another id, another name, a question, an answer cut short, another opcode."""
    stranger = dns.message.make_query("other.example", "A", use_edns=False, id=asked.id)
    other_id = answer(asked, A)
    other_id.id = asked.id ^ 1
    notify = answer(asked, A)
    notify.set_opcode(dns.opcode.NOTIFY)
    wire = answer(asked, A).to_wire()
    return [
        b"\x00",
        b"garbage that is no DNS at all",
        asked.to_wire(),
        other_id.to_wire(),
        answer(stranger, A).to_wire(),
        notify.to_wire(),
        wire[:-3],
        wire[:2] + b"\xff" * 60,
    ]


async def test_lies_are_passed_over() -> None:
    """After all of them the true answer is still taken, over UDP and over TCP."""

    def conduct(asked: dns.message.Message) -> Iterable[bytes]:
        return [*lying(asked), answer(asked, A).to_wire()]

    async with udp_server(conduct) as server:
        assert reading(await ask(server)).answers == 1
    async with tcp_server(conduct) as server:
        assert reading(await ask(server, protocol="tcp")).answers == 1


async def test_lies_alone_are_no_answer() -> None:
    """The probe waits its deadline out, and says how many it did not believe."""
    async with udp_server(lying) as server:
        outcome = failure(await ask(server, timeout=0.2), Reason.TIMEOUT)
        assert "no answer over udp within 200ms; what came back (8 datagrams) was no answer to it" in outcome.detail
    async with tcp_server(lying) as server:
        failure(await ask(server, timeout=0.2, protocol="tcp"), Reason.TIMEOUT)


async def test_an_answer_from_elsewhere_is_not_believed() -> None:
    """The very answer from another address or port does not count."""

    def conduct(asked: dns.message.Message) -> Iterable[bytes]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.3", 0))
            other.sendto(answer(asked, A).to_wire(), ("127.0.0.1", client[0]))
        return ()

    client: list[int] = []

    class Peeking(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            client[:] = [addr[1]]
            conduct(dns.message.from_wire(data))

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Peeking, ("127.0.0.1", 0))
    server = NameServer(transport.get_extra_info("sockname")[1])
    failure(await ask(server, timeout=0.2), Reason.TIMEOUT)
    assert client
    transport.close()


async def test_a_closed_port_is_refused() -> None:
    """ICMP port unreachable and TCP reset are told from silence, at once."""
    async with udp_server(answering()) as server:
        pass
    failure(await ask(server), Reason.REFUSED)
    failure(await ask(server, protocol="tcp"), Reason.REFUSED)


async def test_silence_and_hanging_up_are_told_apart() -> None:
    """A server that says nothing is a time-out; one that closes has disconnected."""
    async with silent_server() as port:
        failure(await ask(NameServer(port), timeout=0.1, protocol="tcp"), Reason.TIMEOUT)
    async with tcp_server(lambda _: (), stays=False) as server:
        failure(await ask(server, protocol="tcp"), Reason.DISCONNECTED)


@pytest.mark.parametrize("protocol", ["udp", "tcp"])
async def test_a_query_leaves_by_its_source(protocol: Protocol) -> None:
    """The server sees the source address; one that is not here is this machine's fault."""
    serve = tcp_server if protocol == "tcp" else udp_server
    async with serve(answering(A)) as server:
        reading(await ask(server, source="127.0.0.9", protocol=protocol))
        assert server.clients == ["127.0.0.9"]
        failure(await ask(server, source="192.0.2.7", protocol=protocol), Reason.LOCAL)


async def test_an_expression_that_explodes_ends_in_time() -> None:
    """A hostile record cannot hold the probe, with a searcher of its own or a shared one."""
    hostile = 'web.example. 300 IN TXT "' + "a" * 200 + '!"'
    shared = Expressions()
    async with udp_server(answering(hostile)) as server:
        request = DnsRequest("127.0.0.1", "web.example", "TXT", server.port, expect="(a+)+$")
        for searcher in (None, shared):
            assert "simpler" in failure(await query(request, 0.3, searcher), Reason.CONTENT).detail
    shared.close()


async def test_what_cannot_be_asked_is_this_machines_fault() -> None:
    """An impossible name, an unknown type and a server that is no address are a sentence each."""
    asked: list[DnsOptions] = [{"name": "a..b"}, {"name": "x" * 64}, {"type": "NONSENSE"}, {"address": "dns.example"}]
    for impossible in asked:
        failure(await ask(NameServer(53), **impossible), Reason.LOCAL)


@pytest.mark.parametrize(
    ("server", "parts"),
    [
        ("10.20.0.53", ("10.20.0.53", 53)),
        ("10.20.0.53:5353", ("10.20.0.53", 5353)),
        ("::1", ("::1", 53)),
        ("2001:db8::53", ("2001:db8::53", 53)),
        ("[::1]:5353", ("::1", 5353)),
        ("dns.example:54", ("dns.example", 54)),
    ],
)
def test_a_server_has_a_port(server: str, parts: tuple[str, int]) -> None:
    """53 where none is written; IPv6 with a port stands in brackets."""
    assert server_of(DnsQuery(server=server, name="a.example")) == parts


def test_a_service_says_what_is_asked() -> None:
    """Every option of a service in the inventory reaches the request; a resolved address takes the name's place."""
    service = Service.model_validate({
        "id": "dns",
        "dns": {"server": "dns.example:5353", "name": "a.example", "type": "MX", "protocol": "tcp"},
        "expect": {"body": "mail"},
        "source": "127.0.0.9",
    })
    assert DnsRequest.of(service, "127.0.0.1") == DnsRequest(
        "127.0.0.1", "a.example", "MX", 5353, "tcp", "mail", "127.0.0.9"
    )


@given(st.data())
def test_no_bytes_are_a_traceback(data: st.DataObject) -> None:
    """Any mutation of an answer is an answer or is passed over, never an exception."""
    asked = dns.message.make_query("web.example", "A", use_edns=False, id=7)
    wire = bytearray(answer(asked, A, B, SOA, 'web.example. 1 IN TXT "x"').to_wire())
    for _ in range(data.draw(st.integers(0, 8))):
        wire[data.draw(st.integers(2, len(wire) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(wire)))
    message = read_answer(bytes(wire[:cut]) + data.draw(st.binary(max_size=20)), asked)
    assert message is None or message.id == 7
