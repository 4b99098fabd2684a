"""Sockets for timed probes: where they send from, when the kernel saw an answer, who says that there is no way.

Linux; numbers are those of its headers where Python has no name for them.
"""

import asyncio
import errno
import os
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from socket import MSG_ERRQUEUE
from typing import Any, Final, NamedTuple

from model.icmp import Version, describe_error
from model.measurement import Failure, Reason

Address = tuple[Any, ...]
ControlMessage = tuple[int, int, bytes]

_IP_PKTINFO: Final = 8
_IP_RECVTTL: Final = 12
_IP_RECVERR: Final = 11
_IPV6_RECVERR: Final = 25
_SO_RCVBUFFORCE: Final = 33
_SO_TIMESTAMPNS: Final = 35
_SO_RXQ_OVFL: Final = 40

_TIMESPEC: Final = struct.Struct("@ll")
_INT: Final = struct.Struct("@i")
_UNSIGNED: Final = struct.Struct("@I")
_EXTENDED_ERROR: Final = struct.Struct("@IBBBxII")  # struct sock_extended_err
_ORIGIN_LOCAL: Final = 1
_HOP_LIMITS: Final = {(socket.IPPROTO_IP, socket.IP_TTL), (socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT)}
_DESTINATIONS: Final = {(socket.IPPROTO_IP, _IP_PKTINFO), (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO)}

_DATAGRAM_BYTES: Final = 65_535
_ANCILLARY_BYTES: Final = 256
_READS_PER_TURN: Final = 64
_TURNS_TO_DRAIN: Final = 128  # a flood must not hold the loop
_SEND_ATTEMPTS: Final = 3

_REASONS: Final[Mapping[int, tuple[Reason, str]]] = {
    errno.ECONNREFUSED: (Reason.REFUSED, "refused: the host answers, nothing listens on this port"),
    errno.ECONNRESET: (Reason.DISCONNECTED, "the peer closed the connection"),
    errno.ETIMEDOUT: (Reason.TIMEOUT, "the kernel gave up waiting"),
    errno.ENETUNREACH: (Reason.UNREACHABLE, "this machine has no route there"),
    errno.EHOSTUNREACH: (Reason.UNREACHABLE, "host unreachable"),
    errno.EHOSTDOWN: (Reason.UNREACHABLE, "host down"),
    errno.ENONET: (Reason.UNREACHABLE, "network unreachable"),
    errno.ENOPROTOOPT: (Reason.UNREACHABLE, "the host does not speak this protocol"),
    errno.EPERM: (Reason.LOCAL, "this machine refuses to send: look for a firewall rule on output"),
    errno.EACCES: (Reason.LOCAL, "this machine refuses to send: a firewall rule, a prohibited route or a broadcast"),
    errno.EADDRNOTAVAIL: (Reason.LOCAL, "the source address is not on this machine, or no port is free"),
    errno.EAFNOSUPPORT: (Reason.LOCAL, "this address family is switched off here, or the source is of the other one"),
    errno.EINVAL: (Reason.LOCAL, "the kernel cannot send from this source to there: check `source`"),
    errno.ENODEV: (Reason.LOCAL, "the source interface is gone"),
    errno.ENOBUFS: (Reason.LOCAL, "this machine's send queue is full: probe less at once"),
    errno.EAGAIN: (Reason.LOCAL, "this machine's send queue is full: probe less at once"),
    errno.ENOMEM: (Reason.LOCAL, "this machine is out of memory"),
    errno.EMFILE: (Reason.LOCAL, "no file descriptor is left: raise LimitNOFILE or `ulimit -n`"),
    errno.ENFILE: (Reason.LOCAL, "no file descriptor is left on this machine: raise fs.file-max"),
}


def failure_of(error: OSError, about: str) -> Failure:
    """The failure that an error of the socket interface means.

    Args:
        error: Its errno decides.
        about: What was tried, which opens the detail.
    """
    number = error.errno or 0
    reason, words = _REASONS.get(number, (Reason.LOCAL, os.strerror(number) if number else str(error)))
    return Failure(reason, f"{about}: {words}")


def version_of(address: str) -> Version:
    """4 or 6 for an IP literal."""
    return 6 if ":" in address else 4


def family_of(version: Version) -> socket.AddressFamily:
    """The socket family of an IP version."""
    return socket.AF_INET6 if version_is_6(version) else socket.AF_INET


def version_is_6(version: Version) -> bool:
    """Whether it is IPv6."""
    return version == 6  # noqa: PLR2004  # the version is its own name


