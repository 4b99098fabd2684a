"""What is done every few seconds, on a small ward whose clock jumps: judging, expiry, beats, blindness, hours."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from history.facts import Heartbeat
from history.rollup import RollupBlock, Span
from model.decision import CameUp, WentDown
from model.inventory import Inventory
from model.measurement import EchoReading, Failure, Measurement, ProbeKind, Reason, Subject, SubjectKey
from model.state import State
from model.transition import Transition
from model.verdict import Outcome, Quality
from monitor import rounds as module
from monitor.memory import Memory
from monitor.prober import Prober
from monitor.rounds import JUDGE_EVERY, Rounds
from monitor.scribe import Scribe
from monitor.states import Because, Change
from monitor.task import Task
from monitor.watch import Clocks
from tests.peers.clock import SteppedLoop
from tests.peers.shelf import Board, Shelf

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ONE: SubjectKey = ("link", "one")
TWO: SubjectKey = ("link", "two")
ROUTER: SubjectKey = ("device", "router")
PAGE: SubjectKey = ("service", "page")
UP, DEGRADED, DOWN, UNKNOWN = State.UP, State.DEGRADED, State.DOWN, State.UNKNOWN
INVENTORY = Inventory.model_validate({
    "ward": {"id": "w", "timezone": "Asia/Ho_Chi_Minh"},
    "sites": [
        {
            "id": "office",
            "links": [
                {
                    "id": "one",
                    "target": "icmp://192.0.2.1",
                    "requirement": {"loss": "5%", "availability": "99%", "window": "60s"},
                },
                {"id": "two", "target": "icmp://192.0.2.2"},
            ],
            "devices": [{"id": "router", "address": "192.0.2.3"}],
            "services": [{"id": "page", "url": "http://192.0.2.4/"}],
        }
    ],
})
MINUTE, HOUR = 60, 3_600


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


async def nothing() -> Failure:
    """What the tests' tasks would probe."""
    return Failure(Reason.LOCAL)


class Ward:
    """A daemon without sockets. Its links answer each second unless they are told not to."""

    def __init__(self, loop: SteppedLoop, inventory: Inventory = INVENTORY) -> None:
        self.loop = loop
        self.step = 0.0  # by which the wall clock runs ahead
        self.lived = 0
        self.memory = Memory.begun(self.now(), loop.time())
        self.shelf, self.board = Shelf(), Board()
        self.shown: list[tuple[SubjectKey, State]] = []
        self.scribe = Scribe(self.shelf, self.show)
        self.prober = Prober(self.memory, self.board, self.board, self.scribe, self.now)
        self.rounds = Rounds(self.memory, self.board, self.scribe, self.shelf, self.now)
        self.memory.load(inventory, self.now())
        self.tasks = [
            Task(link, Subject("link", link, "office", "192.0.2.1"), ProbeKind.ICMP, 1.0, 1.0, nothing)
            for link in ("one", "two")
        ]
        probes = [((task.subject.kind, task.subject.id), task.key, task.kind) for task in self.tasks]
        self.memory.states.expect(inventory, [*probes, (ROUTER, "ping", ProbeKind.ICMP)], Because(NOON, NOON))

    def now(self) -> datetime:
        """By the wall clock."""
        return at(self.loop.time() + self.step)

    def show(self, change: Change) -> None:
        """As the daemon does."""
        if change.transition is not None:
            assert change.transition in self.shelf.facts
            self.memory.accounts.enter(change.transition)
        self.shown.append((change.subject, change.shown))

    def probe(self, *, one: bool = True) -> None:
        """A probe of each link comes back, or not."""
        for task, answers in zip(self.tasks, (one, True), strict=True):
            outcome = EchoReading(0.01) if answers else Failure(Reason.TIMEOUT)
            self.prober.measured(task, Measurement(task.subject, task.kind, self.now(), 0.01, outcome), steady=True)

    def decide(self, kind: type[WentDown | CameUp], since: float, link: int = 0) -> None:
        """The detector of a link decides something about then, by the monotonic clock."""
        now = self.loop.time()
        decision = kind(since, 0.5, now, {"because": "the tests say so"})
        self.prober.decided(self.tasks[link].subject, decision, Clocks(now, self.now()))

    async def live(self, seconds: int, loses: Callable[[int], bool] = lambda _: False) -> None:
        """So many seconds of normal life."""
        every = {
            2: self.rounds.expire,
            5: self.rounds.beat,
            JUDGE_EVERY: self.rounds.judge,
            30: self.rounds.reckon,
            MINUTE: self.rounds.minutes,
        }
        for number in range(self.lived + 1, self.lived + seconds + 1):
            await asyncio.sleep(1)
            self.lived = number
            self.probe(one=not loses(number))
            for period, run in every.items():
                if number % period == 0:
                    await run()

    def facts(self, subject: SubjectKey) -> list[tuple[State, datetime]]:
        """Into which states it passed, and when."""
        found = [each for each in self.shelf.facts if isinstance(each, Transition) and each.subject == subject]
        return [(each.after, each.at) for each in found]

    def runs(self) -> list[Heartbeat]:
        """The heartbeats, each as it was last written."""
        beats = {(each.began, each.blind): each for each in self.shelf.facts if isinstance(each, Heartbeat)}
        return list(beats.values())


