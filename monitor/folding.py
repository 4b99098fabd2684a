"""Which days and months of rollups are over, by a ward's clock, and can be folded."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from history.rollup import Span


class Fold(NamedTuple):
    """A day or month to fold.

    Attributes:
        span: Which of the two.
        start: Its begin, aware UTC.
        end: Its end, aware UTC.
    """

    span: Span
    start: datetime
    end: datetime


def folds_due(now: datetime, zone: ZoneInfo) -> Iterator[Fold]:
    """What has just ended: in the hour after midnight a day, and on the first also the month before."""
    local = now.astimezone(zone)
    if local.hour:
        return
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = _midnight(today - timedelta(days=1))
    yield Fold(Span.DAY, yesterday.astimezone(UTC), today.astimezone(UTC))
    if today.day == 1:
        yield Fold(Span.MONTH, _midnight(yesterday.replace(day=1)).astimezone(UTC), today.astimezone(UTC))


def _midnight(local: datetime) -> datetime:
    # Once more without the offset of the day that it was reckoned from: the clock may have been changed in between.
    return local.replace(hour=0, fold=0)
