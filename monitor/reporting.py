"""Makes the monthly review from the history: of a ward, or of a city ward by ward."""

import hashlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from typing import Final

from history.store import Store
from model.intervals import moment
from model.inventory import Inventory
from model.periods import Periods
from monitor.review_asked import Asked, NothingStoredError, WardAsked, wards_asked
from monitor.review_facts import Reader, Whole, Written, whose
from reports.city import city_report
from reports.json import sealed
from reports.monthly import CityReport, MonthlyReport, Scope
from reports.reckoning.month import Month, month_of
from reports.reckoning.past import PastMonth, past_of
from reports.reckoning.trends import Brief
from reports.review import MONTHS, composed

_LIMITS: Final = ("device_health", "negotiated_speed", "tests_planned")
"""What the history does not hold yet."""
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)

Step = Callable[[float], None]
"""Told of each step: which share of the whole is done, 0 to 1."""


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
    maker = _Maker(Reader(store, inventory, monitor, now), now, step, len(wards))
    for group in _alike(wards):
        async for made in maker.reviews(group):
            yield made


async def checked(store: Store, inventory: Inventory, asked: Asked, now: datetime) -> tuple[list[WardAsked], str]:
    """The wards that a review is made of, and the monitor whose history it is of.

    Arguments and what is raised as for ``ward_reviews``.
    """
    wards = wards_asked(inventory, asked, now)
    monitor = await whose(store, asked.monitor)
    await _check_stored(store, monitor, wards[0], now)
    return wards, monitor


def _alike(wards: Sequence[WardAsked]) -> list[list[WardAsked]]:
    """Wards whose month is the same time, so that it is read once."""
    groups: dict[object, list[WardAsked]] = defaultdict(list)
    for ward in wards:
        groups[ward.period, ward.setting.zone].append(ward)
    return list(groups.values())


async def _check_stored(store: Store, monitor: str, ward: WardAsked, now: datetime) -> None:
    """Refuse a month in which the monitor never ran."""
    start, end = (moment(at) for at in ward.period.until(now))
    if await store.heartbeats(start, end, monitor):
        return
    known = await store.heartbeats(_EARLIEST, now, monitor)
    mend = "say where the history is with --storage.url"
    if known:
        periods = Periods(ward.setting.zone, ward.setting.cut_day)
        first, last = periods.at(known[0].began).name, periods.at(max(run.until for run in known)).name
        mend = f"the history reaches from {first} to {last}"
    raise NothingStoredError(f"nothing is stored of {ward.period.name}: the monitor did not run", mend)


class _Maker:
    """Goes through the months, and through the wards within each, so that one month of a city is held at a time."""

    def __init__(self, reader: Reader, now: datetime, step: Step, wards: int) -> None:
        self._reader, self._now = reader, now
        self._step, self._steps, self._done = step, wards * MONTHS, 0
        self._past: dict[str, list[PastMonth]] = defaultdict(list)

    async def reviews(self, wards: Sequence[WardAsked]) -> AsyncIterator[Made]:
        """Of each ward."""
        *earlier, last = wards[0].periods(MONTHS)
        written = await self._reader.written(earlier[0], last)
        for number, period in enumerate(earlier, 1):
            whole = await self._reader.whole(period, wards, written, is_last=False)
            for ward in wards:
                month = await self._month(whole, ward, written)
                past = self._past[ward.key]
                past.append(past_of(month, past, with_advice=number == len(earlier)))
        whole = await self._reader.whole(last, wards, written, is_last=True)
        for ward in wards:
            month = await self._month(whole, ward, written)
            past = self._past.pop(ward.key)
            report = composed(month, past, self._known_limits(ward).setting)
            whose_hash = configuration_hash(whole, ward)
            yield Made(sealed(report, whose_hash, version("linkward"), self._now), tuple(one.brief for one in past))

    async def _month(self, whole: Whole, ward: WardAsked, written: Written) -> Month:
        facts = await self._reader.month(whole, ward, written)
        month = month_of(facts, ward.setting)
        self._done += 1
        self._step(self._done / self._steps)
        return month

    def _known_limits(self, ward: WardAsked) -> WardAsked:
        assumed = ("terms_assumed",) if self._reader.are_terms_assumed else ()
        return replace(ward, setting=replace(ward.setting, limits=(*_LIMITS, *assumed)))


def configuration_hash(whole: Whole, ward: WardAsked) -> str:
    """SHA-256 of what held for the ward's links and services in the month, and of how the review is cut."""
    scope, setting = ward.setting.scope, ward.setting
    mine = ((key, read) for key, read in whole.terms.items() if read.ward == scope.ward)
    held = sorted([*key, read.within(whole.period.interval.start, whole.until)] for key, read in mine)
    text = json.dumps([scope.timezone, setting.cut_day, setting.notice, held], sort_keys=True, default=dict)
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
