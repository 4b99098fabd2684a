"""STAMP against our reflector, against reflectors of other kinds, and against peers that answer wrongly."""

import asyncio
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import uvloop

from bench.namespaces import why_not
from model.measurement import Failure, Reason, StampReading
from model.stamp import Answer, Request, decode_request, encode_answer, ntp_timestamp
from monitor.probes.counters import PacketCounters
from monitor.probes.stamp import StampSession
from monitor.reflector import Reflector
from tests.peers.namespaces import Lab

NO_NAMESPACES = why_not()
HOST = "127.0.0.9"

Send = Callable[[bytes], None]
Behaviour = Callable[[Request, Send], None]


class Peer(asyncio.DatagramProtocol):
    """A reflector that does what a test tells it."""

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Listening."""
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """A test packet."""
        request = decode_request(data)
        assert request is not None
        self.behave(request, lambda packet: self.transport.sendto(packet, addr))


def answer_to(request: Request, number: int = 0) -> Answer:
    """What a correct reflector sends that needs no time."""
    now = ntp_timestamp(time.time_ns())
    return Answer(number, now, 0x2001, request.ssid, now, request, 255)


def packet(answer: Answer) -> bytes:
    """Its 44 bytes."""
    return encode_answer(answer, bytes(44))


async def listen(behave: Behaviour) -> tuple[asyncio.DatagramTransport, int]:
    """Start a peer; its transport and port."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: Peer(behave), local_addr=(HOST, 0))
    return transport, transport.get_extra_info("sockname")[1]


async def probe_peer(behave: Behaviour, patience: float = 0.1, times: int = 1) -> tuple[list[Any], PacketCounters]:
    """Probe such a peer, wait for what else it sends."""
    transport, port = await listen(behave)
    session = StampSession(HOST, port)
    try:
        outcomes = [await session.probe(patience) for _ in range(times)]
        await asyncio.sleep(0.02)
        return outcomes, session.counters
    finally:
        session.close()
        transport.close()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.5.6.7", "::1"])
async def test_reflector_gives_delay_and_losses(address: str) -> None:
    """The second answer tells that nothing was lost in either direction; the reflector saw us without a hop."""
    reflector = Reflector()
    await reflector.start("", 0)
    session = StampSession(address, reflector.port)
    first, second = await session.probe(5), await session.probe(5)
    session.close()
    reflector.close()
    assert isinstance(first, StampReading)
    assert isinstance(second, StampReading)
    assert 0 < second.rtt < 0.1
    assert second.residence is not None
    assert 0 < second.residence < 0.1
    assert first == StampReading(first.rtt, first.residence, 0, 0, None, None, 255)
    assert second == StampReading(second.rtt, second.residence, 2, 1, 0, 0, 255)


class Scripted:
    """A line that loses what its lists say."""

    def __init__(self, forward: list[float | None], backward: list[float | None]) -> None:
        self._forward, self._backward = iter(forward), iter(backward)

    def forward(self) -> float | None:
        """The next on the way out."""
        return next(self._forward, 0.0)

    def backward(self) -> float | None:
        """The next on the way back."""
        return next(self._backward, 0.0)


async def test_losses_are_told_by_direction() -> None:
    """Two packets vanish on the way out and one on the way back."""
    line = Scripted(forward=[0.0, None, 0.0, None, 0.0], backward=[0.0, None, 0.0])
    reflector = Reflector(line)
    await reflector.start(HOST, 0)
    session = StampSession(HOST, reflector.port)
    outcomes = [await session.probe(0.05) for _ in range(5)]
    session.close()
    reflector.close()
    assert [type(outcome) for outcome in outcomes] == [StampReading, Failure, Failure, Failure, StampReading]
    last = outcomes[-1]
    assert isinstance(last, StampReading)
    assert (last.forward_lost, last.backward_lost) == (2, 1)


