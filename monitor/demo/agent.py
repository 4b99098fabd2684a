"""Simulated SNMP agents: version 1 and 2c over UDP."""

from collections.abc import Callable, Iterator
from typing import Final

from monitor.demo import ber
from monitor.demo.door import Door
from monitor.demo.ground import Endpoint
from monitor.demo.mib import Mib
from monitor.demo.moment import Moment

_MOST_OCTETS: Final = 1_400  # of a response: it stays one packet on Ethernet
_HEADER_OCTETS: Final = 80
_TOO_BIG, _NO_SUCH_NAME = 1, 2  # RFC 3416 §3, error-status


def respond(mib: Mib, community: bytes, moment: Moment, data: bytes) -> bytes | None:
    """The agent's answer to one datagram; ``None`` where an agent stays silent (RFC 3584, wrong community; garbage)."""
    try:
        request = ber.decode_request(data)
    except ber.BerError:
        return None
    if request.community != community:
        return None
    answer = _answer_version_1 if request.version == 0 else _answer_version_2c
    try:
        return answer(mib, request, moment)
    except ber.BerError:
        return None


def _answer_version_2c(mib: Mib, request: ber.Request, moment: Moment) -> bytes:
    if request.pdu is ber.Pdu.GET_BULK:
        return ber.encode_response(request, _fitting(_bulk(mib, request, moment)))
    if request.pdu is ber.Pdu.GET:
        bindings = [ber.binding(name, mib.get(name, moment)) for name in request.names]
    else:
        bindings = [ber.binding(*mib.after(name, moment)) for name in request.names]
    response = ber.encode_response(request, bindings)
    return response if len(response) <= _MOST_OCTETS else ber.encode_response(request, (), _TOO_BIG)


def _answer_version_1(mib: Mib, request: ber.Request, moment: Moment) -> bytes:
    """As above; what version 1 does not know is skipped by GETNEXT and no such name to GET (RFC 3584 §4.2.2.1)."""
    bindings = []
    for index, name in enumerate(request.names, start=1):
        found, value = (
            (name, mib.get(name, moment))
            if request.pdu is ber.Pdu.GET
            else mib.after(name, moment, skip=ber.is_counter64)
        )
        if ber.is_counter64(value) or value in {ber.NO_SUCH_OBJECT, ber.NO_SUCH_INSTANCE, ber.END_OF_MIB_VIEW}:
            unchanged = (ber.binding(asked, ber.NULL) for asked in request.names)
            return ber.encode_response(request, unchanged, _NO_SUCH_NAME, index)
        bindings.append(ber.binding(found, value))
    response = ber.encode_response(request, bindings)
    unchanged = (ber.binding(asked, ber.NULL) for asked in request.names)
    return response if len(response) <= _MOST_OCTETS else ber.encode_response(request, unchanged, _TOO_BIG)


def _bulk(mib: Mib, request: ber.Request, moment: Moment) -> Iterator[bytes]:
    """The bindings of RFC 3416 §4.2.3, as many as are asked for."""
    yield from (ber.binding(*mib.after(name, moment)) for name in request.names[: request.non_repeaters])
    repeaters = list(request.names[request.non_repeaters :])
    for _ in range(request.max_repetitions if repeaters else 0):
        found = [mib.after(name, moment) for name in repeaters]
        yield from (ber.binding(name, value) for name, value in found)
        if all(value == ber.END_OF_MIB_VIEW for _, value in found):
            return
        repeaters = [name for name, _ in found]


def _fitting(bindings: Iterator[bytes]) -> Iterator[bytes]:
    room = _MOST_OCTETS - _HEADER_OCTETS
    for binding in bindings:
        room -= len(binding)
        if room < 0:
            return
        yield binding


class Agent:
    """One agent on its own address.

    Args:
        mib: What it knows.
        community: What it must be asked with; other requests get no answer.
        now: The state of the device at this moment; ``None`` while its agent does not answer.
    """

    def __init__(self, mib: Mib, community: str, now: Callable[[], Moment | None]) -> None:
        self._mib = mib
        self._community = community.encode()
        self._now = now
        self._door = Door(self._answer)

    async def start(self, endpoint: Endpoint) -> None:
        """Listen.

        Raises:
            OSError: The address or the port cannot be had.
        """
        await self._door.open(endpoint)

    def close(self) -> None:
        """Answer no more."""
        self._door.close()

    def _answer(self, data: bytes) -> bytes | None:
        moment = self._now()
        return None if moment is None else respond(self._mib, self._community, moment, data)
