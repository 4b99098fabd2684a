"""The connections of the web server: how many there may be, and how long each may keep it waiting."""

import asyncio
import logging
from asyncio.sslproto import SSLProtocol
from collections import Counter
from typing import Any, Final, Protocol, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

from exporters.web.caller import is_stream
from exporters.web.gate import Gate
from exporters.web.tls import is_allowed

MOST: Final = 512
"""Connections at a time: far more than scrapers and people need, far fewer than there are descriptors for probes."""
MOST_EACH: Final = 128
"""From one address; this machine itself is excepted, for a proxy on it speaks for everybody."""
PATIENCE: Final = 10.0
"""Seconds for a handshake, for a whole request, and for some 50 kB of an answer to be read."""

log = logging.getLogger(__name__)

_OURSELVES: Final = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
_FAREWELL: Final = 2  # seconds in which the other side may agree to the end of TLS


class Visitor(Protocol):
    """Somebody who is connected."""

    @property
    def address(self) -> str:
        """From where."""

    def drop(self) -> None:
        """Hang up at once."""


class Door:
    """Knows who is connected and for whom the server waits, the longest first.

    Whoever keeps it waiting for too long is dropped, and when the house is full the one who does so longest. So there
    is always room for a client that asks at once, however many there are that never finish their question.

    Args:
        most: Connections at a time.
        patience: Seconds for which the server waits for a client.
        most_each: Connections at a time from one address.
    """

    def __init__(self, most: int = MOST, patience: float = PATIENCE, most_each: int = MOST_EACH) -> None:
        self._most = most
        self._most_each = most_each
        self._patience = patience
        self._connected: set[Visitor] = set()
        self._addresses: Counter[str] = Counter()
        self._deadlines: dict[Visitor, float] = {}  # in order, for all have the same patience
        self._alarm: asyncio.TimerHandle | None = None
        self._is_crowded = False

    def enter(self, visitor: Visitor) -> None:
        """Somebody has connected, and has not asked yet."""
        self._connected.add(visitor)
        self._addresses[visitor.address] += 1
        self.wait_for(visitor)
        if self._addresses[visitor.address] > self._most_each and visitor.address not in _OURSELVES:
            self._tell(f"more than {self._most_each} connections from {visitor.address}")
            self._drop(next(late for late in self._deadlines if late.address == visitor.address))
        elif len(self._connected) > self._most:
            self._tell(f"more than {self._most} connections")
            self._drop(next(iter(self._deadlines)))

    def leave(self, visitor: Visitor) -> None:
        """A connection has ended."""
        if visitor in self._connected:
            self._connected.remove(visitor)
            self._addresses[visitor.address] -= 1
            if not self._addresses[visitor.address]:
                del self._addresses[visitor.address]
        self._deadlines.pop(visitor, None)
        self._is_crowded &= len(self._connected) > min(self._most, self._most_each) // 2

    def wait_for(self, visitor: Visitor) -> None:
        """From now on it is the client's turn."""
        if visitor in self._connected:
            self._deadlines.pop(visitor, None)
            self._deadlines[visitor] = _now() + self._patience
            self._arm()

    def serve(self, visitor: Visitor) -> None:
        """From now on it is the server's turn."""
        self._deadlines.pop(visitor, None)

    def _drop(self, visitor: Visitor) -> None:
        self.leave(visitor)
        visitor.drop()

    def _tell(self, what: str) -> None:
        if not self._is_crowded:
            log.warning("%s: those that ask for nothing are closed", what)
        self._is_crowded = True

    def _arm(self) -> None:
        if self._alarm is None and self._deadlines:
            deadline = next(iter(self._deadlines.values()))
            self._alarm = asyncio.get_running_loop().call_at(deadline, self._ring)

    def _ring(self) -> None:
        self._alarm, now = None, _now()
        for visitor in [late for late, deadline in self._deadlines.items() if deadline <= now]:
            self._drop(visitor)
        self._arm()


class Connection(H11Protocol):
    """One connection, which tells the door whose turn it is.

    Bytes that trickle in do not make it the server's turn: only a whole request does.

    Attributes:
        address: Of the other side.
        before: The handshake that it comes out of, in whose stead it is with the door.
    """

    def __init__(self, door: Door, gate: Gate, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self._door = door
        self._gate = gate
        self.address = ""
        self.before: Visitor | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Somebody has connected, and has been through the handshake where there is one."""
        super().connection_made(transport)
        if self.before is not None:
            self._door.leave(self.before)
        self.address = _address_of(transport)
        self._door.enter(self)
        wanted = self._gate.settings.tls_server_config.client_allowed_sans
        if not is_allowed(transport.get_extra_info("peercert"), wanted):
            log.warning("refused: the certificate of %s bears none of the names that are allowed", self.address)
            transport.abort()

    def drop(self) -> None:
        """Hang up at once."""
        self.transport.abort()

    def shutdown(self) -> None:
        """The server ends: what would never end by itself ends now, everything else when it is answered."""
        super().shutdown()
        if is_stream(self.scope) and not self.cycle.response_complete:
            self.cycle.disconnected = True  # as if the client had gone: the application knows how to end then
            self.cycle.message_event.set()
            self.transport.close()

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


class Handshake(SSLProtocol):
    """TLS around a connection. From the first octet on the door knows of it, or silent clients could be without number.

    asyncio would let the server know only when the handshake is done. The context is that of this moment, so that a
    new certificate needs no new server.
    """

    def __init__(self, door: Door, connection: Connection, context: Any) -> None:
        super().__init__(
            asyncio.get_running_loop(),
            connection,
            context,
            None,  # type: ignore[arg-type]  # nobody waits for it
            server_side=True,
            ssl_handshake_timeout=2 * int(PATIENCE),  # the door hangs up before
            ssl_shutdown_timeout=_FAREWELL,
        )
        self._door = door
        self._raw: asyncio.Transport | None = None
        self.address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has connected."""
        self._raw = cast("asyncio.Transport", transport)  # uvloop's do not say what they are
        self.address = _address_of(transport)
        self._door.enter(self)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """The connection has ended, perhaps before it could be used."""
        self._door.leave(self)
        super().connection_lost(exc)

    def drop(self) -> None:
        """Hang up at once."""
        if self._raw is not None:
            self._raw.abort()


def received(door: Door, gate: Gate, **uvicorn: Any) -> asyncio.Protocol:
    """What receives a new connection: as uvicorn wants its ``http`` class to be called."""
    connection = Connection(door, gate, **uvicorn)
    if gate.context is None:
        return connection
    connection.before = Handshake(door, connection, gate.context)
    return cast("asyncio.Protocol", connection.before)


def _address_of(transport: asyncio.BaseTransport) -> str:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if isinstance(peer, tuple) else ""


def _now() -> float:
    return asyncio.get_running_loop().time()
