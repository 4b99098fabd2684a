"""The main loop: what has been measured and decided is counted, shown, judged by, remembered and written down."""

import asyncio
import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from history.rollup import Rollup
from model.decision import CameUp, Decision, FlappingBegan, FlappingEnded, StayedDown, WentDown
from model.inventory import Inventory
from model.measurement import (
    EchoReading,
    Failure,
    InterfaceReading,
    Measurement,
    ProbeKind,
    Reading,
    Reason,
    SnmpReading,
    Subject,
    SystemFacts,
)
from model.state import State
from monitor.memory import Memory
from monitor.prober import Prober
from monitor.scribe import Scribe
from monitor.speed.loading import site_name
from monitor.states import Because, Change
from monitor.task import Task
from monitor.watch import Clocks
from tests.peers.shelf import Board, Shelf

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LINK = Subject("link", "one", "office", "192.0.2.1")
PING = Subject("device", "switch", "office", "192.0.2.2")
ROUTER = Subject("device", "router", "office", "192.0.2.3")
PAGE = Subject("service", "page", "office", "http://192.0.2.4/")
INVENTORY = Inventory.model_validate({
    "credentials": {"c": {"version": "2c", "community": "public"}},
    "sites": [
        {
            "id": "office",
            "links": [{"id": "one", "target": ["icmp://192.0.2.1", "tcp://192.0.2.1:443"], "interface": "router/wan"}],
            "devices": [
                {"id": "switch", "address": "192.0.2.2"},
                {"id": "router", "address": "192.0.2.3", "icmp": False, "snmp": {"credentials": "c"}},
            ],
            "services": [{"id": "page", "url": "http://192.0.2.4/", "requirement": {"loss": "1%"}}],
        }
    ],
})
ANSWER, SILENCE = EchoReading(0.01), Failure(Reason.TIMEOUT)


def task_of(
    subject: Subject, *outcomes: Reading | Failure, kind: ProbeKind = ProbeKind.ICMP, first: bool = True
) -> Task:
    """A task whose probe gives these outcomes, one after the other."""
    row = iter(outcomes)

    async def probe() -> Reading | Failure:
        return next(row)

    return Task((subject.id, kind), subject, kind, interval=1.0, patience=1.0, probe=probe, is_first=first)


class Main:
    """A prober with all that it talks to."""

    def __init__(self, *tasks: Task) -> None:
        self.memory = Memory.begun(NOON, 0.0)
        self.memory.load(INVENTORY, NOON)
        probes = [((task.subject.kind, task.subject.id), task.key, task.kind) for task in tasks]
        self.memory.states.expect(INVENTORY, probes, Because(NOON, NOON))
        self.shelf, self.board = Shelf(), Board()
        self.changes: list[Change] = []
        self.scribe = Scribe(self.shelf, self.changes.append)
        self.prober = Prober(self.memory, self.board, self.board, self.scribe)
        self.prober.expect(tasks)

    async def written(self) -> list[tuple[str, State]]:
        """What has been shown, once all that was handed over is written."""
        self.scribe.finish()
        await self.scribe.work()
        return [(change.subject[1], change.shown) for change in self.changes]

    def hour(self) -> Rollup:
        """What the hour holds of the link."""
        (block,) = self.memory.hours.rest(NOON + timedelta(minutes=1))
        return next(rollup for rollup in block.rollups if rollup.subject == ("link", "one"))


def decide(main: Main, decision: Decision) -> None:
    """The link's detector decides, a thousand seconds after its clock's zero."""
    main.prober.decided(LINK, decision, Clocks(1_000.0, NOON + timedelta(seconds=100)))


async def test_one_run_goes_the_whole_way() -> None:
    """An answer is recorded with its freshness, counted as success, and brings the device up, which is written down."""
    task = task_of(PING, ANSWER)
    main = Main(task)
    assert main.prober.waiting == 1
    measurement = await main.prober.run(task)
    assert measurement.outcome == ANSWER
    assert measurement.at.tzinfo is not None
    assert main.board.measurements == [(measurement, task.fresh_for)]
    assert task.fresh_for == 3.2
    assert main.board.runs == {(ProbeKind.ICMP, "success"): 1}
    assert main.prober.waiting == 0
    assert await main.written() == [("switch", State.UP)]
    assert len(main.shelf.facts) == 1


