"""The web server inside the daemon's event loop."""

import asyncio
import contextlib
import errno
import logging
import socket
import time
from collections.abc import Iterator
from functools import partial
from typing import Final, cast

import uvicorn
from fastapi import FastAPI

from exporters.connections import Door, received
from exporters.web.access_log import AccessLog
from exporters.web.gate import Gate
from exporters.web.guard import Counters, Guard, Uncounted
from model.hosts import split_port

_GRACE_SECONDS: Final = 5
_PROXIES: Final = ["127.0.0.1", "::1", "::ffff:127.0.0.1"]
"""Whom is believed that it asks for somebody else (X-Forwarded-For): a proxy on this machine."""


class ListenError(OSError):
    """The server cannot listen. The message says where, why and how to mend it."""


class _QuietServer(uvicorn.Server):
    """Uvicorn without its signal handlers: the daemon decides when it ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves an application until it is stopped.

    Args:
        app: The application.
        listen_address: ``host:port``, ``:port`` for all addresses, ``[::1]:port``; port 0 takes any that is free.
        door: Bounds the number of connections, and the time that each may keep the server waiting.
        gate: Who is let in, by which protocol; left out: everybody, by plain HTTP.
        counters: Count passwords that were looked at.
    """

    def __init__(
        self,
        app: FastAPI,
        listen_address: str = "127.0.0.1:9841",
        door: Door | None = None,
        gate: Gate | None = None,
        counters: Counters | None = None,
    ) -> None:
        self.app = app
        self.gate = gate or Gate()
        self._listen_address = listen_address
        guard = Guard(app, self.gate, counters or Uncounted(), time.monotonic)
        self._server = _QuietServer(
            uvicorn.Config(
                AccessLog(guard),
                # Whatever else is installed: uvicorn has others, with no bound on the length of a request's head.
                http=cast("type[asyncio.Protocol]", partial(received, door or Door(), self.gate)),
                ws="none",
                lifespan="off",
                log_config=None,
                log_level=logging.ERROR,  # a request that makes no sense is its sender's trouble, not a line of our log
                access_log=False,
                server_header=False,
                forwarded_allow_ips=_PROXIES,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self._serving: asyncio.Task[None] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it, once it has started."""
        host = self._listen_address.rpartition(":")[0]
        return f"{self.gate.scheme}://{host or 'localhost'}:{self.port}/"

    async def start(self) -> None:
        """Listen, then serve in the background.

        Raises:
            ListenError: The address is not one, is not of this machine, is in use, or is not allowed.
        """
        listener = await _bound(self._listen_address)
        self.port = listener.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve([listener]), name="web server")

    async def stop(self) -> None:
        """Take no new request, end those under way within five seconds, and close."""
        if self._serving is None:
            return
        self._server.should_exit = True
        await self._serving
        self._serving = None


async def _bound(listen_address: str) -> socket.socket:
    host, port = _parts(listen_address)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as error:
        raise ListenError(f"{listen_address}: {host!r} has no address: write an address of this machine") from error
    # All addresses: one IPv6 socket that takes IPv4 too, where the machine has IPv6.
    family, *_, address = max(found, key=lambda entry: entry[0]) if not host else found[0]
    try:
        return _listener(family, address)
    except OSError as error:
        raise ListenError(error.errno, f"{listen_address}: {_mend(error)}") from error


def _listener(family: int, address: tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, address[0] != "::")
        listener.setblocking(False)
        listener.bind(address)
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _parts(listen_address: str) -> tuple[str, int]:
    host, port = split_port(listen_address) or ("", None)
    if port is None:
        raise ListenError(f"{listen_address!r} is not a listen address: write host:port, such as 127.0.0.1:9841")
    return host, port


def _mend(error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return "the port is in use: stop the other program, or choose another with --web.listen-address"
        case errno.EADDRNOTAVAIL:
            return "this machine has no such address: write one of its own, or :PORT for all"
        case errno.EACCES:
            return "this user may not listen there: choose a port from 1024 up"
        case _:
            return f"cannot listen ({error.strerror}): choose another with --web.listen-address"
