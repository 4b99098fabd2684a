"""Speed tests of all links: when one is due or asked for, whether it may run, what is made of it."""

import asyncio
import logging
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from history.errors import HistoryError
from history.facts import SpeedTest
from history.store import Store
from model.intervals import SECOND, between, instant, merged, moment
from model.inventory import Credentials, Device, Inventory, SnmpPolling
from model.judge import TESTS_FOR
from model.speed_finding import Finding
from model.speed_run import DIRECTIONS, Direction
from model.speed_schedule import Due, Occasion, Skip, due_on, month_of, need_of, why_not
from model.throughput import facing
from monitor.memory import Memory
from monitor.speed.counting import Conversing, PortCounting
from monitor.speed.facts import fact_of, skip_of, skipped, tested_of
from monitor.speed.ledger import KEPT, SpeedLedger
from monitor.speed.loading import site_name
from monitor.speed.missed import BEFORE, missed, off_since
from monitor.speed.one_test import SECONDS, Hooks, LinkTest, Run
from monitor.speed.surroundings import Place, Surroundings, places_of, zones_of
from monitor.speed.tester import run_test

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 10
"""Seconds from one look for what is due to the next."""

_AT_ONCE: Final = 2  # tests, in the whole monitor: a tester may take a core
_HORIZON: Final = timedelta(hours=2)
_PAUSE: Final = timedelta(minutes=10)  # whoever has not looked for longer was held up
_BACK: Final = timedelta(days=31)  # a month's review shows what was not run
_TOGETHER: Final = 500  # skips that are written at once
_SLICE: Final = 50  # links looked at before the probes have their turn again
_FINAL: Final = frozenset({Skip.METERED, Skip.OFF, Skip.BUDGET, Skip.PROVED})
"""What does not change while a test waits for its turn."""


class Board(Protocol):
    """Who shows what was found."""

    def tested(self, link_id: str, direction: Direction, speed: float, until: float) -> None:
        """Show the speed in bit/s of a test, until then (monotonic)."""


class Count(Protocol):
    """Who counts tests."""

    def speed_test(self, outcome: str) -> None:
        """One more test of one direction, or one that was planned and not run, with this outcome."""


@dataclass(frozen=True, slots=True)
class Going:
    """A test that goes on.

    Attributes:
        since: When it began, aware UTC.
        direction: That is being loaded; ``None`` before and between.
    """

    since: datetime
    direction: Direction | None = None


AgentOf = Callable[[Device, SnmpPolling, Credentials], Conversing]


