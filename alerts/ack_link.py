"""Links in messages by which the person who reads one acknowledges its incident: signed, and good for a time only."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from itsdangerous import BadData, URLSafeTimedSerializer
from itsdangerous.timed import TimestampSigner

from model.ack_token import ExpiredTokenError, ForgedTokenError

DAY: Final = timedelta(hours=24)

_UTC_NOW: Final = partial(datetime.now, UTC)
_PURPOSE: Final = "linkward acknowledgement"  # so that the key may sign other things without one passing for the other


class _ClockedSigner(TimestampSigner):
    """Stamps by a clock that it is given."""

    def __init__(self, *args: Any, clock: Callable[[], datetime], **options: Any) -> None:
        super().__init__(*args, **options)
        self._clock = clock

    def get_timestamp(self) -> int:
        """Whole seconds since 1970."""
        return int(self._clock().timestamp())


class LinkSigner:
    """Makes links and opens their tokens.

    Args:
        key: The secret that signs; whoever has it can acknowledge in the name of anybody.
        base_url: Where people reach the pages, such as ``https://monitor.ward.example``; never with a password.
        max_age: How long a link is good.
        clock: The time of signing, aware.

    Raises:
        ValueError: The key is empty, with which everybody could sign.
    """

    def __init__(
        self,
        key: str,
        base_url: str,
        max_age: timedelta = DAY,
        clock: Callable[[], datetime] = _UTC_NOW,
    ) -> None:
        if not key:
            raise ValueError("the key that signs acknowledgement links is empty: give it a long random text")
        self._base = base_url.rstrip("/")
        self._max_age = max_age
        self._serializer = URLSafeTimedSerializer(
            key,
            salt=_PURPOSE,
            signer=_ClockedSigner,
            signer_kwargs={"clock": clock, "digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )

    def ack_url(self, incident_id: str, person: str) -> str:
        """The link for one person about one incident.

        Args:
            incident_id: Its id.
            person: A name under ``people``.
        """
        token = self._serializer.dumps([incident_id, person])
        return f"{self._base}/incidents/{quote(incident_id, safe='')}/ack?token={token}"

    def opened(self, token: str, now: datetime) -> tuple[str, str]:
        """The incident's id and the person that a token was signed for.

        Args:
            token: As it came.
            now: Aware.

        Raises:
            ForgedTokenError: It was not signed with this key, or was signed in the future.
            ExpiredTokenError: It is older than links are good for.
        """
        try:
            content, signed_at = self._serializer.loads(token, return_timestamp=True)
        except BadData:
            raise ForgedTokenError from None
        age = now - signed_at
        if age > self._max_age:
            raise ExpiredTokenError
        # A clock that was put back by a little is no forgery.
        if age < -self._max_age or not _is_pair(content):
            raise ForgedTokenError
        return content[0], content[1]


def _is_pair(content: object) -> bool:
    return isinstance(content, list) and len(content) == 2 and all(isinstance(part, str) for part in content)  # noqa: PLR2004  # an incident and a person