async def test_time_inside_the_reflector_is_no_delay() -> None:
    """It keeps the packet for 50 ms and says so."""

    def behave(request: Request, send: Send) -> None:
        came = ntp_timestamp(time.time_ns())

        def answer() -> None:
            send(packet(replace(answer_to(request), received=came)))

        asyncio.get_running_loop().call_later(0.05, answer)

    (reading,), _ = await probe_peer(behave, patience=5)
    assert isinstance(reading, StampReading)
    assert reading.residence is not None
    assert reading.residence >= 0.05
    assert reading.rtt < 0.045


@pytest.mark.parametrize(
    "stamps",
    [{"received": 0}, {"sent": 0, "received": 0}, {"received": 1 << 32, "sent": 9 << 32}, {"received": 2, "sent": 1}],
    ids=["no T2", "no timestamps", "longer inside than away", "set back"],
)
async def test_impossible_timestamps_are_not_subtracted(stamps: dict[str, Any]) -> None:
    """The round trip then includes the reflector, and the residence is absent, not zero."""
    (reading,), _ = await probe_peer(lambda request, send: send(packet(replace(answer_to(request), **stamps))))
    assert isinstance(reading, StampReading)
    assert reading.residence is None
    assert 0 < reading.rtt < 0.1


@pytest.mark.parametrize("size", [41, 44, 100])
async def test_twamp_light_reflector_without_ssid_is_understood(size: int) -> None:
    """41 bytes or padded, the session identifier zero, our own number copied: a reading without directions."""

    def behave(request: Request, send: Send) -> None:
        answer = replace(answer_to(request, request.sequence), ssid=0)
        send((packet(answer) + b"\xff" * 60)[:size])

    outcomes, _ = await probe_peer(behave, times=3)
    assert all(isinstance(outcome, StampReading) and outcome.forward_lost is None for outcome in outcomes)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda request: packet(replace(answer_to(request), request=replace(request, sequence=request.sequence + 1))),
        lambda request: packet(replace(answer_to(request), request=replace(request, sent=request.sent ^ 1))),
        lambda request: packet(replace(answer_to(request), ssid=request.ssid ^ 0x8001)),
        lambda request: packet(answer_to(request))[:40],
        lambda _: b"x",
        lambda _: b"\xff" * 200,
    ],
    ids=["sequence", "timestamp", "ssid", "truncated", "byte", "garbage"],
)
async def test_answer_to_something_else_is_not_believed(wrong: Callable[[Request], bytes]) -> None:
    """It is counted as alien, and the probe is lost."""
    (outcome,), counters = await probe_peer(lambda request, send: send(wrong(request)))
    assert isinstance(outcome, Failure)
    assert outcome.reason is Reason.TIMEOUT
    assert "what came back (1 datagram) was no answer to it: is this port a STAMP reflector's?" in outcome.detail
    assert counters == PacketCounters(sent=1, alien=1)


async def test_strangers_of_an_earlier_probe_are_not_told_again() -> None:
    """Each probe tells what came back while it was under way itself; silence is told as silence."""
    answers = iter([bytes(44), bytes(3)])

    def behave(_: Request, send: Send) -> None:
        for stranger in answers:
            send(stranger)

    (first, second), _ = await probe_peer(behave, times=2)
    assert "(2 datagrams)" in first.detail
    assert second.detail.endswith("no STAMP answer within 100ms")


async def test_answer_from_another_address_is_not_believed() -> None:
    """A right answer that another host sends to our port."""

    def behave(request: Request, _: Send) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.10", 0))
            port = session._source_port
            other.sendto(packet(answer_to(request)), ("127.0.0.1", port))

    transport, port = await listen(behave)
    session = StampSession(HOST, port)
    outcome = await session.probe(0.05)
    session.close()
    transport.close()
    assert isinstance(outcome, Failure)
    assert session.counters == PacketCounters(sent=1)


async def test_duplicates_are_counted_and_hide_no_loss() -> None:
    """The network doubles a packet on its way out, so the reflector counts it twice; then one is lost."""
    numbers, seen = iter(range(100)), []

    def behave(request: Request, send: Send) -> None:
        seen.append(request)
        if len(seen) == 3:
            return
        send(packet(answer_to(request, next(numbers))))
        if len(seen) == 2:
            send(packet(answer_to(request, next(numbers))))

    outcomes, counters = await probe_peer(behave, times=4, patience=0.05)
    assert counters == PacketCounters(sent=4, answered=3, duplicates=1)
    assert (outcomes[3].forward_lost, outcomes[3].backward_lost) == (1, 0)


