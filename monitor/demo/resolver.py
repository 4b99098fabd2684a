"""A simulated resolver over UDP and TCP that knows the names of the simulated services."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from monitor.demo.door import Door
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


class Resolver:
    """One resolver on its own address."""

    def __init__(self, zone: Mapping[str, str], state: Callable[[], ServiceTruth]) -> None:
        self._zone = zone
        self._state = state
        self._door = Door(self._answer)
        self._server: asyncio.Server | None = None

    async def start(self, endpoint: Endpoint) -> None:
        """Listen over both transports.

        Raises:
            OSError: The address or the port cannot be had.
        """
        await self._door.open(endpoint)
        self._server = await asyncio.start_server(self._serve, endpoint.address, endpoint.port)

    def close(self) -> None:
        """Answer no more."""
        self._door.close()
        if self._server is not None:
            self._server.close()

    def _answer(self, data: bytes) -> bytes | None:
        return resolve(self._zone, self._state(), data)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                # RFC 1035 §4.2.2: a message over TCP is preceded by its length.
                length = int.from_bytes(await reader.readexactly(2), "big")
                response = self._answer(await reader.readexactly(length))
                if response is not None:
                    writer.write(len(response).to_bytes(2, "big") + response)
                    await writer.drain()
        writer.close()
