"""A web server that does exactly, byte by byte, what a test wants, and notes what it was asked."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from tests.peers.tcp_serving import serving_tcp

Conduct = Callable[["Visit"], Awaitable[None]]


@dataclass
class Visit:
    """One connection whose request has been read."""

    head: bytes
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def path(self) -> str:
        """What was asked for."""
        return self.head.split(b" ", 2)[1].decode()

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    async def respond(self, body: bytes = b"", status: str = "200 OK", *headers: str) -> None:
        """Send a whole response."""
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        await self.send("\r\n".join(lines).encode() + body)

    async def hold(self) -> None:
        """Say nothing more until the other side leaves."""
        await self.reader.read()

    async def send_for_ever(self, data: bytes) -> None:
        """Send the same again and again, until the other side leaves."""
        while True:
            await self.send(data)


@dataclass
class WebServer:
    """Where it listens, and what it was asked.

    Attributes:
        host: Its address.
        port: Its port.
        scheme: http or https.
        heads: The heads of all requests so far.
    """

    host: str
    port: int
    scheme: str
    heads: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its root."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}/"


@contextlib.asynccontextmanager
async def web_server(
    conduct: Conduct, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[WebServer]:
    """Serve while the block runs."""
    found = WebServer(host, 0, "https" if tls else "http")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        found.heads.append(head)
        await conduct(Visit(head, reader, writer))

    async with serving_tcp(serve, host, port, tls) as found.port:
        yield found


@contextlib.asynccontextmanager
async def silent_server(host: str = "127.0.0.1", greeting: bytes = b"") -> AsyncIterator[int]:
    """A port that takes connections, says its greeting if it has one, and never another word."""
    writers: list[asyncio.StreamWriter] = []

    def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        writer.write(greeting)

    server = await asyncio.start_server(connected, host, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
