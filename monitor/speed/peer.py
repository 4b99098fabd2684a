"""The throughput peer: streams octets that cannot be compressed, or swallows those that come, for who holds the key.

A thread for each stream; nearly all of its time is spent in the kernel, without the interpreter's lock. What goes out
is sent from memory that was filled once, what comes in is thrown away where it lies.
"""

import json
import logging
import os
import secrets
import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from fcntl import ioctl
from http import HTTPStatus
from termios import TIOCOUTQ
from typing import Any, Final, Protocol

from model.speed_access import is_own, make_nonce, signed_by
from monitor.speed.pacing import keep_to
from monitor.speed.peer_limits import Ledger, Limits
from monitor.speed.peer_sent import SentLedger
from monitor.speed.request_head import Head, read_head
from monitor.speed.tcp_facts import tcp_facts

log = logging.getLogger(__name__)

_STORE: Final = 32 << 20  # octets; no compressor looks back as far
_PIECE: Final = 1 << 20  # octets of one call of the kernel, so that a stream's end is noticed
_SMALL_PIECE: Final = 64 << 10  # where a line is simulated
_PATIENCE: Final = 5.0  # seconds without an octet
_HEAD_WITHIN: Final = 5.0
_LOOK_EVERY: Final = 0.5
_FLUSH_EVERY: Final = 0.005
_NOTICED_WITHIN: Final = 1.0  # a stream that its reader has hung up on


class _RefusedError(Exception):
    """A request gets a status and a sentence, and nothing else."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class Line(Protocol):
    """A simulated line in front of the peer. Threads share it."""

    def come(self, octets: int) -> None:
        """Hold octets that come in for as long as the line takes for them."""

    def go(self, octets: int) -> None:
        """The same of those that go out."""


class SpeedPeer:
    """Listens, and serves each connection in a thread of its own.

    Args:
        key: Shared with those who may test.
        limits: What one client gets.
        line: What it is simulated to stand behind; ``None`` for what there really is.
    """

    def __init__(self, key: bytes, limits: Limits | None = None, line: Line | None = None) -> None:
        self._key = key
        self._line = line
        self._limits = limits or Limits()
        self._ledger = Ledger(self._limits)
        self._sent = SentLedger()
        self._secret = secrets.token_bytes(32)
        self._doors: dict[socket.socket, threading.Thread] = {}
        self._open: dict[socket.socket, float] = {}  # until when, monotonic seconds
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._filling = threading.Lock()
        self._store = -1

    @property
    def port(self) -> int:
        """The TCP port that it listens on."""
        port: int = next(iter(self._doors)).getsockname()[1]
        return port

    def start(self, host: str, port: int) -> None:
        """Listen.

        Args:
            host: IP literal; empty for all addresses of both versions.
            port: TCP port; 0 for any that is free.

        Raises:
            OSError: The port is taken or not permitted, or the address is not on this machine.
        """
        if self._line is None:  # many that are simulated are never tested
            self._fill()
        family = socket.AF_INET6 if ":" in host or (not host and socket.has_dualstack_ipv6()) else socket.AF_INET
        door = socket.create_server(
            (host, port), family=family, backlog=128, dualstack_ipv6=not host and _is_v6(family)
        )
        door.settimeout(_LOOK_EVERY)
        self._doors[door] = threading.Thread(target=self._accept, args=(door,), name="speed-door", daemon=True)
        self._doors[door].start()

    def _fill(self) -> None:
        with self._filling:
            if self._store < 0:
                self._store = _filled()

    def close(self) -> None:
        """Stop listening, and end all streams."""
        self._closing.set()
        for door, waiting in self._doors.items():
            _hang_up(door)  # or the port would be taken until the next look
            door.close()
            waiting.join(_LOOK_EVERY)
        with self._lock:
            ending = list(self._open)
        for sock in ending:
            _hang_up(sock)

    def _accept(self, door: socket.socket) -> None:
        while not self._closing.is_set():
            try:
                sock, address = door.accept()
            except TimeoutError:
                self._reap()
                continue
            except OSError:
                if self._closing.wait(_LOOK_EVERY):  # out of descriptors, for now
                    return
                continue
            self._reap()
            with self._lock:
                has_room = len(self._open) < self._limits.connections
                if has_room:
                    self._open[sock] = time.monotonic() + _HEAD_WITHIN
            if has_room:
                name = _plain(str(address[0]))
                threading.Thread(target=self._serve, args=(sock, name), name="speed-stream", daemon=True).start()
            else:
                sock.close()

    def _reap(self) -> None:
        """End what lasts too long, be it by a peer that takes an octet now and then."""
        now = time.monotonic()
        with self._lock:
            late = [sock for sock, until in self._open.items() if now > until]
        for sock in late:
            _hang_up(sock)

    def _serve(self, sock: socket.socket, client: str) -> None:
        try:
            _limit_waiting(sock, _HEAD_WITHIN)
            head = read_head(sock)
            if head is not None:
                self._answer(sock, client, head)
        except _RefusedError as refused:
            with suppress(OSError):
                _say(sock, refused.status, {"problem": str(refused)})
                _drain(sock)
        except OSError as error:
            log.debug("a stream of %s ended: %s", client, error)
        finally:
            with self._lock:
                self._open.pop(sock, None)
            sock.close()

    def _answer(self, sock: socket.socket, client: str, head: Head) -> None:
        match head.method, head.path:
            case "GET", "/hello":
                nonce = make_nonce(self._secret, time.monotonic(), secrets.token_bytes(16))
                _say(sock, HTTPStatus.OK, {"linkward": "speed", "nonce": nonce, "streams": self._limits.streams})
            case ("GET", "/download") | ("POST", "/upload"):
                self._stream(sock, client, head)
            case "GET", "/sent":
                self._tell_sent(sock, head)
            case _:
                raise _RefusedError(HTTPStatus.NOT_FOUND, "there are /hello, /download, /upload and /sent")

    def _nonce(self, head: Head, now: float) -> str:
        """The number that a request bears: it was signed with the key, and was not made before."""
        ticket = signed_by(self._key, head.method, head.target, head.headers.get("authorization", ""))
        if ticket is None or not is_own(self._secret, ticket[0], now) or not self._ledger.use(ticket, now):
            raise _RefusedError(HTTPStatus.UNAUTHORIZED, "the key is another one, or the request was made before")
        return ticket[0]

    def _tell_sent(self, sock: socket.socket, head: Head) -> None:
        told = self._sent.told(self._nonce(head, time.monotonic()), _NOTICED_WITHIN)
        if told is None:
            raise _RefusedError(HTTPStatus.NOT_FOUND, "what was sent for that test is not known")
        _say(sock, HTTPStatus.OK, {"sent": told.sent, "retransmitted": told.retransmitted})

    def _stream(self, sock: socket.socket, client: str, head: Head) -> None:
        now = time.monotonic()
        nonce = self._nonce(head, now)
        if (why_not := self._ledger.begin(client, now)) is not None:
            raise _RefusedError(HTTPStatus.TOO_MANY_REQUESTS, why_not)
        octets, promised = [0], 0
        try:
            with self._lock:
                self._open[sock] = now + self._limits.seconds
            _limit_waiting(sock, _PATIENCE)
            wanted = _wanted(head, min(self._limits.octets, self._ledger.room(client, now)))
            if not self._ledger.promise(client, wanted, now):
                raise _RefusedError(HTTPStatus.TOO_MANY_REQUESTS, "another stream was quicker")
            promised = wanted
            if head.method == "GET":
                with self._noted(sock, nonce):
                    self._send(sock, head, wanted, octets)
            else:
                self._swallow(sock, head, wanted, octets)
        finally:
            self._ledger.end(client, octets[0], time.monotonic(), promised)

    @contextmanager
    def _noted(self, sock: socket.socket, nonce: str) -> Iterator[None]:
        self._sent.begin(nonce)
        try:
            yield
        finally:
            self._sent.end(nonce, tcp_facts(sock))

    def _send(self, sock: socket.socket, head: Head, wanted: int, octets: list[int]) -> None:
        if rate := head.numbers.get("rate"):
            keep_to(sock, rate)
        sock.sendall(_head_of(HTTPStatus.OK, "application/octet-stream", wanted))
        self._fill()
        offset = secrets.randbelow(_STORE // 2)
        while octets[0] < wanted:
            piece = min(_PIECE if self._line is None else _SMALL_PIECE, wanted - octets[0], _STORE - offset)
            if self._line is not None:
                self._line.go(piece)
            sent = os.sendfile(sock.fileno(), self._store, offset, piece)
            octets[0] += sent
            offset = (offset + sent) % _STORE
        _flush(sock)

    def _swallow(self, sock: socket.socket, head: Head, length: int, octets: list[int]) -> None:
        most = _PIECE
        if self._line is not None:
            most = _SMALL_PIECE
            # With more room the sender would be ahead of the line.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_PIECE)
        began, room = time.monotonic(), bytearray(most)
        octets[0] = head.early
        while octets[0] < length:
            came = sock.recv_into(room, min(most, length - octets[0]), socket.MSG_TRUNC)
            if not came:
                break  # the sender knows enough
            octets[0] += came
            if self._line is not None:
                self._line.come(came)
        _say(sock, HTTPStatus.OK, {"octets": octets[0], "seconds": time.monotonic() - began})


def _wanted(head: Head, most: int) -> int:
    """Octets of a stream, as it was asked for."""
    if head.method == "GET":
        wanted = head.numbers.get("bytes", 0)
        if not 0 < wanted <= most:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, f"bytes must be 1 to {most}")
        return wanted
    if head.length is None or head.length > most:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, f"Content-Length must be said, and be at most {most}")
    return head.length


def _flush(sock: socket.socket) -> None:
    """Wait until the other end has all: what still lies in the socket is not among what was sent."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and struct.unpack("i", ioctl(sock, TIOCOUTQ, bytes(4)))[0]:
        time.sleep(_FLUSH_EVERY)


