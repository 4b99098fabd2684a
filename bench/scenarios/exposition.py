"""What a scrape of a million samples costs, in the making and served, and what probes feel of it."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final, NamedTuple

from bench import scraping, world
from bench.figures import Figure, Findings, Goal
from bench.meter import own_cpu, resident_megabytes
from bench.mib import TEN
from bench.scenario import Scenario
from exporters.exposition import Style, exposition
from exporters.latest import Latest
from monitor.process import spare_the_collector

_INTERFACES: Final = 8
_FRESH: Final = 3_600.0
_PROBE_DEVICES: Final = 8


@dataclass(frozen=True, slots=True)
class Size:
    """How much.

    Attributes:
        samples: About so many.
        repetitions: Scrapes in each format.
        calm: Seconds in which links are probed and nobody scrapes.
    """

    samples: int
    repetitions: int
    calm: float = 3.0


class _Scrape(NamedTuple):
    seconds: float
    longest_slice: float
    octets: int
    samples: int


async def measure(size: Size) -> Findings:
    """Record a poll of every device, scrape in both formats, and again."""
    devices = max(1, size.samples // _samples_of_one_device())
    gc.collect()
    empty = resident_megabytes(os.getpid())
    latest = _loaded(devices)
    recorded, scrapes = [], {style: list[_Scrape]() for style in Style}
    for round_ in range(size.repetitions + 1):
        recorded.append(_record(latest, devices, round_))
        if round_ == 0:
            gc.collect()
            held = (resident_megabytes(os.getpid()) - empty) * 1e6
        for style, found in scrapes.items():
            found.append(_scraped(latest, style))
    samples = scrapes[Style.TEXT][0].samples
    del latest  # or it would be looked through, and held, beside the one that is served
    served = await scraping.scrapes(devices, lambda latest: _record(latest, devices, 0), size.repetitions, size.calm)
    return Findings(
        (
            *(figure for style, found in scrapes.items() for figure in _of_scrapes(style.name, found[1:])),
            Figure("memory per sample, the inventory included", held / samples, "B"),
            Figure("CPU to record a poll of 8 interfaces by 10 columns", median(recorded[1:]) * 1e6, "µs"),
            Figure("samples", samples, ""),
            *served,
        ),
        (f"served: by the real web server to another process, while {scraping.LINKS} links are probed each second",),
    )


def _of_scrapes(style: str, scrapes: list[_Scrape]) -> Iterator[Figure]:
    name = style.replace("OPENMETRICS", "OpenMetrics").replace("TEXT", "text")
    seconds = median([scrape.seconds / scrape.samples for scrape in scrapes])
    yield Figure(f"CPU per exported sample, {name}", seconds * 1e6, "µs", goal=Goal(0.6))
    yield Figure(f"longest that the loop is held, {name}", max(s.longest_slice for s in scrapes) * 1e3, "ms")
    yield Figure(f"size of a sample, {name}", scrapes[0].octets / scrapes[0].samples, "B")


def _samples_of_one_device() -> int:
    latest = _loaded(_PROBE_DEVICES)
    _record(latest, _PROBE_DEVICES, 0)
    return _scraped(latest, Style.TEXT).samples // _PROBE_DEVICES


def _loaded(devices: int) -> Latest:
    latest = Latest()
    latest.load(world.polled(devices))
    spare_the_collector()
    return latest


def _record(latest: Latest, devices: int, count: int) -> float:
    """Seconds of CPU per poll recorded, without the making of the polls."""
    spent = 0.0
    for number in range(devices):
        measurement = world.poll(number, _INTERFACES, TEN, count)
        spent += _timed(lambda: latest.record(measurement, _FRESH, time.monotonic()))  # noqa: B023  # called here
    return spent / devices


def _timed(action: Callable[[], None]) -> float:
    before = time.thread_time()
    action()
    return time.thread_time() - before


def _scraped(latest: Latest, style: Style) -> _Scrape:
    """Render and encode everything, as the server does."""
    started = before = own_cpu()
    longest, octets, samples = 0.0, 0, 0
    counting = 0.0
    for data in exposition(latest.blocks(time.monotonic()), style):
        after = own_cpu()
        longest = max(longest, after - before)
        octets += len(data)
        samples += data.count(b"\n") - data.count(b"\n#") - data.startswith(b"#")
        before = own_cpu()
        counting += before - after
    return _Scrape(own_cpu() - started - counting, longest, octets, samples)


EXPOSITION: Final = Scenario(
    "exposition", "/metrics with a million samples", measure, Size(1_000_000, 3), Size(200_000, 2)
)
