"""How much of the month is known."""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final

from model.intervals import SECOND, Interval, clipped, merged, moment, without
from reports.reckoning.books import Book, measure, seen
from reports.reckoning.judged import seconds
from reports.reckoning.month import Month
from reports.reckoning.worst import known_time
from reports.sections.common import Span
from reports.sections.quality import Coverage, DataQuality, Gap
from reports.sections.speed import SpeedRow

LOW: Final = 0.95
_MOST_GAPS: Final = 20
_HOUR: Final = 3_600 * SECOND


def data_quality(month: Month) -> DataQuality:
    """What the other sections rest on."""
    span, runs = month.facts.span, month.facts.runs
    watched = clipped(merged(seen(runs)), span)
    alive = clipped(merged(run.span for run in runs), span)
    stopped = without((span,), alive)
    blind = without(alive, watched)
    gaps = sorted(
        [*(Gap(_span(one), "stopped") for one in stopped), *(Gap(_span(one), "blind") for one in blind)], key=_begin
    )
    longest = sorted(gaps, key=lambda gap: gap.span.start - gap.span.end)[:_MOST_GAPS]
    known, whole = sum(map(known_time, month.books)), sum(measure(book.present) for book in month.books)
    measured = [one for book in month.books for one in book.facts.measured]
    tests = [one for row in month.speed for one in row.tests]
    return DataQuality(
        known=known / whole if whole else None,
        is_low=known < LOW * whole if whole else None,
        monitor_seconds=seconds(measure(watched)),
        stopped_seconds=seconds(measure(stopped)),
        blind_seconds=seconds(measure(blind)),
        gaps=tuple(sorted(longest, key=_begin)),
        gaps_in_all=len(gaps),
        links_below=tuple(sorted(_below(month.books), key=lambda one: (one.known or 0.0, one.link))),
        probes_sent=sum(one.sent for one in measured),
        probes_lost=sum(one.lost for one in measured),
        probes_late=sum(one.late for one in measured),
        tests_run=len(tests),
        tests_failed=sum(row.failed for row in month.speed),
        hours_expected=ceil(span.length / _HOUR) if month.books else 0,
        hours_stored=month.facts.hours_stored,
        tests_skipped=_skipped(month.speed),
    )


def _skipped(rows: Sequence[SpeedRow]) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(dict(row.skipped))
    return tuple(sorted(counts.items()))


def _below(books: Sequence[Book]) -> Iterator[Coverage]:
    for book in books:
        whole = measure(book.present)
        known = known_time(book) / whole if whole else None
        covered = sum(one.covered for one in book.facts.measured)
        measured = min(1.0, covered / whole) if book.facts.measured and whole else None
        if known is not None and known < LOW:
            yield Coverage(book.id, known, measured)


def _span(one: Interval) -> Span:
    return Span(moment(one.start), moment(one.end))


def _begin(gap: Gap) -> tuple[object, str]:
    return gap.span.start, gap.why
