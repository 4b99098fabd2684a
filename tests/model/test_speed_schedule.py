"""When tests are due, what stands in their way, and what a month of them may cost."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from model.calendar import parse_weekly, weekly_spans
from model.intervals import Interval, instant, moment
from model.inventory import Link, Site
from model.speed_schedule import (
    Conditions,
    Occasion,
    Skip,
    due_on,
    month_of,
    most_octets,
    need_of,
    shared,
    why_not,
)
from model.state import State

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = date(2026, 11, 24)
PEER = {"url": "http://10.20.0.9:8862", "key": "shared"}
TEST: dict[str, Any] = PEER | {"windows": ["02:00-05:00", "12:00-13:00"], "per_day": 4}
GOOD = Conditions(State.UP, calm_for=3_600.0, used=(1e6, 1e6))


def link(**facts: Any) -> Link:
    """A link of 300 Mbit/s down and 100 up."""
    contracted = {"download": "300Mbit/s", "upload": "100Mbit/s"}
    return Link.model_validate(
        {"id": "l", "target": "icmp://192.0.2.1", "contracted": contracted, "speed_test": TEST} | facts
    )


def test_a_day_has_its_tests_inside_the_windows_one_in_each_part() -> None:
    """As many as wanted, in order, none in the part of another, at the same times whenever one asks."""
    found = due_on(link(), DAY, HANOI)
    assert len(found) == 4
    assert found == due_on(link(), DAY, HANOI)
    hours = [part for text in TEST["windows"] for part in parse_weekly(str(text))]
    open_hours = weekly_spans(hours, HANOI, Interval(found[0].at - 86_400_000, found[-1].until + 86_400_000))
    for due in found:
        assert any(span.start <= due.at < span.end for span in open_hours)
        assert due.at < due.until
    for before, after in pairwise(found):
        assert before.until <= after.at


def test_days_and_links_have_times_of_their_own() -> None:
    """Nobody can learn when a line is tested, and forty lines are not tested at once."""
    times = {due_on(link(id=f"l{number}"), DAY, HANOI)[0].at for number in range(40)}
    times |= {due_on(link(), DAY + timedelta(days=number), HANOI)[0].at % 86_400_000 for number in range(30)}
    assert len(times) == 70


@pytest.mark.parametrize(
    "wanted", [None, TEST | {"windows": []}, TEST | {"per_day": 0}, TEST | {"windows": ["02:00-02:00"]}]
)
def test_without_windows_or_number_none_is_due(wanted: dict[str, Any] | None) -> None:
    """They are run on demand alone; a window of no length cannot be written."""
    if wanted and wanted["windows"] == ["02:00-02:00"]:
        with pytest.raises(ValueError, match="no length"):
            link(speed_test=wanted)
        return
    assert due_on(link(speed_test=wanted), DAY, HANOI) == []


CASES: list[tuple[Skip | None, dict[str, Any], dict[str, Any], Skip | None]] = [
    (None, {}, {}, None),
    (Skip.OFF, {"speed_test": None}, {}, Skip.OFF),
    (Skip.METERED, {"metered": True}, {}, None),
    (Skip.METERED, {"metered": True}, {"demanded": 2}, Skip.METERED),
    (Skip.MONITOR, {}, {"is_blind": True}, Skip.MONITOR),
    (Skip.MAINTENANCE, {}, {"is_in_maintenance": True}, Skip.MAINTENANCE),
    (Skip.STATE, {}, {"state": State.DOWN}, Skip.STATE),
    (Skip.STATE, {}, {"state": State.UNKNOWN}, Skip.STATE),
    (None, {}, {"state": State.DEGRADED}, None),
    (Skip.BUDGET, {}, {"octets_left": 99}, Skip.BUDGET),
    (None, {}, {"octets_left": 100}, None),
    (Skip.NO_TURN, {}, {"has_turn": False}, Skip.NO_TURN),
    (Skip.INCIDENT, {}, {"calm_for": 599.0}, None),
    (None, {}, {"calm_for": None}, None),
    (Skip.PROVED, {}, {"proved": True}, None),
    (Skip.BUSY, {}, {"used": (91e6, 0.0)}, None),
    (Skip.BUSY, {}, {"used": (0.0, 31e6)}, None),
    (None, {}, {"used": (89e6, 29e6)}, None),
    (Skip.BUSY, {}, {"used": (31e6, 0.0), "is_in_hours": True}, None),
    (Skip.TRAFFIC_UNKNOWN, {}, {"used": (None, None), "is_in_hours": True}, None),
    (None, {}, {"used": (None, None)}, None),
]


@pytest.mark.parametrize(("planned", "facts", "changes", "demanded"), CASES)
def test_each_reason_stands_in_the_way_of_whom_it_must(
    planned: Skip | None, facts: dict[str, Any], changes: dict[str, Any], demanded: Skip | None
) -> None:
    """Of planned tests all do; of those that a person asks for, what would hurt or say nothing."""
    now = Conditions(**{name: getattr(GOOD, name) for name in GOOD.__slots__} | changes)
    assert why_not(link(**facts), now, Occasion.PLANNED, 100) is planned
    assert why_not(link(**facts), now, Occasion.DEMANDED, 100) is demanded


def test_what_may_be_moved_is_half_more_than_was_sold() -> None:
    """Ten seconds of 450 and of 150 Mbit/s; what is reserved has room for headers and what is sent again."""
    assert [most_octets(link(), way, 10) for way in (0, 1)] == [562_500_000, 187_500_000]
    assert need_of(link(), 10) >= 1.09 * 750_000_000


def test_lines_that_share_something_are_not_tested_at_once() -> None:
    """The ward's uplink, the provider, the parent, the peer; another ward's other provider shares nothing."""
    site = Site.model_validate({"id": "s"})
    first = shared(site, link(provider="VNPT", depends_on=["core"]), "w1")
    assert first & shared(site, link(provider="FPT"), "w1")
    other = Site.model_validate({"id": "t"})
    elsewhere = {"speed_test": TEST | {"url": "http://10.30.0.9:8862"}}
    assert not first & shared(other, link(provider="VNPT", **elsewhere), "w2")
    assert first & shared(other, link(depends_on=["core"], **elsewhere), "w2") == {"parent core"}


def test_a_month_is_the_wards() -> None:
    """In Hanoi November ends seven hours before it does in Greenwich."""
    month = month_of(datetime(2026, 11, 30, 16, 59, tzinfo=UTC), HANOI)
    assert moment(month.end) == datetime(2026, 11, 30, 17, tzinfo=UTC)
    assert month_of(datetime(2026, 11, 30, 17, tzinfo=UTC), HANOI).start == month.end
    assert instant(datetime(2026, 11, 24, tzinfo=UTC)) in range(month.start, month.end)