def _filled() -> int:
    """A descriptor of memory full of what cannot be compressed."""
    store = os.memfd_create("linkward-speed", os.MFD_CLOEXEC)
    for _ in range(_STORE // _PIECE):
        os.write(store, os.urandom(_PIECE))
    return store


def _head_of(status: HTTPStatus, kind: str, length: int) -> bytes:
    lines = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Content-Type: {kind}",
        f"Content-Length: {length}",
        "Cache-Control: no-store, no-transform",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _say(sock: socket.socket, status: HTTPStatus, content: Mapping[str, Any]) -> None:
    body = json.dumps(content).encode()
    sock.sendall(_head_of(status, "application/json", len(body)) + body)
    sock.shutdown(socket.SHUT_WR)


def _drain(sock: socket.socket) -> None:
    """Take in what is still under way: closed before, the connection would be reset, and the answer lost with it."""
    _limit_waiting(sock, 1)
    room, left = bytearray(_PIECE), _STORE
    while left > 0 and (came := sock.recv_into(room, _PIECE, socket.MSG_TRUNC)):
        left -= came


def _limit_waiting(sock: socket.socket, seconds: float) -> None:
    # A time-out of Python's own would make the socket one that sendfile does not wait for.
    limit = struct.pack("ll", int(seconds), 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _plain(address: str) -> str:
    return address.removeprefix("::ffff:")


def _is_v6(family: socket.AddressFamily) -> bool:
    return family == socket.AF_INET6
