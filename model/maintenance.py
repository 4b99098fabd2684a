"""Planned work: whom a window covers, when it is open, and when it excuses an outage."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import chain
from typing import Final

from model.alerting import MaintenanceWindow
from model.calendar import first_instant, last_instant, parse_weekly, weekly_spans
from model.intervals import DAY, SECOND, Interval, Spans, clipped, instant, merged
from model.measurement import SubjectKey

_LONGEST: Final = 2 * DAY  # no recurring window lasts longer, so that one that has begun before a range is seen whole


@dataclass(frozen=True, slots=True)
class Announcement:
    """A window and since when everybody could know of it.

    Attributes:
        window: As the inventory states it.
        at: When it was announced, aware.
        withdrawn_at: When it was taken back, aware; what is open then ends, what comes after it is not.
    """

    window: MaintenanceWindow
    at: datetime
    withdrawn_at: datetime | None = None


def covers(window: MaintenanceWindow, subject: SubjectKey, site: str) -> bool:
    """Whether work in the window is work on a subject of a site: on the site with all in it, or on it alone."""
    noun, name = subject
    alone = {"device": window.devices, "link": window.links}.get(noun, ())
    return site in window.sites or name in alone


def open_spans(window: MaintenanceWindow, zone: tzinfo, within: Interval) -> Spans:
    """When the window is open inside an interval, announced or not.

    Args:
        window: Its times without a zone, and its weekly hours, are read from a clock of ``zone``. Where the clock is
            put back, a single window lasts from the first time that its start is shown to the last time of its end.
        zone: The ward's.
        within: UTC.
    """
    return clipped(_occurrences(window, zone, within), within)


def excused(announcements: Iterable[Announcement], zone: tzinfo, within: Interval, notice: float = 0.0) -> Spans:
    """The part of an interval that announced work excuses; what lasts longer than its window does not belong to it.

    Args:
        announcements: Of windows that cover the subject; they may overlap.
        zone: The ward's.
        within: UTC.
        notice: Seconds that a window must have been announced before it opens. One that was announced later, or
            when it was open already, excuses nothing; of a recurring one that is so for that one time.
    """
    spans = chain.from_iterable(_excused(announcement, zone, within, notice) for announcement in announcements)
    return clipped(merged(spans), within)


def _excused(announcement: Announcement, zone: tzinfo, within: Interval, notice: float) -> Spans:
    known = instant(announcement.at) + round(notice * SECOND)
    withdrawn = within.end if announcement.withdrawn_at is None else instant(announcement.withdrawn_at)
    spans = _occurrences(announcement.window, zone, within)
    return tuple(Interval(span.start, min(span.end, withdrawn)) for span in spans if known <= span.start)


def _occurrences(window: MaintenanceWindow, zone: tzinfo, within: Interval) -> Spans:
    """Every time the window is open that may touch the interval, with its true start."""
    if window.start and window.end:
        return merged([Interval(_edge(window.start, zone, first_instant), _edge(window.end, zone, last_instant))])
    return weekly_spans(parse_weekly(window.every or ""), zone, Interval(within.start - _LONGEST, within.end))


def _edge(at: datetime, zone: tzinfo, shown: Callable[[datetime, tzinfo], int]) -> int:
    return instant(at) if at.tzinfo else shown(at, zone)
