"""Whatever a peer does, the test ends with a name for it, and without a figure that was not measured."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from model.speed_finding import conclude
from model.speed_run import Ending, SpeedRun, Way
from monitor.speed import sent
from monitor.speed.asking import Answer
from monitor.speed.order import Order
from monitor.speed.peer import SpeedPeer
from monitor.speed.peer_limits import Limits
from monitor.speed.transfer import Transfer
from tests.peers import bad_speed_peer as bad

KEY = "a key of the tests"


def run(url: str, way: Way = "receive", is_ended: Callable[[], bool] = lambda: False, **options: float) -> SpeedRun:
    """One test in this process."""
    seconds = options.pop("seconds", 1.6)
    rate = options.pop("rate", None)
    key = "" if options.pop("keyless", 0) else KEY
    order = Order(url, way, 10**11, key, streams=2, more=0, seconds=seconds, rate=rate)
    return Transfer(order, is_ended, lambda _: None).run()


@contextlib.contextmanager
def good_peer(key: str = KEY, limits: Limits | None = None) -> Iterator[str]:
    """One that does as it should."""
    peer = SpeedPeer(key.encode(), limits or Limits(octets_per_hour=10**12))
    peer.start("127.0.0.1", 0)
    yield f"http://127.0.0.1:{peer.port}"
    peer.close()


MISDEEDS: dict[bad.Misdeed, Ending] = {
    bad.stalls: Ending.STALLED,
    bad.resets: Ending.RESET,
    bad.ends_early: Ending.WRONG_LENGTH,
    bad.promises_more: Ending.WRONG_LENGTH,
    bad.promises_nothing: Ending.WRONG_LENGTH,
    bad.compresses: Ending.COMPRESSED,
    bad.redirects: Ending.REDIRECTED,
    bad.refuses: Ending.REFUSED,
}


def ended_by(misdeed: bad.Misdeed) -> SpeedRun:
    """What a test with such a peer comes to."""
    way: Way = "send" if misdeed is bad.takes_and_lies else "receive"
    with bad.bad_peer(misdeed) as url:
        if misdeed is bad.hurries:
            return run(url, way, seconds=6, rate=5e6)
        return run(url, way, seconds=6 if misdeed is bad.stalls else 1.6)


def test_each_misdeed_of_a_peer_has_a_name_and_gives_no_figure() -> None:
    """It stalls, resets, lies about length, compresses, redirects, refuses, hurries, lies about what it took."""
    expected = {**MISDEEDS, bad.hurries: Ending.TOO_FAST, bad.takes_and_lies: Ending.WRONG_LENGTH}
    with ThreadPoolExecutor(len(expected)) as threads:
        found = dict(zip(expected, threads.map(ended_by, expected), strict=True))
    assert {one.__name__: run.ending for one, run in found.items()} == {
        one.__name__: ending for one, ending in expected.items()
    }
    for one in found.values():
        finding = conclude(one, "download")
        assert (finding.bits_per_second, finding.goodput) == (None, None)
        assert finding.ending is one.ending


@pytest.mark.parametrize("way", ["receive", "send"])
def test_a_good_peer_gives_a_figure(way: Way) -> None:
    """Both ways; of what was sent the peer says how much came, and it is the same; of what came, how much it sent."""
    with good_peer() as url:
        found = run(url, way)
    assert (found.ending, found.detail) == (Ending.DONE, "")
    assert found.octets > 10**7
    if way == "send":
        assert found.confirmed == found.octets
    assert found.sent_octets is not None
    assert found.retransmitted is not None
    assert found.sent_octets >= found.octets
    assert len(found.base_rtts) >= 5
    finding = conclude(found, "download")
    assert finding.bits_per_second is not None
    assert finding.is_lower_bound  # nobody read a counter
    assert finding.efficiency is not None
    assert 0.9 < finding.efficiency <= 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b'{"problem": "there are /hello, /download and /upload"}'),  # as a peer of before says
        (200, b'{"sent": 999, "retransmitted": 0}'),
        (200, b'{"sent": 2000, "retransmitted": 2001}'),
        (200, b'{"sent": "2000", "retransmitted": 0}'),
        (200, b"{}"),
        (200, b"<html>"),
    ],
)
def test_what_a_peer_cannot_have_sent_is_not_known(monkeypatch: pytest.MonkeyPatch, status: int, body: bytes) -> None:
    """Less than came, more again than at all, or no answer: then there is no efficiency."""
    monkeypatch.setattr(sent, "ask", lambda *_: Answer(status, body))
    assert sent.sent(Order("http://127.0.0.1:1", "receive", 1, KEY), "ab", 1_000) is None


def test_a_wrong_key_is_told_as_such() -> None:
    """By both ways of asking."""
    with good_peer("another key of somebody") as url:
        assert [run(url, way).ending for way in ("receive", "send")] == [Ending.WRONG_KEY] * 2


def test_who_is_no_peer_is_told_from_one_that_is_not_there() -> None:
    """A web server of somebody else; a port that is closed."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        closed = f"http://127.0.0.1:{door.getsockname()[1]}"
    assert run(closed).ending is Ending.UNREACHABLE
    assert run(closed, keyless=1).ending is Ending.UNREACHABLE
    with web_server() as url:
        assert run(url).ending is Ending.NOT_A_PEER


def test_a_stop_ends_it_within_a_slice_or_two() -> None:
    """Whoever has no more use for a test gets rid of it."""
    with good_peer() as url:
        found = run(url, is_ended=lambda: True, seconds=9)
    assert found.ending is Ending.STOPPED
    assert found.slices[-1].at < 1.0


def test_a_large_file_of_any_web_server_can_be_tested_one_way() -> None:
    """It cannot take anything in, and says so."""
    with web_server() as url:
        found = run(f"{url}/large", keyless=1)
        assert (found.ending, found.octets > 10**7) == (Ending.DONE, True)
        assert run(f"{url}/large", "send", keyless=1).ending is Ending.UNSUPPORTED
        assert run(f"{url}/none", keyless=1).ending is Ending.REFUSED
        short = run(f"{url}/short", keyless=1)
    assert short.ending is Ending.TOO_SHORT
    assert conclude(short, "download").bits_per_second is None


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        sizes = {"/large": 1 << 36, "/short": 1_000}
        if self.path not in sizes:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(sizes[self.path]))
        self.end_headers()
        left = sizes[self.path]
        with contextlib.suppress(OSError):
            while left > 0:
                self.wfile.write(bytes(min(left, 1 << 20)))
                left -= 1 << 20

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def web_server() -> Iterator[str]:
    """One that knows nothing of us."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_key_is_in_no_text_of_an_order() -> None:
    """Neither a log nor a traceback can tell it."""
    assert KEY not in repr(Order("http://10.20.0.9:8862", "send", 1, KEY))
