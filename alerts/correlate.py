"""From faults to incidents: one for each cause, with what it hides; it grows, turns out to be part of another, ends."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from alerts.faults import Faults
from alerts.grouping import by_rank, groups_of, rank, uncovered
from alerts.hold import LOOK_AGAIN, Holds
from alerts.labels import Places
from alerts.shared import AnsweredAt, Shared, site_parts
from model.grounds import Ground, Grounds
from model.incident import About, AlertName, Entry, Fault, FaultKey, Incident, Severity, Told, in_inventory, incident_id
from model.inventory import Inventory
from model.measurement import SubjectKey
from model.state import State
from model.topology import Topology


class Outcome(StrEnum):
    """What became of a fault."""

    HELD = "held"  # nobody is told yet
    OPENED = "opened"  # an incident tells of it
    PART = "part"  # an incident that something else caused hides it
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a fault, and why.

    Attributes:
        fault: Which.
        outcome: What became of it.
        incident: The incident that tells of it or hides it; empty while it is held.
        grounds: Why; ``None`` where the outcome says it all.
    """

    fault: Fault
    outcome: Outcome
    incident: str
    grounds: Grounds | None = None


@dataclass(frozen=True, slots=True)
class Correlated:
    """What an evaluation has changed.

    Attributes:
        incidents: Those that are new, have changed or are closed.
        decided: Of each fault whose fate has changed, its new one.
        wake_at: When to evaluate again if nothing happens before, aware UTC.
    """

    incidents: Sequence[Incident]
    decided: Sequence[Decided]
    wake_at: datetime | None


