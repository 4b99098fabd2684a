"""Zalo's Bot API, against a double that answers as its pages say."""

import pytest

from alerts.notice import Words
from alerts.receivers.delivery import Outcome
from alerts.receivers.zalo import Zalo
from model.invalid import InvalidValueError
from tests.peers.hook import Call, hook, saying
from tests.peers.notices import WORDS, a_notice
from tests.peers.processes import free_port
from tests.peers.zalo import CHAT, TOKEN, zalo


def channel(api: str, token: str = TOKEN) -> Zalo:
    """The bot, at the double."""
    return Zalo(f"zalo://{token}/{CHAT}?api={api}")


def test_a_message_arrives() -> None:
    """The chat gets the text, in Vietnamese, and the receipt is Zalo's id of it."""
    with zalo() as server:
        delivery = channel(server.url).send(a_notice(), 5)
    assert server.calls[0].json == {"chat_id": CHAT, "text": WORDS.text}
    assert (delivery.outcome, delivery.receipt) == (Outcome.DELIVERED, "82599fa32f56d00e8941")


def test_a_long_message_is_cut() -> None:
    """At the end of a line, within 2,000 characters, with an ellipsis."""
    words = Words("T", "\n".join(["T", *(["dòng thứ mấy cũng được"] * 200)]), "")
    with zalo() as server:
        assert channel(server.url).send(a_notice(words=words), 5).outcome is Outcome.DELIVERED
    text = server.calls[0].json["text"]
    assert 1900 < len(text) <= 2000
    assert text.endswith("được…")


def test_what_has_no_text_has_its_title() -> None:
    """An empty message would be refused."""
    with zalo() as server:
        assert channel(server.url).send(a_notice(words=Words("Title", "", "")), 5).outcome is Outcome.DELIVERED
    assert server.calls[0].json["text"] == "Title"


@pytest.mark.parametrize("status", [200, 401])
def test_a_token_that_is_not_valid_any_more(status: int) -> None:
    """Is refused for good, whether HTTP says so or only the body."""
    with zalo(status=status) as server:
        delivery = channel(server.url, "0987:canary-old-token-7f3a").send(a_notice(), 5)
    assert delivery.outcome is Outcome.REFUSED
    assert "the token is not valid any more" in delivery.detail


@pytest.mark.parametrize("status", [200, 429])
def test_too_many_messages_wait_a_minute(status: int) -> None:
    """Where Zalo does not say how long."""
    with zalo("limited", status) as server:
        delivery = channel(server.url).send(a_notice(), 5)
    assert (delivery.outcome, delivery.retry_after) == (Outcome.RETRY, 60.0)


def test_a_pause_that_zalo_asks_for_is_passed_on() -> None:
    """Retry-After counts more than our minute."""
    with hook(saying(429, b"", "Retry-After: 7")) as server:
        assert channel(server.url).send(a_notice(), 5).retry_after == 7


@pytest.mark.parametrize("status", [200, 400])
def test_what_is_wrong_is_refused(status: int) -> None:
    """An unknown chat stays unknown; the detail is Zalo's."""
    with zalo("refusing", status) as server:
        delivery = channel(server.url).send(a_notice(), 5)
    assert (delivery.outcome, delivery.detail) == (Outcome.REFUSED, "400: chat not found")


def test_silence_is_tried_again() -> None:
    """Within the deadline."""
    with zalo("hanging") as server:
        delivery = channel(server.url).send(a_notice(), 0.2)
    assert delivery.outcome is Outcome.RETRY
    assert channel(f"http://127.0.0.1:{free_port()}").send(a_notice(), 5).outcome is Outcome.RETRY


@pytest.mark.parametrize("status", [500, 503])
def test_trouble_at_zalo_is_tried_again(status: int) -> None:
    """5xx passes, whatever the body is."""
    with zalo("broken", status) as server:
        assert channel(server.url).send(a_notice(), 5).outcome is Outcome.RETRY


@pytest.mark.parametrize("body", [b"<html>hotel</html>", b"[]", b"{}", b'{"ok": 1}', b'{"ok": false}', b"\xff"])
def test_a_page_that_is_not_zalos_is_no_delivery(body: bytes) -> None:
    """A captive portal says 200 to everything."""
    with hook(saying(200, body)) as server:
        delivery = channel(server.url).send(a_notice(), 5)
    assert (delivery.outcome, delivery.detail) == (Outcome.RETRY, "HTTP 200, but it is not Zalo's answer")


def test_the_token_comes_out_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """Not in details, though the server repeats the path; not in place, repr or log; of the chat only its end."""
    caplog.set_level("DEBUG")
    secret = TOKEN.rpartition(":")[2]

    def repeat(call: Call) -> None:
        call.answer(404, b'{"ok": false, "error_code": 404, "description": "no %s"}' % call.path.encode())

    told = []
    with hook(repeat) as server, zalo("hanging") as silent:
        for api in (server.url, silent.url, f"http://127.0.0.1:{free_port()}", "http://nowhere.invalid"):
            bot = channel(api)
            told += [str(bot.send(a_notice(), 0.5)), repr(bot), bot.place]
    assert "no /bot***/sendMessage" in told[0]
    assert secret not in "".join([*told, caplog.text])
    assert CHAT not in "".join(told)


@pytest.mark.parametrize(
    "url",
    [
        *("zalo://", "zalo://canary-7f3a", "zalo://canary-7f3a/", "zalo:///chat", "zalo://canary-7f3a/a/b"),
        *("zalo://canary-7f3a/a?form=sms", "zalo://canary-7f3a/a?api=ftp://h", "zalo://canary-7f3a/a#b"),
    ],
)
def test_what_is_no_bot_is_refused_at_once(url: str) -> None:
    """With a mend, and without the token."""
    with pytest.raises(InvalidValueError, match="write ") as caught:
        Zalo(url)
    assert "canary" not in str(caught.value)
