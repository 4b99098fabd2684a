"""Which of what a profile names a device has: a few columns walked to a limit, the rest as exact cells."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from model.health import DeviceIdentity
from model.health_cells import Row, decoded, number_in, rows_of, text_in
from model.measurement import SystemFacts
from model.profile import GENERIC, Exposed, Place, Profile, Source, chosen, joined, wanted_scalars
from monitor.snmp.cells import read_cells, read_column
from monitor.snmp.session import Session, Value

WALKED: Final = 2_000
"""Rows at which the walk of a column ends by which rows are chosen: a stack of switches has a thousand entities."""
MOST_ROWS: Final = 256
"""Rows of one table that are read."""
MOST_REQUESTS: Final = 300
"""After so many no further table is looked for until the next survey: an agent without end is not walked for ever."""
_ENTITY_NAME: Final = "1.3.6.1.2.1.47.1.1.1.1.7"
_ENTITY_DESCR: Final = "1.3.6.1.2.1.47.1.1.1.1.2"


@dataclass(frozen=True, slots=True)
class Survey:
    """What a device has of what its profile names.

    Attributes:
        name: Of the profile.
        identity: What the device says it is.
        rows: What gives a reading.
        exposed: Tables that are exported as they are, with the indices of their rows.
        oids: What is read in every round.
        fixed: What was read of what hardly changes, as far as exported tables need it: a city has thousands of these.
        absent: Columns of which the device has no cell.
    """

    name: str
    identity: DeviceIdentity
    rows: tuple[Row, ...]
    exposed: tuple[tuple[Exposed, tuple[str, ...]], ...]
    oids: tuple[str, ...]
    fixed: Mapping[str, Value]
    absent: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for.

    Attributes:
        profiles: By name.
        profile: The name of one, or ``auto``.
        system: What the device says of itself.
        interfaces: Names by ifIndex.
        hidden: Columns that are not asked for: they were absent lately.
    """

    profiles: Mapping[str, Profile]
    profile: str
    system: SystemFacts
    interfaces: Mapping[str, str]
    hidden: frozenset[str] = frozenset()


async def survey(session: Session, wanted: Wanted) -> tuple[Survey, Mapping[str, Value]]:
    """Find out what a device has.

    Returns:
        That, and all cells that were read for it, which are a first round.

    Raises:
        SnmpError: The agent did not answer.
    """
    profiles, name = wanted.profiles, wanted.profile
    if name not in profiles:
        name = await _chosen(session, profiles, wanted.system)
    return await _Look(session, joined(profiles, name), wanted.interfaces, wanted.hidden).survey(name)


async def _chosen(session: Session, profiles: Mapping[str, Profile], system: SystemFacts) -> str:
    scalars = wanted_scalars(profiles, system)
    existing = (await read_cells(session, scalars)).keys() if scalars else ()
    name = chosen(profiles, system, frozenset(existing))
    return name if name in profiles else GENERIC


