"""Instants as text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.iso_time import to_text, to_time

INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds are naive


@given(INSTANTS, INSTANTS)
def test_an_instant_comes_back_and_sorts_as_text(one: datetime, other: datetime) -> None:
    """To the microsecond, whole seconds too."""
    assert to_time(to_text(one)) == one
    assert (to_text(one) < to_text(other)) == (one < other)


def test_any_zone_is_written_and_read_as_utc() -> None:
    """Hanoi is seven hours ahead."""
    hanoi = datetime(2026, 11, 1, 7, 30, tzinfo=timezone(timedelta(hours=7)))
    assert to_text(hanoi) == "2026-11-01T00:30:00.000000+00:00"
    assert to_time("2026-11-01T07:30:00+07:00").isoformat() == "2026-11-01T00:30:00+00:00"


def test_a_time_without_a_zone_is_refused() -> None:
    """It would be taken for the local time of whatever machine reads it."""
    with pytest.raises(ValueError, match="2026-11-01T07:30:00 has no time zone"):
        to_text(datetime(2026, 11, 1, 7, 30))  # noqa: DTZ001  # the mistake under test
    with pytest.raises(ValueError, match="2026-11-01T07:30:00 has no time zone"):
        to_time("2026-11-01T07:30")
