"""One agent, one request at a time: what the poll of a device asks of whichever SNMP engine stands behind it.

Failures inside this package are exceptions, drawn here; ``monitor.snmp.poller`` turns them into a ``Failure``::

    SnmpError
    ├── NotPossibleError  this machine cannot ask: no address, no descriptor, no route, credentials that make no sense
    ├── NoAnswerError     nothing that can be believed came back in time
    ├── NotAllowedError   the agent refused the credentials
    └── RefusalError      the agent answered with an error-status (RFC 3416 §3)
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence, Sized
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from model.measurement import Reason

Value = int | bytes | str
"""What a cell holds: numbers, raw octets, or an OID or IpAddress in dotted form."""

TOO_BIG: Final = 1
NO_SUCH_NAME: Final = 2
_AUTHORIZATION_ERROR: Final = 16
_STATUS_NAMES: Final = (
    *("noError", "tooBig", "noSuchName", "badValue", "readOnly", "genErr", "noAccess", "wrongType", "wrongLength"),
    *("wrongEncoding", "wrongValue", "noCreation", "inconsistentValue", "resourceUnavailable", "commitFailed"),
    *("undoFailed", "authorizationError", "notWritable", "inconsistentName"),
)
_PAGE: Final = 25
_Answer = TypeVar("_Answer", bound=Sized)


class SnmpError(Exception):
    """The root of this package's failures: a reason of the closed set and one line for a person."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class NotPossibleError(SnmpError):
    """This machine cannot ask."""


class NoAnswerError(SnmpError):
    """Nothing that can be believed came back in time."""


class Objection(StrEnum):
    """What an agent has against credentials, as far as it tells (RFC 3414 §3.2)."""

    USER = "user"  # it does not know the user
    LEVEL = "level"  # not this user at this security level
    KEY = "key"  # the signature is wrong: the protocol or the passphrase
    PRIVACY = "privacy"  # it cannot decrypt: the protocol or the passphrase
    TIME = "time"  # what it is told of its own boots and time, it does not take
    UNTOLD = "untold"


class NotAllowedError(SnmpError):
    """The agent refused the credentials.

    Attributes:
        objection: What it has against them.
    """

    def __init__(self, detail: str, objection: Objection = Objection.UNTOLD) -> None:
        super().__init__(Reason.AUTHENTICATION, detail)
        self.objection = objection


class RefusalError(SnmpError):
    """The agent answered with an error-status.

    Attributes:
        status: The error-status of RFC 3416 §3; ``None`` where the engine cannot tell which.
        index: Which of the asked cells is to blame, from 1; 0 where that is not said.
    """

    def __init__(self, status: int | None, index: int = 0) -> None:
        reason = Reason.AUTHENTICATION if status == _AUTHORIZATION_ERROR else Reason.AGENT_ERROR
        super().__init__(reason, f"the agent {_refusal(status)}")
        self.status = status
        self.index = index


def _refusal(status: int | None) -> str:
    if status is None:
        return "answers with an error"
    if status == _AUTHORIZATION_ERROR:
        return "demands privacy (or authentication) for this user, or lets it read nothing (authorizationError)"
    return f"answers {_STATUS_NAMES[status] if 0 <= status < len(_STATUS_NAMES) else f'error-status {status}'}"


class Wire(Protocol):
    """What an engine must offer: one request, one answer, no second try.

    Each call raises NoAnswerError after ``timeout`` seconds, NotAllowedError, NotPossibleError or RefusalError.
    """

    @property
    def carries_counter64(self) -> bool:
        """Whether the version has 64-bit counters; SNMPv1 has not, and answers all cells or none (RFC 3584 §4.2)."""

    async def get(self, oids: Sequence[str], timeout: float) -> dict[str, Value]:
        """The cells that exist; a missing one is not in the answer."""

    async def page(self, oid: str, repetitions: int, timeout: float) -> list[tuple[str, Value]]:
        """The next cells after ``oid`` in the agent's order; empty at the end of what it shows."""

    def close(self) -> None:
        """Give back the socket."""


