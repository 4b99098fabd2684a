"""Who asks, as far as the guard has found out. It is written beside the request, where no client can write."""

from collections.abc import Mapping, MutableMapping
from typing import Any, Final

from starlette.requests import Request

_USER: Final = "linkward.user"
_BY_TOKEN: Final = "linkward.by_token"  # noqa: S105  # the name of an entry
_STREAM: Final = "linkward.stream"


def note_user(scope: MutableMapping[str, Any], user: str) -> None:
    """Somebody has shown who they are."""
    scope[_USER] = user


def note_token(scope: MutableMapping[str, Any]) -> None:
    """Whoever asks has shown nothing but the token of a link, and may do what the link is for."""
    scope[_BY_TOKEN] = True


def note_stream(scope: MutableMapping[str, Any]) -> None:
    """The answer goes on for as long as somebody listens."""
    scope[_STREAM] = True


def user_of(request: Request) -> str:
    """The name of the user; empty where nobody has to have one."""
    return str(request.scope.get(_USER, ""))


def is_by_token(request: Request) -> bool:
    """Whether whoever asks may do nothing but what a link is for."""
    return bool(request.scope.get(_BY_TOKEN))


def user_in(scope: Mapping[str, Any]) -> str:
    """As ``user_of``."""
    return str(scope.get(_USER, ""))


def is_stream(scope: Mapping[str, Any] | None) -> bool:
    """Whether the answer goes on for as long as somebody listens."""
    return bool(scope and scope.get(_STREAM))
