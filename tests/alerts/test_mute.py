"""Why nobody is told, until when, and when that may change."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.labels import Places, labels_of
from alerts.mute import Mute, MuteReason, Rules, mute_of
from model.alerting import MaintenanceWindow
from model.incident import About, AlertName, Fault, Severity
from model.inventory import Inventory
from model.matcher import parse_matcher
from model.routing import LABELS, kinds_of_alert
from model.silence import Silence, make_silence
from monitor.rulings import detail_of

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 24, 10, tzinfo=HANOI)  # a Tuesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def link(name: str, provider: str) -> dict[str, Any]:
    """A line."""
    return {"id": name, "provider": provider, "target": "icmp://203.0.113.1"}


FACTS: dict[str, Any] = {
    "ward": {"id": "xuan-dinh", "timezone": "Asia/Ho_Chi_Minh"},
    "sites": [
        {
            "id": "office",
            "service_hours": ["Mon-Fri 07:30-11:30", "Mon-Fri 13:30-17:00"],
            "links": [link("office-vnpt", "VNPT"), link("office-fpt", "FPT")],
            "devices": [{"id": "office-rt1", "address": "10.20.0.1"}],
            "services": [{"id": "portal", "url": "http://127.0.0.1/"}],
        },
        {"id": "tdp", "links": [link("tdp-fpt", "FPT")], "devices": [{"id": "tdp-rt1", "address": "10.20.0.2"}]},
        {"id": "store"},
    ],
}
ABOUTS: tuple[About, ...] = (
    *(("site", "office"), ("site", "tdp"), ("site", "store"), ("link", "office-vnpt"), ("link", "office-fpt")),
    *(("link", "tdp-fpt"), ("device", "office-rt1"), ("device", "tdp-rt1"), ("service", "portal")),
    *(("provider", "FPT"), ("monitor", ""), ("anchor", "icmp://203.0.113.1")),
)


def fault(about: About, severity: Severity = Severity.CRITICAL) -> Fault:
    """Something is wrong."""
    return Fault(AlertName.LINK_DOWN, about, NOW, NOW, severity)


def window(**keys: object) -> MaintenanceWindow:
    """Planned work; ``from_`` and ``to`` or ``every``."""
    return MaintenanceWindow.model_validate({"id": "work", **{key.rstrip("_"): value for key, value in keys.items()}})


def silence(*matchers: str, start: datetime = NOW - HOUR, end: datetime = NOW + HOUR, author: str = "An") -> Silence:
    """Somebody mutes."""
    return make_silence(tuple(map(parse_matcher, matchers)), start, end, author, "known", now=start)


def rules(*mutes: Silence | MaintenanceWindow, alerts: Mapping[str, object] | None = None) -> Rules:
    """The rules of the ward."""
    given = {"routes": [{"receiver": "hook"}], "receivers": {"hook": {"webhook": "http://x/"}}, **(alerts or {})}
    places = Places(Inventory.model_validate({**FACTS, "alerts": given}))
    silences = [one for one in mutes if isinstance(one, Silence)]
    return Rules(places, silences, [one for one in mutes if isinstance(one, MaintenanceWindow)])


def muted(about: About, now: datetime, by: Rules, severity: Severity = Severity.CRITICAL) -> Mute | None:
    """Why nobody is told of a fault of a subject."""
    return mute_of(fault(about, severity), labels_of(fault(about, severity), by.places), now, by)


def said(mute: Mute | None) -> tuple[MuteReason, str, datetime | None]:
    """Why nobody is told, in English, and until when."""
    assert mute is not None
    return mute.reason, detail_of(mute.grounds), mute.until


def covered(*windows: MaintenanceWindow, now: datetime = NOW) -> set[str]:
    """The names of what is muted by work."""
    by = rules(*windows, alerts={"service_hours": "ignore"})
    found = {about[1]: muted(about, now, by) for about in ABOUTS}
    assert all(mute is None or mute.reason is MuteReason.MAINTENANCE for mute in found.values())
    return {name for name, mute in found.items() if mute}


def test_whoever_is_in_service_is_told_of() -> None:
    """Nothing mutes."""
    assert [muted(about, NOW, rules()) for about in ABOUTS] == [None] * len(ABOUTS)


OPEN = {"from_": "2026-11-24T09:00", "to": "2026-11-24T11:00"}


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        ({"sites": ["office"]}, {"office", "office-vnpt", "office-fpt", "office-rt1", "portal"}),
        ({"links": ["office-vnpt"]}, {"office-vnpt"}),
        ({"links": ["office-vnpt", "office-fpt"]}, {"office-vnpt", "office-fpt", "office"}),
        ({"links": ["tdp-fpt"]}, {"tdp-fpt", "tdp"}),
        ({"links": ["tdp-fpt", "office-fpt"]}, {"tdp-fpt", "tdp", "office-fpt"}),
        ({"devices": ["office-rt1"]}, {"office-rt1"}),
        ({"sites": ["store"]}, {"store"}),
        ({}, set()),
    ],
)
def test_planned_work_mutes_what_it_covers(keys: dict[str, list[str]], names: set[str]) -> None:
    """A site with all in it, links and devices alone, a site whose every line is worked on; no provider, no monitor."""
    assert covered(window(**OPEN, **keys)) == names


def test_the_lines_of_a_site_may_be_worked_on_in_several_windows() -> None:
    """Its mute ends with the first of them."""
    first = window(**{**OPEN, "to": "2026-11-24T10:30"}, links=["office-vnpt"])
    second = window(**OPEN, links=["office-fpt"])
    mute = muted(("site", "office"), NOW, rules(first, second))
    assert mute is not None
    assert mute.until == NOW + HOUR / 2
    assert covered(first, second, now=NOW + HOUR / 2) == {"office-fpt"}


def test_planned_work_says_which_until_when_and_why() -> None:
    """Of several the one that lasts longest, in local time."""
    windows = [
        window(**OPEN, sites=["office"]),
        window(id="fibre", from_="2026-11-24T09:00", to="2026-12-24T11:00", sites=["office"], reason="Di dời cáp"),
    ]
    mute = muted(("link", "office-vnpt"), NOW, rules(*windows))
    detail = "maintenance window `fibre` until 2026-12-24 11:00 Asia/Ho_Chi_Minh: Di dời cáp"
    assert said(mute) == (MuteReason.MAINTENANCE, detail, NOW + 30 * DAY + HOUR)


@pytest.mark.parametrize(
    ("at", "until"),
    [(NOW - HOUR - MINUTE, None), (NOW - HOUR, NOW + HOUR), (NOW + HOUR - MINUTE, NOW + HOUR), (NOW + HOUR, None)],
)
@pytest.mark.parametrize("keys", [OPEN, {"every": "Tue 09:00-11:00"}])
def test_a_window_mutes_while_it_is_open(keys: dict[str, str], at: datetime, until: datetime | None) -> None:
    """Once and weekly, from its start until before its end."""
    mute = muted(("link", "tdp-fpt"), at, rules(window(**keys, sites=["tdp"])))
    assert (mute.until if mute else None) == until


def test_a_window_that_is_open_always_has_no_end() -> None:
    """Every hour of every day."""
    by = rules(window(every="00:00-24:00", sites=["tdp"]))
    assert said(muted(("link", "tdp-fpt"), NOW, by)) == (MuteReason.MAINTENANCE, "maintenance window `work`", None)


def test_a_silence_says_whose_it_is_until_when_and_why() -> None:
    """Of several that mute, the one that lasts longest."""
    longer = silence("site=office", end=NOW + 2 * HOUR, author="Binh")
    by = rules(silence("site=office"), longer, silence("site=tdp", end=NOW + 9 * HOUR))
    detail = f"silence `{longer.id}` of Binh until 2026-11-24 12:00 Asia/Ho_Chi_Minh: known"
    assert said(muted(("link", "office-vnpt"), NOW, by)) == (MuteReason.SILENCE, detail, NOW + 2 * HOUR)


def test_a_silence_goes_by_labels_whatever_they_are_of() -> None:
    """Also of a provider and of a blind monitor."""
    by = rules(silence("alertname=LinkDown", "severity=critical"))
    assert all(muted(about, NOW, by) for about in ABOUTS)
    assert not any(muted(about, NOW, by, Severity.INFO) for about in ABOUTS)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (NOW.replace(hour=7, minute=29), NOW.replace(hour=7, minute=30)),
        (NOW.replace(hour=7, minute=30), None),
        (NOW.replace(hour=11, minute=29), None),
        (NOW.replace(hour=11, minute=30), NOW.replace(hour=13, minute=30)),
        (NOW.replace(hour=17), NOW.replace(hour=7, minute=30) + DAY),
        (NOW.replace(day=27, hour=17), NOW.replace(day=30, hour=7, minute=30)),
    ],
)
def test_outside_its_service_hours_nobody_is_told_of_a_site_until_they_begin(
    at: datetime, opens: datetime | None
) -> None:
    """Of all that is in it, over noon, night and the week's end; of whatever has no hours people are told."""
    found = {about: muted(about, at, rules()) for about in ABOUTS}
    assert {about for about, mute in found.items() if mute} == (
        {about for about in ABOUTS if about[1].startswith(("office", "portal"))} if opens else set()
    )
    mutes = [said(mute) for mute in found.values() if mute]
    assert {(reason, until) for reason, _, until in mutes} <= {(MuteReason.SERVICE_HOURS, opens)}
    assert all("site office until 2026-11-" in detail for _, detail, _ in mutes)


