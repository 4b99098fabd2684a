"""The scheduler: a thin shell, driven by a loop whose clock the test moves."""

import asyncio
from collections import Counter
from collections.abc import Coroutine

import pytest

from model.measurement import ProbeKind
from monitor.scheduler import Job, Scheduler
from monitor.timetable import Due, Timetable
from tests.peers.clock import SteppedLoop


class Notes:
    """Writes down what a Punctuality is told."""

    def __init__(self) -> None:
        self.lags: list[tuple[ProbeKind, float]] = []
        self.skips: Counter[ProbeKind] = Counter()

    def lag(self, kind: ProbeKind, seconds: float) -> None:
        """A start was late by so much."""
        self.lags.append((kind, seconds))

    def skipped(self, kind: ProbeKind, runs: int) -> None:
        """So many runs did not start."""
        self.skips[kind] += runs


def stepped(notes: Notes) -> Scheduler:
    """A scheduler on the running loop's clock."""
    return Scheduler(notes, Timetable(seed=1), clock=asyncio.get_running_loop().time)


def drive(scenario: Coroutine[None, None, None], seconds: float) -> None:
    """Run a coroutine function's result on a stepped loop for so long by its own clock."""
    loop = SteppedLoop()
    try:
        loop.run_until_complete(asyncio.wait_for(scenario, seconds))
    finally:
        loop.close()


def test_a_job_that_hangs_is_skipped_and_delays_no_other() -> None:
    """Thirty hanging jobs leave the living one its pace, and each missed run is counted."""
    notes, runs = Notes(), Counter[str]()

    async def hang() -> None:
        runs["hung"] += 1
        await asyncio.Event().wait()

    async def live() -> None:
        runs["live"] += 1

    async def scenario() -> None:
        scheduler = stepped(notes)
        hanging = [Job(("dead", number), ProbeKind.SNMP, 1.0, hang) for number in range(30)]
        scheduler.set([*hanging, Job("alive", ProbeKind.ICMP, 1.0, live)])
        await asyncio.sleep(20)
        await scheduler.stop()

    drive(scenario(), 30)
    assert runs["hung"] == 30
    assert 19 <= runs["live"] <= 21
    assert notes.skips[ProbeKind.SNMP] == pytest.approx(30 * 19, abs=45)
    assert notes.skips[ProbeKind.ICMP] == 0
    assert max(seconds for _, seconds in notes.lags) < 0.001


def test_a_job_that_raises_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    """A bug in one run is logged, and the job keeps its pace."""
    runs = Counter[str]()

    async def broken() -> None:
        runs["broken"] += 1
        raise ZeroDivisionError

    async def scenario() -> None:
        scheduler = stepped(Notes())
        scheduler.set([Job("broken", ProbeKind.TCP, 1.0, broken)])
        await asyncio.sleep(5)
        await scheduler.stop()

    drive(scenario(), 10)
    assert runs["broken"] >= 4
    assert "ZeroDivisionError" in caplog.text


def test_what_only_sends_is_never_skipped_and_may_fail(caplog: pytest.LogCaptureFixture) -> None:
    """A run that leaves nothing to wait for keeps its pace, and a bug in it stops neither it nor others."""
    notes, runs = Notes(), Counter[str]()

    def send() -> None:
        runs["sent"] += 1

    def fail() -> None:
        runs["failed"] += 1
        raise ZeroDivisionError

    async def scenario() -> None:
        scheduler = stepped(notes)
        scheduler.set([Job("fails", ProbeKind.TCP, 1.0, fail), Job("sends", ProbeKind.TCP, 1.0, send)])
        await asyncio.sleep(5)
        await scheduler.stop()

    drive(scenario(), 10)
    assert 4 <= runs["sent"] <= 6
    assert 4 <= runs["failed"] <= 6
    assert notes.skips.total() == 0
    assert "ZeroDivisionError" in caplog.text


def test_a_job_that_is_gone_after_a_reload_is_ended() -> None:
    """What the new set does not hold is cancelled in mid-run and starts no more."""
    ended = Counter[str]()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended["hung"] += 1

    async def scenario() -> None:
        scheduler = stepped(Notes())
        scheduler.set([Job("gone", ProbeKind.TCP, 1.0, hang)])
        await asyncio.sleep(3)
        scheduler.set([])
        await asyncio.sleep(3)
        assert ended["hung"] == 1
        await scheduler.stop()

    drive(scenario(), 10)


def test_a_run_that_is_ended_before_it_began_does_not_block_the_job_that_comes_back() -> None:
    """A reload in the very instant of a start takes the job away; the next reload brings it back, and it runs."""
    runs = Counter[str]()

    async def job() -> None:
        runs["job"] += 1

    async def scenario() -> None:
        scheduler = stepped(Notes())
        jobs = [Job("job", ProbeKind.TCP, 1.0, job)]
        scheduler.set(jobs)
        scheduler._start(jobs[0], Due("job", 0.0, 0))
        scheduler.set([])
        await asyncio.sleep(1)
        assert runs["job"] == 0
        scheduler.set(jobs)
        await asyncio.sleep(3)
        await scheduler.stop()

    drive(scenario(), 10)
    assert runs["job"] >= 2
