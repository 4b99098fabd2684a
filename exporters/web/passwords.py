"""Whether a name and a password belong together: by bcrypt, which is slow on purpose, beside the event loop.

What was right once is known again without bcrypt. Kept is a hash with a key that never leaves this process, over each
part with its length: parts that are merely joined could be shifted against each other (CVE-2022-46146), and without the
key nothing of a password can be learnt from what is kept.
"""

import asyncio
import hmac
import secrets
from collections.abc import Mapping
from typing import Final

import bcrypt
from pydantic import SecretStr

MOST_WAITING: Final = 20
"""Passwords that wait to be looked at: a flood of them must not make those wait who come later."""

_LONGEST: Final = 72  # bytes that bcrypt looks at; htpasswd and Go leave the rest out as well

Users = Mapping[str, SecretStr]
"""Hashes by name."""


class BusyError(Exception):
    """Too many passwords wait to be looked at."""


class Passwords:
    """Looks at one password at a time."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._right: dict[str, bytes] = {}  # one entry for each user at most
        self._turn = asyncio.Lock()
        self._waiting = 0

    def is_known(self, user: str, password: str, users: Users) -> bool:
        """Whether it was right before, and the user's hash has not changed since."""
        stored = users.get(user)
        if stored is None:
            return False
        return hmac.compare_digest(self._right.get(user, b""), self._digest(user, password, stored))

    async def is_right(self, user: str, password: str, users: Users) -> bool:
        """Whether it is right. A name that nobody bears takes as long as one that somebody does.

        Args:
            user: The name.
            password: As it was sent.
            users: At least one.

        Raises:
            BusyError: Try again later.
        """
        if self._waiting >= MOST_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            async with self._turn:
                return self.is_known(user, password, users) or await self._look(user, password, users)
        finally:
            self._waiting -= 1

    async def _look(self, user: str, password: str, users: Users) -> bool:
        stored = users.get(user)
        # Whose hash stands in depends on the name alone, so that the time says nothing where hashes differ in cost.
        looked_at = self._decoy(user, users) if stored is None else stored
        fits = await asyncio.to_thread(_fits, password.encode(), looked_at.get_secret_value().encode())
        if stored is None or not fits:
            return False
        self._right = {name: digest for name, digest in self._right.items() if name in users}
        self._right[user] = self._digest(user, password, stored)
        return True

    def _decoy(self, user: str, users: Users) -> SecretStr:
        number = int.from_bytes(hmac.digest(self._key, user.encode(), "sha256"), "big")
        return list(users.values())[number % len(users)]

    def _digest(self, user: str, password: str, stored: SecretStr) -> bytes:
        parts = (part.encode() for part in (user, password, stored.get_secret_value()))
        return hmac.digest(self._key, b"".join(len(part).to_bytes(8, "big") + part for part in parts), "sha256")


def _fits(password: bytes, stored: bytes) -> bool:
    return bcrypt.checkpw(password[:_LONGEST], stored)
