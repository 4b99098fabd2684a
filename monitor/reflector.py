"""The far end of STAMP: a stateful reflector that counts per session (RFC 8762 §4.3)."""

import asyncio
import socket
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Protocol

from model.icmp import IpVersion
from model.measurement import Failure
from model.stamp import (
    ERROR_ESTIMATE,
    Answer,
    Request,
    decode_request,
    encode_answer,
    looks_like_answer,
    ntp_timestamp,
)
from monitor.probes.sockets import (
    ask_for_destination,
    family_of,
    limit_hops,
    sockaddr_of,
    version_of,
    widen_receive_buffer,
)
from monitor.probes.timed_socket import Arrival, TimedSocket
from monitor.probes.timing import SECOND_NS

_HOP_LIMIT: Final = 255
_UNKNOWN_HOP_LIMIT: Final = 255  # what RFC 5357 §4.2.1 asks for when the TTL cannot be read
_SEQUENCE_MODULUS: Final = 1 << 32
_RECEIVE_BUFFER: Final = 1 << 20
_MOST_SESSIONS: Final = 10_000
_IDLE_SECONDS: Final = 900.0
_EARLY: Final = 0.0015  # uvloop rounds to milliseconds, and may ring within the one before

SessionKey = tuple[str, int, int]


class Impairment(Protocol):
    """A simulated line in front of the reflector."""

    def forward(self) -> float | None:
        """Seconds to hold a packet on its way in; ``None`` when it is lost, and then it is not counted."""

    def backward(self) -> float | None:
        """Seconds to hold its answer on the way out; ``None`` when it is lost."""


@dataclass(slots=True)
class ReflectorCounters:
    """What a reflector has done since it was made.

    Attributes:
        answered: Answers handed to the kernel.
        stateless: Of these, those without a session of their own because all were taken.
        malformed: Packets too short to be answered by one of their own size.
        looped: Packets that were answers of another reflector.
        failed: Answers that the kernel would not send.
        dropped: Packets lost in this machine because a socket's buffer was full, as far as later ones told.
    """

    answered: int = 0
    stateless: int = 0
    malformed: int = 0
    looped: int = 0
    failed: int = 0
    dropped: int = 0


