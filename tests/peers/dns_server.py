"""A DNS server that answers, byte by byte, as a test says."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from tests.peers.tcp_serving import serving_tcp

Conduct = Callable[[dns.message.Message], Iterable[bytes]]
"""From a query to the datagrams, or the messages over TCP, that come back."""


@dataclass
class NameServer:
    """Where it listens, and who asked.

    Attributes:
        port: UDP or TCP.
        clients: Addresses of all who asked so far.
    """

    port: int
    clients: list[str] = field(default_factory=list)


def answering(
    *records: str,
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR,
    truncated: bool = False,
    authority: tuple[str, ...] = (),
) -> Conduct:
    """A server that always answers with these records, in the form of a zone file."""

    def conduct(query: dns.message.Message) -> Iterable[bytes]:
        return [answer(query, *records, rcode=rcode, truncated=truncated, authority=authority).to_wire()]

    return conduct


def answer(
    query: dns.message.Message,
    *records: str,
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR,
    truncated: bool = False,
    authority: tuple[str, ...] = (),
) -> dns.message.Message:
    """The answer to a query."""
    message = dns.message.make_response(query)
    message.answer = [_record(record) for record in records]
    message.authority = [_record(record) for record in authority]
    message.set_rcode(rcode)
    if truncated:
        message.flags |= dns.flags.TC
    return message


def _record(line: str) -> dns.rrset.RRset:
    name, ttl, kind, type_, data = line.split(maxsplit=4)
    return dns.rrset.from_text(name, int(ttl), kind, type_, data)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, conduct: Conduct, server: NameServer) -> None:
        self._conduct = conduct
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)  # asyncio's own is not derived from it

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._server.clients.append(addr[0])
        assert self._transport is not None
        for reply in self._conduct(dns.message.from_wire(data)):
            self._transport.sendto(reply, addr)


@contextlib.asynccontextmanager
async def udp_server(conduct: Conduct, host: str = "127.0.0.1") -> AsyncIterator[NameServer]:
    """Serve over UDP while the block runs."""
    server = NameServer(0)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(conduct, server), (host, 0))
    server.port = transport.get_extra_info("sockname")[1]
    try:
        yield server
    finally:
        transport.abort()
        await asyncio.sleep(0)  # asyncio closes the socket a turn later


@contextlib.asynccontextmanager
async def tcp_server(conduct: Conduct, host: str = "127.0.0.1", *, stays: bool = True) -> AsyncIterator[NameServer]:
    """Serve over TCP while the block runs; one that does not stay closes after its replies."""
    server = NameServer(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = int.from_bytes(await reader.readexactly(2))
        query = dns.message.from_wire(await reader.readexactly(length))
        server.clients.append(writer.get_extra_info("peername")[0])
        for reply in conduct(query):
            # In two pieces, as TCP may deliver it.
            framed = len(reply).to_bytes(2) + reply
            writer.write(framed[:1])
            await writer.drain()
            await asyncio.sleep(0)
            writer.write(framed[1:])
        await writer.drain()
        if stays:
            await reader.read()
        writer.close()
        await writer.wait_closed()

    async with serving_tcp(serve, host) as server.port:
        yield server
