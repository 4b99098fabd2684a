"""The engine of every day: gufo-snmp, whose Rust core writes requests and reads values.

gufo-snmp 0.13 is used as a codec only. Left alone with a network socket it would take an SNMPv3 answer without
checking its digest, panic on lengths that are not true, and hide the error-status. So its descriptor is replaced by
one end of a socket pair: what it writes is read here and sent through a Channel, and what it reads has passed
``monitor.snmp.ber`` and ``monitor.snmp.usm``.
"""

import contextlib
import os
import socket
from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeVar, cast

from gufo.snmp import SnmpAuthError, SnmpEncodeError, SnmpError
from gufo.snmp._fast import GetIter, SnmpV1ClientSocket, SnmpV2cClientSocket, SnmpV3ClientSocket

from model.measurement import Reason
from monitor.snmp.ber import RESPONSE, CommunityMessage, MalformedError, Pdu, SecureMessage, read_message, request_id_of
from monitor.snmp.channel import Channel, not_possible
from monitor.snmp.keys import UserKeys
from monitor.snmp.session import (
    NO_SUCH_NAME,
    TOO_BIG,
    NoAnswerError,
    NotAllowedError,
    NotPossibleError,
    RefusalError,
    Value,
)
from monitor.snmp.usm import Guard, PrivacyDoubt, asks_for_discovery, discovers, wants_resynchronisation

_T = TypeVar("_T")
_LARGEST: Final = 4080  # gufo's buffer
_NOWHERE: Final = "127.0.0.1:9"  # its own socket is closed before it has sent anything


class Codec(Protocol):
    """The part of gufo-snmp's three sockets that is used."""

    def get_fd(self) -> int:
        """The descriptor it writes to and reads from."""

    def send_get_many(self, oids: list[str]) -> None:
        """Write a GET."""

    def recv_get_many(self) -> dict[str, str | bytes | int | float | None]:
        """Read its answer, without the cells that do not exist."""

    def send_get_next(self, iter_getnext: GetIter) -> None:
        """Write a GETNEXT."""

    def send_get_bulk(self, iter_getbulk: GetIter) -> None:
        """Write a GETBULK."""


class Bench:
    """The socket pair over which all codecs of the process are written to and read from, one after the other."""

    __slots__ = ("_far", "_near", "_spare")

    def __init__(self) -> None:
        """Open it.

        Raises:
            NotPossibleError: No descriptor is left.
        """
        self._spare: dict[tuple[int, str], list[Codec]] = {}
        try:
            self._near, self._far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        except OSError as error:
            raise not_possible(error) from error
        self._near.setblocking(False)
        self._far.setblocking(False)

    def attach(self, codec: Codec) -> None:
        """Replace a codec's own socket by this end of the pair."""
        os.dup2(self._near.fileno(), codec.get_fd(), inheritable=False)

    def borrow(self, version: int, community: str) -> Codec:
        """A codec for one request and its answer; a codec remembers one request-id, and is nobody else's meanwhile.

        So there are as many as requests were ever under way at once, and not a descriptor more for each agent.

        Raises:
            NotPossibleError: No descriptor is left.
        """
        spare = self._spare.setdefault((version, community), [])
        if spare:
            return spare.pop()
        codec = _community_codec(version, community)
        self.attach(codec)
        return codec

    def put_back(self, version: int, community: str, codec: Codec) -> None:
        """The answer is read, or will not be."""
        self._spare[version, community].append(codec)

    def write(self, encode: Callable[[], None]) -> bytes:
        """The datagram that a codec writes."""
        encode()
        return self._far.recv(_LARGEST)

    def read(self, datagram: bytes, decode: Callable[[], _T]) -> _T:
        """What a codec reads from a datagram.

        Raises:
            MalformedError: It is not fit to be read after all, such as a value of a type that the codec does not know.
        """
        self._far.send(datagram)
        try:
            return decode()
        except SnmpAuthError:
            raise
        except (SnmpError, RuntimeError, BlockingIOError) as error:
            raise MalformedError(str(error)) from error
        except BaseException as error:
            # A Rust panic arrives as pyo3_runtime.PanicException, which no module exports and no Exception is.
            if type(error).__name__ != "PanicException":
                raise
            raise MalformedError(str(error)) from error

    def close(self) -> None:
        """Close both ends."""
        self._near.close()
        self._far.close()


