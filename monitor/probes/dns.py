"""DNS probes: one query to one server over UDP or TCP (RFC 1035), as a stub resolver asks it.

- What is not the answer to this very question (another id, question, sender, or no DNS at all) is passed over, and the
  probe goes on waiting until its deadline.
- There is no second query: a datagram that is lost is lost. A truncated answer (TC) over UDP is taken as it is, which
  is enough to know that the server answers; an expectation that it does not meet fails with the advice to ask over TCP.
- No EDNS, as the stubs of most systems send none.
"""

import asyncio
import socket
import time
from dataclasses import dataclass
from typing import Final, Literal, Self

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
from dns.rdtypes.ANY.SOA import SOA

from model.hosts import split_port
from model.inventory import DnsQuery, Service
from model.measurement import DnsReading, Failure, Reason
from model.units import format_duration
from monitor.probes.counters import strangers
from monitor.probes.expression import Expressions
from monitor.probes.sockets import Address, bind_source, failure_of, family_of, sockaddr_of, version_of
from monitor.probes.timed_socket import Arrival, QuotedError, TimedSocket
from monitor.probes.timing import SECOND_NS, Instant, round_trip_ns

_PORT: Final = 53
_LENGTH_BYTES: Final = 2  # RFC 1035 §4.2.2: each message over TCP comes after its length
_READ_BYTES: Final = 65_537
_EXPRESSION_PATIENCE: Final = 1.0


@dataclass(frozen=True, slots=True)
class DnsRequest:
    """One question to one server.

    Attributes:
        address: IP literal of the server.
        name: The name to ask for.
        type: Of the records, such as A.
        port: UDP or TCP port.
        protocol: How to ask.
        expect: Regular expression that one record of the answer must hold, as in ``a.example. 300 IN A 192.0.2.1``;
            ``None`` where anything without an error will do.
        source: Address or interface of this machine to ask from.
    """

    address: str
    name: str
    type: str = "A"
    port: int = _PORT
    protocol: Literal["udp", "tcp"] = "udp"
    expect: str | None = None
    source: str | None = None

    @classmethod
    def of(cls, service: Service, address: str | None = None) -> Self:
        """The request of a service in the inventory.

        Args:
            service: It has a ``dns``.
            address: Of its server, where the inventory gives a name.

        Raises:
            ValueError: It has no ``dns``.
        """
        if service.dns is None:
            raise ValueError(f"service {service.id} has no dns to probe")
        host, port = server_of(service.dns)
        asked = service.dns
        return cls(address or host, asked.name, asked.type, port, asked.protocol, service.expect.body, service.source)

    @property
    def place(self) -> str:
        """Whom it asks what, for people."""
        return f"{self.address} port {self.port}, {self.name} {self.type}"


def server_of(query: DnsQuery) -> tuple[str, int]:
    """Host and port of the server that the inventory names."""
    host, port = split_port(query.server) or (query.server, None)
    return host, port or _PORT


@dataclass(frozen=True, slots=True)
class _Answer:
    """A message that is the answer, with the seconds that it took."""

    message: dns.message.Message
    request: float
    connect: float | None = None


async def query(
    request: DnsRequest,
    timeout: float,
    expressions: Expressions | None = None,
) -> DnsReading | Failure:
    """Ask once and judge the answer.

    Args:
        request: What to ask whom.
        timeout: Seconds for everything.
        expressions: Who searches the records; without it one is made, and ended, where the expression needs a process.
    """
    deadline = asyncio.get_running_loop().time() + timeout
    try:
        question = dns.message.make_query(request.name, request.type, use_edns=False)
    except (dns.exception.DNSException, ValueError) as error:
        return Failure(Reason.LOCAL, f"{request.place}: this cannot be asked: {error}")
    destination = sockaddr_of(request.address, request.port)
    if isinstance(destination, Failure):
        return destination
    ask = _ask_over_tcp if request.protocol == "tcp" else _ask_over_udp
    answer = await ask(request, destination, question, timeout)
    if isinstance(answer, Failure):
        return answer
    patience = min(_EXPRESSION_PATIENCE, max(deadline - asyncio.get_running_loop().time(), 0.001))
    return await _judge(request, answer, expressions, patience)


def _open(request: DnsRequest, kind: socket.SocketKind) -> socket.socket | Failure:
    version = version_of(request.address)
    try:
        sock = socket.socket(family_of(version), kind)
    except OSError as error:
        return failure_of(error, request.place)
    sock.setblocking(False)
    failure = bind_source(sock, version, request.source) if request.source else None
    if failure is not None:
        sock.close()
    return failure or sock


async def _ask_over_udp(
    request: DnsRequest, destination: Address, question: dns.message.Message, patience: float
) -> _Answer | Failure:
    sock = _open(request, socket.SOCK_DGRAM)
    if isinstance(sock, Failure):
        return sock
    try:
        # Connected, so that the kernel lets through what comes from the server alone, and tells of ICMP errors.
        sock.connect(destination)
    except OSError as error:
        sock.close()
        return failure_of(error, request.place)
    exchange = _Datagrams(request, sock, question)
    try:
        return await exchange.run(patience)
    finally:
        exchange.close()


