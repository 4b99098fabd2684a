"""A UDP socket to one agent: a question goes out, and only its own answer comes back."""

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Final

from model.measurement import Reason
from monitor.snmp.ber import MalformedError
from monitor.snmp.session import NoAnswerError, NotPossibleError

_LARGEST: Final = 65_535
_NO_WAY: Final = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN})
_NO_DESCRIPTORS: Final = frozenset({errno.EMFILE, errno.ENFILE})


class Channel:
    """A connected socket: the kernel drops what comes from any other address or port than the agent's.

    What comes in while nobody waits is read and forgotten, so a late answer never meets a later question.
    """

    __slots__ = ("_accept", "_garbage", "_loop", "_socket", "_waiter")

    def __init__(self, family: socket.AddressFamily, address: tuple[str | int, ...]) -> None:
        """Open the socket in the running loop.

        Raises:
            NotPossibleError: No descriptor, no route, no permission.
        """
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[bytes] | None = None
        self._accept: Callable[[bytes], bool] | None = None
        self._garbage = 0
        self._socket = connect(family, address)
        self._loop.add_reader(self._socket, self._on_readable)

    async def ask(self, request: bytes, accept: Callable[[bytes], bool], timeout: float) -> bytes:
        """Send a request and wait for the first datagram that ``accept`` takes.

        ``accept`` raises MalformedError for bytes that are no answer to anything, and is false for another's answer.

        Raises:
            NoAnswerError: TIMEOUT, PROTOCOL if malformed bytes came, REFUSED or UNREACHABLE by ICMP.
            NotPossibleError: The kernel would not send.
        """
        if self._socket.fileno() < 0:
            raise NoAnswerError(Reason.TIMEOUT, "the session is closed")
        self._waiter = self._loop.create_future()
        self._accept, self._garbage = accept, 0
        timer = self._loop.call_later(timeout, self._time_out, timeout)
        try:
            self._send(request)
            return await self._waiter
        finally:
            timer.cancel()
            self._waiter = self._accept = None

    def close(self) -> None:
        """Give back the socket; who still waits gets a NoAnswerError."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()
        self._fail(NoAnswerError(Reason.TIMEOUT, "the session was closed while a request was under way"))

    def _send(self, request: bytes) -> None:
        try:
            self._socket.send(request)
        except ConnectionRefusedError:
            # An ICMP error that an earlier request met is reported here; it says nothing about this one.
            self._socket.send(request)
        except BlockingIOError:
            return  # a full send buffer is a lost packet, and the time-out answers for it
        except OSError as error:
            raise not_possible(error) from error

    def _on_readable(self) -> None:
        try:
            datagram = self._socket.recv(_LARGEST)
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(by_icmp(error))
        else:
            self._hear(datagram)

    def _hear(self, datagram: bytes) -> None:
        if self._waiter is None or self._waiter.done() or self._accept is None:
            return
        try:
            if self._accept(datagram):
                self._waiter.set_result(datagram)
        except MalformedError:
            self._garbage += 1

    def _time_out(self, timeout: float) -> None:
        if self._garbage:
            detail = f"what came back within {timeout:g} s is not SNMP: is this port an SNMP agent's?"
            self._fail(NoAnswerError(Reason.PROTOCOL, detail))
        else:
            self._fail(NoAnswerError(Reason.TIMEOUT, f"no answer within {timeout:g} s"))

    def _fail(self, failure: NoAnswerError) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(failure)


def connect(family: socket.AddressFamily, address: tuple[str | int, ...]) -> socket.socket:
    """A non-blocking UDP socket whose only peer is the agent.

    Raises:
        NotPossibleError: No descriptor, no permission.
        NoAnswerError: No route.
    """
    try:
        opened = socket.socket(family, socket.SOCK_DGRAM)
    except OSError as error:
        raise not_possible(error) from error
    try:
        opened.setblocking(False)
        opened.connect(address)
    except OSError as error:
        opened.close()
        raise not_possible(error) from error
    return opened


def not_possible(error: OSError) -> NotPossibleError | NoAnswerError:
    """Name what the kernel said, and how to mend it."""
    if error.errno in _NO_DESCRIPTORS or "os error 24" in str(error):
        mend = "raise the limit of open files (LimitNOFILE=, or ulimit -n): one per SNMP device, two with SNMPv3"
        return NotPossibleError(Reason.LOCAL, f"too many open files: {mend}")
    if error.errno in _NO_WAY:
        return NoAnswerError(Reason.UNREACHABLE, f"no way to the agent: {error.strerror}")
    return NotPossibleError(Reason.LOCAL, f"cannot send to the agent: {error.strerror or error}")


def by_icmp(error: OSError) -> NoAnswerError:
    """What an ICMP error says about the agent."""
    if isinstance(error, ConnectionRefusedError):
        return NoAnswerError(
            Reason.REFUSED, "the host answers, but nothing listens on that UDP port: is its agent running?"
        )
    return NoAnswerError(Reason.UNREACHABLE, f"no way to the agent: {error.strerror or error}")
