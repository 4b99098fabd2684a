"""Samples behind the real web server, in the loop that also probes; and how long that loop is held."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, NoReturn, cast

from exporters.app import Behind, Readiness, Reloader, StatusSource, create_app
from exporters.latest import Latest
from exporters.own import OwnMetrics
from exporters.past import PastSource
from exporters.server import WebServer

_TICK: Final = 0.001


class _Nobody:
    """Stands for what ``/metrics`` does not ask."""

    def __getattr__(self, name: str) -> Any:
        def refuse(*_: object) -> NoReturn:
            raise AssertionError(f"/metrics asks for {name}")

        return refuse


@asynccontextmanager
async def served(latest: Latest) -> AsyncIterator[str]:
    """The web server with everything that it answers, on a free port of loopback; the URL of its metrics."""
    nobody, clock = _Nobody(), asyncio.get_running_loop().time
    status, reloader = cast("StatusSource", nobody), cast("Reloader", nobody)
    readiness, past = cast("Readiness", nobody), cast("PastSource", nobody)
    server = WebServer(
        create_app(Behind(latest, OwnMetrics(), clock, status, reloader, readiness, past)), "127.0.0.1:0"
    )
    await server.start()
    try:
        yield f"{server.url}metrics"
    finally:
        await server.stop()


class Pulse:
    """A timer that is due each millisecond. What holds the loop between two beats holds a probe as long.

    Attributes:
        late: Seconds by which the latest beat was late: what the loop did, and what the machine did meanwhile.
        held: Seconds of this thread's CPU between two beats, the most: what the loop did, whoever else was at work.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._worked = time.thread_time()
        self._due = self._loop.time() + _TICK
        self._timer = self._loop.call_at(self._due, self._beat)
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.late = self.held = 0.0

    def close(self) -> None:
        """Beat no more."""
        self._timer.cancel()

    def _beat(self) -> None:
        now, worked = self._loop.time(), time.thread_time()
        self.late = max(self.late, now - self._due)
        self.held = max(self.held, worked - self._worked)
        self._worked, self._due = worked, now + _TICK
        self._timer = self._loop.call_at(self._due, self._beat)
