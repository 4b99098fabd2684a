"""What the other probes are aimed at: a web server, a resolver and a STAMP reflector in one process.

Run as ``python -m bench.peers``; it prints its ports as JSON, and ends when its input ends.
"""

import asyncio
import json
import struct
import sys
from typing import Final, cast

from monitor.reflector import Reflector

_BODY: Final = b"<!doctype html><title>bench</title><p>" + b"A page of one thousand octets. " * 31
_PAGE: Final = (
    b"HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    % len(_BODY)
) + _BODY
_DNS_HEADER: Final = struct.Struct("!HHHHHH")
_ANSWERED: Final = 0x8180  # RFC 1035 §4.1.1: response, recursion desired and available, no error
_ADDRESS_RECORD: Final = bytes.fromhex("c00c 0001 0001 0000003c 0004 7f000001")


class Web(asyncio.Protocol):
    """Answers every request with the same page."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer when the head of a request is complete; a small one comes in one piece on loopback."""
        if data.endswith(b"\r\n\r\n"):
            self._transport.write(_PAGE)


class Resolver(asyncio.DatagramProtocol):
    """Answers every question with one address."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast("asyncio.DatagramTransport", transport)  # asyncio's own is not derived from it

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one query."""
        if (answer := dns_answer(data)) is not None:
            self._transport.sendto(answer, addr)


def dns_answer(query: bytes) -> bytes | None:
    """127.0.0.1 for whatever was asked; ``None`` for what is not a query of one question."""
    if len(query) <= _DNS_HEADER.size:
        return None
    number, _, questions, *_ = _DNS_HEADER.unpack_from(query)
    end = query.find(b"\0", _DNS_HEADER.size) + 5
    if questions != 1 or not _DNS_HEADER.size < end <= len(query):
        return None
    return _DNS_HEADER.pack(number, _ANSWERED, 1, 1, 0, 0) + query[_DNS_HEADER.size : end] + _ADDRESS_RECORD


async def serve() -> None:
    """Listen on free ports of 127.0.0.1, say which, and serve until standard input ends."""
    loop = asyncio.get_running_loop()
    web = await loop.create_server(Web, "127.0.0.1", 0)
    resolver, _ = await loop.create_datagram_endpoint(Resolver, ("127.0.0.1", 0))
    reflector = Reflector()
    await reflector.start("127.0.0.1", 0)
    ports = {
        "http": web.sockets[0].getsockname()[1],
        "dns": resolver.get_extra_info("sockname")[1],
        "stamp": reflector.port,
    }
    print(json.dumps(ports), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    reflector.close()
    resolver.close()
    web.close()


if __name__ == "__main__":
    asyncio.run(serve())
