"""The other engine: pysnmp, slower by two orders of magnitude, for an agent that gufo-snmp cannot talk to.

It is also how each engine is checked: the same tests run over both.
"""

import asyncio
import socket
from collections.abc import Sequence
from typing import Any, Final

from pyasn1.type import univ
from pysnmp.carrier.asyncio.dgram import udp, udp6
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413 import cmdgen
from pysnmp.error import PySnmpError
from pysnmp.proto import errind, rfc1902, rfc1905

from model.inventory import Credentials
from model.measurement import Reason
from monitor.snmp.ber import MalformedError, read_message
from monitor.snmp.channel import by_icmp, connect
from monitor.snmp.keys import check_levels, community_of, passphrase_of
from monitor.snmp.pysnmp_protocols import AUTH, PRIVACY
from monitor.snmp.session import (
    NO_SUCH_NAME,
    NoAnswerError,
    NotAllowedError,
    NotPossibleError,
    RefusalError,
    SnmpError,
    Value,
)
from monitor.snmp.usm import PrivacyDoubt

_REFUSALS: Final = (
    errind.UnknownUserName,
    errind.WrongDigest,
    errind.AuthenticationFailure,
    errind.AuthenticationError,
    errind.UnsupportedSecurityLevel,
    errind.DecryptionError,
    errind.UnknownSecurityName,
)
_FORGOTTEN_AFTER: Final = 60 * 100  # its own time-out in 1/100 s, long after ours
_TARGET: Final = "agent"
_NULL: Final = univ.Null("")


class _Connected:
    """What is added to pysnmp's transports: a connected socket, and no exception that escapes into the event loop.

    pysnmp 7.1 takes answers from any address, and its decoder's exceptions are printed by asyncio's handler.
    """

    loop: asyncio.AbstractEventLoop
    transport: asyncio.DatagramTransport | None
    ADDRESS_TYPE: Any
    _callback_function: Any
    _lport: Any
    _writeQ: list[tuple[bytes, Any]]  # noqa: N815  # pysnmp's name

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0
        self.garbage = 0
        self.waiter: asyncio.Future[Any] | None = None

    def open_on(self, connected: socket.socket) -> None:
        """Take over a connected socket."""
        self._socket = connected
        opening = self.loop.create_datagram_endpoint(lambda: self, sock=connected)  # type: ignore[type-var]  # a mix-in
        self._lport = asyncio.ensure_future(opening)

    def close_transport(self) -> None:
        """Give back the socket, also before the event loop has taken it."""
        super().close_transport()  # type: ignore[misc]  # of the class that this is mixed into
        if self.transport is None:
            self._socket.close()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        """Send what was asked for before the socket was ready."""
        self.transport = transport
        while self._writeQ:
            transport.sendto(self._writeQ.pop(0)[0])

    def send_message(self, message: bytes, address: Any) -> None:
        """Send to the one peer, or keep it until the socket is ready."""
        if self.transport is None:
            self._writeQ.append((message, address))
        else:
            self.transport.sendto(message)

    def datagram_received(self, datagram: bytes, address: tuple[Any, ...]) -> None:
        """Hand over a datagram whose lengths are true; drop any other."""
        try:
            read_message(datagram)
            self.heard += 1
            if self._callback_function is not None:
                self._callback_function(self, self.ADDRESS_TYPE(address), datagram)
        except MalformedError:
            self.garbage += 1
        except Exception:  # noqa: BLE001  # whatever its decoder meets in a peer's bytes is the peer's fault
            self.garbage += 1

    def error_received(self, error: OSError) -> None:
        """An ICMP error ends the request under way."""
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_exception(by_icmp(error))


class _Transport4(_Connected, udp.UdpAsyncioTransport):  # type: ignore[misc]  # untyped
    pass


class _Transport6(_Connected, udp6.Udp6AsyncioTransport):  # type: ignore[misc]  # untyped
    pass


