"""Writes down what becomes of notices, without anything having to wait for it."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from alerts.backoff import Backoff
from alerts.errand import Identity, identity_of
from alerts.notice import Notice

log = logging.getLogger(__name__)

GRACE: Final = 1.0
"""Seconds for which a message waits until it is written that it is being sent."""
MOST_UNWRITTEN: Final = 10_000
"""Notices for which something waits to be written."""

_Call = tuple[Callable[[], Awaitable[None]], "asyncio.Future[None]"]


class Outbox(Protocol):
    """Where notices are durable. What it raises is logged, and it is asked again."""

    async def sent(self, notice: Notice, at: datetime) -> None:
        """It is about to be tried for the first time since the start."""

    async def receipted(self, notice: Notice, at: datetime, channel_kind: str, receipt: str) -> None:
        """A channel has taken it; told once everything that is to take it has, or never will."""

    async def given_up(self, notice: Notice, at: datetime, why: str) -> None:
        """It, or a part of it, will not be sent any more; told after what was receipted."""


class Ledger:
    """Hands an outbox the facts about each notice in their order, again and again until it has them."""

    def __init__(
        self,
        outbox: Outbox,
        chance: Callable[[], float] = random.random,
        most: int = MOST_UNWRITTEN,
        backoff: Backoff = Backoff(),  # noqa: B008  # frozen
    ) -> None:
        """Write nothing yet.

        Args:
            outbox: Where to.
            chance: Uniform in [0, 1).
            most: Notices for which something may wait to be written; beyond, the oldest is left as it was.
            backoff: Pauses after a failure.
        """
        self._outbox = outbox
        self._most = most
        self._chance = chance
        self._backoff = backoff
        self._calls: dict[Identity, deque[_Call]] = {}
        self._tasks: dict[Identity, asyncio.Task[None]] = {}
        self._overdue: set[asyncio.Future[None]] = set()
        self._is_failing = False
        self._is_full = False

    async def sent(self, notice: Notice, at: datetime) -> None:
        """Write that a notice is about to be sent. Waits for that, but not long, and not at all where it is slow."""
        written = self._write(notice, partial(self._outbox.sent, notice, at))
        done, _ = await asyncio.wait({written}, timeout=0 if self._overdue else GRACE)
        if not done:
            self._overdue.add(written)
            written.add_done_callback(self._overdue.discard)

    def receipted(self, notice: Notice, at: datetime, channel_kind: str, receipt: str) -> None:
        """Write that a channel has taken it."""
        self._write(notice, partial(self._outbox.receipted, notice, at, channel_kind, receipt))

    def given_up(self, notice: Notice, at: datetime, why: str) -> None:
        """Write that it is not sent any more."""
        self._write(notice, partial(self._outbox.given_up, notice, at, why))

    async def close(self, patience: float) -> None:
        """Let what is to be written be written within so many seconds, and leave the rest."""
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=max(patience, 0))
        left = [task for task in tasks if not task.done()]
        for key in list(self._tasks):
            self._leave(key)
        await asyncio.gather(*left, return_exceptions=True)
        if left:
            log.warning("of %d messages it is not written what became of them; they may be sent again", len(left))

    def _write(self, notice: Notice, call: Callable[[], Awaitable[None]]) -> "asyncio.Future[None]":
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        key = identity_of(notice)
        if key not in self._calls:
            self._shrink()
            calls = self._calls[key] = deque()
            self._tasks[key] = asyncio.create_task(self._work(key, calls))
        self._calls[key].append((call, written))
        return written

    def _shrink(self) -> None:
        if len(self._tasks) < self._most:
            if not self._tasks:
                self._is_full = False
            return
        if not self._is_full:
            log.error("too much waits to be written; the oldest messages may be sent again after a restart")
        self._is_full = True
        self._leave(next(iter(self._tasks)))

    def _leave(self, key: Identity) -> None:
        self._tasks.pop(key).cancel()
        for _, written in self._calls.pop(key):
            written.cancel()

    async def _work(self, key: Identity, calls: deque[_Call]) -> None:
        failures = 0
        while calls:
            if await self._is_written(calls[0][0]):
                calls.popleft()[1].set_result(None)
                failures = 0
            else:
                failures += 1
                await asyncio.sleep(self._backoff.pause(failures, self._chance()))
        del self._calls[key], self._tasks[key]

    async def _is_written(self, call: Callable[[], Awaitable[None]]) -> bool:
        try:
            await call()
        except Exception as error:  # noqa: BLE001  # whatever a driver raises, people have to be told
            if not self._is_failing:
                # Its words may hold the URL of the database.
                log.error("what becomes of messages cannot be written (%s); tried again", type(error).__name__)  # noqa: TRY400  # a trace might hold a URL
            self._is_failing = True
            return False
        if self._is_failing:
            log.info("what becomes of messages can be written again")
        self._is_failing = False
        return True
