"""A web server in a thread, for clients that block: notes what it is asked and does what a test wants."""

import contextlib
import json
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any

Conduct = Callable[["Call"], None]

_PACE = 0.02


@dataclass
class Call:
    """One request that has been read.

    Attributes:
        path: What was asked for.
        headers: Of the request.
        body: Of the request.
        write: Sends bytes at once.
        is_over: Set when the test is.
    """

    path: str
    headers: Message
    body: bytes
    write: Callable[[bytes], Any]
    is_over: threading.Event

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)

    def answer(self, status: int, body: bytes = b"", *headers: str) -> None:
        """Send a whole response."""
        head = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *headers, "", ""]
        self.write("\r\n".join(head).encode() + body)

    def trickle(self, text: bytes = b"x") -> None:
        """Send the same again and again, byte by byte with pauses, until the other side or the test leaves."""
        while True:
            for byte in text:
                self.write(bytes([byte]))
                if self.is_over.wait(_PACE):
                    return

    def hold(self) -> None:
        """Say nothing until the test is over."""
        self.is_over.wait(60)


@dataclass
class Hook:
    """Where it listens, and what it was asked so far."""

    port: int = 0
    scheme: str = "http"
    calls: list[Call] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its root, without a slash at the end."""
        return f"{self.scheme}://127.0.0.1:{self.port}"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 50


@contextlib.contextmanager
def hook(conduct: Conduct, tls: ssl.SSLContext | None = None, greeting: bytes = b"") -> Iterator[Hook]:
    """Serve while the block runs.

    Args:
        conduct: What to do once a request has been read; at once where there is a greeting.
        tls: Shows a certificate.
        greeting: For a server of another language than HTTP, that speaks first.
    """
    found, is_over = Hook(scheme="https" if tls else "http"), threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            if tls:
                self.request = tls.wrap_socket(self.request, server_side=True)
            super().setup()

        def handle(self) -> None:
            with contextlib.suppress(OSError):
                call = Call("", Message(), greeting, self.wfile.write, is_over)
                if greeting:
                    call.write(greeting)
                else:
                    call = _read(self, is_over)
                found.calls.append(call)
                conduct(call)

        def finish(self) -> None:
            with contextlib.suppress(OSError):
                super().finish()
            self.request.close()  # TLS has taken the descriptor from the socket that the server would close

    class Server(_Server):
        def handle_error(self, *_: object) -> None:
            """A client that leaves, in TLS's handshake too, is no error."""

    with Server(("127.0.0.1", 0), Handler) as server:
        found.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield found
        finally:
            is_over.set()
            server.shutdown()
            thread.join()


def saying(status: int, body: bytes = b"", *headers: str) -> Conduct:
    """Always the same answer."""
    return lambda call: call.answer(status, body, *headers)


def _read(handler: socketserver.StreamRequestHandler, is_over: threading.Event) -> Call:
    path = handler.rfile.readline().split(b" ")[1].decode()
    lines = b""
    while (line := handler.rfile.readline()).strip():
        lines += line
    headers = BytesHeaderParser().parsebytes(lines)
    body = handler.rfile.read(int(headers.get("Content-Length", "0")))
    return Call(path, headers, body, handler.wfile.write, is_over)
