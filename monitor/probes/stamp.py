"""STAMP test packets to one reflector (RFC 8762, unauthenticated), which TWAMP-Light reflectors answer as well."""

import asyncio
import errno
import os
import socket
from collections import deque
from dataclasses import dataclass
from typing import Final

from model.measurement import Failure, Reason, StampReading
from model.stamp import (
    ERROR_ESTIMATE,
    PORT,
    Answer,
    LossLedger,
    Request,
    decode_answer,
    encode_request,
    ntp_timestamp,
    wire_sequence,
)
from model.units import format_duration
from monitor.probes.counters import PacketCounters, strangers
from monitor.probes.sockets import (
    bind_source,
    failure_of,
    family_of,
    limit_hops,
    sockaddr_of,
    version_of,
)
from monitor.probes.timed_socket import Arrival, QuotedError, TimedSocket
from monitor.probes.timing import SECOND_NS, Deadlines, Instant, round_trip_ns

_HOP_LIMIT: Final = 255  # so that the TTL at the reflector tells the hops in between, RFC 4656 §4.1.2
_REMEMBERED: Final = 16
_QUEUE_IS_FULL: Final = {errno.EAGAIN, errno.ENOBUFS}


@dataclass(slots=True, eq=False)
class _TestPacket:
    """A test packet under way."""

    ordinal: int
    request: Request
    sent: Instant
    timeout_ns: int
    outcome: asyncio.Future[StampReading | Failure]
    aliens_before: int


