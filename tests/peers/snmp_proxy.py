"""A man in the middle of an SNMP conversation: it sees every datagram and may change, hold or repeat it."""

import asyncio
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

Meddle = Callable[[bytes], Sequence[bytes]]


class SnmpProxy:
    """Forwards between one client and an agent on 127.0.0.1.

    Attributes:
        meddle: Takes an answer of the agent, gives the datagrams that the client gets.
        answers: Every answer that the agent gave.
        agent_port: Where the agent is; may change.
    """

    def __init__(self, agent_port: int, meddle: Meddle | None = None) -> None:
        self.agent_port = agent_port
        self.meddle: Meddle = meddle or (lambda answer: [answer])
        self.answers: list[bytes] = []
        self._client: tuple[str, int] | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._front, _ = await loop.create_datagram_endpoint(
            lambda: _Side(self._from_client), local_addr=("127.0.0.1", 0)
        )
        self._back, _ = await loop.create_datagram_endpoint(
            lambda: _Side(self._from_agent), local_addr=("127.0.0.1", 0)
        )
        self.port: int = self._front.get_extra_info("sockname")[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._front.close()
        self._back.close()

    def _from_client(self, data: bytes, address: tuple[str, int]) -> None:
        self._client = address
        self._back.sendto(data, ("127.0.0.1", self.agent_port))

    def _from_agent(self, data: bytes, _address: tuple[str, int]) -> None:
        self.answers.append(data)
        for datagram in self.meddle(data):
            self._front.sendto(datagram, self._client)


class _Side(asyncio.DatagramProtocol):
    def __init__(self, received: Callable[[bytes, tuple[str, int]], None]) -> None:
        self._received = received

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Hand it to the proxy."""
        self._received(data, addr)
