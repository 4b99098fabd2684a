"""The schedule's shell: a month of a ward, a budget, a busy link, a restart, a stop; and what probes are spared."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from history.facts import Fact, Heartbeat, SpeedTest, Terms
from history.store import Store
from model.inventory import Inventory
from model.measurement import EchoReading, Measurement, ProbeKind, Subject, SubjectKey
from model.sketch import Sketch
from model.speed_run import Direction, Ending, Slice, SpeedRun
from model.speed_schedule import Skip
from model.state import State
from monitor.memory import Memory
from monitor.speed import one_test
from monitor.speed.facts import due_of, skip_of
from monitor.speed.loading import Loading, site_name
from monitor.speed.order import Order, Said
from monitor.speed.speeds import Speeds
from monitor.speed.tester import Heed
from monitor.states import Because
from monitor.terms import news_of, terms_of

BEGIN = datetime(2026, 10, 31, 17, tzinfo=UTC)
"""The first of November in Hanoi."""
BUDGET = 12_000_000_000
STEADY = tuple(Slice(0.25 * number, number * 3_000_000, 6, 0.020) for number in range(1, 17))


def inventory(links: int = 41, work: Sequence[Any] = (), **facts: Any) -> Inventory:
    """Sites of three providers, each with a link that is tested at night."""
    test = {"key": "k" * 16, "windows": ["01:00-05:00"], "per_day": 2, "budget_per_month": "12GB"}
    sites = [
        {
            "id": f"s{number}",
            "links": [
                {
                    "id": f"l{number}",
                    "provider": ("VNPT", "FPT", "Viettel")[number % 3],
                    "target": "icmp://192.0.2.1",
                    "contracted": {"download": "100Mbit/s", "upload": "100Mbit/s"},
                    "requirement": {"download": "80Mbit/s"},
                    "speed_test": test | {"url": f"http://p{number}.example:8862"} | facts,
                }
            ],
        }
        for number in range(links)
    ]
    ward = {"id": "w", "name": "W", "timezone": "Asia/Ho_Chi_Minh"}
    return Inventory.model_validate({"ward": ward, "sites": sites, "maintenance": work})


@dataclass
class World:
    """A monitor around the schedule, on a clock of its own.

    Attributes:
        tests: What was kept.
        orders: What the tester was asked for.
        at_once: The most tests that went on at one time.
    """

    now: datetime = BEGIN
    octets: int = 60_000_000
    tests: list[SpeedTest] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    shown: dict[tuple[str, str], float] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    going: int = 0
    at_once: int = 0
    holds: asyncio.Event | None = None
    monitor: str = "tests"
    runs: list[Heartbeat] = field(default_factory=list)
    known: list[Terms] = field(default_factory=list)

    async def heartbeats(self, start: datetime, end: datetime, _: str) -> list[Heartbeat]:
        """Those of a time."""
        return [run for run in self.runs if run.began < end and run.until >= start]

    async def terms(self, start: datetime, end: datetime) -> dict[SubjectKey, list[Terms]]:
        """Those of a time, by subject."""
        found: dict[SubjectKey, list[Terms]] = {}
        for one in self.known:
            earlier = found.setdefault(one.subject, [])
            found[one.subject] = [*([] if one.since <= start else earlier), *([one] if one.since < end else [])]
        return found

    async def record(self, *facts: Fact) -> None:
        """Keep them."""
        self.tests += [fact for fact in facts if isinstance(fact, SpeedTest)]

    async def speed_tests(self, start: datetime, end: datetime, link: str | None = None) -> list[SpeedTest]:
        """Those of a time."""
        return [one for one in self.tests if start <= one.at < end and link in {None, one.link}]

    def tested(self, link: str, direction: Direction, speed: float, _: float) -> None:
        """Show it."""
        self.shown[link, direction] = speed

    def speed_test(self, outcome: str) -> None:
        """Count it."""
        self.outcomes[outcome] += 1

    async def run(self, order: Order, heed: Heed) -> SpeedRun:
        """A tester that is quick."""
        self.orders.append(order)
        self.going += 1
        self.at_once = max(self.at_once, self.going)
        heed(Said("load"))
        heed(Said("load", STEADY[0]))
        try:
            if self.holds is not None:
                await self.holds.wait()
            await asyncio.sleep(0)
        finally:
            self.going -= 1
        octets = min(self.octets, order.octets)
        return SpeedRun(order.way, Ending.DONE, slices=STEADY, settled=len(STEADY), base_rtts=(0.005,), octets=octets)


def speeds_in(world: World, found: Inventory, memory: Memory | None = None, store: Store | None = None) -> Speeds:
    """The schedule in a world in which every link is up; the world is its history, too, where there is no other."""
    memory = memory or memory_of(found, world.now)
    kept: Any = store or world
    speeds = Speeds(kept, memory, world, world, lambda *_: None, run=world.run, now=lambda: world.now)  # type: ignore[arg-type]  # nothing is polled
    speeds.load(found)
    return speeds


def memory_of(found: Inventory, now: datetime) -> Memory:
    """All links have been up for an hour."""
    memory = Memory.begun(now, 0.0)
    memory.load(found, now)
    because = Because(now - timedelta(hours=1), now)
    probes = [(("link", link.id), link.id, ProbeKind.ICMP) for _, link in found.links()]
    memory.states.expect(found, probes, because)  # type: ignore[arg-type]  # a noun is one of the literals
    for _, link in found.links():
        memory.states.decide(("link", link.id), State.UP, because)
    return memory


async def live(world: World, speeds: Speeds, days: float, step: float = 300.0) -> None:
    """Let time pass."""
    end = world.now + timedelta(days=days)
    while world.now < end:
        await speeds.look()
        for _ in range(6):
            await asyncio.sleep(0)
        local_hour = (world.now.hour + 7) % 24
        world.now += timedelta(seconds=step if 1 <= local_hour < 6 else 3_600 - world.now.minute * 60)


async def test_a_month_of_a_ward_stays_within_every_budget() -> None:
    """41 links, two tests a night each: the octets of each, one test at a time, each planned one accounted for."""
    world = World(octets=150_000_000)
    await live(world, speeds_in(world, inventory()), 30)
    spent = Counter[str]()
    for one in world.tests:
        spent[one.link] += one.octets
    assert len(spent) == 41
    assert max(spent.values()) <= BUDGET
    assert world.at_once == 1
    accounted = Counter((one.link, due_of(one)) for one in world.tests)
    assert len(accounted) == 41 * 2 * 30
    assert set(accounted.values()) == {2}  # both directions
    skips = Counter(skip_of(one) for one in world.tests)
    assert skips[""] > 41 * 60
    assert set(skips) <= {"", Skip.BUDGET.value, Skip.NO_TURN.value}
    assert world.outcomes["done"] == skips[""]


async def test_a_test_is_not_run_twice_after_a_restart() -> None:
    """What the history holds is done, and what it has cost is spent."""
    world, found = World(), inventory(12)
    await live(world, speeds_in(world, found), 3 / 24)  # until three in the night, in the middle of the windows
    before = len(world.orders)
    again = speeds_in(world, found)
    await live(world, again, 6 / 24)
    assert 0 < before < len(world.orders) == 12 * 2 * 2
    assert set(Counter((one.link, due_of(one)) for one in world.tests).values()) == {2}
    assert again.spent("l0") == sum(one.octets for one in world.tests if one.link == "l0")
    assert ("l0", "download") in world.shown


async def test_a_look_over_many_links_leaves_the_loop_to_others() -> None:
    """At the plan, at the deal, and where nothing was looked at for a night: a turn for every fifty links."""
    world, found = World(holds=asyncio.Event()), inventory(500)
    world.known = [one for one in news_of({}, terms_of(found), BEGIN) if isinstance(one, Terms)]
    speeds, turns = speeds_in(world, found), 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task = asyncio.create_task(others())
    for hours, least in ((0.0, 10), (2.0, 20), (24.0, 30)):
        world.now, turns = BEGIN + timedelta(hours=hours), 0
        await speeds.look()
        assert turns >= least
    task.cancel()


async def test_a_busy_link_is_left_alone_until_its_time_is_over() -> None:
    """Then it is written down why, for both directions."""
    world, found = World(), inventory(1)
    memory = memory_of(found, world.now)
    line = memory.quality._lines["l0"]
    line.used, line.used_until = (31e6, 0.0), 1e12
    await live(world, speeds_in(world, found, memory), 1)
    assert world.orders == []
    assert [(one.direction, skip_of(one)) for one in world.tests] == [("download", "busy"), ("upload", "busy")] * 2


async def test_a_person_gets_a_test_or_the_reason_why_not() -> None:
    """At any hour; not twice at once, not of a link without a peer, and no more than the budget allows."""
    world, found = World(holds=asyncio.Event()), inventory(2, budget_per_month="500MB")
    speeds = speeds_in(world, found)
    assert await speeds.demand("none") is Skip.OFF
    assert await speeds.demand("l0") is None
    await asyncio.sleep(0)
    assert await speeds.demand("l0") is Skip.NO_TURN
    assert await speeds.demand("l1") is Skip.NO_TURN  # the ward's uplink is the same
    going = speeds.going("l0")
    assert going is not None
    assert going.direction == "download"
    assert world.holds is not None
    world.holds.set()
    for _ in range(30):
        await asyncio.sleep(0)
    assert speeds.going("l0") is None
    assert [(one.link, one.direction) for one in world.tests] == [("l0", "download"), ("l0", "upload")]
    assert [order.way for order in world.orders] == ["send", "receive"]  # the peer is at the site
    assert await speeds.demand("l0") is Skip.BUDGET


async def test_what_a_stopped_test_has_moved_is_spent() -> None:
    """The daemon ends in the middle of one."""
    world, found = World(holds=asyncio.Event()), inventory(1)
    speeds = speeds_in(world, found)
    assert await speeds.demand("l0") is None
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await speeds.close()
    assert [(one.evidence["ending"], one.octets > 0) for one in world.tests] == [("stopped", True)]
    assert speeds.spent("l0") == world.tests[0].octets


async def test_after_what_the_other_direction_would_meet_too_there_is_no_other() -> None:
    """A wrong key is the same both ways; a peer that stalls may do so one way."""
    for ending, expected in ((Ending.WRONG_KEY, 1), (Ending.STALLED, 2)):
        world = World()

        async def run(order: Order, _: Heed, ending: Ending = ending, world: World = world) -> SpeedRun:
            world.orders.append(order)
            return SpeedRun(order.way, ending, "so it is")

        test = one_test.LinkTest(next(inventory(1).links())[1], run, None, lambda: 0.0)
        found: list[Ending] = []

        async def take(finding: Any, _: datetime, found: list[Ending] = found) -> None:
            found.append(finding.ending)

        await test.both(one_test.Hooks(lambda _: None, lambda _: None, take))
        assert (len(world.orders), set(found)) == (expected, {ending})


async def test_probes_during_a_test_leave_the_verdicts_alone() -> None:
    """The 95th percentile is the same with and without a test, in the window and in the hour that is kept."""
    found = inventory(1)
    shares = []
    for is_tested in (False, True):
        memory = memory_of(found, BEGIN)
        for second in range(300):
            under_load = is_tested and 100 <= second < 130
            if is_tested and second == 100:
                memory.loading.begin("l0", 100.0)
            if is_tested and second == 130:
                span = memory.loading.end("l0", 130.0)
                assert span is not None
                memory.quality.leave_out("l0", *span)
            rtt = 0.9 if under_load else 0.01
            if not memory.loading.covers("l0", float(second), second + rtt):
                at = BEGIN + timedelta(seconds=second)
                measurement = Measurement(Subject("link", "l0", "s0", "x"), ProbeKind.ICMP, at, rtt, EchoReading(rtt))
                memory.hours.took(measurement, memory.quality.took(measurement, float(second)))
        window = memory.quality.window("l0")
        assert window is not None
        kept = memory.hours.rest(BEGIN + timedelta(seconds=301))[0].rollups[0].rtt
        assert kept is not None
        shares.append((window.facts(301.0).rtt(0.95), Sketch.from_bytes(kept).quantile(0.95)))
    assert shares[0] == shares[1]


@pytest.mark.parametrize(
    ("sent", "ended", "is_covered"),
    [(0.0, 0.5, False), (9.9, 10.1, True), (12.0, 12.1, True), (20.5, 20.6, True), (21.1, 21.2, False)],
)
def test_a_probe_is_spared_if_any_of_it_lay_in_a_test(*, sent: float, ended: float, is_covered: bool) -> None:
    """From the begin of the load until a second after it."""
    loading = Loading()
    assert not loading.covers("l", sent, ended)
    loading.begin("l", 10.0)
    assert loading.covers("l", sent, ended) is (ended >= 10.0)
    assert loading.end("l", 20.0) == (10.0, 21.0)
    assert loading.end("l", 20.0) is None
    assert loading.covers("l", sent, ended) is is_covered
    assert not loading.covers(site_name("l"), sent, ended)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A history of its own."""
    found = Store(f"sqlite:///{tmp_path}/h.db", "tests")
    await found.start()
    yield found
    await found.close()


