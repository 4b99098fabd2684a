"""One HTTP POST with a hard deadline for all of it: name, connection, TLS, headers, body."""

import json
import logging
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import prepend_scheme_if_needed, select_proxy
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from alerts.receivers.deadline import Deadline, within
from alerts.receivers.delivery import Delivery, Outcome
from alerts.receivers.reasons import reason_of
from alerts.receivers.veil import Veil
from model.invalid import InvalidValueError

USER_AGENT: Final = f"Linkward/{version('linkward')}"
BODY_LIMIT: Final = 1_000
LONGEST_PAUSE: Final = 3600.0

_CONNECTING: Final = 1 / 3  # of the time for each address: where IPv6 is dead, IPv4 still has its turn
_FAILURES: Final = (requests.RequestException, HTTPError, OSError, ValueError)


class NoAnswerError(Exception):
    """There was none; the message says why, without secrets."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said.

    Attributes:
        status: Of HTTP.
        headers: Case-insensitive.
        body: Its beginning, as far as it came in time.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def is_success(self) -> bool:
        """2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    def pause(self, now: datetime) -> float | None:
        """Seconds that ``Retry-After`` asks for (RFC 9110 §10.2.3), 0 to 3600; ``None`` where it asks for nothing.

        Args:
            now: Aware; a date is reckoned from it.
        """
        text = self.headers.get("Retry-After", "").strip()
        seconds = float(text) if text.isascii() and text.isdecimal() else _until(text, now)
        return None if seconds is None else min(max(seconds, 0.0), LONGEST_PAUSE)


def check_url(url: str) -> str:
    """The URL, if it can be posted to.

    Raises:
        InvalidValueError: It cannot; the message does not hold it.
    """
    if not _is_postable(url):
        mend = "write http:// or https:// with a host, such as http://127.0.0.1:9000/alerts"
        raise InvalidValueError("this is no URL that can be posted to", mend)
    return url


def place_of(url: str) -> str:
    """Host and port, without anything that may be a secret."""
    return urlsplit(url).netloc.rpartition("@")[2]


def post_json(
    url: str, payload: Any, timeout: float, headers: Mapping[str, str] | None = None, limit: int = BODY_LIMIT
) -> Answer:
    """What a server answers to JSON. Redirects are not followed, certificates are verified.

    Args:
        url: As ``check_url`` lets it through.
        payload: What ``json`` can write.
        timeout: Seconds for all of it; a body that is slower than that is cut short.
        headers: Beside those that every request bears.
        limit: Bytes of the body that are read.

    Raises:
        NoAnswerError: There was none in time, or none that is HTTP.
    """
    # urllib3 tells at debug level what it asks for, and there is a token in some paths.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
    all_headers = {
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        **(headers or {}),
    }
    request = requests.Request("POST", url, all_headers, data=json.dumps(payload).encode())
    try:
        return within(timeout, lambda deadline: _exchange(request, deadline, limit))
    except TimeoutError:
        raise NoAnswerError(f"no answer within {timeout:g} s") from None
    except _FAILURES as error:
        raise NoAnswerError(reason_of(error)) from None


def verdict_on(answer: Answer, veil: Veil, now: datetime) -> Delivery:
    """What an answer means where its status says it all.

    Args:
        answer: Of the server.
        veil: Over what it must not be quoted with.
        now: Aware.
    """
    said = _said(answer, veil)
    if answer.is_success:
        return Delivery(Outcome.DELIVERED, f"HTTP {answer.status}")
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        detail = f"HTTP {answer.status}: it redirects, which is not followed; write the URL that it leads to"
        return Delivery(Outcome.REFUSED, detail)
    if is_passing(answer.status):
        return Delivery(Outcome.RETRY, said, answer.pause(now))
    return Delivery(Outcome.REFUSED, said)


def is_passing(status: int) -> bool:
    """Whether an error may be gone when it is tried again: too slow, too often, or the server's own."""
    passing = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
    return status in passing or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _is_postable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        requests.Request("POST", url).prepare()
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _said(answer: Answer, veil: Veil) -> str:
    body = veil(answer.body.decode(errors="replace"))
    return f"HTTP {answer.status}: {body}" if body else f"HTTP {answer.status}"


def _until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - now).total_seconds()


def _exchange(request: requests.Request, deadline: Deadline[Answer], limit: int) -> Answer:
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, _WatchedAdapter(deadline))
        prepared = session.prepare_request(request)
        settings = session.merge_environment_settings(prepared.url, {}, True, None, None)
        patience = (deadline.left * _CONNECTING, deadline.left)
        with session.send(prepared, allow_redirects=False, timeout=patience, **settings) as response:
            return _read(response, deadline, limit)


def _read(response: requests.Response, deadline: Deadline[Answer], limit: int) -> Answer:
    answer = Answer(response.status_code, response.headers)
    deadline.keep(answer)
    body = bytearray()
    try:
        for byte in islice(response.iter_content(1), limit):
            body += byte
    except _FAILURES:
        pass  # the status counts, whatever becomes of the words
    return Answer(answer.status, answer.headers, bytes(body))


class _WatchedAdapter(HTTPAdapter):
    """Has every connection watched, to a proxy too."""

    def __init__(self, deadline: Deadline[Answer]) -> None:
        super().__init__()
        self._pools = _watched_pools(deadline)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """The pool for a request; the pools behind a proxy are made when one is first asked for."""
        proxy = select_proxy(request.url or "", proxies)
        if proxy:
            url = prepend_scheme_if_needed(proxy, "http")  # type: ignore[no-untyped-call]  # requests left it so
            self.proxy_manager_for(url).pool_classes_by_scheme = self._pools
        return super().get_connection_with_tls_context(request, verify, proxies, cert)


def _watched_pools(deadline: Deadline[Answer]) -> dict[str, Any]:
    """Classes of urllib3 that know the deadline: it makes connections itself, and hands nothing through to them."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            connection = super()._new_conn()
            deadline.watch(connection)
            return connection

    class Secured(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            connection = super()._new_conn()
            deadline.watch(connection)
            return connection

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecuredPool(HTTPSConnectionPool):
        ConnectionCls = Secured

    return {"http": PlainPool, "https": SecuredPool}