class Speeds:
    """The schedule's shell. Everything is decided by ``model.speed_schedule`` and ``model.speed_finding``.

    Args:
        store: The history.
        memory: What is known now.
        board: Shows speeds.
        count: Counts tests.
        agent_of: The agent of a device.
        run: Runs one order; that of the tester.
        now: Aware UTC.
    """

    def __init__(
        self,
        store: Store,
        memory: Memory,
        board: Board,
        count: Count,
        agent_of: AgentOf,
        *,
        run: Run = run_test,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._memory, self._board, self._count = store, memory, board, count
        self._agent_of, self._run, self._now = agent_of, run, now
        self._inventory = Inventory()
        self._places: dict[str, Place] = {}
        self._ledger = SpeedLedger()
        self._around = Surroundings(memory, self._ledger, self._clock)
        self._going: dict[str, Going] = {}
        self._taken: dict[str, frozenset[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stale: set[str] = set()
        self._dues: list[Due] = []
        self._planned_at: datetime | None = None
        self._knows_past = False
        self._learning = asyncio.Lock()
        self._looked = self._now()  # until then nobody did

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory; tests that go on go on."""
        self._inventory = inventory
        self._places = places_of(inventory)
        self._around.load(inventory)
        self._planned_at = None

    @property
    def places(self) -> dict[str, Place]:
        """The links that can be tested, by id."""
        return self._places

    def going(self, link: str) -> Going | None:
        """The test of a link that goes on."""
        return self._going.get(link)

    def next_due(self, link: str) -> datetime | None:
        """When the next planned test of a link begins at the earliest; ``None`` where none is until tomorrow."""
        place, now = self._places.get(link), self._now()
        ahead = [due.at for due in _dues_around(place, now) if not self._ledger.is_done(due)] if place else []
        return min((datetime.fromtimestamp(at / SECOND, UTC) for at in ahead), default=None)

    def spent(self, link: str) -> int:
        """Octets that the tests of a link have moved this month."""
        place = self._places.get(link)
        return self._ledger.octets(link, month_of(self._now(), place.zone)) if place else 0

    async def look(self) -> None:
        """Begin what is due and may run; write down what was planned and may not."""
        if not await self._learn_past():
            return
        now = self._looked = self._now()
        self._around.look()
        await self._deal(now)  # first of all with those whose time is over
        if await self._plan(now):
            await self._deal(now)

    async def demand(self, link: str) -> Skip | None:
        """Begin a test that somebody asks for; why not, or ``None`` where it has begun."""
        if not await self._learn_past():
            return Skip.MONITOR  # without the past nobody knows what is left of the budget
        place = self._places.get(link)
        if place is None:
            return Skip.OFF
        self._around.look()
        skip = self._why_not(place, self._now(), Occasion.DEMANDED)
        if skip is None:
            self._begin(place, Occasion.DEMANDED, None)
        return skip

    async def close(self) -> None:
        """End the tests that go on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deal(self, now: datetime) -> None:
        """Look at what is due, a few dozen at a time; the first of them have waited longest."""
        place = bisect_right(self._dues, instant(now), key=lambda due: due.at)
        due_now, self._dues = self._dues[:place], self._dues[place:]
        waiting = []
        for number, due in enumerate(due_now, 1):
            if not await self._is_dealt_with(due, now):
                waiting.append(due)
            if number % _SLICE == 0:
                await asyncio.sleep(0)
        self._dues = [*waiting, *self._dues]

    async def _is_dealt_with(self, due: Due, now: datetime) -> bool:
        """Whether a planned test need not be thought of any more: begun now or before, or given up."""
        if self._ledger.is_done(due) or due.link not in self._places:
            return True
        if len(self._taken) >= _AT_ONCE and instant(now) < due.until:
            return False  # whatever else may stand in its way, it has time
        place = self._places[due.link]
        skip = self._why_not(place, now, Occasion.PLANNED)
        if skip is None:
            self._ledger.begin(due, instant(now))
            self._begin(place, Occasion.PLANNED, due)
        elif skip in _FINAL or instant(now) >= due.until:
            log.info("link %s: no speed test: %s", due.link, skip)
            await self._keep(*(skipped(due, direction, skip, now) for direction in DIRECTIONS))
        else:
            return False
        return True

    def _why_not(self, place: Place, now: datetime, occasion: Occasion) -> Skip | None:
        taken = frozenset().union(*self._taken.values())
        has_room = len(self._taken) < _AT_ONCE
        conditions = self._around.conditions(place, now, taken, has_room=has_room)
        return why_not(place.link, conditions, occasion, need_of(place.link, SECONDS))

    def _begin(self, place: Place, occasion: Occasion, due: Due | None) -> None:
        name = place.link.id
        self._taken[name] = place.shares
        self._going[name] = Going(self._now())
        task = asyncio.get_running_loop().create_task(self._test(place, occasion, due))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _test(self, place: Place, occasion: Occasion, due: Due | None) -> None:
        name = place.link.id
        log.info("link %s: a speed test begins, %s", name, occasion)

        async def found(finding: Finding, at: datetime) -> None:
            await self._take(fact_of(name, finding, at, occasion, due))

        hooks = Hooks(lambda way: self._load(place, way), lambda _: self._unload(place), found)
        stale, counting = name in self._stale, self._counting(place)
        test = LinkTest(place.link, self._run, counting, self._clock, is_stale=stale, now=self._now)
        try:
            await test.both(hooks)
        finally:
            if test.is_stale:
                self._stale.add(name)
            self._unload(place)
            del self._going[name], self._taken[name]

    def _load(self, place: Place, direction: Direction) -> None:
        self._going[place.link.id] = Going(self._going[place.link.id].since, direction)
        for name in (place.link.id, site_name(place.site.id)):
            self._memory.loading.begin(name, self._clock())

    def _unload(self, place: Place) -> None:
        name, now = place.link.id, self._clock()
        span = self._memory.loading.end(name, now)
        self._memory.loading.end(site_name(place.site.id), now)
        if span is not None:
            self._memory.quality.leave_out(name, *span)
        if name in self._going:
            self._going[name] = Going(self._going[name].since)

    def _counting(self, place: Place) -> PortCounting | None:
        parts = place.link.interface_parts
        device = next((one for _, one in self._inventory.devices() if parts and one.id == parts[0]), None)
        if parts is None or device is None or device.snmp is None:
            return None
        agent = self._agent_of(device, device.snmp, self._inventory.credentials[device.snmp.credentials])
        return PortCounting(agent, parts[1], facing(place.site, place.link), self._clock)

    async def _take(self, test: SpeedTest) -> None:
        """A test of one direction is over: keep it, show it, judge by it."""
        ending = str(test.evidence.get("ending"))
        log.info("link %s: %s %s: %s %s", test.link, test.direction, _spelt(test), ending, test.detail)
        self._show(test)
        await self._keep(test)

    async def _keep(self, *tests: SpeedTest) -> None:
        self._ledger.enter(tests)  # at once: what is written late must not be run twice
        for test in tests:
            self._count.speed_test(skip_of(test) or str(test.evidence.get("ending")))
        await self._store.record(*tests)

    def _show(self, test: SpeedTest) -> None:
        told = tested_of(test)
        if told is None:
            return
        self._memory.quality.tested(test.link, test.direction, told)
        left = (TESTS_FOR - (self._now() - test.at)).total_seconds()
        self._board.tested(test.link, test.direction, told.bits_per_second, self._clock() + left)

    async def _learn_past(self) -> bool:
        """Know what was tested before, and what was not while the monitor was off or held up; whether that is known."""
        async with self._learning:
            now = self._now()
            if self._knows_past and now - self._looked <= _PAUSE:
                return True
            try:
                await self._read_past(now)
            except HistoryError as error:
                log.warning("no speed test as long as the history cannot be read: %s", error)
                return False
            self._knows_past, self._looked = True, now
        return True

    async def _read_past(self, now: datetime) -> None:
        since = max(self._looked - BEFORE, now - _BACK) if self._knows_past else now - _BACK
        terms = await self._store.terms(since, now)
        unseen = between(max(self._looked - BEFORE, since), now)
        off = merged([*await off_since(self._store, since, self._looked), unseen])
        if not self._knows_past:
            await self._enter(await self._store.speed_tests(now - KEPT, now + timedelta(minutes=1)), now)
        skips: list[SpeedTest] = []
        for number, dues in enumerate(missed(terms, off, zones_of(self._inventory), now), 1):
            left = [due for due in dues if not self._ledger.is_done(due)]
            skips += [skipped(due, way, Skip.MONITOR, moment(due.until)) for due in left for way in DIRECTIONS]
            if number % _SLICE == 0:
                skips = await self._kept(skips, at_least=_TOGETHER)
        await self._kept(skips)

    async def _kept(self, skips: list[SpeedTest], at_least: int = 1) -> list[SpeedTest]:
        """Write down what was not run, where it is so many; what is left to write."""
        await asyncio.sleep(0)
        if len(skips) < at_least:
            return skips
        log.info("%d speed tests were not run: the monitor was off", len(skips))
        await self._keep(*skips)
        return []

    async def _enter(self, tests: Sequence[SpeedTest], now: datetime) -> None:
        for place in range(0, len(tests), _SLICE):
            some = tests[place : place + _SLICE]
            self._ledger.enter(some)
            for test in some:
                if now - test.at <= TESTS_FOR:
                    self._show(test)
            await asyncio.sleep(0)

    async def _plan(self, now: datetime) -> bool:
        """Know what is due soon: anew each hour, and when the inventory has changed; whether that was now."""
        if self._planned_at is not None and now - self._planned_at < _HORIZON / 2:
            return False
        self._planned_at = now
        self._ledger.forget(instant(now))
        await asyncio.sleep(0)
        dues, horizon = [], instant(now + _HORIZON)
        for number, place in enumerate(list(self._places.values()), 1):
            dues += [due for due in _dues_around(place, now) if due.at < horizon]
            if number % _SLICE == 0:
                await asyncio.sleep(0)
        self._dues = sorted(dues, key=lambda due: due.at)
        return True

    def _clock(self) -> float:
        return asyncio.get_running_loop().time()


def _dues_around(place: Place, now: datetime) -> list[Due]:
    """The planned tests of a link, of yesterday to tomorrow by its ward's clock, whose time is not over."""
    today = now.astimezone(place.zone).date()
    days = (today - timedelta(days=1), today, today + timedelta(days=1))
    return [due for day in days for due in due_on(place.link, day, place.zone) if due.until > instant(now)]


def _spelt(test: SpeedTest) -> str:
    if test.bits_per_second is None:
        return "gave no figure"
    least = "at least " if test.evidence.get("is_lower_bound") else ""
    return f"{least}{test.bits_per_second / 1e6:.1f} Mbit/s"