class Correlator:
    """Keeps the open incidents.

    Attributes:
        faults: What goes wrong now; fed by whoever sees it.
        open: The open incidents by id.
    """

    def __init__(self, answered_at: AnsweredAt) -> None:
        """Know nothing yet.

        Args:
            answered_at: When a subject answered last.
        """
        self._answered_at = answered_at
        self.faults = Faults(Places(Inventory()))
        self.open: dict[str, Incident] = {}
        self._shared = Shared(answered_at)
        self._topology = Topology(Inventory())
        self._holds = Holds(Inventory(), self._topology, self._shared, answered_at)
        self._is_back = False  # and has not looked yet
        self._fates: dict[FaultKey, tuple[Outcome, str]] = {}

    def load(self, places: Places, now: datetime) -> None:
        """Take over an inventory."""
        self._topology = Topology(places.inventory)
        self.faults.load(places, now)
        told = {key for incident in self.open.values() for key in _keys(incident)}
        for key in (*told, *self.faults.lasting):
            if _is_gone(key[1], places):
                self.faults.end(key, now)
        self._shared.load(places.inventory)
        self._holds = Holds(places.inventory, self._topology, self._shared, self._answered_at)

    def remember(self, incidents: Iterable[Incident], outages: Iterable[Fault]) -> None:
        """Take up where a monitor was stopped; after ``load``.

        Args:
            incidents: Those that were open.
            outages: What was down when it was last seen; perhaps nobody has been told.
        """
        for incident in incidents:
            self.open[incident.id] = incident
            entries = [*incident.entries, *incident.parts]
            lasting = [entry.fault for entry in entries if entry.ended_at is None]
            self.faults.remember(lasting)
            self._fates |= {fault.key: (Outcome.OPENED, incident.id) for fault in lasting}
            for fault in lasting:
                if fault.name is AlertName.PROVIDER_OUTAGE:
                    members = [one.key for one in lasting if one.name is AlertName.LINK_DOWN]
                    self._shared.remember({fault.subject[1]: members})
        untold = [fault for fault in outages if fault.key not in self.faults.lasting]
        self.faults.remember(untold)
        self.faults.remembered = {fault.key for fault in untold}
        self._is_back = True

    def evaluate(self, now: datetime) -> Correlated:
        """Bring the incidents up to date with the faults.

        Args:
            now: Aware UTC.
        """
        entries = (entry for incident in self.open.values() if incident.told for entry in incident.entries)
        self.faults.spare(entry.fault.key for entry in entries)
        owners = {key: incident for incident in self.open.values() for key in _keys(incident)}
        self._notice_anew(owners.keys(), now)
        asking = self._holds.asking(self._new(owners), self.faults, now)
        self._shared.derive(self.faults, asking.keys(), now)
        holds = self._holds.held(self._new(owners), asking, self.faults, now)
        known = self._known(holds.keys())
        before = dict(self.open)
        groups = groups_of(known, self.faults, self._shared, self._topology, self.open.values())
        decided = [Decided(self.faults.lasting[key], Outcome.HELD, "", hold.because) for key, hold in holds.items()]
        changed: dict[str, Incident] = {}
        for keys in groups:
            owning = {owner.id: owner for key in keys if (owner := owners.get(key)) is not None}
            for incident in self._tell([known[key] for key in keys], list(owning.values()), now):
                changed[incident.id] = incident
                decided += self._fates_of(incident)
        for incident in self._ended(changed, now):
            changed[incident.id] = incident
            decided += self._fates_of(incident)
        self._keep(changed)
        self.faults.forget_over()
        news = [incident for incident in changed.values() if before.get(incident.id) != incident]
        times = [min(hold.until, now + LOOK_AGAIN) for hold in holds.values()]
        times += filter(None, [self._shared.wake_at])
        return Correlated(news, [each for each in decided if self._is_news(each)], min(times, default=None))

    def _notice_anew(self, told: Collection[FaultKey], now: datetime) -> None:
        """What was down when the monitor was stopped, and nobody knows: what would explain it is asked again first.

        A monitor that has found itself cut off since then asks when it sees again.
        """
        self.faults.remembered &= self.faults.lasting.keys()
        if self._is_back or self.faults.is_blind:
            for key in self.faults.remembered.difference(told):
                self.faults.lasting[key] = replace(self.faults.lasting[key], noticed_at=now)
        self._is_back = False

    def _new(self, owners: Mapping[FaultKey, Incident]) -> list[Fault]:
        """What no incident tells of."""
        return [fault for key, fault in self.faults.lasting.items() if key not in owners]

    def replace(self, incident: Incident) -> None:
        """Take over what somebody else has changed of an open incident: acknowledged, told, looked at."""
        if incident.id in self.open:
            self.open[incident.id] = incident

    def _known(self, held: Iterable[FaultKey]) -> Mapping[FaultKey, Fault]:
        """What lasts, but for what is held; and what people were told of that is not known to be over."""
        told = {
            entry.fault.key: entry.fault
            for incident in self.open.values()
            for entry in (*incident.entries, *incident.parts)
            if entry.ended_at is None and entry.fault.key not in self.faults.over
        }
        known = self.faults.lasting | told
        for key in held:
            known.pop(key, None)
        return known

    def _tell(self, group: Sequence[Fault], owning: Sequence[Incident], now: datetime) -> Iterator[Incident]:
        if not owning:
            yield self._opened(group, self._uncovered(group), now)
            return
        first, *others = sorted(owning, key=lambda incident: (incident.opened_at, incident.id))
        for other in others:
            yield replace(other, closed_at=now, changed_at=now, merged_into=first.id, version=other.version + 1)
            first = _joined(first, other)
        # What was cut off by something else meanwhile, and is not known to be down or up since, is no news.
        shown = {entry.fault.key for entry in first.entries}
        telling = [fault for fault in group if fault.key in self.faults.lasting or fault.key in shown]
        yield self._updated(first, group, self._uncovered(telling), now)

    def _uncovered(self, group: Sequence[Fault]) -> Sequence[Fault]:
        return uncovered(group, self.faults, self._shared, self._explained)

    def _opened(self, group: Sequence[Fault], told: Sequence[Fault], now: datetime) -> Incident:
        first = min(group, key=lambda fault: (fault.since, by_rank(fault)))
        parts = tuple(Entry(fault) for fault in group if fault not in told)
        return Incident(
            id=incident_id(told[0]),
            ward=self.faults.places.ward_of(told[0].subject),
            began_at=first.since,
            opened_at=now,
            changed_at=now,
            entries=tuple(map(Entry, told)),
            parts=parts,
            hidden=self._hidden(group, told),
        )

    def _updated(self, before: Incident, group: Sequence[Fault], told: Sequence[Fault], now: datetime) -> Incident:
        over = self.faults.over
        again = {fault.key for fault in group}
        closed = [entry for entry in map(_closing(over), before.entries) if entry.ended_at is not None]
        ended = [entry for entry in closed if entry.fault.key not in again]
        stays = [entry.fault for entry in before.entries if entry.ended_at is None and entry.fault.key not in over]
        # What people were told of stays in sight, though something else has turned out to be its cause.
        kept = [fault for fault in stays if before.told and fault.key not in {one.key for one in told}]
        entries = (*map(Entry, told), *map(Entry, kept), *ended)
        shown = {entry.fault.key for entry in entries}
        past = [entry for entry in map(_closing(over), before.parts) if entry.ended_at is not None]
        gone = tuple(entry for entry in past if entry.fault.key not in again | shown)
        parts = (*(Entry(fault) for fault in group if fault.key not in shown), *gone)
        after = replace(before, entries=entries, parts=parts, hidden=self._still_hidden(before, group, told))
        if (after.entries, after.parts, after.hidden) == (before.entries, before.parts, before.hidden):
            return before
        more = {fault.key for fault in after.lasting} - {entry.fault.key for entry in before.entries}
        grows = bool(more) or _hides_more(after, before) or _is_eased(after, before)
        after = replace(after, changed_at=now, revision=before.revision + grows, version=before.version + 1)
        return replace(after, widened=after.revision) if _is_wider(after, before) else after

    def _ended(self, changed: Mapping[str, Incident], now: datetime) -> Iterator[Incident]:
        """The incidents of which nothing lasts."""
        for incident in self.open.values():
            if incident.id not in changed and _is_over(incident, self.faults.over):
                close = _closing(self.faults.over)
                yield replace(
                    incident,
                    entries=tuple(map(close, incident.entries)),
                    parts=tuple(map(close, incident.parts)),
                    closed_at=now,
                    changed_at=now,
                    revision=incident.revision + 1,
                    version=incident.version + 1,
                )

    def _keep(self, changed: Mapping[str, Incident]) -> None:
        for incident in changed.values():
            if incident.is_open:
                self.open[incident.id] = incident
            else:
                self.open.pop(incident.id, None)

    def _explained(self, fault: Fault) -> frozenset[SubjectKey]:
        """What the outage of a link or device cuts off, with the sites that stand on nothing else."""
        subject = in_inventory(fault.subject)
        if subject is None or not self._topology.descendants(subject):
            return frozenset()
        cut_off = set(self._topology.explained(subject, self.faults.states))
        sites = {site for each in cut_off if (site := self.faults.places[each][0]) is not None}
        lost = [site for site in sites if cut_off.issuperset(site_parts(site))]
        return frozenset(cut_off | {("site", site.id) for site in lost if site_parts(site)})

    def _hidden(self, group: Sequence[Fault], told: Sequence[Fault]) -> tuple[SubjectKey, ...]:
        """What is silent because of what is told, in a fixed order."""
        named = {fault.subject for fault in told}
        subjects = {subject for fault in group if (subject := in_inventory(fault.subject)) is not None}
        for fault in group:
            if fault.name in {AlertName.LINK_DOWN, AlertName.DEVICE_DOWN}:
                subjects |= self._explained(fault)
        for fault in told:
            if fault.name is AlertName.SITE_UNREACHABLE:
                subjects |= set(self._silent_at(fault.subject[1]))
        return tuple(sorted(subject for subject in subjects if subject not in named and subject[0] != "site"))

    def _still_hidden(self, before: Incident, group: Sequence[Fault], told: Sequence[Fault]) -> tuple[SubjectKey, ...]:
        """What was hidden stays so until it passes or is told of by itself: after a restart nothing is known."""
        hidden, states = self._hidden(group, told), self.faults.states
        missed = set(before.hidden).difference(hidden, (fault.subject for fault in told))
        lost = {each for each in missed if each in self.faults.places and not states.get(each, State.UNKNOWN).passes}
        if not lost:
            return hidden
        others = (incident for incident in self.open.values() if incident.id != before.id)
        return tuple(sorted({*hidden, *lost.difference(key[1] for other in others for key in _keys(other))}))

    def _silent_at(self, site_id: str) -> Iterator[SubjectKey]:
        site, _ = self.faults.places[("site", site_id)]
        links, devices, services = (site.links, site.devices, site.services) if site else ((), (), ())
        subjects: list[SubjectKey] = [("link", link.id) for link in links if len(links) > 1]
        subjects += [("device", device.id) for device in devices]
        subjects += [("service", service.id) for service in services]
        yield from (each for each in subjects if self.faults.states.get(each, State.UNKNOWN).is_lost)

    def _fates_of(self, incident: Incident) -> Iterator[Decided]:
        for entry in incident.entries:
            outcome = Outcome.OPENED if entry.ended_at is None else Outcome.OVER
            yield Decided(entry.fault, outcome, incident.merged_into or incident.id)
        for entry in incident.parts:
            outcome = Outcome.PART if entry.ended_at is None else Outcome.OVER
            yield Decided(entry.fault, outcome, incident.merged_into or incident.id, explained_by(incident.cause))

    def _is_news(self, decided: Decided) -> bool:
        fate = (decided.outcome, decided.incident)
        key = decided.fault.key
        if self._fates.get(key) == fate:
            return False
        if decided.outcome is Outcome.OVER:
            return self._fates.pop(key, None) is not None
        self._fates[key] = fate
        return True


