"""The calendar: what is late runs once, and what goes wrong is counted."""

import asyncio
import datetime as dt
import time
from collections import Counter

import pytest

from monitor.calendar import Calendar


class Notes:
    """Counts what a calendar reports."""

    def __init__(self) -> None:
        self.seen: Counter[tuple[str, str]] = Counter()
        self.told = asyncio.Event()

    def calendar(self, job: str, outcome: str) -> None:
        """One irregularity."""
        self.seen[job, outcome] += 1
        self.told.set()


async def test_a_job_runs_again_and_again() -> None:
    """Two runs follow each other at the interval of a second."""
    runs: asyncio.Queue[int] = asyncio.Queue()

    async def job() -> None:
        runs.put_nowait(1)

    calendar = Calendar(Notes())
    calendar.every(1, "names", job)
    calendar.start()
    async with asyncio.timeout(5):
        await runs.get()
        await runs.get()
    await calendar.stop()


async def test_an_error_is_counted_and_the_job_goes_on() -> None:
    """A job that raises is named, and is not dropped."""
    notes, runs = Notes(), Counter[str]()

    async def job() -> None:
        runs["job"] += 1
        raise ZeroDivisionError

    calendar = Calendar(notes)
    calendar.every(1, "identities", job)
    calendar.start()
    async with asyncio.timeout(5):
        while runs["job"] < 2:
            await notes.told.wait()
            notes.told.clear()
    await calendar.stop()
    assert notes.seen["identities", "error"] >= 1
    assert set(notes.seen) == {("identities", "error")}


@pytest.mark.parametrize("step", [-86_400, 86_400, 56 * 365 * 86_400])
async def test_a_step_of_the_wall_clock_moves_no_run(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Set back by a day, or forward from 1970, the clock holds nothing up, and no run counts as missed."""
    notes, runs, real = Notes(), asyncio.Queue[float](), time.time

    class Stepped(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Stepped":
            return cls.fromtimestamp(time.time(), tz)

    async def job() -> None:
        runs.put_nowait(time.monotonic())

    for module in ("schedulers.base", "executors.base", "triggers.interval"):
        monkeypatch.setattr(f"apscheduler.{module}.datetime", Stepped)
    calendar = Calendar(notes)
    calendar.every(1, "heartbeat", job)
    calendar.start()
    async with asyncio.timeout(5):
        before = await runs.get()
        monkeypatch.setattr(time, "time", lambda: real() + step)
        assert 0.8 < await runs.get() - before < 1.5
        assert 1.8 < await runs.get() - before < 2.5
    await calendar.stop()
    assert notes.seen == Counter()


async def test_a_run_that_the_end_cuts_off_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """Stopped in the middle of a run, the calendar neither counts nor logs anything."""
    notes, begun = Notes(), asyncio.Event()

    async def job() -> None:
        begun.set()
        await asyncio.Event().wait()

    calendar = Calendar(notes)
    calendar.every(1, "heartbeat", job)
    calendar.start()
    await asyncio.wait_for(begun.wait(), 5)
    await calendar.stop()
    await asyncio.sleep(0.05)
    assert (notes.seen, caplog.records) == (Counter(), [])
