"""Maintenance that was done, that overran, and that is to come."""

from typing import Final
from zoneinfo import ZoneInfo

from model.intervals import DAY, Interval, Spans, clipped, common, instant, moment
from model.maintenance import Announcement, covers, excused, open_spans
from reports.reckoning.books import Book, measure
from reports.reckoning.judged import seconds
from reports.reckoning.month import Month
from reports.sections.common import Span
from reports.sections.others import MaintenanceRow

AHEAD: Final = 31 * DAY


def maintenance_rows(month: Month, zone: ZoneInfo, notice: float) -> tuple[MaintenanceRow, ...]:
    """Of each announcement that was open in the month or will be soon, in order of the first opening."""
    rows = (_row(each, month, zone, notice) for each in month.facts.announcements)
    shown = [row for row in rows if row.open or row.to_come]
    return tuple(sorted(shown, key=lambda row: ((*row.open, *row.to_come)[0].start, row.id, row.announced_at)))


def _row(each: Announcement, month: Month, zone: ZoneInfo, notice: float) -> MaintenanceRow:
    span = month.facts.span
    ahead = Interval(span.end, span.end + AHEAD)
    excusing = excused([each], zone, span, notice)
    covered = [book for book in month.books if covers(each.window, ("link", book.id), book.last.site)]
    return MaintenanceRow(
        id=each.window.id,
        reason=each.window.reason,
        sites=each.window.sites,
        links=each.window.links,
        devices=each.window.devices,
        announced_at=moment(instant(each.at)),
        withdrawn_at=None if each.withdrawn_at is None else moment(instant(each.withdrawn_at)),
        open=_spans(_held(each, open_spans(each.window, zone, span))),
        excused=_spans(excusing),
        down_seconds=seconds(sum(measure(common(book.dark, excusing)) for book in covered)),
        overrun_seconds=seconds(sum(_overrun(book, excusing) for book in covered)),
        to_come=_spans(_held(each, open_spans(each.window, zone, ahead))),
    )


def _held(each: Announcement, spans: Spans) -> Spans:
    """The part of a window before it was taken back."""
    if each.withdrawn_at is None or not spans:
        return spans
    return clipped(spans, Interval(spans[0].start, max(spans[0].start, instant(each.withdrawn_at))))


def _overrun(book: Book, excusing: Spans) -> int:
    """Down time of outages that are told of from the end of the window on, because they began in it."""
    ends = {span.end for span in excusing}
    return sum(outage.down for outage in book.reckoned.outages if outage.interval.start in ends)


def _spans(spans: Spans) -> tuple[Span, ...]:
    return tuple(Span(moment(span.start), moment(span.end)) for span in spans)
