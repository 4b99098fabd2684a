"""A datagram socket that knows when the kernel saw each answer, and who says that there is no way.

Linux; numbers are those of its headers where Python has no name for them.
"""

import asyncio
import errno
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from socket import MSG_ERRQUEUE
from typing import Final, NamedTuple

from model.icmp import IpVersion, describe_error, ends_a_packet
from model.measurement import Failure, Reason
from monitor.probes.sockets import IP_PKTINFO, Address, failure_of

ControlMessage = tuple[int, int, bytes]

_IP_RECVTTL: Final = 12
_IP_RECVERR: Final = 11
_IPV6_RECVERR: Final = 25
_SO_TIMESTAMPNS: Final = 35
_SO_RXQ_OVFL: Final = 40

_TIMESPEC: Final = struct.Struct("@ll")
_INT: Final = struct.Struct("@i")
_UNSIGNED: Final = struct.Struct("@I")
_EXTENDED_ERROR: Final = struct.Struct("@IBBBxII")  # struct sock_extended_err of linux/errqueue.h
_FAMILY: Final = struct.Struct("@H")
_ORIGIN_LOCAL: Final = 1
_HOP_LIMITS: Final = {(socket.IPPROTO_IP, socket.IP_TTL), (socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT)}
_DESTINATIONS: Final = {(socket.IPPROTO_IP, IP_PKTINFO), (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO)}

_DATAGRAM_BYTES: Final = 65_535
_ANCILLARY_BYTES: Final = 256
_READS_PER_TURN: Final = 64
_TURNS_TO_DRAIN: Final = 128  # a flood must not hold the loop
_SEND_ATTEMPTS: Final = 3


class Arrival(NamedTuple):
    """One datagram, and what the kernel noted beside it.

    Attributes:
        data: As the socket gives it; raw IPv4 sockets give the IP header too.
        sender: Its source, in the form of the family.
        stamp: Nanoseconds since 1970 when the kernel took it from the network; ``None`` where it does not tell.
        hop_limit: TTL or hop limit; ``None`` where the kernel does not tell.
        dropped: Datagrams lost so far because this socket's buffer was full; ``None`` as long as there were none.
        destination: Control message with the local address it came to; ``None`` where that was not asked for.
    """

    data: bytes
    sender: Address
    stamp: int | None = None
    hop_limit: int | None = None
    dropped: int | None = None
    destination: ControlMessage | None = None


class IcmpError(NamedTuple):
    """An ICMP error as it came.

    Attributes:
        kind: The type of the message.
        code: Its code.
        speaker: The address that it came from.
    """

    kind: int
    code: int
    speaker: str


@dataclass(frozen=True, slots=True)
class QuotedError:
    """An ICMP error, or the kernel's own, about a datagram that we had sent.

    Attributes:
        payload: What the datagram carried, as far as it was quoted.
        destination: Where it was to go.
        failure: What it means, and who said so.
        port: To which port, 0 where its protocol has none.
        icmp: What came; ``None`` where it is the kernel's own.
        stamp: Nanoseconds since 1970 when it came; ``None`` where the kernel does not tell.
    """

    payload: bytes
    destination: str
    failure: Failure
    port: int = 0
    icmp: IcmpError | None = None
    stamp: int | None = None


def read_ancillary(data: bytes, ancillary: list[ControlMessage], sender: Address) -> Arrival:
    """Sort the kernel's control messages."""
    stamp = hop_limit = dropped = destination = None
    for message in ancillary:
        level, kind, value = message
        if kind == _SO_TIMESTAMPNS and level == socket.SOL_SOCKET:
            seconds, nanoseconds = _TIMESPEC.unpack(value)
            stamp = seconds * 1_000_000_000 + nanoseconds
        elif (level, kind) in _HOP_LIMITS:
            (hop_limit,) = _INT.unpack(value)
        elif (level, kind) in _DESTINATIONS:
            destination = message
        elif kind == _SO_RXQ_OVFL and level == socket.SOL_SOCKET:
            (dropped,) = _UNSIGNED.unpack(value)
    return Arrival(data, sender, stamp, hop_limit, dropped, destination)


def read_error(
    version: IpVersion, payload: bytes, ancillary: list[ControlMessage], destination: Address
) -> QuotedError | None:
    """An entry of the socket's error queue (ip(7), IP_RECVERR)."""
    stamp = read_ancillary(payload, ancillary, destination).stamp
    for level, kind, value in ancillary:
        if (level, kind) in {(socket.IPPROTO_IP, _IP_RECVERR), (socket.IPPROTO_IPV6, _IPV6_RECVERR)}:
            return _quoted_error(version, value, payload, destination, stamp)
    return None


def _quoted_error(
    version: IpVersion, value: bytes, payload: bytes, destination: Address, stamp: int | None
) -> QuotedError | None:
    number, origin, kind, code, _, _ = _EXTENDED_ERROR.unpack_from(value)
    host, port = str(destination[0]), int(destination[1])
    if origin == _ORIGIN_LOCAL:
        return QuotedError(payload, host, failure_of(OSError(number, ""), host), port, stamp=stamp)
    if not ends_a_packet(version, kind):
        return None
    reason = Reason.REFUSED if number == errno.ECONNREFUSED else Reason.UNREACHABLE
    speaker = _offender(value[_EXTENDED_ERROR.size :])
    failure = Failure(reason, f"{host}: {describe_error(version, kind, code)}, says {speaker}")
    return QuotedError(payload, host, failure, port, IcmpError(kind, code, speaker), stamp)


