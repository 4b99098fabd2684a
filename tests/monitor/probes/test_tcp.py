"""TCP handshakes with listeners, closed ports, silent and unreachable hosts."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import uvloop

from bench.namespaces import why_not
from model.measurement import Failure, Reason, TcpReading
from monitor.probes import tcp
from monitor.probes.tcp import connect
from tests.peers.namespaces import Lab

NO_NAMESPACES = why_not()
LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


@pytest.fixture(params=["127.0.0.1", "127.8.9.10", "::1"])
async def listener(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, int]]:
    """A server that accepts; its address and port."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), request.param, 0)
    yield request.param, server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


def closed_port(address: str) -> int:
    """A port where nobody listens."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as held:
        held.bind((address, 0))
        return int(held.getsockname()[1])


async def test_listener_is_accepted_with_the_kernel_s_round_trip(listener: tuple[str, int]) -> None:
    """Both times are there, and the kernel's is not longer than what the program saw."""
    address, port = listener
    reading = await connect(address, port, timeout=5)
    assert isinstance(reading, TcpReading)
    assert (reading.accepted, reading.address) == (True, address)
    assert reading.rtt is not None
    assert 0 < reading.rtt <= reading.connect < 1


@pytest.mark.parametrize("loop_factory", LOOPS, ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_reset_is_a_reading(address: str, loop_factory: Callable[[], Any]) -> None:
    """RST proves that the host was reached: no failure, not accepted, no round trip by the kernel."""
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        reading = runner.run(connect(address, closed_port(address), timeout=5))
    assert isinstance(reading, TcpReading)
    assert 0 < reading.connect < 1
    assert reading == TcpReading(reading.connect, None, accepted=False, address=address)


def ports_in_time_wait() -> set[int]:
    """The local ports of IPv4 that the kernel still keeps for connections that are over."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "06"}


async def test_probe_leaves_no_connection_behind() -> None:
    """Both ends are gone at once: the peer sees a reset, and no TIME_WAIT keeps our port."""
    ended = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        try:
            await reader.read()
        except ConnectionResetError:
            ended.set_result(peer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    await connect("127.0.0.1", server.sockets[0].getsockname()[1], timeout=5)
    _, port = await asyncio.wait_for(ended, 5)
    server.close()
    # Not by binding it again: a free port may be anybody's by now.
    assert port not in ports_in_time_wait()


async def test_connection_to_itself_is_not_accepted() -> None:
    """When the kernel picks the tried port as the source, TCP connects a socket to itself though nobody listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        probe.setblocking(False)
        reading = await tcp._shake_hands(probe, probe.getsockname(), 5)
    assert not reading.accepted


async def test_source_address_is_used() -> None:
    """The server sees it."""
    seen = asyncio.get_running_loop().create_future()

    def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.set_result(writer.get_extra_info("peername")[0])
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    await connect("127.0.0.1", server.sockets[0].getsockname()[1], timeout=5, source="127.0.0.77")
    assert await asyncio.wait_for(seen, 5) == "127.0.0.77"
    server.close()


@pytest.mark.parametrize(
    ("address", "source", "words"),
    [
        ("127.0.0.1", "203.0.113.7", "source 203.0.113.7: the source address is not on this machine"),
        ("127.0.0.1", "nope0", "source nope0: this machine has no interface 'nope0'"),
        ("::1", "127.0.0.1", "source 127.0.0.1 is not an IPv6 address"),
        ("example.org", None, "'example.org' is not an IP address"),
    ],
)
async def test_what_this_machine_cannot_do_is_said(address: str, source: str | None, words: str) -> None:
    """A source or target that cannot be is a fault of ours."""
    outcome = await connect(address, 80, timeout=1, source=source)
    assert isinstance(outcome, Failure)
    assert outcome.reason is Reason.LOCAL
    assert outcome.detail.startswith(words)


async def test_listener_that_accepts_no_more_is_a_timeout() -> None:
    """Its queue is full, so the kernel lets our SYN go unanswered."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        place = full.getsockname()
        fillers = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(2)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(place)
        outcome = await connect("127.0.0.1", place[1], timeout=0.1)
        for filler in fillers:
            filler.close()
    assert outcome == Failure(Reason.TIMEOUT, f"127.0.0.1 port {place[1]}: no answer to SYN within 100ms")


async def test_no_descriptor_left_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of open files is ours to raise, and the message names it."""

    def refuse(*_: object) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("monitor.probes.tcp.socket.socket", refuse)
    outcome = await connect("127.0.0.1", 80, timeout=1)
    assert isinstance(outcome, Failure)
    assert (outcome.reason, "LimitNOFILE" in outcome.detail) == (Reason.LOCAL, True)


@pytest.mark.root
@pytest.mark.skipif(NO_NAMESPACES is not None, reason=str(NO_NAMESPACES))
@pytest.mark.parametrize("loop_factory", LOOPS, ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("target", ["10.79.0.1", "fd79::1"])
def test_unreachable_host_is_unreachable(three_hosts: Lab, target: str, loop_factory: Callable[[], Any]) -> None:
    """A router says no."""
    outcome = three_hosts.near.run(lambda: connect(target, 80, timeout=5), loop_factory)
    assert isinstance(outcome, Failure)
    assert outcome.reason is Reason.UNREACHABLE
    assert outcome.detail.startswith(f"{target} port 80: ")


def test_tcp_info_is_read_at_the_right_place() -> None:
    """tcpi_rtt is the 16th word after eight single bytes."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        words = struct.unpack("@8B24I", client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104))
    assert words[0] == 1  # TCP_ESTABLISHED
    assert 0 < words[8 + 15] < 1_000_000
