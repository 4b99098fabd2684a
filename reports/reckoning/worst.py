"""The five links that lost the most, with their days hour by hour."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from model.calendar import first_instant
from model.intervals import Interval, Ruler, Spans, clipped, common, merged, moment
from reports.reckoning.books import Book, measure
from reports.reckoning.judged import seconds
from reports.reckoning.month import Month
from reports.sections.worst import DayStrip, WorstLink

MOST: Final = 5
_HOURS: Final = 24


def worst(month: Month, zone: ZoneInfo) -> tuple[WorstLink, ...]:
    """The worst first; none that lost nothing in service hours."""
    rows = {row.id: row for row in month.links}
    ranked = sorted(
        ((rows[book.id], book, _lost_in_hours(book)) for book in month.books),
        key=lambda one: (-(one[0].citizen_hours or 0.0), -one[2], one[0].id),
    )
    grid = list(_hours_of(month.facts.span, zone)) if any(lost for *_, lost in ranked) else []
    return tuple(
        WorstLink(row.id, row.citizen_hours, seconds(lost), row.outages, _strip(book, grid))
        for row, book, lost in ranked[:MOST]
        if lost
    )


def _lost_in_hours(book: Book) -> int:
    return book.reckoned.inside.down + book.reckoned.inside.unreachable


_Cell = tuple[date, int, Spans]


def _hours_of(span: Interval, zone: ZoneInfo) -> Iterator[_Cell]:
    """Each hour of each day as the ward's clock shows it; one that is repeated is two spans, one skipped is none."""
    day, last = (moment(at).astimezone(zone).date() for at in (span.start, span.end - 1))
    while day <= last:
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # the clock on the wall
        start, end = first_instant(midnight, zone), first_instant(midnight + timedelta(days=1), zone)
        shown: dict[int, list[Interval]] = {}
        for quarter in range(start, end, _QUARTER):
            hour = moment(quarter).astimezone(zone).hour
            shown.setdefault(hour, []).append(Interval(quarter, min(end, quarter + _QUARTER)))
        yield from ((day, hour, clipped(merged(shown.get(hour, ())), span)) for hour in range(_HOURS))
        day += timedelta(days=1)


_QUARTER: Final = 15 * 60 * 1_000  # every offset of a zone, and every change of it, is a multiple of this


def _strip(book: Book, grid: Sequence[_Cell]) -> tuple[DayStrip, ...]:
    present = merged(book.present)
    passing, dark = common(merged(book.passing), present), common(merged(book.dark), present)
    rulers = Ruler(present), Ruler(passing), Ruler(dark)
    days: dict[date, list[tuple[float | None, float | None]]] = {}
    for day, _, spans in grid:
        whole, up, lost = (sum(ruler.inside(*span) for span in spans) for ruler in rulers)
        known = up + lost
        cell = (lost / known if known else None, (whole - known) / whole if whole else None)
        days.setdefault(day, []).append(cell)
    return tuple(DayStrip(day, tuple(a for a, _ in row), tuple(b for _, b in row)) for day, row in days.items())


def known_time(book: Book) -> int:
    """Milliseconds of the month of which the state is known."""
    return measure(book.passing) + measure(book.dark)