def story(tell: Callable[[Ward], Awaitable[None]], inventory: Inventory = INVENTORY) -> Ward:
    """A ward that has lived through this."""
    loop = SteppedLoop()
    ward = Ward(loop, inventory)

    async def scenario() -> None:
        writing = asyncio.create_task(ward.scribe.work())
        for link in (0, 1):
            ward.decide(CameUp, 0.0, link)
        await ward.rounds.beat()
        await tell(ward)
        ward.scribe.finish()
        await writing

    try:
        loop.run_until_complete(scenario())
    finally:
        loop.close()
    return ward


def test_a_breach_degrades_the_link_and_is_written_down() -> None:
    """From verdict to state to history to page, with the numbers; and back once it has been well for a window."""

    async def tell(ward: Ward) -> None:
        await ward.live(60, lambda number: number % 3 == 0)
        assert ward.memory.states.state(ONE) is DEGRADED
        await ward.live(100)
        assert ward.memory.states.state(ONE) is DEGRADED
        await ward.live(100)

    ward = story(tell)
    (up, degraded, well) = ward.facts(ONE)
    assert (up[0], degraded[0], well[0]) == (UP, DEGRADED, UP)
    assert at(40) <= degraded[1] <= at(60)
    assert at(60 + 110) <= well[1] <= at(60 + 150)
    change = next(each for each in ward.shelf.facts if isinstance(each, Transition) and each.after is DEGRADED)
    assert "33.3%, required is ≤ 5%" in str(change.evidence["loss"])
    assert [state for subject, state in ward.shown if subject == ONE] == [UP, DEGRADED, UP]
    assert ward.facts(TWO) == [(UP, at(0))]


def test_verdicts_and_windows_are_shown_and_grow_old() -> None:
    """A window is shown for two rounds and a half; what is not required is not judged."""

    async def tell(ward: Ward) -> None:
        await ward.live(120)

    ward = story(tell)
    verdicts = {verdict.requirement: verdict.outcome for verdict in ward.board.verdicts[ONE]}
    assert verdicts == {Quality.LOSS: Outcome.MET, Quality.AVAILABILITY: Outcome.UNKNOWN}
    assert ward.board.verdicts[TWO] == []
    window, until = ward.board.windows["one"]
    assert (window.n, window.lost, until) == (60, 0, 145.0)


def test_an_outage_is_judged_once() -> None:
    """Forty seconds of silence are an outage; afterwards the link is up, and no loss is held against it."""

    async def tell(ward: Ward) -> None:
        await ward.live(60)
        await ward.live(4, lambda _: True)
        ward.decide(WentDown, 60.5)
        await ward.live(36, lambda _: True)
        await ward.live(10)
        ward.decide(CameUp, 100.5)
        await ward.live(120)

    ward = story(tell)
    assert ward.facts(ONE) == [(UP, at(0)), (DOWN, at(60.5)), (UP, at(100.5))]
    assert (ward.board.stable["one"].known, ward.board.stable["one"].stable) == (3, 2)