def sockaddr_of(address: str, port: int) -> Address | Failure:
    """The kernel's form of an IP literal, with the zone of a link-local one (RFC 4007 §11) resolved."""
    literal, _, zone = address.partition("%")
    try:
        if ":" not in literal:
            return socket.inet_ntop(socket.AF_INET, socket.inet_pton(socket.AF_INET, literal)), port
        canonical = socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, literal))
    except OSError:
        return Failure(Reason.LOCAL, f"{address!r} is not an IP address")
    try:
        return canonical, port, 0, _interface_index(zone) if zone else 0
    except OSError:
        return Failure(Reason.LOCAL, f"{address}: there is no interface {zone!r} on this machine")


def _interface_index(zone: str) -> int:
    return int(zone) if zone.isdecimal() else socket.if_nametoindex(zone)


def bind_source(sock: socket.socket, version: Version, source: str | None, port: int = 0) -> Failure | None:
    """Send from an address, or through an interface, of this machine.

    Args:
        sock: Not yet bound.
        version: Of the socket.
        source: IP literal or interface name; ``None`` leaves it to the routing table.
        port: Source port, 0 for any.
    """
    wildcard = "::" if version_is_6(version) else "0.0.0.0"  # noqa: S104  # a source port without a source address
    try:
        if source is None or not is_address(source):
            if source is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, source.encode() + b"\0")
            sock.bind((wildcard, port))
            return None
        literal = sockaddr_of(source, port)
        if isinstance(literal, Failure):
            return literal
        sock.bind(literal)
    except OSError as error:
        return _source_failure(error, source)
    return None


def is_address(source: str) -> bool:
    """Whether a source is an IP literal; otherwise it is the name of an interface."""
    literal = source.partition("%")[0]
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, literal)
        except OSError:
            continue
        return True
    return False


def _source_failure(error: OSError, source: str | None) -> Failure:
    about = f"source {source}"
    if error.errno == errno.ENODEV:
        return Failure(Reason.LOCAL, f"{about}: this machine has no interface of that name, see `ip link`")
    if error.errno == errno.EPERM:
        return Failure(Reason.LOCAL, f"{about}: binding to an interface needs CAP_NET_RAW; or give its address instead")
    return failure_of(error, about)


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


@dataclass(frozen=True, slots=True)
class QuotedError:
    """An ICMP error, or the kernel's own, about a datagram that we had sent.

    Attributes:
        payload: What the datagram carried, as far as it was quoted.
        destination: Where it was to go.
        failure: What it means, and who said so.
    """

    payload: bytes
    destination: str
    failure: Failure


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
    version: Version, payload: bytes, ancillary: list[ControlMessage], destination: Address
) -> QuotedError | None:
    """An entry of the socket's error queue (ip(7), IP_RECVERR)."""
    for level, kind, value in ancillary:
        if (level, kind) in {(socket.IPPROTO_IP, _IP_RECVERR), (socket.IPPROTO_IPV6, _IPV6_RECVERR)}:
            return QuotedError(payload, str(destination[0]), _error_failure(version, value, str(destination[0])))
    return None


def _error_failure(version: Version, value: bytes, destination: str) -> Failure:
    number, origin, kind, code, _, _ = _EXTENDED_ERROR.unpack_from(value)
    if origin == _ORIGIN_LOCAL:
        return failure_of(OSError(number, ""), destination)
    reason = Reason.REFUSED if number == errno.ECONNREFUSED else Reason.UNREACHABLE
    speaker = _offender(value[_EXTENDED_ERROR.size :])
    return Failure(reason, f"{destination}: {describe_error(version, kind, code)}, says {speaker}")


def _offender(sockaddr: bytes) -> str:
    family = int.from_bytes(sockaddr[:2], "little" if struct.pack("=H", 1)[0] else "big")
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
        version: Version,
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


def _ask_for_notes(sock: socket.socket, version: Version, *, errors: bool) -> None:
    sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    sock.setsockopt(socket.SOL_SOCKET, _SO_RXQ_OVFL, 1)
    if version_is_6(version):
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, int(errors))
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, int(errors))


def ask_for_destination(sock: socket.socket, version: Version) -> None:
    """Have each arrival bear the local address that it came to, so that ``TimedSocket.reply`` can answer from it."""
    if version_is_6(version):
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)


def _without_interface(message: ControlMessage) -> ControlMessage:
    # Only the address is to be kept; the way back is the routing table's to choose.
    level, kind, value = message
    if level == socket.IPPROTO_IPV6:
        return level, kind, value[:16] + bytes(4)
    return level, kind, bytes(4) + value[4:]


def widen_receive_buffer(sock: socket.socket, size: int) -> None:
    """Ask for a receive buffer of so many bytes; without CAP_NET_ADMIN the kernel cuts it to net.core.rmem_max."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, size)
    except PermissionError:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
