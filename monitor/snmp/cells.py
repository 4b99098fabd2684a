"""Reading many cells of an agent gently: exact cells in packets, columns to a limit, one request at a time."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from monitor.snmp.asking import Asker
from monitor.snmp.columns import SYS_UPTIME
from monitor.snmp.plan import Batch, Cell, Group, make_batch
from monitor.snmp.session import RefusalError, Session, Value

CELLS_AT_ONCE: Final = 24
"""In one request; an agent for which that is too much gets less."""


async def read_cells(session: Session, oids: Iterable[str]) -> dict[str, Value]:
    """Exact cells; those that the agent has not got, or fails on, are not in the answer.

    Raises:
        SnmpError: The agent is silent, or refuses even sysUpTime.
    """
    asker = Asker(session)
    found: dict[str, Value] = {}
    for batch in _batches(sorted(set(oids))):
        for answer in await asker.ask(batch):
            found |= answer.values
    return found


async def read_column(session: Session, column: str, limit: int) -> dict[str, Value]:
    """A column's cells by their index, at most so many; empty where the agent has none, or fails on it.

    Of an agent that loops, what came before its first step back is taken.

    Raises:
        SnmpError: The agent is silent.
    """
    try:
        rows, _ = await session.walk(column, limit)
    except RefusalError:
        return {}
    return dict(rows)


def _batches(oids: Sequence[str]) -> Iterator[Batch]:
    for start in range(0, len(oids), CELLS_AT_ONCE):
        part = oids[start : start + CELLS_AT_ONCE]
        yield make_batch((SYS_UPTIME,), tuple(Group(row, (Cell("", oid, 0),)) for row, oid in enumerate(part)))
