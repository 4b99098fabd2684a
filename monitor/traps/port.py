"""The socket that traps come to: taken from in small bites, so that no flood of them keeps anything else waiting."""

import asyncio
import errno
import socket
import struct
from collections.abc import Callable
from typing import Final

from model.hosts import split_port
from monitor.probes.sockets import version_of
from monitor.traps.outside import LONGEST_MESSAGE

TRAP_PORT: Final = 162
BITE: Final = 64
"""Datagrams that are taken in one turn of the event loop: under a millisecond, when they are dropped at the door."""
PAUSE: Final = 0.004
"""Seconds of rest after a full bite: at most 16,000 datagrams a second are taken; the kernel drops the others."""
_WAITING: Final = 1_048_576  # octets that may wait in the kernel; net.core.rmem_max may allow less
_SO_MEMINFO: Final = 55
_DROPS: Final = 8  # index of SK_MEMINFO_DROPS in what that gives
_CAPABILITY: Final = (
    "ports below 1024 need CAP_NET_BIND_SERVICE: add it to AmbientCapabilities= and CapabilityBoundingSet= of the "
    "systemd unit (deploy/linkward.service says where), or listen at `0.0.0.0:1162` and have the firewall redirect 162"
)
_WORDS: Final = {
    errno.EACCES: _CAPABILITY,
    errno.EPERM: _CAPABILITY,
    errno.EADDRINUSE: "another program listens there, perhaps snmptrapd: stop it, or write another port",
    errno.EADDRNOTAVAIL: "this machine does not have that address: write one of its own, or 0.0.0.0",
}

Source = tuple[str, int] | tuple[str, int, int, int]
Hear = Callable[[bytes, Source], None]


class TrapPortError(Exception):
    """The port cannot be listened at; the text says why and how to mend it."""


class TrapPort:
    """An open port, until ``close``."""

    def __init__(self, listen: str, hear: Hear) -> None:
        """Listen in the running loop.

        Args:
            listen: Address with or without a port, as the inventory writes it.
            hear: Told of each datagram, at most one octet longer than what may be read; it raises nothing.

        Raises:
            TrapPortError: It cannot be listened at.
        """
        self._hear = hear
        self._loop = asyncio.get_running_loop()
        self._rest: asyncio.TimerHandle | None = None
        self._socket = _bound(listen)
        self._loop.add_reader(self._socket, self._take)

    @property
    def address(self) -> Source:
        """Where it listens."""
        address: Source = self._socket.getsockname()
        return address

    @property
    def dropped(self) -> int:
        """Datagrams that the kernel has dropped because too many were waiting."""
        try:
            counts = self._socket.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, 4 * (_DROPS + 1))
        except OSError:  # Linux before 4.12
            return 0
        drops: int = struct.unpack(f"{len(counts) // 4}I", counts)[_DROPS]
        return drops

    def send(self, reply: bytes, to: Source) -> None:
        """Answer, where the kernel takes it; what is lost is asked for again."""
        try:
            self._socket.sendto(reply, to)
        except OSError:
            return

    def close(self) -> None:
        """Listen no more."""
        if self._rest is not None:
            self._rest.cancel()
        self._loop.remove_reader(self._socket)
        self._socket.close()

    def _take(self) -> None:
        recvfrom, hear = self._socket.recvfrom, self._hear
        try:
            for _ in range(BITE):
                hear(*recvfrom(LONGEST_MESSAGE + 1))
        except BlockingIOError:
            return
        except OSError:  # an ICMP error that a reply of ours has met
            return
        self._loop.remove_reader(self._socket)
        self._rest = self._loop.call_later(PAUSE, self._go_on)

    def _go_on(self) -> None:
        self._loop.add_reader(self._socket, self._take)


def _bound(listen: str) -> socket.socket:
    host, port = split_port(listen) or (listen, None)
    family = socket.AF_INET6 if version_of(host) == version_of("::") else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_DGRAM)
    try:
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WAITING)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        opened.bind((host, TRAP_PORT if port is None else port))
    except OSError as error:
        opened.close()
        raise TrapPortError(f"cannot listen for traps at {listen}: {_why(error)}") from error
    return opened


def _why(error: OSError) -> str:
    words = _WORDS.get(error.errno or 0)
    said = error.strerror or str(error)
    return f"{said}: {words}" if words else said
