"""Who is on call: turns by the clock on the wall, whatever it does."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.oncall import Turn, common_zone, next_handover, on_call, whose_turn
from model.alerting import Team
from model.inventory import Inventory

HANOI, BERLIN = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from([
    *("Europe/Berlin", "America/Sao_Paulo", "Asia/Ho_Chi_Minh", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
]).map(ZoneInfo)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1)).map(  # noqa: DTZ001 - made aware below
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
TIMES = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
HANDOVERS = st.builds("{}{}".format, st.sampled_from(["", "Mon ", "Sun ", "Wed "]), TIMES)


def team(**facts: Any) -> Team:
    """A team, of an, binh and chi where nothing else is said."""
    return Team.model_validate({"members": ["an", "binh", "chi"], **facts})


def override(start: str, end: str, member: str) -> dict[str, str]:
    """Somebody stands in."""
    return {"from": start, "to": end, "member": member}


def local(text: str, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    """A time on a clock of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@st.composite
def teams(draw: st.DrawFn, *, with_overrides: bool = True) -> Team:
    """Any team, with overrides that may overlap, about the years that are asked for."""
    facts: dict[str, Any] = {
        "members": draw(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5, unique=True)),
        "rotation": draw(st.sampled_from(["daily", "weekly", "none"] if with_overrides else ["daily", "weekly"])),
        "handover": draw(HANDOVERS),
        "starts": draw(st.none() | st.sampled_from(["2018-11-04", "2026-03-29", "2031-12-31"])),
    }
    starts = draw(st.lists(MOMENTS, max_size=3)) if with_overrides else []
    facts["overrides"] = [
        override(f"{at:%Y-%m-%dT%H:%M}", f"{at + draw(st.integers(1, 9_000)) * HOUR:%Y-%m-%dT%H:%M}", "zoe")
        for at in starts
    ]
    return team(**facts)


def test_the_turn_passes_on_each_week_at_the_hand_over() -> None:
    """The first turn of all began on 1 January 2024; the example of the documentation."""
    ict = team()
    assert on_call(ict, HANOI, local("2024-01-01T07:59", HANOI)) == "chi"
    assert on_call(ict, HANOI, local("2024-01-01T08:00", HANOI)) == "an"
    assert on_call(ict, HANOI, local("2024-01-08T07:59", HANOI)) == "an"
    assert on_call(ict, HANOI, local("2024-01-08T08:00", HANOI)) == "binh"
    assert next_handover(ict, HANOI, local("2024-01-01T08:00", HANOI)) == local("2024-01-08T08:00", HANOI)


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        ({"starts": "2026-11-02"}, "2026-11-02T08:00"),
        ({"starts": "2026-11-03"}, "2026-11-09T08:00"),
        ({"starts": "2026-11-03", "handover": "Fri 17:30"}, "2026-11-06T17:30"),
        ({"starts": "2026-11-03", "handover": "07:00"}, "2026-11-09T07:00"),
        ({"starts": "2026-11-03", "rotation": "daily"}, "2026-11-03T08:00"),
        ({"starts": "2026-11-03", "rotation": "daily", "handover": "00:00"}, "2026-11-03T00:00"),
    ],
)
def test_the_rotation_counts_from_the_first_hand_over_on_or_after_its_start(facts: dict[str, str], first: str) -> None:
    """There the first member begins; before it is reckoned backwards, so that somebody is on call always."""
    at = local(first, HANOI)
    assert on_call(team(**facts), HANOI, at) == "an"
    assert on_call(team(**facts), HANOI, at - timedelta(seconds=1)) == "chi"


def test_without_a_rotation_the_first_is_on_call_always() -> None:
    """And no hand-over lies ahead."""
    ict = team(rotation="none")
    assert on_call(ict, HANOI, local("2026-11-02T08:00", HANOI)) == "an"
    assert next_handover(ict, HANOI, local("2026-11-02T08:00", HANOI)) is None


def test_where_the_clock_is_put_forward_over_a_hand_over_it_is_then() -> None:
    """In Berlin there is no 02:30 on 29 March 2026: the turn passes on at 03:00, the instant of the jump."""
    ict, jump = team(rotation="daily", handover="02:30"), datetime(2026, 3, 29, 1, tzinfo=UTC)
    before, after = on_call(ict, BERLIN, jump - timedelta(milliseconds=1)), on_call(ict, BERLIN, jump)
    assert before != after
    assert next_handover(ict, BERLIN, jump - HOUR) == jump


def test_where_the_clock_is_put_back_the_turn_passes_on_at_the_first_of_two_times() -> None:
    """In Berlin 02:30 is shown twice on 25 October 2026; nobody hands over twice."""
    ict = team(rotation="daily", handover="02:30")
    first, second = (local("2026-10-25T02:30", BERLIN, fold=fold) for fold in (0, 1))
    assert second - first == HOUR
    assert next_handover(ict, BERLIN, first - HOUR) == first
    assert next_handover(ict, BERLIN, first) == local("2026-10-26T02:30", BERLIN)
    assert on_call(ict, BERLIN, first) == on_call(ict, BERLIN, second)


