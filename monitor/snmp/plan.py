"""Which cells are asked for together: exact cells, packed to what the agent answers in one packet. Pure.

Each request begins with sysUpTime, so that every counter has its own moment; all cells of one interface lie in one
request as long as they fit; and one ifName per request is read in rotation, so that a row which moved is noticed.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from monitor.snmp.columns import SYS_UPTIME, Column, Syntax

LARGEST_ANSWER: Final = 1_400  # octets: an Ethernet packet with some room
SMALLEST_ANSWER: Final = 200
_MESSAGE: Final = 40  # octets around the bindings of an SNMPv2c message with a short community
_NAME_CELL: Final = 40
_SCALAR: Final = 22
# Octets of a value with its tag and length, as it is on a line that carries 2⁴⁸ octets between reboots.
_WIDTH: Final = {Syntax.COUNTER32: 7, Syntax.COUNTER64: 9}


class Cell(NamedTuple):
    """One cell: the name of its column, its exact OID, and the largest value that the column's type holds."""

    column: str
    oid: str
    largest: int


@dataclass(frozen=True, slots=True)
class Group:
    """The cells of one interface inside a batch; ``row`` is the interface's position in the identity."""

    row: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one request asks: the head, then the cells of its groups."""

    head: tuple[str, ...]
    groups: tuple[Group, ...]
    oids: tuple[str, ...]

    def halves(self) -> "tuple[Batch, Batch] | None":
        """Two batches that ask the same, each with the head; ``None`` if there is but one cell."""
        if len(self.groups) > 1:
            middle = len(self.groups) // 2
            return make_batch(self.head, self.groups[:middle]), make_batch(self.head, self.groups[middle:])
        if not self.groups or len(self.groups[0].cells) == 1:
            return None
        row, cells = self.groups[0].row, self.groups[0].cells
        middle = len(cells) // 2
        return make_batch(self.head, (Group(row, cells[:middle]),)), make_batch(
            self.head, (Group(row, cells[middle:]),)
        )

    def without(self, oid: str) -> "Batch":
        """The same batch but for one cell."""
        groups = (Group(group.row, tuple(cell for cell in group.cells if cell.oid != oid)) for group in self.groups)
        head = tuple(cell for cell in self.head if cell != oid)
        return make_batch(head, tuple(group for group in groups if group.cells))


def make_batch(head: tuple[str, ...], groups: tuple[Group, ...]) -> Batch:
    """A batch with its list of cells."""
    return Batch(head, groups, head + tuple(cell.oid for group in groups for cell in group.cells))


@lru_cache(maxsize=4096)
def make_plan(
    indices: tuple[int, ...],
    columns: tuple[tuple[Column, ...], ...],
    answer_octets: int,
    head: tuple[str, ...] = (SYS_UPTIME,),
    once: tuple[str, ...] = (),
) -> tuple[Batch, ...]:
    """All cells of all rows in as few batches as the agent's answers allow.

    The plan is shared by all devices of the same shape: a city has thousands, and their OIDs are most of the memory.

    Args:
        indices: ifIndex of each row.
        columns: The columns of each row.
        answer_octets: What one answer may weigh.
        head: The scalars that every request begins with.
        once: Further scalars of the first request.
    """
    pairs = zip(indices, columns, strict=True)
    groups = [_group(row, index, of_row) for row, (index, of_row) in enumerate(pairs) if of_row]
    room = answer_octets - _MESSAGE - _NAME_CELL - _SCALAR * (len(head) + len(once))
    parts = [tuple(part) for part in _pack(groups, room)] or [()]
    if not groups and not head and not once:
        return (make_batch((SYS_UPTIME,), ()),)  # a poll that asks nothing would succeed without an agent
    return tuple(make_batch(head if at else head + once, part) for at, part in enumerate(parts))


def _group(row: int, index: int, columns: Sequence[Column]) -> Group:
    cells = (Cell(column.name, sys.intern(f"{column.oid}.{index}"), column.syntax.largest) for column in columns)
    return Group(row, tuple(cells))


def _pack(groups: Sequence[Group], room: int) -> Iterator[list[Group]]:
    part: list[Group] = []
    weight = 0
    for group in groups:
        own = sum(map(_weight, group.cells))
        if part and weight + own > room:
            yield part
            part, weight = [], 0
        part.append(group)
        weight += own
    if part:
        yield part


def _weight(cell: Cell) -> int:
    # A binding's own tag and length, the OID's tag, length and about one octet an arc (two from 128 on), the value.
    arcs = cell.oid.split(".")
    width = _WIDTH[Syntax.COUNTER64] if cell.largest > 2**32 else _WIDTH[Syntax.COUNTER32]
    return 4 + len(arcs) - 1 + (len(arcs[-1]) > 2) + width  # noqa: PLR2004  # an index of three digits
