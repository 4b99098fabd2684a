"""What a webhook gets, and what becomes of it."""

import json
from datetime import UTC, datetime

import pytest

from alerts.notice import Kind
from alerts.receivers.delivery import Outcome
from alerts.receivers.fingerprint import fingerprint
from alerts.receivers.webhook import Webhook, payload_of
from tests.peers.hook import Call, hook, saying
from tests.peers.notices import OTHER, a_notice
from tests.peers.processes import free_port

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
CANARY = "canary-hook-7f3a"

GOLDEN = """{
  "version": "4",
  "groupKey": "{}:{alertname=\\"LinkDown\\"}",
  "truncatedAlerts": 0,
  "status": "firing",
  "receiver": "duty",
  "groupLabels": {
    "alertname": "LinkDown"
  },
  "commonLabels": {
    "alertname": "LinkDown",
    "severity": "critical"
  },
  "commonAnnotations": {},
  "externalURL": "https://ward.example",
  "alerts": [
    {
      "status": "firing",
      "labels": {
        "alertname": "LinkDown",
        "severity": "critical",
        "site": "office",
        "link": "office-vnpt"
      },
      "annotations": {
        "summary": "Trụ sở mất kết nối",
        "incident_url": "https://ward.example/incidents/office-vnpt-1a2b3c"
      },
      "startsAt": "2026-11-24T07:00:00Z",
      "endsAt": "0001-01-01T00:00:00Z",
      "generatorURL": "https://ward.example/incidents/office-vnpt-1a2b3c",
      "fingerprint": "5898a15f187bab7e"
    },
    {
      "status": "resolved",
      "labels": {
        "alertname": "LinkDown",
        "severity": "critical",
        "site": "clinic",
        "link": "clinic-vnpt"
      },
      "annotations": {
        "summary": "Trạm y tế mất kết nối"
      },
      "startsAt": "2026-11-24T07:00:00Z",
      "endsAt": "2026-11-24T07:12:00Z",
      "generatorURL": "https://ward.example/incidents/office-vnpt-1a2b3c",
      "fingerprint": "8d22f788b6a1568e"
    }
  ],
  "notificationKey": "office-vnpt-1a2b3c/duty/1",
  "kind": "opened"
}"""


def test_the_whole_document() -> None:
    """Field by field and in order what Alertmanager writes, and two fields of ours."""
    document = payload_of(a_notice())
    assert json.dumps(document, ensure_ascii=False, indent=2) == GOLDEN


def test_resolved_when_all_is_over() -> None:
    """The document is resolved if every alert is."""
    document = payload_of(a_notice(alerts=(OTHER,), kind=Kind.RESOLVED))
    assert (document["status"], document["kind"]) == ("resolved", "resolved")
    assert document["commonLabels"] == dict(OTHER.labels)
    assert document["commonAnnotations"] == dict(OTHER.annotations)


def test_no_alert_and_no_page_are_no_trouble() -> None:
    """What is not known is empty."""
    document = payload_of(a_notice(alerts=(), incident_url=""))
    assert (document["commonLabels"], document["alerts"], document["externalURL"]) == ({}, [], "")


def test_a_page_below_a_path_keeps_it() -> None:
    """The base of the pages may be deeper than the host."""
    document = payload_of(a_notice(incident_url="https://ward.example/net/incidents/x"))
    assert document["externalURL"] == "https://ward.example/net"


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({}, "cbf29ce484222325"),
        ({"alertname": "LinkDown", "severity": "critical"}, "1e88dc5593a7ad4a"),
        ({"site": "Xuân Đỉnh"}, "08e33d01b0b6938d"),
    ],
)
def test_fingerprints_are_those_of_prometheus(labels: dict[str, str], expected: str) -> None:
    """The order of the labels does not matter; the figures are those that Alertmanager gives."""
    assert fingerprint(labels) == expected
    assert fingerprint(dict(reversed(labels.items()))) == expected


