"""Notices on their way to receivers, on a clock that jumps: sent, written, stopped."""

import itertools
import logging
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from alerts.notice import Kind, Notice
from tests.peers.clock import SteppedLoop
from tests.peers.dispatching import World, hand_over, hook, play
from tests.peers.receiving import AGAIN, NOON, TAKEN, always, counts, notice, until


@pytest.fixture
def world() -> Iterator[World]:
    """A dispatcher that knows nobody yet."""
    loop = SteppedLoop()
    yield World(loop)
    loop.close()


def test_a_notice_is_written_as_sent_then_sent_then_receipted(world: World) -> None:
    """The fact comes first, the message second, the receipt third; all at once where nothing is slow."""
    world.knows(hook(world, always(TAKEN, 0.25)))

    async def scenario(world: World) -> None:
        await world.at(3)
        world.dispatcher.take([notice("a")])
        await world.at(4)

    play(world, scenario)
    assert world.post.attempts == [(3.0, "hook", "a")]
    assert world.post.written == [(3.0, "sent", "a", ""), (3.25, "receipted", "a", "hook r")]
    assert counts(world.post, "hook") == {"delivered": 1}


def test_what_is_taken_before_the_start_is_sent_after_it(world: World) -> None:
    """The outbox is handed over before the dispatcher runs."""
    world.knows(hook(world, always(TAKEN)))
    world.dispatcher.take([notice("a")])
    play(world, lambda world: world.at(1))
    assert world.post.keys("hook") == ["a"]


def test_notices_of_one_incident_keep_their_order(world: World) -> None:
    """A resolved waits for its opened, however long that fails."""
    world.knows(hook(world, until(100, (AGAIN, 0))))
    opened, resolved = notice("a", "i"), notice("b", "i", kind=Kind.RESOLVED)

    async def scenario(world: World) -> None:
        world.dispatcher.take([opened])
        await world.at(50)
        world.dispatcher.take([resolved])
        await world.at(200)

    play(world, scenario)
    assert world.post.keys("hook") == ["a", "b"]
    assert {key for at, _, key in world.post.attempts if at < 100} == {"a"}


def test_the_stop_waits_for_what_is_being_sent(world: World) -> None:
    """Within its patience, and receipts are written; what was not begun is left in the outbox, not given up."""
    world.knows(hook(world, always(TAKEN, 3)))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a"), notice("b")])
        await world.at(1)

    play(world, scenario, stop=5)
    assert world.loop.time() == 3
    assert [(what, key) for _, what, key, _ in world.post.written] == [("sent", "a"), ("receipted", "a")]


def test_the_stop_comes_in_the_instant_of_a_message(world: World) -> None:
    """What is handed over as the stop begins is not sent, and the stop ends all the same."""
    world.knows(hook(world, always(TAKEN), always(AGAIN)))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a", receiver="hook1")])
        await world.at(100)
        world.dispatcher.take([notice("b")])

    play(world, scenario)
    assert world.post.tried("hook") == []
    assert world.dispatcher.queue() == {"hook": (1, 100.0), "hook1": (1, 100.0)}


def test_the_stop_does_not_wait_for_ever(world: World) -> None:
    """A send that hangs is left behind; after the restart the notice is sent again, with the same key."""
    world.knows(hook(world, until(2, (AGAIN, math.inf))))
    play(world, lambda world: hand_over(world, notice("a"), end=1), stop=2)
    assert world.loop.time() == 3
    assert [what for _, what, _, _ in world.post.written] == ["sent"]
    world.started_anew()
    world.dispatcher.take([notice("a")])
    play(world, lambda world: world.at(20))
    assert [key for _, _, key in world.post.attempts] == ["a", "a"]
    assert world.post.written[-1][1:3] == ("receipted", "a")


def test_a_notice_that_waits_is_not_taken_twice(world: World) -> None:
    """Handed over again, it is sent once."""
    world.knows(hook(world, always(TAKEN, 5)))
    play(world, lambda world: hand_over(world, notice("a"), notice("a"), end=60))
    assert world.post.keys("hook") == ["a"]


