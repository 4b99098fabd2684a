"""The connections of the web server: how many there may be, and how long each may keep it waiting."""

import asyncio
import logging
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST: Final = 512
"""Connections at a time: far more than scrapers and people need, far fewer than there are descriptors for probes."""
PATIENCE: Final = 10.0
"""Seconds for a whole request, and for some 50 kB of an answer to be read."""

log = logging.getLogger(__name__)


class Door:
    """Knows who is connected and for whom the server waits, the longest first.

    Whoever keeps it waiting for too long is dropped, and when the house is full the one who does so longest. So there
    is always room for a client that asks at once, however many there are that never finish their question.

    Args:
        most: Connections at a time.
        patience: Seconds for which the server waits for a client.
    """

    def __init__(self, most: int = MOST, patience: float = PATIENCE) -> None:
        self._most = most
        self._patience = patience
        self._connected: set[Connection] = set()
        self._deadlines: dict[Connection, float] = {}  # in order, for all have the same patience
        self._alarm: asyncio.TimerHandle | None = None
        self._is_crowded = False

    def enter(self, connection: "Connection") -> None:
        """Somebody has connected, and has not asked yet."""
        self._connected.add(connection)
        self.wait_for(connection)
        if len(self._connected) > self._most:
            self._drop(next(iter(self._deadlines)))
            if not self._is_crowded:
                log.warning("more than %d connections: those that ask for nothing are closed", self._most)
            self._is_crowded = True

    def leave(self, connection: "Connection") -> None:
        """A connection has ended."""
        self._connected.discard(connection)
        self._deadlines.pop(connection, None)
        self._is_crowded &= len(self._connected) > self._most // 2

    def wait_for(self, connection: "Connection") -> None:
        """From now on it is the client's turn."""
        if connection in self._connected:
            self._deadlines.pop(connection, None)
            self._deadlines[connection] = _now() + self._patience
            self._arm()

    def serve(self, connection: "Connection") -> None:
        """From now on it is the server's turn."""
        self._deadlines.pop(connection, None)

    def _drop(self, connection: "Connection") -> None:
        self.leave(connection)
        connection.transport.abort()

    def _arm(self) -> None:
        if self._alarm is None and self._deadlines:
            deadline = next(iter(self._deadlines.values()))
            self._alarm = asyncio.get_running_loop().call_at(deadline, self._ring)

    def _ring(self) -> None:
        self._alarm, now = None, _now()
        for connection in [late for late, deadline in self._deadlines.items() if deadline <= now]:
            self._drop(connection)
        self._arm()


class Connection(H11Protocol):
    """One connection, which tells the door whose turn it is.

    Bytes that trickle in do not make it the server's turn: only a whole request does.
    """

    def __init__(self, door: Door, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self._door = door

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Somebody has connected."""
        super().connection_made(transport)
        self._door.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._door.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Perhaps the rest of a request."""
        super().data_received(data)
        self._serve_if_asked()

    def on_response_complete(self) -> None:
        """The answer is written: let the client read it, ask again, or leave."""
        self._door.wait_for(self)
        super().on_response_complete()
        self._serve_if_asked()  # another request may have come meanwhile

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        self._door.wait_for(self)

    def resume_writing(self) -> None:
        """It has read on."""
        super().resume_writing()
        self._serve_if_asked()

    def _serve_if_asked(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete and not self.flow.write_paused:
            self._door.serve(self)


def _now() -> float:
    return asyncio.get_running_loop().time()
