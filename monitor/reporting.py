"""Makes the monthly review from the history: of a ward, or of a city ward by ward."""

import hashlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from itertools import chain
from typing import Final

from history.store import Store
from model.incident import Incident
from model.intervals import moment
from model.inventory import Inventory
from model.periods import Period, Periods
from monitor.apart import Step
from monitor.review_asked import EARLIEST, Asked, NothingStoredError, WardAsked, wards_asked, wards_in_progress
from monitor.review_facts import Asking, Reader, Written, whose
from monitor.review_kept import Shelf, program
from reports.city import city_report
from reports.facts import Setting
from reports.json import sealed
from reports.monthly import MONTHS, CityReport, MonthlyReport, Scope
from reports.reckoning.month import month_of
from reports.reckoning.past import PastMonth, past_of
from reports.reckoning.trends import Brief
from reports.review import composed

_LIMITS: Final = ("device_health", "negotiated_speed")
"""What the history does not hold yet."""


@dataclass(frozen=True, slots=True)
class Made:
    """The review of one ward, and what the summary of a city needs of the months before.

    Attributes:
        report: Sealed.
        past: In order.
    """

    report: MonthlyReport
    past: tuple[Brief, ...]


async def reviews(
    store: Store, inventory: Inventory, asked: Asked, now: datetime, step: Step = lambda _: None
) -> AsyncIterator[MonthlyReport | CityReport]:
    """The review of each ward, sealed; where there are several, at last the summary of the city.

    Arguments and what is raised as for ``ward_reviews``.
    """
    made: list[Made] = []
    async for one in ward_reviews(store, inventory, asked, now, step):
        made.append(one)
        yield one.report
    if len(made) > 1:
        yield city_review(made, now)


async def ward_reviews(
    store: Store, inventory: Inventory, asked: Asked, now: datetime, step: Step = lambda _: None
) -> AsyncIterator[Made]:
    """The review of each ward.

    Args:
        store: The history.
        inventory: Whose wards, names and devices are meant.
        asked: Which review.
        now: Aware UTC: months that are not over are reckoned until then.
        step: Told how far it is.

    Raises:
        ReviewError: What is asked for cannot be.
        NothingStoredError: Nothing at all is stored of the month.
        HistoryError: The history cannot be read, or is damaged.
    """
    wards, monitor = await checked(store, inventory, asked, now)
    maker = _Maker(store, Reader(store, inventory, monitor, now), now, step, len(wards))
    for group in _alike(wards):
        async for made in maker.reviews(group):
            yield made


async def keep_months(store: Store, inventory: Inventory, asked: Asked, now: datetime) -> int:
    """Compute and keep what the review of the month in progress will need of the months before it.

    To be called when a month has been over for a week, so that the next review finds it; what is kept already is not
    computed anew.

    Args:
        store: The history, which this process may write.
        inventory: Whose wards are meant.
        asked: Which wards, by which clock; its month says nothing.
        now: Aware UTC.

    Returns:
        How many months of wards were computed.

    Raises:
        ReviewError: What is asked for cannot be.
        HistoryError: The history cannot be read, or is damaged.
    """
    wards = wards_in_progress(inventory, asked, now)
    maker = _Maker(store, Reader(store, inventory, await whose(store, asked.monitor), now), now, lambda _: None, 1)
    for group in _alike(wards):
        await maker.keep(group)
    return maker.computed


async def checked(store: Store, inventory: Inventory, asked: Asked, now: datetime) -> tuple[list[WardAsked], str]:
    """The wards that a review is made of, and the monitor whose history it is of.

    Arguments and what is raised as for ``ward_reviews``.
    """
    wards = wards_asked(inventory, asked, now)
    monitor = await whose(store, asked.monitor)
    await _check_stored(store, monitor, wards[0], now)
    return wards, monitor


def _alike(wards: Sequence[WardAsked]) -> list[list[WardAsked]]:
    """Wards whose month is the same time, so that what is not of one ward is read once."""
    groups: dict[object, list[WardAsked]] = defaultdict(list)
    for ward in wards:
        groups[ward.period, ward.setting.zone].append(ward)
    return list(groups.values())


async def _check_stored(store: Store, monitor: str, ward: WardAsked, now: datetime) -> None:
    """Refuse a month in which the monitor never ran."""
    start, end = (moment(at) for at in ward.period.until(now))
    if await store.heartbeats(start, end, monitor):
        return
    known = await store.heartbeats(EARLIEST, now, monitor)
    mend = "say where the history is with --storage.url"
    if known:
        periods = Periods(ward.setting.zone, ward.setting.cut_day)
        first, last = periods.at(known[0].began).name, periods.at(max(run.until for run in known)).name
        mend = f"the history reaches from {first} to {last}"
    raise NothingStoredError(f"nothing is stored of {ward.period.name}: the monitor did not run", mend)


