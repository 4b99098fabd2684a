"""Receivers that fail, hang or are slow, on a clock that jumps."""

import itertools
import logging
import math
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from alerts.notice import Kind, Notice
from tests.peers.clock import SteppedLoop
from tests.peers.dispatching import World, hand_over, hook, play
from tests.peers.receiving import AGAIN, TAKEN, Answer, Hand, always, counts, notice, until

HOUR = 3_600.0


@pytest.fixture
def world() -> Iterator[World]:
    """A dispatcher that knows nobody yet."""
    loop = SteppedLoop()
    yield World(loop)
    loop.close()


def test_another_incident_overtakes_one_that_is_never_taken(world: World) -> None:
    """A message that the receiver cannot digest holds up no other by more than a moment."""

    def conduct(notice: Notice, _at: float) -> Answer:
        return (AGAIN if notice.key == "poison" else TAKEN), 0.0

    world.knows(hook(world, conduct))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("poison")])
        for number in range(1, 101):
            await world.at(10 * number)
            world.dispatcher.take([notice(f"n{number}")])
        await world.at(1_010)

    play(world, scenario)
    assert [(at, key) for at, _, key in world.post.taken] == [(10.0 * n, f"n{n}") for n in range(1, 101)]
    assert world.dispatcher.queue() == {"hook": (1, 1_010.0)}


def test_many_that_are_never_taken_hold_up_none_that_is(world: World) -> None:
    """When several are indigestible at once the lane is probed with another each time, until one is taken."""

    def conduct(notice: Notice, _at: float) -> Answer:
        return (AGAIN if notice.key.startswith("poison") else TAKEN), 0.0

    world.knows(hook(world, conduct))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice(f"poison{number}") for number in range(10)])
        await world.at(HOUR)
        world.dispatcher.take([notice(f"n{number}") for number in range(10)])
        await world.at(HOUR + 400)

    play(world, scenario)
    assert len(world.post.keys("hook")) == 10


def test_a_dead_or_slow_receiver_delays_no_other(world: World) -> None:
    """One hangs, one takes 9 s for each, one fails; the fourth has its notice in the same instant."""
    world.knows(hook(world, always(AGAIN, math.inf), always(TAKEN, 9), always(AGAIN), always(TAKEN)))

    async def scenario(world: World) -> None:
        for second in range(100):
            await world.at(second)
            world.dispatcher.take([notice(f"{name}-{second}", receiver=name) for name in world.book.receivers])
        await world.at(100)

    play(world, scenario)
    assert [(at, key) for at, place, key in world.post.taken if place == "hook3"] == [
        (float(second), f"hook3-{second}") for second in range(100)
    ]


def test_pauses_between_attempts_grow_up_to_32_seconds(world: World) -> None:
    """1, 2, 4 ... where chance gives the longest pause each time."""
    world.knows(hook(world, always(AGAIN)))
    world.started_anew(chance=lambda: 1.0)

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a")])
        await world.at(130)

    play(world, scenario)
    assert world.post.tried("hook") == [0, 1, 3, 7, 15, 31, 63, 95, 127]
    assert counts(world.post, "hook") == {"retried": 9}


def test_retry_after_is_heeded_by_all_that_waits(world: World) -> None:
    """The receiver asked to be left alone, not only by this message; but by no more than ten minutes."""
    busy = replace(AGAIN, retry_after=300.0)
    world.knows(hook(world, until(1, (busy, 0)), until(1, (replace(AGAIN, retry_after=7_200.0), 0))))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a"), notice("c", receiver="hook1")])
        await world.at(10)
        world.dispatcher.take([notice("b")])
        await world.at(700)

    play(world, scenario)
    assert world.post.tried("hook") == [0, 300, 300]
    assert world.post.tried("hook1") == [0, 600]


