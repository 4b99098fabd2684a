"""A host that answers pings as a test wants: wrongly, twice, late, or not at all."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from model.icmp import ECHO_REPLY, ECHO_REQUEST, Echo, IpVersion, decode_echo, internet_checksum, strip_ipv4_header


def error_about(request: Echo, kind: int, code: int, *, target: str, quote: int = 64) -> bytes:
    """An ICMP error that quotes a request from 127.0.0.1, as far as it is told to."""
    quoted = (
        bytes([request.kind, 0, 0, 0]) + request.identifier.to_bytes(2, "big") + request.sequence.to_bytes(2, "big")
    )
    addresses = socket.inet_aton("127.0.0.1") + socket.inet_aton(target)
    header = b"\x45\0\0\x54\0\0\0\0\x40\x01\0\0" + addresses
    tail = bytes(4) + header + (quoted + request.payload)[:quote]
    head = bytes([kind, code])
    return head + internet_checksum(head + b"\0\0" + tail).to_bytes(2, "big") + tail


def reply_to(request: Echo, *, identifier: int = 0, sequence: int = 0, payload: bytes | None = None) -> bytes:
    """The reply to a request; the numbers are added to what is right, the payload replaces it."""
    body = request.payload if payload is None else payload
    numbers = ((request.identifier + identifier) % 65536, (request.sequence + sequence) % 65536)
    head = bytes([ECHO_REPLY[IpVersion.V4], 0])
    tail = b"".join(number.to_bytes(2, "big") for number in numbers) + body
    return head + internet_checksum(head + b"\0\0" + tail).to_bytes(2, "big") + tail


@dataclass
class EchoPeer:
    """Answers echo requests to one IPv4 address, in a namespace whose kernel does not.

    ``behave`` gets each request and the means to send a packet from an address of its choice.
    """

    address: str
    behave: Callable[[Echo, Callable[..., None]], None]
    requests: list[Echo] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        """Listen."""
        self._socket = self._open(self.address)
        asyncio.get_running_loop().add_reader(self._socket, self._read)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _open(self, address: str) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        sock.setblocking(False)
        sock.bind((address, 0))
        return sock

    def _read(self) -> None:
        packet, (sender, _) = self._socket.recvfrom(2048)
        echo = decode_echo(IpVersion.V4, strip_ipv4_header(packet))
        if echo is None or echo.kind != ECHO_REQUEST[IpVersion.V4]:
            return
        self.requests.append(echo)

        def send(reply: bytes, source: str = self.address) -> None:
            with self._open(source) as sock:
                sock.sendto(reply, (sender, 0))

        self.behave(echo, send)