async def test_the_history_tells_all_that_is_needed_again(store: Store) -> None:
    """A lower bound stays one, a skip stays a skip, and each is done."""
    world = World()
    await live(world, speeds_in(world, inventory(2)), 1.2)
    await store.record(*world.tests)
    told: Sequence[SpeedTest] = await store.speed_tests(BEGIN, BEGIN + timedelta(days=2))
    assert sorted(told, key=str) == sorted(world.tests, key=str)


async def test_announced_work_and_what_comes_right_after_it_are_left_alone() -> None:
    """Until ten minutes after the window; then a test may be asked for again."""
    world = World()
    start, end = BEGIN + timedelta(hours=7), BEGIN + timedelta(hours=8)  # by the ward's clock
    window = {"id": "w1", "links": ["l0"], "from": f"{start:%Y-%m-%dT%H:%M}", "to": f"{end:%Y-%m-%dT%H:%M}"}
    speeds = speeds_in(world, inventory(1, work=[window]))
    told = []
    for minute in (1, 59, 61, 69, 71):
        while world.now < BEGIN + timedelta(minutes=minute):
            world.now += timedelta(seconds=30)
            await speeds.look()
        told.append(await speeds.demand("l0"))
    assert told == [Skip.MAINTENANCE] * 4 + [None]
