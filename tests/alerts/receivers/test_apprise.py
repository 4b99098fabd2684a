"""Everything else, by Apprise, against a web server that gets what its JSON service sends."""

import threading

import pytest

from alerts.notice import Kind
from alerts.receivers.apprise import Apprise
from alerts.receivers.delivery import Outcome
from model.invalid import InvalidValueError
from tests.peers.hook import Call, hook, saying
from tests.peers.notices import OTHER, WORDS, a_notice
from tests.peers.processes import free_port

CANARY = "canary-apprise-7f3a"


def test_people_get_title_and_text() -> None:
    """In two parts, the title once, and with how grave it is."""
    with hook(saying(200)) as server:
        channel = Apprise(f"json://127.0.0.1:{server.port}/hook?:form=x")
        delivery = channel.send(a_notice(), 5)
        channel.send(a_notice(alerts=(OTHER,), kind=Kind.RESOLVED), 5)
    first, second = (call.json for call in server.calls)
    assert first["title"] == WORDS.title
    assert first["message"] == WORDS.text.partition("\n")[2]
    assert (first["type"], second["type"]) == ("failure", "success")
    assert delivery.outcome is Outcome.DELIVERED


@pytest.mark.parametrize("query", ["form=sms", "method=post&form=sms", "form=sms&method=post"])
def test_a_telephone_gets_the_short_text(query: str) -> None:
    """Alone, and the gateway does not see our parameter."""
    with hook(saying(200)) as server:
        assert Apprise(f"json://127.0.0.1:{server.port}/sms?{query}").send(a_notice(), 5).outcome is Outcome.DELIVERED
    assert server.calls[0].json["message"] == WORDS.sms
    assert server.calls[0].json["title"] == ""
    assert "form" not in server.calls[0].path


@pytest.mark.parametrize("status", [400, 500])
def test_a_no_is_tried_again(status: int) -> None:
    """Apprise does not say why, so it may pass."""
    with hook(saying(status)) as server:
        assert Apprise(f"json://127.0.0.1:{server.port}/").send(a_notice(), 5).outcome is Outcome.RETRY


def test_nobody_there_is_tried_again() -> None:
    """As with every other channel."""
    assert Apprise(f"json://127.0.0.1:{free_port()}/").send(a_notice(), 5).outcome is Outcome.RETRY


def test_a_service_that_hangs_holds_nobody_and_few_threads() -> None:
    """The deadline holds; after three attempts that hang no more is begun, and once they end it goes on."""
    leave, begun = threading.Event(), []

    def hang(call: Call) -> None:
        begun.append(call)
        leave.wait(10)
        call.answer(200)

    with hook(hang) as server:
        channel = Apprise(f"json://127.0.0.1:{server.port}/")
        deliveries = [channel.send(a_notice(), 0.1) for _ in range(4)]
        assert [delivery.outcome for delivery in deliveries] == [Outcome.RETRY] * 4
        assert "earlier attempts still wait" in deliveries[3].detail
        assert len(begun) == 3
        leave.set()
        for thread in threading.enumerate():
            if thread.name == "receiver":
                thread.join(5)
        assert channel.send(a_notice(), 5).outcome is Outcome.DELIVERED


def test_an_error_inside_apprise_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its text, which may hold the URL, is not told."""
    channel = Apprise("json://127.0.0.1:1/")

    def fail(**_: object) -> bool:
        raise ValueError(CANARY)

    monkeypatch.setattr(channel._plugin, "notify", fail)
    delivery = channel.send(a_notice(), 5)
    assert (delivery.outcome, delivery.detail) == (Outcome.RETRY, "Apprise failed (ValueError)")


def test_an_error_inside_apprise_is_no_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that cannot read its URL may fail in any way."""

    def fail(*_: object, **__: object) -> None:
        raise KeyError(CANARY)

    monkeypatch.setattr("alerts.receivers.apprise.Library.instantiate", fail)
    with pytest.raises(InvalidValueError, match="Apprise cannot use this URL") as caught:
        Apprise("json://127.0.0.1:1/")
    assert caught.value.__cause__ is None


def test_no_secret_comes_out(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """Not in the log at debug level, nor in detail, place and repr."""
    caplog.set_level("DEBUG")
    with hook(lambda call: call.answer(400, call.path.encode())) as server:
        channel = Apprise(f"json://clerk:{CANARY}@127.0.0.1:{server.port}/{CANARY}?+X-Key={CANARY}")
        delivery = channel.send(a_notice(), 5)
    assert server.calls[0].headers["X-Key"] == CANARY
    captured = capfd.readouterr()
    told = f"{delivery} {channel!r} {channel.place} {caplog.text} {captured.out} {captured.err}"
    assert CANARY not in told
    assert channel.place == "JSON"


@pytest.mark.parametrize(
    "url", ["", "nonsense://canary", "tgram://canary", "https://h.example/canary", "json://[canary"]
)
def test_what_apprise_does_not_know_is_refused_at_once(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """With a mend, and without the URL, in the log too."""
    caplog.set_level("DEBUG")
    with pytest.raises(InvalidValueError, match="Apprise cannot use this URL: write") as caught:
        Apprise(url)
    assert "canary" not in f"{caught.value} {caplog.text}"
    assert caught.value.__cause__ is None


def test_channels_of_one_url_are_equal() -> None:
    """And those for a telephone are others."""
    assert Apprise("json://h/a") == Apprise("json://h/a")
    assert Apprise("json://h/a") != Apprise("json://h/a?form=sms")
