"""The poll of one device: walk rarely, GET often.

A row that moved to another ifIndex is never read under the wrong name when the agent tells ifTableLastChange (it is
in every request), ifNumber changes, or the agent restarted. For an agent that tells none of these, each request
also reads the ifName of one of its interfaces, in turn: the move is noticed within as many polls as one request
holds interfaces (about 3 with all columns, 7 with 8 columns), and at the next poll if all rows moved.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from model.measurement import Failure, InterfaceReading, Reason, SnmpReading
from monitor.snmp.asking import Answer, Asker
from monitor.snmp.columns import COLUMNS, IF_NUMBER, IF_TABLE_LAST_CHANGE, SYS_UPTIME, Column
from monitor.snmp.identity import Identity, columns_of_agent, learn_identity
from monitor.snmp.plan import LARGEST_ANSWER, SMALLEST_ANSWER, Batch, make_plan
from monitor.snmp.session import NoAnswerError, Session, SnmpError

ROW_LIMIT: Final = 20_000
_POLLS_BETWEEN_REPAIRS: Final = 10
_FALSE_ALARMS: Final = 3


class _IdentityIsOld(Exception):  # noqa: N818  # a turn of the poll, not an error
    """The interfaces are no longer those of the last walk."""


@dataclass(slots=True)
class _Found:
    """What one poll has read so far."""

    cells: dict[int, dict[str, int]] = field(default_factory=dict)
    uptime: int | None = None
    is_complete: bool = True
    stopped_by: Reason | None = None


class DevicePoller:
    """Polls one agent, one poll after the other; ``ask_uptime`` may come between two requests of a poll.

    Args:
        open_session: Opens a session; called at the first poll, and again after it failed.
        columns: What to read of each interface.
        row_limit: Rows at which a walk ends.
        poll_limit: Seconds after which no further request of a poll is begun.
    """

    __slots__ = (
        "_alarms",
        "_answer_octets",
        "_answers",
        "_bare",
        "_batches",
        "_columns",
        "_identity",
        "_open_session",
        "_opening",
        "_poll_limit",
        "_polling",
        "_polls_since_walk",
        "_row_limit",
        "_session",
        "_turn",
        "_under_way",
        "_uptime",
        "_wants_identity",
    )

    def __init__(
        self,
        open_session: Callable[[], Awaitable[Session]],
        columns: Sequence[Column] = COLUMNS,
        *,
        row_limit: int = ROW_LIMIT,
        poll_limit: float = 300.0,
    ) -> None:
        self._open_session = open_session
        self._columns = tuple(columns)
        self._row_limit = row_limit
        self._poll_limit = poll_limit
        self._session: Session | None = None
        self._opening = asyncio.Lock()
        self._polling = asyncio.Lock()
        self._identity: Identity | None = None
        self._batches: tuple[Batch, ...] = ()
        self._bare: frozenset[int] = frozenset()
        self._answer_octets = LARGEST_ANSWER
        self._alarms = 0
        self._turn = 0
        self._uptime: int | None = None
        self._polls_since_walk = 0
        self._wants_identity = True
        self._answers = False
        self._under_way: asyncio.Future[SnmpReading | Failure | None] | None = None

    def refresh_identity(self) -> None:
        """Walk the identity anew at the next poll."""
        self._wants_identity = True

    async def poll(self) -> SnmpReading | Failure:
        """Read every interface once.

        A request that stays without an answer ends the poll: what was read before is in the reading, the rest is
        named in ``missing``; where nothing was read it is a Failure. It waits for a poll that is under way.
        """
        async with self._polling:  # a poll that learns the rows anew would rename those of another
            self._under_way = told = asyncio.get_running_loop().create_future()
            outcome: SnmpReading | Failure | None = None
            try:
                outcome = await self._poll(await self._opened())
            except SnmpError as error:
                outcome = Failure(error.reason, error.detail)
            finally:
                self._answers = isinstance(outcome, SnmpReading)
                self._under_way = None
                told.set_result(outcome)
            return outcome

    async def join(self) -> SnmpReading | Failure:
        """The outcome of the poll that is under way; where there is none, or it is given up, of a new one."""
        outcome = await asyncio.shield(self._under_way) if self._under_way is not None else None
        return outcome if outcome is not None else await self.poll()

    async def ask_uptime(self, timeout: float) -> float | Failure:
        """Ask for sysUpTime once, as a sign of life.

        Returns:
            Seconds from request to answer, or the Failure after ``timeout`` seconds of silence. It waits first for a
            request of a poll that is under way.
        """
        try:
            session = await self._opened()
            return await session.time_get(SYS_UPTIME, timeout)
        except SnmpError as error:
            return Failure(error.reason, error.detail)

    async def conversation(self) -> tuple[Session, Identity] | None:
        """The session and what the last walk saw, for whoever asks for something else between two requests.

        ``None`` while the last poll failed: an agent that is silent is left alone.
        """
        if not self._answers or self._identity is None:
            return None
        return await self._opened(), self._identity

    def close(self) -> None:
        """Give back the socket. A poll under way ends as a Failure."""
        if self._session is not None:
            self._session.close()
            self._session = None

    async def _opened(self) -> Session:
        async with self._opening:
            if self._session is None:
                self._session = await self._open_session()
            return self._session

    async def _poll(self, session: Session) -> SnmpReading:
        before = (session.sent, session.retried, session.values)
        for _ in range(2):
            walk = await self._learn(session) if self._wants_identity or self._identity is None else None
            try:
                found = await self._read(session)
            except _IdentityIsOld:
                self._wants_identity = True
            else:
                self._alarms = 0
                return self._reading(found, session, before, walk)
        # An agent whose ifTableLastChange never rests tells nothing by it: from now on only the names are watched.
        self._alarms += 1
        raise NoAnswerError(Reason.CONTENT, "the interface table changes faster than it can be read")

    async def _learn(self, session: Session) -> float:
        started = time.monotonic()
        identity = await learn_identity(session, self._row_limit)
        if self._alarms >= _FALSE_ALARMS:
            identity = replace(identity, table_changed=None)
        self._uptime = identity.uptime
        columns = await self._present(session, identity, await columns_of_agent(session, self._columns))
        self._identity = identity
        self._batches = self._plan(identity, columns)
        self._bare = frozenset(row for row, of_row in enumerate(columns) if not of_row)
        self._wants_identity, self._polls_since_walk = False, 0
        return time.monotonic() - started

    async def _present(
        self, session: Session, identity: Identity, candidates: Sequence[Column]
    ) -> list[tuple[Column, ...]]:
        """Which columns each row has: first the ones that are always read, then what stands in for the absent."""
        always = tuple(column for column in candidates if not column.stands_in_for)
        stand_ins = tuple(column for column in candidates if column.stands_in_for)
        cells = await self._cells(session, self._plan(identity, [always] * len(identity.rows)))
        wanted = [
            tuple(column for column in stand_ins if column.stands_in_for not in cells.get(row, ()))
            for row in range(len(identity.rows))
        ]
        if any(wanted):
            for row, more in (await self._cells(session, self._plan(identity, wanted))).items():
                cells[row] = cells.get(row, {}) | more
        return [
            tuple(column for column in candidates if column.name in cells.get(row, ()))
            for row in range(len(identity.rows))
        ]

    async def _cells(self, session: Session, batches: Sequence[Batch]) -> dict[int, dict[str, int]]:
        cells: dict[int, dict[str, int]] = {}
        asker = Asker(session)
        for batch in batches:
            for answer in await asker.ask(batch):
                _sort_in(answer, cells)
        self._ask_less_if(asker)
        return cells

    def _plan(self, identity: Identity, columns: Sequence[tuple[Column, ...]]) -> tuple[Batch, ...]:
        indices = tuple(row.index for row in identity.rows)
        head, once = identity.scalars
        return make_plan(indices, tuple(columns), self._answer_octets, head, once)

    def _ask_less_if(self, asker: Asker) -> None:
        if asker.was_too_big and self._answer_octets > SMALLEST_ANSWER:
            self._answer_octets = max(SMALLEST_ANSWER, self._answer_octets // 2)
            self._wants_identity = True

    async def _read(self, session: Session) -> _Found:
        found = _Found()
        asker = Asker(session)
        deadline = time.monotonic() + self._poll_limit
        self._turn += 1
        try:
            for batch in self._batches:
                witness = self._witness(batch)
                for answer in await asker.ask(batch, witness[0] if witness else None):
                    self._check(answer, witness, found)
                    found.is_complete &= _sort_in(answer, found.cells)
                if time.monotonic() > deadline:
                    found.stopped_by = Reason.TIMEOUT
                    break
        except NoAnswerError as failure:
            if not found.cells:
                raise
            found.stopped_by = failure.reason
        self._ask_less_if(asker)
        return found

    def _witness(self, batch: Batch) -> tuple[str, bytes] | None:
        if not batch.groups or self._identity is None:
            return None
        return self._identity.rows[batch.groups[self._turn % len(batch.groups)].row].witness

    def _check(self, answer: Answer, witness: tuple[str, bytes] | None, found: _Found) -> None:
        """Compare what an answer tells of the table with what the last walk saw.

        Raises:
            _IdentityIsOld: They differ, or the agent restarted (or its sysUpTime wrapped, which costs one walk).
        """
        identity = self._identity
        if identity is None:
            raise _IdentityIsOld
        values = answer.values
        uptime = values.get(SYS_UPTIME)
        if isinstance(uptime, int):
            if self._uptime is not None and uptime < self._uptime:
                raise _IdentityIsOld
            self._uptime = found.uptime = uptime
        if identity.table_changed is not None and values.get(IF_TABLE_LAST_CHANGE) not in {
            None,
            identity.table_changed,
        }:
            raise _IdentityIsOld
        if identity.number is not None and values.get(IF_NUMBER) not in {None, identity.number}:
            raise _IdentityIsOld
        if witness is not None and values.get(witness[0]) not in {None, witness[1]}:
            raise _IdentityIsOld

    def _reading(
        self, found: _Found, session: Session, before: tuple[int, int, int], walk: float | None
    ) -> SnmpReading:
        identity = self._identity
        if identity is None:
            raise AssertionError
        self._polls_since_walk += 1
        if not found.is_complete and self._polls_since_walk >= _POLLS_BETWEEN_REPAIRS:
            self._wants_identity = True
        missing = dict(identity.missing)
        if found.stopped_by is not None:
            missing["ifTable"] = missing["ifXTable"] = found.stopped_by
        return SnmpReading(
            uptime_ticks=found.uptime,
            system=identity.system,
            interfaces=_interfaces(identity, found.cells, self._bare),
            packets_sent=session.sent - before[0],
            packets_retried=session.retried - before[1],
            pdus=session.values - before[2],
            walk=walk,
            missing=missing,
        )


def _sort_in(answer: Answer, cells: dict[int, dict[str, int]]) -> bool:
    """Add an answer's cells to their rows; whether none was missing or of another type than the column's."""
    value_of = answer.values.get
    complete = True
    for group in answer.batch.groups:
        found: dict[str, int] = {}
        for column, oid, largest in group.cells:
            value = value_of(oid)
            if isinstance(value, int) and 0 <= value <= largest:
                found[column] = value
        if len(found) < len(group.cells):
            complete = False
        if found:
            cells[group.row] = {**cells[group.row], **found} if group.row in cells else found
    return complete


def _interfaces(
    identity: Identity, cells: Mapping[int, Mapping[str, int]], bare: frozenset[int]
) -> tuple[InterfaceReading, ...]:
    """The rows that were read, and those of which the agent never tells more than their names."""
    return tuple([
        InterfaceReading(row.index, row.name, row.descr, row.alias, row.kind, row.physical_address, cells.get(at, {}))
        for at, row in enumerate(identity.rows)
        if at in cells or at in bare
    ])
