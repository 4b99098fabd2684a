"""Planned work that is announced, changed and taken back: what it excuses."""

from datetime import UTC, datetime, timedelta

from model.alerting import MaintenanceWindow
from model.intervals import Interval, instant
from model.maintenance import excused
from monitor.announced import Announced

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def window(start: float, end: float, reason: str = "", name: str = "work") -> MaintenanceWindow:
    """A single window."""
    return MaintenanceWindow.model_validate({
        "id": name,
        "sites": ["office"],
        "from": at(start).isoformat(),
        "to": at(end).isoformat(),
        "reason": reason,
    })


def minutes(announced: Announced) -> list[tuple[float, float]]:
    """What is excused of six hours, in minutes after noon."""
    spans = excused(announced.all(), UTC, Interval(instant(at(0)), instant(at(360))))
    return [((start - instant(NOON)) / 60_000, (end - instant(NOON)) / 60_000) for start, end in spans]


def test_a_window_excuses_from_when_it_was_announced() -> None:
    """Announced before it opens, the whole of it; announced in its midst, nothing."""
    before, late = Announced(), Announced()
    before.hold([window(60, 90)], at(59))
    late.hold([window(60, 90)], at(61))
    assert minutes(before) == [(60, 90)]
    assert minutes(late) == []


def test_a_window_that_is_held_on_keeps_its_day() -> None:
    """A reload that finds it again announces nothing anew, whatever the reason now says."""
    announced = Announced()
    announced.hold([window(60, 90, "fibre")], at(0))
    announced.hold([window(60, 90, "fibre is moved")], at(70))
    assert announced.held["work"].at == at(0)
    assert announced.held["work"].window.reason == "fibre is moved"
    assert minutes(announced) == [(60, 90)]


def test_a_window_that_is_over_excuses_after_it_was_tidied_away() -> None:
    """Who removes last week's work from the inventory changes nothing about last week."""
    announced = Announced()
    announced.hold([window(60, 90)], at(0))
    announced.hold([], at(100))
    assert announced.held == {}
    assert minutes(announced) == [(60, 90)]


def test_a_window_that_is_taken_back_excuses_until_then() -> None:
    """In its midst the rest of it counts again; before it opens, all of it does."""
    open_now, to_come = Announced(), Announced()
    for announced, taken_back in ((open_now, 70), (to_come, 50)):
        announced.hold([window(60, 90)], at(0))
        announced.withdraw("work", at(taken_back))
        announced.withdraw("work", at(300))
    assert minutes(open_now) == [(60, 70)]
    assert minutes(to_come) == []


def test_a_window_that_is_made_longer_in_its_midst_excuses_as_it_was() -> None:
    """The time that was added came without notice; the time before was announced."""
    announced = Announced()
    announced.hold([window(60, 90)], at(0))
    announced.hold([window(60, 120)], at(80))
    assert minutes(announced) == [(60, 90)]


def test_a_window_that_is_put_off_excuses_at_its_new_time() -> None:
    """The old time no longer counts, from the change on."""
    announced = Announced()
    announced.hold([window(60, 90)], at(0))
    announced.hold([window(120, 150)], at(30))
    assert minutes(announced) == [(120, 150)]


def test_a_weekly_window_that_is_changed_excuses_each_time_as_it_was_known() -> None:
    """Two Sundays before the change by the old hours, the rest by the new ones."""
    weekly = {"id": "work", "sites": ["office"], "every": "Sun 12:00-13:00"}
    announced = Announced()
    announced.hold([MaintenanceWindow.model_validate(weekly)], at(-1))
    announced.hold([MaintenanceWindow.model_validate(weekly | {"every": "Sun 14:00-15:00"})], at(90))
    assert minutes(announced) == [(0, 60), (120, 180)]