class CommunityWire:
    """SNMPv1 and SNMPv2c."""

    __slots__ = ("_bench", "_channel", "_community", "_pdu", "_request_id", "_version")

    def __init__(self, bench: Bench, channel: Channel, version: int, community: str) -> None:
        self._bench = bench
        self._channel = channel
        self._version = version
        self._community = community
        self._request_id = 0
        self._pdu: Pdu | None = None

    @property
    def carries_counter64(self) -> bool:
        """SNMPv1 has no Counter64 (RFC 3584 §4.2.2.1)."""
        return self._version > 0

    async def get(self, oids: Sequence[str], timeout: float) -> dict[str, Value]:  # noqa: ASYNC109  # see Wire
        """One GET; see Wire."""
        asked = list(oids)
        return await self._ask(lambda codec: codec.send_get_many(asked), timeout)

    async def page(self, oid: str, repetitions: int, timeout: float) -> list[tuple[str, Value]]:  # noqa: ASYNC109
        """One GETBULK, or GETNEXT under version 1; see Wire."""
        # gufo's iterator would end where its base ends; where a walk ends is the session's business, so only the
        # request is its, and the answer is read as any other list of cells.
        position = GetIter(oid, repetitions)
        bulk = self._version > 0
        try:
            cells = await self._ask(
                lambda codec: codec.send_get_bulk(position) if bulk else codec.send_get_next(position), timeout
            )
        except RefusalError as refusal:
            if self._version == 0 and refusal.status == NO_SUCH_NAME:  # the end of the MIB, RFC 1157 §4.1.3
                return []
            raise
        return list(cells.items())

    async def _ask(self, encode: Callable[[Codec], None], timeout: float) -> dict[str, Value]:  # noqa: ASYNC109
        codec = self._bench.borrow(self._version, self._community)
        try:
            request = _encode(self._bench, lambda: encode(codec))
            self._request_id = request_id_of(request)
            reply = await self._channel.ask(request, self._accepts, timeout)
            _raise_refusal(self._pdu, len(reply))
            return _cells(self._bench, reply, codec)
        finally:
            self._bench.put_back(self._version, self._community, codec)

    def _accepts(self, datagram: bytes) -> bool:
        message = read_message(datagram)
        if not isinstance(message, CommunityMessage) or message.pdu.tag != RESPONSE:
            return False
        if message.version != self._version or message.community != self._community.encode():
            return False
        self._pdu = message.pdu
        return message.pdu.request_id == self._request_id

    def close(self) -> None:
        """Give back the socket."""
        self._channel.close()


