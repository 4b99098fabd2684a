"""A simulated resolver over UDP and TCP that knows the names of the simulated services."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, cast

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from monitor.demo.ground import Endpoint
from monitor.demo.truth import ServiceTruth

_TTL: Final = 300
_PATIENCE: Final = 10.0


def resolve(zone: Mapping[str, str], state: ServiceTruth, data: bytes) -> bytes | None:
    """The answer to one question; ``None`` to what is no question.

    Args:
        zone: Names, without the last dot, with their IPv4 addresses.
        state: How the resolver is at this moment.
        data: A DNS message.
    """
    try:
        query = dns.message.from_wire(data)
        response = dns.message.make_response(query, recursion_available=True)
    except dns.exception.DNSException:
        return None
    response.set_rcode(_fill(response, zone) if state.resolves else dns.rcode.SERVFAIL)
    return response.to_wire()


def _fill(response: dns.message.Message, zone: Mapping[str, str]) -> dns.rcode.Rcode:
    for question in response.question:
        address = zone.get(question.name.to_text(omit_final_dot=True).lower())
        if address is None:
            return dns.rcode.NXDOMAIN
        if question.rdtype == dns.rdatatype.A:
            response.answer.append(dns.rrset.from_text(question.name, _TTL, "IN", "A", address))
    return dns.rcode.NOERROR


class Resolver(asyncio.DatagramProtocol):
    """One resolver on its own address."""

    def __init__(self, zone: Mapping[str, str], state: Callable[[], ServiceTruth]) -> None:
        self._zone = zone
        self._state = state
        self._transport: asyncio.DatagramTransport | None = None
        self._server: asyncio.Server | None = None

    async def start(self, endpoint: Endpoint) -> None:
        """Listen over both transports.

        Raises:
            OSError: The address or the port cannot be had.
        """
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=(endpoint.address, endpoint.port))
        self._server = await asyncio.start_server(self._serve, endpoint.address, endpoint.port)

    def close(self) -> None:
        """Answer no more."""
        if self._transport is not None:
            self._transport.close()
        if self._server is not None:
            self._server.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        # uvloop's transports are none of asyncio's classes, they only behave like them.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one question over UDP."""
        response = resolve(self._zone, self._state(), data)
        if response is not None and self._transport is not None:
            self._transport.sendto(response, addr)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                # RFC 1035 §4.2.2: a message over TCP is preceded by its length.
                length = int.from_bytes(await reader.readexactly(2), "big")
                response = resolve(self._zone, self._state(), await reader.readexactly(length))
                if response is not None:
                    writer.write(len(response).to_bytes(2, "big") + response)
                    await writer.drain()
        writer.close()
