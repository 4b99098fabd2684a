"""Where the pages get reviews from: made one at a time in a process of its own, kept until the history has changed."""

import asyncio
import logging
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from exporters.reviews import MonthOffered, NoReview, NoReviewError, ReviewAsked, ReviewFile
from history.errors import HistoryError
from history.facts import Heartbeat
from history.store import Store
from model.intervals import instant, moment
from model.invalid import InvalidValueError
from model.inventory import Inventory
from model.periods import Period, Periods
from monitor.apart import ApartError, apart
from monitor.formats import FORMATS
from monitor.late import late
from monitor.review_asked import EARLIEST, Asked, ReviewError, WardAsked, wards_asked
from monitor.review_making import ALL, Failed, Order, View, shown
from reports.monthly import MONTHS

log = logging.getLogger(__name__)

_whose: Final[Callable[[Store, str], Awaitable[str]]] = late("monitor.review_facts", "whose")

_STANDS_FOR: Final = 300.0  # seconds for which the review of a month that is not over is good enough
_MOST_WAITED_FOR: Final = 20
_MOST_KEPT: Final = 300  # months of wards, each with its files: a city's month and more
_UTC: Final = "UTC"


@dataclass(frozen=True, slots=True)
class _Kept:
    """The reviews of one month that were made together, in a folder.

    Attributes:
        folder: Where they are.
        inventory: By which they were made.
        made_at: When.
        stamp: Of the history then; empty where the month was not over.
        until: Until when they stand where it was not over, monotonic seconds.
    """

    folder: Path
    inventory: Inventory
    made_at: datetime
    stamp: str
    until: float


