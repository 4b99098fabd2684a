"""What it costs to watch links each second: sent by the scheduler, seen by the watch and its detector, recorded."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bench import world
from bench.children import peer
from bench.figures import CannotRunError, Figure, Findings, Goal, percentile
from bench.mainloop import Observer, main_loop
from bench.meter import own_cpu
from bench.scenario import Scenario
from model.measurement import ProbeKind

CITY: Final = 15_500
_LAG: Final = Goal(50.0)


@dataclass(frozen=True, slots=True)
class Size:
    """How much.

    Attributes:
        links: Each probed once a second.
        seconds: For how long, each kind of probe.
    """

    links: int
    seconds: float


async def measure(size: Size) -> Findings:
    """Links of ICMP, then links of STAMP, at the daemon's own pace."""
    figures: list[Figure] = []
    notes = [f"{size.links:,} links, each probed once a second"]
    async with _targets() as targets:
        for kind, target in targets.items():
            async with main_loop(world.linked(size.links, target)) as loop, loop.at_its_pace() as observer:
                observer.forget()
                before = own_cpu()
                await asyncio.sleep(size.seconds)
                figures += _figures(kind, observer, own_cpu() - before)
                notes += _losses(kind, observer)
    return Findings(tuple(figures), tuple(notes))


@asynccontextmanager
async def _targets() -> AsyncIterator[dict[ProbeKind, str]]:
    async with peer("bench.peers") as ports:
        yield {
            ProbeKind.ICMP: f"icmp://{world.address(0)}",
            ProbeKind.STAMP: f"stamp://127.0.0.1:{ports['stamp']}",
        }


def _figures(kind: ProbeKind, observer: Observer, cpu: float) -> Iterator[Figure]:
    lags = list(observer.lags[kind])
    if not lags:
        raise CannotRunError(f"no link was probed by {kind}")
    each, name = cpu / observer.outcomes.total(), kind.upper()
    yield Figure(f"CPU per {name} probe of a watched link", each * 1e6, "µs")
    yield Figure(f"CPU of {CITY:,} such links, by that", each * CITY, "core")
    yield Figure(f"{name} probes started after they were due, p99", percentile(lags, 0.99) * 1e3, "ms", goal=_LAG)


def _losses(kind: ProbeKind, observer: Observer) -> Iterator[str]:
    lost = {outcome: count for outcome, count in observer.outcomes.items() if outcome != "success"}
    if lost or observer.skips:
        yield f"{kind}: failed: {lost}; skipped: {observer.skips}"


LINKS: Final = Scenario("links", "links, each watched once a second", measure, Size(5_000, 20.0), Size(1_000, 6.0))