def explained_by(cause: Fault) -> Grounds:
    """Why nobody is told of what another fault explains."""
    noun, name = cause.subject
    return Grounds(Ground.EXPLAINED, {"alertname": cause.name.value, "noun": noun, "name": name})


def _keys(incident: Incident) -> Iterator[FaultKey]:
    """What it tells of that is not over."""
    entries = (*incident.entries, *incident.parts)
    return (entry.fault.key for entry in entries if entry.ended_at is None)


def _is_gone(about: About, places: Places) -> bool:
    """Whether nothing can say any more that it is over."""
    site, item = places[about]
    return about not in places or (site is not None and item is None and not site_parts(site))


def _closing(over: Mapping[FaultKey, datetime]) -> Callable[[Entry], Entry]:
    """Ends the entries that are over."""

    def close(entry: Entry) -> Entry:
        at = over.get(entry.fault.key)
        return entry if at is None or entry.ended_at is not None else Entry(entry.fault, max(at, entry.fault.since))

    return close


def _hides_more(after: Incident, before: Incident) -> bool:
    """Whether more is silent; to a monitor that sees nothing that is no news."""
    return after.cause.name is not AlertName.MONITOR_BLIND and not set(after.hidden) <= set(before.hidden)


def _is_eased(after: Incident, before: Incident) -> bool:
    """Whether the worst of what people were told is over, and something lasts."""
    return bool(before.told) and rank(after.cause) > rank(before.cause)


def _is_wider(after: Incident, before: Incident) -> bool:
    """Whether people have to know at once: more is lost than they were told, or it matters more."""
    graver = list(Severity).index(after.severity) < list(Severity).index(before.severity)
    return graver or rank(after.cause) < rank(before.cause)


def _is_over(incident: Incident, over: Mapping[FaultKey, datetime]) -> bool:
    return all(key in over for key in _keys(incident))


def _joined(first: Incident, other: Incident) -> Incident:
    """One incident of two; who was told of the other is told of this from now on."""
    told: dict[str, Told] = {receiver: replace(last, revision=0) for receiver, last in other.told.items()}
    shown = {entry.fault.key for entry in first.entries}
    entries = tuple(entry for entry in other.entries if other.told and entry.fault.key not in shown)
    return replace(
        first,
        began_at=min(first.began_at, other.began_at),
        entries=(*first.entries, *entries),
        parts=(*first.parts, *other.parts),
        told={**told, **first.told},
        acknowledged=first.acknowledged or other.acknowledged,
        attachments=(*first.attachments, *other.attachments),
    )
