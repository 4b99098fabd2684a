"""One line for each request that was answered: who, what, with which status, how much, how long. No secret is in it."""

import logging
import re
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exporters.web.caller import user_in

ACCESS: Final = __name__
"""The name of the logger."""

log = logging.getLogger(ACCESS)

_SECRET: Final = re.compile(r"(?i)((?:^|[?&;])[^=&;]*(?:token|pass|secret|key|community|sign)[^=&;]*=)[^&;]*")
_LONGEST: Final = 2_000


class AccessLog:
    """Tells what was asked, as the common log format has it, with the time that it took.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and tell of it."""
        if scope["type"] != "http" or not log.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        counting = _Counting(send)
        begun = time.monotonic()
        try:
            await self._app(scope, receive, counting)
        finally:
            _tell(scope, counting, time.monotonic() - begun)


class _Counting:
    """Sends, and knows what was sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.length = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.length += len(message.get("body", b""))
        await self._send(message)


def shown(path: str, query: bytes) -> str:
    """What was asked for, without the values of parameters that may be secret.

    Args:
        path: Percent-encoded.
        query: What follows the question mark.
    """
    target = f"{path}?{query.decode('latin-1')}" if query else path
    return _SECRET.sub(r"\1…", target)[:_LONGEST]


def _tell(scope: Scope, sent: _Counting, seconds: float) -> None:
    client = (scope.get("client") or ("-",))[0]
    path = scope.get("raw_path", b"").decode("latin-1")
    told = {
        "client": client,
        "user": user_in(scope) or "-",
        "method": scope["method"],
        "target": shown(path, scope["query_string"]),
        "status": sent.status,
        "bytes": sent.length,
        "seconds": round(seconds, 4),
    }
    log.info('%(client)s %(user)s "%(method)s %(target)s" %(status)d %(bytes)d %(seconds).4fs', told, extra=told)
