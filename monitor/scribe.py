"""Writes changes of state down, and only then shows them: what people are told is on the disk already."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol

from model.transition import Transition
from monitor.states import Change

log = logging.getLogger(__name__)


class History(Protocol):
    """Where transitions become durable."""

    async def record(self, *facts: Transition) -> StrEnum:
        """Write these; comes back when they are durable, or when that takes too long, and then says so."""


class Scribe:
    """Takes changes in order, writes them, shows them. Whoever hands them over never waits."""

    def __init__(self, history: History, show: Callable[[Change], None]) -> None:
        self._history = history
        self._show = show
        self._waiting: asyncio.Queue[Sequence[Change] | None] = asyncio.Queue()

    def take(self, changes: Sequence[Change]) -> None:
        """Write and show these, after all that was taken before."""
        if changes:
            self._waiting.put_nowait(changes)

    async def work(self) -> None:
        """Write and show, until ``finish``."""
        while (changes := await self._waiting.get()) is not None:
            together = [*changes, *self._also_waiting()]
            facts = [change.transition for change in together if change.transition is not None]
            if facts:
                await self._history.record(*facts)
            for change in together:
                self._show_one(change)

    def finish(self) -> None:
        """Let ``work`` end when it has written what was taken."""
        self._waiting.put_nowait(None)

    def _show_one(self, change: Change) -> None:
        try:
            self._show(change)
        except Exception:
            # A bug in showing one must not end the writing of all others; it is ours, so the log gets the whole of it.
            log.exception("a change of %s %s was not shown", *change.subject)

    def _also_waiting(self) -> list[Change]:
        more: list[Change] = []
        while not self._waiting.empty():
            changes = self._waiting.get_nowait()
            if changes is None:
                self.finish()
                break
            more += changes
        return more
