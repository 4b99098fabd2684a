"""An SNMPv1/v2c agent that does what a test tells it, with BER written for the tests alone."""

import asyncio
import socket
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

GET, GET_NEXT, RESPONSE, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA5
TOO_BIG, NO_SUCH_NAME, GEN_ERR = 1, 2, 5
IF_TABLE, IF_X_TABLE = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
UPTIME, IF_NUMBER, TABLE_CHANGED = "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.2.1.0", "1.3.6.1.2.1.31.1.5.0"
NULL, NO_SUCH_INSTANCE, END_OF_VIEW = b"\x05\x00", b"\x81\x00", b"\x82\x00"


def tlv(tag: int, content: bytes) -> bytes:
    """One BER element."""
    length = len(content)
    if length < 128:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def number(value: int, tag: int = 0x02) -> bytes:
    """An INTEGER, or another number type by its tag."""
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def counter32(value: int) -> bytes:
    """A Counter32."""
    return number(value, 0x41)


def gauge32(value: int) -> bytes:
    """A Gauge32."""
    return number(value, 0x42)


def ticks(value: int) -> bytes:
    """A TimeTicks."""
    return number(value, 0x43)


def counter64(value: int) -> bytes:
    """A Counter64."""
    return number(value, 0x46)


def text(value: str | bytes) -> bytes:
    """An OCTET STRING."""
    return tlv(0x04, value.encode() if isinstance(value, str) else value)


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    content = bytearray((40 * first + second,))
    for arc in rest:
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(0x80 | (arc & 0x7F))
        content += bytes(reversed(septets))
    return tlv(0x06, bytes(content))


def arcs(dotted: str) -> tuple[int, ...]:
    """An OID as numbers, which sort as agents sort."""
    return tuple(map(int, dotted.split(".")))


@dataclass(frozen=True)
class Request:
    """What was asked."""

    version: int
    community: bytes
    pdu: int
    request_id: int
    first: int
    second: int
    oids: tuple[str, ...]

    def reply(
        self,
        bindings: Sequence[tuple[str, bytes]],
        *,
        status: int = 0,
        index: int = 0,
        request_id: int | None = None,
    ) -> bytes:
        """A response to it."""
        listed = b"".join(tlv(0x30, oid(name) + value) for name, value in bindings)
        answered = self.request_id if request_id is None else request_id
        body = number(answered) + number(status) + number(index) + tlv(0x30, listed)
        return tlv(0x30, number(self.version) + tlv(0x04, self.community) + tlv(RESPONSE, body))

    def refuse(self, status: int, index: int = 0) -> bytes:
        """A response with an error-status, which repeats the question (RFC 1157 §4.1.2)."""
        return self.reply([(name, NULL) for name in self.oids], status=status, index=index)


def _element(data: bytes, at: int) -> tuple[int, bytes, int]:
    tag, length, at = data[at], data[at + 1], at + 2
    if length >= 128:
        octets = length & 0x7F
        length, at = int.from_bytes(data[at : at + octets], "big"), at + octets
    return tag, data[at : at + length], at + length


def _elements(data: bytes) -> list[tuple[int, bytes]]:
    at, found = 0, []
    while at < len(data):
        tag, content, at = _element(data, at)
        found.append((tag, content))
    return found


