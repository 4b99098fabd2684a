"""Pinging real kernels in network namespaces, over both kinds of socket, and hosts that answer wrongly."""

import asyncio
import json
import shutil
import socket
import statistics
import struct
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import uvloop

from bench.namespaces import Namespace, namespace, why_not
from model.icmp import Echo
from model.measurement import EchoReading, Failure, Reason
from monitor.probes.counters import PacketCounters
from monitor.probes.icmp import Pinger
from tests.peers.echo import EchoPeer, error_about, reply_to
from tests.peers.namespaces import Lab, lab

NO_NAMESPACES = why_not()
pytestmark = [pytest.mark.root, pytest.mark.skipif(NO_NAMESPACES is not None, reason=str(NO_NAMESPACES))]

Send = Callable[..., None]
SO_TIMESTAMPNS = 35
LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]
PEER = "127.0.0.9"


@dataclass(frozen=True)
class Ground:
    """A namespace and the kind of socket to ping from it with."""

    inside: Namespace
    kind: socket.SocketKind

    def ping_all(self, *targets: str, **options: Any) -> list[Any]:
        """One ping after the other, with one pinger."""

        async def main(pinger: Pinger) -> list[EchoReading | Failure]:
            return [await pinger.ping(target, **{"timeout": 5, **options}) for target in targets]

        outcomes: list[Any] = self.run(main)
        return outcomes

    def run(
        self,
        main: Callable[[Pinger], Coroutine[Any, Any, Any]],
        loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop,
    ) -> Any:
        """Run a coroutine with a pinger, in the namespace."""

        async def with_pinger() -> Any:
            pinger = Pinger(kinds=[self.kind])
            try:
                return await main(pinger)
            finally:
                pinger.close()

        return self.inside.run(with_pinger, loop)

    def ping_peer(self, behave: Callable[[Echo, Send], None], **options: Any) -> Any:
        """Ping a host that answers in its own way; wait until it has done so."""

        async def main(pinger: Pinger) -> tuple[Any, PacketCounters]:
            async with EchoPeer(PEER, behave):
                outcome = await pinger.ping(PEER, **{"timeout": 0.15, **options})
                await asyncio.sleep(0.1)
                return outcome, pinger.counters

        return self.run(main)


@pytest.fixture(scope="module")
def three_hosts() -> Iterator[Lab]:
    """Near host, router, far host; datagram ICMP sockets are allowed to all."""
    with lab() as joined:
        allow_datagrams(joined.near)
        yield joined


@pytest.fixture(scope="module")
def quiet_host() -> Iterator[Namespace]:
    """A host whose kernel answers no ping."""
    with namespace("q") as quiet:
        allow_datagrams(quiet)
        quiet.sysctl("net.ipv4.icmp_echo_ignore_all=1")
        yield quiet


@pytest.fixture(params=[socket.SOCK_RAW, socket.SOCK_DGRAM], ids=["raw", "datagram"])
def near(request: pytest.FixtureRequest, three_hosts: Lab) -> Ground:
    """The near host, with one kind of socket."""
    return Ground(three_hosts.near, request.param)


@pytest.fixture(params=[socket.SOCK_RAW, socket.SOCK_DGRAM], ids=["raw", "datagram"])
def quiet(request: pytest.FixtureRequest, quiet_host: Namespace) -> Ground:
    """The quiet host, with one kind of socket."""
    return Ground(quiet_host, request.param)


def allow_datagrams(inside: Namespace) -> None:
    """Open datagram ICMP sockets to every group."""
    inside.sysctl("net.ipv4.ping_group_range=0 2147483647")


@pytest.mark.parametrize(
    ("target", "hop_limit"),
    [("127.0.0.1", 64), ("127.9.8.7", 64), ("::1", 64), ("10.78.0.1", 63), ("fd78::1", 63), ("fd78:0::0:1", 63)],
)
def test_living_host_gives_round_trip_and_hop_limit(near: Ground, target: str, hop_limit: int) -> None:
    """Own and far addresses of both versions answer; each router on the way takes one off the hop limit."""
    (reading,) = near.ping_all(target)
    assert isinstance(reading, EchoReading)
    assert 0 < reading.rtt < 1
    assert reading == EchoReading(reading.rtt, hop_limit, 0)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("10.79.0.9", "10.79.0.9: host unreachable, says 10.77.0.2"),
        ("10.80.0.9", "10.80.0.9: filtered by a firewall, says 10.77.0.2"),
        ("10.81.0.9", "10.81.0.9: time exceeded, a routing loop or a path that is too long, says"),
        ("10.78.0.99", "10.78.0.99: host unreachable, says 10.77.0.2"),
        ("fd79::9", "fd79::9: no route to destination, says fd77::2"),
    ],
)
def test_router_that_says_no_is_believed_and_named(near: Ground, target: str, words: str) -> None:
    """Unreachable by route, by firewall, by a loop, by silence of the last host: at once, with who said so."""
    (failure,) = near.ping_all(target)
    assert isinstance(failure, Failure)
    assert failure.reason is Reason.UNREACHABLE
    assert failure.detail.startswith(words)


