"""What is left out when too much waits, on a clock that jumps."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from alerts.directory import Book
from alerts.notice import Kind
from tests.peers.clock import SteppedLoop
from tests.peers.dispatching import World, hand_over, hook, play
from tests.peers.receiving import AGAIN, TAKEN, Door, always, counts, notice, until


@pytest.fixture
def world() -> Iterator[World]:
    """A dispatcher that knows nobody yet."""
    loop = SteppedLoop()
    yield World(loop)
    loop.close()


def test_updates_that_are_overtaken_are_dropped(world: World) -> None:
    """Of what waits, openings and resolutions stay; an update that a later message says better is superseded."""
    kinds = [Kind.OPENED, Kind.UPDATED, Kind.REMINDER, Kind.RESOLVED, Kind.UPDATED]
    world.knows(hook(world, until(100, (AGAIN, 0))))
    waiting = [notice(f"{place}-{kind}", "i", kind=kind) for place, kind in enumerate(kinds)]
    play(world, lambda world: hand_over(world, *waiting))
    assert world.post.keys("hook") == ["0-opened", "3-resolved", "4-updated"]
    assert [(key, why) for _, what, key, why in world.post.written if what == "given up"] == [
        ("1-updated", "superseded by a later message about the same incident"),
        ("2-reminder", "superseded by a later message about the same incident"),
    ]
    assert counts(world.post, "hook")["superseded"] == 2


def test_an_update_that_is_being_sent_is_dropped_only_when_it_fails(world: World) -> None:
    """What comes later while it is on its way overtakes it only if it was not taken."""
    world.knows(hook(world, always(TAKEN, 5), until(5, (AGAIN, 5))))

    async def scenario(world: World) -> None:
        for receiver in ("hook", "hook1"):
            world.dispatcher.take([notice(f"a-{receiver}", "i", kind=Kind.UPDATED, receiver=receiver)])
        await world.at(2)
        for receiver in ("hook", "hook1"):
            world.dispatcher.take([notice(f"b-{receiver}", "i", kind=Kind.RESOLVED, receiver=receiver)])
        await world.at(60)

    play(world, scenario)
    assert world.post.keys("hook") == ["a-hook", "b-hook"]
    assert world.post.keys("hook1") == ["b-hook1"]


def test_an_update_about_more_incidents_than_the_later_message_stays(world: World) -> None:
    """What it says of the others would be lost."""
    world.knows(hook(world, until(100, (AGAIN, 0))))
    both = replace(notice("both", kind=Kind.UPDATED), incidents=("i", "j"))
    play(world, lambda world: hand_over(world, both, notice("one", "i", kind=Kind.RESOLVED)))
    assert world.post.keys("hook") == ["both", "one"]


def test_no_more_than_so_many_wait(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Beyond, the oldest updates go first, then the oldest of all; that is logged once, and once when it is over."""
    world.knows(hook(world, until(100, (AGAIN, 0))))
    world.started_anew(most=10)
    kinds = [Kind.OPENED, Kind.UPDATED]

    async def scenario(world: World) -> None:
        for number in range(12):
            world.dispatcher.take([notice(f"{number}-{kinds[number % 2]}", kind=kinds[number % 2])])
            assert world.dispatcher.queue()["hook"][0] <= 10
        for number in range(12, 22):
            world.dispatcher.take([notice(f"{number}-opened")])
        assert world.dispatcher.queue()["hook"][0] == 10
        await world.at(200)

    play(world, scenario)
    assert sorted(world.post.keys("hook"), key=lambda key: int(key.split("-")[0])) == [
        f"{number}-opened" for number in range(12, 22)
    ]
    gone = [key for _, what, key, _ in world.post.written if what == "given up"]
    assert gone == [*(f"{n}-updated" for n in range(1, 12, 2)), *(f"{n}-opened" for n in range(0, 12, 2))]
    assert counts(world.post, "hook")["given_up"] == 12
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == [
        "too many messages wait to be sent; the oldest are given up until there is room"
    ]
    assert "there is room for messages again; 12 were given up" in caplog.text


def test_thousands_that_wait_are_sent_in_seconds(world: World) -> None:
    """What is done for each does not grow with their number; the limit of time on the test would end it otherwise."""
    world.knows(hook(world, until(100, (AGAIN, 0))))
    many = [notice(f"n{number}") for number in range(4_000)]
    play(world, lambda world: hand_over(world, *many))
    assert len(world.post.keys("hook")) == 4_000


def test_what_a_part_of_the_urls_has_is_receipted_though_the_rest_is_given_up(world: World) -> None:
    """Too many wait for the other URL; the outbox knows of both."""
    world.knows(Book({"hook": (Door(world.post, "one"), Door(world.post, "two", always(AGAIN)))}))
    world.started_anew(most=1)

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a")])
        await world.at(10)
        world.dispatcher.take([notice("b")])
        await world.at(11)

    play(world, scenario)
    assert [(what, words) for _, what, key, words in world.post.written if key == "a"] == [
        ("sent", ""),
        ("receipted", "hook r"),
        ("given up", "more than 1 messages wait; hook at one has it"),
    ]
