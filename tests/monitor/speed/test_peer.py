"""The throughput peer: octets for who holds the key, within limits, and next to nothing for anybody else."""

import contextlib
import json
import socket
import struct
import time
import zlib
from collections.abc import Iterator

import pytest

from model.speed_access import LASTS, authorization, is_own, make_nonce, signed_by
from monitor.speed.peer import SpeedPeer
from monitor.speed.peer_limits import Ledger, Limits
from monitor.speed.peer_sent import Sent, SentLedger
from monitor.speed.request_head import parse_head
from monitor.speed.tcp_facts import TcpFacts

KEY = b"a key of the tests"


@contextlib.contextmanager
def serving(limits: Limits | None = None) -> Iterator[SpeedPeer]:
    """A peer on a free port."""
    peer = SpeedPeer(KEY, limits or Limits())
    peer.start("127.0.0.1", 0)
    yield peer
    peer.close()


def ask(peer: SpeedPeer, text: str, body: bytes = b"") -> tuple[int, bytes]:
    """Status and body of its answer."""
    with socket.create_connection(("127.0.0.1", peer.port), timeout=5) as sock:
        sock.sendall(text.encode() + b"\r\n\r\n" + body)
        sock.shutdown(socket.SHUT_WR)
        answer = b""
        while more := sock.recv(1 << 20):
            answer += more
    head, _, rest = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), rest


def nonce_of(peer: SpeedPeer) -> str:
    """A number of its."""
    nonce: str = json.loads(ask(peer, "GET /hello HTTP/1.1")[1])["nonce"]
    return nonce


def signed(method: str, path: str, nonce: str, stream: int = 0, key: bytes = KEY) -> str:
    """A request with its signature."""
    return f"{method} {path} HTTP/1.1\r\nAuthorization: {authorization(key, method, path, nonce, stream)}"


def test_a_download_is_as_long_as_asked_and_cannot_be_compressed() -> None:
    """No zip of it is smaller than it."""
    with serving() as peer:
        status, octets = ask(peer, signed("GET", "/download?bytes=3000001", nonce_of(peer)))
    assert (status, len(octets)) == (200, 3_000_001)
    assert len(zlib.compress(octets)) > 0.999 * len(octets)


@pytest.mark.parametrize("sent", [0, 1, 100_000])
def test_an_upload_is_told_by_what_came(sent: int) -> None:
    """Not by what was announced: who stops early is told the truth."""
    with serving() as peer:
        text = signed("POST", "/upload", nonce_of(peer)) + "\r\nContent-Length: 100000"
        status, told = ask(peer, text, bytes(sent))
    assert (status, json.loads(told)["octets"]) == (200, sent)


def test_nobody_gets_octets_without_the_key_and_nobody_twice() -> None:
    """Not by another key, by another path, by a number of nobody's, or by what somebody has asked for already."""
    path = "/download?bytes=1000000"
    with serving() as peer:
        nonce = nonce_of(peer)
        right = signed("GET", path, nonce)
        refused = [
            f"GET {path} HTTP/1.1",
            signed("GET", path, nonce, key=b"another key of mine"),
            right.replace("bytes=1000000", "bytes=9000000"),
            signed("GET", "/upload", nonce).replace("GET", "POST"),
            right.replace("stream=0", "stream=1"),
            signed("GET", path, make_nonce(bytes(32), 0.0, bytes(16))),
        ]
        answers = [ask(peer, text) for text in refused]
        assert [status for status, _ in answers] == [401] * len(refused)
        assert max(len(told) for _, told in answers) < 100
        assert ask(peer, right)[0] == 200
        assert ask(peer, right)[0] == 401
        assert ask(peer, signed("GET", path, nonce, stream=1))[0] == 200


def test_a_number_is_good_for_a_minute() -> None:
    """By the peer's own clock; and never again by that of another start."""
    nonce = make_nonce(b"secret", 1_000.0, bytes(16))
    assert is_own(b"secret", nonce, 1_000.0 + LASTS)
    assert is_own(b"secret", make_nonce(b"secret", 1_000.0006, bytes(16)), 1_000.0006)  # who is quick is not too early
    assert not is_own(b"secret", nonce, 1_000.1 + LASTS)
    assert not is_own(b"secret", nonce, 999.0)
    assert not is_own(b"another", nonce, 1_000.0)
    assert not is_own(b"secret", "nonsense", 1_000.0)
    assert signed_by(b"k", "GET", "/", authorization(b"k", "GET", "/", nonce, 7)) == (nonce, 7)
    assert signed_by(b"k", "GET", "/", "Basic abc") is None


def test_what_is_said_to_a_stranger_is_no_more_than_he_said() -> None:
    """Whoever forges an address gets no stream for it: an answer is shorter than handshake and request together."""
    handshake = 3 * 40
    with serving() as peer:
        for text in ("GET /hello HTTP/1.1", "GET / HTTP/1.1", "GET /download?bytes=1000000 HTTP/1.1"):
            with socket.create_connection(("127.0.0.1", peer.port), timeout=5) as sock:
                sock.sendall(text.encode() + b"\r\n\r\n")
                answer = b""
                while more := sock.recv(1 << 16):
                    answer += more
            assert len(answer) < 3 * (handshake + len(text))


@pytest.mark.parametrize(
    "text",
    ["GET /download?bytes=0", "GET /download?bytes=-5", "GET /download?bytes=x", "GET /download", "POST /upload"],
)
def test_a_request_without_a_sensible_length_is_refused(text: str) -> None:
    """With the key, too."""
    method, _, path = text.partition(" ")
    with serving() as peer:
        assert ask(peer, signed(method, path, nonce_of(peer)))[0] == 400


