"""What the timed probes ask of a socket: where it sends from, how far, and what its errors mean.

Linux; numbers are those of its headers where Python has no name for them.
"""

import errno
import os
import socket
from collections.abc import Mapping
from typing import Any, Final

from model.hosts import is_address
from model.icmp import IpVersion
from model.measurement import Failure, Reason

Address = tuple[Any, ...]

IP_PKTINFO: Final = 8
_SO_RCVBUFFORCE: Final = 33

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


def version_of(address: str) -> IpVersion:
    """Of an IP literal."""
    return IpVersion.V6 if ":" in address else IpVersion.V4


def family_of(version: IpVersion) -> socket.AddressFamily:
    """The socket family of an IP version."""
    return socket.AF_INET6 if version is IpVersion.V6 else socket.AF_INET


def sockaddr_of(address: str, port: int) -> Address | Failure:
    """The kernel's form of an IP literal, with the zone of a link-local one (RFC 4007 §11) resolved."""
    literal, _, zone = address.partition("%")
    family = family_of(version_of(literal))
    try:
        canonical = socket.inet_ntop(family, socket.inet_pton(family, literal))
    except (OSError, ValueError):
        return Failure(Reason.LOCAL, f"{address!r} is not an IP address")
    if family == socket.AF_INET:
        return canonical, port
    index = _interface_index(zone) if zone else 0
    return (canonical, port, 0, index) if index is not None else _no_interface(address, zone)


def _interface_index(name: str) -> int | None:
    try:
        return socket.if_nametoindex(name)
    except (OSError, ValueError):
        return None


def _no_interface(about: str, name: str) -> Failure:
    return Failure(Reason.LOCAL, f"{about}: this machine has no interface {name!r}, see `ip link`")


def bind_source(sock: socket.socket, version: IpVersion, source: str | None, port: int = 0) -> Failure | None:
    """Send from an address, or through an interface, of this machine.

    Args:
        sock: Not yet bound.
        version: Of the socket.
        source: IP literal or interface name; ``None`` leaves it to the routing table.
        port: Source port, 0 for any.
    """
    local = _local_address(version, source, port)
    if isinstance(local, Failure):
        return local
    try:
        if source is not None and not is_address(source):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, source.encode() + b"\0")
        sock.bind(local)
    except PermissionError:
        return Failure(
            Reason.LOCAL, f"source {source}: sending through an interface needs CAP_NET_RAW, or give its address"
        )
    except OSError as error:
        return failure_of(error, f"source {source}")
    return None


def _local_address(version: IpVersion, source: str | None, port: int) -> Address | Failure:
    if source is not None and is_address(source):
        if version_of(source) is not version:
            return Failure(Reason.LOCAL, f"source {source} is not an IPv{version} address, as the target's is")
        return sockaddr_of(source, port)
    if source is not None and _interface_index(source) is None:
        return _no_interface(f"source {source}", source)
    return ("::" if version is IpVersion.V6 else "0.0.0.0"), port  # noqa: S104  # the routing table chooses


def ask_for_destination(sock: socket.socket, version: IpVersion) -> None:
    """Have each arrival bear the local address that it came to, so that ``TimedSocket.reply`` can answer from it."""
    if version is IpVersion.V6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)


def widen_receive_buffer(sock: socket.socket, size: int) -> None:
    """Ask for a receive buffer of so many bytes; without CAP_NET_ADMIN the kernel cuts it to net.core.rmem_max."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, size)
    except PermissionError:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)


def limit_hops(sock: socket.socket, version: IpVersion, hops: int) -> None:
    """Set the TTL or hop limit of what a socket sends, 1 to 255."""
    if version is IpVersion.V6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, hops)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hops)
