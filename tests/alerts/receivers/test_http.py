"""One POST, whatever the server does."""

import ssl
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.receivers.http import Answer, NoAnswerError, check_url, place_of, post_json
from model.invalid import InvalidValueError
from tests.peers.hook import Call, hook, saying
from tests.peers.http_certificates import Certified
from tests.peers.processes import free_port

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
CANARY = "canary-path-7f3a"
SHORT = 0.3


def headers_for_ever(call: Call) -> None:
    """A line of headers that never ends, byte by byte."""
    call.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    call.trickle()


def nothing_but_a_status(call: Call) -> None:
    """A status at once, and a body that never ends."""
    call.write(b"HTTP/1.1 202 Accepted\r\n\r\nfirst ")
    call.trickle()


def hold(call: Call) -> None:
    """Nothing at all."""
    call.hold()


def test_json_arrives_with_our_name() -> None:
    """The body is JSON in ASCII, and the server learns who asks."""
    with hook(saying(200, b"thanks")) as server:
        answer = post_json(f"{server.url}/alerts?a=1", {"ward": "Xuân Đỉnh"}, 5, {"X-Own": "yes"})
    [call] = server.calls
    assert (answer.status, answer.body) == (200, b"thanks")
    assert call.path == "/alerts?a=1"
    assert call.json == {"ward": "Xuân Đỉnh"}
    assert call.body.isascii()
    assert call.headers["Content-Type"] == "application/json"
    assert call.headers["User-Agent"].startswith("Linkward/")
    assert call.headers["X-Own"] == "yes"


def test_a_name_and_password_of_the_url_are_sent() -> None:
    """They go by basic authentication, not in the path."""
    with hook(saying(200)) as server:
        post_json(server.url.replace("//", "//clerk:secret@"), {}, 5)
    assert server.calls[0].headers["Authorization"] == "Basic Y2xlcms6c2VjcmV0"


def test_a_proxy_of_the_environment_is_used_under_the_same_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with every program that goes by requests; one that dawdles holds nobody either."""
    with hook(saying(200)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert post_json("http://ward.example/alerts", {}, 5).status == 200
    assert proxy.calls[0].path == "http://ward.example/alerts"
    with hook(headers_for_ever) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        with pytest.raises(NoAnswerError, match="no answer within"):
            post_json("http://ward.example/alerts", {}, SHORT)


@pytest.mark.parametrize("conduct", [hold, headers_for_ever])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_dawdles_holds_nobody(
    conduct: object, scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence and headers byte by byte end at the deadline, in TLS too."""
    tls = trusted(tmp_path, monkeypatch) if scheme == "https" else None
    began = time.monotonic()
    with hook(conduct, tls) as server:  # type: ignore[arg-type]  # a parameter of pytest has no type
        with pytest.raises(NoAnswerError, match=r"no answer within 0\.3 s|no answer in time"):
            post_json(f"{server.url}/{CANARY}", {}, SHORT)
        assert time.monotonic() - began < SHORT + 1
    assert server.calls


def test_a_body_that_never_ends_does_not_undo_the_status() -> None:
    """The status counts; of the body there is what came in time, and the deadline holds."""
    began = time.monotonic()
    with hook(nothing_but_a_status) as server:
        answer = post_json(server.url, {}, SHORT)
    assert answer.status == 202
    assert time.monotonic() - began < SHORT + 1


def test_a_long_body_is_read_in_part() -> None:
    """A thousand bytes are enough to know why."""
    with hook(saying(500, b"x" * 1_000_000)) as server:
        assert len(post_json(server.url, {}, 5).body) == 1000


def test_a_certificate_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    """The request is not sent, and the reason is told."""
    unknown = Certified.root().leaf("127.0.0.1").context(tmp_path)
    reason = "its certificate is not valid"
    with hook(saying(200), unknown) as server, pytest.raises(NoAnswerError, match=reason):
        post_json(server.url, {}, 5)
    assert server.calls == []


def test_a_certificate_for_another_host_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trusted authority alone is not enough."""
    other, reason = trusted(tmp_path, monkeypatch, "other.example"), "its certificate is not valid"
    with hook(saying(200), other) as server, pytest.raises(NoAnswerError, match=reason):
        post_json(server.url, {}, 5)


def test_a_good_certificate_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over TLS it is as over plain TCP."""
    with hook(saying(200), trusted(tmp_path, monkeypatch)) as server:
        assert post_json(server.url, {}, 5).status == 200


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:{port}/{canary}", "connection refused"),
        ("http://nowhere.invalid/{canary}", "its name cannot be resolved|no answer within"),
    ],
)
def test_why_there_is_no_answer(url: str, reason: str) -> None:
    """In a few words, without the URL, and nothing behind it that holds the URL."""
    with pytest.raises(NoAnswerError, match=reason) as caught:
        post_json(url.format(port=free_port(), canary=CANARY), {}, 5)
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_what_is_no_http_is_no_answer() -> None:
    """A peer that closes at once, or that speaks another language, is told of as such."""
    with hook(lambda _: None) as server, pytest.raises(NoAnswerError, match="without an answer"):
        post_json(f"{server.url}/{CANARY}", {}, 5)
    with hook(lambda call: call.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")) as server:
        assert post_json(server.url, {}, 5).status == 200
    with hook(saying(200)) as server, pytest.raises(NoAnswerError, match="TLS failed"):
        post_json(server.url.replace("http:", "https:"), {}, 5)
    with hook(lambda call: call.write(b"220 mail.example\r\n")) as server, pytest.raises(NoAnswerError):
        post_json(f"{server.url}/{CANARY}", {}, 5)


def test_the_path_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Not even at debug level, by any library."""
    caplog.set_level("DEBUG")
    with hook(saying(200)) as server:
        post_json(f"{server.url}/{CANARY}", {}, 5)
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(
            ("120", 120.0),
            ("0", 0.0),
            ("999999", 3600.0),
            ("-5", None),
            ("soon", None),
            ("", None),
            ("\uff11\uff12", None),
        ),
        *(("Tue, 24 Nov 2026 07:02:00 GMT", 120.0), ("Tue, 24 Nov 2026 06:00:00 GMT", 0.0)),
        *(("Tue, 24 Nov 2026 07:02:00 -0000", 120.0), ("Tue, 99 Nov 2026 07:02:00 GMT", None)),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    """An hour at most; what cannot be read asks for nothing."""
    assert Answer(429, {"Retry-After": text}).pause(NOW) == seconds


@pytest.mark.parametrize(
    "url", ["", "ftp://host/", "http://", "http:///x", "//host/", "http://[::1", "http://h:99999/", "http://*.x/", "x"]
)
def test_what_cannot_be_posted_to_is_refused_at_once(url: str) -> None:
    """With a mend, and without the URL."""
    with pytest.raises(InvalidValueError, match="write http:// or https://") as caught:
        check_url(url)
    assert caught.value.what == "this is no URL that can be posted to"


def test_a_place_holds_no_secret() -> None:
    """Host and port are left of a URL."""
    assert place_of("https://clerk:secret@host.example:8443/hook/token?key=k") == "host.example:8443"


def trusted(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str = "127.0.0.1") -> ssl.SSLContext:
    """A server's context whose authority this process trusts."""
    root = Certified.root()
    (folder / "ca.pem").write_bytes(root.pem)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder / "ca.pem"))
    return root.leaf(name).context(folder)