def test_what_is_not_measured_any_more_becomes_unknown() -> None:
    """A device that nobody asks; links are their detectors' affair."""

    async def tell(ward: Ward) -> None:
        router = Subject("device", "router", "office", "192.0.2.3")
        measurement = Measurement(router, ProbeKind.ICMP, ward.now(), 0.01, EchoReading(0.01))
        task = Task("ping", router, ProbeKind.ICMP, 5.0, 1.0, nothing)
        ward.prober.measured(task, measurement, steady=True)
        await ward.live(20)

    ward = story(tell)
    states = [state for state, _ in ward.facts(ROUTER)]
    assert states == [UP, UNKNOWN]


def test_planned_work_is_laid_over_while_it_is_open() -> None:
    """Shown as maintenance, and no fact of the history."""
    work = {"id": "work", "links": ["one"], "from": at(10).isoformat(), "to": at(20).isoformat()}
    inventory = Inventory.model_validate({
        **INVENTORY.model_dump(by_alias=True, exclude_unset=True),
        "maintenance": [work],
    })

    async def tell(ward: Ward) -> None:
        await ward.live(60)

    ward = story(tell, inventory)
    assert [state for subject, state in ward.shown if subject == ONE] == [UP, State.MAINTENANCE, UP]
    assert ward.facts(ONE) == [(UP, at(0))]
    tally, *_ = ward.board.accounts[ONE]
    assert (tally.up, tally.maintenance) == (23_000, 10_000)


def test_accounts_are_shown() -> None:
    """Of every link and service: time in each state, availability, budget, outages."""

    async def tell(ward: Ward) -> None:
        await ward.live(120)

    ward = story(tell)
    assert set(ward.board.accounts) == {ONE, TWO, PAGE}
    tally, ratio, budget, outages = ward.board.accounts[ONE]
    assert tally.up == 120_000 - 27_000
    assert (ratio, budget, outages) == (1.0, 1.0, {"outage": 0, "micro": 0})
    assert ward.board.accounts[TWO][2] is None
    assert ward.board.accounts[PAGE][1] is None
    assert ward.board.rates[ONE]
    assert ward.board.rates[TWO] == {}


