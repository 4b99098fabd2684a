"""A hard limit for work that blocks: who waits for it is free at the deadline, and its connections are cut then.

Time-outs of sockets bound each single wait; a peer that says one byte a second, or a resolver that is silent, outlasts
any of them. So the work runs in a thread of its own, and what it is connected to is shut from outside.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, Generic, TypeVar

Result = TypeVar("Result")

_LEAST: Final = 0.001


class Deadline(Generic[Result]):
    """When work must be over, and what is to be cut then.

    Args:
        seconds: From now on.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._is_past = False
        self._watched: list[socket.socket] = []
        self._kept: Result | None = None

    @property
    def left(self) -> float:
        """Seconds until then; never 0, which sockets take for "do not wait at all"."""
        return max(_LEAST, self._end - time.monotonic())

    def keep(self, result: Result) -> None:
        """What counts if the time is over before the work is; no longer once it is over."""
        with self._lock:
            # A connection that was cut looks like one whose peer was done.
            self._kept = self._kept if self._is_past else result

    def watch(self, connection: socket.socket) -> None:
        """Cut a connection at the deadline; at once where that is past.

        Args:
            connection: As the operating system knows it, before TLS.
        """
        # TLS takes the file descriptor away from the socket that it wraps; a duplicate of it stays ours.
        twin = connection.dup()
        with self._lock:
            self._watched.append(twin)
            if self._is_past:
                _shut(twin)

    def pass_by(self) -> Result | None:
        """The time is over; gives what was kept until now."""
        with self._lock:
            self._is_past = True
            for twin in self._watched:
                _shut(twin)
            return self._kept

    def release(self) -> None:
        """The work is over."""
        with self._lock:
            for twin in self._watched:
                twin.close()
            self._watched.clear()


def within(seconds: float, work: Callable[[Deadline[Result]], Result]) -> Result:
    """What a piece of work gives, or what it has kept by the deadline.

    Args:
        seconds: How long to wait for it at most.
        work: Whatever it connects to, it has watched. It may go on for a while in its thread when nobody waits for it
            any more, as long as the system takes to resolve a name or to connect.

    Raises:
        TimeoutError: The time was over and nothing was kept.
        Exception: Whatever the work raised.
    """
    deadline = Deadline[Result](seconds)
    future: Future[Result] = Future()
    threading.Thread(target=_run, args=(deadline, work, future), name="receiver", daemon=True).start()
    try:
        return future.result(seconds)
    except TimeoutError:
        kept = deadline.pass_by()
        if kept is None:
            raise
        return kept


def _run(deadline: Deadline[Result], work: Callable[[Deadline[Result]], Result], future: Future[Result]) -> None:
    try:
        future.set_result(work(deadline))
    except Exception as error:  # noqa: BLE001  # handed to whoever waits
        future.set_exception(error)
    finally:
        deadline.release()


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
