"""What is written of notices, to an outbox that is slow or fails."""

import asyncio
import logging
from collections.abc import Iterator

import pytest

from alerts.ledger import Ledger
from tests.peers.clock import SteppedLoop
from tests.peers.receiving import NOON, Post, notice


@pytest.fixture
def loop() -> Iterator[SteppedLoop]:
    """A clock that jumps."""
    loop = SteppedLoop()
    yield loop
    loop.close()


def test_the_end_waits_for_what_is_being_written(loop: SteppedLoop) -> None:
    """Within its patience, all that was told is written in its order."""
    post = Post(loop, writing_takes=2)
    ledger = Ledger(post)

    async def scenario() -> None:
        await ledger.sent(notice("a"), NOON)
        ledger.receipted(notice("a"), NOON, "hook", "r")
        ledger.given_up(notice("b"), NOON, "why")
        await ledger.close(10)

    loop.run_until_complete(scenario())
    assert loop.time() == 4
    assert [(what, key) for _, what, key, _ in post.written] == [("sent", "a"), ("given up", "b"), ("receipted", "a")]


def test_the_end_does_not_wait_for_ever(loop: SteppedLoop, caplog: pytest.LogCaptureFixture) -> None:
    """What is not written by then is left, and the log says for how many messages."""
    post = Post(loop, fails_until=1e9)
    ledger = Ledger(post)

    async def scenario() -> None:
        for key in "abc":
            ledger.given_up(notice(key), NOON, "why")
        await ledger.close(10)
        assert not ledger._tasks

    loop.run_until_complete(scenario())
    assert loop.time() == 10
    assert "of 3 messages it is not written what became of them; they may be sent again" in caplog.text


def test_no_more_than_so_many_wait_to_be_written(loop: SteppedLoop, caplog: pytest.LogCaptureFixture) -> None:
    """Beyond, the oldest is left as it was: that costs a message that comes twice, not memory without end."""
    post = Post(loop, fails_until=100)
    ledger = Ledger(post, most=5)

    async def scenario() -> None:
        for number in range(20):
            ledger.receipted(notice(f"n{number}"), NOON, "hook", "")
            assert len(ledger._tasks) <= 5
            await asyncio.sleep(number % 2)
        await asyncio.sleep(200)
        ledger.receipted(notice("later"), NOON, "hook", "")
        await ledger.close(1)

    with caplog.at_level(logging.ERROR):
        loop.run_until_complete(scenario())
    assert sorted(key for _, _, key, _ in post.written) == ["later", *(f"n{number}" for number in range(15, 20))]
    assert len([record for record in caplog.records if "too much waits" in record.getMessage()]) == 1


def test_who_waits_for_a_message_that_is_left_goes_on(loop: SteppedLoop) -> None:
    """A send is not held up by what will not be written."""
    ledger = Ledger(Post(loop, fails_until=1e9), most=1)

    async def scenario() -> None:
        waiting = asyncio.create_task(ledger.sent(notice("a"), NOON))
        await asyncio.sleep(0.1)
        ledger.receipted(notice("b"), NOON, "hook", "")
        await waiting
        assert loop.time() < 1
        await ledger.close(0)

    loop.run_until_complete(scenario())
