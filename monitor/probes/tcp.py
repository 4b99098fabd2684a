"""One TCP handshake: whether a port accepts, and the kernel's own round-trip time."""

import asyncio
import socket
import struct
import time
from typing import Final

from model.measurement import Failure, Reason, TcpReading
from model.units import format_duration
from monitor.probes.sockets import Address, bind_source, failure_of, family_of, sockaddr_of, version_of
from monitor.probes.timing import SECOND_NS

_IP_BIND_ADDRESS_NO_PORT: Final = 24
_NO_LINGER: Final = struct.pack("@ii", 1, 0)
_TCP_INFO_BYTES: Final = 104
_TCPI_RTT: Final = struct.Struct("@68xI")  # struct tcp_info of linux/tcp.h
_MICROSECONDS: Final = 1e6


async def connect(address: str, port: int, *, timeout: float, source: str | None = None) -> TcpReading | Failure:
    """Connect once and close at once.

    A reset is a reading, not a failure: the host was reached (RFC 2678 §6.6.5).

    Args:
        address: IP literal.
        port: TCP port.
        timeout: Seconds to wait for SYN-ACK or RST.
        source: Address or interface of this machine to connect from; ``None`` leaves it to the routing table.
    """
    place = f"{address} port {port}"
    destination = sockaddr_of(address, port)
    if isinstance(destination, Failure):
        return destination
    try:
        sock = socket.socket(family_of(version_of(address)), socket.SOCK_STREAM)
    except OSError as error:
        return failure_of(error, place)
    with sock:
        failure = _prepare(sock, address, source)
        if failure is not None:
            return failure
        try:
            return await _shake_hands(sock, destination, timeout)
        except TimeoutError:
            return Failure(Reason.TIMEOUT, f"{place}: no answer to SYN within {format_duration(timeout)}")
        except OSError as error:
            return failure_of(error, place)


def _prepare(sock: socket.socket, address: str, source: str | None) -> Failure | None:
    sock.setblocking(False)
    # Closing sends RST: a FIN would leave a minute of TIME_WAIT behind each probe, and probes each second to one port
    # would run out of source ports.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    if source is None:
        return None
    # Without it, bind(2) takes a port for all destinations together, so that 28,000 probes use up all there are.
    sock.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
    return bind_source(sock, version_of(address), source)


async def _shake_hands(sock: socket.socket, destination: Address, patience: float) -> TcpReading:
    started, accepted = time.monotonic_ns(), True
    try:
        async with asyncio.timeout(patience):
            await asyncio.get_running_loop().sock_connect(sock, destination)
    except ConnectionRefusedError:
        accepted = False
    elapsed = (time.monotonic_ns() - started) / SECOND_NS
    # On loopback the kernel may pick the very port that is tried as the source: TCP then connects a socket to itself.
    accepted = accepted and sock.getsockname() != sock.getpeername()
    return TcpReading(elapsed, _kernel_rtt(sock) if accepted else None, accepted, str(destination[0]))


def _kernel_rtt(sock: socket.socket) -> float | None:
    # It stays 0 when the SYN had to be sent again, since nobody knows which of them was answered (RFC 6298 §3).
    (microseconds,) = _TCPI_RTT.unpack_from(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES))
    return microseconds / _MICROSECONDS or None
