"""``/events``: what changes on an open page, as Server-Sent Events. Nothing is rendered where nobody listens."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Final, Protocol

from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from exporters.feed import RELOADED, Feed, Topic

log = logging.getLogger(__name__)

MOST: Final = 200
"""Pages that may listen at a time."""
BEAT: Final = 15.0
"""Seconds between two signs of life, by which a page knows that it is not cut off."""

_GATHER: Final = 0.25  # seconds in which what happens together is waited for
_SHARE: Final = 3  # rendering rests this many times as long as it took
_WAITING: Final = 32  # messages that a page may be behind before it is dropped
_MOST_FRAGMENTS: Final = 300  # beyond that it is quicker to load the page anew
_MOST_SAYINGS: Final = 3

_HEADERS: Final = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-accel-buffering": "no",  # a proxy that gathers answers would hold everything back
}


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a page.

    Attributes:
        id: Of its element.
        html: The element anew; empty where it is to go.
        into: The id of the element that it belongs in; empty where it stays where it is.
        before: The id of the element before which it stands there; empty for the end.
    """

    id: str
    html: str
    into: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """What is to be changed on a page.

    Attributes:
        fragments: Its parts.
        sayings: What is read out to whoever does not see it.
    """

    fragments: Sequence[Fragment] = ()
    sayings: Sequence[str] = ()


class View(Protocol):
    """What an open page shows."""

    @property
    def clock(self) -> str:
        """The time as the page writes it."""

    def concerned(self, topics: frozenset[Topic]) -> frozenset[Topic]:
        """Those of the topics that the page speaks of."""

    async def update(self, topics: frozenset[Topic]) -> Update:
        """What is to be changed because of these topics; without one, because time has passed."""


class _Listener:
    """One open page at the other end of a connection."""

    def __init__(self) -> None:
        self._messages: asyncio.Queue[bytes | None] = asyncio.Queue(_WAITING)

    def offer(self, message: bytes) -> bool:
        """Let it have a message; false where it does not take them in."""
        with suppress(asyncio.QueueFull):
            self._messages.put_nowait(message)
            return True
        return False

    def end(self) -> None:
        """It gets no more, and what it has not taken in is given up."""
        while not self._messages.empty():
            self._messages.get_nowait()
        self._messages.put_nowait(None)

    async def messages(self) -> AsyncIterator[bytes]:
        """All that it is given."""
        while (message := await self._messages.get()) is not None:
            yield message


@dataclass(slots=True)
class _Audience:
    """All who look at the same page in the same language: for them it is rendered once."""

    view: View
    listeners: set[_Listener] = field(default_factory=set)
    sent: dict[str, int] = field(default_factory=dict)  # by fragment, the hash of what they have

    def news(self, update: Update) -> Update:
        """What of an update they do not have yet."""
        fresh = [part for part in update.fragments if self.sent.get(part.id) != hash(part)]
        self.sent |= {part.id: hash(part) for part in fresh}
        return Update(fresh, update.sayings)

    def tell(self, message: bytes) -> None:
        """Let all have it; whoever is too slow is dropped, and may come again."""
        for listener in [one for one in self.listeners if not one.offer(message)]:
            self.listeners.discard(listener)
            listener.end()