class PysnmpWire:
    """Any version of SNMP by pysnmp, with an engine of its own per agent."""

    def __init__(self, family: socket.AddressFamily, address: tuple[str | int, ...], credentials: Credentials) -> None:
        """Open the socket.

        Raises:
            NotPossibleError: No descriptor, no route, or credentials that miss a part.
        """
        self._family = family
        self._address = address
        self._credentials = credentials
        self._engine, self._transport = self._open()
        self._closed = False
        self._privacy = PrivacyDoubt() if credentials.privacy else None

    @property
    def carries_counter64(self) -> bool:
        """SNMPv1 has no Counter64 (RFC 3584 §4.2.2.1)."""
        return self._credentials.version != "1"

    async def get(self, oids: Sequence[str], timeout: float) -> dict[str, Value]:
        """One GET; see Wire."""
        bindings = [(univ.ObjectIdentifier(oid), _NULL) for oid in oids]
        return await self._ask(cmdgen.GetCommandGenerator(), (bindings,), timeout)

    async def page(self, oid: str, repetitions: int, timeout: float) -> list[tuple[str, Value]]:
        """One GETBULK, or GETNEXT under version 1; see Wire."""
        bindings = [(univ.ObjectIdentifier(oid), _NULL)]
        try:
            if self.carries_counter64:
                cells = await self._ask(cmdgen.BulkCommandGenerator(), (0, repetitions, bindings), timeout)
            else:
                cells = await self._ask(cmdgen.NextCommandGenerator(), (bindings,), timeout)
        except RefusalError as refusal:
            if not self.carries_counter64 and refusal.status == NO_SUCH_NAME:  # RFC 1157 §4.1.3: the end
                return []
            raise
        return list(cells.items())

    def close(self) -> None:
        """Give back the socket."""
        self._closed = True
        self._fail(NoAnswerError(Reason.TIMEOUT, "the session was closed while a request was under way"))
        self._engine.close_dispatcher()

    async def _ask(self, generator: Any, arguments: tuple[Any, ...], timeout: float) -> dict[str, Value]:
        if self._closed:
            raise NoAnswerError(Reason.TIMEOUT, "the session is closed")
        self._transport.garbage = self._transport.heard = 0
        waiter = self._transport.waiter = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout):
                generator.send_varbinds(self._engine, _TARGET, None, b"", *arguments, _on_answer, waiter)
                outcome = await waiter
        except TimeoutError:
            raise self._silence(timeout) from None
        except PySnmpError as error:
            raise NotPossibleError(Reason.LOCAL, f"the request cannot be sent: {_first_line(error)}") from error
        finally:
            waiter.cancel()
        if self._privacy is not None and outcome[0] is None:
            self._privacy.settle()
        return _values(*outcome)

    def _silence(self, timeout: float) -> SnmpError:
        heard, garbage = self._transport.heard, self._transport.garbage
        if self._credentials.version == "3":
            # Its knowledge of the agent's engine may be what the agent does not answer to: start anew.
            self._engine.close_dispatcher()
            self._engine, self._transport = self._open()
        if self._privacy is not None and heard:
            self._privacy.add_silence()
        if garbage:
            return NoAnswerError(Reason.PROTOCOL, f"what came back within {timeout:g} s is not a valid SNMP answer")
        return NoAnswerError(Reason.TIMEOUT, f"no answer within {timeout:g} s")

    def _fail(self, failure: NoAnswerError) -> None:
        waiter = self._transport.waiter
        if waiter is not None and not waiter.done():
            waiter.set_exception(failure)

    def _open(self) -> tuple[Any, Any]:
        connected = connect(self._family, self._address)
        engine = SnmpEngine()
        try:
            name, level, model = _configure_user(engine, self._credentials)
        except SnmpError:
            connected.close()
            raise
        transport = _Transport4() if self._family == socket.AF_INET else _Transport6()
        domain = udp.DOMAIN_NAME if self._family == socket.AF_INET else udp6.DOMAIN_NAME
        transport.open_on(connected)
        config.add_transport(engine, domain, transport)
        config.add_target_parameters(engine, "parameters", name, level, model)
        config.add_target_address(engine, _TARGET, domain, self._address, "parameters", _FORGOTTEN_AFTER, 0)
        return engine, transport


def _configure_user(engine: Any, credentials: Credentials) -> tuple[str, str, int]:
    if credentials.version != "3":
        config.add_v1_system(engine, "community", community_of(credentials))
        return "community", "noAuthNoPriv", 0 if credentials.version == "1" else 1
    check_levels(credentials)
    user = credentials.user or ""
    keys: list[Any] = []
    level = "noAuthNoPriv"
    if credentials.auth:
        keys += [AUTH[credentials.auth], passphrase_of(credentials, "auth")]
        level = "authNoPriv"
    if credentials.privacy:
        keys += [PRIVACY[credentials.privacy], passphrase_of(credentials, "privacy")]
        level = "authPriv"
    try:
        config.add_v3_user(engine, user, *keys)
    except PySnmpError as error:
        raise NotPossibleError(Reason.LOCAL, f"pysnmp does not take these credentials: {_first_line(error)}") from error
    return user, level, 3


def _on_answer(_engine: Any, _handle: Any, *answer: Any) -> None:
    *outcome, waiter = answer
    if not waiter.done():
        waiter.set_result(outcome)


def _values(indication: Any, status: Any = 0, index: Any = 0, bindings: Any = ()) -> dict[str, Value]:
    if isinstance(indication, _REFUSALS):
        raise NotAllowedError(f"the agent refuses these credentials: {indication}")
    if indication is not None:
        raise NoAnswerError(Reason.PROTOCOL, f"the answer cannot be used: {_first_line(indication)}")
    if int(status):
        raise RefusalError(int(status), int(index))
    cells = ((str(oid), _plain(value)) for oid, value in bindings)
    return {oid: value for oid, value in cells if value is not None}


def _plain(value: Any) -> Value | None:
    match value:
        case rfc1905.NoSuchObject() | rfc1905.NoSuchInstance() | rfc1905.EndOfMibView() | univ.Null():
            return None
        case univ.Integer():
            return int(value)
        case rfc1902.IpAddress():
            return str(value.prettyPrint())
        case univ.OctetString():
            return bytes(value)
        case univ.ObjectIdentifier():
            return str(value)
        case _:
            return None


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