@pytest.mark.parametrize("loop", LOOPS, ids=["asyncio", "uvloop"])
def test_errors_of_one_target_leave_the_others_alone(near: Ground, loop: Callable[[], Any]) -> None:
    """The kernel reports an ICMP error through whatever call comes next, and libuv stops watching: neither hurts."""

    async def main(pinger: Pinger) -> list[Any]:
        targets = ["10.78.0.98", "10.78.0.1", "10.78.0.99", "10.77.0.2"] * 5
        async with asyncio.timeout(20):
            together = await asyncio.gather(*(pinger.ping(target, timeout=60) for target in targets))
            return together + [await pinger.ping(target, timeout=60) for target in targets]

    outcomes = near.run(main, loop)
    assert [isinstance(outcome, EchoReading) for outcome in outcomes] == [False, True] * 20
    assert {outcome.reason for outcome in outcomes[::2]} == {Reason.UNREACHABLE}


def test_error_that_waits_does_not_spoil_the_next_ping(near: Ground) -> None:
    """The program is busy while the error about one target comes in, and then pings another at once."""

    async def main(pinger: Pinger) -> list[Any]:
        first = asyncio.create_task(pinger.ping("10.78.0.97", timeout=5))
        await asyncio.sleep(0)
        time.sleep(0.3)  # noqa: ASYNC251  # what a busy program does
        return [await pinger.ping("10.78.0.1", timeout=5), await first]

    second, first = near.run(main)
    assert isinstance(second, EchoReading)
    assert first.reason is Reason.UNREACHABLE


def test_no_route_is_said_at_once(quiet: Ground) -> None:
    """A host without any route says so itself."""
    outcomes = quiet.ping_all("198.51.100.1", "2001:db8::1")
    assert [(outcome.reason, outcome.detail) for outcome in outcomes if isinstance(outcome, Failure)] == [
        (Reason.UNREACHABLE, "198.51.100.1: this machine has no route there"),
        (Reason.UNREACHABLE, "2001:db8::1: this machine has no route there"),
    ]


def test_silence_is_a_timeout(quiet: Ground) -> None:
    """Nothing comes, the failure says how long it waited."""
    assert quiet.ping_all("127.0.0.1", timeout=0.05) == [
        Failure(Reason.TIMEOUT, "127.0.0.1: no echo reply within 50ms"),
    ]


def test_right_reply_of_the_peer_is_a_reading(quiet: Ground) -> None:
    """The peer of these tests is able to answer rightly."""
    outcome, counters = quiet.ping_peer(lambda request, send: send(reply_to(request)))
    assert isinstance(outcome, EchoReading)
    assert (counters.sent, counters.answered, counters.alien) == (1, 1, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"identifier": 1},
        {"sequence": 1},
        {"payload": b"someone else's cookie, of 56 bytes as well, for certain.."},
        {"payload": b""},
    ],
    ids=["identifier", "sequence", "cookie", "truncated"],
)
def test_reply_to_somebody_else_is_not_believed(quiet: Ground, wrong: dict[str, Any]) -> None:
    """A wrong identifier, sequence or payload, and a payload that is cut off."""
    outcome, counters = quiet.ping_peer(lambda request, send: send(reply_to(request, **wrong)))
    assert outcome == Failure(Reason.TIMEOUT, f"{PEER}: no echo reply within 150ms")
    assert counters.answered == 0


def test_reply_from_another_address_is_not_believed(quiet: Ground) -> None:
    """A right reply that another host sends."""
    outcome, counters = quiet.ping_peer(lambda request, send: send(reply_to(request), source="127.0.0.10"))
    assert isinstance(outcome, Failure)
    assert (outcome.reason, counters.alien) == (Reason.TIMEOUT, 1)


def test_garbage_is_survived(quiet: Ground) -> None:
    """Cut and broken ICMP messages before the right reply."""

    def behave(request: Echo, send: Send) -> None:
        for garbage in (b"\0\0", b"\0" * 7, b"\xff" * 60):
            send(garbage)
        send(reply_to(request))

    outcome, _ = quiet.ping_peer(behave)
    assert isinstance(outcome, EchoReading)


