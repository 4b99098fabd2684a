"""The SNMP polling of a whole city in one process."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench import world
from bench.children import peer
from bench.figures import CannotRunError, Figure, Findings, Goal, percentile
from bench.mainloop import Observer, main_loop
from bench.meter import own_cpu, resident_megabytes
from bench.mib import TEN
from bench.scenario import Scenario
from model.measurement import ProbeKind
from monitor.process import allow_many_sockets

CITY: Final = 15_500
_CPU, _LAG = Goal(0.25), Goal(50.0)


@dataclass(frozen=True, slots=True)
class Size:
    """How much.

    Attributes:
        devices: Of 8 interfaces and 10 columns.
        interval: Seconds between two polls of one.
        settle: Seconds between the first round, which walks identities, and the measured window.
        window: Seconds that are measured.
    """

    devices: int
    interval: float
    settle: float
    window: float


@dataclass(frozen=True, slots=True)
class _Window:
    """What was seen in the measured window."""

    seconds: float
    cpu: float
    observer: Observer


async def measure(size: Size) -> Findings:
    """Poll at the daemon's pace; measure when every device is known."""
    allow_many_sockets()
    async with peer("bench.responder", "--columns", ",".join(TEN), "--tick", "1") as agents:
        inventory = world.polled(size.devices, agents["port"], interval=size.interval)
        empty, started = resident_megabytes(os.getpid()), time.monotonic()
        async with main_loop(inventory) as loop, loop.at_its_pace() as observer:
            first_round = time.monotonic() - started
            await asyncio.sleep(size.settle)
            window = await _watched(observer, size.window)
            held = (resident_megabytes(os.getpid()) - empty) * 1e6 / size.devices
    return Findings((*_figures(window), *_of_start(first_round, held)), tuple(_notes(window, size)))


async def _watched(observer: Observer, seconds: float) -> _Window:
    observer.forget()
    started, before = time.monotonic(), own_cpu()
    await asyncio.sleep(seconds)
    return _Window(time.monotonic() - started, own_cpu() - before, observer)


def _figures(window: _Window) -> Iterator[Figure]:
    lags, outcomes = list(window.observer.lags[ProbeKind.SNMP]), window.observer.outcomes
    if not lags:
        raise CannotRunError("nothing was polled")
    yield Figure("CPU of polling and recording", window.cpu / window.seconds, "core", goal=_CPU)
    yield Figure("CPU per poll", window.cpu / outcomes.total() * 1e3, "ms")
    yield Figure("polls started after they were due, p99", percentile(lags, 0.99) * 1e3, "ms", goal=_LAG)
    yield Figure("polls", outcomes.total() / window.seconds, "/s")
    yield Figure("polls that failed or were skipped", _lost(window), "", goal=Goal(0))


def _lost(window: _Window) -> int:
    outcomes = window.observer.outcomes
    return outcomes.total() - outcomes["success"] + window.observer.skips


def _of_start(first_round: float, held: float) -> Iterator[Figure]:
    yield Figure("from start until every device was read once", first_round, "s")
    if held > 0:  # a handful of devices fits into what the process had given back
        yield Figure("memory per device, with its samples", held / 1e3, "kB")


def _notes(window: _Window, size: Size) -> Iterator[str]:
    if size.devices != CITY:
        yield f"scaled down to {size.devices:,} devices, each polled every {size.interval:g} s"
    failures = {outcome: count for outcome, count in window.observer.outcomes.items() if outcome != "success"}
    if failures or window.observer.skips:
        yield f"failed: {failures}; skipped: {window.observer.skips}"


CITY_POLLING: Final = Scenario(
    "city",
    f"a city of {CITY:,} devices, 8 interfaces by 10 columns each 60 s",
    measure,
    Size(CITY, 60.0, 45.0, 60.0),
    Size(1_550, 6.0, 6.0, 15.0),
    patience=400.0,
)