class ReviewDesk:
    """Makes reviews for whoever asks over HTTP.

    Args:
        store: The history.
        url: Where another process finds it.
        inventory: Gives the inventory that is in force.
        one_at_a_time: Held while a review is made.
        now: The time, aware UTC.
    """

    def __init__(
        self,
        store: Store,
        url: str,
        inventory: Callable[[], Inventory],
        one_at_a_time: asyncio.Lock,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._url, self._inventory = store, url, inventory
        self._now = now
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._names: dict[Path, str] = {}
        self._tasks: dict[ReviewAsked, asyncio.Task[ReviewFile]] = {}
        self._one_at_a_time = one_at_a_time
        self._root: Path | None = None
        self._share = 0.0

    async def months(self, ward: str) -> list[MonthOffered]:
        """Those of which something is stored, the latest first."""
        periods, now = self._periods(ward), self._now()
        try:
            runs = await self._store.heartbeats(EARLIEST, now, await _whose(self._store, ""))
        except (HistoryError, ReviewError) as error:
            log.warning("which reviews there can be is not known: %s", error)
            raise NoReviewError(NoReview.UNREADABLE) from error
        found = {period.name: period for run in runs for period in _touched(run, periods, now)}
        return [_offered(period, periods.zone, now) for _, period in sorted(found.items(), reverse=True)]

    async def file(self, asked: ReviewAsked, patience: float) -> ReviewFile:
        """One file, as fresh as the history; a month that is not over may be five minutes behind."""
        task = self._tasks.get(asked)
        if task is None:
            ward = self._checked(asked)
            if len(self._tasks) >= _MOST_WAITED_FOR:
                raise NoReviewError(NoReview.BUSY)
            task = self._tasks[asked] = asyncio.create_task(self._file(asked, ward))
            task.add_done_callback(partial(self._ended, asked))
        done, _ = await asyncio.wait({task}, timeout=patience)
        if not done:
            raise NoReviewError(NoReview.MAKING, self._share)
        return task.result()

    async def close(self) -> None:
        """Make nothing more, and remove what was kept."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._root is not None:
            await asyncio.to_thread(shutil.rmtree, self._root, ignore_errors=True)

    def _ended(self, asked: ReviewAsked, task: asyncio.Task[ReviewFile]) -> None:
        self._tasks.pop(asked, None)
        if not task.cancelled():
            task.exception()  # it is in the log; perhaps nobody waits for it any more

    def _periods(self, ward: str) -> Periods:
        wards = self._inventory().all_wards()
        found = next((one for one in wards if ward in {"", one.id}), None)
        if found is None and ward:
            raise NoReviewError(NoReview.NO_WARD)
        return Periods(ZoneInfo(found.timezone if found else _UTC), self._inventory().reports.cut_day)

    def _checked(self, asked: ReviewAsked) -> WardAsked:
        """The first of the wards that are asked for."""
        periods, now = self._periods(asked.ward), self._now()
        try:
            period = periods.named(asked.month)
        except InvalidValueError as error:
            raise NoReviewError(NoReview.NO_MONTH) from error
        if period.interval.start >= instant(now):
            raise NoReviewError(NoReview.TO_COME)
        return wards_asked(self._inventory(), self._wanted(asked), now)[0]

    def _wanted(self, asked: ReviewAsked) -> Asked:
        reports = self._inventory().reports
        wards = (asked.ward,) if asked.ward else ()
        return Asked(asked.month, wards=wards, cut_day=reports.cut_day, notice=reports.notice)

    async def _file(self, asked: ReviewAsked, ward: WardAsked) -> ReviewFile:
        place = self._place(asked)
        try:
            if (found := await self._ready(asked, place, ward)) is not None:
                return found
            async with self._one_at_a_time:
                return await self._ready(asked, place, ward) or await self._make(asked, place, ward)
        except HistoryError as error:
            log.warning("the review of %s was not made: %s", asked.month, error)
            raise NoReviewError(NoReview.UNREADABLE) from error
        except (ApartError, OSError) as error:
            log.warning("the review of %s was not made: %s", asked.month, error)
            raise NoReviewError(NoReview.FAILED) from error

    def _place(self, asked: ReviewAsked) -> str:
        wards = self._inventory().all_wards()
        return asked.ward or (wards[0].id if len(wards) == 1 else ALL)

    async def _ready(self, asked: ReviewAsked, place: str, ward: WardAsked) -> ReviewFile | None:
        kept = self._kept.get((asked.month, place))
        if kept is None or not await self._is_fresh(kept, ward):
            return None
        return await asyncio.to_thread(self._read, kept, asked, self._view(asked, place, kept))

    async def _is_fresh(self, kept: _Kept, ward: WardAsked) -> bool:
        if kept.inventory is not self._inventory():
            return False
        if not kept.stamp:
            return asyncio.get_running_loop().time() < kept.until
        return kept.stamp == await self._stamp(ward)

    async def _stamp(self, ward: WardAsked) -> str:
        """Of all months that its review looks back on; empty of one that is not over."""
        if not self._is_over(ward):
            return ""
        first = ward.periods(MONTHS)[0]
        return await self._store.stamp(moment(first.interval.start), moment(ward.period.interval.end))

    def _is_over(self, ward: WardAsked) -> bool:
        return ward.period.interval.end <= instant(self._now())

    async def _make(self, asked: ReviewAsked, place: str, ward: WardAsked) -> ReviewFile:
        """What is kept and still stands is only shown anew; otherwise it is reckoned first."""
        kept = self._kept.get((asked.month, place))
        if kept is None or not await self._is_fresh(kept, ward):
            kept = await self._begun(ward)
        order = Order(self._url, self._store.monitor, kept.inventory, self._wanted(asked), kept.made_at)
        view = self._view(asked, place, kept)
        self._share = 0.0
        name = await apart(self._reach, shown, order, kept.folder, view)
        if isinstance(name, Failed):
            log.warning("the review of %s was not made: %s", asked.month, name.what)
            raise NoReviewError(_why(name))
        self._names[kept.folder / view.name] = name
        await self._keep(asked.month, kept)
        found = await asyncio.to_thread(self._read, kept, asked, view)
        if found is None:
            raise NoReviewError(NoReview.FAILED)
        return found

    def _reach(self, share: float) -> None:
        self._share = share

    def _view(self, asked: ReviewAsked, place: str, kept: _Kept) -> View:
        return View(place, asked.form, asked.language, kept.made_at)

    async def _begun(self, ward: WardAsked) -> _Kept:
        """A new folder; the stamp is taken first, so that what is written meanwhile is not overlooked."""
        stamp, now = await self._stamp(ward), self._now()
        if self._root is None:
            self._root = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="linkward-reviews-"))
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=self._root))
        until = asyncio.get_running_loop().time() + _STANDS_FOR
        return _Kept(folder, self._inventory(), now, stamp, until)

    async def _keep(self, month: str, kept: _Kept) -> None:
        """Of a city all that was made along."""
        for file in await asyncio.to_thread(lambda: sorted(kept.folder.glob("*.json"))):
            if "." not in file.stem:
                self._kept[month, file.stem] = kept
                self._kept.move_to_end((month, file.stem))
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        await self._tidy()

    async def _tidy(self) -> None:
        """Remove the folders that nothing is kept in any more."""
        if self._root is None:
            return
        known = {kept.folder for kept in self._kept.values()}
        for folder in await asyncio.to_thread(lambda root: list(root.iterdir()), self._root):
            if folder not in known:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        self._names = {file: name for file, name in self._names.items() if file.parent in known}

    def _read(self, kept: _Kept, asked: ReviewAsked, view: View) -> ReviewFile | None:
        """In a thread; ``None`` where it was not shown in that form yet."""
        file = kept.folder / view.name
        if file not in self._names:
            return None
        form = FORMATS[asked.form]
        return ReviewFile(self._names[file], form.media_type, file.read_bytes(), is_over=bool(kept.stamp))


def _touched(run: Heartbeat, periods: Periods, now: datetime) -> Iterator[Period]:
    """The periods in which it was alive."""
    period, until = periods.at(run.began), instant(min(run.until, now))
    yield period
    while (period := periods.after(period)).interval.start < until:
        yield period


def _offered(period: Period, zone: ZoneInfo, now: datetime) -> MonthOffered:
    start, end = (moment(at) for at in period.interval)
    first, last = (at.astimezone(zone).date() for at in (start, end - timedelta(seconds=1)))
    return MonthOffered(period.name, first, last, is_over=end <= now)


def _why(failed: Failed) -> NoReview:
    if failed.is_empty:
        return NoReview.NOTHING
    return NoReview.UNREADABLE if failed.is_history else NoReview.FAILED
