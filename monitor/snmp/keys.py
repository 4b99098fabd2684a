"""An SNMPv3 user's keys: passwords become keys once per user and once per engine (RFC 3414 §2.6, RFC 7860 §4).

Expanding a password costs milliseconds, so it is done once for all agents that share the credentials.
"""

from typing import Final, Literal

from gufo.snmp import (
    Aes128Key,
    Aes192Key,
    Aes256Key,
    DesKey,
    KeyExpansion,
    Md5Key,
    Sha1Key,
    Sha224Key,
    Sha256Key,
    Sha384Key,
    Sha512Key,
    User,
)
from gufo.snmp.user import BaseAuthKey, BasePrivKey, KeyType

from model.inventory import Credentials
from model.measurement import Reason
from monitor.snmp.session import NotPossibleError
from monitor.snmp.usm import DIGESTS, Guard

_AUTH: Final[dict[str, type[BaseAuthKey]]] = {
    "MD5": Md5Key,
    "SHA": Sha1Key,
    "SHA-224": Sha224Key,
    "SHA-256": Sha256Key,
    "SHA-384": Sha384Key,
    "SHA-512": Sha512Key,
}
_PRIVACY: Final[dict[str, type[BasePrivKey]]] = {
    "DES": DesKey,
    "AES-128": Aes128Key,
    "AES-192": Aes192Key,
    "AES-256": Aes256Key,
    "AES-192-C": Aes192Key,
    "AES-256-C": Aes256Key,
}


class UserKeys:
    """A user of SNMPv3 with the keys of its passwords; it never prints them.

    Attributes:
        digest: The authentication protocol; ``None`` for noAuthNoPriv.
        private: Whether there is a privacy protocol.
    """

    __slots__ = ("_auth", "_user", "digest", "private")

    def __init__(self, credentials: Credentials) -> None:
        """Expand the passwords.

        Raises:
            NotPossibleError: Privacy without authentication, or a protocol without its passphrase.
        """
        check_levels(credentials)
        name = credentials.user or ""
        self._auth = _AUTH[credentials.auth] if credentials.auth else None
        self.digest = DIGESTS[credentials.auth] if credentials.auth else None
        self.private = credentials.privacy is not None
        if self._auth is None:
            self._user = User(name)
            return
        self._user = User(
            name,
            auth_key=self._auth(self._master(passphrase_of(credentials, "auth")), KeyType.Master),
            priv_key=self._privacy(credentials),
            key_expansion=KeyExpansion.Cisco if (credentials.privacy or "").endswith("-C") else KeyExpansion.Blumenthal,
        )

    def for_gufo(self) -> tuple[str, int, bytes, int, bytes]:
        """Name, authentication and privacy as gufo's ``set_keys`` takes them."""
        user = self._user
        return user.name, user.get_auth_alg(), user.get_auth_key(), user.get_priv_alg(), user.get_priv_key()

    def without_privacy(self) -> tuple[str, int, bytes, int, bytes]:
        """The same for authNoPriv, at which the engine's time is asked (RFC 3414 §4)."""
        user = User(self._user.name, auth_key=self._user.auth_key)
        return user.name, user.get_auth_alg(), user.get_auth_key(), 0, b""

    def guard(self, engine_id: bytes) -> Guard:
        """What to believe from one engine."""
        key = b""
        if self._auth is not None:
            key = self._auth.get_localized_key(self._user.get_auth_key(), engine_id)
        return Guard(engine_id, self._user.name.encode(), self.digest, key)

    def _privacy(self, credentials: Credentials) -> BasePrivKey | None:
        if credentials.privacy is None:
            return None
        return _PRIVACY[credentials.privacy](self._master(passphrase_of(credentials, "privacy")), KeyType.Master)

    def _master(self, passphrase: bytes) -> bytes:
        if self._auth is None:
            return b""
        return self._auth.get_master_key(passphrase)


def check_levels(credentials: Credentials) -> None:
    """Refuse a level that SNMPv3 does not have.

    Raises:
        NotPossibleError: Privacy without authentication.
    """
    if credentials.privacy and not credentials.auth:
        raise NotPossibleError(Reason.LOCAL, "SNMPv3 privacy needs authentication: add `auth` to the credentials")


def passphrase_of(credentials: Credentials, what: Literal["auth", "privacy"]) -> bytes:
    """The passphrase of a protocol.

    Raises:
        NotPossibleError: There is none.
    """
    secret = credentials.auth_passphrase if what == "auth" else credentials.privacy_passphrase
    if secret is None or not secret.get_secret_value():
        raise NotPossibleError(Reason.LOCAL, f"SNMPv3 `{what}` needs its passphrase: add `{what}_passphrase`")
    return secret.get_secret_value().encode()


def community_of(credentials: Credentials) -> str:
    """The community of version 1 or 2c credentials.

    Raises:
        NotPossibleError: There is none.
    """
    if credentials.community is None:
        raise NotPossibleError(
            Reason.LOCAL, f"SNMP version {credentials.version} needs a `community` in its credentials"
        )
    return credentials.community.get_secret_value()
