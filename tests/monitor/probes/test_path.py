"""Traces through real kernels in network namespaces, over every kind of socket, and against peers that say nothing."""

import asyncio
import json
import shutil
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import pytest
import uvloop

from bench.namespaces import Namespace, why_not
from model.icmp import IpVersion
from model.measurement import Failure, Reason
from model.path import Note, Path, described
from monitor.probes.path import MOST_PACKETS, OpenWay, Tracer, Way, by_echo, by_udp, trace
from monitor.probes.timed_socket import Arrival, QuotedError
from tests.peers.chain import Chain, chain
from tests.peers.namespaces import Lab, lab

NO_NAMESPACES = why_not()
in_namespaces = [pytest.mark.root, pytest.mark.skipif(NO_NAMESPACES is not None, reason=str(NO_NAMESPACES))]
WAYS = {"datagram": by_echo(socket.SOCK_DGRAM), "raw": by_echo(socket.SOCK_RAW), "udp": by_udp}


@pytest.fixture(params=WAYS)
def ways(request: pytest.FixtureRequest) -> Sequence[OpenWay]:
    """One way to trace."""
    return [WAYS[request.param]]


@pytest.fixture(scope="module")
def row() -> Iterator[Chain]:
    """Near host, three routers, far host; datagram ICMP sockets are allowed."""
    with chain() as joined:
        allow_datagrams(joined.near)
        yield joined


@pytest.fixture
def three() -> Iterator[Lab]:
    """Near host, router, far host; a new one each time, for the router soon tires of saying no."""
    with lab() as joined:
        allow_datagrams(joined.near)
        yield joined


def allow_datagrams(inside: Namespace) -> None:
    """Open datagram ICMP sockets to every group."""
    inside.sysctl("net.ipv4.ping_group_range=0 2147483647")


def timed(inside: Namespace, target: str, *options: Any, **more: Any) -> tuple[Any, float]:
    """A trace in a namespace, and the seconds that it took."""

    async def main() -> tuple[Any, float]:
        started = time.monotonic()
        return await trace(target, *options, **more), time.monotonic() - started

    return inside.run(main, more.pop("loop", None))


def traced(inside: Namespace, target: str, *options: Any, **more: Any) -> Path:
    """A trace that must give a path."""
    path, _ = timed(inside, target, *options, **more)
    assert isinstance(path, Path), path
    return path


def seen(path: Path) -> list[tuple[str | None, Note]]:
    """Who said what."""
    assert [hop.ttl for hop in path.hops] == list(range(1, len(path.hops) + 1))
    return [(hop.address, hop.note) for hop in path.hops]


