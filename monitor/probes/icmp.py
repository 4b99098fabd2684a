"""ICMP echo (RFC 792, RFC 4443), timed by the kernel: one Pinger for all targets of the process."""

import array
import asyncio
import dataclasses
import errno
import os
import random
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from model.hosts import is_address
from model.icmp import ECHO_REPLY, ECHO_REQUEST, IpVersion, decode_echo, encode_request, strip_ipv4_header
from model.measurement import EchoReading, Failure, Reason
from model.units import format_duration
from monitor.probes.counters import PacketCounters
from monitor.probes.sockets import (
    Address,
    bind_source,
    failure_of,
    family_of,
    sockaddr_of,
    version_of,
    widen_receive_buffer,
)
from monitor.probes.timed_socket import Arrival, QuotedError, TimedSocket
from monitor.probes.timing import SECOND_NS, Deadlines, Instant, Pacer, round_trip_ns

# 32 echoes a millisecond are 26 Mbit/s on the wire; more at once would queue in a thin uplink.
BURST: Final = 32
_INTERVAL: Final = 1e-3

_COOKIE_BYTES: Final = 16
_MARK_BYTES: Final = 8  # of these, the part that all echoes of one socket share
_PADDING: Final = bytes(40)  # the customary 56 bytes of payload
_SEQUENCES: Final = 1 << 16
_RECEIVE_BUFFER: Final = 4 << 20

_SO_ATTACH_FILTER: Final = 26
_SOL_RAW: Final = 255
_ICMP_FILTER: Final = 1

_MEND: Final = (
    "ICMP sockets are not permitted to this process: run `sysctl -w net.ipv4.ping_group_range='0 2147483647'`, "
    "or give it CAP_NET_RAW (systemd: AmbientCapabilities=CAP_NET_RAW)"
)

_PENDING, _ANSWERED, _GIVEN_UP = range(3)


class Pinger:
    """Pings any number of addresses over one socket per IP version and source.

    Datagram sockets need no privilege where net.ipv4.ping_group_range admits the group; raw sockets need CAP_NET_RAW.
    """

    def __init__(
        self,
        *,
        burst: int = BURST,
        kinds: Sequence[socket.SocketKind] = (socket.SOCK_DGRAM, socket.SOCK_RAW),
    ) -> None:
        """Open nothing yet.

        Args:
            burst: Echo requests that may leave in one millisecond.
            kinds: Kinds of socket to try, in order.
        """
        self._kinds = tuple(kinds)
        self._pacer = Pacer(burst, _INTERVAL)
        self._sockets: dict[tuple[IpVersion, str | None], _EchoSocket] = {}
        self._closed = False
        self.counters = PacketCounters()

    async def ping(self, address: str, *, timeout: float, source: str | None = None) -> EchoReading | Failure:
        """Send one echo request and wait for its reply.

        Args:
            address: IP literal.
            timeout: Seconds from departure after which the request counts as lost.
            source: Address or interface of this machine to send from; ``None`` leaves it to the routing table.
        """
        await self._pacer.turn()
        echoes = self._socket(version_of(address), source)
        if isinstance(echoes, Failure):
            return echoes
        return await echoes.ping(address, round(timeout * SECOND_NS))

    def close(self) -> None:
        """Close all sockets; who still waits for a reply gets a Failure."""
        self._closed = True
        for echoes in self._sockets.values():
            echoes.close(Failure(Reason.LOCAL, "the pinger was stopped"))
        self._sockets.clear()

    def _socket(self, version: IpVersion, source: str | None) -> "_EchoSocket | Failure":
        echoes = self._sockets.get((version, source))
        if echoes is not None and not echoes.is_closed:
            return echoes
        if self._closed:
            return Failure(Reason.LOCAL, "the pinger was stopped")
        sock = open_echo_socket(version, source, self._kinds)
        if isinstance(sock, Failure):
            return sock
        self._sockets[version, source] = opened = _EchoSocket(sock, version, source, self.counters)
        return opened


@dataclass(slots=True, eq=False)
class _Request:
    """An echo request under way."""

    address: str
    sequence: int
    cookie: bytes
    sent: Instant
    timeout_ns: int
    outcome: asyncio.Future[EchoReading | Failure]
    duplicates: int = 0