class Live:
    """Carries changes from the feed to the pages that show them.

    Args:
        feed: What has changed.
        most: Pages that may listen at a time.
        beat: Seconds between two signs of life.
    """

    def __init__(self, feed: Feed, most: int = MOST, beat: float = BEAT) -> None:
        self._feed = feed
        self._most = most
        self._beat = beat
        self._audiences: dict[str, _Audience] = {}
        self._news = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        feed.on_news(self._news.set)

    @property
    def listening(self) -> int:
        """How many pages listen."""
        return sum(len(audience.listeners) for audience in self._audiences.values())

    async def answer(self, page: str, view: View, since: str) -> Response:
        """Tell one page what changes from now on, and what has changed since it was made.

        Args:
            page: Its address, by which pages that look the same are known.
            view: What it shows.
            since: The mark that it bears.
        """
        if self.listening >= self._most:
            words = f"{self._most} pages are open already: this one does not renew itself\n"
            return PlainTextResponse(words, HTTPStatus.SERVICE_UNAVAILABLE, {"retry-after": "60"})
        return StreamingResponse(self._stream(page, view, since), headers=_HEADERS)

    def close(self) -> None:
        """The daemon ends, and so does everything that lasts."""
        for audience in self._audiences.values():
            for listener in audience.listeners:
                listener.end()
        if self._worker is not None:
            self._worker.cancel()

    async def _stream(self, page: str, view: View, since: str) -> AsyncIterator[bytes]:
        listener = _Listener()
        audience = self._audiences.setdefault(page, _Audience(view))
        audience.listeners.add(listener)
        self._work_if_needed()
        try:
            yield b"retry: 3000\n\n" + await self._missed(view, since)
            async for message in listener.messages():
                yield message
        finally:
            audience.listeners.discard(listener)
            if not audience.listeners and self._audiences.get(page) is audience:
                del self._audiences[page]

    async def _missed(self, view: View, since: str) -> bytes:
        mark = self._feed.mark
        missed = self._feed.since(since)
        if missed is None or RELOADED in missed:
            return _message("reload", mark, "")
        topics = view.concerned(missed)
        return self._told(mark, await view.update(topics) if topics else Update())

    def _work_if_needed(self) -> None:
        if self._worker is None or self._worker.done():
            # From this moment on nothing is missed, not even what happens before the worker has its turn.
            self._news.clear()
            self._worker = asyncio.get_running_loop().create_task(self._work(self._feed.mark), name="live pages")

    async def _work(self, mark: str) -> None:
        """As long as somebody listens: tell what changes, and now and then that all is well."""
        beat_at = _now() + self._beat
        while self._audiences:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(beat_at):
                    await self._news.wait()
            begun = time.perf_counter()
            if _now() >= beat_at:
                beat_at = _now() + self._beat
                await self._each(partial(self._live_on, mark))
            if self._news.is_set():
                await asyncio.sleep(_GATHER)
                self._news.clear()
                begun, topics, mark = time.perf_counter(), self._feed.since(mark), self._feed.mark
                await self._each(partial(self._tell, mark, topics))
            await asyncio.sleep((time.perf_counter() - begun) * _SHARE)

    async def _each(self, what: Callable[[_Audience], Awaitable[None]]) -> None:
        for audience in list(self._audiences.values()):
            try:
                await what(audience)
            except Exception:
                # A page that cannot be made must not keep the others from being told.
                log.exception("an open page was not renewed")

    async def _tell(self, mark: str, topics: frozenset[Topic] | None, audience: _Audience) -> None:
        if topics is None or RELOADED in topics:
            audience.tell(_message("reload", mark, ""))
        elif concerned := audience.view.concerned(topics):
            update = audience.news(await audience.view.update(concerned))
            audience.tell(self._told(mark, update))

    async def _live_on(self, mark: str, audience: _Audience) -> None:
        update = audience.news(await audience.view.update(frozenset()))
        audience.tell(_sign(audience, mark) + (self._told(mark, update) if update.fragments else b""))

    def _told(self, mark: str, update: Update) -> bytes:
        if len(update.fragments) > _MOST_FRAGMENTS:
            return _message("reload", mark, "")
        return _message("change", mark, {"parts": [_plain(part) for part in update.fragments], "say": _said(update)})


def _sign(audience: _Audience, mark: str) -> bytes:
    return b": alive\n\n" + _message("beat", mark, audience.view.clock)


def _plain(part: Fragment) -> Mapping[str, str]:
    return {"id": part.id, "html": part.html, "into": part.into, "before": part.before}


def _said(update: Update) -> Sequence[str]:
    left = len(update.sayings) - _MOST_SAYINGS
    return [*update.sayings[:_MOST_SAYINGS], *([f"+{left}"] if left > 0 else [])]


def _message(event: str, mark: str, content: object) -> bytes:
    """One event; JSON has no line break of its own."""
    head = f"id: {mark}\n" if mark else ""
    return f"{head}event: {event}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n".encode()


def _now() -> float:
    return asyncio.get_running_loop().time()
