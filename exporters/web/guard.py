"""What stands before every answer: how often, who, and which headers.

As with Prometheus' exporters a name and a password are wanted for everything, health and metrics among it. Two things
are open: the style of the pages, which holds nothing of the ward, and the link in a message, whose token says more of
who opens it than a password would.
"""

import base64
import binascii
import logging
import math
import re
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Final, Protocol
from urllib.parse import parse_qs, parse_qsl

from fastapi.responses import PlainTextResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exporters.api.bodies import MOST_BYTES
from exporters.api.problems import PREFIX, problem_response
from exporters.web.attempts import Attempts
from exporters.web.caller import note_stream, note_token, note_user
from exporters.web.gate import Gate
from exporters.web.passwords import BusyError, Passwords
from model.rate import Bucket, Rate

MOST_WRONG: Final = 10
"""Wrong passwords from one address at once; afterwards one in six seconds."""

log = logging.getLogger(__name__)

_EVERY: Final = 6.0
_STATIC: Final = "/static/"
_ACK: Final = re.compile(r"/incidents/[^/]+/ack")
_CHALLENGE: Final = {"www-authenticate": 'Basic realm="Linkward", charset="UTF-8"'}
_EVENT_STREAM: Final = "text/event-stream"


class Counters(Protocol):
    """Who counts."""

    def authenticated(self, outcome: str) -> None:
        """A password was looked at: it was ``right`` or ``wrong``; or it was not, for the address must ``wait``."""


class Uncounted:
    """Counts nothing."""

    def authenticated(self, outcome: str) -> None:
        """Forget it."""


class _RefusedError(Exception):
    """A request that is not let in."""

    def __init__(self, status: HTTPStatus, what: str, mend: str, headers: Mapping[str, str]) -> None:
        super().__init__(what)
        self.status, self.what, self.mend, self.headers = status, what, mend, headers


class Guard:
    """Lets requests in.

    Args:
        app: What answers them.
        gate: What is in force.
        counters: Who counts passwords.
        clock: Monotonic seconds.
    """

    def __init__(self, app: ASGIApp, gate: Gate, counters: Counters, clock: Callable[[], float]) -> None:
        self._app = app
        self._gate = gate
        self._counters = counters
        self._clock = clock
        self._passwords = Passwords()
        self._wrong = Attempts(Rate(_EVERY, MOST_WRONG))
        self._requests = Bucket()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sending = _Sending(scope, send, self._gate.settings.http_server_config.headers.pairs())
        try:
            self._check_pace()
            receive = await self._let_in(scope, receive)
        except _RefusedError as refusal:
            await _answer(refusal, scope["path"])(scope, receive, sending)
            return
        await self._app(scope, receive, sending)

    def _check_pace(self) -> None:
        wanted = self._gate.settings.rate_limit
        if not wanted.interval:
            return
        wait = self._requests.take(Rate(wanted.interval, wanted.burst), self._clock())
        if wait:
            raise _too_often("too many requests come in all", wait)

    async def _let_in(self, scope: Scope, receive: Receive) -> Receive:
        """Find out who asks; the answer is where the request is read from."""
        if not self._gate.settings.basic_auth_users:
            return receive
        given = _credentials(Headers(scope=scope))
        if given is not None:
            await self._identify(scope, *given)
        elif _ACK.fullmatch(scope["path"]):
            return await _with_token(scope, receive)
        elif not scope["path"].startswith(_STATIC):
            raise _unknown("a name and a password are wanted")
        return receive

    async def _identify(self, scope: Scope, user: str, password: str) -> None:
        users, address, now = self._gate.settings.basic_auth_users, _address(scope), self._clock()
        # What was right before is looked at no sooner than this, or guessing would cost nothing.
        self._check_patience(address, now)
        if not self._passwords.is_known(user, password, users):
            self._wrong.charge(address, now)
            if not await self._is_right(user, password, address):
                self._counters.authenticated("wrong")
                log.warning("refused: a wrong name or password from %s", address)
                raise _unknown("the name or the password is wrong")
            self._wrong.refund(address)
            self._counters.authenticated("right")
        note_user(scope, user)

    async def _is_right(self, user: str, password: str, address: str) -> bool:
        try:
            return await self._passwords.is_right(user, password, self._gate.settings.basic_auth_users)
        except BusyError:
            self._wrong.refund(address)
            raise _too_often("too many passwords wait to be looked at", 1) from None

    def _check_patience(self, address: str, now: float) -> None:
        wait = self._wrong.wait(address, now)
        if wait:
            self._counters.authenticated("wait")
            raise _too_often(f"too many passwords from {address} were wrong", wait)


class _Sending:
    """Sends an answer with further headers, and notes whether it ends by itself."""

    def __init__(self, scope: Scope, send: Send, headers: Sequence[tuple[str, str]]) -> None:
        self._scope = scope
        self._send = send
        self._headers = headers

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in self._headers:
                headers.setdefault(name, value)
            if headers.get("content-type", "").startswith(_EVENT_STREAM):
                note_stream(self._scope)
        await self._send(message)


def _credentials(headers: Headers) -> tuple[str, str] | None:
    """Name and password (RFC 7617); ``None`` where none are there or they cannot be read."""
    scheme, _, encoded = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None


async def _with_token(scope: Scope, receive: Receive) -> Receive:
    """Let the link in a message through; what it asks for is for its token to allow."""
    if scope["method"] == "GET" and parse_qs(scope["query_string"].decode("latin-1")).get("token"):
        note_token(scope)
        return receive
    if scope["method"] == "POST":
        body = await _read(receive)
        if b"token" in dict(parse_qsl(body, keep_blank_values=True)):
            note_token(scope)
            return _again(body, receive)
    raise _unknown("a name and a password are wanted")


async def _read(receive: Receive) -> bytes:
    held = bytearray()
    while True:
        message = await receive()
        held += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body") or len(held) > MOST_BYTES:
            return bytes(held[: MOST_BYTES + 1])


def _again(body: bytes, receive: Receive) -> Receive:
    """Give what was read once more, and then what comes."""
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return pending.pop() if pending else await receive()

    return receive_again


def _address(scope: Scope) -> str:
    client: tuple[str, int] | None = scope.get("client")
    return client[0] if client else ""


def _unknown(what: str) -> _RefusedError:
    return _RefusedError(HTTPStatus.UNAUTHORIZED, what, "send them by basic authentication", _CHALLENGE)


def _too_often(what: str, wait: float) -> _RefusedError:
    seconds = max(1, math.ceil(wait))
    mend = f"try again in {seconds} s"
    return _RefusedError(HTTPStatus.TOO_MANY_REQUESTS, what, mend, {"retry-after": str(seconds)})


def _answer(refusal: _RefusedError, path: str) -> Response:
    if path.startswith(PREFIX):
        return problem_response(refusal.status, refusal.what, refusal.mend, refusal.headers)
    text = f"{refusal.what}: {refusal.mend}\n"
    return PlainTextResponse(text, refusal.status, headers=dict(refusal.headers))
