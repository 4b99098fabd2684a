"""When Alertmanager is told again, and of what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.receivers.resend import Resend
from tests.peers.notices import DOWN, OTHER

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def test_once_a_minute() -> None:
    """At once, then a minute later; nothing between, however often it is asked."""
    resend = Resend()
    assert resend.due([DOWN], [], NOW) == (DOWN,)
    assert resend.due([DOWN], [], NOW + 59 * SECOND) == ()
    assert resend.due([DOWN], [], NOW + 60 * SECOND) == (DOWN,)
    assert resend.due([DOWN], [], NOW + 61 * SECOND) == ()


def test_a_clock_that_was_set_back_stops_nothing() -> None:
    """An hour back does not mean an hour of silence, in which Alertmanager would call all of it resolved."""
    resend = Resend()
    assert resend.due([DOWN], [], NOW)
    assert resend.due([DOWN], [], NOW - 60 * MINUTE) == (DOWN,)


def test_what_is_over_is_told_of_for_a_quarter_of_an_hour() -> None:
    """To the minute, and no longer."""
    ended = replace(OTHER, ends_at=NOW)
    assert Resend().due([], [ended], NOW + 15 * MINUTE) == (ended,)
    assert Resend().due([], [ended], NOW + 15 * MINUTE + SECOND) == ()


def test_what_fires_again_is_not_called_resolved() -> None:
    """Of one set of labels there is one entry: the one that fires, else the one that ended last."""
    before, after = (replace(DOWN, ends_at=NOW - minutes * MINUTE) for minutes in (5, 1))
    assert Resend().due([DOWN], [before], NOW) == (DOWN,)
    assert Resend().due([], [after, before], NOW) == (after,)


def test_what_still_fires_is_not_taken_for_over() -> None:
    """An entry without an end among those that are over is left out."""
    assert Resend().due([], [DOWN], NOW) == ()
