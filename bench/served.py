"""A picture behind the real web server, in the loop that also probes; and how long that loop is held."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, NoReturn, cast

from exporters.app import Behind, Health, Readiness, Reloader, StatusSource, create_app
from exporters.latest import Latest
from exporters.own import OwnMetrics
from exporters.past import PastSource
from exporters.server import WebServer

_TICK: Final = 0.001


class _Nobody:
    """Stands for what ``/metrics`` does not ask."""

    def __getattr__(self, name: str) -> Any:
        def refuse(*_: object) -> NoReturn:
            raise NotImplementedError(name)

        return refuse


@asynccontextmanager
async def served(latest: Latest) -> AsyncIterator[WebServer]:
    """The web server with everything that it answers, on a free port of loopback, while the context lasts."""
    nobody = _Nobody()
    behind = Behind(
        latest,
        OwnMetrics(),
        asyncio.get_running_loop().time,
        cast("StatusSource", nobody),
        cast("Reloader", nobody),
        cast("Readiness", nobody),
        cast("PastSource", nobody),
        health=cast("Health", nobody),
    )
    server = WebServer(create_app(behind), "127.0.0.1:0")
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


class Pulse:
    """A timer that is due each millisecond, and notes how late it was.

    Attributes:
        longest: Seconds, since the start or since it was last set to 0.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._loop = asyncio.get_running_loop()
        self._due = self._loop.time() + _TICK
        self._timer = self._loop.call_at(self._due, self._beat)

    def close(self) -> None:
        """Beat no more."""
        self._timer.cancel()

    def _beat(self) -> None:
        now = self._loop.time()
        self.longest = max(self.longest, now - self._due)
        self._due = now + _TICK
        self._timer = self._loop.call_at(self._due, self._beat)
