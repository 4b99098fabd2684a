"""Simulated web services: plain or TLS, with phases that can be slow and answers that can be wrong."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, suppress
from http import HTTPStatus
from typing import Final

from monitor.demo.services import ServicePlan
from monitor.demo.truth import ServiceTruth

_BACKLOG: Final = 64
_PATIENCE: Final = 30.0  # seconds for one exchange; a peer that says nothing is dropped
_MOST_HEADER: Final = 16_384
_PARAGRAPHS: Final = 40


class WebService:
    """One service on its own address.

    Args:
        plan: What it is.
        state: How it is at this moment.
        tls: Its certificate; ``None`` for plain HTTP.
    """

    def __init__(self, plan: ServicePlan, state: Callable[[], ServiceTruth], tls: ssl.SSLContext | None = None) -> None:
        self._plan = plan
        self._state = state
        self._tls = tls
        self._listener: socket.socket | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: The address or the port cannot be had.
        """
        endpoint = self._plan.endpoint
        self._listener = socket.create_server((endpoint.address, endpoint.port), backlog=_BACKLOG)
        self._listener.setblocking(False)
        self._begin(self._accept(self._listener))

    async def close(self) -> None:
        """Stop listening and drop what is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._listener is not None:
            self._listener.close()

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listener: socket.socket) -> None:
        while True:
            connection, _ = await asyncio.get_running_loop().sock_accept(listener)
            self._begin(self._serve(connection))

    async def _serve(self, connection: socket.socket) -> None:
        # A peer may leave at any time and may send anything: both end this exchange and nothing else.
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self._exchange(self._state(), connection)

    async def _exchange(self, state: ServiceTruth, connection: socket.socket) -> None:
        with ExitStack() as ours:
            ours.callback(connection.close)
            await _linger(state, "accept")
            if self._tls is not None:
                await _linger(state, "tls")
            reader, writer = await _opened(connection, self._tls)
            ours.pop_all()  # from here on the transport closes it
        try:
            await self._converse(state, reader, writer)
            writer.close()
            await writer.wait_closed()
        finally:
            writer.transport.abort()

    async def _converse(self, state: ServiceTruth, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        await _linger(state, "first_byte")
        head, body = answer(self._plan, state, request)
        writer.write(head + body[: len(body) // 2])
        await _linger(state, "body")
        writer.write(body[len(body) // 2 :])
        await writer.drain()


async def _opened(
    connection: socket.socket, tls: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    # Accepted by hand and not by a server, so that the handshake itself can be slow.
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=_MOST_HEADER)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.connect_accepted_socket(lambda: protocol, connection, ssl=tls)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def _linger(state: ServiceTruth, phase: str) -> None:
    if seconds := state.slow.get(phase):
        await asyncio.sleep(seconds)


def answer(plan: ServicePlan, state: ServiceTruth, request: bytes) -> tuple[bytes, bytes]:
    """Header and body of the response to one HTTP request."""
    words = request.split(b"\r\n", 1)[0].split(b" ")
    method, path = (words[0], words[1].decode("latin-1")) if len(words) == 3 else (b"", "")  # noqa: PLR2004  # RFC 9112 §3
    if method not in {b"GET", b"HEAD"}:
        return _response(HTTPStatus.METHOD_NOT_ALLOWED, "", ())
    if plan.redirect and path == plan.redirect:
        return _response(HTTPStatus.FOUND, "", (f"Location: {plan.path}",))
    if path != plan.path:
        return _response(HTTPStatus.NOT_FOUND, _page("Không tìm thấy trang", 1), ())
    title = plan.phrase if state.whole else "Hệ thống đang bảo trì"
    head, body = _response(HTTPStatus(state.status), _page(title, _PARAGRAPHS if state.whole else 1), ())
    return head, b"" if method == b"HEAD" else body


def _response(status: HTTPStatus, text: str, headers: tuple[str, ...]) -> tuple[bytes, bytes]:
    body = text.encode()
    lines = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    )
    return "\r\n".join((*lines, "", "")).encode(), body


def _page(title: str, paragraphs: int) -> str:
    filling = "<p>Kính chào quý công dân.</p>\n" * paragraphs
    return f'<!doctype html>\n<html lang="vi"><title>{title}</title>\n<h1>{title}</h1>\n{filling}</html>\n'