async def test_late_answer_is_counted_and_not_believed() -> None:
    """It comes after the time-out and before the next answer, which tells it as lost on the way back."""
    numbers, late = iter(range(100)), []

    def behave(request: Request, send: Send) -> None:
        answer = packet(answer_to(request, next(numbers)))
        if request.sequence == 3:
            late.append(answer)
        else:
            for held in (*late, answer):
                send(held)
            late.clear()

    outcomes, counters = await probe_peer(behave, times=4, patience=0.05)
    assert [type(outcome) for outcome in outcomes] == [StampReading, StampReading, Failure, StampReading]
    assert (outcomes[3].forward_lost, outcomes[3].backward_lost) == (0, 1)
    assert counters == PacketCounters(sent=4, answered=3, late=1)


async def test_several_under_way_are_told_apart() -> None:
    """Twenty answers come back in reverse order; each probe gets its own, and nothing counts as lost."""
    held: list[bytes] = []

    def behave(request: Request, send: Send) -> None:
        held.append(packet(answer_to(request, len(held))))
        if len(held) == 20:
            for answer in reversed(held):
                send(answer)

    transport, port = await listen(behave)
    session = StampSession(HOST, port)
    outcomes = await asyncio.gather(*(session.probe(5) for _ in range(20)))
    session.close()
    transport.close()
    readings = [outcome for outcome in outcomes if isinstance(outcome, StampReading)]
    assert [reading.reflector_sequence for reading in readings] == list(range(20))
    assert {reading.forward_lost for reading in readings} <= {None, 0}


@pytest.mark.parametrize("loop_factory", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_closed_port_is_refused_again_and_again(loop_factory: Callable[[], Any]) -> None:
    """ICMP port unreachable proves the path; every probe gets it at once, and a reflector that starts is found."""

    async def main() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
            held.bind((HOST, 0))
            port = held.getsockname()[1]
        session = StampSession(HOST, port)
        for _ in range(3):
            outcome = await asyncio.wait_for(session.probe(60), 10)
            assert isinstance(outcome, Failure)
            assert (outcome.reason, outcome.reason.path_is_alive) == (Reason.REFUSED, True)
            assert outcome.detail.endswith(f"no STAMP reflector listens on port {port}")
        reflector = Reflector()
        await reflector.start(HOST, port)
        assert isinstance(await session.probe(5), StampReading)
        session.close()
        reflector.close()

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(main())


async def test_busy_program_loses_no_answer() -> None:
    """The loop stands still for longer than the time-out; the kernel has had the answer all the while."""

    def behave(request: Request, send: Send) -> None:
        send(packet(answer_to(request)))
        time.sleep(0.2)

    (outcome,), _ = await probe_peer(behave, patience=0.1)
    assert isinstance(outcome, StampReading)
    assert outcome.rtt < 0.05


async def test_busy_program_finds_a_hundred_answers() -> None:
    """All are read before any is given up."""

    def answer_all(sock: socket.socket) -> None:
        for number in range(100):
            data, sender = sock.recvfrom(100)
            request = decode_request(data)
            assert request is not None
            sock.sendto(packet(answer_to(request, number)), sender)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer, ThreadPoolExecutor() as threads:
        peer.bind((HOST, 0))
        peer.settimeout(20)
        answering = threads.submit(answer_all, peer)
        session = StampSession(HOST, peer.getsockname()[1])
        probes = [asyncio.create_task(session.probe(0.3)) for _ in range(100)]
        await asyncio.sleep(0)
        answering.result()
        time.sleep(0.4)  # noqa: ASYNC251  # what a busy program does
        outcomes = await asyncio.gather(*probes)
        session.close()
    assert all(isinstance(outcome, StampReading) for outcome in outcomes)


async def test_silent_peer_is_a_timeout() -> None:
    """The failure says where and how long."""
    (outcome,), counters = await probe_peer(lambda *_: None, patience=0.05)
    assert isinstance(outcome, Failure)
    assert outcome.reason is Reason.TIMEOUT
    assert outcome.detail.startswith(f"{HOST} port ")
    assert outcome.detail.endswith("no STAMP answer within 50ms")
    assert counters == PacketCounters(sent=1)


async def test_source_is_used() -> None:
    """The reflector sees the address that was asked for."""
    seen: list[str] = []

    class Watching(Peer):
        def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
            seen.append(addr[0])
            super().datagram_received(data, addr)

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Watching(lambda request, send: send(packet(answer_to(request)))), local_addr=(HOST, 0)
    )
    session = StampSession(HOST, transport.get_extra_info("sockname")[1], source="127.0.0.44")
    await session.probe(5)
    session.close()
    transport.close()
    assert seen == ["127.0.0.44"]