def _offender(sockaddr: bytes) -> str:
    (family,) = _FAMILY.unpack_from(sockaddr)
    if family == socket.AF_INET:
        return socket.inet_ntop(socket.AF_INET, sockaddr[4:8])
    if family == socket.AF_INET6:
        return socket.inet_ntop(socket.AF_INET6, sockaddr[8:24])
    return "an unnamed router"


class TimedSocket:
    """A datagram socket on the event loop, read as soon as something comes, with the kernel's time of arrival.

    Owns the socket it is given.
    """

    def __init__(
        self,
        sock: socket.socket,
        version: IpVersion,
        received: Callable[[Arrival], None],
        failed: Callable[[QuotedError], None] | None = None,
    ) -> None:
        """Start reading.

        Args:
            sock: Bound, and connected where there is one peer only.
            version: Of the socket.
            received: Takes each datagram.
            failed: Takes the ICMP errors about what was sent; ``None`` leaves them unread.
        """
        self._sock = sock
        self._version = version
        self._received = received
        self._failed = failed
        self._loop = asyncio.get_running_loop()
        self._watch_is_stale = False
        sock.setblocking(False)
        _ask_for_notes(sock, version, errors=failed is not None)
        self._loop.add_reader(sock, self._readable)

    @property
    def port(self) -> int:
        """The local port; of a datagram ICMP socket the identifier of its echoes."""
        return int(self._sock.getsockname()[1])

    def send(self, packet: bytes, destination: Address | None = None) -> OSError | None:
        """Send one datagram, at once or not at all.

        Args:
            packet: What the datagram carries.
            destination: ``None`` on a connected socket.

        Returns:
            Why it was not sent, or ``None``.
        """
        error: OSError | None = None
        for _ in range(_SEND_ATTEMPTS):
            try:
                self._sock.send(packet) if destination is None else self._sock.sendto(packet, destination)
            except OSError as refused:
                error = refused
            else:
                return None
            # The kernel reports an ICMP error about an earlier datagram through whatever call comes next.
            if not self._drain_errors():
                return error
        return error

    def reply(self, packet: bytes, arrival: Arrival) -> OSError | None:
        """Answer a datagram from the very address that it was sent to: a connected peer takes no other."""
        control = [_without_interface(arrival.destination)] if arrival.destination else []
        try:
            self._sock.sendmsg([packet], control, 0, arrival.sender)
        except OSError as error:
            return error
        return None

    def drain(self) -> None:
        """Take in what has come so far."""
        for _ in range(_TURNS_TO_DRAIN):
            if not self._read():
                return

    def close(self) -> None:
        """Close the socket."""
        if self._sock.fileno() >= 0:
            self._loop.remove_reader(self._sock)
            self._sock.close()

    def _readable(self) -> None:
        count = self._read()
        # libuv stops watching a descriptor once it has reported POLLERR, so uvloop must be told to watch it anew.
        if (self._watch_is_stale or not count) and self._sock.fileno() >= 0:
            self._watch_is_stale = False
            self._loop.remove_reader(self._sock)
            self._loop.add_reader(self._sock, self._readable)

    def _read(self) -> int:
        for count in range(_READS_PER_TURN):
            try:
                data, ancillary, _, sender = self._sock.recvmsg(_DATAGRAM_BYTES, _ANCILLARY_BYTES)
            except BlockingIOError:
                return count
            except OSError:  # an ICMP error is announced once, before any datagram; it waits in the error queue
                if self._sock.fileno() < 0:  # closed by whoever took the last datagram
                    return 0
                self._drain_errors()
                continue
            self._received(read_ancillary(data, ancillary, sender))
        return _READS_PER_TURN

    def _drain_errors(self) -> int:
        count = 0
        while self._failed is not None and self._sock.fileno() >= 0:
            try:
                payload, notes, _, destination = self._sock.recvmsg(_DATAGRAM_BYTES, _ANCILLARY_BYTES, MSG_ERRQUEUE)
            except OSError:
                break
            count += 1
            self._watch_is_stale = True
            error = read_error(self._version, payload, notes, destination)
            if error is not None:
                self._failed(error)
        return count


def _ask_for_notes(sock: socket.socket, version: IpVersion, *, errors: bool) -> None:
    sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    sock.setsockopt(socket.SOL_SOCKET, _SO_RXQ_OVFL, 1)
    if version is IpVersion.V6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, int(errors))
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, int(errors))


def _without_interface(message: ControlMessage) -> ControlMessage:
    # Only the address is to be kept; the way back is the routing table's to choose.
    level, kind, value = message
    if level == socket.IPPROTO_IPV6:
        return level, kind, value[:16] + bytes(4)
    return level, kind, bytes(4) + value[4:]
