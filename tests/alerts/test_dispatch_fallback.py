"""People with several channels and receivers with several URLs, on a clock that jumps."""

import logging
import math
from collections.abc import Iterator

import pytest

from alerts.directory import Book
from alerts.notice import Kind, Notice
from tests.peers.clock import SteppedLoop
from tests.peers.dispatching import World, hand_over, person, play
from tests.peers.receiving import AGAIN, NEVER, TAKEN, Answer, Door, always, counts, notice, until

HOUR = 3_600.0


@pytest.fixture
def world() -> Iterator[World]:
    """A dispatcher that knows nobody yet."""
    loop = SteppedLoop()
    yield World(loop)
    loop.close()


def test_the_next_channel_is_tried_where_one_refuses(world: World) -> None:
    """At once; and the one that took it is written down."""
    world.knows(person(world, always(NEVER), always(TAKEN)))
    play(world, lambda world: hand_over(world, notice("a", person="lan")))
    assert world.post.attempts == [(0.0, "first", "a"), (0.0, "second", "a")]
    assert counts(world.post, "hook") == {"refused": 1, "fallback": 1, "delivered": 1}


def test_the_next_channel_is_tried_where_one_has_failed_for_a_minute(world: World) -> None:
    """Counted from the first attempt; once the second has it, the first is not tried any more."""
    world.knows(person(world, always(AGAIN, 1.0), always(TAKEN)))
    play(world, lambda world: hand_over(world, notice("a", person="lan")))
    assert [at for at, place, _ in world.post.taken if place == "second"] == pytest.approx([60.0], abs=1.0)
    assert max(world.post.tried("first")) < 62
    assert counts(world.post, "hook")["fallback"] == 1


def test_a_message_that_only_its_first_channel_cannot_take_goes_on_after_a_minute(world: World) -> None:
    """Also while that channel takes all others; to the second."""

    def conduct(notice: Notice, _at: float) -> Answer:
        return (AGAIN if notice.key == "poison" else TAKEN), 0.0

    world.knows(person(world, conduct, always(TAKEN)))
    world.started_anew(chance=lambda: 1.0)

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("poison", person="lan")])
        await world.at(31.5)
        world.dispatcher.take([notice("b", person="lan")])
        await world.at(100)

    play(world, scenario)
    assert world.post.taken == [(31.5, "first", "b"), (60.0, "second", "poison")]


def test_a_channel_whose_threads_all_hang_is_passed_over(world: World) -> None:
    """Nothing is sent through it, though it comes first in the chain."""
    world.knows(person(world, always(AGAIN, math.inf), always(TAKEN)))

    async def scenario(world: World) -> None:
        for number in range(10):
            await world.at(100 * number)
            world.dispatcher.take([notice(f"n{number}", person="lan")])
        await world.at(1_000)

    play(world, scenario)
    assert len(world.post.tried("first")) == 3
    assert len(world.post.keys("second")) == 10
    assert world.post.tried("second")[-5:] == [500, 600, 700, 800, 900]


def test_a_channel_known_to_be_dead_is_not_waited_for(world: World) -> None:
    """A minute of patience is for the first message; the next goes on at once, or after the one probe that is due."""
    world.knows(person(world, always(AGAIN), always(TAKEN)))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a", person="lan")])
        for number in range(1, 20):
            await world.at(100 * number)
            world.dispatcher.take([notice(f"n{number}", person="lan")])
        await world.at(2_000)

    play(world, scenario)
    assert [at for at, place, _ in world.post.taken if place == "second"][1:] == [100.0 * n for n in range(1, 20)]


def test_a_channel_that_works_again_is_preferred_again(world: World) -> None:
    """Messages after its recovery come by the first channel, though the second is known to work for longer."""
    book = person(world, until(150, (AGAIN, 0)), always(TAKEN))
    world.knows(Book(teams=book.teams, people={**book.people, "minh": book.people["lan"][1:]}))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("m", person="minh")])
        await world.at(1)
        world.dispatcher.take([notice("a", person="lan")])
        await world.at(200)
        world.dispatcher.take([notice("b", person="lan")])
        await world.at(201)

    play(world, scenario)
    assert (world.post.keys("second"), world.post.keys("first")) == (["m", "a"], ["b"])


def test_where_all_fail_whichever_is_back_first_takes_it(world: World) -> None:
    """A channel whose turn has passed goes on being tried until another has taken the message."""
    world.knows(person(world, until(HOUR, (AGAIN, 0)), always(AGAIN), always(NEVER)))
    play(world, lambda world: hand_over(world, notice("a", person="lan"), end=HOUR + 60))
    assert world.post.keys("first") == ["a"]


def test_a_notice_that_all_channels_refuse_is_given_up(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The log says so as an error and names the channels; the outbox knows why; the next of its incident goes on."""
    world.knows(person(world, always(NEVER), lambda one, _at: (TAKEN if one.key == "b" else NEVER, 0.0)))
    play(world, lambda world: hand_over(world, notice("a", "i", person="lan"), notice("b", "i", person="lan")))
    why = "refused by all of its channels: hook at first: 401; hook at second: 401"
    assert (0.0, "given up", "a", why) in world.post.written
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        f"message a to hook (opened): given up: {why}"
    ]
    assert counts(world.post, "hook")["given_up"] == 1
    assert world.post.keys("second") == ["b"]


def test_every_url_of_a_receiver_gets_every_notice(world: World) -> None:
    """One that is dead keeps the others from nothing, and the receipts are written when it has it too."""
    doors = (Door(world.post, "one"), Door(world.post, "two", until(100, (AGAIN, 0))))
    world.knows(Book({"hook": doors}))

    async def scenario(world: World) -> None:
        world.dispatcher.take([notice("a", "i"), notice("b", "i", kind=Kind.RESOLVED)])
        await world.at(50)
        assert world.post.keys("one") == ["a", "b"]
        assert [what for _, what, _, _ in world.post.written] == ["sent", "sent"]
        await world.at(200)

    play(world, scenario)
    assert world.post.keys("two") == ["a", "b"]
    assert [(key, at < 1) for at, what, key, _ in world.post.written if what == "receipted"] == [
        ("a", True),
        ("a", False),
        ("b", True),
        ("b", False),
    ]


def test_what_a_part_of_the_urls_refused_is_written_after_the_receipts(world: World) -> None:
    """The reason names who has it all the same."""
    world.knows(Book({"hook": (Door(world.post, "one"), Door(world.post, "two", always(NEVER)))}))
    play(world, lambda world: hand_over(world, notice("a")))
    assert [(what, words) for _, what, _, words in world.post.written] == [
        ("sent", ""),
        ("receipted", "hook r"),
        ("given up", "refused by all of its channels: hook at two: 401; hook at one has it"),
    ]


def test_a_person_without_a_channel_is_given_up(world: World) -> None:
    """Nobody is left waiting for what cannot come."""
    world.knows(Book(teams=("hook",), people={"lan": ()}))
    play(world, lambda world: hand_over(world, notice("a", person="lan"), end=1))
    assert world.post.written == [(0.0, "given up", "a", "lan, of hook, has no channel")]