class Session:
    """A conversation with one agent.

    A request takes at most (retries + 1) times ``timeout`` seconds, then it is a NoAnswerError. (SNMPv3 adds up to two
    requests of the same bound when an agent's engine must be discovered.) Each try has a request-id of its own,
    so that an answer which comes too late is never taken for the answer to a later question.

    Attributes:
        sent: Requests sent so far, without retries.
        retried: Requests sent again so far.
        values: Variable bindings with a value received so far.
    """

    __slots__ = ("_lock", "_retries", "_timeout", "_wire", "retried", "sent", "values")

    def __init__(self, wire: Wire, timeout: float, retries: int) -> None:
        self._wire = wire
        self._timeout = timeout
        self._retries = retries
        self._lock = asyncio.Lock()
        self.sent = 0
        self.retried = 0
        self.values = 0

    @property
    def carries_counter64(self) -> bool:
        """Whether 64-bit counters can be asked for at all."""
        return self._wire.carries_counter64

    async def get_many(self, oids: Sequence[str]) -> dict[str, Value]:
        """Ask for exact cells in one request.

        Returns:
            OID → value; a missing cell is absent.

        Raises:
            SnmpError: Any of the tree; RefusalError also for a batch that is too big.
        """
        return await self._retried(lambda: self._wire.get(oids, self._timeout))

    async def walk(self, root: str, limit: int) -> tuple[list[tuple[str, Value]], Reason | None]:
        """Read all cells under ``root`` in the agent's order.

        Returns:
            Pairs of the OID's part after ``root`` and the value; and why the walk ended early, if it did:
            TOO_LARGE after ``limit`` rows, PROTOCOL where an OID did not increase (RFC 3416 §4.2.2 asks for it,
            and without this rule a broken agent is walked for ever).

        Raises:
            SnmpError: The agent did not answer, or answered with an error on the first page.
        """
        rows: list[tuple[str, Value]] = []
        prefix, last = root + ".", root
        while True:
            page = await self._page(last, min(_PAGE, limit - len(rows) + 1))
            for oid, value in page:
                if not oid.startswith(prefix):
                    return rows, None
                if len(rows) == limit:
                    return rows, Reason.TOO_LARGE
                if rows and not _increases(last, oid):
                    return rows, Reason.PROTOCOL
                rows.append((oid[len(prefix) :], value))
                last = oid
            if not page:
                return rows, None

    async def _page(self, oid: str, repetitions: int) -> list[tuple[str, Value]]:
        return await self._retried(lambda: self._wire.page(oid, repetitions, self._timeout))

    async def _retried(self, ask: Callable[[], Awaitable[_Answer]]) -> _Answer:
        for attempt in range(self._retries + 1):
            try:
                async with self._lock:
                    self._count(attempt)
                    answer = await ask()
            except NoAnswerError as failure:
                self._give_up_after_last(attempt, failure)
            else:
                self.values += len(answer)
                return answer
        raise AssertionError

    async def time_get(self, oid: str, timeout: float) -> float:
        """Ask for one cell, once, and say how many seconds the answer took.

        Raises:
            SnmpError: Any of the tree.
        """
        async with self._lock:
            self.sent += 1
            started = time.monotonic()
            await self._wire.get((oid,), timeout)
            return time.monotonic() - started

    def close(self) -> None:
        """Give back the socket. A request under way ends as a NoAnswerError."""
        self._wire.close()

    def _count(self, attempt: int) -> None:
        if attempt:
            self.retried += 1
        else:
            self.sent += 1

    def _give_up_after_last(self, attempt: int, failure: NoAnswerError) -> None:
        # A port that is shut says so at once and will say so again; silence may have been one lost packet.
        if attempt == self._retries or failure.reason in {Reason.REFUSED, Reason.UNREACHABLE}:
            raise failure


def _increases(last: str, oid: str) -> bool:
    return [int(arc) for arc in oid.split(".")] > [int(arc) for arc in last.split(".")]
