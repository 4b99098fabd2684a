"""What Alertmanager is told, and what counts as told."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.notice import Kind
from alerts.receivers.alertmanager import Alertmanager
from alerts.receivers.delivery import Outcome
from model.invalid import InvalidValueError
from tests.peers.hook import Call, hook, saying
from tests.peers.notices import DOWN, OTHER, a_notice
from tests.peers.processes import free_port

NOW = datetime(2026, 11, 24, 7, 20, 0, 500_000, tzinfo=UTC)
CANARY = "canary-cluster-7f3a"


def now() -> datetime:
    """A clock that stands."""
    return NOW


def test_what_a_peer_is_sent() -> None:
    """What fires ends in five minutes unless it is sent anew; what is over ends when it did."""
    with hook(saying(200)) as peer:
        delivery = Alertmanager([f"{peer.url}/prefix/"], now).send(a_notice(), 5)
    [call] = peer.calls
    assert call.path == "/prefix/api/v2/alerts"
    assert call.json == [
        {
            "labels": dict(DOWN.labels),
            "annotations": dict(DOWN.annotations),
            "startsAt": "2026-11-24T07:00:00Z",
            "endsAt": "2026-11-24T07:25:00.500000Z",
            "generatorURL": "https://ward.example/incidents/office-vnpt-1a2b3c",
        },
        {
            "labels": dict(OTHER.labels),
            "annotations": dict(OTHER.annotations),
            "startsAt": "2026-11-24T07:00:00Z",
            "endsAt": "2026-11-24T07:12:00Z",
            "generatorURL": "https://ward.example/incidents/office-vnpt-1a2b3c",
        },
    ]
    assert (delivery.outcome, delivery.detail) == (Outcome.DELIVERED, "taken by 1 of 1")


def test_all_peers_are_told_at_the_same_time() -> None:
    """Two that are silent cost one deadline together, and the third has it all the same."""
    with hook(Call.hold) as first, hook(Call.hold) as second, hook(saying(200)) as third:
        began = datetime.now(UTC)
        delivery = Alertmanager([first.url, second.url, third.url]).send(a_notice(), 0.8)
    assert datetime.now(UTC) - began < timedelta(seconds=1.5)
    assert delivery.outcome is Outcome.DELIVERED
    assert [len(peer.calls) for peer in (first, second, third)] == [1, 1, 1]
    for silent in (first, second):
        assert f"127.0.0.1:{silent.port} (no answer " in delivery.detail
    assert delivery.detail.startswith("taken by 1 of 3; not by ")


@pytest.mark.parametrize(
    ("statuses", "outcome"),
    [
        *(((200, 400), Outcome.DELIVERED), ((503, 200), Outcome.DELIVERED)),
        *(((400, 503), Outcome.RETRY), ((400, 400), Outcome.REFUSED), ((302, 404), Outcome.REFUSED)),
    ],
)
def test_one_peer_is_enough(statuses: tuple[int, int], outcome: Outcome) -> None:
    """Where none takes it, it is tried again as long as one of them may take it yet."""
    with hook(saying(statuses[0])) as first, hook(saying(statuses[1])) as second:
        assert Alertmanager([first.url, second.url]).send(a_notice(), 5).outcome is outcome


def test_the_shortest_pause_counts() -> None:
    """The peer that is ready first is asked then."""
    with hook(saying(503, b"", "Retry-After: 90")) as first, hook(saying(429, b"", "Retry-After: 20")) as second:
        assert Alertmanager([first.url, second.url]).send(a_notice(), 5).retry_after == 20


def test_nobody_there_is_tried_again() -> None:
    """A cluster that is being restarted is no refusal."""
    delivery = Alertmanager([f"http://127.0.0.1:{free_port()}"]).send(a_notice(), 5)
    assert delivery.outcome is Outcome.RETRY
    assert "connection refused" in delivery.detail


def test_alerts_can_be_sent_without_a_notice() -> None:
    """Each then leads to the page that its annotation names."""
    with hook(saying(200)) as peer:
        delivery = Alertmanager([peer.url], now).post_alerts([DOWN, OTHER], 5)
    assert delivery.outcome is Outcome.DELIVERED
    assert [alert["generatorURL"] for alert in peer.calls[0].json] == [DOWN.annotations["incident_url"], ""]


def test_no_secret_comes_out() -> None:
    """Name and password of a peer are in no detail, place or repr."""
    with hook(lambda call: call.answer(400, f"no {call.headers['Authorization']}".encode())) as peer:
        channel = Alertmanager([peer.url.replace("//", f"//clerk:{CANARY}@")])
        delivery = channel.send(a_notice(kind=Kind.UPDATED), 5)
    told = f"{delivery} {channel!r} {channel.place}"
    assert CANARY not in told
    assert peer.calls[0].headers["Authorization"].removeprefix("Basic ") not in told


@pytest.mark.parametrize("urls", [(), ("ftp://h",), ("http://h", "h:9093")])
def test_a_cluster_needs_peers(urls: tuple[str, ...]) -> None:
    """One at least, and each with a URL that can be posted to."""
    with pytest.raises(InvalidValueError, match=r"http://127\.0\.0\.1:9"):
        Alertmanager(urls)


def test_a_reload_keeps_what_stayed_the_same() -> None:
    """Clusters of the same peers are equal."""
    assert Alertmanager(["http://a", "http://b"]) == Alertmanager(["http://a", "http://b"])
    assert Alertmanager(["http://a", "http://b"]) != Alertmanager(["http://a"])
