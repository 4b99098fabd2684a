"""Months that are laid down and reviewed, beside what is true of them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from history.guest import Guest
from model.inventory import Inventory
from monitor.config import load
from monitor.demo.ground import grounds
from monitor.demo.inventory import inventory_text
from monitor.demo.months.laying import lay_down
from monitor.demo.months.truth import MonthsTruth
from monitor.demo.ward import plan_ward
from monitor.reporting import reviews
from monitor.review_asked import Asked
from reports.monthly import MonthlyReport
from reports.sections.speed import SpeedRow
from tests.peers.laid_months import LinkBook, MonthBook

SITES = int(os.environ.get("LINKWARD_SITES", "15"))
SEED = int(os.environ.get("LINKWARD_SEED", "1"))
"""A ward of 41 sites and twenty seeds were tried, each in a minute."""
NOW = datetime(2026, 11, 24, 3, 30, 17, tzinfo=UTC)
MONTHS = 6
MONITOR = "demo"
WAYS = ("download", "upload")


@dataclass(frozen=True)
class Reviewed:
    """A month beside its review."""

    report: MonthlyReport
    book: MonthBook

    def links(self) -> Iterator[tuple[int, LinkBook]]:
        """Each link by its place in the table of links."""
        return enumerate(self.book.links)


@dataclass(frozen=True)
class Laid:
    """Months that were laid down."""

    truth: MonthsTruth
    inventory: Inventory
    months: tuple[Reviewed, ...]


async def made(folder: Path, sites: int, months: int) -> Laid:
    """Lay down months, and review the last two and this one."""
    ward = plan_ward(next(grounds(many_addresses=True)), sites, SEED)
    (folder / "ca.pem").touch()
    (folder / "ward.yml").write_text(inventory_text(ward, folder), encoding="utf-8")
    inventory = load(folder / "ward.yml")
    truth = await lay_down(folder / "linkward.db", ward, inventory, months, NOW, MONITOR)
    store = Guest(f"sqlite:///{folder / 'linkward.db'}", MONITOR)
    await store.start()
    found = []
    for month in truth.past.months[-3:]:
        async for report in reviews(store, inventory, Asked(month.name), NOW):
            assert isinstance(report, MonthlyReport)
            found.append(Reviewed(report, MonthBook(truth, inventory, month)))
    await store.close()
    return Laid(truth, inventory, tuple(found))


def near(found: float | None, expected: float | None) -> None:
    """Equal, but for the last digits."""
    assert found == (expected if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-9))


def by_way(month: Reviewed) -> dict[tuple[str, str], SpeedRow]:
    """The table of speeds."""
    return {(row.link, row.direction): row for row in month.report.speed}