async def test_states_are_told_on_the_edge_only() -> None:
    """Five silences after an answer make one change to down."""
    task = task_of(PING, ANSWER, *[SILENCE] * 5)
    main = Main(task)
    for _ in range(6):
        await main.prober.run(task)
    assert await main.written() == [("switch", State.UP), ("switch", State.DOWN)]
    assert main.board.runs == {(ProbeKind.ICMP, "success"): 1, (ProbeKind.ICMP, "timeout"): 5}


async def test_a_job_is_one_run_at_the_pace_of_its_task() -> None:
    """The scheduler gets the key, the kind and the interval, and what it runs is the whole way."""
    task = task_of(PING, ANSWER)
    main = Main(task)
    (job,) = main.prober.jobs([task])
    assert (job.key, job.kind, job.interval) == (task.key, ProbeKind.ICMP, 1.0)
    run = job.run()
    assert run is not None
    await run
    assert main.prober.waiting == 0


async def test_a_reload_waits_only_for_what_is_new() -> None:
    """What has run before a reload is not waited for again, and what is gone is not waited for at all."""
    task, other = task_of(PING, ANSWER), task_of(LINK)
    main = Main(task)
    await main.prober.run(task)
    main.prober.expect([task, other])
    assert main.prober.waiting == 1
    main.prober.expect([task])
    assert main.prober.waiting == 0


async def test_only_the_regular_pace_through_the_first_target_says_something_about_loss() -> None:
    """A burst that a loss set off would count that loss many times; another target is another path."""
    first, second = task_of(LINK), task_of(LINK, kind=ProbeKind.TCP, first=False)
    main = Main(first, second)
    for task, outcome, steady in ((first, ANSWER, True), (first, SILENCE, False), (second, SILENCE, True)):
        main.prober.measured(task, Measurement(LINK, task.kind, NOON, 0.01, outcome), steady=steady)
    hour = main.hour()
    assert (hour.sent, hour.lost) == (1, 0)
    assert sum(main.board.runs.values()) == 3
    judged = main.memory.quality.judge("one", asyncio.get_running_loop().time() + 2, NOON, lambda _: None, is_up=True)
    assert judged is not None
    assert (judged.window.n, judged.window.lost) == (1, 0)


async def test_what_a_detector_decides_is_written_down_with_its_times() -> None:
    """When it began, when it was noticed, how sure, and why: by the wall clock."""
    main = Main(task_of(LINK))
    decide(main, CameUp(960.0, 0.5, 970.0, {"answers": 11}))
    assert await main.written() == [("one", State.UP), ("office", State.UP)]
    fact = main.changes[0].transition
    assert fact is not None
    assert (fact.at, fact.noticed_at) == (NOON + timedelta(seconds=60), NOON + timedelta(seconds=70))
    assert (fact.uncertainty, fact.evidence) == (0.5, {"answers": 11})


async def test_an_outage_is_left_out_of_the_window() -> None:
    """Its losses are its own: they are judged once, as availability."""
    task = task_of(LINK)
    main = Main(task)
    now = asyncio.get_running_loop().time()
    for number in range(20):
        outcome = SILENCE if 5 <= number < 15 else ANSWER
        main.memory.quality.took(Measurement(LINK, task.kind, NOON, 0.01, outcome), now - 20 + number)
    for kind, at in ((WentDown, 4.5), (CameUp, 14.5)):
        main.prober.decided(LINK, kind(now - 20 + at, 0.5, now), Clocks(now, NOON))
    judged = main.memory.quality.judge("one", now, NOON, lambda _: None, is_up=True)
    assert judged is not None
    assert (judged.window.n, judged.window.lost, judged.window.left_out) == (9, 0, 10)


async def test_flapping_is_shown_and_is_no_state(caplog: pytest.LogCaptureFixture) -> None:
    """A message once, and nothing in the history; what concerns only alerts passes by."""
    main = Main(task_of(LINK))
    with caplog.at_level(logging.INFO):
        decide(main, FlappingBegan(990.0, 3.0))
        assert main.board.flaps == {"one": True}
        decide(main, FlappingEnded(995.0, 0.9))
        decide(main, StayedDown(900.0, 960.0))
    assert main.board.flaps == {"one": False}
    assert [record.message for record in caplog.records] == ["link one flaps", "link one has stopped flapping"]
    assert await main.written() == []