@pytest.mark.parametrize("seed", range(5))
def test_after_an_hour_of_failure_a_thousand_are_delivered_within_a_minute(world: World, seed: int) -> None:
    """Also where the receiver hangs rather than refuses, and takes 10 ms for each; while it is away, one probes."""
    # A thread that hung comes home after a while: three that never do are all that a lane leaves behind.
    world.knows(hook(world, until(HOUR, (AGAIN, 14.0 if seed % 2 else 0.1), (TAKEN, 0.01))))
    world.started_anew(chance=random.Random(seed).random, most=10_000)  # noqa: S311  # need not be secret

    async def scenario(world: World) -> None:
        for number in range(1_000):
            await world.at(3 * number)
            world.dispatcher.take([notice(f"n{number}")])
        await world.at(HOUR + 60)

    play(world, scenario)
    assert sorted(world.post.keys("hook")) == sorted(f"n{number}" for number in range(1_000))
    assert max(at for at, _, _ in world.post.taken) <= HOUR + 60
    assert len([at for at in world.post.tried("hook") if at < HOUR]) < 400


def test_a_hung_send_is_left_behind(world: World) -> None:
    """After 11 s its thread is given up and the next attempt gets a new one."""
    world.knows(hook(world, until(1, (AGAIN, math.inf))))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a"), notice("b")])
        await world.at(30)

    play(world, scenario)
    assert world.post.tried("hook")[:2] == [0, 11]
    assert sorted(world.post.keys("hook")) == ["a", "b"]


def test_at_most_three_threads_are_left_behind(world: World) -> None:
    """With three that hang nothing more is sent, until one comes back."""
    world.knows(hook(world, until(100, (AGAIN, 500.0))))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a")])
        await world.at(HOUR)

    play(world, scenario)
    third = world.post.tried("hook")[2]
    assert third < 100
    assert world.post.tried("hook")[3:] == [500.0]
    assert world.post.keys("hook") == ["a"]


def test_a_receipt_that_comes_late_counts(world: World) -> None:
    """A receiver that always takes 12 s gets each message, and not for ever."""
    world.knows(hook(world, always(TAKEN, 12.0)))
    world.started_anew(chance=lambda: 0.999)

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a", "i"), notice("b", "i", kind=Kind.RESOLVED)])
        await world.at(100)

    play(world, scenario)
    assert [key for _, what, key, _ in world.post.written if what == "receipted"] == ["a", "b"]
    assert len(world.post.attempts) <= 4
    assert world.dispatcher.queue() == {"hook": (0, None)}


def test_a_receipt_that_comes_late_shows_that_the_channel_works(world: World) -> None:
    """What waits for the next attempt is tried in that instant."""

    def conduct(notice: Notice, _at: float) -> Answer:
        return TAKEN, 0.0 if notice.key == "c" else 23.5

    world.knows(hook(world, conduct))
    world.started_anew(chance=lambda: 1.0)
    play(world, lambda world: hand_over(world, notice("a"), notice("b"), notice("c"), end=30))
    assert world.post.attempts == [(0.0, "hook", "a"), (11.0, "hook", "b"), (23.5, "hook", "c"), (23.5, "hook", "b")]


def test_the_log_tells_of_a_lane_when_it_fails_and_when_it_works(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Once each, however many attempts there were."""
    caplog.set_level(logging.INFO)
    world.knows(hook(world, until(100, (AGAIN, 0))))
    play(world, lambda world: hand_over(world, notice("a"), notice("b")))
    told = [record.getMessage() for record in caplog.records if record.getMessage().startswith("hook")]
    assert told[0] == "hook at hook takes no messages: 503; tried again until it does"
    assert len(told) == 2
    assert "answers again after" in told[1]


def test_an_attempt_that_cannot_be_made_is_made_again(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Where no thread can be had, the lane is not lost: it counts as a failure."""
    world.knows(hook(world, always(TAKEN)))
    hired = itertools.count()

    def hire(_name: str) -> Hand:
        if next(hired) == 0:
            raise RuntimeError("can't start new thread")
        return Hand(world.post)

    world.started_anew(hire=hire)
    play(world, lambda world: hand_over(world, notice("a"), end=60))
    assert world.post.keys("hook") == ["a"]
    assert "can't start new thread" in caplog.text