class _Look:
    """One look at a device: each column is walked at most once, each cell read at most once."""

    def __init__(
        self, session: Session, profile: Profile, interfaces: Mapping[str, str], hidden: frozenset[str]
    ) -> None:
        self._session = session
        self._sent_before = session.sent
        self._profile = profile
        self._interfaces = interfaces
        self._hidden = hidden
        self._cells: dict[str, Value] = {}
        self._walked: dict[str, tuple[str, ...]] = {}
        self._asked: set[str] = set()

    async def survey(self, name: str) -> tuple[Survey, Mapping[str, Value]]:
        """The outcome, and all that was read."""
        profile = self._profile
        places: list[Place] = [*profile.model, *profile.serial, *profile.firmware, *profile.readings]
        indices = {id(place): await self._indices(place) for place in places}
        tables = [(each, await self._rows_of_table(each)) for each in profile.exposed]
        await self._read(oid for place in places for oid in self._static(place, indices[id(place)]))
        fixed = {oid for table, found in tables for oid in _beside(table.static_columns, found)}
        await self._read(fixed)
        rows = [row for source in profile.readings for row in self._rows(source, indices[id(source)])]
        exposed_oids = {oid for table, found in tables for oid in _exposed_oids(table, found)}
        wanted = {oid for row in rows for oid in row.oids} | exposed_oids
        self._cells |= await read_cells(self._session, wanted)
        rows = [row for row in rows if row.oids[0] in self._cells]
        kept = {oid for row in rows for oid in row.oids} | exposed_oids
        found = Survey(
            name=name,
            identity=self._identity(indices),
            rows=tuple(rows),
            exposed=tuple((table, found) for table, found in tables if found or table.scalars),
            oids=tuple(map(sys.intern, sorted(kept & self._cells.keys()))),  # devices of a kind have the same
            fixed={sys.intern(oid): self._cells[oid] for oid in fixed & self._cells.keys()},
            absent=frozenset(column for column, found in self._walked.items() if not found),
        )
        return found, self._cells

    async def _indices(self, place: Place) -> tuple[str, ...]:
        """The rows that fulfil the static conditions of a place; of a scalar none."""
        if place.column is None:
            return ()
        conditions = [each for each in place.where if not each.each_time]
        if not conditions:
            return (await self._walk(place.column, MOST_ROWS))[:MOST_ROWS]
        first = conditions[0]
        found = await self._walk(first.column, WALKED)
        fitting = [index for index in found if first.holds(number_in(self._cells.get(f"{first.column}.{index}")))]
        return tuple(fitting[:MOST_ROWS])

    async def _rows_of_table(self, table: Exposed) -> tuple[str, ...]:
        column = next(iter(table.columns.values()), None)
        return () if column is None else (await self._walk(column, MOST_ROWS))[:MOST_ROWS]

    async def _walk(self, column: str, limit: int) -> tuple[str, ...]:
        if column in self._hidden:
            return ()
        if column not in self._walked:
            if self._session.sent - self._sent_before > MOST_REQUESTS:
                return ()
            found = await read_column(self._session, column, limit)
            self._cells |= {f"{column}.{index}": value for index, value in found.items()}
            self._walked[column] = tuple(found)
        return self._walked[column]

    async def _read(self, oids: Iterable[str]) -> None:
        wanted = {oid for oid in oids if oid not in self._cells} - self._asked
        self._asked |= wanted
        if wanted:
            self._cells |= await read_cells(self._session, wanted)

    def _static(self, place: Place, indices: Iterable[str]) -> Iterable[str]:
        if place.oid is not None:
            return () if isinstance(place, Source) else (place.oid,)
        if not isinstance(place, Source):
            return _beside((place.column or "",), indices)
        columns = place.static_columns
        return _beside((*columns, _ENTITY_NAME, _ENTITY_DESCR) if place.index == "entity" else columns, indices)

    def _rows(self, source: Source, indices: Iterable[str]) -> Iterable[Row]:
        return rows_of(source, self._cells, indices, self._entity if source.index == "entity" else self._interfaces.get)

    def _entity(self, index: str) -> str | None:
        found = (self._cells.get(f"{column}.{index}") for column in (_ENTITY_NAME, _ENTITY_DESCR))
        return next(filter(None, map(decoded, found)), None)

    def _identity(self, indices: Mapping[int, tuple[str, ...]]) -> DeviceIdentity:
        profile = self._profile
        told = {
            key: next(filter(None, (text_in(place, self._cells, indices[id(place)]) for place in places)), "")
            for key, places in (("model", profile.model), ("serial", profile.serial), ("firmware", profile.firmware))
        }
        return DeviceIdentity(vendor=profile.vendor, **told)


def _beside(columns: Iterable[str], indices: Iterable[str]) -> Iterable[str]:
    rows = tuple(indices)
    return (f"{column}.{index}" for column in columns for index in rows)


def _exposed_oids(table: Exposed, indices: Iterable[str]) -> Iterable[str]:
    return (*table.scalars.values(), *_beside(table.columns.values(), indices))