def poll(ticks: int, octets: int, port: str = "wan") -> SnmpReading:
    """A poll of a router with one port of 100 Mbit/s."""
    cells = {"ifHCInOctets": octets, "ifHCOutOctets": octets, "ifHighSpeed": 100, "ifOperStatus": 1}
    interface = InterfaceReading(1, port, port, "", 6, "00:00:5e:00:53:01", cells)
    return SnmpReading(ticks, SystemFacts(), (interface,), 1, 0, 4)


def polled(main: Main, task: Task, reading: Reading | Failure) -> None:
    """One poll comes back."""
    main.prober.measured(task, Measurement(ROUTER, ProbeKind.SNMP, NOON, 0.01, reading), steady=True)


async def test_what_a_port_counts_is_what_its_link_carried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two polls make a throughput, which is shown as long as it is fresh and kept for the hour."""
    task = task_of(ROUTER, kind=ProbeKind.SNMP)
    main = Main(task)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    polled(main, task, poll(100_000, 1_000_000))
    monkeypatch.setattr(loop, "time", lambda: begun + 60)
    polled(main, task, poll(106_000, 31_000_000))
    ((link, seen, until),) = main.board.traffic
    assert (link, seen.elapsed) == ("one", 60.0)
    assert seen.download.bits_per_second == pytest.approx(4e6)
    assert until == pytest.approx(begun + 60 + task.fresh_for)
    download = main.hour().download
    assert download is not None
    assert download.octets == 30_000_000


async def test_a_poll_that_fails_carries_nothing() -> None:
    """Absent, never zero."""
    task = task_of(ROUTER, kind=ProbeKind.SNMP)
    main = Main(task)
    polled(main, task, poll(100_000, 1_000_000))
    polled(main, task, SILENCE)
    assert main.board.traffic == []


async def test_a_port_that_is_not_there_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """The link, the device and the name that the inventory states, and how to see the right one."""
    task = task_of(ROUTER, kind=ProbeKind.SNMP)
    main = Main(task)
    with caplog.at_level(logging.WARNING):
        for ticks in (100_000, 106_000):
            polled(main, task, poll(ticks, 1, "ether1"))
    (record,) = caplog.records
    assert "link one: device router has no interface 'wan'" in record.message


async def test_a_service_is_judged_by_its_probes() -> None:
    """How long its whole answer took."""
    task = task_of(PAGE, ANSWER, kind=ProbeKind.HTTP)
    main = Main(task)
    await main.prober.run(task)
    now = asyncio.get_running_loop().time() + task.patience + 15
    judged = main.memory.services.judge("page", now, NOON, lambda _: None, is_up=True)
    assert judged is not None
    assert judged.window.n == 1


async def test_an_answer_from_before_a_reload_changes_nothing() -> None:
    """Its subject is gone; it is counted and forgotten."""
    task = task_of(Subject("link", "old", "office", "192.0.2.9"), ANSWER)
    main = Main()
    await main.prober.run(task)
    assert await main.written() == []
    assert main.memory.hours.rest(datetime.max.replace(tzinfo=UTC)) == []


async def test_what_probes_say_during_a_speed_test_counts_for_the_state_alone() -> None:
    """Of the link that it fills, and of the services of its site; afterwards they count again."""
    tasks = task_of(LINK, *[SILENCE] * 2), task_of(PAGE, *[SILENCE] * 2, kind=ProbeKind.HTTP)
    main = Main(*tasks)
    loading, now = main.memory.loading, asyncio.get_running_loop().time()
    names = "one", site_name("office")
    for name in names:
        loading.begin(name, now - 60)
    await _measure(main, tasks)
    assert _judged(main) == (0, 0)
    for name in names:
        loading.end(name, now - 30)
    await _measure(main, tasks)
    assert _judged(main) == (1, 1)
    assert main.hour().lost == 1
    assert sum(main.board.runs.values()) == 4


async def _measure(main: Main, tasks: Iterable[Task]) -> None:
    for task in tasks:
        outcome = await task.probe()
        main.prober.measured(task, Measurement(task.subject, task.kind, NOON, 0.01, outcome), steady=True)


def _judged(main: Main) -> tuple[int, int]:
    """Probes in the window of the link, and in that of the page."""
    at = asyncio.get_running_loop().time() + 20  # when all time-outs are over
    link = main.memory.quality.judge("one", at, NOON, lambda _: None, is_up=True)
    page = main.memory.services.judge("page", at, NOON, lambda _: None, is_up=True)
    assert link is not None
    assert page is not None
    return link.window.n, page.window.n
