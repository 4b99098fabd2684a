"""The head of an HTTP request, read byte by byte no further than it goes."""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

_LONGEST: Final = 4_096
_LINE: Final = re.compile(r"(GET|POST|HEAD|PUT) (/\S*) HTTP/1\.[01]", re.ASCII)
_END: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Head:
    """What is asked for.

    Attributes:
        method: Such as ``GET``.
        target: Path with query, as it was written.
        path: Without its query.
        numbers: What the query says, as far as it is whole numbers from 0 on.
        headers: By name in small letters.
        early: Octets of the body that came along.
    """

    method: str
    target: str
    path: str
    numbers: Mapping[str, int]
    headers: Mapping[str, str]
    early: int = 0

    @property
    def length(self) -> int | None:
        """Octets of the body; ``None`` where it does not say."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() else None


def read_head(sock: socket.socket) -> Head | None:
    """Read one from a socket; ``None`` where it is none, too long, or the peer has gone.

    Raises:
        OSError: The time limit of the socket is over, or the connection broke.
    """
    data = b""
    while _END not in data:
        more = sock.recv(_LONGEST)
        data += more
        if not more or len(data) > _LONGEST:
            return None
    text, _, body = data.partition(_END)
    return parse_head(text, len(body))


def parse_head(text: bytes, early: int = 0) -> Head | None:
    """The head in a text; ``None`` where it is none."""
    first, *others = text.decode("latin-1").split("\r\n")
    match = _LINE.fullmatch(first)
    if match is None:
        return None
    try:
        parts = urlsplit(match[2])
        asked = parse_qs(parts.query)
    except ValueError:
        return None
    numbers = {name: int(said[0]) for name, said in asked.items() if said[0].isascii() and said[0].isdigit()}
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in others)}
    return Head(match[1], match[2], parts.path, numbers, headers, early)