def test_the_key_is_in_a_header() -> None:
    """As it is, where a header can hold it; else quoted."""
    with hook(saying(200)) as server:
        Webhook(server.url).send(a_notice(), 5)
        Webhook(server.url).send(a_notice(key="tổ\r\nX: y"), 5)
    assert [call.headers["Idempotency-Key"] for call in server.calls] == [
        "office-vnpt-1a2b3c/duty/1",
        "t%E1%BB%95%0D%0AX:%20y",
    ]
    assert [call.json["notificationKey"] for call in server.calls] == ["office-vnpt-1a2b3c/duty/1", "tổ\r\nX: y"]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((200, Outcome.DELIVERED), (204, Outcome.DELIVERED), (299, Outcome.DELIVERED)),
        *((301, Outcome.REFUSED), (302, Outcome.REFUSED), (307, Outcome.REFUSED), (308, Outcome.REFUSED)),
        *((400, Outcome.REFUSED), (401, Outcome.REFUSED), (404, Outcome.REFUSED), (410, Outcome.REFUSED)),
        *((408, Outcome.RETRY), (429, Outcome.RETRY), (500, Outcome.RETRY), (503, Outcome.RETRY), (599, Outcome.RETRY)),
    ],
)
def test_what_a_status_means(status: int, outcome: Outcome) -> None:
    """Taken, to be tried again, or refused for good; the detail names the status."""
    with hook(saying(status)) as server:
        delivery = Webhook(server.url).send(a_notice(), 5)
    assert delivery.outcome is outcome
    assert str(status) in delivery.detail


def test_a_redirect_is_not_followed() -> None:
    """The other place is never asked, and the detail says what to do."""
    with hook(saying(200)) as other, hook(saying(307, b"", f"Location: {other.url}/{CANARY}")) as server:
        delivery = Webhook(server.url).send(a_notice(), 5)
    assert other.calls == []
    assert "redirects, which is not followed" in delivery.detail
    assert CANARY not in delivery.detail


@pytest.mark.parametrize(
    ("said", "seconds"), [("17", 17.0), ("Tue, 24 Nov 2026 07:00:30 GMT", 30.0), ("some day", None)]
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_that_is_asked_for_is_passed_on(said: str, seconds: float | None, status: int) -> None:
    """Seconds or a date."""
    with hook(saying(status, b"", f"Retry-After: {said}")) as server:
        delivery = Webhook(server.url, now=lambda: NOW).send(a_notice(), 5)
    assert delivery.retry_after == seconds


def test_no_answer_is_tried_again() -> None:
    """Silence, and nobody there."""
    with hook(Call.hold) as server:
        assert Webhook(server.url).send(a_notice(), 0.2).outcome is Outcome.RETRY
    assert Webhook(f"http://127.0.0.1:{free_port()}/").send(a_notice(), 5).outcome is Outcome.RETRY


def test_no_secret_comes_out_however_the_server_repeats_it() -> None:
    """Path, query, name, password and the header made of them are taken out of what it says."""

    def repeat(call: Call) -> None:
        call.answer(400, f"no {call.path} for {call.headers['Authorization']}\nclerk {CANARY}-password".encode())

    with hook(repeat) as server:
        base = server.url.replace("//", f"//clerk:{CANARY}-password@")
        channel = Webhook(f"{base}/hook/{CANARY}/x?key={CANARY}-key")
        delivery = channel.send(a_notice(), 5)
    assert delivery.detail.startswith("HTTP 400: no ")
    told = f"{delivery} {channel!r} {channel.place} {channel.kind}"
    assert CANARY not in told
    assert server.calls[0].headers["Authorization"].removeprefix("Basic ") not in told
    assert "\n" not in delivery.detail


def test_channels_of_one_url_are_equal() -> None:
    """What was configured alike is one channel over a reload."""
    first, same, other = Webhook("http://h/a"), Webhook("http://h/a"), Webhook("http://h/b")
    assert (first, hash(first)) == (same, hash(same))
    assert first != other
