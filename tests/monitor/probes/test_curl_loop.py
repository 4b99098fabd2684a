"""libcurl on the event loop, on asyncio's own and on uvloop."""

import asyncio
import errno
import select
from collections.abc import Callable, Coroutine
from typing import Any

import pycurl
import pytest
import uvloop

from monitor.probes.curl_loop import CurlError, CurlLoop
from tests.peers.http_server import Visit, silent_server, web_server

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a coroutine on an event loop of this kind."""
    factory = uvloop.new_event_loop if request.param == "uvloop" else asyncio.new_event_loop

    def on_this_loop(story: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(story)

    return on_this_loop


def handle(url: str, timeout: float = 5) -> pycurl.Curl:
    """A transfer that throws its body away."""
    curl = pycurl.Curl()
    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.TIMEOUT_MS, int(timeout * 1000))
    curl.setopt(pycurl.FORBID_REUSE, 1)
    curl.setopt(pycurl.PROXY, "")
    curl.setopt(pycurl.WRITEFUNCTION, lambda _: None)
    return curl


async def respond(visit: Visit) -> None:
    """Say hello."""
    await visit.respond(b"hello")


def test_transfers_run_side_by_side(run: Run) -> None:
    """Two hundred on one loop all succeed, and leave no descriptor watched."""

    async def story() -> None:
        curl = CurlLoop()
        async with web_server(respond) as web:
            handles = [handle(web.url) for _ in range(200)]
            assert await asyncio.gather(*map(curl.perform, handles)) == [None] * 200
            assert {each.getinfo(pycurl.RESPONSE_CODE) for each in handles} == {200}
        assert curl.transfers == 0
        assert curl._watched == set()
        curl.close()

    run(story())


def test_a_time_limit_is_kept(run: Run) -> None:
    """Silent peers end at their own limits, each at its own time, while others go on."""

    async def story() -> None:
        curl = CurlLoop()
        loop = asyncio.get_running_loop()
        ended: dict[float, float] = {}

        async def wait(port: int, limit: float) -> None:
            started = loop.time()
            error = await curl.perform(handle(f"http://127.0.0.1:{port}/", limit))
            assert error is not None
            assert error.code == pycurl.E_OPERATION_TIMEDOUT
            ended[limit] = loop.time() - started

        async with silent_server() as port, web_server(respond) as web:
            waiting = [asyncio.create_task(wait(port, limit)) for limit in (0.5, 0.1, 0.3)]
            assert await curl.perform(handle(web.url)) is None
            await asyncio.gather(*waiting)
        assert list(ended) == [0.1, 0.3, 0.5]
        assert all(limit - 0.002 <= took < limit + 0.1 for limit, took in ended.items()), ended
        curl.close()

    run(story())


def test_a_transfer_can_be_cancelled(run: Run) -> None:
    """Its handle is free again at once, and others do not notice."""

    async def story() -> None:
        curl = CurlLoop()
        async with silent_server() as port, web_server(respond) as web:
            first = handle(f"http://127.0.0.1:{port}/")
            task = asyncio.create_task(curl.perform(first))
            await asyncio.sleep(0.05)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert curl.transfers == 0
            first.setopt(pycurl.URL, web.url)
            assert await curl.perform(first) is None
        curl.close()

    run(story())


def test_closing_ends_what_is_under_way(run: Run) -> None:
    """Whoever waits is told, not left waiting."""

    async def story() -> None:
        curl = CurlLoop()
        async with silent_server() as port:
            task = asyncio.create_task(curl.perform(handle(f"http://127.0.0.1:{port}/")))
            await asyncio.sleep(0.05)
            curl.close()
            assert await task == CurlError(pycurl.E_ABORTED_BY_CALLBACK, "the loop of transfers was closed")

    run(story())


def test_a_timer_that_is_all_but_due_has_no_time_to_ask_for() -> None:
    """Under uvloop a timer due within half a millisecond is a plain handle; the next timer is set beside it."""

    async def story() -> None:
        curl = CurlLoop()
        loop = asyncio.get_running_loop()
        curl._arm(loop.time() + 0.0003)
        assert not hasattr(curl._timer, "when")
        async with web_server(respond) as web:
            assert await curl.perform(handle(web.url)) is None
        curl._arm(loop.time() + 0.0003)
        curl._set_timer(1)
        curl.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(story())


def test_many_short_limits_end_each_at_its_own(run: Run) -> None:
    """Hundreds of silent peers, a millisecond apart, all end by their limit, and the loop goes on working."""

    async def story() -> None:
        curl = CurlLoop()
        async with silent_server() as port, web_server(respond) as web:
            silent = f"http://127.0.0.1:{port}/"
            limits = [(1 + n) / 1000 for n in range(300)]
            errors = await asyncio.gather(*(curl.perform(handle(silent, limit)) for limit in limits))
            assert {error.code for error in errors if error} == {pycurl.E_OPERATION_TIMEDOUT}
            assert await curl.perform(handle(web.url)) is None
        curl.close()

    run(story())


def test_a_callback_that_fails_ends_its_own_transfer_only(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    """A bug in what takes one body is that transfer's error; those beside it and after it go on."""

    def stumble(_: bytes) -> None:
        raise RuntimeError("a bug")

    async def story() -> None:
        curl = CurlLoop()
        async with web_server(respond) as web:
            bad = handle(web.url)
            bad.setopt(pycurl.WRITEFUNCTION, stumble)
            good = [handle(web.url) for _ in range(20)]
            error, *others = await asyncio.gather(*map(curl.perform, [bad, *good]))
            assert error is not None
            assert error.code == pycurl.E_WRITE_ERROR
            assert others == [None] * 20
            assert await curl.perform(handle(web.url)) is None
        curl.close()

    run(story())
    assert "a bug" in capfd.readouterr().err


