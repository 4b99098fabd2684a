"""What the requests of both endpoints have in common: parameters, patience, refusals in plain words."""

from collections.abc import Mapping
from http import HTTPStatus
from math import isfinite
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from exporters.exposition import OPENMETRICS_END, Style
from exporters.negotiation import style_for
from model.text import harmless, one_line

NOUNS: Final = ("site", "link", "device", "service")
"""Parameters that say for whom a target is meant, where several hold the same."""

_PATIENCE_WITHOUT_HEADER: Final = 120.0
_KEPT_FOR_THE_ANSWER: Final = 0.5


class RefusedError(Exception):
    """The request is not carried out.

    Args:
        status: 400, 404, 500 or 503.
        words: What is wrong and how to mend it.
    """

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status

    def answer(self) -> Response:
        """As plain text, as the exporters answer."""
        headers = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
        return PlainTextResponse(f"{harmless(str(self))}\n", self.status, headers)


def first(request: Request, name: str) -> str:
    """The first value of a parameter, as Go programs take it; empty where there is none."""
    return next(iter(request.query_params.getlist(name)), "")


def narrowed(request: Request) -> Mapping[str, str]:
    """For whom the target is meant."""
    return {noun: name for noun in NOUNS if (name := first(request, noun))}


def patience(request: Request, longest: float | None) -> float:
    """Seconds that may be taken: what Prometheus grants, less half a second for the answer.

    Args:
        request: With or without the header.
        longest: By the inventory; it also holds where Prometheus grants less than half a second.

    Raises:
        RefusedError: 500, as blackbox_exporter answers a header that is no number.
    """
    written = request.headers.get("x-prometheus-scrape-timeout-seconds", "")
    try:
        granted = float(written or 0)
    except ValueError:
        granted = float("nan")
    if not isfinite(granted):
        words = f"Failed to parse timeout from Prometheus header: {one_line(written)!r} is no number of seconds"
        raise RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, words)
    left = (granted or _PATIENCE_WITHOUT_HEADER) - _KEPT_FOR_THE_ANSWER
    if longest is not None and (left > longest or left <= 0):
        return longest
    return left if left > 0 else _KEPT_FOR_THE_ANSWER


def not_held(target: str, what: str, mend: str) -> RefusedError:
    """Nobody has written this target into the inventory."""
    return RefusedError(HTTPStatus.NOT_FOUND, f"the inventory holds no {what} {one_line(target)!r}: {mend}")


def exposed(text: str, style: Style) -> Response:
    """Metrics in this format."""
    body = text + (OPENMETRICS_END if style is Style.OPENMETRICS else "")
    return Response(body, headers={"content-type": style.value, "cache-control": "no-store", "vary": "accept"})


def style_of(request: Request) -> Style:
    """The format that the request asks for."""
    return style_for(request.headers.get("accept", ""))