def test_accounts_that_take_too_long_go_on_in_the_next_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each round goes on where the last one stopped, and begins anew when it is through."""
    monkeypatch.setattr(module, "_RECKON_CPU", -1.0)
    seen: list[list[SubjectKey]] = []

    async def tell(ward: Ward) -> None:
        for _ in range(5):
            ward.board.accounts.clear()
            await ward.rounds.reckon()
            seen.append(list(ward.board.accounts))

    story(tell)
    assert seen == [[ONE], [TWO], [PAGE], [], [ONE]]


def test_after_a_pause_everything_says_itself_anew() -> None:
    """Unknown from the last beat on, and up again with the next answer; the time between is under no run."""

    async def tell(ward: Ward) -> None:
        await ward.live(20)
        await asyncio.sleep(100)
        await ward.rounds.beat()
        assert ward.memory.states.state(ONE) is UNKNOWN
        await ward.live(10)

    ward = story(tell)
    assert ward.facts(ONE) == [(UP, at(0)), (UNKNOWN, at(20)), (UP, at(121))]
    assert ward.runs() == [Heartbeat(at(0), at(20)), Heartbeat(at(120), at(130))]


@pytest.mark.parametrize("step", [HOUR, -HOUR, 24 * HOUR, -24 * HOUR])
def test_after_a_step_of_the_clock_everything_says_itself_anew(step: float) -> None:
    """By an hour or a day, forward or back: a new run, no state is carried over, and nothing is said of before."""

    async def tell(ward: Ward) -> None:
        await ward.live(20)
        ward.step = step
        await ward.live(10)

    ward = story(tell)
    states = ward.facts(ONE)
    assert [state for state, _ in states] == [UP, UNKNOWN, UP]
    assert states[1][1] == at(25 + step)
    assert states[2][1] == at(26 + step)
    assert ward.runs() == [Heartbeat(at(0), at(20)), Heartbeat(at(25 + step), at(30 + step))]


def test_a_blind_monitor_knows_nothing_and_looks_anew() -> None:
    """Unknown from when the anchors fell silent, with a run that says so; what answers afterwards is up."""

    async def tell(ward: Ward) -> None:
        await ward.live(20)
        await ward.rounds.turn(at(17), blind=True)
        await ward.live(30, lambda _: True)
        await ward.rounds.turn(ward.now(), blind=False)
        await ward.live(30)

    ward = story(tell)
    assert ward.facts(ONE) == [(UP, at(0)), (UNKNOWN, at(17)), (UP, at(51))]
    assert ward.runs() == [
        Heartbeat(at(0), at(20)),
        Heartbeat(at(17), at(50), blind=True),
        Heartbeat(at(50), at(80)),
    ]
    window, _ = ward.board.windows["one"]
    assert (window.lost, window.left_out) == (0, 31)


def test_a_beat_after_a_turn_opens_no_blind_eyes() -> None:
    """Nor does a pause while it is blind: nothing comes up before the anchors answer."""

    async def tell(ward: Ward) -> None:
        await ward.live(13)
        await ward.rounds.turn(at(10), blind=True)
        await ward.live(10)
        await asyncio.sleep(100)
        await ward.live(10)

    ward = story(tell)
    assert [state for state, _ in ward.facts(ONE)] == [UP, UNKNOWN]
    assert [run.blind for run in ward.runs()] == [False, True, True]


def test_hours_are_stored_and_days_folded() -> None:
    """At the full hour one block of each ward; after midnight of the ward the day, on the first also the month."""
    zones = {"w": ZoneInfo("Asia/Ho_Chi_Minh")}

    async def tell(ward: Ward) -> None:
        ward.step = 5 * HOUR - 30  # 30 s before midnight in Hanoi
        await ward.rounds.beat()
        await ward.live(20)
        await ward.rounds.roll_up(zones)
        await ward.live(30)
        await ward.rounds.roll_up(zones)
        await ward.live(10)
        await ward.rounds.close_hour(ward.now())

    ward = story(tell)
    blocks = [each for each in ward.shelf.facts if isinstance(each, RollupBlock)]
    hours = [(at(4 * HOUR), at(5 * HOUR)), (at(5 * HOUR), at(5 * HOUR + 30))]
    assert [(block.ward, block.start, block.end) for block in blocks] == [("w", *hour) for hour in hours]
    assert sum(rollup.sent for block in blocks for rollup in block.rollups if rollup.subject == ONE) == 60
    assert ward.shelf.folds == [("w", Span.DAY, at(-19 * HOUR), at(5 * HOUR))]


def test_a_history_that_fails_is_told_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Neither folding nor forgetting may end a round."""

    async def tell(ward: Ward) -> None:
        ward.step = 5 * HOUR + 10
        ward.shelf.is_broken = True
        with caplog.at_level(logging.WARNING):
            await ward.rounds.roll_up({"w": ZoneInfo("Asia/Ho_Chi_Minh")})
            await ward.rounds.tidy(86_400, 3_600)
        ward.shelf.is_broken = False
        await ward.rounds.tidy(86_400, 3_600)

    ward = story(tell)
    assert "the day of ward w was not folded: the disk is full" in caplog.text
    assert "old facts were not removed: the disk is full" in caplog.text
    (keep,) = ward.shelf.pruned
    assert (keep.transitions, keep.rollups) == (timedelta(days=1), timedelta(hours=1))


def test_a_long_round_gives_way_to_the_probes() -> None:
    """Hundreds of links are not judged in one turn of the loop."""
    links = [{"id": f"l{number}", "target": "icmp://192.0.2.1"} for number in range(200)]
    inventory = Inventory.model_validate({"sites": [{"id": "office", "links": links}]})
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def tell(ward: Ward) -> None:
        counting = asyncio.create_task(count())
        await ward.rounds.judge()
        counting.cancel()

    story(tell, inventory)
    assert turns >= 4
