"""The users of SNMPv3 whose notifications are read: their keys, and what is known of the engines they speak for."""

import hmac
from collections import OrderedDict
from typing import Any, Final, NamedTuple

from pyasn1.type import univ
from pysnmp.proto.secmod.rfc3414.service import SnmpUSMSecurityModel

from model.inventory import Credentials
from monitor.snmp.keys import passphrase_of
from monitor.snmp.pysnmp_protocols import AUTH, PRIVACY
from monitor.snmp.usm import DIGESTS, Digest
from monitor.traps.heard import WrongCredentialsError
from monitor.traps.outside import AUTHENTICATED, ENCRYPTED, SecureMessage

TIME_WINDOW: Final = 150
"""Seconds, RFC 3414 §2.2.3."""
_MOST_ENGINES: Final = 1_024  # of one user; the one that was silent longest is forgotten


class Clock(NamedTuple):
    """What an engine that has signed for a user said of its clock, and when that was heard, in monotonic seconds."""

    boots: int
    time: int
    heard: float


class User:
    """One user, as credentials of the inventory describe it.

    Attributes:
        name: Security name.
        level: AUTHENTICATED and ENCRYPTED, as its messages must be: neither less nor more.
        digest: Its authentication protocol; ``None`` for noAuthNoPriv.
    """

    __slots__ = ("_auth", "_clocks", "_masters", "_privacy", "digest", "level", "name")

    def __init__(self, credentials: Credentials) -> None:
        """Expand the passwords, which takes some ten milliseconds for each.

        Raises:
            NotPossibleError: A protocol lacks its passphrase.
        """
        self.name = (credentials.user or "").encode()
        self.level = (AUTHENTICATED if credentials.auth else 0) | (ENCRYPTED if credentials.privacy else 0)
        self.digest: Digest | None = DIGESTS[credentials.auth] if credentials.auth else None
        self._clocks: OrderedDict[bytes, Clock] = OrderedDict()
        self._auth = AUTH[credentials.auth] if credentials.auth else None
        self._privacy = PRIVACY[credentials.privacy] if credentials.privacy else None
        self._masters: tuple[bytes, Any] = (b"", None)
        if self._auth:
            service = SnmpUSMSecurityModel.AUTH_SERVICES[self._auth]
            self._masters = (bytes(service.hash_passphrase(passphrase_of(credentials, "auth"))), None)
        if self._privacy:
            hidden = self._cipher.hash_passphrase(self._auth, passphrase_of(credentials, "privacy"))
            self._masters = (self._masters[0], hidden)

    @property
    def engines(self) -> int:
        """Of how many engines the clock is remembered; bounded."""
        return len(self._clocks)

    def check(self, data: bytes, message: SecureMessage) -> None:
        """Whether a message is signed by this user.

        Raises:
            WrongCredentialsError: It is not at this user's level, or not signed so: a digest that is empty or of
                another length is no signature (RFC 3414 §3.2, steps 5 and 6).
        """
        if message.flags & (AUTHENTICATED | ENCRYPTED) != self.level:
            raise WrongCredentialsError("not at the security level of its user")
        if self.digest is None:
            if message.digest[0] != message.digest[1]:
                raise WrongCredentialsError("a signature, though its user has no `auth`")
            return
        signature = self.sign(data, message.digest, message.engine_id)
        if not hmac.compare_digest(signature, data[slice(*message.digest)]):  # also of another length
            raise WrongCredentialsError("its signature is not of the user's `auth` and `auth_passphrase`")

    def sign(self, data: bytes, span: tuple[int, int], engine_id: bytes) -> bytes:
        """The signature of a message, reckoned with zeros where it is to stand (RFC 3414 §6.3, RFC 7860 §4.2)."""
        if self.digest is None:
            return b""
        start, end = span
        blank = data[:start] + bytes(end - start) + data[end:]
        master = self._masters[0]
        key = self.digest.hash(master + engine_id + master).digest()  # RFC 3414 §2.6; pysnmp takes 50 times as long
        return hmac.new(key, blank, self.digest.hash).digest()[: self.digest.length]

    def mind_clock(self, message: SecureMessage, now: float) -> None:
        """Learn the clock of the engine that has signed, and refuse what it signed long ago (RFC 3414 §3.2 7b).

        Args:
            message: One that ``check`` has believed.
            now: Monotonic seconds.

        Raises:
            WrongCredentialsError: It is from before the engine's last start, or more than 150 s late.
        """
        if self.digest is None:
            return
        known = self._clocks.get(message.engine_id)
        if known is not None and _is_old(message, known, now):
            raise WrongCredentialsError(
                "signed long ago: repeated by somebody, or its agent does not count its starts (snmpEngineBoots)"
            )
        if known is None or (message.boots, message.time) > (known.boots, known.time):
            self._clocks[message.engine_id] = Clock(message.boots, message.time, now)
        self._clocks.move_to_end(message.engine_id)
        if len(self._clocks) > _MOST_ENGINES:
            self._clocks.popitem(last=False)

    def decrypt(self, message: SecureMessage, data: bytes) -> bytes:
        """The scoped PDU of an encrypted message; anything may be raised, for the octets are a peer's."""
        when = (message.boots, message.time, univ.OctetString(message.salt))
        return bytes(self._cipher.decrypt_data(self._key(message.engine_id), when, univ.OctetString(data)))

    def encrypt(self, engine_id: bytes, boots: int, time: int, data: bytes) -> tuple[bytes, bytes]:
        """The same the other way: octets and privacy parameters."""
        octets, salt = self._cipher.encrypt_data(self._key(engine_id), (boots, time, None), data)
        return bytes(octets), bytes(salt)

    @property
    def _cipher(self) -> Any:
        return SnmpUSMSecurityModel.PRIV_SERVICES[self._privacy]

    def _key(self, engine_id: bytes) -> Any:
        """The privacy key for one engine, localized and extended as its protocol wants."""
        return self._cipher.localize_key(self._auth, self._masters[1], univ.OctetString(engine_id))


def _is_old(message: SecureMessage, known: Clock, now: float) -> bool:
    if message.boots != known.boots:
        return message.boots < known.boots
    return message.time < known.time + (now - known.heard) - TIME_WINDOW
