"""Whether alerts reach somebody: what a check says of teams, receivers and routes."""

from typing import Any

import pytest

from model.alerting import Alerts
from model.finding import Finding
from model.inventory import Inventory
from model.routing import check_routing, kinds_of_alert

HOOK = {"hook": {"webhook": "http://127.0.0.1:9000/"}, "mail": {"urls": ["mailto://x"]}}
SITES = [
    {"id": "office", "links": [{"id": "l1", "provider": "VNPT", "target": "icmp://203.0.113.1"}]},
    {"id": "tdp", "links": [{"id": "l2", "provider": "FPT", "target": "icmp://203.0.113.1"}]},
]


def findings(**facts: Any) -> tuple[Finding, ...]:
    """What is strange about an inventory of these facts."""
    return tuple(check_routing(Inventory.model_validate({"ward": {"id": "w"}, "sites": SITES, **facts})))


def of_routes(*routes: dict[str, Any], **alerts: Any) -> list[str]:
    """What is strange about these routes."""
    return [one.what for one in findings(alerts={"receivers": HOOK, "routes": routes, **alerts})]


def hook(**facts: Any) -> dict[str, Any]:
    """A route."""
    return {"receiver": "hook", **facts}


@pytest.mark.parametrize(
    "routes",
    [
        [hook()],
        [hook(match={"severity": "critical"}), hook()],
        [hook(matchers=['severity="critical"']), hook(matchers=["severity!=critical"])],
        [hook(match={"severity": severity}) for severity in ("critical", "warning", "info")],
        [hook(matchers=["severity=~critical|warning|info"])],
        [hook(matchers=["site=~office|tdp"]), hook(matchers=["site="])],
        [hook(matchers=["site=~.+"]), hook(matchers=["alertname=~MonitorBlind|.*"])],
        [hook(matchers=["provider=~VNPT|FPT"]), hook(matchers=['provider=""'])],
    ],
)
def test_routes_that_take_every_alert_are_not_remarked_on(routes: list[dict[str, Any]]) -> None:
    """By a last one that takes all, or by several that leave nothing out."""
    assert of_routes(*routes) == []


@pytest.mark.parametrize(
    ("routes", "which"),
    [
        ([], "any alert"),
        ([hook(match={"severity": "critical"})], 'severity="warning"'),
        ([hook(matchers=["site=~office|tdp"])], "any alert"),
        ([hook(matchers=["site=office"]), hook(matchers=["site="])], 'site="tdp"'),
        ([hook(matchers=["provider!=FPT"])], 'provider="FPT"'),
        ([hook(matchers=["requirement="])], 'requirement="rtt"'),
        ([hook(match={"ward": "v"})], 'ward="w"'),
    ],
)
def test_an_alert_that_no_route_takes_is_a_warning(routes: list[dict[str, Any]], which: str) -> None:
    """Its labels are named, as far as routes look at them."""
    (what,) = of_routes(*routes)
    assert what.startswith(("no route takes an alert with", "no route takes any"))
    assert which in what


def test_who_wants_no_message_or_lets_alertmanager_route_needs_no_route() -> None:
    """Without receivers, and with `via: prometheus`."""
    assert findings() == ()
    assert of_routes(hook(match={"severity": "critical"}), via="prometheus") == []


def test_a_label_that_no_alert_has_comes_with_the_one_that_was_meant() -> None:
    """In each of the three places of a route."""
    found = findings(
        alerts={"receivers": HOOK, "routes": [hook(match={"sevrity": "x"}, matchers=["sit=a"], group_by=["x"]), hook()]}
    )
    assert [(one.path[3:], one.sought, one.is_warning) for one in found] == [
        (("match", "sevrity"), "sevrity", True),
        (("matchers", 0), "sit", True),
        (("group_by", 0), "x", True),
    ]


def test_a_step_to_somebody_who_is_told_already_is_a_warning() -> None:
    """He would not be told again."""
    steps = [{"after": "5m", "receiver": name} for name in ("mail", "hook", "mail")]
    found = findings(alerts={"receivers": HOOK, "routes": [hook(escalate=steps)]})
    assert [one.path[4] for one in found] == [1, 2]


def test_whoever_can_be_on_call_can_be_told() -> None:
    """Members, and those who stand in, of teams that are told; not of a team that only owns a site."""
    team = {"members": ["an"], "overrides": [{"from": "2026-11-02", "to": "2026-11-03", "member": "binh"}]}
    facts: dict[str, Any] = {
        "people": {"an": {}, "binh": {}, "chi": {"channels": ["mailto://x"]}, "dung": {}},
        "teams": {"ict": team, "other": {"members": ["chi", "dung"]}},
    }
    alerts = {"receivers": {"duty": {"team": "ict"}}, "routes": [{"receiver": "duty"}]}
    assert [one.path for one in findings(**facts, alerts=alerts)] == [("people", "an"), ("people", "binh")]
    assert findings(**facts) == ()


def test_wards_of_several_zones_need_a_team_that_says_its_own() -> None:
    """Otherwise nobody could know which clock hands over."""
    wards = [{"id": "a", "timezone": "Asia/Ho_Chi_Minh"}, {"id": "b"}]
    teams: dict[str, Any] = {"x": {"members": ["an"]}, "y": {"members": ["an"], "timezone": "Asia/Ho_Chi_Minh"}}
    found = findings(ward=None, wards=wards, sites=[], teams=teams)
    assert [(one.path, one.is_warning) for one in found] == [(("teams", "x"), True)]


@pytest.mark.parametrize(
    ("team", "count"),
    [({"handover": "Fri 08:00"}, 1), ({"handover": "08:00"}, 0), ({}, 0)],
)
def test_a_daily_handover_on_one_day_is_a_warning(team: dict[str, Any], count: int) -> None:
    """Only where somebody wrote the day."""
    assert len(findings(teams={"x": {"members": ["an"], "rotation": "daily", **team}})) == count


def test_a_key_that_signs_links_is_long_and_has_links_to_sign() -> None:
    """A short one is an error, one without pages to lead to a warning."""
    short = findings(alerts={"link_key": "a" * 15, "external_url": "https://monitor.example/"})
    assert [(one.path, one.is_warning) for one in short] == [(("alerts", "link_key"), False)]
    alone = findings(alerts={"link_key": "a" * 16})
    assert [(one.path, one.is_warning) for one in alone] == [(("alerts", "link_key"), True)]


def test_each_kind_of_alert_is_looked_at_once() -> None:
    """Two sites that no route tells apart are one kind."""
    inventory = Inventory.model_validate({"ward": {"id": "w"}, "sites": SITES})
    kinds = list(kinds_of_alert(inventory, {"severity"}))
    assert kinds == [{"severity": "critical"}, {"severity": "warning"}, {"severity": "info"}]
    assert list(kinds_of_alert(inventory, ())) == [{}]


def test_the_first_route_that_takes_an_alert_has_it() -> None:
    """In the order of the file, by `match` and `matchers` together."""
    routes = [hook(match={"severity": "critical"}, matchers=["site!=tdp"]), hook(matchers=["site=tdp"]), hook()]
    alerts = Alerts.model_validate({"receivers": HOOK, "routes": routes})
    found = [
        alerts.route_of(labels)
        for labels in ({"severity": "critical"}, {"severity": "critical", "site": "tdp"}, {"severity": "info"})
    ]
    assert [alerts.routes.index(route) for route in found if route] == [0, 1, 2]
    assert Alerts().route_of({}) is None
