"""Receivers that change while notices wait for them, on a clock that jumps."""

from collections.abc import Iterator

import pytest

from alerts.directory import Book
from tests.peers.clock import SteppedLoop
from tests.peers.dispatching import World, hook, play
from tests.peers.receiving import AGAIN, TAKEN, Door, always, counts, notice, until


@pytest.fixture
def world() -> Iterator[World]:
    """A dispatcher that knows nobody yet."""
    loop = SteppedLoop()
    yield World(loop)
    loop.close()


def test_a_channel_that_stays_goes_on_over_a_reload(world: World) -> None:
    """Its pauses are not begun anew, and what waits for it is not lost."""
    first = hook(world, until(100, (AGAIN, 0)))
    world.knows(first)
    world.started_anew(chance=lambda: 1.0)

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a")])
        await world.at(70)
        world.knows(Book({**first.own, "another": (Door(world.post, "another"),)}))
        await world.at(200)

    play(world, scenario)
    assert world.post.tried("hook") == [0, 1, 3, 7, 15, 31, 63, 95, 127]
    assert world.post.keys("hook") == ["a"]


def test_what_waits_for_a_receiver_that_is_gone_is_given_up(world: World) -> None:
    """With that reason; what is being sent may still be taken."""
    world.knows(hook(world, always(AGAIN), always(TAKEN, 5)))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a"), notice("b", receiver="hook1"), notice("c", receiver="hook1")])
        await world.at(3)
        world.knows(Book())
        await world.at(20)

    play(world, scenario)
    ends = {key: (what, words) for _, what, key, words in world.post.written if what != "sent"}
    assert ends == {
        "a": ("given up", "there is no receiver hook any more"),
        "b": ("receipted", "hook r"),
        "c": ("given up", "there is no receiver hook1 any more"),
    }
    assert world.dispatcher._lanes == {}


def test_a_url_that_is_mended_gets_what_waited_for_the_one_before(world: World) -> None:
    """And no other URL of the receiver gets it again."""
    good = Door(world.post, "good")
    world.knows(Book({"hook": (good, Door(world.post, "typo", always(AGAIN)))}))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a")])
        await world.at(30)
        world.knows(Book({"hook": (Door(world.post, "mended"), good)}))
        await world.at(31)

    play(world, scenario)
    assert [(place, key) for _, place, key in world.post.taken] == [("good", "a"), ("mended", "a")]
    assert "fallback" not in counts(world.post, "hook")


def test_a_url_more_gets_what_still_waits(world: World) -> None:
    """And what waits for a URL that is taken out is given up with that reason."""
    first, second = Door(world.post, "first", always(AGAIN)), Door(world.post, "second")
    world.knows(Book({"hook": (first,)}))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a")])
        await world.at(30)
        world.knows(Book({"hook": (first, second)}))
        await world.at(31)
        assert world.post.keys("second") == ["a"]
        assert world.dispatcher.queue()["hook"] == (1, 31.0)
        world.knows(Book({"hook": (second,)}))
        await world.at(32)

    play(world, scenario)
    assert world.post.written[-1][1:] == (
        "given up",
        "a",
        "a channel of receiver hook is gone; hook at second has it",
    )
    assert world.post.keys("second") == ["a"]


def test_one_url_instead_of_two_gets_what_one_of_them_has_not(world: World) -> None:
    """That the other has it is no reason to keep it from the new one."""
    world.knows(Book({"hook": (Door(world.post, "one"), Door(world.post, "two", always(AGAIN)))}))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a")])
        await world.at(30)
        world.knows(Book({"hook": (Door(world.post, "three"),)}))
        await world.at(31)

    play(world, scenario)
    assert [(place, key) for _, place, key in world.post.taken] == [("one", "a"), ("three", "a")]
    assert [what for _, what, _, _ in world.post.written] == ["sent", "receipted", "receipted"]


def test_a_reload_in_the_instant_of_a_message(world: World) -> None:
    """What has not been begun goes where the new file says."""
    world.knows(hook(world, always(TAKEN)))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a")])
        world.knows(Book({"hook": (Door(world.post, "other"),)}))
        await world.at(1)

    play(world, scenario)
    assert [(place, key) for _, place, key in world.post.attempts] == [("other", "a")]


def test_a_person_gets_a_channel_more_while_a_message_waits(world: World) -> None:
    """What was learned of the first channel stays: its minute is not begun again."""
    first, second = Door(world.post, "first", always(AGAIN)), Door(world.post, "second")
    world.knows(Book(teams=("hook",), people={"lan": (first,)}))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a", person="lan")])
        await world.at(100)
        world.knows(Book(teams=("hook",), people={"lan": (first, second)}))
        await world.at(101)

    play(world, scenario)
    assert world.post.keys("second") == ["a"]
