"""Traceroute: the hops to an address, all asked at once, by ICMP echo or, where that is not permitted, by UDP."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

from model.icmp import (
    ECHO_REPLY,
    ECHO_REQUEST,
    IpVersion,
    decode_echo,
    describe_error,
    encode_request,
    strip_ipv4_header,
)
from model.measurement import Failure, Reason
from model.path import SILENT_RUN, Hop, Note, Path, end_of, note_of, path_of
from monitor.probes.icmp import admit_only, open_echo_socket
from monitor.probes.sockets import Address, bind_source, failure_of, family_of, limit_hops, sockaddr_of, version_of
from monitor.probes.timed_socket import Arrival, QuotedError, TimedSocket
from monitor.probes.timing import SECOND_NS, Instant, round_trip_ns

MOST_PACKETS: Final = 64
"""Packets that one trace may send."""

AT_ONCE: Final = 4
WAITING: Final = 100

_BURST: Final = 4  # of a hundred bytes: a thin line carries them in the gap
_GAP: Final = 0.02
_COOKIE_BYTES: Final = 14
_WORD: Final = 0xFFFF
_FIRST_PORT: Final = 33_434  # where traceroute has always begun, and firewalls know it
_PADDING: Final = bytes(16)


class Packets(Protocol):
    """How the packets of one trace look, and how they are known again."""

    def packet(self, serial: int) -> bytes:
        """What the packet of this number carries."""

    def port(self, serial: int) -> int:
        """Where it is sent to."""

    def answered(self, arrival: Arrival) -> int | None:
        """The number of the packet that this answers; ``None`` where it answers none of ours."""

    def quoted(self, error: QuotedError) -> int | None:
        """The number of the packet that this error is about; likewise."""


class Way(NamedTuple):
    """What a trace is made over: an open socket, and the packets for it."""

    sock: socket.socket
    packets: Packets


OpenWay = Callable[[IpVersion, str | None], Way | Failure]


def by_echo(*kinds: socket.SocketKind) -> OpenWay:
    """ICMP echo over the first of these kinds of socket that this process may open."""

    def open_way(version: IpVersion, source: str | None) -> Way | Failure:
        sock = open_echo_socket(version, source, kinds)
        return sock if isinstance(sock, Failure) else Way(sock, _Echoes(sock, version))

    return open_way


def by_udp(version: IpVersion, source: str | None) -> Way | Failure:
    """UDP to ports where nothing listens, which needs no privilege; firewalls let it through less often."""
    try:
        sock = socket.socket(family_of(version), socket.SOCK_DGRAM)
    except OSError as error:
        return failure_of(error, "UDP socket")
    unbound = bind_source(sock, version, source)
    if unbound is not None:
        sock.close()
        return unbound
    return Way(sock, _Datagrams())


WAYS: Final = (by_echo(socket.SOCK_DGRAM, socket.SOCK_RAW), by_udp)


class Tracer:
    """Makes traces, a few at a time, while the others wait their turn."""

    def __init__(self, *, at_once: int = AT_ONCE, waiting: int = WAITING, ways: Sequence[OpenWay] = WAYS) -> None:
        """Open nothing yet.

        Args:
            at_once: Traces that may be under way.
            waiting: Traces that may wait.
            ways: How to trace; the first that this machine permits is taken.
        """
        self._slots = asyncio.Semaphore(at_once)
        self._limit = waiting
        self._ways = tuple(ways)
        self._waiting = 0

    async def trace(self, address: str, source: str | None = None) -> Path | Failure:
        """Trace once this one's turn has come; as ``trace``, and a Failure where too many wait already."""
        if self._waiting >= self._limit:
            return Failure(Reason.LOCAL, f"{address}: not traced, {self._limit} traces wait for their turn already")
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            return await trace(address, source, ways=self._ways)
        finally:
            self._slots.release()


async def trace(
    address: str,
    source: str | None = None,
    *,
    max_hops: int = 30,
    timeout: float = 1.0,
    queries: int = 2,
    ways: Sequence[OpenWay] = WAYS,
) -> Path | Failure:
    """The hops to an address now. No name is looked up.

    All hops are asked at once, in small bursts; who is silent after half the time-out is asked again. So even a trace
    over which nobody answers takes (queries + 1) / 2 time-outs and the bursts: 1.7 s with the defaults.

    Args:
        address: IP literal.
        source: Address or interface of this machine to send from; ``None`` leaves it to the routing table.
        max_hops: The highest TTL that is tried, 1 to 64.
        timeout: Seconds that the last packet may take.
        queries: How often a hop is asked that does not answer. Of all hops together no more than 64 packets are sent.
        ways: How to trace; the first that this machine permits is taken.

    Returns:
        The path, also where nobody answers; a Failure where this machine cannot send.
    """
    destination = sockaddr_of(address, 0)
    if isinstance(destination, Failure):
        return destination
    version, failure = version_of(address), Failure(Reason.LOCAL, f"{address}: there is no way to trace")
    for open_way in ways:
        way = open_way(version, source)
        if isinstance(way, Failure):
            failure = way
        else:
            return await _Trace(way, version, destination, min(max_hops, MOST_PACKETS)).run(timeout, queries)
    return failure