@pytest.mark.parametrize("quote", [8, 64])
def test_error_that_quotes_our_request_ends_it(quiet: Ground, quote: int) -> None:
    """Whole, or cut after 8 bytes as RFC 792 allows."""
    outcome, _ = quiet.ping_peer(lambda request, send: send(error_about(request, 3, 1, target=PEER, quote=quote)))
    assert outcome == Failure(Reason.UNREACHABLE, f"{PEER}: host unreachable, says {PEER}")


@pytest.mark.parametrize(
    ("kind", "target", "changes"),
    [
        (5, PEER, {}),  # a redirect: the packet has gone on
        (3, "127.0.0.10", {}),
        (3, PEER, {"sequence": 7}),
        (3, PEER, {"payload": b"someone else's cookie, of 56 bytes as well, for certain.."}),
    ],
    ids=["redirect", "destination", "sequence", "cookie"],
)
def test_error_about_something_else_is_not_believed(
    quiet: Ground, kind: int, target: str, changes: dict[str, Any]
) -> None:
    """After it the right reply comes and is taken."""

    def behave(request: Echo, send: Send) -> None:
        send(error_about(replace(request, **changes), kind, 1, target=target))
        send(reply_to(request))

    outcome, _ = quiet.ping_peer(behave)
    assert isinstance(outcome, EchoReading)


def test_duplicates_are_counted_and_give_no_second_answer(quiet: Ground) -> None:
    """Three replies to one request: one reading that knows of the others."""

    def behave(request: Echo, send: Send) -> None:
        for _ in range(3):
            send(reply_to(request))

    outcome, counters = quiet.ping_peer(behave)
    assert isinstance(outcome, EchoReading)
    assert outcome.duplicates == 2
    assert counters == PacketCounters(sent=1, answered=1, duplicates=2)


def test_late_reply_is_counted_and_not_believed(quiet: Ground) -> None:
    """It comes 50 ms after the time-out; the next ping has its own reply."""

    async def main(pinger: Pinger) -> None:
        answered = asyncio.Event()

        def behave(request: Echo, send: Send) -> None:
            if len(peer.requests) == 1:
                loop = asyncio.get_running_loop()
                loop.call_later(0.1, send, reply_to(request))
                loop.call_later(0.12, answered.set)
            else:
                send(reply_to(request))

        async with EchoPeer(PEER, behave) as peer:
            late = await pinger.ping(PEER, timeout=0.05)
            await answered.wait()
            right = await pinger.ping(PEER, timeout=5)
        assert isinstance(late, Failure)
        assert isinstance(right, EchoReading)
        assert pinger.counters == PacketCounters(sent=2, answered=1, late=1)

    quiet.run(main)


@pytest.fixture(scope="module")
def kernel_stamps() -> Iterator[None]:
    """The kernel stamps what arrives: it begins to do so a moment after the first socket asks for it.

    Before, what was not stamped bears the time at which it is read, so it seems to have come late.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        asking.bind(("127.0.0.1", 0))
        while is_stamped_when_read(asking):
            pass
        yield


def is_stamped_when_read(sock: socket.socket) -> bool:
    """Whether a datagram that is read 20 ms after it came bears the time of the reading."""
    sock.sendto(b"", sock.getsockname())
    sent = time.time()
    time.sleep(0.02)
    stamp = sock.recvmsg(1, 64)[1][0][2]
    seconds, nanoseconds = struct.unpack("qq", stamp)
    return bool(seconds + nanoseconds / 1e9 > sent + 0.01)


@pytest.mark.usefixtures("kernel_stamps")
@pytest.mark.parametrize("loop", LOOPS, ids=["asyncio", "uvloop"])
def test_busy_program_neither_loses_nor_delays_a_reply(near: Ground, loop: Callable[[], Any]) -> None:
    """The loop stands still for longer than the time-out; the kernel has had the reply all the while."""

    async def main(pinger: Pinger) -> EchoReading | Failure:
        ping = asyncio.create_task(pinger.ping("127.0.0.1", timeout=0.1))
        await asyncio.sleep(0)
        time.sleep(0.3)  # noqa: ASYNC251  # what a busy program does
        return await ping

    outcome = near.run(main, loop)
    assert isinstance(outcome, EchoReading)
    assert outcome.rtt < 0.05


@pytest.mark.usefixtures("kernel_stamps")
@pytest.mark.parametrize("loop", LOOPS, ids=["asyncio", "uvloop"])
def test_busy_program_finds_a_thousand_replies(near: Ground, loop: Callable[[], Any]) -> None:
    """They all fit into the socket's buffer, and all are read before any is given up."""

    async def main(_: Pinger) -> list[Any]:
        pinger = Pinger(kinds=[near.kind], burst=2_000)
        pings = [asyncio.create_task(pinger.ping("127.0.0.1", timeout=0.3)) for _ in range(1_000)]
        await asyncio.sleep(0)
        time.sleep(0.5)  # noqa: ASYNC251  # as above
        outcomes = await asyncio.gather(*pings)
        pinger.close()
        return outcomes

    assert [outcome for outcome in near.run(main, loop) if not isinstance(outcome, EchoReading)] == []


