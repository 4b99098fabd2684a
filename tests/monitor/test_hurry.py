"""Whoever could explain a silence is asked at once, and not too often."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from model.inventory import Inventory
from model.measurement import EchoReading, ProbeKind, Reading, Subject, SubjectKey
from model.state import State
from model.transition import Transition
from monitor.hurry import AGAIN_AFTER, Hurry
from monitor.task import Task
from tests.peers.clock import SteppedLoop
from tests.peers.stage import link, site

ANCHOR: SubjectKey = ("anchor", "icmp://127.0.0.9")
TOP: SubjectKey = ("link", "top")
Scenario = Callable[["Plant"], Coroutine[Any, Any, None]]


async def _echo() -> Reading:
    return EchoReading(0.001)


def sign(name: str) -> Task:
    """An echo to a device."""
    return Task(name, Subject("device", name, "hub", "127.0.0.1"), ProbeKind.ICMP, 5.0, 1.0, _echo)


class Plant:
    """A line that hangs on a router, which hangs on a line; and one anchor. Notes who is asked, and when."""

    def __init__(self, loop: SteppedLoop) -> None:
        self.loop = loop
        self.asked: list[tuple[float, str]] = []
        self.hurry = Hurry(self.run)
        self.load()

    def load(self) -> None:
        """Take the inventory over."""
        router = {"id": "router", "address": "127.0.0.1", "depends_on": ["top"]}
        inventory = Inventory.model_validate({
            "sites": [site("hub", link("top"), devices=[router]), site("far", link("far-1", depends_on=["router"]))]
        })
        names: dict[SubjectKey, str] = {TOP: "top", ("link", "far-1"): "far-1", ANCHOR: "anchor"}
        watches = {subject: Watched(self, name) for subject, name in names.items()}
        self.hurry.load(inventory, watches, {("device", "router"): sign("router")})

    async def run(self, task: Task) -> None:
        """A run of a task takes half a second."""
        self.note(task.subject.id)
        await asyncio.sleep(0.5)

    def note(self, name: str) -> None:
        """Somebody is asked."""
        self.asked.append((self.loop.time(), name))

    def times(self, name: str) -> list[float]:
        """When one of them was asked."""
        return [at for at, who in self.asked if who == name]


class Watched:
    """A watch that notes that it is asked."""

    def __init__(self, plant: Plant, name: str) -> None:
        self._plant, self._name = plant, name

    def ask(self) -> None:
        """Note it."""
        self._plant.note(self._name)


@pytest.fixture
def plant() -> Iterator[Plant]:
    """All is well."""
    loop = SteppedLoop()
    yield Plant(loop)
    loop.close()


def play(plant: Plant, scenario: Scenario) -> None:
    """Do it, then close."""

    async def whole() -> None:
        await scenario(plant)
        plant.hurry.close()
        await asyncio.sleep(1)

    plant.loop.run_until_complete(whole())


def test_everything_above_and_every_anchor_is_asked_at_once(plant: Plant) -> None:
    """The device three times, each without waiting for the one before; nobody below, and not who is silent."""

    async def scenario(plant: Plant) -> None:
        plant.hurry.silent(("link", "far-1"))
        await asyncio.sleep(10)

    play(plant, scenario)
    assert plant.times("top") == plant.times("anchor") == [0.0]
    first, *others = plant.times("router")
    assert first == 0.0
    assert len(others) == 2
    assert max(others) <= 3
    assert plant.times("far-1") == []


def test_a_top_has_nothing_above_it_but_the_anchors(plant: Plant) -> None:
    """And an anchor does not ask itself."""

    async def scenario(plant: Plant) -> None:
        plant.hurry.silent(TOP)
        await asyncio.sleep(10)
        assert [who for _, who in plant.asked] == ["anchor"]
        plant.hurry.silent(ANCHOR)
        await asyncio.sleep(10)

    play(plant, scenario)
    assert [who for _, who in plant.asked] == ["anchor"]


def test_however_many_fall_silent_the_same_is_asked_once_in_two_seconds(plant: Plant) -> None:
    """A storm below is no storm above."""

    async def scenario(plant: Plant) -> None:
        for _ in range(100):
            plant.hurry.silent(("link", "far-1"))
            await asyncio.sleep(0.1)

    play(plant, scenario)
    times = plant.times("top")
    assert times[0] == 0.0
    assert 3 <= len(times) <= 10 / AGAIN_AFTER + 1
    assert min(later - earlier for earlier, later in pairwise(times)) == pytest.approx(AGAIN_AFTER, abs=0.11)


def test_who_falls_silent_a_moment_after_something_was_asked_is_not_forgotten(plant: Plant) -> None:
    """The answer to the first question may be from before: it is asked again as soon as it may be."""

    async def scenario(plant: Plant) -> None:
        plant.hurry.silent(("link", "far-1"))
        await asyncio.sleep(1.9)
        for _ in range(3):
            plant.hurry.silent(("link", "far-1"))
        await asyncio.sleep(10)

    play(plant, scenario)
    assert plant.times("top") == [0.0, AGAIN_AFTER]


def test_a_device_is_not_asked_by_two_bursts_at_once(plant: Plant) -> None:
    """Three echoes in a second would be outlasted by less than makes a line down."""

    async def scenario(plant: Plant) -> None:
        for _ in range(40):
            plant.hurry.silent(("link", "far-1"))
            await asyncio.sleep(0.1)
        await asyncio.sleep(10)

    play(plant, scenario)
    gaps = [later - earlier for earlier, later in pairwise(plant.times("router"))]
    assert gaps
    assert min(gaps) > 1


def turned(subject: SubjectKey, before: State, after: State) -> Transition:
    """Just now."""
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    return Transition(subject, before, after, now, 0.0, now)


def test_what_is_unknown_since_its_parent_is_back_is_asked_itself(plant: Plant) -> None:
    """Lest what hangs on it be judged before it."""

    async def scenario(plant: Plant) -> None:
        plant.hurry.turned(turned(("device", "router"), State.UNREACHABLE, State.UNKNOWN))
        await asyncio.sleep(10)

    play(plant, scenario)
    assert [who for _, who in plant.asked] == ["router"] * 3


def test_what_is_found_down_without_a_suspicion_lets_everything_above_be_asked(plant: Plant) -> None:
    """Silence that went on after an outage above raises none."""

    async def scenario(plant: Plant) -> None:
        plant.hurry.turned(turned(("link", "far-1"), State.UNKNOWN, State.DOWN))
        await asyncio.sleep(10)

    play(plant, scenario)
    assert {who for _, who in plant.asked} == {"router", "top", "anchor"}


def test_a_device_that_is_found_down_is_asked_again(plant: Plant) -> None:
    """Three echoes in a quarter of a minute may have been lost by chance."""

    async def scenario(plant: Plant) -> None:
        plant.hurry.turned(turned(("device", "router"), State.UP, State.DOWN))
        await asyncio.sleep(10)

    play(plant, scenario)
    assert len(plant.times("router")) == 3
    assert len(plant.times("top")) == 1


def test_no_other_change_makes_anybody_ask(plant: Plant) -> None:
    """What answers, what is cut off and what is not looked at need no verdict."""

    async def scenario(plant: Plant) -> None:
        for before, after in [
            (State.DOWN, State.UP),
            (State.UP, State.UNREACHABLE),
            (State.UP, State.UNKNOWN),
            (State.UNREACHABLE, State.UP),
        ]:
            plant.hurry.turned(turned(("device", "router"), before, after))
        await asyncio.sleep(10)

    play(plant, scenario)
    assert plant.asked == []


def test_what_nobody_knows_is_above_nothing(plant: Plant) -> None:
    """A run that began before a reload ends after it."""

    async def scenario(plant: Plant) -> None:
        plant.hurry.silent(("link", "gone"))
        await asyncio.sleep(5)

    play(plant, scenario)
    assert [who for _, who in plant.asked] == ["anchor"]


def test_a_reload_lets_everything_be_asked_anew(plant: Plant) -> None:
    """Whatever was asked a moment before."""

    async def scenario(plant: Plant) -> None:
        plant.hurry.silent(("link", "far-1"))
        plant.load()
        plant.hurry.silent(("link", "far-1"))
        await asyncio.sleep(10)

    play(plant, scenario)
    assert plant.times("top") == [0.0, 0.0]


def test_the_end_ends_what_is_under_way(plant: Plant) -> None:
    """No echo leaves after it."""

    async def scenario(plant: Plant) -> None:
        plant.hurry.silent(("link", "far-1"))
        await asyncio.sleep(0.1)
        plant.hurry.silent(("link", "far-1"))
        plant.hurry.close()
        await asyncio.sleep(10)

    play(plant, scenario)
    assert plant.times("router") == [0.0]
    assert asyncio.all_tasks(plant.loop) == set()