def test_service_hours_can_be_ignored() -> None:
    """By configuration."""
    night = NOW.replace(hour=3)
    assert muted(("link", "office-vnpt"), night, rules(alerts={"service_hours": "ignore"})) is None


def test_an_alert_that_no_route_takes_is_told_to_nobody() -> None:
    """For no time that could be named."""
    by = rules(alerts={"routes": [{"receiver": "hook", "match": {"severity": "critical"}}]})
    mute = muted(("link", "tdp-fpt"), NOW, by, Severity.WARNING)
    assert mute is not None
    assert (mute.reason, mute.until) == (MuteReason.NO_ROUTE, None)
    assert muted(("link", "tdp-fpt"), NOW, by) is None


def test_of_several_mutes_the_first_is_named() -> None:
    """Through Prometheus, planned work, silence, service hours, no route: in the order of their enumeration."""
    night, alerts = NOW.replace(hour=3), dict[str, object](routes=[])
    held: list[Silence | MaintenanceWindow] = [
        window(every="00:00-24:00", sites=["office"]),
        silence("site=office", start=night - HOUR),
    ]
    about: About = ("link", "office-vnpt")
    found = [
        muted(about, night, rules(*held, alerts={**alerts, "via": "prometheus"})),
        muted(about, night, rules(*held, alerts=alerts)),
        muted(about, night, rules(held[1], alerts=alerts)),
        muted(about, night, rules(alerts=alerts)),
        muted(about, NOW, rules(alerts=alerts)),
    ]
    assert [mute.reason for mute in found if mute] == list(MuteReason)


