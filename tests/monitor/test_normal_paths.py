"""The usual paths: traced once an hour while a link is up, spread out, remembered, written down and read again."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from model.aims import Aim, Aims
from model.inventory import Inventory
from model.measurement import Failure, Reason
from model.path import Hop, Note, Path
from monitor import normal_paths
from monitor.normal_paths import NormalPaths

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
REACHED = Path("10.0.0.1", (Hop(1, "10.0.0.1", 0.1, Note.TARGET),), reached=True)
HALFWAY = Path("10.0.0.1", (Hop(1, "10.0.0.7", 0.1, Note.PASSED), Hop(2)), reached=False)
SILENCE = Path("10.0.0.1", (Hop(1), Hop(2)), reached=False)


def inventory(links: int = 1, **more: Any) -> Inventory:
    """So many links, all like this."""
    hosts = [f"10.0.{number // 200}.{number % 200 + 1}" for number in range(links)]
    written = [{"id": f"l{number}", "target": f"icmp://{host}", **more} for number, host in enumerate(hosts)]
    return Inventory.model_validate({"sites": [{"id": "office", "links": written}]})


@dataclass
class World:
    """Links that are up or not, traces that give what the test says, and a clock.

    Attributes:
        links: How many.
        more: Keys of each.
        gives: What the next trace gives.
        down: Links that are not up.
        traced: Which links were traced, in order.
        takes: Seconds of a trace.
    """

    links: int = 1
    more: Mapping[str, Any] = field(default_factory=dict)
    gives: Path | Failure = REACHED
    down: set[str] = field(default_factory=set)
    traced: list[str] = field(default_factory=list)
    takes: float = 0.0
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.paths = NormalPaths(self._trace, lambda link: link not in self.down, lambda: self.now)
        self.load(inventory(self.links, **self.more))

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory."""
        self.paths.load(inventory, Aims(inventory, lambda _: False))

    async def pass_minutes(self, minutes: int) -> None:
        """So many runs of the calendar."""
        for _ in range(minutes):
            await self.paths.remember()
            self.now += MINUTE

    def known(self) -> Path | None:
        """The usual path of the first link."""
        remembered = self.paths.of(Aim(("link", "l0"), "10.0.0.1"))
        return remembered.path if remembered else None

    async def _trace(self, aim: Aim) -> Path | Failure:
        await asyncio.sleep(self.takes)
        self.traced.append(aim.about[1])
        return self.gives


async def test_every_link_is_traced_once_an_hour_and_few_in_a_minute() -> None:
    """400 links: each once in the first hour, once in the second, never more than 8 in a minute."""
    world = World(400)
    for hour in (1, 2):
        for _ in range(60):
            before = len(world.traced)
            await world.pass_minutes(1)
            assert len(world.traced) - before <= 8
        assert set(Counter(world.traced).values()) == {hour}
        assert len(set(world.traced)) == 400


