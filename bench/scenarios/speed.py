"""Speed tests: what the data path carries, what a test costs the probes, how near it comes, how its verdicts err."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bench import namespaces
from bench.children import peer
from bench.figures import Figure, Findings, Goal
from bench.meter import cpu_of
from bench.scenario import Scenario
from bench.speed_line import speed_line
from bench.speed_verdicts import by_mean, by_share, false_alarms_a_year, sequential
from model.speed_run import Direction, SpeedRun, Way, rates_of
from monitor.speed.order import Order
from monitor.speed.tester import run_test

_KEY: Final = "a key of the bench"
_CARRIED: Final = 5e9  # bit/s for which one core a side must do
_ONE_CORE: Final = Goal(1.0)
_HELD: Final = Goal(50.0)
_NEAR: Final = Goal(5.0)
_ERR: Final = Goal(0.06)  # 5 %, and what the count of months leaves to chance
_FCS: Final = 1518 / 1514  # the shaper counts no FCS
_TICK: Final = 0.001


@dataclass(frozen=True, slots=True)
class Size:
    """How much.

    Attributes:
        seconds: Of each transfer.
        megabits: Rates of known lines.
        shares: Of each that others use.
        lines: Simulated for each characteristic of the sequential test.
        months: Simulated for each of a month's verdict.
    """

    seconds: float
    megabits: tuple[int, ...]
    shares: tuple[float, ...]
    lines: int
    months: int


async def measure(size: Size) -> Findings:
    """All of it."""
    figures: list[Figure] = []
    async with peer("bench.speed_peer", _KEY) as ready:
        for way in ("receive", "send"):
            figures += await _loopback(f"http://127.0.0.1:{ready['port']}", ready["pid"], way, size)
    found, notes = await asyncio.to_thread(_lines, size)
    figures += [*found, *_characteristics(size), *_forms(size)]
    return Findings(tuple(figures), tuple(notes))


async def _loopback(url: str, pid: int, way: str, size: Size) -> list[Figure]:
    direction: Way = "receive" if way == "receive" else "send"
    before = cpu_of(pid)
    async with _held() as held:
        order = Order(url, direction, 10**12, _KEY, streams=4, more=0, seconds=size.seconds)
        run = await run_test(order, lambda _: None)
    spent = cpu_of(pid) - before
    rate, elapsed = _best(run), run.slices[-1].at
    mean = run.octets * 8 / elapsed
    return [
        Figure(f"loopback, tester {way}s, its best second", rate / 1e9, "Gbit/s"),
        Figure(
            f"loopback, tester {way}s: cores of the tester for 5 Gbit/s", run.busy * _CARRIED / mean, "", goal=_ONE_CORE
        ),
        Figure(
            f"loopback, tester {way}s: cores of the peer for 5 Gbit/s",
            spent / elapsed * _CARRIED / mean,
            "",
            goal=_ONE_CORE,
        ),
        Figure(f"longest delay of the monitor's loop while the tester {way}s", max(held) * 1e3, "ms", goal=_HELD),
    ]


def _best(run: SpeedRun) -> float:
    rates = rates_of(run.slices)
    return max(sum(rates[place : place + 4]) / 4 for place in range(max(1, len(rates) - 3)))


@asynccontextmanager
async def _held() -> AsyncIterator[list[float]]:
    """How late a timer of the event loop comes, again and again."""
    late = [0.0]

    async def tick() -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _TICK
            await asyncio.sleep(_TICK)
            late.append(loop.time() - due)

    task = asyncio.create_task(tick())
    try:
        yield late
    finally:
        task.cancel()


def _lines(size: Size) -> tuple[list[Figure], list[str]]:
    """Errors on lines that the kernel shapes."""
    if size.megabits and (why := namespaces.why_not()):
        return [], [f"no known lines: {why}"]
    errors: list[float] = []
    bounds: list[float] = []
    notes = []
    for megabits in size.megabits:
        with speed_line(megabits * 1e6) as line:
            for direction, share in _cases(size):
                found = line.find(direction, share)
                if found.bits_per_second is None:
                    notes.append(f"{megabits} Mbit/s {direction}, others {share:.0%}: no figure, {found.ending}")
                    continue
                error = (found.bits_per_second / (megabits * 1e6 * _FCS) - 1) * 100
                (bounds if found.is_lower_bound else errors).append(error)
                least = f" at least ({' '.join(found.why_lower_bound)})" if found.is_lower_bound else ""
                notes.append(f"{megabits} Mbit/s {direction}, others {share:.0%}:{least} {error:+.2f} %")
    figures = []
    if errors:
        figures.append(
            Figure("known lines: largest error where the link was full", max(map(abs, errors)), "%", goal=_NEAR)
        )
    if errors or bounds:
        figures.append(Figure("known lines: most that was too much", max(0.0, *errors, *bounds), "%", goal=_NEAR))
        figures.append(Figure("known lines: tests that gave a lower bound alone", len(bounds), ""))
    return figures, notes


def _cases(size: Size) -> Iterator[tuple[Direction, float]]:
    for share in size.shares:
        yield "download", share
        yield "upload", share


def _characteristics(size: Size) -> Iterator[Figure]:
    for share in (0.02, 0.05, 0.10, 0.15, 0.30, 0.50, 1.0):
        found = sequential(share, size.lines, seed=1)
        what = f"sequential test, {share:.0%} of the tests fall short"
        healthy = Goal(0.0125) if share <= 0.05 else None  # what it calls healthy
        yield Figure(f"{what}: accused", found.accused, "", goal=healthy)
        yield Figure(f"{what}: tests until it decides, mean", found.tests, "")
    yield Figure(
        "sequential test: false alarms a year of 4 tests a day, 5 % short",
        false_alarms_a_year(0.05, 4, max(1, size.lines // 10), seed=2),
        "",
    )


def _forms(size: Size) -> Iterator[Figure]:
    for level in (0.9, 0.95, 1.0, 1.05, 1.1):
        found = by_mean(level, size.months, seed=3)
        at_limit = _ERR if level == 1.0 else None
        yield Figure(f"mean of a month, true mean {level:.0%} of the limit: met", found.met, "", goal=at_limit)
        yield Figure(
            f"mean of a month, true mean {level:.0%} of the limit: breached", found.breached, "", goal=at_limit
        )
    for short in (0.05, 0.10, 0.20, 0.30, 0.40):
        found = by_share(short, size.months, seed=4)
        at_limit = _ERR if short == 0.20 else None  # the limit of the 80/80 form
        yield Figure(f"80/80 of a month, {short:.0%} of the tests short: met", found.met, "", goal=at_limit)
        yield Figure(f"80/80 of a month, {short:.0%} of the tests short: breached", found.breached, "", goal=at_limit)


SPEED: Final = Scenario(
    "speed",
    "speed tests: data path, known lines, verdicts",
    measure,
    Size(seconds=6.0, megabits=(20, 100, 300), shares=(0.0, 0.3, 0.6), lines=20_000, months=5_000),
    Size(seconds=3.0, megabits=(100,), shares=(0.0, 0.6), lines=2_000, months=1_000),
    patience=600.0,
)