def test_pings_are_paced(near: Ground) -> None:
    """Of ten at once, two leave in each millisecond."""

    async def main(_: Pinger) -> float:
        pinger = Pinger(kinds=[near.kind], burst=2)
        await pinger.ping("127.0.0.1", timeout=5)
        started = time.monotonic()
        await asyncio.gather(*(pinger.ping("127.0.0.1", timeout=5) for _ in range(10)))
        pinger.close()
        return time.monotonic() - started

    assert near.run(main) >= 0.0035


def test_thousand_at_once_are_all_answered_and_not_delayed(near: Ground) -> None:
    """They are paced: no reply is lost for want of buffer, and none waits for another."""

    async def main(pinger: Pinger) -> tuple[list[Any], PacketCounters]:
        await pinger.ping("127.0.0.1", timeout=5)
        targets = [f"127.0.{number // 250 + 1}.{number % 250 + 1}" for number in range(1_000)]
        return await asyncio.gather(*(pinger.ping(target, timeout=5) for target in targets)), pinger.counters

    outcomes, counters = near.run(main)
    assert counters == PacketCounters(sent=1_001, answered=1_001)
    # Stamped by the program they would take several milliseconds.
    assert statistics.median(outcome.rtt for outcome in outcomes) < 0.001


def test_many_pings_to_one_address_keep_apart(near: Ground) -> None:
    """A hundred under way to one host: each has its own reply."""

    async def main(pinger: Pinger) -> list[Any]:
        return await asyncio.gather(*(pinger.ping("10.78.0.1", timeout=5) for _ in range(100)))

    assert all(isinstance(outcome, EchoReading) and not outcome.duplicates for outcome in near.run(main))


def test_two_pingers_do_not_see_each_other(near: Ground) -> None:
    """A raw socket is shown all replies of the machine; the kernel's filter keeps what belongs to another process."""

    async def main(pinger: Pinger) -> None:
        other = Pinger(kinds=[near.kind])
        await pinger.ping("127.0.0.1", timeout=5)
        await asyncio.gather(*(other.ping("127.0.0.1", timeout=5) for _ in range(20)))
        await pinger.ping("127.0.0.1", timeout=5)
        other.close()
        assert pinger.counters == PacketCounters(sent=2, answered=2)

    near.run(main)


@pytest.mark.parametrize("source", ["10.77.0.1", "up0"])
def test_ping_leaves_from_the_source_that_is_asked_for(near: Ground, source: str) -> None:
    """By address and by interface."""
    (reading,) = near.ping_all("10.78.0.1", source=source)
    assert isinstance(reading, EchoReading)


def test_source_interface_is_not_just_a_hint(near: Ground) -> None:
    """Through the uplink there is no way to the loopback network."""
    (outcome,) = near.ping_all("127.0.0.1", source="up0", timeout=0.1)
    assert isinstance(outcome, Failure)


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("127.0.0.1", "nope0", "source nope0: this machine has no interface 'nope0', see `ip link`"),
        ("127.0.0.1", "a-name-too-long-for-linux", "source a-name-too-long-for-linux: this machine has no interface"),
        ("127.0.0.1", "nul\0", "source nul\0: this machine has no interface"),
        ("127.0.0.1", "203.0.113.7", "source 203.0.113.7: the source address is not on this machine"),
        ("127.0.0.1", "::1", "source ::1 is not an IPv4 address"),
        ("::1", "127.0.0.1", "source 127.0.0.1 is not an IPv6 address"),
        ("fe80::1%nope0", None, "fe80::1%nope0: this machine has no interface 'nope0'"),
        ("not-an-address", None, "'not-an-address' is not an IP address"),
        ("127.0.0.1\0", None, "'127.0.0.1\\x00' is not an IP address"),
    ],
)
def test_what_this_machine_cannot_do_is_said(near: Ground, target: str, source: str | None, words: str) -> None:
    """A source or target that cannot be: the fault is ours, and the message says where."""
    (failure,) = near.ping_all(target, source=source)
    assert isinstance(failure, Failure)
    assert failure.reason is Reason.LOCAL
    assert failure.detail.startswith(words)


