"""Which channel is meant."""

import pytest

from alerts.receivers.channels import channel_of, channels_of
from model.alerting import Receiver
from model.invalid import InvalidValueError


@pytest.mark.parametrize(
    ("url", "kind", "place"),
    [
        ("zalo://1234:canary/c0ffee1234", "zalo", "chat …1234"),
        ("mailto://mail.example?to=an@example.vn", "mail", "a***@example.vn by mail.example"),
        ("mailtos://u:canary@mail.example?to=an@example.vn,b@c.d", "mail", "a***@example.vn, b***@c.d by mail.example"),
        ("json://h/canary", "apprise", "JSON"),
        ("ZALO://1234:canary/c0ffee1234", "zalo", "chat …1234"),
    ],
)
def test_a_url_of_a_person(url: str, kind: str, place: str) -> None:
    """By its scheme; what we do not speak ourselves, Apprise does."""
    channel = channel_of(url)
    assert (channel.kind, channel.place) == (kind, place)
    assert "canary" not in repr(channel)


@pytest.mark.parametrize("url", ["canary", "http://[canary", "mailto://h/canary", "zalo://canary", "x://canary"])
def test_a_url_that_cannot_be_used(url: str) -> None:
    """Is refused with a mend, without being repeated."""
    with pytest.raises(InvalidValueError, match="write ") as caught:
        channel_of(url)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("receiver", "kinds"),
    [
        ({"webhook": "http://127.0.0.1:9000/alerts"}, ["webhook"]),
        ({"alertmanager": ["http://127.0.0.1:9093", "http://127.0.0.1:9094"]}, ["alertmanager"]),
        ({"urls": ["json://h", "mailto://h?to=a@b.c"]}, ["apprise", "mail"]),
        ({"team": "ict"}, []),
    ],
)
def test_a_receiver(receiver: dict[str, object], kinds: list[str]) -> None:
    """One for a webhook, one for a whole cluster, one for each URL; a team's people have their own."""
    assert [channel.kind for channel in channels_of(Receiver.model_validate(receiver))] == kinds
