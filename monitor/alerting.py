"""The shell around the pipeline of alerts: what it decides is written down, all of it or nothing, and then sent."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final, Protocol

from alerts.ack_link import LinkSigner
from alerts.correlate import Correlator
from alerts.dispatch import Dispatcher
from alerts.doors import Doors
from alerts.heartbeat import Heartbeat, pinging
from alerts.labels import Places
from alerts.mute import Rules
from alerts.pipeline import Pipeline, Step
from alerts.receivers.late import with_lateness
from alerts.ruling import Ruling
from history.errors import HistoryError
from history.facts import AlertFact, IncidentRecord
from history.store import Store
from model.decision import Decision as Decided
from model.decision import FlappingBegan, FlappingEnded, StayedDown
from model.incident import AlertName, Attachment, Fault, Incident, Severity
from model.invalid import InvalidValueError
from model.inventory import Inventory
from model.measurement import HttpReading, Measurement, Subject, SubjectKey
from model.silence import Silence
from model.state import State
from model.verdict import Verdict
from monitor.burning import burning
from monitor.calms import Calms
from monitor.errands import Errands
from monitor.outbox import Outbox, stored
from monitor.resending import Resending
from monitor.rulings import decisions, log_of
from monitor.silences import known_silences
from monitor.states import Change
from monitor.watch import Clocks

log = logging.getLogger(__name__)

_GATHER: Final = 0.01
"""Seconds in which what happens together is waited for."""
_SHARE: Final = 4
"""The pipeline rests this many times as long as it has worked: a storm does not take the loop from the probes."""
_AT_ONCE: Final = 500  # facts in one transaction
_DAY: Final = 86_400
_JUST_CLOSED: Final = timedelta(minutes=16)
"""So long Alertmanager is told of what is over."""


class Counters(Protocol):
    """Who counts."""

    def notified(self, receiver: str, outcome: str) -> None:
        """What became of a message."""

    def decided(self, outcome: str) -> None:
        """What became of a fault."""

    def heartbeat_failed(self) -> None:
        """The dead man's switch could not be reached."""


class Evidence(Protocol):
    """Who looks at what an incident is about."""

    async def collect(self, incident: Incident) -> tuple[Attachment, ...]:
        """What is found."""