@dataclass(slots=True)
class _Ledger:
    """The requests of one socket by sequence number, and how those before them ended."""

    pending: dict[int, _Request] = field(default_factory=dict)
    fates: bytearray = field(default_factory=lambda: bytearray(_SEQUENCES))
    newest: int = field(default_factory=lambda: random.randrange(_SEQUENCES))  # noqa: S311  # need not be secret

    def next_sequence(self) -> int | None:
        """A number that no pending request has; ``None`` when all are taken."""
        if len(self.pending) >= _SEQUENCES:
            return None
        self.newest = (self.newest + 1) % _SEQUENCES
        while self.newest in self.pending:
            self.newest = (self.newest + 1) % _SEQUENCES
        return self.newest

    def open(self, request: _Request) -> None:
        """Note that a request has left."""
        self.pending[request.sequence] = request
        self.fates[request.sequence] = _PENDING

    def settle(self, request: _Request, outcome: EchoReading | Failure) -> bool:
        """End a request; ``False`` when it had ended before."""
        if request.outcome.done():
            return False
        self.fates[request.sequence] = _GIVEN_UP if isinstance(outcome, Failure) else _ANSWERED
        request.outcome.set_result(outcome)
        return True


class _EchoSocket:
    """All echoes of one IP version from one source."""

    def __init__(self, sock: socket.socket, version: IpVersion, source: str | None, counters: PacketCounters) -> None:
        self._version = version
        self._is_raw = sock.type == socket.SOCK_RAW
        self._source = source
        self._counters = counters
        self._dropped = 0
        self._ledger = _Ledger()
        self._deadlines = Deadlines[_Request](self._expire)
        self._mark = os.urandom(_MARK_BYTES)
        self.is_closed = False
        if self._is_raw:
            # Other processes may use the same number: what they get is told apart by the cookie.
            self._identifier = int.from_bytes(os.urandom(2), "big")
            admit_only(sock, version, self._identifier)
        widen_receive_buffer(sock, _RECEIVE_BUFFER)
        self._socket = TimedSocket(sock, version, self._receive, self._fail)
        if not self._is_raw:
            # The kernel writes its own identifier into echoes of a datagram socket.
            self._identifier = self._socket.port

    async def ping(self, address: str, timeout_ns: int) -> EchoReading | Failure:
        """One echo from departure to outcome."""
        destination = sockaddr_of(address, 0)
        if isinstance(destination, Failure):
            return destination
        request = self._depart(destination, timeout_ns)
        if isinstance(request, Failure):
            return request
        try:
            outcome = await request.outcome
        finally:
            self._ledger.pending.pop(request.sequence, None)
        if request.duplicates and isinstance(outcome, EchoReading):
            return dataclasses.replace(outcome, duplicates=request.duplicates)
        return outcome

    def close(self, why: Failure) -> None:
        """Close the socket and end what is under way."""
        self.is_closed = True
        self._socket.close()
        self._deadlines.close()
        for request in self._ledger.pending.values():
            self._ledger.settle(request, why)

    def _depart(self, destination: Address, timeout_ns: int) -> _Request | Failure:
        sequence = self._ledger.next_sequence()
        if sequence is None:
            return Failure(Reason.LOCAL, f"{_SEQUENCES} echoes are under way: probe less at once")
        cookie = self._mark + os.urandom(_COOKIE_BYTES - _MARK_BYTES)
        packet = encode_request(self._version, self._identifier, sequence, cookie + _PADDING)
        outcome: asyncio.Future[EchoReading | Failure] = asyncio.get_running_loop().create_future()
        request = _Request(destination[0], sequence, cookie, Instant.now(), timeout_ns, outcome)
        error = self._socket.send(packet, destination)
        if error is not None:
            return self._send_failure(error, request.address)
        self._ledger.open(request)
        self._counters.sent += 1
        self._deadlines.add(request.sent.monotonic + timeout_ns, request)
        return request

    def _send_failure(self, error: OSError, address: str) -> Failure:
        failure = failure_of(error, address)
        if error.errno == errno.ENODEV and self._source is not None and not is_address(self._source):
            # The socket is bound to the number of an interface that is gone; if the name comes back, it has another.
            self.close(failure)
        return failure

    def _receive(self, arrival: Arrival) -> None:
        read = Instant.now()
        if arrival.dropped is not None:
            self._counters.dropped += arrival.dropped - self._dropped
            self._dropped = arrival.dropped
        with_header = self._is_raw and self._version is not IpVersion.V6
        echo = decode_echo(self._version, strip_ipv4_header(arrival.data) if with_header else arrival.data)
        if echo is None or echo.kind != ECHO_REPLY[self._version] or echo.identifier != self._identifier:
            self._counters.alien += 1
            return
        request = self._ledger.pending.get(echo.sequence)
        if request is None and echo.payload.startswith(self._mark):
            self._count_unexpected(self._ledger.fates[echo.sequence])
        elif request is None or not echo.payload.startswith(request.cookie) or arrival.sender[0] != request.address:
            self._counters.alien += 1
        elif request.outcome.done():
            request.duplicates += 1
            self._count_unexpected(self._ledger.fates[echo.sequence])
        else:
            self._answer(request, round_trip_ns(request.sent, read, arrival.stamp), arrival.hop_limit)

    def _answer(self, request: _Request, rtt_ns: int, hop_limit: int | None) -> None:
        if rtt_ns > request.timeout_ns:
            self._counters.late += 1
            self._ledger.settle(request, _timed_out(request))
        else:
            self._counters.answered += 1
            self._ledger.settle(request, EchoReading(rtt_ns / SECOND_NS, hop_limit))

    def _count_unexpected(self, fate: int) -> None:
        if fate == _ANSWERED:
            self._counters.duplicates += 1
        else:
            self._counters.late += 1

    def _fail(self, error: QuotedError) -> None:
        echo = decode_echo(self._version, error.payload)
        if echo is None or echo.kind != ECHO_REQUEST[self._version] or echo.identifier != self._identifier:
            return
        request = self._ledger.pending.get(echo.sequence)
        # A router need quote only the first 8 bytes (RFC 792), so the cookie is compared as far as it is there.
        if request and error.destination == request.address and request.cookie.startswith(echo.payload[:_COOKIE_BYTES]):
            self._ledger.settle(request, error.failure)

    def _expire(self, requests: list[_Request]) -> None:
        # The loop may have been busy: a reply that the kernel has had for a while is no time-out.
        self._socket.drain()
        for request in requests:
            self._ledger.settle(request, _timed_out(request))


