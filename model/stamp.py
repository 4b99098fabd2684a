"""STAMP test packets as bytes and what their sequence numbers tell (RFC 8762, unauthenticated mode): pure.

A TWAMP-Light reflector (RFC 5357 appendix I) answers in the same layout, three bytes shorter.
"""

import struct
from dataclasses import dataclass, field
from typing import Final

PORT: Final = 862
PACKET_SIZE: Final = 44
SHORTEST_ANSWER: Final = 41

_REQUEST: Final = struct.Struct("!IQHH28x")
_ANSWER: Final = struct.Struct("!IQHHQIQHxxB")

_NTP_EPOCH: Final = 2_208_988_800  # seconds from 1900 to 1970, RFC 868
_SECOND_NS: Final = 1_000_000_000
_SEQUENCE_MODULUS: Final = 1 << 32
_STAMP_MODULUS: Final = 1 << 64

# S = 0 (we do not know whether the clock is synchronized), Z = 0 (NTP format), scale 32, multiplier 1: within one
# second. A multiplier of 0 would make the packet invalid (RFC 4656 §4.1.2).
ERROR_ESTIMATE: Final = 32 << 8 | 1
_PTP_FORMAT: Final = 1 << 14  # the Z bit, RFC 8186 §2.1


@dataclass(frozen=True, slots=True)
class Request:
    """A sender's test packet (§4.2.1).

    Attributes:
        sequence: 32 bits, starting at 0.
        sent: T1, 64 bits in the format that ``error_estimate`` names.
        error_estimate: 16 bits.
        ssid: Session identifier of RFC 8972 §3; 0 where the sender has none.
    """

    sequence: int
    sent: int
    error_estimate: int
    ssid: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A reflector's test packet (§4.3.1).

    Attributes:
        sequence: The reflector's own number; the sender's on a stateless reflector.
        sent: T3, 64 bits.
        error_estimate: 16 bits; its Z bit names the format of T2 and T3.
        ssid: As in the request, or 0.
        received: T2, 64 bits.
        request: The sender's fields, copied.
        hop_limit: TTL of the request as it arrived.
    """

    sequence: int
    sent: int
    error_estimate: int
    ssid: int
    received: int
    request: Request
    hop_limit: int

    @property
    def residence(self) -> float | None:
        """Seconds from T2 to T3; ``None`` without one of them, or when the clock was set back in between."""
        if not self.received or not self.sent:
            return None
        seconds = self._seconds_inside()
        return seconds if seconds >= 0 else None

    def _seconds_inside(self) -> float:
        if not self.error_estimate & _PTP_FORMAT:
            return _signed(self.sent - self.received, _STAMP_MODULUS) / _SEQUENCE_MODULUS
        return (_ptp_nanoseconds(self.sent) - _ptp_nanoseconds(self.received)) / _SECOND_NS


def encode_request(request: Request) -> bytes:
    """The 44 bytes of a sender's packet."""
    return _REQUEST.pack(request.sequence, request.sent, request.error_estimate, request.ssid)


def decode_request(packet: bytes | memoryview) -> Request | None:
    """The sender's packet, or ``None`` when it is too short to be answered by a packet of its own size."""
    if len(packet) < SHORTEST_ANSWER:
        return None
    return Request(*_REQUEST.unpack_from(bytes(packet[: _REQUEST.size]).ljust(_REQUEST.size, b"\0")))


def encode_answer(answer: Answer, request_packet: bytes | memoryview) -> bytes:
    """The reflector's packet, exactly as long as the request (§4.3, symmetrical size).

    Bytes past the base packet go back as they came: a TLV keeps the U flag that its sender had set, which says that
    we did not understand it (RFC 8972 §4).
    """
    asked = answer.request
    base = _ANSWER.pack(
        answer.sequence,
        answer.sent,
        answer.error_estimate,
        answer.ssid,
        answer.received,
        asked.sequence,
        asked.sent,
        asked.error_estimate,
        answer.hop_limit,
    )
    return (base.ljust(PACKET_SIZE, b"\0") + bytes(request_packet[PACKET_SIZE:]))[: len(request_packet)]


def decode_answer(packet: bytes) -> Answer | None:
    """The reflector's packet, or ``None`` when it is shorter than 41 bytes."""
    if len(packet) < SHORTEST_ANSWER:
        return None
    sequence, sent, estimate, ssid, received, asked_sequence, asked_sent, asked_estimate, hop_limit = (
        _ANSWER.unpack_from(packet)
    )
    request = Request(asked_sequence, asked_sent, asked_estimate, ssid)
    return Answer(sequence, sent, estimate, ssid, received, request, hop_limit)


def looks_like_answer(packet: bytes | memoryview) -> bool:
    """Whether a packet that came to a reflector is itself a reflector's answer.

    Answering it would let one forged packet bounce between two reflectors for ever. A sender's packet is zero where an
    answer has T2 and the TTL; random padding (TWAMP-Light) has the answer's zeros by chance once in 2^40.
    """
    t2_is_set, ttl_is_set = any(packet[16:24]), any(packet[40:41])
    return t2_is_set and ttl_is_set and not any(packet[38:40]) and not any(packet[41:44])


