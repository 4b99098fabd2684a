"""What a device tells of its health, read by its profile: rarely what there is, often what it says."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from model.health import DeviceHealth
from model.health_cells import exposed_rows, first_of_each, reading_of
from model.measurement import Failure
from model.profile import Profile
from monitor.snmp.cells import read_cells
from monitor.snmp.columns import SYS_UPTIME
from monitor.snmp.health_survey import Survey, Wanted, survey
from monitor.snmp.identity import Identity
from monitor.snmp.session import Session, SnmpError, Value

SURVEY_EVERY: Final = 3_600.0
"""Seconds after which it is looked at anew what a device has."""
_DAY: Final = 86_400.0


class Agent(Protocol):
    """An agent that is polled for its interfaces by somebody else."""

    async def conversation(self) -> tuple[Session, Identity] | None:
        """Its session and what the last walk saw; ``None`` while the last poll failed."""


class HealthReader:
    """Reads one device, round after round.

    It uses the session of the poll, in which one request waits for the other: a poll is never delayed by more than
    one request. An agent that did not answer the last poll is not asked.

    Args:
        agent: Whom.
        profiles: By name.
        profile: A name, or ``auto``.
        clock: Monotonic seconds.
    """

    __slots__ = (
        "_absent",
        "_agent",
        "_clock",
        "_ports",
        "_profile",
        "_profiles",
        "_reading",
        "_survey",
        "_surveyed",
        "_uptime",
    )

    def __init__(
        self,
        agent: Agent,
        profiles: Mapping[str, Profile],
        profile: str = "auto",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._agent = agent
        self._profiles = profiles
        self._profile = profile
        self._clock = clock
        self._absent: dict[str, float] = {}
        self._survey: Survey | None = None
        self._surveyed = 0.0
        self._uptime: int | None = None
        self._ports = 0
        self._reading = asyncio.Lock()

    @property
    def has_looked(self) -> bool:
        """Whether it has ever been seen what the device has."""
        return self._survey is not None

    async def read(self) -> DeviceHealth | Failure | None:
        """One round; ``None`` where the agent does not answer its polls either, so that it was not asked."""
        async with self._reading:
            try:
                conversation = await self._agent.conversation()
                return None if conversation is None else await self._round(*conversation)
            except SnmpError as error:
                return Failure(error.reason, error.detail)

    async def _round(self, session: Session, identity: Identity) -> DeviceHealth:
        before = session.sent
        found = self._survey
        if found is None or self._is_old(identity):
            found, cells = await self._look(session, identity)
        else:
            cells = {**found.fixed, **await read_cells(session, found.oids)}
            if self._has_restarted(cells):
                found, cells = await self._look(session, identity)
        return _told(found, cells, session.sent - before)

    def _is_old(self, identity: Identity) -> bool:
        return self._ports != _mark(identity) or self._clock() - self._surveyed > SURVEY_EVERY

    def _has_restarted(self, cells: Mapping[str, Value]) -> bool:
        uptime, before = cells.get(SYS_UPTIME), self._uptime
        self._uptime = uptime if isinstance(uptime, int) else None
        return self._uptime is not None and before is not None and self._uptime < before

    async def _look(self, session: Session, identity: Identity) -> tuple[Survey, Mapping[str, Value]]:
        now = self._clock()
        hidden = frozenset(column for column, until in self._absent.items() if until > now)
        wanted = Wanted(self._profiles, self._profile, identity.system, _names(identity), hidden)
        found, cells = await survey(session, wanted)
        self._absent = dict.fromkeys(found.absent - hidden, now + _DAY) | {each: self._absent[each] for each in hidden}
        self._survey, self._surveyed, self._uptime, self._ports = found, now, None, _mark(identity)
        return found, cells


def _told(found: Survey, cells: Mapping[str, Value], requests: int) -> DeviceHealth:
    rows = [row for table, indices in found.exposed for row in exposed_rows(table, cells, indices)]
    return DeviceHealth(
        profile=found.name,
        identity=found.identity,
        readings=first_of_each(reading_of(row, cells) for row in found.rows),
        exposed=tuple(rows),
        requests=requests,
    )


def _mark(identity: Identity) -> int:
    """Of which interfaces it was: a number, for the names of a city's ports are megabytes."""
    return hash(tuple((row.index, row.name) for row in identity.rows))


def _names(identity: Identity) -> dict[str, str]:
    return {str(row.index): row.name for row in identity.rows}