def test_the_last_override_that_holds_counts() -> None:
    """Overlapping ones, local ones and one with a zone; each ends where the next begins."""
    ict = team(
        starts="2026-11-02",
        overrides=[
            override("2026-11-03T00:00", "2026-11-05T00:00", "binh"),
            override("2026-11-04T00:00", "2026-11-04T12:00", "chi"),
            override("2026-11-04T23:00Z", "2026-11-05T23:00Z", "dung"),
        ],
    )
    times = ["02T23:59", "03T00:00", "04T00:00", "04T11:59", "04T12:00", "05T00:00", "05T06:00", "06T05:59", "06T06:00"]
    names = [on_call(ict, HANOI, local(f"2026-11-{at}", HANOI)) for at in times]
    assert names == ["an", "binh", "chi", "chi", "binh", "an", "dung", "dung", "an"]


def test_a_team_may_have_a_zone_of_its_own() -> None:
    """It replaces the ward's, for hand-overs and overrides."""
    abroad = team(timezone="Europe/Berlin", overrides=[override("2026-07-01T00:00", "2026-07-02T00:00", "zoe")])
    midnight = local("2026-07-01T00:00", BERLIN)
    assert on_call(abroad, HANOI, midnight) == "zoe"
    assert on_call(abroad, HANOI, midnight - MINUTE) != "zoe"
    assert next_handover(abroad, HANOI, local("2026-11-03T00:00", BERLIN)) == local("2026-11-09T08:00", BERLIN)


@settings(max_examples=150)
@given(teams(), ZONES, MOMENTS, st.lists(st.floats(0, 1), max_size=4))
def test_between_two_hand_overs_nobody_else_is_on_call(
    ict: Team, zone: ZoneInfo, now: datetime, parts: list[float]
) -> None:
    """Whoever is on call stays so up to the millisecond before the time that was told."""
    end = next_handover(ict, zone, now)
    assert end is None or end > now
    last = (end or now + 400 * DAY) - timedelta(milliseconds=1)
    looked = [now, last, *(now + (last - now) * part for part in parts)]
    assert {on_call(ict, zone, max(at, now)) for at in looked} == {on_call(ict, zone, now)}


@settings(max_examples=60)
@given(teams(with_overrides=False), ZONES, MOMENTS)
def test_everybody_has_as_many_turns_as_the_others(ict: Team, zone: ZoneInfo, now: datetime) -> None:
    """One after the other in the order of the file, through changes of the clock: Apia alone has skipped a day."""
    turns, at, days = [], now, 1 if ict.rotation == "daily" else 7
    for _ in range(4 * len(ict.members)):
        following = next_handover(ict, zone, at)
        assert following is not None
        assert abs(following.astimezone(zone).replace(tzinfo=None) - at.astimezone(zone).replace(tzinfo=None)) <= (
            days * DAY + 24 * HOUR
        )
        at = following
        turns.append(on_call(ict, zone, at))
    if zone.key == "Pacific/Apia" and now < datetime(2012, 1, 1, tzinfo=UTC):
        return
    first = ict.members.index(turns[0])
    assert turns == [ict.members[(first + step) % len(ict.members)] for step in range(len(turns))]
    assert set(Counter(turns).values()) == {4}


@settings(max_examples=60)
@given(teams(), ZONES, MOMENTS, st.integers(0, 50))
def test_whoever_is_on_call_does_not_depend_on_when_the_program_started(
    ict: Team, zone: ZoneInfo, now: datetime, steps: int
) -> None:
    """Going from hand-over to hand-over and asking afresh are one."""
    at, seen = now, on_call(ict, zone, now)
    for _ in range(steps):
        following = next_handover(ict, zone, at)
        if following is None:
            break
        at, seen = following, on_call(ict, zone, following)
    fresh = Team.model_validate(ict.model_dump(by_alias=True))
    assert on_call(fresh, zone, at + timedelta(milliseconds=1)) == seen


FACTS: dict[str, Any] = {
    "people": {"an": {}, "binh": {}},
    "teams": {"ict": {"members": ["an", "binh"], "starts": "2026-11-02"}},
    "alerts": {"receivers": {"duty": {"team": "ict"}, "hook": {"webhook": "http://127.0.0.1/"}, "lost": {"team": "x"}}},
}


def test_a_receiver_that_is_a_team_is_whoever_is_on_call() -> None:
    """By the ward's clock; a receiver without a team, or one that is unknown, is nobody in person."""
    ward = Inventory.model_validate({"ward": {"id": "w", "timezone": "Asia/Ho_Chi_Minh"}, **FACTS})
    now = local("2026-11-09T08:00", HANOI)
    who = whose_turn(ward, now)
    assert who("duty") == Turn("binh", now + 7 * DAY)
    assert [who(name) for name in ("hook", "lost", "nowhere")] == [Turn()] * 3


def test_wards_of_one_zone_share_it() -> None:
    """Of several zones, and without wards, it is UTC."""
    zones = [["Asia/Ho_Chi_Minh"] * 2, ["Asia/Ho_Chi_Minh", "Europe/Berlin"], []]
    cities = [{"wards": [{"id": f"w{n}", "timezone": zone} for n, zone in enumerate(each)]} for each in zones]
    found = [common_zone(Inventory.model_validate(city)).key for city in cities]
    assert found == ["Asia/Ho_Chi_Minh", "UTC", "UTC"]