class SecureWire:
    """SNMPv3. The engine is discovered before the first request, and again when the agent says that it changed."""

    __slots__ = ("_bench", "_channel", "_codec", "_guard", "_message_id", "_privacy", "_reply", "_user")

    def __init__(self, bench: Bench, channel: Channel, user: UserKeys) -> None:
        self._bench = bench
        self._channel = channel
        self._user = user
        self._codec = _unknown_engine(bench)
        self._guard: Guard | None = None
        self._message_id = 0
        self._reply: SecureMessage | None = None
        self._privacy = PrivacyDoubt() if user.private else None

    @property
    def carries_counter64(self) -> bool:
        """SNMPv3 has Counter64."""
        return True

    async def get(self, oids: Sequence[str], timeout: float) -> dict[str, Value]:  # noqa: ASYNC109  # see Wire
        """One GET; see Wire."""
        asked = list(oids)
        reply = await self._ask(lambda codec: codec.send_get_many(asked), timeout)
        values = _cells(self._bench, reply, self._codec)
        if not values and self._user.private:
            # Encrypted, the error-status is not seen; an answer without any value is one, or asks for absent cells.
            raise RefusalError(None)
        return values

    async def page(self, oid: str, repetitions: int, timeout: float) -> list[tuple[str, Value]]:  # noqa: ASYNC109
        """One GETBULK; see Wire."""
        position = GetIter(oid, repetitions)
        reply = await self._ask(lambda codec: codec.send_get_bulk(position), timeout)
        return list(_cells(self._bench, reply, self._codec).items())

    async def _ask(self, encode: Callable[[Codec], None], timeout: float) -> bytes:  # noqa: ASYNC109
        for _ in range(3):
            if self._guard is None:
                await self._discover(timeout)
            reply = await self._question(encode, timeout)
            message = self._reply
            if message is None or message.report == b"":
                if self._privacy is not None:
                    self._privacy.settle()
                _raise_refusal(message.pdu if message else None, len(reply))
                return reply
            self._follow(message, reply)
        raise NoAnswerError(Reason.PROTOCOL, "the agent answers every SNMPv3 request with a Report")

    async def _question(self, encode: Callable[[Codec], None], timeout: float) -> bytes:  # noqa: ASYNC109
        codec = self._codec
        try:
            return await self._exchange(lambda: encode(codec), self._believes, timeout)
        except NoAnswerError:
            if self._privacy is not None:
                self._privacy.add_silence()
            raise

    def _follow(self, message: SecureMessage, reply: bytes) -> None:
        if asks_for_discovery(message):
            self._forget()
        elif wants_resynchronisation(message):
            if not message.authenticated and self._user.digest is not None:
                return  # anybody can send such a Report: ask again, believe nothing
            with contextlib.suppress(SnmpAuthError, MalformedError):
                self._bench.read(reply, self._codec.recv_get_many)  # the codec takes over boots and time
        else:
            raise NoAnswerError(Reason.PROTOCOL, "the agent answers with a Report that SNMPv3 does not know")

    async def _discover(self, timeout: float) -> None:  # noqa: ASYNC109
        """RFC 3414 §4: first the engine's id, then, for a user with a key, its boots and time."""
        self._forget()
        codec = self._codec
        reply = await self._exchange(codec.send_refresh, self._discovers, timeout)
        _decode(self._bench, reply, codec.recv_refresh)
        engine_id = codec.get_engine_id()
        self._guard = self._user.guard(engine_id)
        codec.set_keys(*self._user.without_privacy())
        if self._user.digest is None:
            return
        reply = await self._exchange(codec.send_refresh, self._believes_without_privacy, timeout)
        try:
            if self._reply is not None and self._reply.report:
                wants_resynchronisation(self._reply)
        except NotAllowedError:
            self._guard = None
            raise
        _decode(self._bench, reply, codec.recv_refresh)
        codec.set_keys(*self._user.for_gufo())

    async def _exchange(
        self,
        encode: Callable[[], None],
        accepts: Callable[[bytes], bool],
        timeout: float,  # noqa: ASYNC109
    ) -> bytes:
        request = _encode(self._bench, encode)
        self._message_id = request_id_of(request)
        try:
            return await self._channel.ask(request, accepts, timeout)
        except NoAnswerError:
            # An agent that was replaced may stay silent to its predecessor's engine id: discover before the next try.
            self._guard = None
            raise

    def _discovers(self, datagram: bytes) -> bool:
        message = read_message(datagram)
        return isinstance(message, SecureMessage) and discovers(message, self._message_id)

    def _believes(self, datagram: bytes) -> bool:
        return self._hear(datagram, private=self._user.private)

    def _believes_without_privacy(self, datagram: bytes) -> bool:
        return self._hear(datagram, private=False)

    def _hear(self, datagram: bytes, *, private: bool) -> bool:
        message = read_message(datagram)
        if not isinstance(message, SecureMessage) or self._guard is None:
            return False
        self._reply = message
        return self._guard.believes(message, datagram, self._message_id, private=private)

    def _forget(self) -> None:
        self._guard = None
        self._codec = _unknown_engine(self._bench)

    def close(self) -> None:
        """Give back the socket."""
        self._channel.close()


def _community_codec(version: int, community: str) -> Codec:
    make = SnmpV2cClientSocket if version else SnmpV1ClientSocket
    try:
        return make(_NOWHERE, community, 0, 0, 0, 0)
    except OSError as error:
        raise not_possible(error) from error


def _unknown_engine(bench: Bench) -> SnmpV3ClientSocket:
    try:
        codec = SnmpV3ClientSocket(_NOWHERE, b"", "", 0, b"", 0, b"", 0, 0, 0, 0)
    except OSError as error:
        raise not_possible(error) from error
    bench.attach(codec)
    return codec


def _encode(bench: Bench, encode: Callable[[], None]) -> bytes:
    try:
        return bench.write(encode)
    except SnmpEncodeError as error:  # more than its buffer holds
        raise RefusalError(TOO_BIG) from error
    except ValueError as error:
        raise NotPossibleError(Reason.LOCAL, f"the request cannot be written: {error}") from error


def _decode(bench: Bench, reply: bytes, decode: Callable[[], _T]) -> _T:
    try:
        return bench.read(reply, decode)
    except SnmpAuthError as error:
        raise NotAllowedError("the agent refuses these credentials") from error
    except MalformedError as error:
        raise NoAnswerError(Reason.PROTOCOL, f"the answer cannot be read: {error}") from error


def _cells(bench: Bench, reply: bytes, codec: Codec) -> dict[str, Value]:
    # Of the types that gufo declares, None is left out by it and float (REAL) does not pass monitor.snmp.ber.
    return cast("dict[str, Value]", _decode(bench, reply, codec.recv_get_many))


def _raise_refusal(pdu: Pdu | None, size: int) -> None:
    if size > _LARGEST:
        raise RefusalError(TOO_BIG)
    if pdu is not None and pdu.status:
        raise RefusalError(pdu.status, pdu.position)
