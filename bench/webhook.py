"""A web server that notes when each message came."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, cast

_TAKEN: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A message that has come.

    Attributes:
        at: When its last octet was here, seconds of the Unix epoch.
        path: Where it was posted.
        content: What it says.
    """

    at: float
    path: str
    content: Any


@dataclass(slots=True)
class Inbox:
    """What has come so far.

    Attributes:
        port: Of 127.0.0.1, where it listens.
        receipts: In order.
    """

    port: int = 0
    receipts: list[Receipt] = field(default_factory=list)

    def url(self, path: str) -> str:
        """Where to post."""
        return f"http://127.0.0.1:{self.port}{path}"


class Visit(asyncio.Protocol):
    """One connection: requests with a Content-Length, one after the other."""

    def __init__(self, inbox: Inbox) -> None:
        """A visitor of this inbox."""
        self._inbox = inbox
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is not derived from it

    def data_received(self, data: bytes) -> None:
        """Take what is complete, and answer it."""
        at = time.time()
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = self._data[:end].decode("latin-1").split("\r\n")
            whole = end + 4 + _length(head[1:])
            if len(self._data) < whole:
                return
            content = json.loads(self._data[end + 4 : whole])
            self._data = self._data[whole:]
            self._inbox.receipts.append(Receipt(at, head[0].split(" ")[1], content))
            self._transport.write(_TAKEN)


def _length(headers: list[str]) -> int:
    fields = (header.partition(":") for header in headers)
    return next((int(value) for name, _, value in fields if name.lower() == "content-length"), 0)


@asynccontextmanager
async def inbox() -> AsyncIterator[Inbox]:
    """Listen on a free port of 127.0.0.1 while the context lasts."""
    found = Inbox()
    server = await asyncio.get_running_loop().create_server(lambda: Visit(found), "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