async def test_a_run_ends_in_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two links are due and their traces take long: the second waits for the next minute."""
    monkeypatch.setattr(normal_paths, "_PATIENCE", 0.01)
    world = World(100, takes=0.02)
    await world.pass_minutes(1)
    assert world.traced == ["l0"]
    await world.pass_minutes(1)
    assert world.traced == ["l0", "l1"]


async def test_a_metered_link_is_traced_once_a_day() -> None:
    """Its packets cost money."""
    world = World(1, {"metered": True})
    await world.pass_minutes(60 * 24)
    assert world.traced == ["l0"]
    await world.pass_minutes(1)
    assert world.traced == ["l0"] * 2


async def test_a_link_that_is_down_is_not_traced() -> None:
    """What it shows then is not its usual path; once it is up again its turn comes."""
    world = World(down={"l0"})
    await world.pass_minutes(120)
    assert world.traced == []
    world.down.clear()
    await world.pass_minutes(1)
    assert world.known() == REACHED


async def test_a_trace_during_which_the_link_fails_is_not_kept() -> None:
    """It saw the outage."""
    world = World(gives=HALFWAY)
    tracing = asyncio.create_task(world.paths.remember())
    await asyncio.sleep(0)
    world.down.add("l0")
    await tracing
    assert (world.traced, world.known()) == (["l0"], None)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (REACHED, HALFWAY, REACHED),
        (REACHED, Failure(Reason.LOCAL, "no"), REACHED),
        (HALFWAY, REACHED, REACHED),
        (HALFWAY, SILENCE, HALFWAY),
        (SILENCE, HALFWAY, HALFWAY),
    ],
)
async def test_the_last_good_path_is_kept(before: Path, after: Path | Failure, kept: Path) -> None:
    """A target that never answers a trace has a usual path all the same: as far as there are answers."""
    world = World(gives=before)
    await world.pass_minutes(60)
    world.gives = after
    await world.pass_minutes(1)
    assert world.traced == ["l0"] * 2
    assert world.known() == kept


async def test_a_clock_that_is_set_back_stops_nothing() -> None:
    """A trace that lies in the future counts as none."""
    world = World()
    await world.pass_minutes(1)
    world.now = NOON - timedelta(days=30)
    await world.pass_minutes(1)
    assert len(world.traced) == 2


async def test_a_reload_keeps_what_is_aimed_as_before() -> None:
    """Another target or source, and the path is forgotten; neither is a link traced again for a reload."""
    world = World()
    await world.pass_minutes(1)
    world.load(inventory(2))
    assert world.known() == REACHED
    await world.pass_minutes(2)
    assert world.traced == ["l0", "l1"]
    world.load(inventory(2, source="10.9.9.9"))
    assert world.known() is None


async def test_a_link_that_is_taken_out_meanwhile_is_not_traced() -> None:
    """The inventory is loaded anew in the middle of a run."""
    world = World(100)
    running = asyncio.create_task(world.paths.remember())
    await asyncio.sleep(0)
    world.load(Inventory())
    await running
    assert world.traced == ["l0"]
    assert world.paths.written() == {}


async def test_what_is_to_the_same_host_from_the_same_source_has_the_same_path() -> None:
    """A device that is a link's target needs no trace of its own."""
    world = World()
    await world.pass_minutes(1)
    assert world.paths.of(Aim(("device", "rt"), "10.0.0.1")) is not None
    assert world.paths.of(Aim(("device", "rt"), "10.0.0.1", "10.9.9.9")) is None


async def test_what_is_written_is_read_again() -> None:
    """Through text, by a daemon that has just begun; it need not trace anew before an hour has passed."""
    world, later = World(3), World(3)
    await world.pass_minutes(3)
    written = json.loads(json.dumps(world.paths.written()))
    later.now = NOON + 10 * MINUTE
    later.paths.read(written)
    assert later.paths.written() == written
    await later.pass_minutes(40)
    assert later.traced == []


@pytest.mark.parametrize(
    "change",
    [
        {"at": "yesterday"},
        {"at": "2026-11-01T12:00:00"},
        {"at": 5},
        {"host": "10.0.0.99"},
        {"source": "10.9.9.9"},
        {"path": None},
        {"path": {"target": "10.0.0.1"}},
    ],
)
async def test_what_cannot_be_read_or_is_of_another_aim_is_left_out(change: dict[str, Any]) -> None:
    """Rather than compared with."""
    world, later = World(), World()
    await world.pass_minutes(1)
    written = json.loads(json.dumps(world.paths.written()))
    written["l0"] |= change
    later.paths.read(written)
    assert later.paths.written() == {}


async def test_what_is_known_is_newer_than_what_is_read() -> None:
    """A store that lags behind does not undo the last trace."""
    world = World()
    await world.pass_minutes(1)
    old = dict(world.paths.written())
    world.now += timedelta(hours=2)
    await world.pass_minutes(1)
    new = world.paths.written()
    world.paths.read(old)
    assert world.paths.written() == new