class StampSession:
    """All test packets to one reflector; its memory is what tells the directions of losses apart."""

    def __init__(self, address: str, port: int = PORT, source: str | None = None) -> None:
        """Open nothing yet.

        Args:
            address: IP literal.
            port: UDP port.
            source: Address or interface of this machine to send from; ``None`` leaves it to the routing table.
        """
        self._address = address
        self._port = port
        self._source = source
        self._source_port = 0
        self._ssid = int.from_bytes(os.urandom(2), "big") or 1
        self._socket: TimedSocket | None = None
        self._ledger = LossLedger()
        self._pending: dict[int, _TestPacket] = {}
        self._settled: deque[tuple[Request, bool]] = deque(maxlen=_REMEMBERED)
        self._deadlines = Deadlines[_TestPacket](self._expire)
        self.counters = PacketCounters()

    async def probe(self, timeout: float) -> StampReading | Failure:
        """Send one test packet and wait for its answer; several may be under way.

        Args:
            timeout: Seconds after which the packet counts as lost.
        """
        packet = self._depart(round(timeout * SECOND_NS))
        if isinstance(packet, Failure):
            return packet
        try:
            return await packet.outcome
        finally:
            if packet.request.sequence in self._pending:  # cancelled
                self._give_up(packet, self._timed_out(packet))

    def close(self) -> None:
        """Close the socket; who still waits for an answer gets a Failure."""
        self._deadlines.close()
        self._disconnect()
        for packet in list(self._pending.values()):
            self._give_up(packet, Failure(Reason.LOCAL, f"{self._place}: the session was closed"))

    @property
    def _place(self) -> str:
        return f"{self._address} port {self._port}"

    def _depart(self, timeout_ns: int) -> _TestPacket | Failure:
        ordinal, sent = self._ledger.next_ordinal, Instant.now()
        request = Request(wire_sequence(ordinal), ntp_timestamp(sent.wall), ERROR_ESTIMATE, self._ssid)
        failure = self._send(encode_request(request))
        if failure is not None:
            return failure
        outcome: asyncio.Future[StampReading | Failure] = asyncio.get_running_loop().create_future()
        packet = _TestPacket(ordinal, request, sent, timeout_ns, outcome, self.counters.alien)
        self._ledger.sent()
        self._pending[request.sequence] = packet
        self._deadlines.add(sent.monotonic + timeout_ns, packet)
        self.counters.sent += 1
        return packet

    def _send(self, data: bytes) -> Failure | None:
        if self._socket is not None:
            error = self._socket.send(data)
            if error is None:
                return None
            if error.errno in _QUEUE_IS_FULL:
                return failure_of(error, self._place)
            # A connected socket keeps its source address, even when the interface has another by now.
            self._disconnect()
        connected = self._connect()
        if isinstance(connected, Failure):
            return connected
        error = connected.send(data)
        return None if error is None else failure_of(error, self._place)

    def _connect(self) -> TimedSocket | Failure:
        destination, version = sockaddr_of(self._address, self._port), version_of(self._address)
        if isinstance(destination, Failure):
            return destination
        try:
            sock = socket.socket(family_of(version), socket.SOCK_DGRAM)
        except OSError as error:
            return failure_of(error, self._place)
        # The reflector knows a session by its port: over the same one it goes on counting.
        failure = bind_source(sock, version, self._source, self._source_port)
        if failure is not None:
            self._source_port = 0
            sock.close()
            return failure
        limit_hops(sock, version, _HOP_LIMIT)
        try:
            sock.connect(destination)
        except OSError as error:
            sock.close()
            return failure_of(error, self._place)
        self._socket = TimedSocket(sock, version, self._receive, self._fail)
        self._source_port = self._socket.port
        return self._socket

    def _disconnect(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _receive(self, arrival: Arrival) -> None:
        read = Instant.now()
        self.counters.dropped = arrival.dropped or self.counters.dropped
        answer = decode_answer(arrival.data)
        packet = None if answer is None else self._pending.get(answer.request.sequence)
        if answer is None or packet is None or not _answers(answer, packet.request):
            self._count_unexpected(answer)
            return
        elapsed_ns = round_trip_ns(packet.sent, read, arrival.stamp)
        if elapsed_ns > packet.timeout_ns:
            self.counters.late += 1
            self._give_up(packet, self._timed_out(packet))
        else:
            self._take(packet, answer, elapsed_ns / SECOND_NS)

    def _take(self, packet: _TestPacket, answer: Answer, elapsed: float) -> None:
        residence = answer.residence
        if residence is not None and residence > elapsed:
            residence = None
        losses = self._ledger.answered(packet.ordinal, answer.sequence)
        self.counters.answered += 1
        self._settle(
            packet,
            StampReading(
                rtt=elapsed - (residence or 0.0),
                residence=residence,
                sender_sequence=packet.request.sequence,
                reflector_sequence=answer.sequence,
                forward_lost=losses.forward,
                backward_lost=losses.backward,
                hop_limit=answer.hop_limit or None,
            ),
        )

    def _give_up(self, packet: _TestPacket, failure: Failure) -> None:
        self._ledger.lost(packet.ordinal)
        self._settle(packet, failure)

    def _settle(self, packet: _TestPacket, outcome: StampReading | Failure) -> None:
        del self._pending[packet.request.sequence]
        self._settled.append((packet.request, isinstance(outcome, StampReading)))
        if not packet.outcome.done():
            packet.outcome.set_result(outcome)

    def _count_unexpected(self, answer: Answer | None) -> None:
        for request, was_answered in self._settled:
            if answer is None or not _answers(answer, request):
                continue
            if was_answered:
                self.counters.duplicates += 1
                self._ledger.duplicated(answer.sequence)
            else:
                self.counters.late += 1
            return
        self.counters.alien += 1

    def _fail(self, error: QuotedError) -> None:
        packet = self._quoted(error.payload)
        if packet is None:
            return
        detail = error.failure.detail
        if error.failure.reason is Reason.REFUSED:
            detail += f": no STAMP reflector listens on port {self._port}"
        self._give_up(packet, Failure(error.failure.reason, detail))

    def _quoted(self, payload: bytes) -> _TestPacket | None:
        for packet in self._pending.values():
            # A router need quote only 8 bytes past the IP header, the UDP header: then it is the oldest one.
            if encode_request(packet.request).startswith(payload):
                return packet
        return None

    def _expire(self, packets: list[_TestPacket]) -> None:
        # The loop may have been busy: an answer that the kernel has had for a while is no time-out.
        if self._socket is not None:
            self._socket.drain()
        for packet in packets:
            if packet.request.sequence in self._pending:
                self._give_up(packet, self._timed_out(packet))

    def _timed_out(self, packet: _TestPacket) -> Failure:
        waited = format_duration(packet.timeout_ns / SECOND_NS)
        aliens = self.counters.alien - packet.aliens_before
        doubt = f"{strangers(aliens)}: is this port a STAMP reflector's?" if aliens else ""
        return Failure(Reason.TIMEOUT, f"{self._place}: no STAMP answer within {waited}{doubt}")


def _answers(answer: Answer, request: Request) -> bool:
    # A reflector without RFC 8972 leaves the session identifier 0.
    copied = (answer.request.sequence, answer.request.sent) == (request.sequence, request.sent)
    return copied and answer.ssid in {0, request.ssid}
