"""The monthly review of a ward and of a city, from six months that are stored."""

import asyncio
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench import months
from bench.figures import Figure, Findings, Goal
from bench.meter import own_cpu
from bench.scenario import Scenario
from history.guest import Guest
from model.inventory import Inventory
from monitor.formats import FORMATS
from monitor.reporting import checked, city_review, reviews
from monitor.review_asked import Asked
from monitor.review_files import written
from monitor.review_workers import Job, in_parts, processes_for
from reports.json import to_json

_NOW: Final = datetime(2026, 11, 24, tzinfo=UTC)
_MEGABYTE: Final = 1_000  # kilobytes, as getrusage counts
_MODEL, _CITY, _MEMORY = Goal(1.5), Goal(90.0), Goal(1_000.0)


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


async def measure(size: Size) -> Findings:
    """Lay down the months, then make the reviews as the command does."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        city = months.City(size.wards, size.sites, size.months)
        file = folder / "linkward.db"
        inventory = await asyncio.to_thread(months.write, city, file)
        url = f"sqlite:///{file}"
        ward, cpu = await _ward(url, inventory)
        whole = await _city(url, inventory, folder)
    return Findings(
        (
            Figure(f"a ward's month of {3 * size.sites} links as JSON", ward, "s", goal=_MODEL),
            Figure("CPU of that", cpu, "s"),
            Figure(
                f"a city's month of {3 * size.sites * size.wards} links, a file for each ward", whole, "s", goal=_CITY
            ),
            Figure("memory of the largest process", _memory(), "MB", goal=_MEMORY),
        ),
        (f"{size.months} months are stored, folded by day and month; {processes_for(size.wards)} processes",),
    )


async def _ward(url: str, inventory: Inventory) -> tuple[float, float]:
    first = inventory.all_wards()[0].id
    store = Guest(url, months.MONITOR)
    await store.start()
    started, before = time.monotonic(), own_cpu()
    async for report in reviews(store, inventory, Asked("2026-10", wards=(first,)), _NOW):
        to_json(report)
    taken = time.monotonic() - started, own_cpu() - before
    await store.close()
    return taken


async def _city(url: str, inventory: Inventory, folder: Path) -> float:
    started = time.monotonic()
    store = Guest(url, months.MONITOR)
    await store.start()
    asked = Asked("2026-10")
    wards, _ = await checked(store, inventory, asked, _NOW)
    await store.close()
    keys = [ward.setting.scope.ward for ward in wards]
    job = Job(url, months.MONITOR, inventory, asked, _NOW, ("json",), "en", folder)
    parts = await asyncio.to_thread(in_parts, job, keys, processes_for(len(keys)), lambda _: None)
    summary = city_review([made for part in parts for made in part.made], _NOW)
    list(written(summary, [FORMATS["json"]], "en", folder))
    return time.monotonic() - started


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
