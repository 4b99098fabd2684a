"""One scrape of ``/metrics``: from headers and query to a stream of bytes that lets the daemon breathe."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from zlib_ng import zlib_ng

from exporters.breathing import breathing
from exporters.exposition import OPENMETRICS_END, Style, exposition
from exporters.latest import Latest
from exporters.negotiation import gzip_accepted, style_for
from exporters.own import OwnMetrics

_GZIP_LEVEL: Final = 2
"""Of zlib-ng: a third of what zlib's fastest takes, and three quarters of its size."""
_GZIP_WINDOW: Final = 31  # zlib's way to ask for a gzip header


class Scrape:
    """Answers ``/metrics``.

    Args:
        latest: What is known of every subject.
        own: The daemon's own counters.
        clock: Monotonic seconds, the same clock that ``Latest.record`` was given.
    """

    def __init__(self, latest: Latest, own: OwnMetrics, clock: Callable[[], float]) -> None:
        self._latest = latest
        self._own = own
        self._clock = clock

    async def answer(self, request: Request) -> Response:
        """All metrics, or with ``?site=``, once or more often, those of these sites, without the daemon's own."""
        asked = request.query_params.getlist("site")
        unknown = next((site for site in asked if not self._latest.has_site(site)), None)
        if unknown is not None:
            return PlainTextResponse(f"no site {unknown[:64]!r} in the inventory: ask with the id of a site\n", 404)
        style = style_for(request.headers.get("accept", ""))
        slices = self._slices(frozenset(asked) if asked else None, style)
        if not _gzip_is_worth_it(request):
            return StreamingResponse(breathing(slices), headers=_headers(style, {}))
        return StreamingResponse(breathing(_zipped(slices)), headers=_headers(style, {"content-encoding": "gzip"}))

    def _slices(self, sites: frozenset[str] | None, style: Style) -> Iterator[bytes]:
        if sites is None:
            yield self._own.text(style).encode()
        yield from exposition(self._latest.blocks(self._clock(), sites), style)
        if style is Style.OPENMETRICS:
            yield OPENMETRICS_END.encode()


def _headers(style: Style, further: Mapping[str, str]) -> Mapping[str, str]:
    return {"content-type": style.value, "vary": "accept, accept-encoding", "cache-control": "no-store", **further}


def _gzip_is_worth_it(request: Request) -> bool:
    """On the same machine bytes cost next to nothing, and the other side would have to unpack them."""
    host = request.client.host if request.client else ""
    on_loopback = host.startswith("127.") or host in {"::1", "::ffff:127.0.0.1"}
    return not on_loopback and gzip_accepted(request.headers.get("accept-encoding", ""))


def _zipped(slices: Iterator[bytes]) -> Iterator[bytes]:
    """The slices, compressed as it goes; empty while the packer only collects."""
    packer = zlib_ng.compressobj(_GZIP_LEVEL, wbits=_GZIP_WINDOW)
    for text in slices:
        yield packer.compress(text)
    yield packer.flush()
