"""The monthly review of a ward and of a city, from six months that are stored, and how long probes wait meanwhile."""

import asyncio
import resource
import tempfile
import time
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from bench import months, world
from bench.figures import CannotRunError, Figure, Findings, Goal
from bench.mainloop import Observer, main_loop
from bench.meter import own_cpu
from bench.scenario import Scenario
from history.guest import Guest
from model.inventory import Inventory
from model.measurement import ProbeKind
from monitor.apart import apart, unheard
from monitor.formats import FORMATS
from monitor.reporting import checked, city_review, reviews
from monitor.review_asked import Asked
from monitor.review_files import written
from monitor.review_making import Failed, Order, laid
from monitor.review_workers import Job, in_parts, processes_for

_NOW: Final = datetime(2026, 11, 24, tzinfo=UTC)
_ASKED: Final = Asked("2026-10")
_MEGABYTE: Final = 1_000  # kilobytes, as getrusage counts
_MODEL, _FORMATS, _CITY, _MEMORY, _LATE = Goal(1.5), Goal(5.0), Goal(90.0), Goal(1_000.0), Goal(50.0)
_PROBED: Final = 200
_WARDS_BESIDE: Final = 4
_CALM: Final = 3.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much.

    Attributes:
        wards: Of the city.
        months: That are stored.
        sites: Of each ward, with three links each.
    """

    wards: int
    months: int
    sites: int = 41


class Spent(NamedTuple):
    """What something took.

    Attributes:
        wall: Seconds on the clock.
        cpu: Seconds of CPU, of all processes.
    """

    wall: float
    cpu: float


class OfWard(NamedTuple):
    """What the files of a ward took.

    Attributes:
        model: The review as JSON.
        formats: The same in all formats.
    """

    model: Spent
    formats: Spent


async def measure(size: Size) -> Findings:
    """Lay down the months, then make the reviews as the command does: at first, and once more."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        city = months.City(size.wards, size.sites, size.months)
        file = folder / "linkward.db"
        inventory = await asyncio.to_thread(months.write, city, file)
        url = f"sqlite:///{file}"
        ward_first, ward = await _ward(url, inventory, folder), await _ward(url, inventory, folder)
        months.forget(file)
        first, again = await _city(url, inventory, folder), await _city(url, inventory, folder)
        beside = await _probes_beside(url, inventory, folder)
    links = 3 * size.sites
    return Findings(
        (
            *_of_ward(f"a ward's month of {links} links, nothing kept", ward_first),
            *_of_ward("the same, its earlier months kept", ward),
            *_of_city(f"a city's month of {links * size.wards} links, a file for each ward, nothing kept", first),
            *_of_city("the same, its earlier months kept", again),
            Figure("memory of the largest process", _memory(), "MB", goal=_MEMORY),
            beside,
        ),
        (f"{size.months} months are stored, folded by day and month; {processes_for(size.wards)} processes",),
    )


def _of_ward(what: str, spent: OfWard) -> Iterator[Figure]:
    yield Figure(f"{what}: JSON", spent.model.wall, "s", goal=_MODEL)
    yield Figure(f"{what}: {', '.join(FORMATS)}", spent.formats.wall, "s", goal=_FORMATS)
    yield Figure("CPU of that", spent.formats.cpu, "s")


def _of_city(what: str, spent: Spent) -> Iterator[Figure]:
    yield Figure(what, spent.wall, "s", goal=_CITY)
    yield Figure("CPU of that", spent.cpu, "s")


async def _ward(url: str, inventory: Inventory, folder: Path) -> OfWard:
    asked = replace(_ASKED, wards=(inventory.all_wards()[0].id,))
    store = Guest(url, months.MONITOR)
    started, before = time.monotonic(), own_cpu()
    await store.start()
    (report,) = [one async for one in reviews(store, inventory, asked, _NOW)]
    list(written(report, [FORMATS["json"]], "vi", folder))
    model = Spent(time.monotonic() - started, own_cpu() - before)
    list(written(report, [form for name, form in FORMATS.items() if name != "json"], "vi", folder))
    formats = Spent(time.monotonic() - started, own_cpu() - before)
    await store.close()
    return OfWard(model, formats)


async def _city(url: str, inventory: Inventory, folder: Path) -> Spent:
    started, before = time.monotonic(), _all_cpu()
    async with Guest(url, months.MONITOR) as store:
        wards, _ = await checked(store, inventory, _ASKED, _NOW)
    keys = [ward.setting.scope.ward for ward in wards]
    job = Job(Order(url, months.MONITOR, inventory, _ASKED, _NOW), ("json",), "en", folder)
    parts = await asyncio.to_thread(in_parts, job, keys, processes_for(len(keys)), lambda _: None)
    summary = city_review([made for part in parts for made in part.made], _NOW)
    list(written(summary, [FORMATS["json"]], "en", folder))
    return Spent(time.monotonic() - started, _all_cpu() - before)


async def _probes_beside(url: str, inventory: Inventory, folder: Path) -> Figure:
    """How late a probe starts while the daemon has reviews made beside itself, and before."""
    asked = replace(_ASKED, wards=tuple(ward.id for ward in inventory.all_wards()[:_WARDS_BESIDE]))
    order = Order(url, months.MONITOR, inventory, asked, _NOW)
    async with main_loop(world.linked(_PROBED, "icmp://127.0.0.1")) as loop, loop.at_its_pace() as observer:
        quiet = await _latest(observer, asyncio.sleep(_CALM))
        late = await _latest(observer, apart(unheard, laid, order, list(FORMATS), ["vi"], folder / "beside"))
    what = f"a probe of {_PROBED} links was late by, most, while reviews of {len(asked.wards)} wards are made"
    return Figure(what, late * 1e3, "ms", quiet * 1e3, "before", _LATE)


async def _latest(observer: Observer, going: Awaitable[object]) -> float:
    """Seconds by which a probe started late at most until something has ended."""
    observer.forget()
    if isinstance(ended := await going, Failed):
        raise CannotRunError(ended.what)
    return max(observer.lags[ProbeKind.ICMP])


def _all_cpu() -> float:
    """Of this process and of those that it has ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _memory() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(one).ru_maxrss for one in who) / _MEGABYTE


REPORT: Final = Scenario(
    "report",
    "The monthly review",
    measure,
    full=Size(wards=126, months=6),
    quick=Size(wards=4, months=2),
    patience=1_800.0,
)
