"""When the review of a month is due: at an hour of the day after its end, by the clock of the wards."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from model.intervals import moment
from model.inventory import Inventory
from model.periods import Period, Periods


@dataclass(frozen=True, slots=True)
class Due:
    """A review that is to be there.

    Attributes:
        month: Its name, such as ``2026-10``.
        ended: When the month was over everywhere, aware UTC.
        since: When the review was due, aware UTC.
    """

    month: str
    ended: datetime
    since: datetime


def due_review(inventory: Inventory, now: datetime) -> Due:
    """The latest review that is due; of a city, the latest that is due in all its wards.

    Args:
        inventory: Its wards, and what it says under ``reports``.
        now: Aware UTC.
    """
    reports = inventory.reports
    hour = time.fromisoformat(reports.at)
    zones = {ward.timezone for ward in inventory.all_wards()} or {"UTC"}
    clocks = [Periods(ZoneInfo(zone), reports.cut_day) for zone in zones]
    latest = [_latest(periods, hour, now) for periods in clocks]
    month = min(period.name for period in latest)
    found = [(_named(month, periods, period), periods.zone) for periods, period in zip(clocks, latest, strict=True)]
    return Due(
        month,
        max(moment(period.interval.end) for period, _ in found),
        max(_due_at(period, zone, hour) for period, zone in found),
    )


def _latest(periods: Periods, hour: time, now: datetime) -> Period:
    period = periods.before(periods.at(now))
    return period if _due_at(period, periods.zone, hour) <= now else periods.before(period)


def _named(month: str, periods: Periods, period: Period) -> Period:
    """The period of that name, which is this one or lies before it."""
    return period if period.name == month else _named(month, periods, periods.before(period))


def _due_at(period: Period, zone: ZoneInfo, hour: time) -> datetime:
    day = moment(period.interval.end).astimezone(zone).date()
    return datetime.combine(day, hour, zone).astimezone(UTC)
