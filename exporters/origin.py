"""No page of another site may change anything here through the browser of somebody who has both open.

There are no cookies, yet a browser adds the name and password of basic authentication to whatever it is told to send
here, and it reaches a daemon that only the machine or the ward's network reaches. So what changes something is taken
from our own pages only, and from programs, which are no browsers. That needs no token in a form: a browser says itself
where a request comes from, and a page cannot make it say something else.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from fastapi.responses import PlainTextResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from exporters.api.problems import PREFIX, problem_response

_CHANGES_NOTHING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OUR_OWN: Final = frozenset({"same-origin", "none"})  # none: a person's own doing, such as a reload
_WHAT: Final = "another site's page asked for this"
_MEND: Final = "do it on the daemon's own pages, by the command line, or by a program that sends no Origin"


class SameOrigin:
    """Refuses what another site's page lets a browser send.

    Args:
        app: What answers everything else.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] in _CHANGES_NOTHING or not is_foreign(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        refusal = (
            problem_response(HTTPStatus.FORBIDDEN, _WHAT, _MEND)
            if scope["path"].startswith(PREFIX)
            else PlainTextResponse(f"{_WHAT}: {_MEND}\n", HTTPStatus.FORBIDDEN)
        )
        await refusal(scope, receive, send)


def is_foreign(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a page of another site asks.

    Args:
        headers: Of the request, by names in small letters.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in _OUR_OWN
    # Over http:// to another machine browsers leave that header out, but never Origin. Schemes are not compared: behind
    # a proxy that speaks TLS ours is http.
    origin = headers.get("origin")
    return origin is not None and _place(origin) != headers.get("host", "").casefold()


def _place(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.casefold()
    except ValueError:
        return None