def test_an_outbox_that_fails_holds_up_no_message(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """It is asked again until it has everything, in order; the log tells of it when it begins and when it is over."""
    caplog.set_level(logging.INFO)
    world.knows(hook(world, always(TAKEN)))
    world.post.fails_until = 300
    play(world, lambda world: hand_over(world, *(notice(f"n{n}") for n in range(20)), end=400))
    assert max(at for at, _, _ in world.post.taken) <= 1
    written = [(key, what) for _, what, key, _ in world.post.written]
    assert sorted(written) == sorted((f"n{n}", what) for n in range(20) for what in ("receipted", "sent"))
    assert all(written.index((f"n{n}", "sent")) < written.index((f"n{n}", "receipted")) for n in range(20))
    assert [record.getMessage() for record in caplog.records if "written" in record.getMessage()] == [
        "what becomes of messages cannot be written (OSError); tried again",
        "what becomes of messages can be written again",
    ]


def test_an_outbox_that_is_slow_holds_up_one_message_for_a_second(world: World) -> None:
    """The first waits a second for it; as long as that is not written, the others wait for nothing."""
    world.knows(hook(world, always(TAKEN)))
    world.post.writing_takes = 60
    play(world, lambda world: hand_over(world, *(notice(f"n{n}") for n in range(20)), end=30))
    assert {at for at, _, _ in world.post.taken} == {1.0}


def test_each_attempt_is_freshened(world: World) -> None:
    """How late a message is stands in it as it is sent; if that cannot be said, it is sent as it was."""
    world.knows(hook(world, until(100, (AGAIN, 0))))
    seen: list[datetime] = []

    def freshen(notice: Notice, now: datetime) -> Notice:
        seen.append(now)
        if len(seen) == 1:
            raise ZeroDivisionError
        return replace(notice, key=f"{notice.key} at {(now - NOON).total_seconds():.0f}")

    world.started_anew(freshen=freshen)
    play(world, lambda world: hand_over(world, notice("a")))
    assert world.post.attempts[0][2] == "a"
    assert all(key == f"a at {at:.0f}" for at, _, key in world.post.attempts[1:])


def test_a_mistake_in_counting_ends_nothing(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log gets the whole of it, and what comes after is sent and written."""
    world.knows(hook(world, always(TAKEN)))
    failures = itertools.count()

    def notified(_receiver: str, _outcome: str) -> None:
        if next(failures) == 0:
            raise ZeroDivisionError

    monkeypatch.setattr(world.post, "notified", notified)
    play(world, lambda world: hand_over(world, notice("a"), notice("b"), end=5))
    assert "ZeroDivisionError" in caplog.text
    assert [key for _, what, key, _ in world.post.written if what == "receipted"] == ["a", "b"]


def test_a_mistake_in_deciding_costs_a_second(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log gets the whole of it, and the dispatcher goes on."""
    world.knows(hook(world, always(TAKEN)))
    due, asked = world.dispatcher._queue.due, itertools.count()

    def fails_once(now: float) -> Any:
        if next(asked) == 0:
            raise ZeroDivisionError
        return due(now)

    monkeypatch.setattr(world.dispatcher._queue, "due", fails_once)
    play(world, lambda world: hand_over(world, notice("a"), end=5))
    assert world.post.keys("hook") == ["a"]
    assert world.post.tried("hook") == pytest.approx([1.0], abs=0.01)
    assert "ZeroDivisionError" in caplog.text


def test_a_dispatcher_that_was_never_started_can_be_stopped(world: World) -> None:
    """As when the daemon ends in the middle of its start; what it was handed stays in the outbox."""
    world.knows(hook(world, always(TAKEN)))
    world.dispatcher.take([notice("a")])
    world.loop.run_until_complete(world.dispatcher.stop(5))
    assert world.post.attempts == []
    assert world.post.written == []
