"""gufo-snmp as a codec: its Rust core writes requests and reads values.

Left alone with a network socket gufo-snmp 0.13 would take an SNMPv3 answer without checking its digest, panic on
lengths that are not true, and hide the error-status. So its descriptor is replaced by one end of a socket pair: what it
writes is read here and sent through a Channel, and what it reads has passed ``monitor.snmp.ber`` and
``monitor.snmp.usm``.
"""

import os
import socket
from collections.abc import Callable
from typing import Final, Protocol, TypeVar, cast

from gufo.snmp import SnmpAuthError, SnmpEncodeError, SnmpError
from gufo.snmp._fast import GetIter, SnmpV1ClientSocket, SnmpV2cClientSocket, SnmpV3ClientSocket

from model.measurement import Reason
from monitor.snmp.ber import MalformedError, request_id_span
from monitor.snmp.channel import not_possible
from monitor.snmp.columns import SYS_UPTIME
from monitor.snmp.session import TOO_BIG, NoAnswerError, NotAllowedError, NotPossibleError, RefusalError, Value

LARGEST: Final = 4080
"""Octets of gufo's buffer: what it can read and write."""

_T = TypeVar("_T")
_NOWHERE: Final = "127.0.0.1:9"  # its own socket is closed before it has sent anything
_MOST_GETS: Final = 2_048  # of about 2 kB each
_SMALLEST_OF_FOUR_OCTETS: Final = 1 << 23
_ID_OCTETS: Final = 6  # tag and length of a request-id, and the four octets that nearly all ids have


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

    __slots__ = ("_far", "_near", "_shared")

    def __init__(self) -> None:
        """Open it.

        Raises:
            NotPossibleError: No descriptor is left.
        """
        self._shared: dict[tuple[int, str], CommunityCodec] = {}
        try:
            self._near, self._far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        except OSError as error:
            raise not_possible(error) from error
        self._near.setblocking(False)
        self._far.setblocking(False)

    def attach(self, codec: Codec) -> None:
        """Replace a codec's own socket by this end of the pair."""
        os.dup2(self._near.fileno(), codec.get_fd(), inheritable=False)

    def codec(self, version: int, community: str) -> "CommunityCodec":
        """The codec of all sessions with this version and community.

        Raises:
            NotPossibleError: No descriptor is left.
        """
        codec = self._shared.get((version, community))
        if codec is None:
            codec = self._shared[version, community] = CommunityCodec(self, version, community)
        return codec

    def write(self, encode: Callable[[], None]) -> bytes:
        """The datagram that a codec writes."""
        encode()
        return self._far.recv(LARGEST)

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


class CommunityCodec:
    """Writes the requests and reads the answers of any number of sessions, with two descriptors in all.

    gufo's socket reads only the answer to the request that it wrote last, and a city has thousands of requests under
    way. So one socket writes them all; another wrote one request and never writes again, and each answer is shown to it
    with that request's id in place of its own.
    """

    __slots__ = ("_bench", "_expected", "_gets", "_reader", "_writer")

    def __init__(self, bench: Bench, version: int, community: str) -> None:
        """Open both sockets.

        Raises:
            NotPossibleError: No descriptor is left.
        """
        self._bench = bench
        self._gets: dict[tuple[str, ...], tuple[bytes, bytes]] = {}
        self._writer, self._reader = _community_codec(version, community), _community_codec(version, community)
        bench.attach(self._writer)
        bench.attach(self._reader)
        request, _ = self._request(lambda: self._reader.send_get_many([SYS_UPTIME]))
        start, end = request_id_span(request)
        self._expected = request[start:end]

    def write(self, encode: Callable[[Codec], None]) -> tuple[bytes, int]:
        """A request, and its id.

        Raises:
            RefusalError: It holds more than a request can.
            NotPossibleError: It asks for what is no OID.
        """
        return self._request(lambda: encode(self._writer))

    def write_get(self, oids: tuple[str, ...]) -> tuple[bytes, int]:
        """A GET of these cells, and its id; raises as ``write`` does.

        Devices of one shape are asked the same at every poll, so a GET is written once and then only numbered anew.
        """
        around = self._gets.get(oids)
        if around is None:
            request, _ = self.write(lambda codec: codec.send_get_many(list(oids)))
            start, end = request_id_span(request)
            around = request[: start + 2], request[end:]
            if len(self._gets) < _MOST_GETS:
                self._gets[oids] = around
        number = int.from_bytes(os.urandom(4), "big") & 0x7FFF_FFFF | _SMALLEST_OF_FOUR_OCTETS
        return around[0] + number.to_bytes(4, "big") + around[1], number

    def _request(self, encode: Callable[[], None]) -> tuple[bytes, int]:
        # The id is random; one of another length (1 in 256) would not fit into the place of the one that is expected.
        while True:
            request = write_request(self._bench, encode)
            start, end = request_id_span(request)
            if end - start == _ID_OCTETS:
                return request, int.from_bytes(request[start + 2 : end], "big")

    def read(self, reply: bytes) -> dict[str, Value]:
        """The cells of an answer to any request that was written here.

        Raises:
            NoAnswerError: It cannot be read.
            NotAllowedError: The agent refuses the community.
        """
        start, end = request_id_span(reply)
        if end - start != _ID_OCTETS:
            raise NoAnswerError(Reason.PROTOCOL, "the answer cannot be read: its request-id has needless octets")
        return read_cells(self._bench, reply[:start] + self._expected + reply[end:], self._reader)


def _community_codec(version: int, community: str) -> Codec:
    make = SnmpV2cClientSocket if version else SnmpV1ClientSocket
    try:
        return make(_NOWHERE, community, 0, 0, 0, 0)
    except OSError as error:
        raise not_possible(error) from error


def unknown_engine(bench: Bench) -> SnmpV3ClientSocket:
    """An SNMPv3 codec that has yet to learn with whose engine it speaks.

    Raises:
        NotPossibleError: No descriptor is left.
    """
    try:
        codec = SnmpV3ClientSocket(_NOWHERE, b"", "", 0, b"", 0, b"", 0, 0, 0, 0)
    except OSError as error:
        raise not_possible(error) from error
    bench.attach(codec)
    return codec


def write_request(bench: Bench, encode: Callable[[], None]) -> bytes:
    """The datagram that a codec writes.

    Raises:
        RefusalError: It would be more than a request can hold.
        NotPossibleError: It asks for what is no OID.
    """
    try:
        return bench.write(encode)
    except SnmpEncodeError as error:  # more than its buffer holds
        raise RefusalError(TOO_BIG) from error
    except ValueError as error:
        raise NotPossibleError(Reason.LOCAL, f"the request cannot be written: {error}") from error


def read_answer(bench: Bench, reply: bytes, decode: Callable[[], _T]) -> _T:
    """What a codec reads from an answer.

    Raises:
        NotAllowedError: The agent refuses the credentials.
        NoAnswerError: It cannot be read.
    """
    try:
        return bench.read(reply, decode)
    except SnmpAuthError as error:
        raise NotAllowedError("the agent refuses these credentials") from error
    except MalformedError as error:
        raise NoAnswerError(Reason.PROTOCOL, f"the answer cannot be read: {error}") from error


def read_cells(bench: Bench, reply: bytes, codec: Codec) -> dict[str, Value]:
    """The cells of an answer, without those that do not exist; raises as ``read_answer`` does."""
    # Of the types that gufo declares, None is left out by it and float (REAL) does not pass monitor.snmp.ber.
    return cast("dict[str, Value]", read_answer(bench, reply, codec.recv_get_many))
