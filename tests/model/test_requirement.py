"""Requirements that change at a day."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from model.inventory import Inventory, Link
from model.requirement import Requirement, resolved

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")


def requirement(**keys: Any) -> Requirement:
    """A requirement as the file spells it."""
    return Requirement.model_validate(keys)


OFFICE = requirement(
    loss="1%",
    rtt_p95="50ms",
    changes=[{"from": "2026-11-01", "loss": "0.5%"}, {"from": "2027-01-01", "rtt_p95": "30ms", "loss": None}],
)


@pytest.mark.parametrize(
    ("day", "loss", "rtt"),
    [
        (date(2020, 1, 1), 0.01, 0.05),
        (date(2026, 10, 31), 0.01, 0.05),
        (date(2026, 11, 1), 0.005, 0.05),
        (date(2027, 1, 1), None, 0.03),
        (date(2030, 1, 1), None, 0.03),
    ],
)
def test_a_change_holds_from_its_day_on(day: date, loss: float | None, rtt: float) -> None:
    """Until its day what was before; afterwards what it leaves out stays, and null ends a threshold."""
    version = OFFICE.on(day)
    assert (version.loss, version.rtt_p95, version.changes) == (loss, rtt, ())


def test_a_requirement_without_changes_is_its_own_version() -> None:
    """No copy is made of what does not change."""
    plain = requirement(loss="1%")
    assert plain.on(date(2026, 11, 1)) is plain


def test_a_day_begins_at_local_midnight() -> None:
    """In Hanoi 17:00 UTC is the next day."""
    before = datetime(2026, 10, 31, 16, 59, 59, tzinfo=UTC).astimezone(HANOI)
    assert OFFICE.at(before).loss == 0.01
    assert OFFICE.at(before + timedelta(seconds=1)).loss == 0.005


def test_the_requirement_of_a_subject_is_that_of_the_moment() -> None:
    """By name, by its own thresholds, and all versions where no moment is asked for."""
    inventory = Inventory(requirements={"office": OFFICE})
    named = Link.model_validate({"id": "l", "target": "icmp://192.0.2.1", "requirement": "office"})
    own = {"extends": "office", "rtt_p95": "20ms"}
    upon = Link.model_validate({"id": "l", "target": "icmp://192.0.2.1", "requirement": own})
    later = datetime(2027, 6, 1, tzinfo=HANOI)
    assert inventory.requirement_of(named) is OFFICE
    (found, other) = (inventory.requirement_of(link, later) for link in (named, upon))
    assert found is not None
    assert other is not None
    assert (found.rtt_p95, other.rtt_p95, other.loss) == (0.03, 0.02, None)
    assert inventory.requirement_of(Link.model_validate({"id": "l", "target": "icmp://192.0.2.1"}), later) is None


def test_what_a_requirement_states_itself_is_no_longer_changed_from_below() -> None:
    """Changes of what it extends still hold for the thresholds that it leaves out."""
    table = resolved({"office": OFFICE, "own": requirement(extends="office", loss="2%")}, {})
    assert [table["own"].on(date(year, 6, 1)).loss for year in (2026, 2027)] == [0.02, 0.02]
    assert [table["own"].on(date(year, 6, 1)).rtt_p95 for year in (2026, 2027)] == [0.05, 0.03]


def test_a_change_of_its_own_takes_a_threshold_over_from_its_day_on() -> None:
    """Until then the changes of what it extends hold; on the same day its own wins, and both merge."""
    own = requirement(
        extends="office",
        changes=[{"from": "2026-12-01", "loss": "3%"}, {"from": "2027-01-01", "loss": "4%", "upload": "1Mbit/s"}],
    )
    merged = OFFICE.overlaid(own)
    days = [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert [merged.on(day).loss for day in days] == [0.01, 0.005, 0.03, 0.04]
    assert merged.on(days[-1]).rtt_p95 == 0.03
    assert [change.start for change in merged.changes] == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


@pytest.mark.parametrize("days", [["2026-11-01", "2026-11-01"], ["2026-11-01", "2026-10-01"]])
def test_changes_stand_in_the_order_of_their_days(days: list[str]) -> None:
    """Twice the same day, or backwards, is hardly meant."""
    with pytest.raises(ValidationError, match="not in order"):
        requirement(changes=[{"from": day, "loss": "1%"} for day in days])


@pytest.mark.parametrize("day", ["2026-13-01", "soon", 20261101.5])
def test_a_day_is_a_day(day: object) -> None:
    """Anything else is refused."""
    with pytest.raises(ValidationError):
        requirement(changes=[{"from": day, "loss": "1%"}])


def test_a_change_at_the_edge_of_a_span_cuts_nothing_off_it() -> None:
    """No period is empty: at the start the new version holds at once, at the end it does not yet."""
    change, month = datetime(2026, 11, 1, tzinfo=HANOI), timedelta(days=30)
    assert [version.loss for _, _, version in OFFICE.periods(change, change + month)] == [0.005]
    assert [version.loss for _, _, version in OFFICE.periods(change - month, change)] == [0.01]


@given(
    st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=5, unique=True),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001  # hypothesis adds no zone
    st.integers(1, 10**8),
    st.sampled_from([HANOI, BERLIN]),
)
def test_periods_cover_a_span_without_gap_or_overlap(
    days: list[date], naive: datetime, seconds: int, zone: ZoneInfo
) -> None:
    """Whatever the zone and the days, and each period has the version of all its instants."""
    changing = requirement(changes=[{"from": d, "loss": f"{n}%"} for n, d in enumerate(sorted(days), 1)])
    start = naive.replace(tzinfo=zone)
    end = (start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(zone)
    periods = list(changing.periods(start, end))
    assert (periods[0][0], periods[-1][1]) == (start, end)
    assert all(until == begin for (_, until, _), (begin, _, _) in pairwise(periods))
    total = sum((until.astimezone(UTC) - begin.astimezone(UTC)).total_seconds() for begin, until, _ in periods)
    assert total == pytest.approx(seconds)
    for begin, until, version in periods:
        just_before = (until.astimezone(UTC) - timedelta(microseconds=1)).astimezone(zone)
        assert changing.at(begin) == changing.at(just_before) == version