WINDOWS = st.sampled_from([
    window(id="a", sites=["office"], every="Tue 09:00-11:00"),
    window(id="b", links=["tdp-fpt"], every="02:00-05:00"),
    window(id="c", devices=["tdp-rt1"], every="00:00-24:00"),
    window(id="d", sites=["tdp"], from_="2026-11-23T22:00", to="2026-11-24T02:00"),
    window(id="e", links=["office-fpt"], from_="2026-11-25T22:00Z", to="2026-12-24T02:00Z"),
])
SILENCES = st.builds(
    lambda matcher, start, length: silence(matcher, start=NOW + start * HOUR, end=NOW + (start + length) * HOUR),
    st.sampled_from(["site=office", "link=tdp-fpt", "severity=critical", "alertname=MonitorBlind"]),
    st.integers(-48, 48),
    st.integers(1, 24),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(WINDOWS, max_size=3, unique_by=lambda one: one.id), st.lists(SILENCES, max_size=3), st.integers(0, 36))
def test_no_answer_changes_before_the_time_that_was_told(
    windows: list[MaintenanceWindow], silences: list[Silence], hours: int
) -> None:
    """Looking every half an hour over twelve hours, and at both sides of each change, of all subjects."""
    by = rules(*windows, *silences)
    at, end = NOW + hours * HOUR, NOW + hours * HOUR + DAY / 2
    while at < end:
        following = by.next_change(at)
        assert following is not None, "the office opens again"
        assert following > at
        last = min(following, end) - timedelta(milliseconds=1)
        looked = [*(at + step * HOUR / 2 for step in range(int((last - at) / (HOUR / 2)) + 1)), last]
        for about in ABOUTS:
            assert len({muted(about, each, by) for each in looked}) == 1
        at = following


