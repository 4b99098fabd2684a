"""Months of a ward or city as its daemon would have stored them, written without waiting for them."""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, groupby
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from history.blocks import packed_figures, packed_sketches
from history.database import Database
from history.facts import Fact, Heartbeat, InventoryVersion, SpeedTest, Terms
from history.moments import micros
from history.rollup import HourlyMean, Rollup, Span, Traffic
from history.rows import rows_of
from history.schema import KEPT_MONTHS, ROLLUPS, SKETCHES
from history.seal import sealed
from model.intervals import moment
from model.inventory import Inventory
from model.periods import Periods
from model.sketch import Sketch
from model.state import State
from model.transition import Transition
from monitor.config import load_values
from monitor.terms import digest_of, terms_of

MONITOR: Final = "bench"
ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
PROVIDERS: Final = ("VNPT", "Viettel", "FPT")
_HOUR: Final = timedelta(hours=1)
_LEVEL: Final = 1  # the daemon packs tighter, which nobody waits for
_OUTAGES: Final = 2.5  # a month and link; with what else changes, ten transitions


@dataclass(frozen=True, slots=True)
class City:
    """How large.

    Attributes:
        wards: How many.
        sites: Of each ward; each with a line of each provider.
        months: How many, the last of them ending when ``last`` does.
        last: Name of the last month.
    """

    wards: int = 1
    sites: int = 41
    months: int = 6
    last: str = "2026-10"


def inventory_of(city: City) -> Inventory:
    """The inventory of a city whose wards are alike."""
    wards = [{"id": f"ward-{number}", "timezone": ZONE.key} for number in range(city.wards)]
    return load_values({
        "wards": wards,
        "requirements": {"line": _REQUIREMENT},
        "sites": [_site(ward["id"], number) for ward in wards for number in range(city.sites)],
    })


_REQUIREMENT: Final = {
    "availability": "99.5%",
    "rtt_p95": "50ms",
    "loss": "1%",
    "delay_variation_p99": "50ms",
    "contracted_share": "80%",
    "restore": "24h",
}


def _site(ward: str, number: int) -> dict[str, Any]:
    site = f"{ward}-s{number}"
    links = [
        {
            "id": f"{site}-{provider.lower()}",
            "provider": provider,
            "contracted": {"download": "300Mbit/s", "upload": "300Mbit/s"},
            "requirement": "line",
            "target": "icmp://192.0.2.1",
        }
        for provider in PROVIDERS
    ]
    hours = ["Mon-Fri 07:30-11:30", "Mon-Fri 13:30-17:00"]
    return {"id": site, "ward": ward, "citizens_per_hour": 20 + number, "service_hours": hours, "links": links}


def write(city: City, file: Path) -> Inventory:
    """Write the history of a city into a new file.

    Returns:
        The inventory that it is of.
    """
    inventory = inventory_of(city)
    database = Database(f"sqlite:///{file}")
    database.migrate()
    periods = Periods(ZONE)
    period = periods.named(city.last)
    months = [period]
    for _ in range(city.months - 1):
        months.append(periods.before(months[-1]))
    begin, end = (moment(at) for at in (months[-1].interval.start, period.interval.end))
    with database.writing() as connection:
        _put(connection, _standing(inventory, begin, end))
        for ward in inventory.all_wards():
            links = [link.id for site, link in inventory.links() if site.ward == ward.id]
            chance = random.Random(ward.id)  # noqa: S311  # the same city each time
            for month in reversed(months):
                start, until = (moment(at) for at in month.interval)
                _put(connection, _happened(links, chance, start, until))
                _measured(connection, ward.id, links, chance, start, until)
    database.forget_connections()
    return inventory


def forget(file: Path) -> None:
    """Forget what reviews have kept of months, as if each were the first."""
    database = Database(f"sqlite:///{file}")
    with database.writing() as connection:
        connection.execute(KEPT_MONTHS.delete())
    database.forget_connections()


def _put(connection: Connection, facts: Iterable[Fact]) -> None:
    """Write facts, those of one table together."""
    rows = sorted(chain.from_iterable(rows_of(fact, MONITOR) for fact in facts), key=lambda row: row.table.name)
    for table, some in groupby(rows, key=lambda row: row.table):
        connection.execute(table.insert(), [row.values for row in some])


def _standing(inventory: Inventory, begin: datetime, end: datetime) -> Iterator[Fact]:
    terms = terms_of(inventory)
    digest, since = digest_of(terms), begin - timedelta(days=1)
    yield InventoryVersion(digest, since)
    yield from (Terms(subject, since, digest, content) for subject, content in terms.items())
    yield Heartbeat(since, end + timedelta(days=1))
    for _, link in inventory.links():
        yield Transition(("link", link.id), State.UNKNOWN, State.UP, since, 0.0, since)


