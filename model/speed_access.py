"""Who may ask a throughput peer for octets: a shared key, a number that the peer gave out, and no second use of it.

The peer makes the number and keeps its own time in it, so that the clocks of both ends need not agree. The key itself
never crosses the line: what does is an HMAC (RFC 2104) over the request and the number.
"""

import hmac
import re
from hashlib import sha256
from typing import Final

LASTS: Final = 60.0
"""Seconds for which a number is good."""

_SCHEME: Final = "Linkward"
_LINE: Final = re.compile(r"Linkward nonce=([0-9a-f.]{1,120}), stream=(\d{1,3}), mac=([0-9a-f]{64})", re.ASCII)
_NONCE: Final = re.compile(r"([0-9a-f]{1,16})\.([0-9a-f]{32})\.([0-9a-f]{32})", re.ASCII)


def make_nonce(secret: bytes, now: float, salt: bytes) -> str:
    """A number that ``is_own`` knows again.

    Args:
        secret: The peer's own, made anew at each start.
        now: Seconds by the peer's monotonic clock.
        salt: 16 random bytes.
    """
    body = f"{int(now * 1000):x}.{salt.hex()}"  # not rounded up: it is good at once
    return f"{body}.{_tag(secret, body)}"


def is_own(secret: bytes, nonce: str, now: float) -> bool:
    """Whether a number was made with this secret within the last minute."""
    match = _NONCE.fullmatch(nonce)
    if match is None or not hmac.compare_digest(match[3], _tag(secret, f"{match[1]}.{match[2]}")):
        return False
    return 0 <= now * 1000 - int(match[1], 16) <= LASTS * 1000


def authorization(key: bytes, method: str, path: str, nonce: str, stream: int) -> str:
    """The value of the header ``Authorization`` for one stream of one test.

    Args:
        key: The shared one.
        method: Of HTTP.
        path: With its query, as the request line has it.
        nonce: As the peer gave it.
        stream: Tells the streams of a test apart, 0 to 999.
    """
    return f"{_SCHEME} nonce={nonce}, stream={stream}, mac={_mac(key, method, path, nonce, stream)}"


def signed_by(key: bytes, method: str, path: str, header: str) -> tuple[str, int] | None:
    """The number and the stream of a request whose header was made with this key; ``None`` if it was not."""
    match = _LINE.fullmatch(header)
    if match is None:
        return None
    nonce, stream = match[1], int(match[2])
    return (nonce, stream) if hmac.compare_digest(match[3], _mac(key, method, path, nonce, stream)) else None


def _mac(key: bytes, method: str, path: str, nonce: str, stream: int) -> str:
    return hmac.new(key, f"{method} {path}\n{nonce}\n{stream}".encode(), sha256).hexdigest()


def _tag(secret: bytes, body: str) -> str:
    return hmac.new(secret, body.encode(), sha256).hexdigest()[:32]
