"""Round trips beside a test: TCP handshakes, timed by the kernel, so that it works with any peer and a busy tester."""

import socket
import threading
from collections import deque
from contextlib import suppress
from typing import Final

from model.icmp import IpVersion
from monitor.probes.sockets import bind_source, family_of
from monitor.speed.tcp_facts import tcp_facts

EVERY: Final = 0.1
"""Seconds from one to the next."""

_TIMEOUT: Final = 1.0


class Echoes:
    """Knocks at a port again and again, in a thread of its own.

    Args:
        address: As ``getaddrinfo`` gives it.
        version: Of it.
        source: Address or interface to knock from.
    """

    def __init__(self, address: tuple[str, int], version: IpVersion, source: str | None) -> None:
        self._address = address
        self._version = version
        self._source = source
        self._found: deque[float | None] = deque(maxlen=1_000)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, name="speed-echo", daemon=True)
        self.lost_in_a_row = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, without waiting for the last."""
        self._ending.set()

    def taken(self) -> list[float | None]:
        """The round trips since this was asked last, in seconds; ``None`` for each that was lost."""
        found = []
        with suppress(IndexError):
            while True:
                found.append(self._found.popleft())
        return found

    def _work(self) -> None:
        while not self._ending.wait(EVERY):
            rtt = self._knock()
            self.lost_in_a_row = 0 if rtt is not None else self.lost_in_a_row + 1
            self._found.append(rtt)

    def _knock(self) -> float | None:
        try:
            with socket.socket(family_of(self._version), socket.SOCK_STREAM) as sock:
                sock.settimeout(_TIMEOUT)
                if self._source is not None and bind_source(sock, self._version, self._source) is not None:
                    return None
                sock.connect(self._address)
                facts = tcp_facts(sock)
                return facts.rtt if facts else None
        except OSError:
            return None