def test_a_socket_that_cannot_be_watched_costs_one_transfer(run: Run) -> None:
    """Where the kernel refuses to watch one socket, its transfer runs into its limit, and no other notices."""

    class Refusing:
        """An epoll that is full once."""

        def __init__(self, real: select.epoll) -> None:
            self._real, self._full = real, True

        def register(self, fd: int, events: int) -> None:
            if self._full:
                self._full = False
                raise OSError(errno.ENOSPC, "No space left on device")
            self._real.register(fd, events)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

    async def story() -> None:
        curl = CurlLoop()
        vars(curl)["_epoll"] = Refusing(curl._epoll)
        async with web_server(respond) as web, silent_server() as port:
            unseen = asyncio.create_task(curl.perform(handle(f"http://127.0.0.1:{port}/", 0.5)))
            await asyncio.sleep(0)
            others = await asyncio.gather(*(curl.perform(handle(web.url)) for _ in range(20)))
            assert others == [None] * 20
            error = await unseen
            assert error is not None
            assert error.code == pycurl.E_OPERATION_TIMEDOUT
        curl.close()

    run(story())


def test_a_loop_survives_libcurl_giving_up(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    """Where libcurl fails as a whole, whoever waits is told, and the next transfer works."""

    def stumble(*_: object) -> None:
        raise RuntimeError("a bug")

    async def story() -> None:
        curl = CurlLoop()
        async with web_server(respond) as web, silent_server() as port:
            waiting = asyncio.create_task(curl.perform(handle(f"http://127.0.0.1:{port}/")))
            await asyncio.sleep(0.05)
            curl._multi.setopt(pycurl.M_SOCKETFUNCTION, stumble)
            assert isinstance(await curl.perform(handle(web.url)), CurlError)
            curl._multi.setopt(pycurl.M_SOCKETFUNCTION, curl._watch)
            assert isinstance(await waiting, CurlError)
            assert await curl.perform(handle(web.url)) is None
        curl.close()

    run(story())
    assert "a bug" in capfd.readouterr().err
