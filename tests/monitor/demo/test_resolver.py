"""The simulated resolver, asked by dnspython."""

import contextlib
import socket
from collections.abc import AsyncIterator

import dns.asyncquery
import dns.message
import dns.rcode
import pytest

from monitor.demo.ground import Endpoint
from monitor.demo.resolver import Resolver, resolve
from monitor.demo.truth import ServiceTruth

ZONE = {"dichvucong.example": "127.41.250.1"}


@pytest.fixture
def states() -> list[ServiceTruth]:
    """How the resolver is; the last one holds."""
    return [ServiceTruth()]


def _free_endpoint() -> Endpoint:
    while True:
        with socket.socket(type=socket.SOCK_DGRAM) as datagrams, socket.create_server(("127.0.0.1", 0)) as free:
            endpoint = Endpoint("127.0.0.1", free.getsockname()[1])
            with contextlib.suppress(OSError):
                datagrams.bind((endpoint.address, endpoint.port))
                return endpoint


@pytest.fixture
async def endpoint(states: list[ServiceTruth]) -> AsyncIterator[Endpoint]:
    """Where it answers."""
    endpoint = _free_endpoint()
    resolver = Resolver(ZONE, lambda: states[-1])
    await resolver.start(endpoint)
    yield endpoint
    resolver.close()


async def test_it_answers_over_udp_and_tcp(endpoint: Endpoint) -> None:
    """A known name has its address over both transports, whatever its case."""
    query = dns.message.make_query("DichVuCong.example.", "A")
    for ask in (dns.asyncquery.udp, dns.asyncquery.tcp):
        response = await ask(query, endpoint.address, port=endpoint.port, timeout=5)
        assert [str(record) for record in response.answer[0]] == ["127.41.250.1"]


async def test_a_failing_resolver_says_servfail(endpoint: Endpoint, states: list[ServiceTruth]) -> None:
    """It answers at once, with an error and no record."""
    states.append(ServiceTruth(resolves=False))
    query = dns.message.make_query("dichvucong.example.", "A")
    response = await dns.asyncquery.udp(query, endpoint.address, port=endpoint.port, timeout=5)
    assert response.rcode() == dns.rcode.SERVFAIL
    assert not response.answer


def test_an_unknown_name_does_not_exist() -> None:
    """NXDOMAIN for a strange name; no record, but no error, for another type of a known one."""
    strange = resolve(ZONE, ServiceTruth(), dns.message.make_query("strange.example.", "A").to_wire())
    other = resolve(ZONE, ServiceTruth(), dns.message.make_query("dichvucong.example.", "AAAA").to_wire())
    assert strange is not None
    assert other is not None
    assert dns.message.from_wire(strange).rcode() == dns.rcode.NXDOMAIN
    assert dns.message.from_wire(other).rcode() == dns.rcode.NOERROR
    assert not dns.message.from_wire(other).answer


@pytest.mark.parametrize("data", [b"", b"\x00" * 11, b"\xff" * 40], ids=["empty", "short", "nonsense"])
def test_what_is_no_question_gets_no_answer(data: bytes) -> None:
    """Garbage is met with silence."""
    assert resolve(ZONE, ServiceTruth(), data) is None