class Sessions:
    """Counts the packets of each session; bounded, so that forged sources cannot fill the memory.

    Args:
        most: Sessions at once.
        idle: Seconds without a packet after which a session is forgotten.
    """

    def __init__(self, most: int = _MOST_SESSIONS, idle: float = _IDLE_SECONDS) -> None:
        self._most = most
        self._idle = idle
        self._sessions: OrderedDict[SessionKey, tuple[int, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sessions)

    def count(self, key: SessionKey, now: float) -> int | None:
        """Count one more packet.

        Args:
            key: Address, port and session identifier of the sender.
            now: Seconds by the monotonic clock.

        Returns:
            How many there were before it; ``None`` when there is no room for one more session. Those that are known
            keep theirs: a flood of forged newcomers takes nothing from them.
        """
        self._forget_idle(now)
        if key not in self._sessions and len(self._sessions) >= self._most:
            return None
        number, _ = self._sessions.pop(key, (0, now))
        self._sessions[key] = ((number + 1) % _SEQUENCE_MODULUS, now)
        return number

    def _forget_idle(self, now: float) -> None:
        while self._sessions:
            key, (_, seen) = next(iter(self._sessions.items()))
            if now - seen <= self._idle:
                return
            del self._sessions[key]


@dataclass(frozen=True, slots=True)
class _Visit:
    """A test packet that has come in, and when."""

    door: TimedSocket
    arrival: Arrival
    request: Request
    received_ns: int


class Reflector:
    """Answers STAMP test packets, and TWAMP-Light ones of at least 41 bytes, with packets of the same size."""

    def __init__(self, impairment: Impairment | None = None, sessions: Sessions | None = None) -> None:
        """Open nothing yet.

        Args:
            impairment: A simulated line in front of it; ``None`` answers at once.
            sessions: Where packets are counted.
        """
        self._impairment = impairment
        self._sessions = Sessions() if sessions is None else sessions
        self._doors: list[TimedSocket] = []
        self.counters = ReflectorCounters()

    @property
    def port(self) -> int:
        """The UDP port that it listens on."""
        return self._doors[0].port

    async def start(self, host: str, port: int) -> None:
        """Listen.

        Args:
            host: IP literal; empty for all addresses of both versions.
            port: UDP port; 0 for any that is free.

        Raises:
            OSError: The port is taken or not permitted, or the address is not on this machine.
            ValueError: The host is not an IP literal.
        """
        if host:
            self._open(host, port)
            return
        self._open("0.0.0.0", port)  # noqa: S104  # asked for
        if socket.has_dualstack_ipv6():
            self._open("::", self.port)

    def close(self) -> None:
        """Stop listening; answers that are still held are not sent."""
        for door in self._doors:
            door.close()

    def _open(self, host: str, port: int) -> None:
        address, version = sockaddr_of(host, port), version_of(host)
        if isinstance(address, Failure):
            raise ValueError(address.detail)  # noqa: TRY004  # it is the text that is wrong, not its type
        sock = socket.socket(family_of(version), socket.SOCK_DGRAM)
        try:
            _set_up(sock, version)
            sock.bind(address)
        except OSError:
            sock.close()
            raise
        door = TimedSocket(sock, version, lambda arrival: self._receive(door, arrival))
        self._doors.append(door)

    def _receive(self, door: TimedSocket, arrival: Arrival) -> None:
        self.counters.dropped = max(self.counters.dropped, arrival.dropped or 0)
        request = decode_request(arrival.data)
        if request is None:
            self.counters.malformed += 1
        elif looks_like_answer(arrival.data):
            self.counters.looped += 1
        else:
            received_ns = arrival.stamp or time.time_ns()
            self._hold_forward(_Visit(door, arrival, request, received_ns))

    def _hold_forward(self, visit: _Visit) -> None:
        held = self._impairment.forward() if self._impairment else 0.0
        if held:
            # T2 is when the line would have let it through, not when the timer happened to fire: that is later, since
            # a packet that left before T2 would have spent less than no time here.
            late = _Visit(visit.door, visit.arrival, visit.request, visit.received_ns + round(held * SECOND_NS))
            asyncio.get_running_loop().call_later(held + _EARLY, self._reflect, late)
        elif held is not None:
            self._reflect(visit)

    def _reflect(self, visit: _Visit) -> None:
        sender, sender_port, *_ = visit.arrival.sender
        number = self._sessions.count((sender, sender_port, visit.request.ssid), time.monotonic())
        if number is None:
            self.counters.stateless += 1
            number = visit.request.sequence
        held = self._impairment.backward() if self._impairment else 0.0
        if held:
            asyncio.get_running_loop().call_later(held + _EARLY, self._answer, visit, number, round(held * SECOND_NS))
        elif held is not None:
            self._answer(visit, number, 0)

    def _answer(self, visit: _Visit, number: int, held_ns: int) -> None:
        hop_limit = visit.arrival.hop_limit
        answer = Answer(
            sequence=number,
            # What the line holds an answer lies after T3, so that what the timer fires late counts as residence.
            sent=ntp_timestamp(time.time_ns() - held_ns),
            error_estimate=ERROR_ESTIMATE,
            ssid=visit.request.ssid,
            received=ntp_timestamp(visit.received_ns),
            request=visit.request,
            hop_limit=_UNKNOWN_HOP_LIMIT if hop_limit is None else hop_limit,
        )
        if visit.door.reply(encode_answer(answer, visit.arrival.data), visit.arrival) is None:
            self.counters.answered += 1
        else:
            self.counters.failed += 1


def _set_up(sock: socket.socket, version: IpVersion) -> None:
    if version is IpVersion.V6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    ask_for_destination(sock, version)
    limit_hops(sock, version, _HOP_LIMIT)
    widen_receive_buffer(sock, _RECEIVE_BUFFER)
