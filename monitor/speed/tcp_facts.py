"""What the Linux kernel tells of a TCP connection (``struct tcp_info``, include/uapi/linux/tcp.h)."""

import socket
import struct
from dataclasses import dataclass
from typing import Final

_SIZE: Final = 256
_OLDEST: Final = 216  # with bytes_retrans: Linux 4.19


@dataclass(frozen=True, slots=True)
class TcpFacts:
    """Of one connection until now.

    Attributes:
        rtt: Smoothed round trip in seconds; ``None`` before the first.
        acked: Octets that the other end has acknowledged.
        sent: Octets that were sent, those that were sent again included.
        retransmitted: Octets that were sent again.
        segment: Payload of a full packet that we send, octets.
        segment_in: Of one that comes, as the kernel makes it out.
    """

    rtt: float | None
    acked: int
    sent: int
    retransmitted: int
    segment: int
    segment_in: int


def tcp_facts(sock: socket.socket) -> TcpFacts | None:
    """Ask the kernel; ``None`` where it does not know, or the connection is gone."""
    try:
        told = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _SIZE)
    except OSError:
        return None
    if len(told) < _OLDEST:
        return None
    segment, segment_in = struct.unpack_from("II", told, 16)
    (micros,) = struct.unpack_from("I", told, 68)
    (acked,) = struct.unpack_from("Q", told, 120)
    sent, again = struct.unpack_from("QQ", told, 200)
    return TcpFacts(micros / 1e6 or None, acked, sent, again, segment, segment_in)
