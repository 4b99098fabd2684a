"""Notifications of version 3: who may speak is looked at first, then pysnmp decrypts and decodes; informs are answered.

For an inform we are the authoritative engine (RFC 3414 §1.5.1): its sender asks for our engine id and clock first.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from pyasn1.codec.ber import encoder
from pyasn1.type import univ
from pysnmp.proto import rfc1902, rfc1905
from pysnmp.proto.api import v2c
from pysnmp.proto.mpmod.rfc3412 import ScopedPDU, SNMPv3Message
from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters

from monitor.snmp.ber import MalformedError
from monitor.traps.heard import Heard, WrongCredentialsError
from monitor.traps.outside import (
    AUTHENTICATED,
    ENCRYPTED,
    INFORM,
    LONGEST_MESSAGE,
    REPORTABLE,
    SecureMessage,
    check_scoped,
    read_outside,
)
from monitor.traps.pdus import bindings_of, decoded, receipt_of
from monitor.traps.users import TIME_WINDOW, User

_SHORTEST_ENGINE_ID: Final = 5  # octets, RFC 3411 §5
# usmStats of RFC 3414 §5
_NOT_IN_TIME: Final = "1.3.6.1.6.3.15.1.1.2.0"
_UNKNOWN_ENGINE: Final = "1.3.6.1.6.3.15.1.1.4.0"
_BOOTS_EVERY: Final = 60


class Ticket(NamedTuple):
    """A message that may be read.

    Attributes:
        message: Its outside.
        user: Whose it is; ``None`` for one that asks for our engine id, which has no user yet.
        asks: The counter of the Report that it gets in place of being read; empty where it is read.
    """

    message: SecureMessage
    user: User | None
    asks: str = ""


class SecureReader:
    """Reads messages of SNMPv3 under one engine id of our own."""

    def __init__(
        self,
        engine_id: bytes,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Begin an engine.

        Args:
            engine_id: Ours, 5 to 32 octets, the same after each start.
            clock: Monotonic seconds.
            wall: Seconds since 1970. The minute stands for snmpEngineBoots, which must grow with each start (RFC 3414
                §2.2.2): nothing has to be kept for that.
        """
        self._engine_id = engine_id
        self._clock = clock
        self._began = clock()
        self._boots = int(wall()) // _BOOTS_EVERY
        self._reported = 0

    def admit(self, data: bytes, message: SecureMessage, users: Mapping[bytes, Sequence[User]]) -> Ticket:
        """Whether a message may be read; costs some ten microseconds.

        Args:
            data: The whole of it.
            message: Its outside.
            users: Whom its sender may be, by security name.

        Raises:
            WrongCredentialsError: It is none of theirs.
            MalformedError: It asks for our engine id, but wants no answer.
        """
        if len(message.engine_id) < _SHORTEST_ENGINE_ID:
            if not message.flags & REPORTABLE or message.flags & (AUTHENTICATED | ENCRYPTED):
                raise MalformedError("an engine id without sense")
            return Ticket(message, None, _UNKNOWN_ENGINE)
        user = _whose(data, message, users.get(message.user, ()))
        if message.engine_id != self._engine_id:
            user.mind_clock(message, self._clock())
        elif user.level and not self._is_in_time(message):
            return Ticket(message, user, _NOT_IN_TIME)
        return Ticket(message, user)

    def read(self, data: bytes, ticket: Ticket) -> Heard:
        """Read a message that was admitted; an inform has its receipt.

        Raises:
            MalformedError: It is no notification, or cannot be read.
        """
        if ticket.asks:
            return Heard(None, self._report(ticket))
        tag, scoped = self._scoped(data, ticket)
        pdu = scoped[2].getComponent()
        if (tag == INFORM) != (ticket.message.engine_id == self._engine_id):
            raise MalformedError("an inform is for our engine id, a trap for its sender's (RFC 3414 §1.5.1)")
        return Heard(bindings_of(pdu), self._receipt(ticket, scoped, pdu) if tag == INFORM else None)

    def _is_in_time(self, message: SecureMessage) -> bool:
        """RFC 3414 §3.2 7a."""
        return message.boots == self._boots and abs(message.time - self._time()) <= TIME_WINDOW

    def _time(self) -> int:
        return int(self._clock() - self._began)

    def _scoped(self, data: bytes, ticket: Ticket) -> tuple[int, Any]:
        octets = data[slice(*ticket.message.data)]
        if ticket.user is not None and ticket.user.level & ENCRYPTED:
            try:
                octets = ticket.user.decrypt(ticket.message, octets)
            except Exception as error:  # whatever the cipher says of a peer's octets is the peer's fault
                raise MalformedError(f"it cannot be decrypted: {type(error).__name__}") from error
        tag, span = check_scoped(octets)
        return tag, decoded(octets[slice(*span)], ScopedPDU())

    def _receipt(self, ticket: Ticket, scoped: Any, inform: Any) -> bytes:
        answer = ScopedPDU()
        answer[0], answer[1] = scoped[0], scoped[1]
        _put(answer, receipt_of(inform))
        return self._wrapped(ticket, answer, ticket.user)

    def _report(self, ticket: Ticket) -> bytes:
        """RFC 3414 §3.2: an unknown engine id is told without a signature, a clock that is wrong with one."""
        self._reported = (self._reported + 1) % 2**32
        pdu = rfc1905.ReportPDU()
        v2c.apiPDU.set_defaults(pdu)
        v2c.apiPDU.set_varbinds(pdu, [(univ.ObjectIdentifier(ticket.asks), rfc1902.Counter32(self._reported))])
        scoped = ScopedPDU()
        scoped[0], scoped[1] = self._engine_id, b""
        _put(scoped, pdu)
        return self._wrapped(ticket, scoped, ticket.user, private=False)

    def _wrapped(self, ticket: Ticket, scoped: Any, user: User | None, *, private: bool = True) -> bytes:
        """A message of ours around a scoped PDU, at the level of its user."""
        level = (user.level if user else 0) & (AUTHENTICATED | (ENCRYPTED if private else 0))
        boots, now, salt = self._boots, self._time(), b""
        whole = SNMPv3Message()
        whole[0] = 3
        header = whole.setComponentByPosition(1)[1]
        header[0], header[1] = ticket.message.message_id, LONGEST_MESSAGE
        header[2], header[3] = bytes([level]), 3
        data = whole.setComponentByPosition(3)[3]
        if user is not None and level & ENCRYPTED:
            octets, salt = user.encrypt(self._engine_id, boots, now, encoder.encode(scoped))
            data[1] = octets
        else:
            data[0] = scoped
        parameters = UsmSecurityParameters()
        name = user.name if user else ticket.message.user
        length = user.digest.length if user and user.digest and level else 0
        for place, value in enumerate((self._engine_id, boots, now, name, bytes(length), salt)):
            parameters[place] = value
        whole[2] = encoder.encode(parameters)
        return self._signed(encoder.encode(whole), user if length else None)

    def _signed(self, data: bytes, user: User | None) -> bytes:
        outside = read_outside(data) if user else None
        if user is None or not isinstance(outside, SecureMessage):
            return data
        start, end = outside.digest
        return data[:start] + user.sign(data, outside.digest, self._engine_id) + data[end:]


def _whose(data: bytes, message: SecureMessage, users: Sequence[User]) -> User:
    """Of several users of one name, the one who has signed; behind one NAT they may differ.

    Raises:
        WrongCredentialsError: None of them.
    """
    wrong = WrongCredentialsError("a user that its device does not have")
    for user in users:
        try:
            user.check(data, message)
        except WrongCredentialsError as error:
            wrong = error
        else:
            return user
    raise wrong


def _put(scoped: Any, pdu: Any) -> None:
    choice = scoped.setComponentByPosition(2)[2]
    choice.setComponentByType(pdu.tagSet, pdu, verifyConstraints=False, matchTags=False, matchConstraints=False)
