"""Whoever asks again for what has not changed is told so, and need not be sent it again (RFC 9110 §13.1.2)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response
from pydantic import TypeAdapter

NOT_MODIFIED: Final[dict[int | str, dict[str, Any]]] = {
    HTTPStatus.NOT_MODIFIED.value: {
        "description": "Nothing but `now` has changed since the answer whose `ETag` was sent as `If-None-Match`."
    }
}
"""For the description of a route."""

_BYTES: Final = 12
_MOMENT: Final = TypeAdapter(datetime)


def moment_json(moment: datetime) -> bytes:
    """A time as it stands in an answer."""
    return _MOMENT.dump_json(moment)


def tag_of(parts: Iterable[bytes]) -> str:
    """A weak tag of what is answered, without the time at which it is: for then nothing would ever be the same."""
    digest = blake2b(digest_size=_BYTES)
    for part in parts:
        digest.update(part)
    return f'W/"{digest.hexdigest()}"'


def headers_of(tag: str) -> Mapping[str, str]:
    """What goes with an answer of this tag: keep it, but ask before you show it again."""
    return {"etag": tag, "cache-control": "private, no-cache"}


def unchanged(request: Request, tag: str) -> Response | None:
    """The answer to somebody who has it already; ``None`` to others."""
    known = {text.strip().removeprefix("W/") for text in request.headers.get("if-none-match", "").split(",")}
    if tag.removeprefix("W/") in known or "*" in known:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers_of(tag))
    return None
