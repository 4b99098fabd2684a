"""Speed by the contract and by measurement, each direction of each link."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from statistics import fmean, median
from typing import Final, Literal
from zoneinfo import ZoneInfo

from model.evidence import decide
from model.intervals import Ruler, Spans, moment
from model.judge import SLOWER_TESTS, required_speed
from model.requirement import Requirement
from model.verdict import Outcome, Quality
from reports.facts import Held, Measured
from reports.reckoning.books import Book
from reports.sections.common import Judged
from reports.sections.speed import SpeedBy, SpeedRow, SpeedVerdict, Test
from reports.statistics import mean_between, quantile

USUAL_SHARE: Final = 0.8
"""Of the contracted speed, where the requirement states no share (QCVN 34:2019, Pd ≥ 0.8 · Vd)."""

Way = Literal["download", "upload"]
WAYS: Final[tuple[Way, ...]] = ("download", "upload")


def speed_rows(books: Sequence[Book], zone: ZoneInfo) -> tuple[SpeedRow, ...]:
    """Both directions of each link."""
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


def _row(book: Book, way: Way, zone: ZoneInfo, open_hours: Ruler) -> SpeedRow:
    all_tests = [one for one in book.facts.tests if one.direction == way and _is_present(book, one.at)]
    told = [(one.at, one.bits_per_second) for one in all_tests if one.bits_per_second is not None]
    least = {one.at for one in all_tests if one.is_lower_bound}
    skips = Counter(one.skip for one in all_tests if one.skip)
    rates = [rate for _, rate in told]
    tests = tuple(Test(moment(at), rate, open_hours.inside(at, at + 1) > 0) for at, rate in told)
    between = mean_between(_days(tests, zone))
    peak = peak_of(book.facts.measured, way)
    own = needed(book.parts[-1].required, way)
    return SpeedRow(
        link=book.id,
        site=book.last.site,
        provider=book.last.provider,
        direction=way,
        contracted=sold(book.last, way),
        tests=tests,
        failed=len(all_tests) - len(told) - skips.total(),
        mean=fmean(rates) if rates else None,
        mean_at_least=between[0] if between else None,
        mean_at_most=between[1] if between and not least else None,
        least=min(rates, default=None),
        p5=quantile(rates, 0.05),
        median=median(rates) if rates else None,
        p95=quantile(rates, 0.95),
        greatest=max(rates, default=None),
        busy_mean=_mean([one.bits_per_second for one in tests if one.is_busy]),
        quiet_mean=_mean([one.bits_per_second for one in tests if not one.is_busy]),
        reaching=_reaching(book, way, told),
        peak=peak,
        contract=_verdict(
            _telling([(at, rate, _by_contract(book, way, at)) for at, rate in told], least),
            _last_contract(book, way),
            peak,
        ),
        need=None
        if own is None
        else _verdict(_telling([(at, rate, _by_need(book, way, at)) for at, rate in told], least), own, peak),
        lower_bounds=len(least),
        skipped=tuple(sorted(skips.items())),
    )


def _is_present(book: Book, at: int) -> bool:
    return any(span.start <= at < span.end for span in book.present)


def _days(tests: Sequence[Test], zone: ZoneInfo) -> list[list[float]]:
    days: dict[date, list[float]] = {}
    for test in tests:
        days.setdefault(test.at.astimezone(zone).date(), []).append(test.bits_per_second)
    return list(days.values())


def _mean(rates: Sequence[float]) -> float | None:
    return fmean(rates) if rates else None


def _reaching(book: Book, way: Way, told: Sequence[tuple[int, float]]) -> float | None:
    limits = [(rate, sold(book.part_at(at).held, way)) for at, rate in told]
    known = [rate >= USUAL_SHARE * limit for rate, limit in limits if limit is not None]
    return sum(known) / len(known) if known else None


def _by_contract(book: Book, way: Way, at: int) -> float | None:
    part = book.part_at(at)
    return _share_of_contract(part.held, part.required, way)


def _last_contract(book: Book, way: Way) -> float | None:
    return _share_of_contract(book.last, book.parts[-1].required, way)


def _share_of_contract(held: Held, required: Requirement | None, way: Way) -> float | None:
    share = required.contracted_share if required else None
    contracted = sold(held, way)
    return None if contracted is None else contracted * (USUAL_SHARE if share is None else share)


def _by_need(book: Book, way: Way, at: int) -> float | None:
    return needed(book.part_at(at).required, way)


def _telling(
    tests: Sequence[tuple[int, float, float | None]], least: Collection[int]
) -> list[tuple[float, float | None]]:
    """The tests that say something: one that did not fill the link says nothing where it fell short."""
    return [(rate, limit) for at, rate, limit in tests if at not in least or limit is None or rate >= limit]


def _verdict(tests: Sequence[tuple[float, float | None]], last: float | None, peak: float | None) -> SpeedVerdict:
    """By tests, each against what held when it ran; else by the highest that was seen."""
    telling = [(rate, limit) for rate, limit in tests if limit is not None]
    slower = sum(rate < limit for rate, limit in telling)
    if last is None:
        return SpeedVerdict(None, Outcome.UNKNOWN, SpeedBy.NO_CONTRACT, slower)
    by_tests = decide(slower, len(telling), SLOWER_TESTS)
    if by_tests is not Outcome.UNKNOWN:
        return SpeedVerdict(last, by_tests, SpeedBy.TESTS, slower)
    if peak is not None and peak >= last:
        return SpeedVerdict(last, Outcome.MET, SpeedBy.PEAK, slower)
    is_measured = telling or peak is not None
    return SpeedVerdict(last, Outcome.UNKNOWN, SpeedBy.UNDECIDED if is_measured else SpeedBy.NOT_MEASURED, slower)


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
