"""Clients that never finish their question, never read the answer, or come in thousands."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, StreamingResponse

from exporters.connections import MOST, Door
from exporters.server import WebServer
from tests.peers.api import Ward

LAST_SCRAPE = b"GET /metrics HTTP/1.1\r\nHost: monitor\r\nConnection: close\r\n\r\n"
SCRAPE = LAST_SCRAPE.replace(b"close", b"keep-alive")
UNFINISHED = b"GET /metrics HTTP/1.1\r\nHost: monitor\r\nX-Slow: "


class Clients:
    """Connects to a server, and hangs up at the end."""

    def __init__(self, port: int, ends: ExitStack) -> None:
        self._port = port
        self._ends = ends

    async def say(self, words: bytes, source: str = "127.0.0.1") -> socket.socket:
        """Connect from an address, and say something."""
        client = self._ends.enter_context(socket.socket())
        client.bind((source, 0))
        client.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(client, ("127.0.0.1", self._port))
        await loop.sock_sendall(client, words)
        return client


async def answer(client: socket.socket, until: bytes = b"never said") -> bytes:
    """All that comes until certain words, or until the other side hangs up, politely or not."""
    heard, loop = bytearray(), asyncio.get_running_loop()
    async with asyncio.timeout(5):
        try:
            while until not in heard and (part := await loop.sock_recv(client, 65_536)):
                heard += part
        except ConnectionError:
            pass
    return bytes(heard)


def is_open(client: socket.socket) -> bool:
    """Whether the other side has not hung up; it must have said nothing."""
    try:
        return client.recv(1) != b""
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


@asynccontextmanager
async def serving(door: Door) -> AsyncIterator[Clients]:
    """A server behind this door."""
    server = WebServer(Ward().app(), "127.0.0.1:0", door)
    await server.start()
    with ExitStack() as ends:
        yield Clients(server.port, ends)
    await server.stop()


async def test_a_thousand_slow_clients_hold_up_no_scrape() -> None:
    """However many never finish their request, who asks at once is answered at once; and they are not kept."""
    async with serving(Door()) as clients:
        slow = [await clients.say(UNFINISHED) for _ in range(1_000)]
        begun = time.monotonic()
        assert (await answer(await clients.say(LAST_SCRAPE))).startswith(b"HTTP/1.1 200 OK")
        assert time.monotonic() - begun < 1
        assert sum(map(is_open, slow)) < MOST


async def test_a_request_must_be_whole_in_time() -> None:
    """One octet now and then does not prolong the time for a request, and neither does an answered one before it."""
    async with serving(Door(patience=0.3)) as clients:
        client = await clients.say(SCRAPE + UNFINISHED)
        begun, trickle = time.monotonic(), asyncio.create_task(_trickle(client))
        assert (await answer(client)).startswith(b"HTTP/1.1 200 OK")
        assert 0.2 < time.monotonic() - begun < 2
        trickle.cancel()


async def _trickle(client: socket.socket) -> None:
    while True:
        client.send(b"a")
        await asyncio.sleep(0.02)


async def test_an_answer_must_be_read_in_time() -> None:
    """Who asks and asks, and reads nothing, is dropped; the server does not keep the answers for it."""
    async with serving(Door(patience=0.3)) as clients:
        client = await clients.say(SCRAPE * 300)
        await asyncio.sleep(1)
        assert (await answer(client)).count(b"HTTP/1.1 200 OK") < 300


async def test_in_a_full_house_the_silent_ones_make_room() -> None:
    """The one goes that has kept the server waiting longest; who has been answered meanwhile is not that one."""
    async with serving(Door(most=3)) as clients:
        first, second, third = [await clients.say(b"") for _ in range(3)]
        first.send(SCRAPE)
        await answer(first, until=b"0\r\n\r\n")
        await clients.say(b"")
        assert await answer(second) == b""
        first.send(LAST_SCRAPE)
        assert b"linkward_build_info" in await answer(first)
        assert is_open(third)


@pytest.mark.parametrize("head", ["GET / HTTP/1.1\r\nX-Big: " + "a" * 70_000, "\x16\x03\x01\x02\x00" * 20])
async def test_a_request_without_sense_is_refused(head: str, caplog: pytest.LogCaptureFixture) -> None:
    """A header without end, and another protocol, are status 400 at once, and not a line in the log for each."""
    async with serving(Door()) as clients:
        heard = await answer(await clients.say(head.encode()))
        assert heard.startswith(b"HTTP/1.1 400 ")
    assert caplog.records == []


async def test_one_address_cannot_take_all_places(caplog: pytest.LogCaptureFixture) -> None:
    """Beyond its share the one of its own connections goes that is silent longest; this machine itself is excepted."""
    async with serving(Door(most_each=3)) as clients:
        mine = [await clients.say(b"") for _ in range(5)]
        first, *others = [await clients.say(b"", source="127.0.0.2") for _ in range(4)]
        assert await answer(first) == b""
        assert all(map(is_open, [*mine, *others]))
        assert b"linkward_build_info" in await answer(await clients.say(LAST_SCRAPE, source="127.0.0.3"))
    assert [record.getMessage() for record in caplog.records] == [
        "more than 3 connections from 127.0.0.2: those that ask for nothing are closed"
    ]


async def test_at_the_end_what_never_ends_is_closed() -> None:
    """An open stream of events does not hold up the end of the daemon; a request under way is answered whole."""
    begun, going_on = asyncio.Event(), asyncio.Event()

    async def events() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"
        begun.set()
        await asyncio.Event().wait()

    async def slow() -> PlainTextResponse:
        going_on.set()
        await asyncio.sleep(0.5)
        return PlainTextResponse("all of it")

    app = FastAPI()
    app.add_api_route("/events", lambda: StreamingResponse(events(), media_type="text/event-stream"))
    app.add_api_route("/slow", slow)
    server = WebServer(app, "127.0.0.1:0")
    await server.start()
    with ExitStack() as ends:
        clients = Clients(server.port, ends)
        listening = await clients.say(SCRAPE.replace(b"/metrics", b"/events"))
        waiting = await clients.say(SCRAPE.replace(b"/metrics", b"/slow"))
        await asyncio.gather(begun.wait(), going_on.wait())
        started = time.monotonic()
        await server.stop()
        assert time.monotonic() - started < 2
        assert (await answer(listening)).endswith(b"data: 1\n\n\r\n")
        assert (await answer(waiting)).endswith(b"all of it")
