"""Speed by the contract and by measurement, each direction of each link."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import isfinite
from statistics import fmean, median
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from model.intervals import Ruler, Spans, moment
from model.judge import SLOWER_TESTS, required_speed
from model.requirement import Requirement
from model.speed_month import USUAL_SHARE, MonthlyTest, by_mean, mean_of, owed, shortfall
from model.verdict import Outcome, Quality
from reports.facts import Held, Measured, SpeedTested
from reports.reckoning.books import Book, Part
from reports.sections.common import Judged
from reports.sections.speed import SpeedBy, SpeedRow, SpeedVerdict, Test
from reports.statistics import quantile

Way = Literal["download", "upload"]
WAYS: Final[tuple[Way, ...]] = ("download", "upload")


def speed_rows(books: Sequence[Book], zone: ZoneInfo) -> tuple[SpeedRow, ...]:
    """Both directions of each link, without the bounds of their means."""
    rulers: dict[Spans, Ruler] = {}
    for book in books:
        if book.hours not in rulers:
            rulers[book.hours] = Ruler(book.hours)
    return tuple(_row(book, way, zone, rulers[book.hours]) for book in books for way in WAYS)


def sold(held: Held, way: Way) -> float | None:
    """The contracted speed, bit/s."""
    if held.contracted is None:
        return None
    return held.contracted.download if way == "download" else held.contracted.upload


def needed(required: Requirement | None, way: Way) -> float | None:
    """The speed that is required whatever the contract says, bit/s."""
    if required is None:
        return None
    return required.download if way == "download" else required.upload


def peak_of(measured: Sequence[Measured], way: Way) -> float | None:
    """The highest throughput over 10 s or more, bit/s."""
    carried = [one.download if way == "download" else one.upload for one in measured]
    return max((one.peak for one in carried if one), default=None)


def with_bounds(rows: Sequence[SpeedRow], books: Sequence[Book], zone: ZoneInfo) -> tuple[SpeedRow, ...]:
    """The rows with the bounds of their means and what these say: a bootstrap each, so only of the month that is shown.

    Args:
        rows: As ``speed_rows`` gives them.
        books: That they are of.
        zone: Whose days are the blocks.
    """
    ways = [(book, way) for book in books for way in WAYS]
    return tuple(
        _with_bounds(row, book, way, zone) if row.tests else row for row, (book, way) in zip(rows, ways, strict=True)
    )


def _with_bounds(row: SpeedRow, book: Book, way: Way, zone: ZoneInfo) -> SpeedRow:
    tests = _held_to(_by_contract, book, way, _told(_tests(book, way)), zone)
    mean = mean_of(tests)
    return replace(
        row,
        mean_at_least=mean.at_least if mean and isfinite(mean.at_least) else None,
        mean_at_most=mean.at_most if mean and isfinite(mean.at_most) else None,
        by_mean=by_mean(tests, mean),
    )


def _row(book: Book, way: Way, zone: ZoneInfo, open_hours: Ruler) -> SpeedRow:
    planned_too = _tests(book, way)
    told = _told(planned_too)
    skips = Counter(one.skip for one in planned_too if one.skip)
    rates = [one.bits_per_second for one in told]
    tests = tuple(Test(moment(one.at), one.bits_per_second, open_hours.inside(one.at, one.at + 1) > 0) for one in told)
    peak, last = peak_of(book.facts.measured, way), book.parts[-1]
    own = needed(last.required, way)
    by_contract = _held_to(_by_contract, book, way, told, zone)
    return SpeedRow(
        link=book.id,
        site=book.last.site,
        provider=book.last.provider,
        direction=way,
        contracted=sold(book.last, way),
        tests=tests,
        failed=len(planned_too) - len(told) - skips.total(),
        mean=_mean(rates),
        mean_at_least=None,
        mean_at_most=None,
        least=min(rates, default=None),
        p5=quantile(rates, 0.05),
        median=median(rates) if rates else None,
        p95=quantile(rates, 0.95),
        greatest=max(rates, default=None),
        busy_mean=_mean([one.bits_per_second for one in tests if one.is_busy]),
        quiet_mean=_mean([one.bits_per_second for one in tests if not one.is_busy]),
        reaching=_reaching(book, way, told),
        peak=peak,
        contract=_verdict(by_contract, _by_contract(last, way), peak),
        need=None if own is None else _verdict(_held_to(_by_need, book, way, told, zone), own, peak),
        lower_bounds=sum(one.is_lower_bound for one in told),
        skipped=tuple(sorted(skips.items())),
    )


class _Told(NamedTuple):
    """A test that gave a figure."""

    at: int
    bits_per_second: float
    is_lower_bound: bool


def _tests(book: Book, way: Way) -> list[SpeedTested]:
    """Those of one direction while the link was there, whatever became of them."""
    return [one for one in book.facts.tests if one.direction == way and _is_present(book, one.at)]


def _told(tests: Sequence[SpeedTested]) -> list[_Told]:
    return [_Told(one.at, one.bits_per_second, one.is_lower_bound) for one in tests if one.bits_per_second is not None]


def _is_present(book: Book, at: int) -> bool:
    return any(span.start <= at < span.end for span in book.present)


def _mean(rates: Sequence[float]) -> float | None:
    return fmean(rates) if rates else None


def _reaching(book: Book, way: Way, told: Sequence[_Told]) -> float | None:
    limits = [(one.bits_per_second, sold(book.part_at(one.at).held, way)) for one in told]
    known = [rate >= USUAL_SHARE * limit for rate, limit in limits if limit is not None]
    return sum(known) / len(known) if known else None


def _by_contract(part: Part, way: Way) -> float | None:
    contracted = sold(part.held, way)
    return None if contracted is None else owed(contracted, part.required)


def _by_need(part: Part, way: Way) -> float | None:
    return needed(part.required, way)


def _held_to(
    limit: Callable[[Part, Way], float | None], book: Book, way: Way, told: Sequence[_Told], zone: ZoneInfo
) -> list[MonthlyTest]:
    """The tests, each with what held when it ran."""
    return [
        MonthlyTest(
            moment(one.at).astimezone(zone).date(),
            one.bits_per_second,
            limit(book.part_at(one.at), way),
            one.is_lower_bound,
        )
        for one in told
    ]


def _verdict(tests: Sequence[MonthlyTest], last: float | None, peak: float | None) -> SpeedVerdict:
    """By tests, each against what held when it ran; else by the highest that was seen."""
    share = shortfall(tests)
    if last is None:
        return SpeedVerdict(None, Outcome.UNKNOWN, SpeedBy.NO_CONTRACT, share.short)
    if share.outcome is not Outcome.UNKNOWN:
        return SpeedVerdict(last, share.outcome, SpeedBy.TESTS, share.short)
    if peak is not None and peak >= last:
        return SpeedVerdict(last, Outcome.MET, SpeedBy.PEAK, share.short)
    by = SpeedBy.UNDECIDED if share.n or peak is not None else SpeedBy.NOT_MEASURED
    return SpeedVerdict(last, Outcome.UNKNOWN, by, share.short)


def on_speed(book: Book, rows: Sequence[SpeedRow]) -> Iterator[Judged]:
    """Download and upload as the requirement asks for them: the higher of what is needed and sold."""
    for row in rows:
        way: Way = "download" if row.direction == "download" else "upload"
        required = book.parts[-1].required
        share = required.contracted_share if required else None
        if required is None or (needed(required, way) is None and share is None):
            continue
        asked = [one for one in (row.contract if share is not None else None, row.need) if one]
        outcomes = {one.outcome for one in asked}
        outcome = Outcome.UNKNOWN
        if Outcome.BREACHED in outcomes:
            outcome = Outcome.BREACHED
        elif outcomes == {Outcome.MET}:
            outcome = Outcome.MET
        threshold = required_speed(needed(required, way), share, row.contracted)
        yield Judged(Quality(way), outcome, _reached(row), threshold, len(row.tests))


def _reached(row: SpeedRow) -> float | None:
    """The speed that 80 % of the tests reached; without tests, the highest that was seen."""
    rates = [-test.bits_per_second for test in row.tests]
    slowest = quantile(rates, 1 - SLOWER_TESTS)
    return row.peak if slowest is None else -slowest
