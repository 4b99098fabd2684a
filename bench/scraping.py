"""Scrapes of the real web server by another process: what each costs, and what links that are probed feel of it."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from bench import world
from bench.children import Ask, answering
from bench.figures import CannotRunError, Figure, Goal
from bench.mainloop import MainLoop, Observer, main_loop
from bench.meter import own_cpu
from bench.served import Pulse, served
from exporters.exposition import Style
from exporters.latest import Latest
from model.inventory import Inventory
from monitor.process import spare_the_collector

LINKS: Final = 200
_REST: Final = 0.2
_COST: Final = Goal(0.6)
_DELAY: Final = Goal(50.0)
_ELSEWHERE: Final = "192.0.2.7"  # RFC 5737; the server packs nothing for its own machine, and believes a proxy on it


@dataclass(frozen=True, slots=True)
class Way:
    """How the metrics are asked for.

    Attributes:
        style: Which text.
        packed: Whether by gzip.
    """

    style: Style
    packed: bool

    def __str__(self) -> str:
        return ("text" if self.style is Style.TEXT else "OpenMetrics") + (", gzip" if self.packed else "")

    def question(self, url: str) -> dict[str, Any]:
        """What the scraper is asked."""
        packed = {"Accept-Encoding": "gzip", "X-Forwarded-For": _ELSEWHERE} if self.packed else {}
        return {"url": url, "headers": {"Accept": self.style.value.partition("; charset")[0], **packed}}


_WAYS: Final = tuple(Way(style, packed) for style in Style for packed in (False, True))


async def scrapes(devices: int, fill: Callable[[Latest], object], repetitions: int, calm: float) -> list[Figure]:
    """Scrape so many devices in all four ways, first with nothing beside it, then while links are probed.

    Args:
        devices: In the inventory.
        fill: Records what they say.
        repetitions: Scrapes of each way, beside one to warm up.
        calm: Seconds in which nobody scrapes, for comparison.
    """
    async with _probing(devices, fill) as loop, _served(loop) as (ask, url):
        figures = [figure for way in _WAYS for figure in await _costs(ask, url, way, repetitions)]
        async with loop.at_its_pace() as observer:
            return figures + [figure async for figure in _delays(ask, url, observer, repetitions, calm)]


@asynccontextmanager
async def _served(loop: MainLoop) -> AsyncIterator[tuple[Ask, str]]:
    async with served(loop.observer.latest) as url, answering("bench.scraper") as ask:
        yield ask, url


@asynccontextmanager
async def _probing(devices: int, fill: Callable[[Latest], object]) -> AsyncIterator[MainLoop]:
    """The main loop on some links, with a picture of many devices beside them."""
    links = world.linked(LINKS, f"icmp://{world.address(0)}")
    async with main_loop(links) as loop:
        loop.observer.latest.load(_both(links, world.polled(devices)))
        spare_the_collector()
        fill(loop.observer.latest)
        yield loop


def _both(links: Inventory, devices: Inventory) -> Inventory:
    sites = [site.model_copy(update={"id": f"far-{site.id}"}) for site in devices.sites]
    return links.model_copy(update={"sites": (*links.sites, *sites)})


async def _costs(ask: Ask, url: str, way: Way, repetitions: int) -> list[Figure]:
    """CPU of this process, the kernel's part of the socket among it."""
    spent, octets = [], 0.0
    for _ in range(repetitions + 1):
        before = own_cpu()
        answer = _checked(await ask(way.question(url)), way)
        spent.append((own_cpu() - before) / answer["samples"])
        octets = answer["octets"] / answer["samples"]
    cost = Figure(f"CPU per sample served, {way}", median(spent[1:]) * 1e6, "µs", goal=_COST)
    return [cost, Figure(f"octets sent per sample, {way}", octets, "B")] if way.packed else [cost]


async def _delays(ask: Ask, url: str, observer: Observer, repetitions: int, calm: float) -> AsyncIterator[Figure]:
    pulse = Pulse()
    try:
        await asyncio.sleep(calm)
        for figure in _felt("without a scrape", pulse, observer):
            yield figure
        for way in _WAYS:
            observer.forget()
            pulse.forget()
            for _ in range(repetitions):
                _checked(await ask(way.question(url)), way)
                await asyncio.sleep(_REST)
            for figure in _felt(str(way), pulse, observer):
                yield figure
        yield _collection()
    finally:
        pulse.close()


def _felt(what: str, pulse: Pulse, observer: Observer) -> Iterator[Figure]:
    lags = [lag for kind in observer.lags.values() for lag in kind]
    if not lags:
        raise CannotRunError("no link was probed meanwhile")
    yield Figure(f"CPU between two turns of the loop, most, {what}", pulse.held * 1e3, "ms", goal=_DELAY)
    yield Figure(f"a timer of 1 ms was late by, most, {what}", pulse.late * 1e3, "ms", goal=_DELAY)
    yield Figure(f"an ICMP probe was late by, most, {what}", max(lags) * 1e3, "ms", goal=_DELAY)


def _checked(answer: dict[str, Any], way: Way) -> dict[str, Any]:
    """The answer, if it is what was asked for and whole."""
    whole = way.style is Style.TEXT or answer["ending"].endswith("# EOF\n")
    if answer["status"] != 200 or answer["zipped"] is not way.packed or not whole or not answer["samples"]:
        raise CannotRunError(f"the scrape of {way} answered {answer}")
    return answer


def _collection() -> Figure:
    before = time.thread_time()
    gc.collect()
    return Figure(
        "a full garbage collection, which nothing of this asks for", (time.thread_time() - before) * 1e3, "ms"
    )
