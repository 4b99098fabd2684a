"""Planned tests of a time in which the monitor was off: each is accounted for once, and none that was not planned."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from history.facts import Heartbeat, SpeedTest, Terms
from history.store import Store
from model.inventory import Inventory
from model.speed_schedule import Skip
from monitor.speed.facts import due_of, skip_of
from monitor.terms import news_of, terms_of
from tests.monitor.speed.test_speeds import BEGIN, World, inventory, live, speeds_in

DAY = timedelta(days=1)
NOON = timedelta(hours=12)


def written(before: Inventory | None, after: Inventory, at: datetime) -> list[Terms]:
    """What the history is told of a change."""
    facts = news_of(terms_of(before) if before else {}, terms_of(after), at)
    return [fact for fact in facts if isinstance(fact, Terms)]


def missed_in(tests: list[SpeedTest]) -> Counter[str]:
    """Of each day in Hanoi the tests that were not run because the monitor was off."""
    skips = [one for one in tests if skip_of(one) == Skip.MONITOR]
    return Counter(f"{one.at + timedelta(hours=7):%d}" for one in skips)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A history of its own."""
    found = Store(f"sqlite:///{tmp_path}/h.db", "tests")
    await found.start()
    yield found
    await found.close()


async def test_what_fell_into_a_time_off_is_skipped_once(store: Store) -> None:
    """Both directions of both tests of three nights, however often the monitor starts; it had run before."""
    found = inventory(2)
    await store.record(*written(None, found, BEGIN - 3 * DAY), Heartbeat(BEGIN - 3 * DAY, BEGIN))
    for number in range(3):
        world = World(now=BEGIN + 2 * DAY + NOON + number * timedelta(minutes=20))
        await speeds_in(world, found, store=store).look()
        tests = await store.speed_tests(BEGIN - 4 * DAY, BEGIN + 4 * DAY)
        assert missed_in(tests) == {"01": 8, "02": 8, "03": 8}
        assert world.outcomes["monitor"] == (0 if number else 24)
        assert {due_of(one) for one in tests if one.link == "l0"}.isdisjoint({None})
        assert all(one.at < world.now for one in tests)


async def test_who_starts_for_the_first_time_has_missed_nothing() -> None:
    """Its terms begin with it."""
    world, found = World(now=BEGIN + NOON), inventory(1)
    world.known = written(None, found, world.now)
    await speeds_in(world, found).look()
    assert world.tests == []


async def test_only_what_was_to_be_tested_then_is_missed() -> None:
    """A link that came later, one whose test came later, one that had other windows, one that has gone since."""
    world, now = World(now=BEGIN + 2 * DAY + NOON), BEGIN + 2 * DAY + NOON
    old, new = inventory(3), inventory(5, per_day=1)
    untested = old.model_copy(deep=True)
    untested.sites[1].links[0].__dict__["speed_test"] = None
    world.known = [
        *written(None, untested, BEGIN - DAY),
        *written(untested, old, BEGIN + DAY + NOON),
        *written(old, new, now),
    ]
    world.runs = [Heartbeat(BEGIN - DAY, BEGIN)]
    await speeds_in(world, inventory(5, per_day=1)).look()
    by_link = {f"l{number}": missed_in([one for one in world.tests if one.link == f"l{number}"]) for number in range(5)}
    assert by_link == {
        "l0": {"01": 4, "02": 4, "03": 4},
        "l1": {"03": 4},
        "l2": {"01": 4, "02": 4, "03": 4},
        "l3": {},
        "l4": {},
    }


async def test_what_was_tested_before_the_end_is_not_missed() -> None:
    """The monitor stops at three in the night, and starts by day."""
    world, found = World(), inventory(4)
    world.known, world.runs = written(None, found, BEGIN - DAY), [Heartbeat(BEGIN - DAY, BEGIN + timedelta(hours=3))]
    await live(world, speeds_in(world, found), 3 / 24)
    done = {(one.link, due_of(one)) for one in world.tests}
    world.now = BEGIN + NOON
    await speeds_in(world, found).look()
    missed = [(one.link, due_of(one)) for one in world.tests if skip_of(one) == Skip.MONITOR]
    assert set(missed).isdisjoint(done)
    assert len({*missed, *done}) == 4 * 2
    assert set(Counter(missed).values()) == {2}


async def test_who_was_held_up_has_missed_what_ended_meanwhile() -> None:
    """A machine that slept through the night tests nothing at noon, and a test that it had begun is not missed."""
    world, found = World(), inventory(1)
    world.known, world.runs = written(None, found, BEGIN), [Heartbeat(BEGIN, BEGIN + 2 * DAY)]
    speeds = speeds_in(world, found)
    await speeds.look()
    world.now += NOON
    await speeds.look()
    assert (missed_in(world.tests), world.orders) == ({"01": 4}, [])
    await speeds.look()
    assert len(world.tests) == 4


async def test_a_test_that_goes_on_while_the_machine_sleeps_is_not_missed() -> None:
    """It ends by itself, with whatever it finds."""
    world, found = World(), inventory(1, per_day=1)
    world.known, world.runs = written(None, found, BEGIN - DAY), [Heartbeat(BEGIN - DAY, BEGIN + 2 * DAY)]
    speeds = speeds_in(world, found)
    world.holds = asyncio.Event()
    while speeds.going("l0") is None:
        world.now += timedelta(minutes=5)
        await speeds.look()
    world.now += timedelta(hours=8)
    await speeds.look()
    assert world.tests == []
    world.holds.set()
    await live(world, speeds, 0.1)
    assert [skip_of(one) for one in world.tests] == ["", ""]