def test_interface_that_comes_back_is_used_again(quiet: Ground) -> None:
    """A modem that reconnects has the same name and another number."""

    async def main(pinger: Pinger) -> list[Any]:
        outcomes = []
        for present in (True, False, True):
            if present:
                quiet.inside.ip("link", "add", "modem0", "type", "veth", "peer", "name", "mast0")
                quiet.inside.ip("addr", "add", "10.66.0.1/24", "dev", "modem0")
                quiet.inside.ip("link", "set", "modem0", "up")
            outcomes.append(await pinger.ping("10.66.0.2", timeout=0.05, source="modem0"))
            if present:
                quiet.inside.ip("link", "del", "modem0")
        return outcomes

    assert [outcome.reason for outcome in quiet.run(main)] == [Reason.TIMEOUT, Reason.LOCAL, Reason.TIMEOUT]


def test_firewall_of_this_machine_is_named(near: Ground) -> None:
    """A prohibited route refuses to send; so does a broadcast."""
    near.inside.ip("route", "replace", "prohibit", "10.99.0.0/24")
    (failure,) = near.ping_all("10.99.0.1")
    assert isinstance(failure, Failure)
    assert (failure.reason, "prohibited route" in failure.detail) == (Reason.LOCAL, True)


def test_cancelled_ping_leaves_nothing_behind(quiet: Ground) -> None:
    """The caller gives up; nothing of the request remains to wait for."""

    async def main(pinger: Pinger) -> None:
        ping = asyncio.create_task(pinger.ping("127.0.0.1", timeout=60))
        await asyncio.sleep(0.01)
        ping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ping
        assert not any(echoes._ledger.pending for echoes in pinger._sockets.values())

    quiet.run(main)


def test_closing_ends_what_is_under_way(quiet: Ground) -> None:
    """Who waits gets a failure, who comes later too."""

    async def main(pinger: Pinger) -> None:
        ping = asyncio.create_task(pinger.ping("127.0.0.1", timeout=60))
        await asyncio.sleep(0.01)
        pinger.close()
        stopped = Failure(Reason.LOCAL, "the pinger was stopped")
        assert await ping == stopped
        assert await pinger.ping("127.0.0.1", timeout=60) == stopped

    quiet.run(main)


def test_all_sequence_numbers_taken_is_a_failure(quiet: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """With as many under way as there are numbers, one more is refused instead of mixed up."""
    monkeypatch.setattr("monitor.probes.icmp._SEQUENCES", 3)

    async def main(pinger: Pinger) -> list[Any]:
        return await asyncio.gather(*(pinger.ping("127.0.0.1", timeout=0.05) for _ in range(5)))

    reasons = [outcome.reason for outcome in quiet.run(main)]
    assert sorted(reasons) == [Reason.LOCAL] * 2 + [Reason.TIMEOUT] * 3


WITHOUT_PRIVILEGE = """
import asyncio, json
from monitor.probes.icmp import Pinger
outcome = asyncio.run(Pinger().ping("127.0.0.1", timeout=1))
print(json.dumps([outcome.reason, outcome.detail]))
"""


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv (util-linux) is not installed")
def test_without_permission_the_mend_is_told() -> None:
    """No CAP_NET_RAW and an empty ping_group_range: the message names both ways out."""
    with namespace("p") as poor:
        poor.sysctl("net.ipv4.ping_group_range=1 0")
        run = poor.command("setpriv", "--bounding-set=-net_raw", sys.executable, "-c", WITHOUT_PRIVILEGE)
    reason, detail = json.loads(run.stdout)
    assert reason == Reason.LOCAL
    assert "ping_group_range" in detail
    assert "CAP_NET_RAW" in detail


def test_raw_is_the_fallback_where_datagrams_are_not_allowed() -> None:
    """The default pinger works with either."""

    async def main() -> Any:
        pinger = Pinger()
        try:
            return await pinger.ping("127.0.0.1", timeout=5), [echoes._is_raw for echoes in pinger._sockets.values()]
        finally:
            pinger.close()

    with namespace("d") as host:
        host.sysctl("net.ipv4.ping_group_range=1 0")
        denied, raw = host.run(main)
        allow_datagrams(host)
        allowed, datagram = host.run(main)
    assert isinstance(denied, EchoReading)
    assert isinstance(allowed, EchoReading)
    assert (raw, datagram) == ([True], [False])