def _dotted(content: bytes) -> str:
    names, arc = [content[0] // 40, content[0] % 40], 0
    for octet in content[1:]:
        arc = (arc << 7) | (octet & 0x7F)
        if octet < 128:
            names.append(arc)
            arc = 0
    return ".".join(map(str, names))


def parse_request(data: bytes) -> Request:
    """Read a request that is known to be well-formed."""
    (_, message), *_ = _elements(data)
    (_, version), (_, community), (pdu, body) = _elements(message)
    (_, request_id), (_, first), (_, second), (_, bindings) = _elements(body)
    names = tuple(_dotted(_elements(binding)[0][1]) for _, binding in _elements(bindings))
    integers = (int.from_bytes(field, "big", signed=True) for field in (version, request_id, first, second))
    read_version, read_id, read_first, read_second = integers
    return Request(read_version, community, pdu, read_id, read_first, read_second, names)


Behaviour = Callable[[Request, bytes], Sequence[bytes]]


class SnmpPeer(asyncio.DatagramProtocol):
    """An agent on a free port of 127.0.0.1.

    Attributes:
        mib: Exact OID to encoded value; assign a new one at any time.
        behave: Takes a request and the honest answer, gives the datagrams to send; the default is the honest answer.
        requests: Everything that was asked.
        asked: Set when the first request has come.
        largest: Octets of the largest answer; a larger one is tooBig, or a shorter GETBULK answer.
    """

    def __init__(self, mib: Mapping[str, bytes], behave: Behaviour | None = None, largest: int = 1472) -> None:
        self.mib = mib
        self.behave: Behaviour = behave or (lambda _request, answer: [answer])
        self.requests: list[Request] = []
        self.asked = asyncio.Event()
        self.largest = largest
        self._sorted_of: Mapping[str, bytes] | None = None
        self._order: list[tuple[int, ...]] = []
        self._names: list[str] = []

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        # A poll of thousands of cells must not be lost in this peer's own buffer.
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.port: int = self.transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer as the test says."""
        request = parse_request(data)
        self.requests.append(request)
        self.last_asker = addr
        self.asked.set()
        for datagram in self.behave(request, self.answer(request)):
            self.transport.sendto(datagram, addr)

    def answer(self, request: Request) -> bytes:
        """The honest answer."""
        if request.pdu == GET:
            return self._get(request)
        if request.pdu == GET_NEXT:
            return self._next(request)
        return self._bulk(request)

    def _get(self, request: Request) -> bytes:
        if request.version == 0:
            for position, name in enumerate(request.oids, 1):
                if name not in self.mib or self.mib[name][0] == 0x46:
                    return request.refuse(NO_SUCH_NAME, position)
        answer = request.reply([(name, self.mib.get(name, NO_SUCH_INSTANCE)) for name in request.oids])
        return answer if len(answer) <= self.largest else request.reply([], status=TOO_BIG)

    def _next(self, request: Request) -> bytes:
        found = self._after(request.oids[0], 1)
        while found and request.version == 0 and self.mib[found[0]][0] == 0x46:  # RFC 3584 §4.2.2.1: passed over
            found = self._after(found[0], 1)
        if not found and request.version == 0:
            return request.refuse(NO_SUCH_NAME, 1)
        return request.reply([(name, self.mib[name]) for name in found] or [(request.oids[0], END_OF_VIEW)])

    def _bulk(self, request: Request) -> bytes:
        found = self._after(request.oids[0], request.second)
        bindings = [(name, self.mib[name]) for name in found]
        if len(found) < request.second:
            bindings.append((found[-1] if found else request.oids[0], END_OF_VIEW))
        while len(answer := request.reply(bindings)) > self.largest:
            bindings.pop()
        return answer

    def _after(self, name: str, count: int) -> list[str]:
        if self._sorted_of is not self.mib:
            self._names = sorted(self.mib, key=arcs)
            self._order = [arcs(known) for known in self._names]
            self._sorted_of = self.mib
        start = bisect_right(self._order, arcs(name))
        return self._names[start : start + count]


def system_mib(interfaces: int, *, uptime: int = 360_000, table_changed: int | None = 100) -> dict[str, bytes]:
    """The scalars of an agent."""
    changed = {} if table_changed is None else {TABLE_CHANGED: ticks(table_changed)}
    return changed | {
        "1.3.6.1.2.1.1.1.0": text("A switch for tests"),
        "1.3.6.1.2.1.1.2.0": oid("1.3.6.1.4.1.8072.3.2.10"),
        UPTIME: ticks(uptime),
        "1.3.6.1.2.1.1.4.0": text("nobody"),
        "1.3.6.1.2.1.1.5.0": text("sw-1"),
        "1.3.6.1.2.1.1.6.0": text("Xuân Đỉnh"),
        IF_NUMBER: number(interfaces),
    }


def interface_mib(index: int, name: str | bytes, *, octets: int | None = None, wide: bool = True) -> dict[str, bytes]:
    """One row of ifTable and, if ``wide``, of ifXTable; ``octets`` is what ifHCInOctets holds."""
    octets = index * 1_000 if octets is None else octets
    narrow = {
        2: text(name),
        3: number(6),
        4: number(1500),
        5: gauge32(1_000_000_000),
        6: text(bytes((0, 0x11, 0x22, 0x33, 0x44, index & 0xFF))),
        7: number(1),
        8: number(1),
        9: ticks(4_711),
        10: counter32(octets % 2**32),
        11: counter32(11),
        13: counter32(1),
        14: counter32(2),
        16: counter32(octets % 2**32),
        17: counter32(17),
        19: counter32(3),
        20: counter32(4),
    }
    extended = {
        1: text(name),
        **{arc: counter64(octets + arc) for arc in range(6, 14)},
        15: gauge32(1_000),
        18: text(f"port {index}"),
        19: ticks(0),
    }
    rows = {f"{IF_TABLE}.{arc}.{index}": value for arc, value in narrow.items()}
    return rows | ({f"{IF_X_TABLE}.{arc}.{index}": value for arc, value in extended.items()} if wide else {})


def agent_mib(names: Mapping[int, str], *, table_changed: int | None = 100) -> dict[str, bytes]:
    """An agent with the given interfaces: ifIndex to name."""
    mib = system_mib(len(names), table_changed=table_changed)
    for index, name in names.items():
        mib |= interface_mib(index, name)
    return mib
