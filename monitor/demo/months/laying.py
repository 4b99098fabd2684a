"""Lays down months of history in a new file, through the same door that the daemon writes by."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from history.errors import HistoryError
from history.facts import Fact
from history.rollup import RollupBlock, Span
from history.store import Fate, Store
from model.intervals import DAY, instant, moment
from model.inventory import Inventory
from model.periods import Period
from monitor.demo.months.cast import begins
from monitor.demo.months.clock import WARD, months_before
from monitor.demo.months.drawing import draw
from monitor.demo.months.events import Past
from monitor.demo.months.happened import heartbeats, transitions
from monitor.demo.months.measured import Meter, Sum, dark_times
from monitor.demo.months.speeds import tests_of
from monitor.demo.months.standing import terms
from monitor.demo.months.told import announced, incidents, records
from monitor.demo.months.truth import LinkMonth, MonthsTruth
from monitor.demo.ward import WardPlan

Step = Callable[[float], None]
"""Told of each step: which share of the whole is done, 0 to 1."""

_TOGETHER: Final = 2_000  # facts of one transaction
_PATIENCE: Final = 120.0
_BY_HOUR: Final = 10 * DAY
"""How far back hours are kept beside their days: further back, the pages show days."""
_HOUR: Final = timedelta(hours=1)


async def lay_down(  # noqa: PLR0917  # whose, how long, and where
    file: Path,
    ward: WardPlan,
    inventory: Inventory,
    months: int,
    now: datetime,
    monitor: str,
    step: Step = lambda _: None,
) -> MonthsTruth:
    """Write so many months before this one, and this one so far. The file stands under its name once it is whole.

    Args:
        file: Must not be there.
        ward: Whose months.
        inventory: The same as the daemon reads it.
        months: At least 1.
        now: Aware UTC.
        monitor: The name that the history will bear.
        step: Told how far it is.

    Returns:
        What is true of them.

    Raises:
        HistoryError: It cannot be written.
        OSError: Likewise.
    """
    now = now.replace(microsecond=0)
    past = draw(ward, months_before(now, months), now)
    aside = file.with_name(f"{file.name}.part")
    for left in file.parent.glob(f"{aside.name}*"):
        left.unlink()
    store = Store(f"sqlite:///{aside}", monitor, patience=_PATIENCE)
    await store.start()
    try:
        truth = await _Layer(store, ward, past).lay(inventory, step)
    finally:
        await store.close()
    aside.rename(file)
    return truth


class _Layer:
    def __init__(self, store: Store, ward: WardPlan, past: Past) -> None:
        self._store, self._ward, self._past = store, ward, past
        self._begins = begins(ward, past.cast, past.begin)
        dark = dark_times(past, self._begins)
        self._links = [link for site in ward.sites for link in site.links]
        self._meters = [Meter(link, past, dark[link.id]) for link in self._links]
        self._measured: defaultdict[tuple[str, str], LinkMonth] = defaultdict(LinkMonth)

    async def lay(self, inventory: Inventory, step: Step) -> MonthsTruth:
        """All of it."""
        await self._record(list(self._standing(inventory)))
        for number, month in enumerate(self._past.months):
            await self._record(list(self._tests(number, month)))
            await self._measure(month, lambda share, done=number: step((done + share) / len(self._past.months)))  # type: ignore[misc]  # a default of a lambda has no type
        return MonthsTruth(self._ward, self._past, dict(self._measured))

    def _standing(self, inventory: Inventory) -> Iterator[Fact]:
        yield from terms(self._ward, self._past, inventory)
        yield from heartbeats(self._past)
        yield from announced(self._past.works)
        yield from transitions(self._ward, self._past, self._begins)
        yield from records(incidents(self._ward, self._past))

    def _tests(self, number: int, month: Period) -> Iterator[Fact]:
        for link in self._links:
            for test in tests_of(link, self._past, number, self._begins[link.id]):
                self._measured[link.id, month.name].tests.append(test)
                yield test

    async def _measure(self, month: Period, step: Step) -> None:
        """Days and the month as the daemon folds them, and of the last days the hours too."""
        end = instant(self._past.end)
        days = list(_days(month, end))
        for number, (start, until) in enumerate(days, 1):
            is_whole = until <= end
            if until > end - _BY_HOUR:
                await self._record(list(self._hours(start, min(until, end), month)))
                if is_whole:
                    await self._store.fold(WARD, Span.DAY, moment(start), moment(until))
            else:
                await self._record([self._day(start, until, month)])
            step(number / len(days))
        if month.interval.end <= end:
            await self._store.fold(WARD, Span.MONTH, *map(moment, month.interval))

    def _day(self, start: int, end: int, month: Period) -> RollupBlock:
        rollups, most = [], 0
        for meter in self._meters:
            whole = Sum()
            for hour in meter.hours(start, end):
                whole.add(hour)
            if whole.hours:
                self._measured[meter.link.id, month.name].add(whole)
                rollups.append(whole.rollup(meter.link.id, moment(start), moment(end), is_day=True))
                most = max(most, len(whole.hours))
        return RollupBlock(WARD, Span.DAY, moment(start), moment(end), tuple(rollups), most)

    def _hours(self, start: int, end: int, month: Period) -> Iterator[Fact]:
        by_hour: defaultdict[int, list[tuple[str, Sum]]] = defaultdict(list)
        for meter in self._meters:
            for hour in meter.hours(start, end):
                alone = Sum()
                alone.add(hour)
                self._measured[meter.link.id, month.name].add(alone)
                by_hour[hour.start].append((meter.link.id, alone))
        for at, links in sorted(by_hour.items()):
            first, last = moment(at), min(moment(at) + _HOUR, self._past.end)
            rollups = tuple(one.rollup(link, first, last, is_day=False) for link, one in links)
            yield RollupBlock(WARD, Span.HOUR, first, last, rollups)

    async def _record(self, facts: Sequence[Fact]) -> None:
        for place in range(0, len(facts), _TOGETHER):
            if await self._store.record(*facts[place : place + _TOGETHER]) is not Fate.DURABLE:
                what = self._store.health().fault or "the months before could not be written"
                raise HistoryError(what, "look whether the disk is full, and name another folder")


def _days(month: Period, end: int) -> Iterator[tuple[int, int]]:
    """The days of a month that have begun, by a clock that is never changed."""
    return ((at, at + DAY) for at in range(month.interval.start, min(end, month.interval.end), DAY))
