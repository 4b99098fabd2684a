"""A dispatcher on a clock that jumps, and the receivers that a test gives it."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

from alerts.directory import Book
from alerts.dispatch import Dispatcher
from alerts.notice import Notice
from tests.peers.clock import SteppedLoop
from tests.peers.receiving import Conduct, Door, Hand, Post

Scenario = Callable[["World"], Coroutine[Any, Any, None]]


class World:
    """A dispatcher, its channels and the clock."""

    def __init__(self, loop: SteppedLoop) -> None:
        self.loop = loop
        self.post = Post(loop)
        self.book = Book()
        self.dispatcher = self.started_anew()

    def started_anew(self, **options: Any) -> Dispatcher:
        """A dispatcher over the same receivers and outbox."""
        settings: dict[str, Any] = {
            "clock": self.loop.time,
            "now": self.post.now,
            "chance": random.Random(1).random,  # noqa: S311  # need not be secret
            "hire": lambda _name: Hand(self.post),
        }
        self.dispatcher = Dispatcher(self.book, self.post, self.post, **(settings | options))
        return self.dispatcher

    def knows(self, book: Book) -> None:
        """Have these receivers from now on."""
        self.book = book
        self.dispatcher.reconfigure(book)

    async def at(self, seconds: float) -> None:
        """Wait until then."""
        await asyncio.sleep(seconds - self.loop.time())


def play(world: World, scenario: Scenario, stop: float = 5.0) -> None:
    """Start, do it, stop."""

    async def whole() -> None:
        await world.dispatcher.start()
        await scenario(world)
        await world.dispatcher.stop(stop)

    world.loop.run_until_complete(whole())


def hook(world: World, *conducts: Conduct) -> Book:
    """Receivers ``hook``, ``hook1`` ..., each of one channel of the same name that does this."""
    names = ["hook", *(f"hook{number}" for number in range(1, len(conducts)))]
    return Book({name: (Door(world.post, name, conduct),) for name, conduct in zip(names, conducts, strict=True)})


def person(world: World, *conducts: Conduct) -> Book:
    """A receiver ``hook`` whose person ``lan`` has channels ``first``, ``second`` ... that do this."""
    places = ("first", "second", "third")
    doors = tuple(Door(world.post, place, conduct) for place, conduct in zip(places, conducts, strict=False))
    return Book(teams=("hook",), people={"lan": doors})


async def hand_over(world: World, *notices: Notice, end: float = 200.0) -> None:
    """Have these sent, and wait until then."""
    world.dispatcher.take(notices)
    await world.at(end)