@pytest.mark.parametrize(
    ("address", "source", "words"),
    [
        (HOST, "203.0.113.7", "source 203.0.113.7: the source address is not on this machine"),
        (HOST, "nope0", "source nope0: this machine has no interface 'nope0'"),
        (HOST, "::1", "source ::1 is not an IPv4 address"),
        ("nonsense", None, "'nonsense' is not an IP address"),
    ],
)
async def test_what_this_machine_cannot_do_is_said(address: str, source: str | None, words: str) -> None:
    """A source or target that cannot be: the fault is ours, each time anew."""
    session = StampSession(address, 862, source)
    for _ in range(2):
        outcome = await session.probe(1)
        assert isinstance(outcome, Failure)
        assert outcome.reason is Reason.LOCAL
        assert outcome.detail.startswith(words)
    session.close()


async def test_closing_and_cancelling_leave_nothing_behind() -> None:
    """Who waits gets a failure; who gives up is forgotten."""
    transport, port = await listen(lambda *_: None)
    session = StampSession(HOST, port)
    waiting, cancelled = asyncio.create_task(session.probe(60)), asyncio.create_task(session.probe(60))
    await asyncio.sleep(0.01)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert len(session._pending) == 1
    session.close()
    assert await waiting == Failure(Reason.LOCAL, f"{HOST} port {port}: the session was closed")
    assert not session._pending
    transport.close()


@pytest.mark.root
@pytest.mark.skipif(NO_NAMESPACES is not None, reason=str(NO_NAMESPACES))
@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("10.79.0.1", "10.79.0.1: host unreachable, says 10.77.0.2"),
        ("fd79::1", "fd79::1: no route to destination, says"),
    ],
)
def test_router_that_says_no_is_believed_and_named(three_hosts: Lab, target: str, words: str) -> None:
    """Unreachable, at once, with who said so."""

    async def main() -> Any:
        session = StampSession(target)
        try:
            return await session.probe(5)
        finally:
            session.close()

    outcome = three_hosts.near.run(main)
    assert outcome.reason is Reason.UNREACHABLE
    assert outcome.detail.startswith(words)


@pytest.mark.root
@pytest.mark.skipif(NO_NAMESPACES is not None, reason=str(NO_NAMESPACES))
def test_session_outlives_a_change_of_address(three_hosts: Lab) -> None:
    """A provider gives the uplink another address: the next probe leaves from that, over the same port."""
    near = three_hosts.near

    async def main() -> tuple[list[Any], set[int]]:
        near.ip("addr", "add", "10.77.0.50/24", "dev", "up0")
        near.ip("route", "replace", "10.78.0.2", "via", "10.77.0.2", "src", "10.77.0.50")
        session, ports = StampSession("10.78.0.2", 862), set()
        outcomes = []
        for step in range(3):
            outcomes.append(await session.probe(5))
            ports.add(session._source_port)
            if step == 0:
                near.ip("addr", "del", "10.77.0.50/24", "dev", "up0")
        session.close()
        return outcomes, ports

    outcomes, ports = near.run(main)
    assert [outcome.reason for outcome in outcomes] == [Reason.REFUSED] * 3
    assert len(ports) == 1
