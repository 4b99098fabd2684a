"""Which of the credentials that the inventory knows a device takes: one try each, with pauses, and no more than needed.

A device that locks out who guesses must not lock out its monitor. So nothing is sent twice, a user whose key was wrong
is not tried with another key, and a device that falls silent after it has refused is left alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sized
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from model.inventory import Credentials, SnmpPolling
from model.measurement import EchoReading, Failure, Reason
from monitor.enrol.pace import Turn, at_once
from monitor.enrol.presence import local_address, speaks_snmp3
from monitor.probes.icmp import Pinger
from monitor.snmp.columns import SYS_DESCR, SYS_OBJECT_ID, SYS_UPTIME
from monitor.snmp.engines import Engines
from monitor.snmp.session import NO_SUCH_NAME, NotAllowedError, Objection, RefusalError, Session, SnmpError

PATIENCE: Final = 2.0
"""Seconds for one answer."""
PAUSE: Final = 1.0
"""Seconds between two tries."""

_ASKED: Final = (SYS_OBJECT_ID, SYS_DESCR, SYS_UPTIME)
_AUTHORIZATION_ERROR: Final = 16  # error-status, RFC 3416 §3

Sleep = Callable[[float], Awaitable[None]]


class Cause(StrEnum):
    """Why a device did not take credentials, or could not be asked at all."""

    SILENT = "silent"
    CLOSED = "closed"  # ICMP port unreachable
    NO_WAY = "no_way"  # ICMP host or network unreachable
    UNRESOLVED = "unresolved"
    NOT_SNMP = "not_snmp"
    NOT_POSSIBLE = "not_possible"  # this machine, or credentials that miss a part
    USER = "user"
    LEVEL = "level"
    KEY = "key"
    PRIVACY = "privacy"
    TIME = "time"
    NOTHING_SHOWN = "nothing_shown"  # let in, but shown nothing
    SKIPPED = "skipped"  # not tried: the same user's key was wrong, or the device fell silent
    REFUSED = "refused"  # for a reason that it does not tell


_OF_OBJECTIONS: Final = {
    Objection.USER: Cause.USER,
    Objection.LEVEL: Cause.LEVEL,
    Objection.KEY: Cause.KEY,
    Objection.PRIVACY: Cause.PRIVACY,
    Objection.TIME: Cause.TIME,
    Objection.UNTOLD: Cause.REFUSED,
}
_OF_REASONS: Final = {
    Reason.TIMEOUT: Cause.SILENT,
    Reason.REFUSED: Cause.CLOSED,
    Reason.UNREACHABLE: Cause.NO_WAY,
    Reason.UNRESOLVED: Cause.UNRESOLVED,
    Reason.PROTOCOL: Cause.NOT_SNMP,
    Reason.LOCAL: Cause.NOT_POSSIBLE,
    Reason.AUTHENTICATION: Cause.NOTHING_SHOWN,
}
_ENDS_ALL: Final = frozenset({Cause.CLOSED, Cause.NO_WAY, Cause.UNRESOLVED})
_SAID_NO: Final = frozenset({Cause.USER, Cause.KEY, Cause.PRIVACY, Cause.LEVEL})


@dataclass(frozen=True, slots=True)
class Refused:
    """Credentials that were not taken.

    Attributes:
        credentials: Their name in the inventory.
        version: Of SNMP.
        cause: Why.
        detail: What this machine said, where that tells more; holds no secret.
    """

    credentials: str
    version: str
    cause: Cause
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of all tries.

    Attributes:
        found: The name of the credentials that the device takes; ``None`` where it takes none.
        refused: Those that it did not take, in their order.
        answers_ping: ``None`` where this machine may not ping, or did not need to.
        speaks_snmp3: Whether an SNMPv3 agent answered who it is; ``None`` where that was not asked.
        source: Our own address towards the device; empty where there is no way.
    """

    found: str | None = None
    refused: tuple[Refused, ...] = ()
    answers_ping: bool | None = None
    speaks_snmp3: bool | None = None
    source: str = ""