class _Maker:
    """Goes through the wards, and through the months of each, so that one month of one ward is held at a time.

    Attributes:
        computed: How many months before the last were not kept, and had to be computed.
    """

    def __init__(self, store: Store, reader: Reader, now: datetime, step: Step, wards: int) -> None:
        self._store, self._reader, self._now = store, reader, now
        self._step, self._steps, self._done = step, wards * MONTHS, 0
        self._program = program()
        self.computed = 0

    async def reviews(self, wards: Sequence[WardAsked]) -> AsyncIterator[Made]:
        """Of each ward."""
        *earlier, last = wards[0].periods(MONTHS)
        written = await self._reader.written(earlier[0], last)
        told, told_before = await self._reader.incidents(last), await self._reader.incidents(earlier[-1])
        for ward in wards:
            name = ward.setting.scope.ward
            past, assumed = await self._past(ward, earlier, written, told_before.get(name, ()))
            asking = await self._reader.asking(last, ward, written)
            month = month_of(await self._reader.month(asking, written, told.get(name, ())), ward.setting)
            self._tell()
            setting = _with_limits(ward, assumed=assumed or asking.assumed)
            report = sealed(composed(month, past, setting), configuration_hash(asking), version("linkward"), self._now)
            yield Made(report, tuple(one.brief for one in past))

    async def keep(self, wards: Sequence[WardAsked]) -> None:
        """Only what is kept of the months before."""
        *earlier, last = wards[0].periods(MONTHS)
        written, told = await self._reader.written(earlier[0], last), await self._reader.incidents(earlier[-1])
        for ward in wards:
            await self._past(ward, earlier, written, told.get(ward.setting.scope.ward, ()))

    async def _past(
        self, ward: WardAsked, earlier: Sequence[Period], written: Written, told: Sequence[Incident]
    ) -> tuple[list[PastMonth], bool]:
        """What is kept of the months before, or computed now; and whether some of what held in them is assumed.

        Args:
            ward: Whose.
            earlier: The months.
            written: By people.
            told: The incidents of the last of them, which alone is shown beside the month that is reviewed.
        """
        shelf = Shelf(self._store, self._reader, self._now, self._program)
        past: list[PastMonth] = []
        assumed = False
        await shelf.open(ward, earlier[0], earlier[-1])
        for period in earlier:
            asking = await self._reader.asking(period, ward, written)
            assumed |= asking.assumed
            past.append(await self._past_month(shelf, asking, written, past, told if period == earlier[-1] else None))
            self._tell()
        await shelf.close()
        return past, assumed

    async def _past_month(
        self,
        shelf: Shelf,
        asking: Asking,
        written: Written,
        past: Sequence[PastMonth],
        told: Sequence[Incident] | None,
    ) -> PastMonth:
        basis = await shelf.basis(asking, written, told)
        kept = shelf.find(basis) if basis else None
        if kept is not None:
            return kept
        month = month_of(await self._reader.month(asking, written, told or ()), asking.ward.setting)
        found = past_of(month, past, with_advice=told is not None)
        if basis:
            shelf.put(asking, basis, found)
        self.computed += 1
        return found

    def _tell(self) -> None:
        self._done += 1
        self._step(self._done / self._steps)


def _with_limits(ward: WardAsked, *, assumed: bool) -> Setting:
    return replace(ward.setting, limits=(*_LIMITS, "terms_assumed") if assumed else _LIMITS)


def configuration_hash(asking: Asking) -> str:
    """SHA-256 of what held for the ward's links and services in the month, and of how the review is cut."""
    setting, start = asking.ward.setting, asking.period.interval.start
    held = sorted([*key, read.within(start, asking.until)] for key, read in asking.terms.items())
    text = json.dumps([setting.scope.timezone, setting.cut_day, setting.notice, held], sort_keys=True, default=dict)
    return hashlib.sha256(text.encode()).hexdigest()


def city_review(made: Sequence[Made], now: datetime) -> CityReport:
    """The summary of a city, sealed.

    Args:
        made: The reviews of its wards, at least one, in the order in which they are shown.
        now: Aware UTC.
    """
    reports = [one.report for one in made]
    zones = {report.scope.timezone for report in reports}
    scope = Scope(
        ward="",
        name="",
        timezone=zones.pop() if len(zones) == 1 else "UTC",
        sites=tuple(chain.from_iterable(report.scope.sites for report in reports)),
        provider=reports[0].scope.provider,
        wards=tuple(report.scope.ward for report in reports),
    )
    months = list(zip(*(one.past for one in made), strict=True))
    hashes = "".join(report.provenance.configuration_hash for report in reports)
    digest = hashlib.sha256(hashes.encode()).hexdigest()
    return sealed(city_report(scope, reports, months), digest, reports[0].provenance.version, now)