def _happened(links: list[str], chance: random.Random, start: datetime, end: datetime) -> Iterator[Fact]:
    seconds = (end - start).total_seconds()
    for link in links:
        begins = sorted(chance.uniform(0, seconds - 7200) for _ in range(round(chance.expovariate(1 / _OUTAGES))))
        reached = 0.0
        for begin in begins:
            if begin < reached:
                continue
            lasts = min(chance.lognormvariate(5.5, 1.5), seconds - begin - 60)
            down, up = start + timedelta(seconds=round(begin, 3)), start + timedelta(seconds=round(begin + lasts, 3))
            yield _change(link, State.UP, State.DOWN, down)
            yield _change(link, State.DOWN, State.UP, up)
            reached = begin + lasts + 60
        for day in range(28):
            yield SpeedTest(
                link, "download", start + timedelta(days=day, hours=19), 5.0, 10**8, chance.gauss(2.8e8, 2e7)
            )


def _change(link: str, before: State, after: State, at: datetime) -> Transition:
    return Transition(("link", link), before, after, at, 0.5, at + timedelta(seconds=4))


def _measured(  # noqa: PLR0917  # whose, and from when until when
    connection: Connection, ward: str, links: list[str], chance: random.Random, start: datetime, end: datetime
) -> None:
    """Days and the month, folded as a daemon folds them; the hours below them are not asked for any more."""
    rates = {link: chance.uniform(1e7, 1.5e8) for link in links}
    folds: list[Fold] = []
    day = start
    while day < end:
        hours = {link: _hours(rates[link], chance) for link in links}
        folds.append(Fold(Span.DAY, day, day + timedelta(days=1), 24, hours))
        day += timedelta(days=1)
    folds.append(Fold(Span.MONTH, start, end, 24 * len(folds), dict.fromkeys(links, ())))
    common = {"ward": ward, "monitor": MONITOR}
    # The same distributions each day: to pack others would take longer than all else, and they are read alike.
    packed = packed_sketches(_with_sketches(links, chance, start, end))
    for table, content in ((ROLLUPS, "figures"), (SKETCHES, "packed")):
        rows = [
            {
                **common,
                "start": micros(fold.start),
                "end": micros(fold.end),
                "span": fold.span.value,
                "parts": fold.parts,
                content: _figures(fold) if table is ROLLUPS else packed,
            }
            for fold in folds
        ]
        connection.execute(table.insert(), list(map(sealed, rows)))


class Fold(NamedTuple):
    """A day or a month of a ward."""

    span: Span
    start: datetime
    end: datetime
    parts: int
    hours: Mapping[str, tuple[HourlyMean, ...]]


def _figures(fold: Fold) -> bytes:
    rollups = [replace(_rollup(link, fold.start, fold.end, 5e7), hours=means) for link, means in fold.hours.items()]
    return packed_figures(rollups, _LEVEL)


def _with_sketches(links: list[str], chance: random.Random, start: datetime, end: datetime) -> list[Rollup]:
    found = []
    for link in links:
        plain = _rollup(link, start, end, 5e7)
        rtt, variation = (_scaled(one, plain.sent) for one in _sketches(chance))
        found.append(replace(plain, rtt=rtt, delay_variation=variation))
    return found


def _hours(rate: float, chance: random.Random) -> tuple[HourlyMean, ...]:
    """A day's, busy in office hours."""
    loads = (rate * chance.uniform(0.8, 1.2) * (1.0 if 7 <= hour < 18 else 0.3) for hour in range(24))
    return tuple((round(load), round(load / 4)) for load in loads)


def _rollup(link: str, start: datetime, end: datetime, rate: float, part: float = 1.0) -> Rollup:
    length = end - start
    sent = round(length.total_seconds() * part)
    return Rollup(
        ("link", link),
        start,
        end,
        sent,
        sent // 2_000,
        sent // 20_000,
        spent={State.UP: length},
        download=Traffic(round(rate * length.total_seconds() / 8), rate * 1.7),
        upload=Traffic(round(rate * length.total_seconds() / 32), rate),
        stable_minutes=int(length.total_seconds() / 60) - 1,
        known_minutes=int(length.total_seconds() / 60),
        covered=length,
    )


def _sketches(chance: random.Random) -> tuple[Sketch, Sketch]:
    base = chance.uniform(0.002, 0.02)
    delays = [chance.gammavariate(0.8, 0.0015) for _ in range(300)]
    return Sketch.of(base + delay for delay in delays), Sketch.of(delays)


def _scaled(sketch: Sketch, sent: int) -> bytes:
    factor = max(1, sent // sketch.n)
    return Sketch({bucket: count * factor for bucket, count in sketch.buckets.items()}, sent // 2_000).to_bytes()