def ntp_timestamp(unix_ns: int) -> int:
    """Nanoseconds since 1970 as 32.32 bits of seconds since 1900, modulo its era of 136 years (RFC 5905 §6)."""
    seconds, nanoseconds = divmod(unix_ns, _SECOND_NS)
    return ((seconds + _NTP_EPOCH) % _SEQUENCE_MODULUS) << 32 | (nanoseconds << 32) // _SECOND_NS


def wire_sequence(ordinal: int) -> int:
    """The sequence number of the n-th test packet of a session, n from 0.

    Number 1 is never sent. A stateful reflector counts packets and so falls one behind, a stateless one copies the
    gap: the second answer tells which it is, before any packet is lost.
    """
    return (ordinal + (ordinal > 0)) % _SEQUENCE_MODULUS


@dataclass(frozen=True, slots=True)
class Losses:
    """Test packets lost per direction; both ``None`` when it cannot be told."""

    forward: int | None
    backward: int | None


_UNTOLD: Final = Losses(None, None)
_MOST_DUPLICATES: Final = 256  # between two answers; a peer that sends more gets a less exact account


@dataclass(slots=True)
class LossLedger:
    """Tells lost on the way out from lost on the way back, by the reflector's own sequence.

    A stateful reflector counts the packets that reach it. Between two answered packets its number has moved by those
    that arrived; what we sent more was lost on the way out, what we did not get back of them on the way back. A packet
    counts once its fate is settled (answered in time, or given up) and that of all before it, so reordered answers
    are no losses. An answer that came too late is lost, on the way back since the reflector had the packet.
    """

    _sent: int = 0
    _settled: int = 0  # all ordinals below it have been counted
    _early: dict[int, int | None] = field(default_factory=dict)  # fates from there on
    _anchor: int | None = None  # the reflector's newest number when losses were last told
    _answers: list[int] = field(default_factory=list)  # the reflector's numbers since then
    _lost: int = 0  # since then, before the last of these answers
    _trailing: int = 0  # lost after it
    _duplicated: set[int] = field(default_factory=set)
    _stateful: bool = False

    @property
    def next_ordinal(self) -> int:
        """Of the packet to be sent next, from 0."""
        return self._sent

    def sent(self) -> None:
        """Note one more packet sent."""
        self._sent += 1

    def lost(self, ordinal: int) -> None:
        """Note that a packet was given up."""
        self._early[ordinal] = None
        self._settle()

    def duplicated(self, reflector_sequence: int) -> None:
        """Note a further answer to an answered packet: the reflector has counted that packet twice."""
        if len(self._duplicated) < _MOST_DUPLICATES:
            self._duplicated.add(reflector_sequence)

    def answered(self, ordinal: int, reflector_sequence: int) -> Losses:
        """Note an answer in time.

        Returns:
            The losses among the packets that have settled since the last answer.
        """
        self._stateful |= reflector_sequence != wire_sequence(ordinal)
        self._early[ordinal] = reflector_sequence
        self._settle()
        if self._answers:
            return self._judge()
        return Losses(0, 0) if self._anchor is not None and self._stateful else _UNTOLD

    def _settle(self) -> None:
        while self._settled in self._early:
            fate = self._early.pop(self._settled)
            self._settled += 1
            if fate is None:
                self._trailing += 1
            else:
                self._answers.append(fate)
                self._lost, self._trailing = self._lost + self._trailing, 0

    def _judge(self) -> Losses:
        anchor, answers, lost = self._anchor, self._answers, self._lost
        self._anchor = newest = _newest(answers)
        self._answers, self._lost = [], 0
        seen = {*answers, *self._duplicated}
        self._duplicated = {number for number in self._duplicated if _ahead(number, newest) > 0}
        if anchor is None or not self._stateful:
            return _UNTOLD
        progress = _ahead(newest, anchor)
        if progress <= 0:  # the reflector has started anew
            return _UNTOLD
        return _split(lost, progress - sum(0 < _ahead(number, anchor) <= progress for number in seen))


def _split(lost: int, unseen: int) -> Losses:
    if lost == 0:
        return Losses(0, 0)
    # More arrivals than packets: some were doubled on the way out and both answers lost, or an earlier one came late.
    return Losses(lost - unseen, unseen) if 0 <= unseen <= lost else _UNTOLD


def _newest(numbers: list[int]) -> int:
    return max(numbers, key=lambda number: _ahead(number, numbers[0]))


def _ahead(number: int, other: int) -> int:
    return _signed(number - other, _SEQUENCE_MODULUS)


def _signed(difference: int, modulus: int) -> int:
    return (difference + modulus // 2) % modulus - modulus // 2


def _ptp_nanoseconds(stamp: int) -> int:
    return (stamp >> 32) * _SECOND_NS + (stamp & 0xFFFF_FFFF)
