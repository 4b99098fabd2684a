"""A ward from a cold start: the daemon on the simulated ward of the demo, each in a process of its own."""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench.daemon import daemon, page
from bench.figures import CannotRunError, Figure, Findings, Goal
from bench.meter import cpu_of, resident_megabytes
from bench.scenario import Scenario
from model.inventory import Inventory
from monitor.config import load
from monitor.demo.ground import WorldError
from monitor.demo.launch import SimulatedWard, simulated_ward

_PATIENCE: Final = 30.0
_LOOK_EVERY: Final = 0.2
_SERIES: Final = re.compile(r"(\w+)\{(.*)\} (\S+)")
_LABEL: Final = re.compile(r'(?:^|,)(link|device|service)="([^"]*)"')
_SITE: Final = re.compile(r'^site="([^"]*)"')
_WHEN_ANSWERED: Final = {
    "link": {"linkward_link_rtt_seconds_count", "linkward_link_probes_total"},
    "device": {"ifOperStatus", "sysUpTime", "snmp_scrape_duration_seconds"},
    "service": {"probe_duration_seconds"},
}

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Size:
    """How much.

    Attributes:
        sites: Of the simulated ward.
        starts: How often the daemon is started anew.
        seconds: For how long its CPU and memory are watched.
    """

    sites: int
    starts: int
    seconds: float


def incomplete(text: str, inventory: Inventory) -> set[Key]:
    """What of an inventory a page of metrics does not tell everything about.

    Everything is: its fixed facts, its state, whether its probe succeeded, and where it did what that kind of
    probe reads.
    """
    families: defaultdict[Key, set[str]] = defaultdict(set)
    answered = set()
    for name, about, value in _series(text):
        families[about].add(name)
        if name == "probe_success" and float(value) == 1:
            answered.add(about)
    return {key for key in _subjects(inventory) if not families[key] >= _expected(key, answered=key in answered)}


def _series(text: str) -> Iterator[tuple[str, Key, str]]:
    for name, labels, value in _SERIES.findall(text):
        if about := _LABEL.search(labels):
            yield name, (about[1], about[2]), value
        elif site := _SITE.search(labels):
            yield name, ("site", site[1]), value


def _subjects(inventory: Inventory) -> Iterator[Key]:
    for site in inventory.sites:
        yield "site", site.id
        yield from (("link", link.id) for link in site.links)
        yield from (("device", device.id) for device in site.devices)
        yield from (("service", service.id) for service in site.services)


def _expected(key: Key, *, answered: bool) -> set[str]:
    noun, _ = key
    always = {f"linkward_{noun}_info", f"linkward_{noun}_state"}
    if noun == "site":
        return always
    return always | {"probe_success"} | (_WHEN_ANSWERED[noun] if answered else set())


async def measure(size: Size) -> Findings:
    """Start the daemon, look at ``/metrics`` until it is complete, then watch what the daemon takes."""
    try:
        async with simulated_ward(size.sites, story=()) as ward:
            inventory = load(ward.inventory)
            seconds = [await _time_to_complete(ward, inventory) for _ in range(size.starts)]
            figures = await _watched(ward, size.seconds)
    except WorldError as error:
        raise CannotRunError(str(error)) from error
    slowest = max(seconds)
    first = Figure("from start until /metrics is complete, slowest", slowest, "s", goal=Goal(5.0))
    subjects = sum(1 for _ in _subjects(inventory))
    note = f"{size.sites} sites, {subjects} subjects without faults; started {size.starts} times"
    return Findings((first, *figures), (note,))


async def _time_to_complete(ward: SimulatedWard, inventory: Inventory) -> float:
    started = time.monotonic()
    async with daemon(ward.inventory) as (_, port):
        missing: set[Key] | None = None
        while time.monotonic() - started < _PATIENCE:
            text = await asyncio.to_thread(page, port, "/metrics")
            elapsed = time.monotonic() - started
            missing = incomplete(text, inventory) if text else missing
            if missing == set():
                return elapsed
            await asyncio.sleep(_LOOK_EVERY)
    told = "it never answered" if missing is None else f"still incomplete: {sorted(missing)[:5]}"
    raise CannotRunError(f"/metrics was not complete within {_PATIENCE:g} s; {told}")


async def _watched(ward: SimulatedWard, seconds: float) -> list[Figure]:
    """Memory and CPU of a daemon that is scraped each 15 s, from its start."""
    async with daemon(ward.inventory) as (process, port):
        await asyncio.sleep(5)
        await asyncio.to_thread(page, port, "/metrics")
        before, started, samples = cpu_of(process.pid), time.monotonic(), 0
        while time.monotonic() - started < seconds:
            await asyncio.sleep(min(15.0, seconds))
            text = await asyncio.to_thread(page, port, "/metrics")
            samples = sum(not line.startswith("#") for line in text.splitlines())
        share = (cpu_of(process.pid) - before) / (time.monotonic() - started)
        return [
            Figure("memory of the daemon", resident_megabytes(process.pid), "MB", goal=Goal(150.0)),
            Figure("CPU of the daemon, scraped each 15 s", share, "core"),
            Figure("samples on /metrics", samples, ""),
        ]


WARD: Final = Scenario("ward", "a ward, from start", measure, Size(41, 3, 45.0), Size(41, 1, 15.0))
