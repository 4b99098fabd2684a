"""The engine of every day: two wires over the codec of gufo-snmp."""

import contextlib
from collections.abc import Callable, Sequence

from gufo.snmp import SnmpAuthError
from gufo.snmp._fast import GetIter

from model.measurement import Reason
from monitor.snmp.ber import RESPONSE, CommunityMessage, MalformedError, Pdu, SecureMessage, read_message, request_id_of
from monitor.snmp.channel import Channel
from monitor.snmp.codec import LARGEST, Bench, Codec, read_answer, read_cells, unknown_engine, write_request
from monitor.snmp.keys import UserKeys
from monitor.snmp.session import NO_SUCH_NAME, TOO_BIG, NoAnswerError, NotAllowedError, Objection, RefusalError, Value
from monitor.snmp.usm import Guard, PrivacyDoubt, asks_for_discovery, discovers, wants_resynchronisation


class CommunityWire:
    """SNMPv1 and SNMPv2c."""

    __slots__ = ("_channel", "_codec", "_community", "_pdu", "_request_id", "_version")

    def __init__(self, bench: Bench, channel: Channel, version: int, community: str) -> None:
        self._codec = bench.codec(version, community)
        self._channel = channel
        self._version = version
        self._community = community.encode()
        self._request_id = 0
        self._pdu: Pdu | None = None

    @property
    def carries_counter64(self) -> bool:
        """SNMPv1 has no Counter64 (RFC 3584 §4.2.2.1)."""
        return self._version > 0

    async def get(self, oids: Sequence[str], timeout: float) -> dict[str, Value]:
        """One GET; see Wire."""
        return await self._ask(self._codec.write_get(tuple(oids)), timeout)

    async def page(self, oid: str, repetitions: int, timeout: float) -> list[tuple[str, Value]]:
        """One GETBULK, or GETNEXT under version 1; see Wire."""
        # gufo's iterator would end where its base ends; where a walk ends is the session's business, so only the
        # request is its, and the answer is read as any other list of cells.
        position = GetIter(oid, repetitions)
        bulk = self._version > 0
        try:
            request = self._codec.write(
                lambda codec: codec.send_get_bulk(position) if bulk else codec.send_get_next(position)
            )
            cells = await self._ask(request, timeout)
        except RefusalError as refusal:
            if self._version == 0 and refusal.status == NO_SUCH_NAME:  # the end of the MIB, RFC 1157 §4.1.3
                return []
            raise
        return list(cells.items())

    async def _ask(self, request: tuple[bytes, int], timeout: float) -> dict[str, Value]:
        octets, self._request_id = request
        reply = await self._channel.ask(octets, self._accepts, timeout)
        _raise_refusal(self._pdu, len(reply))
        return self._codec.read(reply)

    def _accepts(self, datagram: bytes) -> bool:
        message = read_message(datagram)
        if not isinstance(message, CommunityMessage) or message.pdu.tag != RESPONSE:
            return False
        if message.version != self._version or message.community != self._community:
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
        self._codec = unknown_engine(bench)
        self._guard: Guard | None = None
        self._message_id = 0
        self._reply: SecureMessage | None = None
        self._privacy = PrivacyDoubt() if user.private else None

    @property
    def carries_counter64(self) -> bool:
        """SNMPv3 has Counter64."""
        return True

    async def get(self, oids: Sequence[str], timeout: float) -> dict[str, Value]:
        """One GET; see Wire."""
        asked = list(oids)
        reply = await self._ask(lambda codec: codec.send_get_many(asked), timeout)
        values = read_cells(self._bench, reply, self._codec)
        if not values and self._user.private:
            # Encrypted, the error-status is not seen; an answer without any value is one, or asks for absent cells.
            raise RefusalError(None)
        return values

    async def page(self, oid: str, repetitions: int, timeout: float) -> list[tuple[str, Value]]:
        """One GETBULK; see Wire."""
        position = GetIter(oid, repetitions)
        reply = await self._ask(lambda codec: codec.send_get_bulk(position), timeout)
        return list(read_cells(self._bench, reply, self._codec).items())

    async def _ask(self, encode: Callable[[Codec], None], timeout: float) -> bytes:
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
        if self._reply is not None and wants_resynchronisation(self._reply):
            # As an agent does for good whose count of boots has come to its end (RFC 3414 §3.2 7a).
            what = "the agent does not take its own clock back (notInTimeWindow): restart its SNMP, or the device"
            raise NotAllowedError(what, Objection.TIME)
        raise NoAnswerError(Reason.PROTOCOL, "the agent answers every SNMPv3 request with a Report")

    async def _question(self, encode: Callable[[Codec], None], timeout: float) -> bytes:
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

    async def _discover(self, timeout: float) -> None:
        """RFC 3414 §4: first the engine's id, then, for a user with a key, its boots and time."""
        self._forget()
        codec = self._codec
        reply = await self._exchange(codec.send_refresh, self._discovers, timeout)
        read_answer(self._bench, reply, codec.recv_refresh)
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
        read_answer(self._bench, reply, codec.recv_refresh)
        codec.set_keys(*self._user.for_gufo())

    async def _exchange(
        self,
        encode: Callable[[], None],
        accepts: Callable[[bytes], bool],
        timeout: float,
    ) -> bytes:
        request = write_request(self._bench, encode)
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
        self._codec = unknown_engine(self._bench)

    def close(self) -> None:
        """Give back the socket."""
        self._channel.close()


def _raise_refusal(pdu: Pdu | None, size: int) -> None:
    if size > LARGEST:
        raise RefusalError(TOO_BIG)
    if pdu is not None and pdu.status:
        raise RefusalError(pdu.status, pdu.position)
