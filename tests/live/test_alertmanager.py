"""A real Alertmanager receives, groups and resolves what it is sent; and our webhook says what its webhook says."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.notice import AlertEntry
from alerts.receivers.alertmanager import LIFE, Alertmanager
from alerts.receivers.delivery import Outcome
from alerts.receivers.fingerprint import fingerprint
from alerts.receivers.webhook import payload_of
from tests.peers.alertmanager import PROGRAM, Running, alertmanager
from tests.peers.hook import Hook, hook, saying
from tests.peers.notices import a_notice
from tests.peers.processes import free_port, installed

pytestmark = pytest.mark.live

BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)


@pytest.fixture(scope="module")
def told() -> Iterator[Hook]:
    """What Alertmanager tells."""
    with hook(saying(200)) as server:
        yield server


@pytest.fixture(scope="module")
def peer(told: Hook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An Alertmanager."""
    binary = installed(PROGRAM)
    if binary is None:
        pytest.skip(f"{PROGRAM} is not installed (Debian: {PROGRAM})")
    with alertmanager(binary, tmp_path_factory.mktemp("alertmanager"), f"{told.url}/") as running:
        yield running


def an_entry(site: str, link: str, **more: Any) -> AlertEntry:
    """A link of a site is down."""
    labels = {"alertname": "LinkDown", "severity": "critical", "site": site, "link": link}
    annotations = {"summary": "Mất kết nối", "incident_url": f"http://127.0.0.1:9841/incidents/{link}"}
    return AlertEntry(labels, annotations, BEGAN, **more)


def known(peer: Running, site: str) -> dict[str, dict[str, Any]]:
    """What fires at a site, by link."""
    return {alert["labels"]["link"]: alert for alert in peer.alerts if alert["labels"]["site"] == site}


def notifications(told: Hook, site: str) -> list[Any]:
    """What it has told of a site."""
    return [call.json for call in told.calls if call.json["groupLabels"] == {"site": site}]


def until(condition: Callable[[], object], within: float = 15.0) -> None:
    """Wait for something that takes real time."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"not within {within:.0f} s"
        time.sleep(0.05)


def test_it_receives(peer: Running) -> None:
    """Every alert is there, with our labels, words and times, and by the fingerprint that we give it."""
    sent = an_entry("office", "office-vnpt")
    now = datetime.now(UTC).replace(microsecond=0)
    assert Alertmanager([peer.url], lambda: now).send(a_notice(alerts=(sent,)), 5).outcome is Outcome.DELIVERED
    until(lambda: known(peer, "office"))
    [alert] = known(peer, "office").values()
    assert (alert["labels"], alert["annotations"]) == (sent.labels, sent.annotations)
    assert datetime.fromisoformat(alert["startsAt"]) == BEGAN
    assert datetime.fromisoformat(alert["endsAt"]) == now + LIFE
    assert alert["generatorURL"] == sent.annotations["incident_url"]
    assert alert["fingerprint"] == fingerprint(sent.labels)


def test_it_groups_and_resolves(peer: Running, told: Hook) -> None:
    """Two links of a site are one message; when both are over, one that says so."""
    firing = [an_entry("clinic", "clinic-vnpt"), an_entry("clinic", "clinic-viettel")]
    cluster = Alertmanager([peer.url])
    cluster.post_alerts(firing, 5)
    until(lambda: notifications(told, "clinic"))
    [first] = notifications(told, "clinic")
    assert first["status"] == "firing"
    assert {alert["labels"]["link"] for alert in first["alerts"]} == {"clinic-vnpt", "clinic-viettel"}
    over = [replace(entry, ends_at=datetime.now(UTC)) for entry in firing]
    assert cluster.post_alerts(over, 5).outcome is Outcome.DELIVERED
    until(lambda: len(notifications(told, "clinic")) > 1)
    last = notifications(told, "clinic")[-1]
    assert last["status"] == "resolved"
    assert {alert["status"] for alert in last["alerts"]} == {"resolved"}
    assert known(peer, "clinic") == {}


def test_an_alert_dies_if_we_die(peer: Running, told: Hook) -> None:
    """What is not sent anew is over when its five minutes are."""
    almost_five_minutes_ago = datetime.now(UTC) - LIFE + timedelta(seconds=1)
    Alertmanager([peer.url], lambda: almost_five_minutes_ago).post_alerts([an_entry("school", "school-fpt")], 5)
    until(lambda: known(peer, "school"))
    until(lambda: [said for said in notifications(told, "school") if said["status"] == "resolved"])
    assert known(peer, "school") == {}


def test_one_peer_that_is_there_is_enough(peer: Running) -> None:
    """The others are named."""
    gone = f"127.0.0.1:{free_port()}"
    delivery = Alertmanager([f"http://{gone}", peer.url]).post_alerts([an_entry("post", "post-vnpt")], 5)
    assert delivery.outcome is Outcome.DELIVERED
    assert delivery.detail == f"taken by 1 of 2; not by {gone} (connection refused)"


def test_our_webhook_is_its_webhook(peer: Running, told: Hook) -> None:
    """Of the same alert both say the same, field by field, save where they differ in who they are."""
    entry = an_entry("library", "library-vnpt")
    Alertmanager([peer.url]).post_alerts([entry], 5)
    until(lambda: notifications(told, "library"))
    [theirs] = notifications(told, "library")
    ours = payload_of(a_notice(alerts=(entry,), receiver="hook", group_labels={"site": "library"}))
    assert ours.keys() - theirs.keys() == {"notificationKey", "kind"}
    assert theirs.keys() - ours.keys() == set()
    different = {"groupKey", "externalURL", "notificationKey", "kind"}
    assert {key: ours[key] for key in ours.keys() - different} == {
        key: theirs[key] for key in theirs.keys() - different
    }


def test_what_it_cannot_take_is_refused(peer: Running) -> None:
    """For good, with its own words."""
    delivery = Alertmanager([peer.url]).post_alerts([AlertEntry({}, {}, BEGAN)], 5)
    assert delivery.outcome is Outcome.REFUSED
    assert "at least one label pair required" in delivery.detail