def test_what_was_sent_for_a_test_is_told_to_whoever_made_it() -> None:
    """All streams together, also one that was hung up on; to nobody else, and of nothing that nobody asked for."""
    with serving() as peer:
        nonce = nonce_of(peer)
        assert ask(peer, signed("GET", "/sent", nonce, 998))[0] == 404
        ask(peer, signed("GET", "/download?bytes=1000000", nonce))
        with socket.create_connection(("127.0.0.1", peer.port), timeout=5) as sock:
            sock.sendall(signed("GET", "/download?bytes=900000000", nonce, 1).encode() + b"\r\n\r\n")
            received = len(sock.recv(1 << 16))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert ask(peer, signed("GET", "/sent", nonce, 999, key=b"another key of mine"))[0] == 401
        status, told = ask(peer, signed("GET", "/sent", nonce, 999))
        assert status == 200
        assert 1_000_000 + received <= json.loads(told)["sent"] < 900_000_000
        assert ask(peer, signed("GET", "/sent", nonce_of(peer), 999))[0] == 404


def test_what_is_not_known_of_each_stream_is_not_told() -> None:
    """While one goes on, or after one of which the kernel said nothing; and old tests are forgotten."""
    facts, ledger = TcpFacts(0.01, 900, 1_000, 100, 1448, 1448), SentLedger()
    for _ in range(2):
        ledger.begin("a")
    ledger.end("a", facts)
    assert ledger.told("a", 0.0) is None
    ledger.end("a", facts)
    assert ledger.told("a", 0.0) == Sent(2_000, 200)
    ledger.begin("b")
    ledger.end("b", None)
    assert ledger.told("b", 0.0) is None
    for number in range(200):
        ledger.begin(f"c{number}")
        ledger.end(f"c{number}", facts)
    assert (ledger.told("a", 0.0), ledger.told("c199", 0.0)) == (None, Sent(1_000, 100))


def test_limits_are_kept_per_client() -> None:
    """Octets of a stream, octets of an hour."""
    with serving(Limits(octets=1_000_000, octets_per_hour=1_500_000)) as peer:
        nonce = nonce_of(peer)
        sizes = [2_000_000, 1_000_000, 600_000, 500_000, 1]
        found = [
            ask(peer, signed("GET", f"/download?bytes={size}", nonce, number)) for number, size in enumerate(sizes)
        ]
    assert [status for status, _ in found] == [400, 200, 400, 200, 429]


def test_streams_are_counted_while_they_last() -> None:
    """One more than allowed is refused; one that has ended makes room, and an hour later its octets do."""
    ledger = Ledger(Limits(streams=2, octets_per_hour=100))
    assert [ledger.begin("a", 0.0) is None for _ in range(3)] == [True, True, False]
    assert ledger.begin("b", 0.0) is None
    ledger.end("a", 100, 1.0)
    assert ledger.begin("a", 2.0) == "more than 100 octets within an hour"
    assert ledger.room("a", 2.0) == 0
    assert ledger.begin("a", 3_602.0) is None
    assert ledger.use(("n", 1), 0.0)
    assert not ledger.use(("n", 1), 1.0)


def test_streams_at_once_get_no_more_than_one_after_the_other() -> None:
    """What a stream was promised nobody else gets; what it did not take, others may."""
    ledger = Ledger(Limits(octets_per_hour=100))
    assert ledger.begin("a", 0.0) is None
    assert ledger.promise("a", 80, 0.0)
    assert ledger.begin("a", 0.0) is None
    assert not ledger.promise("a", 21, 0.0)
    assert ledger.promise("a", 20, 0.0)
    assert ledger.begin("a", 0.0) is not None
    ledger.end("a", 30, 1.0, 80)
    assert ledger.room("a", 1.0) == 50


def test_whoever_says_nothing_is_hung_up_on_and_holds_nobody_up() -> None:
    """All places are taken by silent ones: a moment later there is room again."""
    with serving(Limits(connections=3)) as peer, contextlib.ExitStack() as stack:
        silent = [stack.enter_context(socket.create_connection(("127.0.0.1", peer.port))) for _ in range(3)]
        with socket.create_connection(("127.0.0.1", peer.port), timeout=3) as fourth:
            assert fourth.recv(1) == b""
        for sock in silent:
            sock.close()
        for _ in range(50):
            with contextlib.suppress(OSError, IndexError):
                assert ask(peer, "GET /hello HTTP/1.1")[0] == 200
                break
        else:
            pytest.fail("no place became free")


@pytest.mark.parametrize("text", [b"", b"GET", b"GET / HTTP/9", b"BREW / HTTP/1.1", b"GET http://x/ HTTP/1.1", b"\xff"])
def test_what_is_no_request_is_none(text: bytes) -> None:
    """It is not answered."""
    assert parse_head(text) is None


def test_a_stream_that_never_ends_is_ended() -> None:
    """A client that takes an octet now and then keeps its place for so long and no longer."""
    with serving(Limits(seconds=0.3)) as peer:
        text = signed("GET", "/download?bytes=900000000", nonce_of(peer))
        with socket.create_connection(("127.0.0.1", peer.port), timeout=5) as sock:
            sock.sendall(text.encode() + b"\r\n\r\n")
            sock.recv(1_000)
            time.sleep(1.5)  # the clock is the peer's kernel's: none that a test could turn
            came = 0
            with contextlib.suppress(ConnectionError):
                while more := sock.recv(1 << 20):
                    came += len(more)
    assert came < 100_000_000
