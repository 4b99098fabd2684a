"""A throughput peer that greets as it should and then does one thing wrong."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Misdeed = Callable[[socket.socket, int], None]
"""Done to whoever asks for a download of so many octets, or uploads so many."""

_BLOCK = bytes(64 << 10)


def head(length: int | None, status: str = "200 OK", *more: str) -> bytes:
    """The head of an answer."""
    lines = [f"HTTP/1.1 {status}", *more, *([] if length is None else [f"Content-Length: {length}"])]
    return ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode()


def send_for(sock: socket.socket, seconds: float) -> None:
    """Send as fast as it goes, for so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        sock.sendall(_BLOCK)


def stalls(sock: socket.socket, asked: int) -> None:
    """Sends for half a second, then nothing, and holds the line."""
    sock.sendall(head(asked))
    send_for(sock, 0.5)
    time.sleep(6)


def resets(sock: socket.socket, asked: int) -> None:
    """Sends for half a second, then resets the connection."""
    sock.sendall(head(asked))
    send_for(sock, 0.5)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def ends_early(sock: socket.socket, asked: int) -> None:
    """Promises all, sends a part, and closes as if that were it."""
    sock.sendall(head(asked))
    send_for(sock, 0.5)


def promises_more(sock: socket.socket, asked: int) -> None:
    """Announces twice what was asked for."""
    sock.sendall(head(2 * asked))
    send_for(sock, 2)


def promises_nothing(sock: socket.socket, _: int) -> None:
    """Says no length."""
    sock.sendall(head(None))
    send_for(sock, 2)


def compresses(sock: socket.socket, asked: int) -> None:
    """Says that it has compressed the octets."""
    sock.sendall(head(asked, "200 OK", "Content-Encoding: gzip"))
    send_for(sock, 2)


def redirects(sock: socket.socket, _: int) -> None:
    """Sends the tester elsewhere."""
    sock.sendall(head(0, "302 Found", "Location: http://192.0.2.1/"))


def refuses(sock: socket.socket, _: int) -> None:
    """Has had enough of this client."""
    sock.sendall(head(0, "429 Too Many Requests"))


def hurries(sock: socket.socket, asked: int) -> None:
    """Keeps to no rate."""
    sock.sendall(head(asked))
    send_for(sock, 8)


def takes_and_lies(sock: socket.socket, asked: int) -> None:
    """Swallows an upload and tells of more than came."""
    while sock.recv(1 << 20):
        pass
    body = json.dumps({"octets": asked}).encode()
    sock.sendall(head(len(body)) + body)


@contextmanager
def bad_peer(misdeed: Misdeed) -> Iterator[str]:
    """Its URL."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as door:
        door.settimeout(0.1)
        ended = threading.Event()
        thread = threading.Thread(target=_accept, args=(door, misdeed, ended))
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            ended.set()
            thread.join()


def _accept(door: socket.socket, misdeed: Misdeed, ended: threading.Event) -> None:
    while not ended.is_set():
        with suppress(TimeoutError):
            sock, _ = door.accept()
            threading.Thread(target=_serve, args=(sock, misdeed), daemon=True).start()


def _serve(sock: socket.socket, misdeed: Misdeed) -> None:
    with suppress(OSError), sock:
        text = b""
        while b"\r\n\r\n" not in text:
            more = sock.recv(4_096)
            if not more:
                return
            text += more
        if text.startswith(b"GET /hello"):
            body = json.dumps({"linkward": "speed", "nonce": "ab.cd.ef", "streams": 16}).encode()
            sock.sendall(head(len(body)) + body)
            return
        line, *lines = text.decode("latin-1").split("\r\n")
        length = next((one for one in lines if one.lower().startswith("content-length")), ": 0")
        asked = int(line.partition("bytes=")[2].split("&")[0].split(" ")[0] or length.partition(":")[2])
        misdeed(sock, asked)
