"""Lets the kernel pace what a socket sends (SO_MAX_PACING_RATE, Linux 3.13)."""

import socket
from typing import Final

_SO_MAX_PACING_RATE: Final = 47  # octets a second; the module `socket` does not name it
_CEILING: Final = (1 << 32) - 2


def keep_to(sock: socket.socket, rate: float) -> None:
    """Send no faster than so many bit/s; from 34 Gbit/s on there is no limit below the kernel's own."""
    sock.setsockopt(socket.SOL_SOCKET, _SO_MAX_PACING_RATE, min(max(int(rate / 8), 1), _CEILING))
