"""A UDP port of the simulated ward."""

import asyncio
from collections.abc import Callable
from typing import cast

from monitor.demo.ground import Endpoint


class Door(asyncio.DatagramProtocol):
    """Answers each datagram by a function.

    Args:
        answer: From a datagram to its answer; ``None`` leaves the asker without one.
    """

    def __init__(self, answer: Callable[[bytes], bytes | None]) -> None:
        self._answer = answer
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self, endpoint: Endpoint) -> None:
        """Listen.

        Raises:
            OSError: The address or the port cannot be had.
        """
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=(endpoint.address, endpoint.port))

    def close(self) -> None:
        """Answer no more."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        # uvloop's transports are none of asyncio's classes, they only behave like them.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one datagram."""
        answer = self._answer(data)
        if answer is not None and self._transport is not None:
            self._transport.sendto(answer, addr)