class Alerting:
    """Feeds the pipeline with what the daemon sees, and carries out what it decides.

    Attributes:
        pipeline: Decides.
        silences: By id, those that have ended among them.
        signer: Of the links by which incidents are acknowledged; ``None`` where the inventory has no key.
        turned: Told of each incident that has changed, by its id, and of changed silences, by an empty one.
    """

    def __init__(
        self,
        store: Store,
        answered_at: Callable[[SubjectKey], datetime | None],
        counters: Counters,
        evidence: Evidence,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Know nothing yet, and send nothing."""
        self.pipeline = Pipeline(Correlator(answered_at))
        self.silences: dict[str, Silence] = {}
        self.signer: LinkSigner | None = None
        self.turned: Callable[[str], None] = lambda _: None
        self._store = store
        self._counters = counters
        self._evidence = evidence
        self._now = now
        self._inventory = Inventory()
        self._doors = Doors()
        self._book = self._doors.book(self._inventory.alerts, {})
        self._outbox = Outbox(store)
        self.dispatcher = Dispatcher(self._book, self._outbox, counters, freshen=with_lateness)
        self._heartbeat = Heartbeat(None, _Beats(counters), is_well=lambda: self.is_working)
        self._news = asyncio.Event()
        self._errands = Errands()
        self._worker: asyncio.Task[object] | None = None
        self._working = asyncio.Lock()  # a step is decided, written down and handed over as a whole
        self._calms = Calms(self._is_calm)
        self._certificate_days: dict[str, int] = {}
        self._looked_at: set[str] = set()
        self._resending = Resending(self.pipeline, lambda: self._book.own, self._now)

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory."""
        self._inventory = inventory
        alerts = inventory.alerts
        self._certificate_days = {service.id: service.expect.certificate_days for _, service in inventory.services()}
        key, base = alerts.link_key, alerts.external_url
        self.signer = LinkSigner(key.get_secret_value(), str(base)) if key and base else None
        sign = self.signer.ack_url if self.signer else (lambda _incident, _person: "")
        self.pipeline.load(self._rules(), sign, self._now())
        try:
            self._book = self._doors.book(alerts, inventory.people)
        except InvalidValueError as error:
            log.error("the receivers stay as they were: %s", error)  # noqa: TRY400  # a user's mistake
        self.dispatcher.reconfigure(self._book)
        self._heartbeat.ping = pinging(alerts.heartbeat) if alerts.heartbeat else None
        self._wake()

    async def begin(self) -> None:
        """Take up where the monitor was stopped, and start to send; after ``load``."""
        try:
            await self._remember()
        except HistoryError as error:
            log.warning("open incidents are told anew, the history cannot be read: %s", error)
        await self.dispatcher.start()
        self._worker = self._errands.soon(self._work())
        self._errands.soon(self._resending.work())
        self._errands.soon(self._heartbeat.work())

    async def stop(self, patience: float = 3.0) -> None:
        """Send what is under way, and end."""
        async with self._working:
            await self._carry_out(self._step())
            tasks = self._errands.cancel()
            self._calms.close()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.dispatcher.stop(patience)

    def saw(self, change: Change) -> None:
        """A change of state is on the disk."""
        fact = change.transition
        if fact is not None:
            faults = self.pipeline.correlator.faults
            faults.changed(fact.subject, fact.after, fact.at, fact.noticed_at, fact.evidence)
            self._wake()

    def judged(self, subject: SubjectKey, verdicts: Sequence[Verdict]) -> None:
        """A link or service was judged by its requirement."""
        self.pipeline.correlator.faults.judged(subject, verdicts, self._now())
        self._wake_if_changed()

    def burning(self, subject: SubjectKey, rates: Mapping[float, float | None]) -> None:
        """How fast the error budget of a link or service goes."""
        severity, evidence = burning(rates)
        self.pipeline.correlator.faults.burns(subject, severity, evidence, self._now())
        self._wake_if_changed()

    def measured(self, measurement: Measurement) -> None:
        """A service was measured: its certificate may run out."""
        if isinstance(measurement.outcome, HttpReading) and measurement.outcome.tls is not None:
            left = (measurement.outcome.tls.earliest_expiry - self._now()).total_seconds() / _DAY
            service = measurement.subject.id
            least = self._certificate_days.get(service, 0)
            self.pipeline.correlator.faults.expires(service, left if left < least else None, self._now())
            self._wake_if_changed()

    def found(
        self,
        name: AlertName,
        subject: SubjectKey,
        severity: Severity | None,
        evidence: Mapping[str, str | float] = MappingProxyType({}),
        requirement: str = "",
    ) -> None:
        """A device or a port is unwell, or (``None``) is not."""
        now, graveness = self._now(), severity or Severity.WARNING
        fault = Fault(name, subject, now, now, graveness, requirement, evidence)
        self.pipeline.correlator.faults.found(fault, lasts=severity is not None)
        self._wake_if_changed()

    def lasting(self, name: AlertName, subject: SubjectKey) -> Fault | None:
        """What is wrong already."""
        return self.pipeline.correlator.faults.lasting.get((name, subject, ""))

    def decided(self, subject: Subject, decision: Decided, clocks: Clocks) -> None:
        """The detector of a link has decided something that is no change of its state."""
        faults = self.pipeline.correlator.faults
        if subject.kind != "link":
            return
        match decision:
            case FlappingBegan() | FlappingEnded():
                self._calms.forget(subject.id)
                is_flapping = isinstance(decision, FlappingBegan)
                faults.flaps(subject.id, clocks.utc_of(decision.at), is_flapping=is_flapping)
            case StayedDown():
                faults.stays_down(subject.id)
            case _:
                return
        self._wake()

    def sees(self, since: datetime, *, is_blind: bool) -> None:
        """The monitor is cut off since then, or sees again."""
        self.pipeline.correlator.faults.sees(since, self._now(), is_blind=is_blind)
        self._wake()

    def mute_by(self, silences: Iterable[Silence]) -> None:
        """Take over changed silences."""
        self.silences |= {silence.id: silence for silence in silences}
        self.pipeline.mute_by(self._rules())
        self.turned("")
        self._wake()

    def put(self, incident: Incident) -> None:
        """Take over what somebody has changed of an incident."""
        self.pipeline.put(incident)
        self.turned(incident.id)
        self._wake()

    def open_by_severity(self) -> Mapping[Severity, int]:
        """How many incidents are open."""
        severities = [incident.severity for incident in self.pipeline.correlator.open.values()]
        return {severity: severities.count(severity) for severity in Severity}

    @property
    def is_working(self) -> bool:
        """Whether anything would be told."""
        return self._worker is not None and not self._worker.done()

    async def _remember(self) -> None:
        now = self._now()
        kept = await self._store.open_incidents(self._store.monitor if self._store.is_shared else None)
        kept += [each for each in await self._store.incidents(now - _JUST_CLOSED, now) if not each.is_open]
        last = await self._store.last_states(now)
        self.mute_by(known_silences(await self._store.silences(now)))
        faults = self.pipeline.correlator.faults
        down = [fact for fact in last.values() if fact.after is State.DOWN]
        outages = (faults.outage(fact.subject, fact.at, fact.noticed_at, fact.evidence) for fact in down)
        self.pipeline.remember(kept, [fault for fault in outages if fault is not None])
        self._calms.expect(faults.flapping)
        self.dispatcher.take(await self._outbox.waiting())

    def _is_calm(self, link: str) -> None:
        self.pipeline.correlator.faults.flaps(link, self._now(), is_flapping=False)
        self._wake()

    async def _work(self) -> None:
        """Look whenever something has happened, or time has come; never so often that the probes suffer."""
        pause = 0.0
        while True:
            self._news.clear()
            async with self._working:
                begun = time.perf_counter()
                step = self._step()
                rest = (time.perf_counter() - begun) * _SHARE
                await self._carry_out(step)
            if step.wake_at is not None:
                pause = max((step.wake_at - self._now()).total_seconds(), 0.0)
            # Not wait_for: until Python 3.12 it swallows a cancellation that comes together with the event.
            with suppress(TimeoutError):
                async with asyncio.timeout(None if step.wake_at is None else pause):
                    await self._news.wait()
            await asyncio.sleep(max(_GATHER, rest))

    def _step(self) -> Step:
        try:
            return self.pipeline.step(self._now())
        except Exception:
            # A bug about one incident must not end all alerting; it is ours, so the log gets the whole of it.
            log.exception("alerts are held up for a second")
            self.pipeline.look_again()
            return Step(wake_at=datetime.fromtimestamp(self._now().timestamp() + 1, UTC))

    async def _carry_out(self, step: Step) -> None:
        try:
            await self._write_down(step)
        except Exception:
            log.exception("what was decided is told without having been written down")
        for incident in step.incidents:
            self.turned(incident.id)
        self.dispatcher.take(step.notices)
        self._account_for(step.rulings)
        self._look_at_new(step.incidents)

    async def _write_down(self, step: Step) -> None:
        # Where it takes several transactions, a notice comes before the incident that says that it was told: a message
        # that is written twice has the same key, and one that is not written would be lost.
        facts: list[AlertFact] = [*map(stored, step.notices), *map(IncidentRecord, step.incidents)]
        facts += decisions(step.rulings)
        for start in range(0, len(facts), _AT_ONCE):
            await self._store.record(*facts[start : start + _AT_ONCE])

    def _account_for(self, rulings: Iterable[Ruling]) -> None:
        for each in rulings:
            self._counters.decided(each.outcome)
            log_of(each)

    def _look_at_new(self, incidents: Iterable[Incident]) -> None:
        for incident in incidents:
            if not incident.is_open:
                self._looked_at.discard(incident.id)
            elif not incident.attachments and incident.id not in self._looked_at:
                self._looked_at.add(incident.id)
                self._errands.soon(self._look_at(incident))

    async def _look_at(self, incident: Incident) -> None:
        found = await self._evidence.collect(incident)
        now = self.pipeline.find(incident.id)
        if found and now is not None and not now.attachments:
            after = replace(now, attachments=found, version=now.version + 1)
            self.pipeline.put_quietly(after)
            self.turned(after.id)
            await self._store.record(IncidentRecord(after))

    def _rules(self) -> Rules:
        return Rules(Places(self._inventory), tuple(self.silences.values()), self._inventory.maintenance)

    def _wake(self) -> None:
        self._news.set()

    def _wake_if_changed(self) -> None:
        faults = self.pipeline.correlator.faults
        if faults.is_changed:
            self._wake()


class _Beats:
    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def heartbeat(self, outcome: str) -> None:
        """Only failures are counted."""
        if outcome == "failed":
            self._counters.heartbeat_failed()