class TestNamespaces:
    """Kernels that route."""

    pytestmark = in_namespaces

    @pytest.mark.parametrize(
        ("target", "routers"),
        [("10.94.0.2", ["10.91.0.2", "10.92.0.2", "10.93.0.2"]), ("fd94::2", ["fd91::2", "fd92::2", "fd93::2"])],
    )
    def test_every_router_and_the_target_are_seen_in_order(
        self, row: Chain, ways: Sequence[OpenWay], target: str, routers: list[str]
    ) -> None:
        """Four hops, each with a round trip of its own, in both versions; and no more waiting than for the answers."""
        path, took = timed(row.near, target, ways=ways)
        assert seen(path) == [*((router, Note.PASSED) for router in routers), (target, Note.TARGET)]
        assert path.reached
        assert all(hop.rtt is not None and 0 < hop.rtt < 0.5 for hop in path.hops)
        assert took < 1

    @pytest.mark.parametrize("target", ["127.0.0.1", "::1", "10.91.0.1", "10.91.0.2"])
    def test_what_is_next_door_is_one_hop_away(self, row: Chain, ways: Sequence[OpenWay], target: str) -> None:
        """This machine itself, and the first router."""
        assert seen(traced(row.near, target, ways=ways)) == [(target, Note.TARGET)]

    @pytest.mark.parametrize("source", ["10.91.0.1", "up91"])
    def test_a_trace_leaves_from_the_source_that_is_asked_for(
        self, row: Chain, ways: Sequence[OpenWay], source: str
    ) -> None:
        """By address and by interface; through the uplink there is no way to the loopback network."""
        assert traced(row.near, "10.94.0.2", source, ways=ways).reached
        if source == "up91":
            lost, _ = timed(row.near, "127.0.0.1", source, ways=ways, timeout=0.1)
            assert isinstance(lost, Failure) or not lost.reached

    def test_the_loop_of_the_daemon_reads_errors_too(self, row: Chain, ways: Sequence[OpenWay]) -> None:
        """With uvloop: libuv stops watching a socket that reports an error."""
        path, _ = timed(row.near, "10.94.0.2", ways=ways, loop=uvloop.new_event_loop)
        assert len(seen(path)) == 4

    def test_many_traces_at_once_keep_apart(self, row: Chain, ways: Sequence[OpenWay]) -> None:
        """Several to two targets: each socket takes the answers to its own packets only."""

        async def main() -> list[Any]:
            return await asyncio.gather(*(trace(target, ways=ways) for target in ["10.94.0.2", "10.93.0.2"] * 4))

        lengths = [len(path.hops) for path in row.near.run(main)]
        assert lengths == [4, 3] * 4

    @pytest.mark.parametrize(
        ("target", "note", "words"),
        [
            ("10.79.0.9", Note.UNREACHABLE, "10.77.0.2 (hop 1) says: host unreachable"),
            ("fd79::9", Note.UNREACHABLE, "fd77::2 (hop 1) says: no route to destination"),
            ("10.80.0.9", Note.PROHIBITED, "10.77.0.2 (hop 1) says: filtered by a firewall"),
        ],
    )
    def test_a_router_that_says_no_ends_the_path_and_is_named(
        self, three: Lab, ways: Sequence[OpenWay], target: str, note: Note, words: str
    ) -> None:
        """No route and no permission are told apart, and neither is taken for the target's answer."""
        path = traced(three.near, target, ways=ways)
        assert not path.reached
        assert [hop.note for hop in path.hops] == [note]
        assert described(path) == words

    def test_a_circle_is_called_one(self, three: Lab, ways: Sequence[OpenWay]) -> None:
        """Two routers that send a packet to each other until it dies."""
        path = traced(three.near, "10.81.0.9", ways=ways, timeout=0.2)
        assert not path.reached
        assert described(path) == "packets go in a circle: 10.77.0.2 (hop 1), 10.78.0.1 (hop 2)"

    def test_no_route_here_is_a_failure_at_once(self, row: Chain, ways: Sequence[OpenWay]) -> None:
        """Not a path without hops: it is this machine that cannot send."""
        failure, took = timed(row.near, "198.51.100.1", ways=ways)
        assert failure == Failure(Reason.UNREACHABLE, "198.51.100.1: this machine has no route there")
        assert took < 0.5


@pytest.mark.root
@pytest.mark.skipif(NO_NAMESPACES is not None, reason=str(NO_NAMESPACES))
def test_a_cut_link_ends_the_path_where_it_was_cut(ways: Sequence[OpenWay]) -> None:
    """The far host is unplugged: the last router still answers, then nobody; it takes less than 2.5 time-outs."""
    with lab() as cut:
        allow_datagrams(cut.near)
        before = traced(cut.near, "10.78.0.1", ways=ways)
        cut.far.ip("link", "set", "up0", "down")
        after, took = timed(cut.near, "10.78.0.1", ways=ways, timeout=0.4)
    assert seen(before) == [("10.77.0.2", Note.PASSED), ("10.78.0.1", Note.TARGET)]
    assert seen(after) == [("10.77.0.2", Note.PASSED)] + [(None, Note.SILENT)] * 5
    assert described(after) == "answers end after 10.77.0.2 (hop 1)"
    assert took < 2.5 * 0.4