def _timed_out(request: _Request) -> Failure:
    waited = format_duration(request.timeout_ns / SECOND_NS)
    return Failure(Reason.TIMEOUT, f"{request.address}: no echo reply within {waited}")


def open_echo_socket(
    version: IpVersion, source: str | None, kinds: Sequence[socket.SocketKind]
) -> socket.socket | Failure:
    """An ICMP socket of the first kind that this process may open, bound to the source."""
    protocol = socket.IPPROTO_ICMPV6 if version is IpVersion.V6 else socket.IPPROTO_ICMP
    failure = Failure(Reason.LOCAL, "no kind of ICMP socket is allowed")
    for kind in kinds:
        try:
            sock = socket.socket(family_of(version), kind, protocol)
        except PermissionError:
            failure = Failure(Reason.LOCAL, _MEND)
        except OSError as error:
            failure = failure_of(error, "ICMP socket")
        else:
            unbound = bind_source(sock, version, source)
            if unbound is None:
                return sock
            sock.close()
            return unbound
    return failure


def admit_only(sock: socket.socket, version: IpVersion, identifier: int) -> None:
    """Have the kernel drop all but our echo replies: a raw socket is shown the ICMP traffic of the whole machine."""
    if version is not IpVersion.V6:
        sock.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("@I", ~(1 << ECHO_REPLY[version]) & 0xFFFF_FFFF))
    program = _filter_program(version, identifier)
    instructions = array.array("B", program)
    address, length = instructions.buffer_info()
    sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("@HP", length // 8, address))


def _filter_program(version: IpVersion, identifier: int) -> bytes:
    # Classic BPF. A raw IPv4 socket filters from the IP header, a raw IPv6 one from the ICMPv6 header.
    skip_header = (0x01, 0, 0, 0) if version is IpVersion.V6 else (0xB1, 0, 0, 0)  # X = 0, or 4 * (header length)
    program = [
        skip_header,
        (0x50, 0, 0, 0),  # A = type
        (0x15, 0, 3, ECHO_REPLY[version]),
        (0x48, 0, 0, 4),  # A = identifier
        (0x15, 0, 1, identifier),
        (0x06, 0, 0, 0xFFFF_FFFF),  # accept
        (0x06, 0, 0, 0),  # drop
    ]
    return b"".join(struct.pack("@HBBI", *instruction) for instruction in program)
