"""A NetBox over HTTP, as its REST API documents it (4.x): lists in pages, a token, nothing else."""

import json
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TOKEN = "0123456789abcdef0123456789abcdef01234567"
ACTIVE = {"value": "active", "label": "Active"}
VNPT, VIETTEL = {"id": 1, "name": "VNPT"}, {"id": 2, "name": "Viettel"}


class NetBoxPeer:
    """Serves lists on a free port of loopback.

    Attributes:
        lists: Entries by path, such as ``dcim/sites``.
        requests: Method and path of what was asked.
        page: Entries of a page, however many are asked for.
        says: What it names itself in ``next``; itself where empty.
        status: Answered in place of a list where it is not 200.
    """

    def __init__(self, lists: Mapping[str, Sequence[Mapping[str, Any]]], page: int = 2) -> None:
        self.lists = lists
        self.page = page
        self.requests: list[tuple[str, str]] = []
        self.says = ""
        self.status = 200
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, path: str, authorization: str) -> tuple[int, Mapping[str, Any]]:
        """Status and body."""
        if authorization != f"Token {TOKEN}":
            return 403, {"detail": "Invalid token"}
        parts = urlsplit(path)
        name = parts.path.removeprefix("/api/").strip("/")
        if self.status != 200 or name not in self.lists:
            return (self.status if self.status != 200 else 404), {"detail": "Not found."}
        query = parse_qs(parts.query)
        offset = int(query.get("offset", ["0"])[0])
        found = self.lists[name]
        more = offset + self.page < len(found)
        after = f"{self.says or self.url}/api/{name}/?limit={self.page}&offset={offset + self.page}" if more else None
        return 200, {"count": len(found), "next": after, "previous": None, "results": found[offset:][: self.page]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                peer.requests.append((self.command, self.path))
                status, body = peer.answer(self.path, self.headers.get("Authorization", ""))
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in the library
                """Say nothing."""

        return Handler


def ward_of_netbox() -> dict[str, list[dict[str, Any]]]:
    """Three sites, two devices and three circuits, one of which leads nowhere."""
    return {
        "dcim/sites": [
            {
                "id": 1,
                "name": "Trụ sở UBND phường",
                "slug": "office",
                "status": ACTIVE,
                "latitude": 21.0712,
                "longitude": 105.7843,
            },
            {"id": 2, "name": "Tổ dân phố 2", "slug": "tdp-2", "status": ACTIVE, "latitude": None, "longitude": None},
            {"id": 3, "name": "Closed", "slug": "closed", "status": {"value": "retired", "label": "Retired"}},
        ],
        "dcim/devices": [
            {
                "id": 10,
                "name": "office-rt1",
                "site": {"id": 1, "slug": "office"},
                "role": {"id": 1, "slug": "edge-router"},
                "status": ACTIVE,
                "primary_ip": {"id": 5, "address": "10.20.0.1/24"},
            },
            {
                "id": 11,
                "name": "SW Tầng 1",
                "site": {"id": 1, "slug": "office"},
                "role": {"id": 2, "slug": "access-switch"},
                "status": ACTIVE,
                "primary_ip": {"id": 6, "address": "10.20.0.2/24"},
            },
        ],
        "circuits/circuits": [
            {
                "id": 20,
                "cid": "HN-0123",
                "provider": {"id": 1, "name": "VNPT"},
                "status": ACTIVE,
                "commit_rate": 300000,
            },
            {
                "id": 21,
                "cid": "HN-0124",
                "provider": {"id": 2, "name": "Viettel"},
                "status": ACTIVE,
                "commit_rate": None,
            },
            {
                "id": 22,
                "cid": "HN-0125",
                "provider": {"id": 2, "name": "Viettel"},
                "status": ACTIVE,
                "commit_rate": 100000,
            },
        ],
        "circuits/circuit-terminations": [
            {
                "id": 30,
                "circuit": {"id": 20},
                "term_side": "A",
                "termination_type": "dcim.site",
                "termination": {"id": 1, "slug": "office"},
                "port_speed": None,
                "upstream_speed": None,
                "link_peers": [{"id": 40, "name": "ether1", "device": {"id": 10, "name": "office-rt1"}}],
            },
            {
                "id": 31,
                "circuit": {"id": 21},
                "term_side": "A",
                "site": {"id": 1, "slug": "office"},
                "port_speed": 200000,
                "upstream_speed": 100000,
                "link_peers": [],
            },
            {"id": 32, "circuit": {"id": 22}, "term_side": "A", "site": {"id": 2, "slug": "tdp-2"}, "link_peers": []},
        ],
    }
