"""Keeps secrets out of what strangers say: servers like to repeat what they were asked."""

import base64
from typing import Final, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from model.text import one_line

_SHORTEST: Final = 3
_MARK: Final = "***"
_LONGEST: Final = 200


class Veil:
    """Takes secrets out of text.

    Args:
        *secrets: What must not be seen; shorter ones than 3 characters are left, for they are in every text.
    """

    def __init__(self, *secrets: str) -> None:
        spellings = {spelling for secret in secrets for spelling in (secret, unquote(secret), quote(secret, safe=""))}
        self._secrets = sorted((text for text in spellings if len(text) >= _SHORTEST), key=len, reverse=True)

    @classmethod
    def of_url(cls, url: str) -> Self:
        """Of all in a URL that may be a secret: its user and password, its path piece by piece, its query's values."""
        parts = urlsplit(url)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        login = base64.b64encode(f"{user}:{password}".encode()).decode() if parts.username else ""
        values = [value for _, value in parse_qsl(parts.query)]
        return cls(user, password, login, parts.path, *parts.path.split("/"), parts.query, *values)

    def __call__(self, text: str) -> str:
        """The text on one line of at most 200 characters, with ``***`` for each secret."""
        for secret in self._secrets:
            text = text.replace(secret, _MARK)
        return one_line(text)[:_LONGEST]
