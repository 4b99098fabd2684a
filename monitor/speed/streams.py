"""The streams of a test: transfers of libcurl over a connection each, whose sockets we keep a hand on."""

import json
import os
import socket
import struct
from contextlib import suppress
from typing import Any, Final

import pycurl

from model.hosts import is_address
from model.speed_access import authorization
from model.speed_run import Ending
from monitor.speed.order import Order
from monitor.speed.pacing import keep_to
from monitor.speed.tcp_facts import TcpFacts, tcp_facts

_RECEIVE_AT_ONCE: Final = 512 << 10
_SEND_AT_ONCE: Final = 256 << 10
_WAITING_AT_MOST: Final = 256 << 10  # octets in the socket that have not been sent, or a stop would take seconds
_TCP_NOTSENT_LOWAT: Final = 25
_BLOCKS: Final = 16
_CONNECT_MS: Final = 3_000
_LONGEST_ANSWER: Final = 10_000
_OK: Final = 200
_GAVE_UP: Final = {
    pycurl.E_COULDNT_RESOLVE_HOST: Ending.UNREACHABLE,
    pycurl.E_COULDNT_CONNECT: Ending.UNREACHABLE,
    pycurl.E_OPERATION_TIMEDOUT: Ending.UNREACHABLE,
    pycurl.E_PARTIAL_FILE: Ending.WRONG_LENGTH,
    pycurl.E_RECV_ERROR: Ending.RESET,
    pycurl.E_SEND_ERROR: Ending.RESET,
    pycurl.E_GOT_NOTHING: Ending.RESET,
    pycurl.E_INTERFACE_FAILED: Ending.LOCAL,
}


class Blocks:
    """Octets that cannot be compressed, ready to be handed out in pieces of whatever size libcurl asks for."""

    def __init__(self) -> None:
        self._by_size: dict[int, list[bytes]] = {}
        self._next = 0

    def block(self, size: int) -> bytes:
        """The next."""
        known = self._by_size.get(size)
        if known is None:
            known = self._by_size[size] = [os.urandom(size) for _ in range(_BLOCKS)]
        self._next = (self._next + 1) % _BLOCKS
        return known[self._next]


