"""Zalo, by its Bot API: ``zalo://TOKEN/CHAT_ID``, with ``?api=http://127.0.0.1:8080`` for a proxy or a test.

The token is a part of the path that is asked for, and so of everything that could name it: nothing here does.
API: https://docs.zaloplatforms.com/docs/BOT/apis/sendMessage
"""

import json
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from alerts.notice import Notice
from alerts.receivers.delivery import Configured, Delivery, Outcome, utc_now
from alerts.receivers.http import Answer, NoAnswerError, check_url, is_passing, post_json
from alerts.receivers.veil import Veil
from alerts.receivers.wording import cut_at_line, whole_text
from model.invalid import InvalidValueError

LONGEST: Final = 2000

_API: Final = "https://bot-api.zaloplatforms.com"
_MEND: Final = "write zalo://TOKEN/CHAT_ID, as the bot's page and its first message give them"
_PAUSE: Final = 60.0
_BODY_LIMIT: Final = 16_000  # a message is repeated in its receipt
_SHOWN: Final = 4


class Zalo(Configured):
    """A bot that writes to one chat.

    Args:
        url: As above.
        now: The clock, for a ``Retry-After`` that is a date.

    Raises:
        InvalidValueError: The URL cannot be used; the message does not hold the token.
    """

    kind: Final = "zalo"

    def __init__(self, url: str, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(url)
        token, self._chat, api = _parse(url)
        self._url = check_url(f"{api.rstrip('/')}/bot{quote(token, safe=':')}/sendMessage")
        self._veil = Veil(token)
        self._now = now
        self.place = f"chat …{self._chat[-_SHOWN:]}"

    def send(self, notice: Notice, timeout: float) -> Delivery:
        """Write it once; what is longer than Zalo allows ends with an ellipsis."""
        payload = {"chat_id": self._chat, "text": cut_at_line(whole_text(notice.words), LONGEST)}
        try:
            answer = post_json(self._url, payload, timeout, limit=_BODY_LIMIT)
        except NoAnswerError as error:
            return Delivery(Outcome.RETRY, str(error))
        return self._verdict(answer, _object(answer.body))

    def _verdict(self, answer: Answer, said: dict[str, Any]) -> Delivery:
        if answer.is_success and said.get("ok") is True:
            result = said.get("result")
            receipt = result.get("message_id", "") if isinstance(result, dict) else ""
            return Delivery(Outcome.DELIVERED, f"HTTP {answer.status}", receipt=self._veil(str(receipt)))
        code = said.get("error_code") if answer.is_success else answer.status
        words = self._veil(str(said.get("description", "")))
        detail = f"{code}: {words}" if words else f"{code}"
        match code:
            case HTTPStatus.UNAUTHORIZED:
                return Delivery(Outcome.REFUSED, "401: the token is not valid any more; write the bot's new one")
            case HTTPStatus.TOO_MANY_REQUESTS:
                pause = answer.pause(self._now())
                return Delivery(Outcome.RETRY, detail, _PAUSE if pause is None else pause)
            case int() if is_passing(code):
                return Delivery(Outcome.RETRY, detail, answer.pause(self._now()))
            case int() if code >= HTTPStatus.MULTIPLE_CHOICES:
                return Delivery(Outcome.REFUSED, detail)
            case _:
                return Delivery(Outcome.RETRY, f"HTTP {answer.status}, but it is not Zalo's answer")


def _parse(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    token, chat = unquote(parts.netloc), unquote(parts.path.strip("/"))
    query = dict(parse_qsl(parts.query))
    if not token or not chat or "/" in chat or "@" in token or parts.fragment:
        raise InvalidValueError("this Zalo URL names no token and chat", _MEND)
    if not query.keys() <= {"api"}:
        raise InvalidValueError(f"a Zalo URL has no {', '.join(sorted(query.keys() - {'api'}))}", _MEND)
    return token, chat, query.get("api", _API)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