@pytest.mark.root
@pytest.mark.skipif(NO_NAMESPACES is not None, reason=str(NO_NAMESPACES))
def test_silent_routers_hide_nothing_behind_them(ways: Sequence[OpenWay]) -> None:
    """One that passes packets on without a word is a gap, in both versions."""
    with chain() as row:
        allow_datagrams(row.near)
        row.silence(row.routers[1])
        for target in ("10.94.0.2", "fd94::2"):
            path = traced(row.near, target, ways=ways, timeout=0.2)
            assert [note for _, note in seen(path)] == [Note.PASSED, Note.SILENT, Note.PASSED, Note.TARGET]


@pytest.mark.root
@pytest.mark.skipif(NO_NAMESPACES is not None, reason=str(NO_NAMESPACES))
@pytest.mark.parametrize("target", ["10.82.0.9", "fd82::9"])
def test_a_black_hole_ends_in_time(three: Lab, target: str) -> None:
    """Nobody says anything at all: after less than 2.5 s that is the answer."""
    for net in ("10.82.0.0/24", "fd82::/64"):
        three.router.ip("route", "replace", "blackhole", net)
    path, took = timed(three.near, target)
    assert seen(path) == [(None, Note.SILENT)] * 5
    assert described(path) == "nobody on the way answers"
    assert 1 < took < 2.5


WITHOUT_PRIVILEGE = """
import asyncio, json
from monitor.probes.path import trace
paths = [asyncio.run(trace(target)) for target in ("10.94.0.2", "fd94::2")]
print(json.dumps([[path.reached, [hop.address for hop in path.hops]] for path in paths]))
"""


@pytest.mark.root
@pytest.mark.skipif(NO_NAMESPACES is not None, reason=str(NO_NAMESPACES))
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv (util-linux) is not installed")
@pytest.mark.parametrize("groups", ["1 0", "0 2147483647"], ids=["udp", "datagram"])
def test_an_ordinary_user_can_trace(row: Chain, groups: str) -> None:
    """Without any capability, whether ICMP sockets are allowed to its group or not."""
    row.near.sysctl(f"net.ipv4.ping_group_range={groups}")
    try:
        run = row.near.command("setpriv", "--bounding-set=-all", sys.executable, "-c", WITHOUT_PRIVILEGE)
    finally:
        allow_datagrams(row.near)
    assert json.loads(run.stdout) == [
        [True, ["10.91.0.2", "10.92.0.2", "10.93.0.2", "10.94.0.2"]],
        [True, ["fd91::2", "fd92::2", "fd93::2", "fd94::2"]],
    ]


@dataclass
class Silent:
    """A UDP port on loopback to which all packets of a trace go, and a way over which it can be reached.

    Attributes:
        answers: How many of the packets, from the first, are answered.
    """

    answers: int = 0
    heard: list[bytes] = field(default_factory=list)
    opened: list[socket.socket] = field(default_factory=list)
    most_open: int = 0

    def __post_init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.first = asyncio.Event()

    async def __aenter__(self) -> Self:
        asyncio.get_running_loop().add_reader(self._socket, self._read)
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def way(self, _version: IpVersion, _source: str | None) -> Way | Failure:
        """A way over which nothing but this port is reached."""
        self.opened.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.most_open = max(self.most_open, sum(sock.fileno() >= 0 for sock in self.opened))
        return Way(self.opened[-1], self)

    def packet(self, serial: int) -> bytes:
        """Its number."""
        return str(serial).encode()

    def port(self, _serial: int) -> int:
        """Always this one."""
        return int(self._socket.getsockname()[1])

    def answered(self, arrival: Arrival) -> int | None:
        """The number comes back."""
        return int(arrival.data)

    def quoted(self, _error: QuotedError) -> int | None:
        """No errors here."""
        return None

    def _read(self) -> None:
        packet, sender = self._socket.recvfrom(100)
        self.heard.append(packet)
        self.first.set()
        if len(self.heard) <= self.answers:
            self._socket.sendto(packet, sender)


async def test_no_more_packets_than_the_limit() -> None:
    """However many hops and questions are asked for."""
    async with Silent() as peer:
        path = await trace("127.0.0.1", max_hops=255, queries=9, timeout=0.02, ways=[peer.way])
    assert isinstance(path, Path)
    assert len(peer.heard) == MOST_PACKETS
    assert len(set(peer.heard)) == MOST_PACKETS


