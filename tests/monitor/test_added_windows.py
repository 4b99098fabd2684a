"""Maintenance windows that were added while the monitor ran."""

from datetime import UTC, datetime, timedelta

from history.facts import AuditEntry
from model.alerting import MaintenanceWindow
from monitor.added_windows import ADDED, added, added_windows, ended, together

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)


def window(name: str, **more: object) -> MaintenanceWindow:
    """On Sundays at one site."""
    return MaintenanceWindow.model_validate({"id": name, "sites": ["office"], "every": "Sun 02:00-03:00", **more})


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def test_windows_come_back_as_they_were_added() -> None:
    """Single and recurring ones, with and without a zone."""
    once = window("once", every=None, **{"from": "2026-11-24T10:00", "to": "2026-11-24T11:00"})
    zoned = window("zoned", every=None, **{"from": "2026-11-24T10:00+07:00", "to": "2026-11-24T11:00+07:00"})
    given = [window("sundays"), once, zoned]
    audit = [added(each, "lan", at(number)) for number, each in enumerate(given)]
    assert added_windows(reversed(audit)) == tuple(given)


def test_what_was_ended_is_gone_and_may_be_added_anew() -> None:
    """What happened last counts, in whatever order it is read."""
    again = window("sundays", reason="again")
    audit = [
        added(window("sundays"), "lan", at(0)),
        ended("sundays", "an", at(1)),
        added(again, "an", at(2)),
        ended("other", "an", at(3)),
        AuditEntry(at(4), "an", "acknowledge", {"id": "sundays"}),
    ]
    assert added_windows(audit[:2]) == ()
    assert added_windows(reversed(audit)) == (again,)


def test_what_a_newer_program_wrote_is_left_out() -> None:
    """And hides no other."""
    odd = AuditEntry(at(0), "lan", ADDED, {"window": '{"id": "odd", "moon": "full"}'})
    empty = AuditEntry(at(1), "lan", ADDED, {})
    assert added_windows([odd, empty, added(window("sundays"), "lan", at(2))]) == (window("sundays"),)


def test_the_inventory_takes_the_place_of_what_was_added_with_its_id() -> None:
    """What a person has written down for good counts."""
    own, same, other = window("a", reason="own"), window("a"), window("b")
    assert together([own], [same, other]) == (own, other)