@settings(max_examples=60, deadline=None)
@given(st.lists(WINDOWS, max_size=3, unique_by=lambda one: one.id), st.lists(SILENCES, max_size=3), st.integers(0, 96))
def test_a_mute_holds_until_the_time_that_it_names(
    windows: list[MaintenanceWindow], silences: list[Silence], halves: int
) -> None:
    """One of the same reason, or one that goes before it, up to the millisecond before."""
    by, at, order = rules(*windows, *silences), NOW + halves * HOUR / 2, list(MuteReason)
    for about in ABOUTS:
        mute = muted(about, at, by)
        if mute and mute.until:
            last = muted(about, mute.until - timedelta(milliseconds=1), by)
            assert last is not None
            assert order.index(last.reason) <= order.index(mute.reason)


def test_where_nothing_recurs_nothing_changes() -> None:
    """No hours, no window, a silence of yesterday."""
    by = rules(silence("site=office"), alerts={"service_hours": "ignore"})
    assert by.next_change(NOW) == NOW + HOUR
    assert by.next_change(NOW + HOUR) is None


def test_sites_of_two_wards_go_by_their_own_clocks() -> None:
    """One window, two zones; what belongs to no ward goes by UTC."""
    facts = {
        "wards": [{"id": "a", "timezone": "Asia/Ho_Chi_Minh"}, {"id": "b", "timezone": "Europe/Berlin"}],
        "sites": [{"id": "x", "ward": "a"}, {"id": "y", "ward": "b"}, {"id": "z"}],
        "alerts": {"routes": [{"receiver": "hook"}]},
    }
    work = window(sites=["x", "y", "z"], from_="2026-11-24T09:00", to="2026-11-24T10:00")
    by, at = Rules(Places(Inventory.model_validate(facts)), (), (work,)), datetime(2026, 11, 24, 0, tzinfo=UTC)
    open_at = {
        name: [hour for hour in range(24) if muted(("site", name), at + hour * HOUR, by)] for name in ("x", "y", "z")
    }
    assert open_at == {"x": [2], "y": [8], "z": [9]}
    assert by.next_change(at + 3 * HOUR) == at + 8 * HOUR


def test_the_check_of_routes_knows_the_labels_of_every_fault() -> None:
    """What `linkward check` looks at agrees with what alerts bear."""
    inventory = Inventory.model_validate(FACTS)
    places = Places(inventory)
    told_apart = set(LABELS) - {"severity", "alertname", "requirement", "anchor"}
    kinds = {frozenset(kind.items()) for kind in kinds_of_alert(inventory, told_apart)}
    for about in ABOUTS:
        labels = labels_of(fault(about), places)
        assert set(labels) <= set(LABELS)
        if about[0] != "anchor":
            assert frozenset((label, value) for label, value in labels.items() if label in told_apart) in kinds
    assert {noun for noun in get_args(get_args(About)[0]) if noun != "monitor"} <= set(LABELS)