class Stream:
    """One transfer.

    Args:
        order: The test that it belongs to.
        number: Tells it from the others.
        nonce: What the peer gave out; ``None`` for a file, which wants no key.
        blocks: What it sends.
    """

    def __init__(self, order: Order, number: int, nonce: str | None, blocks: Blocks) -> None:
        self.handle = pycurl.Curl()
        self.octets = 0
        self.failure: tuple[Ending, str] | None = None
        self.is_paused = False
        self.is_stopping = False
        self.socket: socket.socket | None = None
        self._order = order
        self._share = order.share
        self._blocks = blocks
        self._is_peer = nonce is not None
        self._status = 0
        self._length: int | None = None
        self._answer = b""
        self._set_up(number, nonce)

    def facts(self) -> TcpFacts | None:
        """What the kernel tells of its connection."""
        return tcp_facts(self.socket) if self.socket is not None else None

    @property
    def confirmed(self) -> int | None:
        """Octets that the peer says it took; ``None`` where it has not said so (yet)."""
        with suppress(ValueError, TypeError, AttributeError):
            said = json.loads(self._answer).get("octets")
            return said if isinstance(said, int) else None
        return None

    @property
    def moved(self) -> int:
        """Octets that have arrived, at us or as acknowledged by the other end."""
        if self._order.way == "receive":
            return self.octets
        facts = self.facts()
        return min(facts.acked, self.octets) if facts else 0

    def gave_up(self, code: int, text: str) -> None:
        """Note why libcurl ended it."""
        if self.failure is None and not (self.is_stopping and self.confirmed is not None):
            self.failure = _GAVE_UP.get(code, Ending.LOCAL), text

    def hang_up(self, *, at_once: bool) -> None:
        """Send no more; ``at_once`` throws away what is on its way."""
        if self.socket is None:
            return
        with suppress(OSError):
            if at_once:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Free everything."""
        self.handle.close()
        if self.socket is not None:
            self.socket.close()

    def _set_up(self, number: int, nonce: str | None) -> None:
        order, set_to = self._order, self.handle.setopt
        method = "GET" if order.way == "receive" else "POST"
        headers = ["Expect:", "Accept-Encoding: identity"]
        url = order.url
        if nonce is not None:
            path = self._path()
            url = order.url.rstrip("/") + path
            key = order.key.encode()
            headers.append(f"Authorization: {authorization(key, method, path, nonce, number)}")
        for option, value in _settings(order, url, headers).items():
            set_to(option, value)
        set_to(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        set_to(pycurl.HEADERFUNCTION, self._take_header)
        set_to(pycurl.WRITEFUNCTION, self._take)
        if order.way == "send":
            set_to(pycurl.POST, 1)
            set_to(pycurl.POSTFIELDSIZE_LARGE, self._share)
            set_to(pycurl.READFUNCTION, self._give)

    def _path(self) -> str:
        if self._order.way == "send":
            return "/upload"
        pace = self._order.pace
        asked = f"&rate={round(pace)}" if pace else ""
        return f"/download?bytes={self._share}{asked}"

    def _open_socket(self, _purpose: int, address: Any) -> socket.socket:
        sock = socket.socket(address[0], address[1], address[2])
        pace = self._order.pace
        if self._order.way == "send":
            sock.setsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, _WAITING_AT_MOST)
            if pace:
                keep_to(sock, pace)
        if self.socket is not None:
            self.socket.close()
        self.socket = sock  # libcurl works on a copy of the descriptor
        return sock

    def _take_header(self, line: bytes) -> None:
        name, _, value = line.decode("latin-1").strip().partition(":")
        if name.startswith("HTTP/"):
            words = line.split(maxsplit=2)
            self._status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
            self._length = None
        elif name.lower() == "content-length" and value.strip().isdigit():
            self._length = int(value)
        elif name.lower() == "content-encoding" and value.strip().lower() not in {"", "identity"}:
            self._fail(Ending.COMPRESSED, f"the answer is compressed by {value.strip()[:40]}")
        elif not name:
            self._check_head()

    def _check_head(self) -> None:
        status = self._status
        if status // 100 == 1:
            return
        if status // 100 == 3:  # noqa: PLR2004  # the class of redirections
            self._fail(Ending.REDIRECTED, f"HTTP status {status}")
        elif status in {401, 403}:
            self._fail(Ending.WRONG_KEY, f"HTTP status {status}")
        elif status != _OK:
            self._fail(Ending.REFUSED, f"HTTP status {status}")
        elif self._is_peer and self._order.way == "receive" and self._length != self._share:
            said = "no length" if self._length is None else f"{self._length} octets"
            self._fail(Ending.WRONG_LENGTH, f"asked for {self._share} octets, the peer announces {said}")

    def _fail(self, ending: Ending, detail: str) -> None:
        self.failure = self.failure or (ending, detail)

    def _take(self, data: bytes) -> int | None:
        if self.failure is not None:
            if len(self._answer) < _LONGEST_ANSWER:
                self._answer += data[:_LONGEST_ANSWER]
            return None if self.failure[0] is Ending.REFUSED else -1
        if self._order.way == "receive":
            self.octets += len(data)
        elif len(self._answer) < _LONGEST_ANSWER:
            self._answer += data[:_LONGEST_ANSWER]
        return None

    def _give(self, size: int) -> bytes | int:
        if self.is_stopping or self.failure is not None:
            self.is_paused = True
            return int(pycurl.READFUNC_PAUSE)
        left = self._share - self.octets
        block = self._blocks.block(size) if left >= size else self._blocks.block(size)[:left]
        self.octets += len(block)
        return block


def settings(url: str, source: str | None) -> dict[int, Any]:
    """What is set of every transfer: no proxy, no other protocol, from an address or an interface."""
    found: dict[int, Any] = {
        pycurl.URL: url,
        pycurl.NOSIGNAL: 1,
        pycurl.PROXY: "",
        pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
    }
    if source is not None:
        kind = "host" if is_address(source) else "if"
        found[pycurl.INTERFACE] = f"{kind}!{source}"
    return found


def _settings(order: Order, url: str, headers: list[str]) -> dict[int, Any]:
    return settings(url, order.source) | {
        pycurl.FRESH_CONNECT: 1,
        pycurl.FORBID_REUSE: 1,
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,  # the streams of HTTP/2 would share one connection
        pycurl.BUFFERSIZE: _RECEIVE_AT_ONCE,
        pycurl.UPLOAD_BUFFERSIZE: _SEND_AT_ONCE,
        pycurl.CONNECTTIMEOUT_MS: _CONNECT_MS,
        pycurl.USERAGENT: "linkward-speed",
        pycurl.HTTPHEADER: headers,
    }
