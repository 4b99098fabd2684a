"""SNMP agents by the thousand in one process: every address of 127/8 is a device, on one port.

It must cost little beside what is measured, so that one core can carry both sides of a city. Requests are alike but for
their request-id: the answer to each is made once for each tick of the counters and kept, and only the request-id is
put in anew. Run as ``python -m bench.responder``; it prints its port as JSON, and ends when its input ends.
"""

import argparse
import itertools
import json
import select
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from bench.mib import EIGHT, Mib
from monitor.demo import ber

_MOST_OCTETS: Final = 1_472
_HEADER_OCTETS: Final = 60
_TOO_BIG: Final = 1  # RFC 3416 §3, error-status
_RECEIVE_BUFFER: Final = 4 * 1024 * 1024
_BATCH: Final = 256
# struct in_pktinfo: interface, source address to send from, destination of the header (ip(7)).
_PACKET_INFO: Final = struct.Struct("@i4s4s")
_IP_PKTINFO: Final = getattr(socket, "IP_PKTINFO", 8)  # Python names it from 3.14 on


def respond(mib: Mib, data: bytes, seconds: float) -> bytes | None:
    """The whole answer to one datagram of SNMPv2c, ``None`` where it is not a request."""
    try:
        request = ber.decode_request(data)
        if request.pdu is ber.Pdu.GET_BULK:
            return ber.encode_response(request, _fitting(_bulk(mib, request, seconds)))
        if request.pdu is ber.Pdu.GET:
            bindings = [ber.binding(name, mib.get(name, seconds)) for name in request.names]
        else:
            bindings = [ber.binding(*mib.after(name, seconds)) for name in request.names]
    except ber.BerError:
        return None
    response = ber.encode_response(request, bindings)
    return response if len(response) <= _MOST_OCTETS else ber.encode_response(request, (), _TOO_BIG)


def _bulk(mib: Mib, request: ber.Request, seconds: float) -> Iterator[bytes]:
    """RFC 3416 §4.2.3."""
    yield from (ber.binding(*mib.after(name, seconds)) for name in request.names[: request.non_repeaters])
    asked = list(request.names[request.non_repeaters :])
    for _ in range(request.max_repetitions if asked else 0):
        found = [mib.after(name, seconds) for name in asked]
        yield from itertools.starmap(ber.binding, found)
        asked = [name for name, _ in found]


def _fitting(bindings: Iterator[bytes]) -> Iterator[bytes]:
    room = _MOST_OCTETS - _HEADER_OCTETS
    for binding in bindings:
        room -= len(binding)
        if room < 0:
            return
        yield binding


def request_id_span(data: bytes) -> tuple[int, int]:
    """Where the request-id begins and ends in a community message, its tag and length included.

    Raises:
        IndexError: The message is cut off.
    """
    at = _content(data, 0)
    at = _after(data, at)  # version
    at = _after(data, at)  # community
    at = _content(data, at)
    return at, _after(data, at)


def _content(data: bytes, at: int) -> int:
    length = data[at + 1]
    return at + 2 + (length & 0x7F if length & 0x80 else 0)


def _after(data: bytes, at: int) -> int:
    return at + 2 + data[at + 1]


class _Kept(NamedTuple):
    before: bytes
    after: bytes


class Responder:
    """Answers from memory.

    Args:
        mib: What all the devices know.
        tick: Seconds for which counters stand still.
        clock: Monotonic seconds.
    """

    def __init__(self, mib: Mib, tick: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._mib = mib
        self._tick = tick
        self._clock = clock
        self._started = clock()
        self._ticks = 0
        self._kept: dict[bytes, _Kept] = {}

    def answer(self, data: bytes) -> bytes | None:
        """The answer to one datagram; ``None`` where it is not a request."""
        ticks = int((self._clock() - self._started) / self._tick)
        if ticks != self._ticks:
            self._kept.clear()
            self._ticks = ticks
        try:
            start, end = request_id_span(data)
        except IndexError:
            return None
        question = data[:start] + data[end:]
        kept = self._kept.get(question) or self._keep(question, data)
        return kept.before + data[start:end] + kept.after if kept else None

    def _keep(self, question: bytes, data: bytes) -> _Kept | None:
        response = respond(self._mib, data, self._ticks * self._tick)
        if response is None:
            return None
        start, end = request_id_span(response)
        kept = self._kept[question] = _Kept(response[:start], response[end:])
        return kept


def open_socket(port: int = 0) -> socket.socket:
    """A socket on every address of this machine, which tells to which of them a datagram was sent."""
    wildcard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wildcard.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
    wildcard.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    wildcard.setblocking(False)
    wildcard.bind(("0.0.0.0", port))  # noqa: S104  # what does not come from loopback gets no answer
    return wildcard


def drain(wildcard: socket.socket, responder: Responder) -> None:
    """Answer what has come, each from the address that was asked."""
    space = socket.CMSG_SPACE(_PACKET_INFO.size)
    for _ in range(_BATCH):
        try:
            data, ancillary, _, sender = wildcard.recvmsg(65_535, space)
        except BlockingIOError:
            return
        except OSError:
            continue  # an ICMP error that an earlier answer met
        answer = responder.answer(data) if sender[0].startswith("127.") else None
        if answer is not None:
            _, _, asked = _PACKET_INFO.unpack(ancillary[0][2])
            source = (socket.IPPROTO_IP, _IP_PKTINFO, _PACKET_INFO.pack(0, asked, bytes(4)))
            wildcard.sendmsg([answer], [source], 0, sender)


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interfaces", type=int, default=8)
    parser.add_argument("--columns", default=",".join(EIGHT), help="comma-separated names")
    parser.add_argument("--tick", type=float, default=0.05, help="seconds for which counters stand still")
    options = parser.parse_args()
    responder = Responder(Mib(options.interfaces, options.columns.split(",")), options.tick)
    with open_socket() as wildcard:
        print(json.dumps({"port": wildcard.getsockname()[1]}), flush=True)
        readable: list[object] = []
        while sys.stdin not in readable:
            readable, _, _ = select.select([wildcard, sys.stdin], [], [])
            drain(wildcard, responder)


if __name__ == "__main__":
    main()
