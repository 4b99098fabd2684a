"""Threads for what blocks, and a real receiver at their end."""

import asyncio
import logging
import threading
import time

import pytest

from alerts.directory import Book
from alerts.dispatch import Dispatcher
from alerts.lanes import Lane
from alerts.receivers.delivery import Delivery
from alerts.receivers.webhook import Webhook
from tests.peers.hook import Call, hook
from tests.peers.receiving import TAKEN, Post, notice


def nothing(_delivery: Delivery) -> None:
    """Nobody waits for what comes late."""


async def test_the_loop_goes_on_while_a_job_blocks() -> None:
    """It runs in a thread of its own, which is no hindrance to the end of the process."""
    loop, may_end, began, seen = asyncio.get_running_loop(), threading.Event(), asyncio.Event(), []

    def job() -> Delivery:
        seen.append(threading.current_thread())
        loop.call_soon_threadsafe(began.set)
        may_end.wait(5)
        return TAKEN

    lane = Lane("test")
    answer = asyncio.create_task(lane.run(job, 5, nothing))
    await asyncio.wait_for(began.wait(), 5)
    assert not answer.done()
    may_end.set()
    assert await answer is TAKEN
    assert seen[0] is not threading.main_thread()
    assert seen[0].daemon
    lane.close()
    seen[0].join(5)
    assert not seen[0].is_alive()


async def test_a_job_that_hangs_is_left_behind() -> None:
    """The lane is free for the next in another thread; what the first gives in the end is told."""
    may_end, late = threading.Event(), asyncio.Event()
    said: list[Delivery] = []

    def job() -> Delivery:
        may_end.wait(5)
        return TAKEN

    def came(delivery: Delivery) -> None:
        said.append(delivery)
        late.set()

    lane = Lane("test")
    assert await lane.run(job, 0.01, came) is None
    assert lane.hung == 1
    assert await lane.run(lambda: TAKEN, 5, nothing) is TAKEN
    may_end.set()
    await asyncio.wait_for(late.wait(), 5)
    assert said == [TAKEN]
    assert lane.hung == 0
    lane.close()


async def test_an_exception_is_an_attempt_in_vain(caplog: pytest.LogCaptureFixture) -> None:
    """The thread goes on; the log says where it was raised, and nothing of its words, which may hold a token."""

    def job() -> Delivery:
        raise ValueError("http://host/token")

    lane = Lane("hook at host")
    delivery = await lane.run(job, 5, nothing)
    assert delivery is not None
    assert (delivery.outcome, delivery.detail) == ("retry", "an error in the program: ValueError")
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "hook at host: ValueError at" in record.getMessage()
    assert "test_lanes.py" in record.getMessage()
    assert "token" not in caplog.text
    assert await lane.run(lambda: TAKEN, 5, nothing) is TAKEN
    lane.close()


def test_a_job_that_comes_home_after_the_loop_harms_nobody() -> None:
    """Its answer goes nowhere."""
    may_end, threads = threading.Event(), []

    def job() -> Delivery:
        threads.append(threading.current_thread())
        may_end.wait(5)
        return TAKEN

    async def leave() -> None:
        lane = Lane("test")
        assert await lane.run(job, 0.01, nothing) is None

    asyncio.run(leave())
    may_end.set()
    threads[0].join(5)
    assert not threads[0].is_alive()


async def test_a_real_receiver_gets_everything_while_another_is_silent() -> None:
    """Over HTTP and real threads: 50 notices in order, while the other hangs and no thread of it is waited for."""
    fails = iter([503, 500])

    all_delivered = asyncio.Event()

    class Watching(Post):
        def notified(self, receiver: str, outcome: str) -> None:
            super().notified(receiver, outcome)
            if self.counted["good", "delivered"] == 50:
                all_delivered.set()

    post = Watching(asyncio.get_running_loop())

    def conduct(call: Call) -> None:
        call.answer(next(fails, 200))

    with hook(conduct) as good, hook(Call.hold) as silent:
        book = Book({"good": (Webhook(good.url),), "silent": (Webhook(silent.url),)})
        dispatcher = Dispatcher(book, post, post, timeout=5, chance=lambda: 0.01)
        await dispatcher.start()
        started = time.monotonic()
        dispatcher.take(notice(f"n{n}", "i", receiver=name) for n in range(50) for name in ("good", "silent"))
        await asyncio.wait_for(all_delivered.wait(), 4)
        assert (dispatcher.queue()["good"][0], dispatcher.queue()["silent"][0]) == (0, 50)
        await dispatcher.stop(0.05)
        assert time.monotonic() - started < 4.5
        assert [call.json["notificationKey"] for call in good.calls] == ["n0", "n0", *(f"n{n}" for n in range(50))]
        assert [call.json["notificationKey"] for call in silent.calls] == ["n0"]
    assert post.counted["good", "retried"] == 2
