"""The receiving half of SNMPv3's User-based Security Model (RFC 3414 §3.2): which answers are believed.

The engine signs and encrypts what we send; here the digest, the level and the time of what comes back are checked.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from monitor.snmp.ber import REPORT, RESPONSE, MalformedError, SecureMessage
from monitor.snmp.session import NotAllowedError, Objection

_TIME_WINDOW: Final = 150  # seconds, RFC 3414 §2.2.3
# usmStats, 1.3.6.1.6.3.15.1.1.N.0, RFC 3414 §5
_USM_STATS: Final = bytes((0x2B, 6, 1, 6, 3, 15, 1, 1))
_UNKNOWN_ENGINE_IDS: Final = 4  # N of usmStatsUnknownEngineIDs
_LONGEST_ENGINE_ID: Final = 32  # RFC 3411 §5


@dataclass(frozen=True, slots=True)
class Digest:
    """An authentication protocol: its hash, and how many octets of the HMAC are sent (RFC 3414 §6, RFC 7860 §4)."""

    hash: Callable[..., "hashlib._Hash"]
    length: int


DIGESTS: Final = {
    "MD5": Digest(hashlib.md5, 12),
    "SHA": Digest(hashlib.sha1, 12),
    "SHA-224": Digest(hashlib.sha224, 16),
    "SHA-256": Digest(hashlib.sha256, 24),
    "SHA-384": Digest(hashlib.sha384, 32),
    "SHA-512": Digest(hashlib.sha512, 48),
}


class Guard:
    """What is believed from one authoritative engine, once its id and the localized key are known.

    Args:
        engine_id: The agent's snmpEngineID.
        user: Our security name, as sent.
        digest: The user's authentication protocol; ``None`` for noAuthNoPriv.
        key: The localized authentication key; empty for noAuthNoPriv.
    """

    __slots__ = ("_boots", "_digest", "_engine_id", "_heard", "_key", "_time", "_user")

    def __init__(self, engine_id: bytes, user: bytes, digest: Digest | None, key: bytes) -> None:
        self._engine_id = engine_id
        self._user = user
        self._digest = digest
        self._key = key
        self._boots = 0
        self._time = 0
        self._heard = 0.0

    def believes(self, message: SecureMessage, data: bytes, message_id: int, *, private: bool) -> bool:
        """Whether a message answers the request ``message_id``, at the level at which it was asked.

        A Report may come unauthenticated (RFC 3414 §3.2 sends most of them so) and is no source of values.
        """
        if message.message_id != message_id or message.user != self._user:
            return False
        tag = None if message.pdu is None else message.pdu.tag
        if tag == REPORT and not message.authenticated:
            return True
        if message.engine_id != self._engine_id or tag not in {None, RESPONSE, REPORT}:
            return False
        if private and tag == RESPONSE:
            return False
        if self._digest is None:
            return not message.authenticated
        return message.authenticated and self._is_signed(message, data) and self._is_timely(message)

    def _is_signed(self, message: SecureMessage, data: bytes) -> bool:
        start, end = message.digest
        if self._digest is None or end - start != self._digest.length:
            return False
        blank = data[:start] + bytes(end - start) + data[end:]
        expected = hmac.new(self._key, blank, self._digest.hash).digest()[: self._digest.length]
        return hmac.compare_digest(expected, data[start:end])

    def _is_timely(self, message: SecureMessage) -> bool:
        """RFC 3414 §3.2 7b: an engine's boots never fall, its time is at most 150 s behind what it should be."""
        now = time.monotonic()
        if message.boots < self._boots:
            return False
        expected = self._time + (now - self._heard) if message.boots == self._boots else 0.0
        if message.time < expected - _TIME_WINDOW:
            return False
        self._boots, self._time, self._heard = message.boots, message.time, now
        return True


class PrivacyDoubt:
    """Tells a wrong privacy key from lost packets: agents drop what they cannot decrypt without a word.

    A request is silent *after* the agent has just answered the discovery and the signed time request. Once may be a
    lost packet; twice, from an agent that never yet answered an encrypted request, is the key.
    """

    __slots__ = ("_settled", "_silences")

    def __init__(self) -> None:
        self._settled = False
        self._silences = 0

    def settle(self) -> None:
        """An encrypted request was answered."""
        self._settled = True

    def add_silence(self) -> None:
        """An encrypted request was not answered.

        Raises:
            NotAllowedError: It was the second, and none was ever answered.
        """
        self._silences += 1
        if not self._settled and self._silences > 1:
            mend = "compare `privacy` and `privacy_passphrase` with the agent's"
            raise NotAllowedError(
                f"the agent knows the user but answers no encrypted request: {mend}", Objection.PRIVACY
            )


def discovers(message: SecureMessage, message_id: int) -> bool:
    """Whether a message is the Report that tells the agent's engine id (RFC 3414 §4).

    Raises:
        MalformedError: It is, but the engine id is empty or longer than 32 octets.
    """
    if message.message_id != message_id or message.pdu is None or message.pdu.tag != REPORT:
        return False
    if not 0 < len(message.engine_id) <= _LONGEST_ENGINE_ID:
        raise MalformedError("an engine id without sense")
    return True


def wants_resynchronisation(message: SecureMessage) -> bool:
    """Whether a Report says that our idea of the engine's time is old.

    Raises:
        NotAllowedError: The Report refuses the user, the key or the level.
    """
    counter = message.report[len(_USM_STATS)] if message.report[:-2] == _USM_STATS else 0
    match counter:
        case 1:
            what = "the agent does not allow this user at this security level: compare auth and privacy"
            raise NotAllowedError(what, Objection.LEVEL)
        case 3:
            what = "the agent does not know this user: compare `user` with the agent's"
            raise NotAllowedError(what, Objection.USER)
        case 5:
            what = "the agent refuses the digest: compare `auth` and `auth_passphrase` with the agent's"
            raise NotAllowedError(what, Objection.KEY)
        case 6:
            what = "the agent cannot decrypt: compare `privacy` and `privacy_passphrase` with the agent's"
            raise NotAllowedError(what, Objection.PRIVACY)
        case 2:
            return True
        case _:
            return False


def asks_for_discovery(message: SecureMessage) -> bool:
    """Whether a Report says that the agent has another engine id by now."""
    return message.report[:-2] == _USM_STATS and message.report[len(_USM_STATS)] == _UNKNOWN_ENGINE_IDS
