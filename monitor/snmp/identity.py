"""Who an agent is and which interfaces it has: read rarely, by walks with a cap."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from model.measurement import Reason, SystemFacts
from monitor.snmp.columns import (
    IF_ALIAS,
    IF_DESCR,
    IF_NAME,
    IF_NUMBER,
    IF_PHYS_ADDRESS,
    IF_TABLE_LAST_CHANGE,
    IF_TYPE,
    SYS_CONTACT,
    SYS_DESCR,
    SYS_LOCATION,
    SYS_NAME,
    SYS_OBJECT_ID,
    SYS_UPTIME,
    Column,
    Syntax,
)
from monitor.snmp.session import RefusalError, Session, Value

_SCALARS: Final = (
    *(SYS_UPTIME, IF_TABLE_LAST_CHANGE, IF_NUMBER),
    *(SYS_OBJECT_ID, SYS_NAME, SYS_LOCATION, SYS_CONTACT, SYS_DESCR),
)
_WALKS: Final = {"ifTable": (IF_DESCR, IF_TYPE, IF_PHYS_ADDRESS), "ifXTable": (IF_NAME, IF_ALIAS)}
_LONGEST_TEXT: Final = 255  # DisplayString, RFC 2579 §2: what an agent sends beyond it is cut


@dataclass(frozen=True, slots=True)
class Row:
    """What stays of an interface between two walks.

    Attributes:
        index: ifIndex.
        name: The key: ifName, else ifDescr, else ``if`` and the index; with ``#index`` where several have the same.
        witness: The cell that the name came from and the octets it held: as long as it does, the row is this
            interface. ``None`` where the agent has no name for it.
        descr: ifDescr.
        alias: ifAlias.
        kind: ifType.
        physical_address: Lower-case hex with colons.
    """

    index: int
    name: str
    witness: tuple[str, bytes] | None
    descr: str
    alias: str
    kind: int | None
    physical_address: str


@dataclass(frozen=True, slots=True)
class Identity:
    """An agent's facts as of one walk.

    Attributes:
        system: The system group.
        uptime: sysUpTime at the walk.
        table_changed: ifTableLastChange; ``None`` where the agent does not tell.
        number: ifNumber; ``None`` where the agent does not tell.
        rows: In order of ifIndex.
        missing: Tables that could not be walked to their end.
    """

    system: SystemFacts
    uptime: int | None
    table_changed: int | None
    number: int | None
    rows: tuple[Row, ...]
    missing: Mapping[str, Reason] = field(default_factory=dict)

    @property
    def scalars(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What the agent tells of itself that belongs in every request of a poll, and what in one of them."""
        uptime = () if self.uptime is None else (SYS_UPTIME,)
        changed = () if self.table_changed is None else (IF_TABLE_LAST_CHANGE,)
        return uptime + changed, () if self.number is None else (IF_NUMBER,)


async def learn_identity(session: Session, row_limit: int) -> Identity:
    """Walk the identity columns, each to at most ``row_limit`` rows.

    Raises:
        SnmpError: The agent did not answer. An error-status on a table is not raised but told in ``missing``.
    """
    scalars = await _scalars(session)
    cells: dict[str, dict[str, Value]] = {}
    missing: dict[str, Reason] = {}
    for table, columns in _WALKS.items():
        for column in columns:
            cells[column], reason = await _walk(session, column, row_limit)
            if reason is not None:
                missing[table] = reason
    return Identity(
        system=_system(scalars),
        uptime=_number(scalars.get(SYS_UPTIME)),
        table_changed=_number(scalars.get(IF_TABLE_LAST_CHANGE)),
        number=_number(scalars.get(IF_NUMBER)),
        rows=_rows(cells)[:row_limit],
        missing=missing,
    )


async def columns_of_agent(session: Session, columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that are worth asking for.

    Where one missing cell spoils a whole answer (SNMPv1), each column is looked at once, so that a table which the
    agent has not got costs one request and not one for each of its cells.
    """
    if session.carries_counter64:
        return tuple(columns)
    narrow = [column for column in columns if column.syntax is not Syntax.COUNTER64]
    return tuple([column for column in narrow if (await _walk(session, column.oid, 1))[0]])


async def _scalars(session: Session) -> dict[str, Value]:
    try:
        return await session.get_many(_SCALARS)
    except RefusalError:
        # SNMPv1 with one scalar missing, or an agent that fails on one of them: each alone.
        found: dict[str, Value] = {}
        for oid in _SCALARS:
            try:
                found |= await session.get_many((oid,))
            except RefusalError as refusal:
                failure = refusal
        if not found:
            raise failure from None
        return found


async def _walk(session: Session, column: str, limit: int) -> tuple[dict[str, Value], Reason | None]:
    try:
        rows, reason = await session.walk(column, limit)
    except RefusalError as refusal:
        return {}, refusal.reason
    return dict(rows), reason


def _system(scalars: Mapping[str, Value]) -> SystemFacts:
    return SystemFacts(
        descr=decode_text(scalars.get(SYS_DESCR)),
        object_id=decode_text(scalars.get(SYS_OBJECT_ID)),
        name=decode_text(scalars.get(SYS_NAME)),
        location=decode_text(scalars.get(SYS_LOCATION)),
        contact=decode_text(scalars.get(SYS_CONTACT)),
    )


def _rows(cells: Mapping[str, Mapping[str, Value]]) -> tuple[Row, ...]:
    found = cells[IF_DESCR].keys() | cells[IF_NAME].keys() | cells[IF_TYPE].keys()
    indices = sorted(int(suffix) for suffix in found if suffix.isdigit())
    names = {index: _name(cells, index) for index in indices}
    twins = {name for name, count in Counter(names.values()).items() if count > 1}
    return tuple(_row(cells, index, _distinct(names[index], index, twins)) for index in indices)


def _name(cells: Mapping[str, Mapping[str, Value]], index: int) -> str:
    suffix = str(index)
    name = decode_text(cells[IF_NAME].get(suffix)) or decode_text(cells[IF_DESCR].get(suffix))
    return name or f"if{index}"


def _distinct(name: str, index: int, twins: set[str]) -> str:
    return f"{name}#{index}" if name in twins else name


def _row(cells: Mapping[str, Mapping[str, Value]], index: int, name: str) -> Row:
    suffix = str(index)
    address = cells[IF_PHYS_ADDRESS].get(suffix)
    return Row(
        index=index,
        name=sys.intern(name),  # thousands of devices call their ports the same
        witness=_witness(cells, suffix),
        descr=sys.intern(decode_text(cells[IF_DESCR].get(suffix))),
        alias=decode_text(cells[IF_ALIAS].get(suffix)),
        kind=_number(cells[IF_TYPE].get(suffix)),
        physical_address=address.hex(":") if isinstance(address, bytes) else "",
    )


def _witness(cells: Mapping[str, Mapping[str, Value]], suffix: str) -> tuple[str, bytes] | None:
    for column in (IF_NAME, IF_DESCR):
        told = cells[column].get(suffix)
        if isinstance(told, bytes) and told:
            return sys.intern(f"{column}.{suffix}"), told
    return None


def _number(value: Value | None) -> int | None:
    return value if isinstance(value, int) else None


def decode_text(value: Value | None) -> str:
    """An agent's text: UTF-8, each wrong octet as U+FFFD, without NUL, at most 255 characters; empty for no text."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace").replace("\0", "")
    return value[:_LONGEST_TEXT] if isinstance(value, str) else ""
