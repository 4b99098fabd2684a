"""Scrapes over HTTP in a process of its own: one line of JSON asks, one answers, until its input ends."""

import http.client
import json
import sys
import time
import zlib
from contextlib import closing
from typing import Any, Final
from urllib.parse import urlsplit

_AT_ONCE: Final = 1 << 20
_GZIP_WINDOW: Final = 31  # zlib's way to ask for a gzip header
_PATIENCE: Final = 60.0


def scraped(url: str, headers: dict[str, str]) -> dict[str, Any]:
    """Get it whole, as fast as it comes, and only then look at it.

    Args:
        url: Of the metrics.
        headers: Of the request.

    Returns:
        ``status``, ``seconds`` until the last octet, ``octets`` that came, ``samples`` in them, and ``ending``, the
        last six octets of the text.
    """
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_PATIENCE)
    with closing(connection):
        begun = time.monotonic()
        connection.request("GET", parts.path, headers=headers)
        answer = connection.getresponse()
        pieces = list(iter(lambda: answer.read(_AT_ONCE), b""))
        seconds = time.monotonic() - begun
        zipped = answer.headers.get("content-encoding") == "gzip"
    whole = b"".join(pieces)
    text = zlib.decompress(whole, wbits=_GZIP_WINDOW) if zipped else whole
    samples = text.count(b"\n") - text.count(b"\n#") - text.startswith(b"#")
    told = {"status": answer.status, "seconds": seconds, "octets": len(whole), "samples": samples}
    return told | {"zipped": zipped, "ending": text[-6:].decode()}


def main() -> None:
    """Answer each line of the input."""
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(scraped(asked["url"], asked["headers"])), flush=True)


if __name__ == "__main__":
    main()