class _Trace:
    """One trace under way. Owns the socket."""

    def __init__(self, way: Way, version: IpVersion, destination: Address, max_hops: int) -> None:
        self._way = way
        self._version = version
        self._destination = destination
        self._max_hops = max_hops
        self._sent: list[tuple[int, Instant]] = []
        self._hops: dict[int, Hop] = {}
        self._complete = asyncio.Event()
        self._socket = TimedSocket(way.sock, version, self._received, self._failed)

    async def run(self, timeout: float, queries: int) -> Path | Failure:
        """From the first packet to the path."""
        try:
            for query in range(queries):
                failure = await self._ask(self._unanswered(again=query > 0))
                if failure is not None:
                    return failure
                await self._wait(timeout if query == queries - 1 else timeout / 2)
            # The loop may have been busy: what the kernel has had for a while is no silence.
            self._socket.drain()
            return path_of(str(self._destination[0]), self._hops.values(), self._max_hops)
        finally:
            self._socket.close()

    def _unanswered(self, *, again: bool) -> list[int]:
        last = max(self._hops, default=0) + SILENT_RUN if again else self._max_hops
        return [ttl for ttl in range(1, min(last, self._max_hops) + 1) if ttl not in self._hops]

    async def _ask(self, ttls: list[int]) -> Failure | None:
        for number, ttl in enumerate(ttls):
            if number and number % _BURST == 0:
                await asyncio.sleep(_GAP)
            if len(self._sent) >= MOST_PACKETS or ttl > (end_of(self._hops.values()) or ttl):
                break
            error = self._send(ttl)
            if error is not None and len(self._sent) == 1:
                return failure_of(error, str(self._destination[0]))
        return None

    def _send(self, ttl: int) -> OSError | None:
        serial = len(self._sent)
        host, _, *rest = self._destination
        limit_hops(self._way.sock, self._version, ttl)
        self._sent.append((ttl, Instant.now()))
        return self._socket.send(self._way.packets.packet(serial), (host, self._way.packets.port(serial), *rest))

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._complete.wait()

    def _received(self, arrival: Arrival) -> None:
        if arrival.sender[0] == self._destination[0]:
            self._take(self._way.packets.answered(arrival), arrival.sender[0], Note.TARGET, arrival.stamp)

    def _failed(self, error: QuotedError) -> None:
        if error.icmp is None or error.destination != self._destination[0]:
            return
        kind, code, speaker = error.icmp
        note = note_of(self._version, kind, code, from_target=speaker == error.destination)
        said = describe_error(self._version, kind, code) if note.ends_a_path and note is not Note.TARGET else ""
        self._take(self._way.packets.quoted(error), speaker, note, error.stamp, said)

    def _take(self, serial: int | None, speaker: str, note: Note, stamp: int | None, said: str = "") -> None:
        if serial is None or not 0 <= serial < len(self._sent):
            return
        ttl, sent = self._sent[serial]
        if ttl not in self._hops:
            rtt = round_trip_ns(sent, Instant.now(), stamp) / SECOND_NS
            self._hops[ttl] = Hop(ttl, speaker, rtt, note, said)
        end = end_of(self._hops.values())
        if end is not None and all(below in self._hops for below in range(1, end)):
            self._complete.set()


class _Echoes:
    """ICMP echo requests.

    All of a trace have the same checksum: routers that spread packets over several lines by it send them the same way.
    """

    def __init__(self, sock: socket.socket, version: IpVersion) -> None:
        self._version = version
        self._is_raw = sock.type == socket.SOCK_RAW
        self._cookie = os.urandom(_COOKIE_BYTES)
        if self._is_raw:
            self._identifier = int.from_bytes(os.urandom(2), "big")
            admit_only(sock, version, self._identifier)
        else:
            # The kernel writes its own identifier into echoes of a datagram socket.
            self._identifier = int(sock.getsockname()[1])

    def packet(self, serial: int) -> bytes:
        """An echo request; see Packets."""
        balance = (_WORD - serial).to_bytes(2, "big")
        return encode_request(self._version, self._identifier, serial, self._cookie + balance + _PADDING)

    def port(self, serial: int) -> int:  # noqa: ARG002  # ICMP has none
        """None; see Packets."""
        return 0

    def answered(self, arrival: Arrival) -> int | None:
        """By its reply; see Packets."""
        with_header = self._is_raw and self._version is not IpVersion.V6
        message = strip_ipv4_header(arrival.data) if with_header else arrival.data
        return self._serial(message, ECHO_REPLY[self._version], whole=True)

    def quoted(self, error: QuotedError) -> int | None:
        """By the request that the error quotes; see Packets."""
        return self._serial(error.payload, ECHO_REQUEST[self._version], whole=False)

    def _serial(self, message: bytes, kind: int, *, whole: bool) -> int | None:
        echo = decode_echo(self._version, message)
        if echo is None or echo.kind != kind or echo.identifier != self._identifier:
            return None
        # A router need quote only the first 8 bytes of a packet, so the cookie is compared as far as it is there.
        cookie = echo.payload[:_COOKIE_BYTES]
        is_ours = cookie == self._cookie if whole else self._cookie.startswith(cookie)
        return echo.sequence if is_ours else None


class _Datagrams:
    """UDP datagrams, each to a port of its own: of a datagram, a router need quote no more than its header."""

    def __init__(self) -> None:
        self._cookie = os.urandom(_COOKIE_BYTES)

    def packet(self, serial: int) -> bytes:  # noqa: ARG002  # the port tells them apart
        """A datagram; see Packets."""
        return self._cookie + _PADDING

    def port(self, serial: int) -> int:
        """One for each; see Packets."""
        return _FIRST_PORT + serial

    def answered(self, arrival: Arrival) -> int | None:
        """By where it comes from; see Packets."""
        return int(arrival.sender[1]) - _FIRST_PORT

    def quoted(self, error: QuotedError) -> int | None:
        """By where it was to go; see Packets."""
        return error.port - _FIRST_PORT if self._cookie.startswith(error.payload[:_COOKIE_BYTES]) else None
