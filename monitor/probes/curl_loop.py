"""libcurl's multi interface on the asyncio loop: many transfers at once, no threads, timers of libcurl's own."""

import asyncio
import contextlib
import select
from dataclasses import dataclass
from typing import Final

import pycurl

_DEMAND: Final = {
    pycurl.POLL_IN: select.EPOLLIN,
    pycurl.POLL_OUT: select.EPOLLOUT,
    pycurl.POLL_INOUT: select.EPOLLIN | select.EPOLLOUT,
}
_CLOSED: Final = "the loop of transfers was closed"


@dataclass(frozen=True, slots=True)
class CurlError:
    """Why libcurl gave up.

    Attributes:
        code: A ``CURLcode``, such as ``pycurl.E_OPERATION_TIMEDOUT``.
        text: What libcurl says; it may quote the peer.
    """

    code: int
    text: str


class CurlLoop:
    """Transfers on the running event loop.

    libcurl's sockets are watched by an epoll of their own, and the event loop watches that one descriptor. A transfer
    changes its mind about its socket four times; told to asyncio, each change is a Python handle and one or two system
    calls more (measured: a fifth of the CPU of a whole probe).
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[pycurl.Curl, asyncio.Future[CurlError | None]] = {}
        self._watched: set[int] = set()
        self._timer: asyncio.Handle | None = None
        self._rings_at = 0.0  # kept here: uvloop's handle of a timer that is all but due does not know its time
        self._due: float | None = None
        self._due_now = False
        self._epoll = select.epoll()
        self._loop.add_reader(self._epoll.fileno(), self._on_sockets)
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    @property
    def transfers(self) -> int:
        """How many are under way."""
        return len(self._waiting)

    async def perform(self, handle: pycurl.Curl) -> CurlError | None:
        """Run one transfer to its end; ``None`` when it succeeded. Cancelling ends the transfer too.

        The handle must bear a time limit, and is free again afterwards.
        """
        waiting: asyncio.Future[CurlError | None] = self._loop.create_future()
        try:
            self._multi.add_handle(handle)
        except pycurl.error as error:
            return _internal(error)
        self._waiting[handle] = waiting
        # add_handle asks for a timer at once; going on here saves a turn of the event loop.
        self._drive(pycurl.SOCKET_TIMEOUT, 0)
        try:
            return await waiting
        finally:
            if self._waiting.pop(handle, None) is not None:
                self._let_go(handle)
                self._go_on()

    def close(self) -> None:
        """End all transfers; whoever waits for one gets a ``CurlError``."""
        for handle in list(self._waiting):
            self._finish(handle, CurlError(pycurl.E_ABORTED_BY_CALLBACK, _CLOSED))
        self._loop.remove_reader(self._epoll.fileno())
        if self._timer is not None:
            self._timer.cancel()
        self._multi.close()
        self._epoll.close()

    def _watch(self, demand: int, fd: int, _multi: object, _data: object) -> None:
        # An exception in here would have libcurl end every transfer. libcurl tells of a socket that never opened too,
        # and one that the kernel cannot watch (ENOSPC) costs its own transfer its time, no other.
        with contextlib.suppress(OSError):
            if demand == pycurl.POLL_REMOVE:
                self._watched.discard(fd)
                self._epoll.unregister(fd)
            elif fd in self._watched:
                self._epoll.modify(fd, _DEMAND[demand])
            else:
                self._epoll.register(fd, _DEMAND[demand])
                self._watched.add(fd)

    def _set_timer(self, milliseconds: int) -> None:
        # libcurl forbids to be called from here, so a timer that is due is only noted.
        self._due_now = milliseconds == 0
        if milliseconds <= 0:
            self._due = None
            return
        self._due = self._loop.time() + milliseconds / 1000
        # A later time is left to the timer that is set: it fires early and sets itself again, once per transfer.
        if self._timer is None or self._due < self._rings_at:
            self._arm(self._due)

    def _arm(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rings_at = when
        self._timer = self._loop.call_at(when, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        if self._due is None:
            return
        if self._due > self._loop.time():
            self._arm(self._due)
            return
        self._due = None
        self._drive(pycurl.SOCKET_TIMEOUT, 0)

    def _on_sockets(self) -> None:
        for fd, events in self._epoll.poll(0):
            readable = pycurl.CSELECT_IN if events & ~select.EPOLLOUT else 0
            writable = pycurl.CSELECT_OUT if events & select.EPOLLOUT else 0
            self._drive(fd, readable | writable)

    def _drive(self, fd: int, events: int) -> None:
        self._act(fd, events)
        self._go_on()

    def _go_on(self) -> None:
        while self._due_now:
            self._act(pycurl.SOCKET_TIMEOUT, 0)

    def _act(self, fd: int, events: int) -> None:
        self._due_now = False
        try:
            self._multi.socket_action(fd, events)
        except pycurl.error as error:
            # libcurl takes no new transfer before it is rid of all that it had when it failed.
            for handle in list(self._waiting):
                self._finish(handle, _internal(error))
        self._collect()

    def _collect(self) -> None:
        more = 1
        while more:
            more, succeeded, failed = self._multi.info_read()
            for handle in succeeded:
                self._finish(handle, None)
            for handle, code, text in failed:
                self._finish(handle, CurlError(code, text))

    def _finish(self, handle: pycurl.Curl, outcome: CurlError | None) -> None:
        waiting = self._waiting.pop(handle, None)
        if waiting is None:
            return
        self._let_go(handle)
        if not waiting.done():
            waiting.set_result(outcome)

    def _let_go(self, handle: pycurl.Curl) -> None:
        # One that libcurl has let go by itself need not be.
        with contextlib.suppress(pycurl.error):
            self._multi.remove_handle(handle)


def _internal(error: pycurl.error) -> CurlError:
    """What libcurl says where it fails as a whole; its codes for that are none of a ``CURLcode``."""
    return CurlError(pycurl.E_FAILED_INIT, str(error.args[-1]))