async def test_behind_the_last_answer_only_a_few_are_asked_again() -> None:
    """All thirty, and of the silent again five; the first of them may have been lost on the way."""
    async with Silent() as peer:
        await trace("127.0.0.1", timeout=0.1, ways=[peer.way])
    assert len(peer.heard) == 30 + 5


async def test_nothing_is_sent_beyond_the_target() -> None:
    """Once it has answered, the bursts end."""
    async with Silent(answers=1) as peer:
        path = await trace("127.0.0.1", ways=[peer.way])
    assert isinstance(path, Path)
    assert seen(path) == [("127.0.0.1", Note.TARGET)]
    assert len(peer.heard) <= 8


@pytest.mark.parametrize("garbage", [-1, 30, 1 << 16])
async def test_an_answer_to_no_packet_of_ours_is_not_believed(garbage: int) -> None:
    """A number that no packet had."""

    class Lying(Silent):
        def answered(self, _arrival: Arrival) -> int | None:
            return garbage

    async with Lying(answers=3) as peer:
        path = await trace("127.0.0.1", timeout=0.02, max_hops=6, queries=1, ways=[peer.way])
    assert isinstance(path, Path)
    assert path.hops == () or not path.reached


async def test_a_busy_program_loses_no_answer() -> None:
    """The loop stands still for longer than the time-out; the kernel has had the answer all the while."""
    async with Silent() as peer:
        tracing = asyncio.create_task(trace("127.0.0.1", timeout=0.1, max_hops=1, queries=1, ways=[peer.way]))
        await asyncio.wait_for(peer.first.wait(), 5)
        peer._socket.sendto(peer.heard[0], peer.opened[0].getsockname())
        time.sleep(0.2)  # noqa: ASYNC251  # what a busy program does
        path = await tracing
    assert isinstance(path, Path)
    assert path.reached


async def test_traces_wait_for_their_turn_and_not_without_limit() -> None:
    """Two at once, three wait, the sixth is not taken and that is said; afterwards there is room again."""
    async with Silent() as peer:
        tracer = Tracer(at_once=2, waiting=3, ways=[peer.way])

        async def one() -> Path | Failure:
            return await tracer.trace("127.0.0.1")

        traces = [asyncio.create_task(one()) for _ in range(5)]
        await asyncio.sleep(0)
        refused = await one()
        for task in traces:
            task.cancel()
        await asyncio.gather(*traces, return_exceptions=True)
        assert peer.most_open == 2
        assert refused == Failure(Reason.LOCAL, "127.0.0.1: not traced, 3 traces wait for their turn already")
        peer.answers = 1_000
        assert isinstance(await one(), Path)
    assert all(sock.fileno() < 0 for sock in peer.opened)


async def test_the_first_way_that_is_permitted_is_taken() -> None:
    """A way that cannot be opened is passed over; where none can, the last one's words stand."""
    no = Failure(Reason.LOCAL, "not permitted")
    async with Silent(answers=1) as peer:
        assert isinstance(await trace("127.0.0.1", ways=[lambda *_: no, peer.way]), Path)
    assert await trace("127.0.0.1", ways=[lambda *_: no]) == no


@pytest.mark.parametrize(
    ("target", "source", "words"),
    [
        ("not-an-address", None, "'not-an-address' is not an IP address"),
        ("127.0.0.1", "nope0", "source nope0: this machine has no interface 'nope0', see `ip link`"),
        ("127.0.0.1", "::1", "source ::1 is not an IPv4 address, as the target's is"),
        ("127.0.0.1", "203.0.113.7", "source 203.0.113.7: the source address is not on this machine"),
    ],
)
async def test_what_this_machine_cannot_do_is_said(target: str, source: str | None, words: str) -> None:
    """A source or target that cannot be: the fault is ours, and the message says where."""
    failure = await trace(target, source)
    assert isinstance(failure, Failure)
    assert failure.reason is Reason.LOCAL
    assert failure.detail.startswith(words)