@dataclass(slots=True)
class Trier:
    """Tries credentials on devices.

    Attributes:
        engines: What opens sessions.
        credentials: By name, in the order in which they are tried.
        port: UDP port of the agents.
        patience: Seconds for one answer.
        pause: Seconds between two tries on one device.
        sleep: How to wait.
        turn: Waits until a packet may leave, where many devices are asked together.
        begun: Told the name of each before it is tried.
    """

    engines: Engines
    credentials: Mapping[str, Credentials]
    port: int = 161
    patience: float = PATIENCE
    pause: float = PAUSE
    sleep: Sleep = asyncio.sleep
    turn: Turn = at_once
    begun: Callable[[str], object] = str
    _pinger: Pinger = field(default_factory=Pinger)

    async def try_all(self, address: str) -> Trial:
        """Try the credentials in turn until the device takes some; of none, find out what else can be told.

        Args:
            address: An IP literal.
        """
        trial = await self.try_each(address)
        return trial if trial.found else await self._explained(address, trial.refused)

    async def try_each(self, address: str) -> Trial:
        """As ``try_all``, without a further question to a device that takes none."""
        refused: list[Refused] = []
        for name, credentials in self.credentials.items():
            if refused and refused[-1].cause is not Cause.SKIPPED:
                await self.sleep(self.pause)
            self.begun(name)
            cause, detail = await self._tried(address, credentials, refused)
            if cause is None:
                return Trial(name, tuple(refused), source=local_address(address, self.port))
            refused.append(Refused(name, credentials.version, cause, detail))
            if cause in _ENDS_ALL:
                break
        return Trial(None, tuple(refused), source=local_address(address, self.port))

    async def _tried(self, address: str, credentials: Credentials, refused: list[Refused]) -> tuple[Cause | None, str]:
        if self._is_hopeless(credentials, refused):
            return Cause.SKIPPED, ""
        await self.turn()
        cause, detail = await self.try_one(address, credentials)
        if cause is Cause.SILENT and credentials.privacy and await self.speaks_snmp3(address):
            # An agent that cannot decrypt drops what it got without a word, though it still tells who it is.
            return Cause.PRIVACY, detail
        return cause, detail

    def _is_hopeless(self, credentials: Credentials, refused: list[Refused]) -> bool:
        """Whether a further try could only lock us out."""
        wrong_keys = {self.credentials[each.credentials].user for each in refused if each.cause is Cause.KEY}
        if credentials.version == "3" and credentials.user in wrong_keys:
            return True
        tried = [each for each in refused if each.version == "3" and each.cause is not Cause.SKIPPED]
        fell_silent = len(tried) > 1 and tried[-1].cause is Cause.SILENT and any(e.cause in _SAID_NO for e in tried)
        return credentials.version == "3" and fell_silent

    async def try_one(self, address: str, credentials: Credentials) -> tuple[Cause | None, str]:
        """Try one; ``None`` where the device takes them and shows who it is."""
        try:
            session = await self.open(address, credentials)
        except SnmpError as error:
            return _cause(error), error.detail
        try:
            shown = await _shown(session)
        except SnmpError as error:
            return _cause(error), error.detail
        finally:
            session.close()
        return (None if shown else Cause.NOTHING_SHOWN), ""

    async def open(self, address: str, credentials: Credentials, retries: int = 0) -> Session:
        """A session with a device.

        Raises:
            NotPossibleError: This machine cannot ask.
        """
        polling = SnmpPolling(credentials="tried", port=self.port, timeout=f"{self.patience}s", retries=retries)
        return await self.engines.open(address, polling, credentials)

    async def answers_ping(self, address: str, patience: float | None = None) -> bool | None:
        """Whether an address answers an echo; ``None`` where this machine may not ask."""
        await self.turn()
        outcome = await self._pinger.ping(address, timeout=patience or self.patience)
        if isinstance(outcome, Failure) and outcome.reason is Reason.LOCAL:
            return None
        return isinstance(outcome, EchoReading)

    async def speaks_snmp3(self, address: str) -> bool:
        """Whether an SNMPv3 agent tells who it is."""
        await self.turn()
        return await speaks_snmp3(address, self.port, self.patience)

    async def _explained(self, address: str, refused: tuple[Refused, ...]) -> Trial:
        causes = {each.cause for each in refused}
        pinged = await self.answers_ping(address)
        spoken = None if Cause.CLOSED in causes else await self.speaks_snmp3(address)
        return Trial(None, refused, pinged, spoken, local_address(address, self.port))

    def close(self) -> None:
        """Give back the sockets."""
        self._pinger.close()


async def _shown(session: Session) -> Sized:
    try:
        return await session.get_many(_ASKED)
    except RefusalError as refusal:
        if refusal.status != NO_SUCH_NAME:
            raise
        # An SNMPv1 agent that lacks one of them says so of all, and by that has let us in.
        return await session.get_many((SYS_UPTIME,))


def _cause(error: SnmpError) -> Cause:
    match error:
        case NotAllowedError():
            return _OF_OBJECTIONS[error.objection]
        case RefusalError():
            return Cause.LEVEL if error.status == _AUTHORIZATION_ERROR else Cause.NOTHING_SHOWN
        case _:
            return _OF_REASONS.get(error.reason, Cause.NOT_POSSIBLE)
