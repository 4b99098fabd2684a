"""The calendar: what is late runs once, and what goes wrong is counted."""

import asyncio
from collections import Counter

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
    calendar.stop()


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
    calendar.stop()
    assert notes.seen["identities", "error"] >= 1
    assert set(notes.seen) == {("identities", "error")}
