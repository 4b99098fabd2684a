"""Days and months end by the ward's clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from history.rollup import Span
from monitor.folding import Fold, folds_due

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def utc(*parts: int) -> datetime:
    """An aware UTC time."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year, month, day and so on


def test_nothing_ends_in_the_course_of_a_day() -> None:
    """At ten in the morning no day is over."""
    assert list(folds_due(utc(2026, 11, 24, 3, 0), HANOI)) == []


def test_a_day_ends_at_local_midnight() -> None:
    """In Hanoi that is 17:00 UTC."""
    assert list(folds_due(utc(2026, 11, 24, 17, 1), HANOI)) == [
        Fold(Span.DAY, utc(2026, 11, 23, 17), utc(2026, 11, 24, 17))
    ]


def test_a_month_ends_with_its_last_day() -> None:
    """On the first the day and the month before are over."""
    assert list(folds_due(utc(2026, 11, 30, 17, 1), HANOI)) == [
        Fold(Span.DAY, utc(2026, 11, 29, 17), utc(2026, 11, 30, 17)),
        Fold(Span.MONTH, utc(2026, 10, 31, 17), utc(2026, 11, 30, 17)),
    ]


def test_a_day_is_as_long_as_its_clock_makes_it() -> None:
    """The Sunday on which Berlin puts its clock back has 25 hours."""
    (day,) = folds_due(utc(2026, 10, 25, 23, 30), ZoneInfo("Europe/Berlin"))
    assert (day.end - day.start).total_seconds() == 25 * 3600