class _Datagrams:
    """A query over UDP."""

    def __init__(self, request: DnsRequest, sock: socket.socket, question: dns.message.Message) -> None:
        self._request = request
        self._question = question
        self._outcome: asyncio.Future[_Answer | Failure] = asyncio.get_running_loop().create_future()
        self._passed_over = 0
        self._socket = TimedSocket(sock, version_of(request.address), self._received, self._failed)
        self._sent = Instant.now()

    async def run(self, patience: float) -> _Answer | Failure:
        wire = self._question.to_wire()
        self._sent = Instant.now()
        error = self._socket.send(wire)
        if error is not None:
            return failure_of(error, self._request.place)
        try:
            async with asyncio.timeout(patience):
                return await self._outcome
        except TimeoutError:
            return _no_answer(self._request, patience, self._passed_over)

    def close(self) -> None:
        self._socket.close()

    def _received(self, arrival: Arrival) -> None:
        if self._outcome.done():
            return
        message = read_answer(arrival.data, self._question)
        if message is None:
            self._passed_over += 1
            return
        took = round_trip_ns(self._sent, Instant.now(), arrival.stamp)
        self._outcome.set_result(_Answer(message, took / SECOND_NS))

    def _failed(self, error: QuotedError) -> None:
        if not self._outcome.done():
            self._outcome.set_result(error.failure)


async def _ask_over_tcp(
    request: DnsRequest, destination: Address, question: dns.message.Message, patience: float
) -> _Answer | Failure:
    sock = _open(request, socket.SOCK_STREAM)
    if isinstance(sock, Failure):
        return sock
    with sock:
        try:
            async with asyncio.timeout(patience):
                return await _converse(request, sock, destination, question)
        except TimeoutError:
            return _no_answer(request, patience, 0)
        except OSError as error:
            return failure_of(error, request.place)


async def _converse(
    request: DnsRequest, sock: socket.socket, destination: Address, question: dns.message.Message
) -> _Answer | Failure:
    loop = asyncio.get_running_loop()
    started = time.monotonic_ns()
    await loop.sock_connect(sock, destination)
    connected = time.monotonic_ns()
    await loop.sock_sendall(sock, question.to_wire(prepend_length=True))
    received = b""
    while True:
        data = await loop.sock_recv(sock, _READ_BYTES)
        if not data:
            return Failure(Reason.DISCONNECTED, f"{request.place}: the server closed the connection without an answer")
        received += data
        read = time.monotonic_ns()
        while (end := _LENGTH_BYTES + int.from_bytes(received[:_LENGTH_BYTES])) <= len(received):
            message = read_answer(received[_LENGTH_BYTES:end], question)
            if message is not None:
                return _Answer(message, (read - connected) / SECOND_NS, (connected - started) / SECOND_NS)
            received = received[end:]


def _no_answer(request: DnsRequest, patience: float, passed_over: int) -> Failure:
    waited = f"no answer over {request.protocol} within {format_duration(patience)}"
    return Failure(Reason.TIMEOUT, f"{request.place}: {waited}{strangers(passed_over)}")


def read_answer(data: bytes, question: dns.message.Message) -> dns.message.Message | None:
    """The message, if it is DNS and answers this question by id, opcode and name; otherwise ``None``."""
    if data[:2] != question.id.to_bytes(2):
        return None
    try:
        message = dns.message.from_wire(data, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError, IndexError):
        return None
    return message if question.is_response(message) else None


async def _judge(
    request: DnsRequest, answer: _Answer, expressions: Expressions | None, patience: float
) -> DnsReading | Failure:
    reading = _reading(answer)
    if answer.message.rcode() != dns.rcode.NOERROR:
        return Failure(Reason.RCODE, f"{request.place}: the server says {reading.rcode}", reading)
    if request.expect is None:
        return reading
    searcher = expressions or Expressions()
    try:
        found = await _holds(records(answer.message), request.expect, searcher, patience)
    finally:
        if searcher is not expressions:
            searcher.close()
    return reading if found else Failure(Reason.CONTENT, _missing(request, answer.message, found=found), reading)


async def _holds(lines: list[str], pattern: str, expressions: Expressions, patience: float) -> bool | None:
    """Whether a record holds the pattern; ``None`` when it could not be told in time."""
    try:
        async with asyncio.timeout(patience):
            for line in lines:
                found = await expressions.found(pattern, line, patience)
                if found is not False:
                    return found
    except TimeoutError:
        return None
    return False


def _missing(request: DnsRequest, message: dns.message.Message, *, found: bool | None) -> str:
    if found is None:
        return f"{request.place}: searching for {request.expect!r} took too long: write a simpler expression"
    cut = message.flags & dns.flags.TC
    advice = "; the answer was cut short (TC): ask with `protocol: tcp`" if cut else ""
    return f"{request.place}: no record of the answer holds {request.expect!r}{advice}"


def records(message: dns.message.Message) -> list[str]:
    """The records of the answer section as zone files write them: name, TTL, class, type, value."""
    return [line for rrset in message.answer for line in rrset.to_text().splitlines()]


def _reading(answer: _Answer) -> DnsReading:
    message = answer.message
    return DnsReading(
        request=answer.request,
        connect=answer.connect,
        rcode=dns.rcode.to_text(message.rcode()),
        answers=sum(map(len, message.answer)),
        authorities=sum(map(len, message.authority)),
        additionals=sum(map(len, message.additional)),
        serial=next((record.serial for rrset in message.answer for record in rrset if isinstance(record, SOA)), None),
    )
