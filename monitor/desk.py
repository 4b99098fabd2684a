"""What people do about incidents: in force when it is written down, and not at all if it cannot be."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from exporters.desk import (
    ClosedError,
    Decided,
    FixedWindowError,
    LinkSigner,
    TakenError,
    UnknownIncidentError,
    UnknownSilenceError,
    UnknownWindowError,
)
from exporters.past import PastUnavailableError
from history.errors import HistoryError
from history.facts import AuditEntry, Decision, Fact, IncidentRecord
from history.store import Fate, Store
from model.alerting import MaintenanceWindow
from model.incident import About, Acknowledgement, Incident
from model.inventory import Inventory
from model.silence import Silence
from monitor.added_windows import added, ended
from monitor.alerting import Alerting
from monitor.rulings import decided
from monitor.silences import silence_record

_T = TypeVar("_T")
_AROUND: Final = timedelta(minutes=10)

TakeWindows = Callable[[Sequence[MaintenanceWindow]], Awaitable[None]]
"""Lets other added windows be in force beside those of the inventory."""


class Desk:
    """Where people take incidents on, silence them, and announce work.

    Attributes:
        windows: Those that were added beside the inventory's.
    """

    def __init__(
        self,
        alerting: Alerting,
        store: Store,
        inventory: Callable[[], Inventory],
        take_windows: TakeWindows,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.windows: tuple[MaintenanceWindow, ...] = ()
        self._alerting = alerting
        self._store = store
        self._inventory = inventory
        self._take_windows = take_windows
        self._now = now

    def open_incidents(self) -> Sequence[Incident]:
        """Those that last, the newest first."""
        incidents = self._alerting.pipeline.correlator.open.values()
        return sorted(incidents, key=lambda incident: (incident.opened_at, incident.id), reverse=True)

    async def incidents(self, start: datetime, end: datetime) -> Sequence[Incident]:
        """Those that touch [start, end), open ones among them."""
        known = {incident.id: incident for incident in await _asked(self._store.incidents(start, end))}
        return [self._newest(incident) for incident in known.values()]

    async def incident(self, name: str) -> Incident | None:
        """The incident of an id, open or from the history."""
        return self._alerting.pipeline.find(name) or await _asked(self._store.incident(name))

    async def acknowledge(self, name: str, who: str, comment: str) -> Incident:
        """Somebody takes it on."""
        incident = await self._open(name)
        taken = Acknowledgement(who, self._now(), comment)
        return await self._put(incident, taken, AuditEntry(taken.at, who, "acknowledge", _about(name, comment)))

    async def unacknowledge(self, name: str, who: str) -> Incident:
        """They give it back."""
        incident = await self._open(name)
        return await self._put(incident, None, AuditEntry(self._now(), who, "unacknowledge", {"incident": name}))

    def silences(self) -> Sequence[Silence]:
        """All that are kept, those that have ended among them."""
        return sorted(self._alerting.silences.values(), key=lambda silence: silence.created_at, reverse=True)

    async def add_silence(self, silence: Silence) -> Silence:
        """Let it hold."""
        content = {"silence": silence.id, "comment": silence.comment}
        await self._write(silence_record(silence), AuditEntry(self._now(), silence.author, "silence", content))
        self._alerting.mute_by([silence])
        return silence

    async def end_silence(self, name: str, who: str) -> Silence:
        """End it now."""
        silence, now = self._alerting.silences.get(name), self._now()
        if silence is None:
            raise UnknownSilenceError(name)
        if now >= silence.until:
            raise ClosedError("silence", name)
        over = silence.ended(now, who)
        await self._write(silence_record(over), AuditEntry(now, who, "end-silence", {"silence": name}))
        self._alerting.mute_by([over])
        return over

    def maintenance(self) -> Sequence[MaintenanceWindow]:
        """The windows of the inventory and those that were added since."""
        return self._inventory().maintenance

    async def add_maintenance(self, window: MaintenanceWindow, who: str) -> MaintenanceWindow:
        """Let it hold."""
        if any(known.id == window.id for known in self.maintenance()):
            raise TakenError(window.id)
        await self._write(added(window, who, self._now()))
        self.windows = (*self.windows, window)
        await self._take_windows(self.windows)
        return window

    async def end_maintenance(self, name: str, who: str) -> MaintenanceWindow:
        """End it now; what of it has passed has been."""
        window = next((window for window in self.windows if window.id == name), None)
        if window is None:
            is_fixed = any(known.id == name for known in self.maintenance())
            raise FixedWindowError(name) if is_fixed else UnknownWindowError(name)
        await self._write(ended(name, who, self._now()))
        self.windows = tuple(one for one in self.windows if one.id != name)
        await self._take_windows(self.windows)
        return window

    async def decisions(self, subject: About, at: datetime) -> Sequence[Decided]:
        """What held for a subject at a time and was decided around it, in order of time."""
        own = await self._decisions(subject, at)
        found = list(own)
        for name in dict.fromkeys(each.incident for each in own if each.incident):
            incident = await self.incident(name)
            if incident is not None and incident.cause.subject != subject:
                found += [each for each in await self._decisions(incident.cause.subject, at) if each.incident == name]
        return [decided(each) for each in sorted(found, key=lambda each: each.at)]

    def link_signer(self) -> LinkSigner | None:
        """Opens the links of messages; ``None`` where none are signed."""
        return self._alerting.signer

    async def _decisions(self, subject: About, at: datetime) -> Sequence[Decision]:
        before = await _asked(self._store.last_decisions(at, subject))
        near = await _asked(self._store.decisions(at - _AROUND, at + _AROUND, subject))
        return list({(each.alertname, each.requirement, each.at): each for each in (*before, *near)}.values())

    async def _open(self, name: str) -> Incident:
        incident = await self.incident(name)
        if incident is None:
            raise UnknownIncidentError(name)
        if incident.merged_into is not None:
            return await self._open(incident.merged_into)
        if not incident.is_open:
            raise ClosedError("incident", name)
        return incident

    async def _put(self, incident: Incident, taken: Acknowledgement | None, entry: AuditEntry) -> Incident:
        now = self._now()
        after = replace(incident, acknowledged=taken, changed_at=now, version=incident.version + 1)
        self._alerting.put(after)  # before the writing: meanwhile the incident may change, and nobody else be paged
        try:
            await self._write(IncidentRecord(after), entry)
        except PastUnavailableError:
            self._take_back(incident)
            raise
        return after

    def _take_back(self, before: Incident) -> None:
        """It is whose it was before; all else that has become of it meanwhile stays."""
        newest = self._newest(before)
        taken, version = before.acknowledged, newest.version + 1
        self._alerting.put(replace(newest, acknowledged=taken, changed_at=self._now(), version=version))

    async def _write(self, *facts: Fact) -> None:
        """Write facts; those that wait for a database that cannot be written now are held in memory until it can."""
        if await self._store.record(*facts) is Fate.REFUSED:
            raise PastUnavailableError("the history takes nothing more", "see the log for why, then do it again")

    def _newest(self, incident: Incident) -> Incident:
        return self._alerting.pipeline.find(incident.id) or incident


def _about(name: str, comment: str) -> dict[str, str | float | bool | None]:
    return {"incident": name, "comment": comment}


async def _asked(answer: Awaitable[_T]) -> _T:
    try:
        return await answer
    except HistoryError as error:
        raise PastUnavailableError(error.what, error.mend) from error
