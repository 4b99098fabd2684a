"""From faults to notices: what has one cause becomes one incident, and its incident is told to whom it concerns."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from alerts.compose import AckUrl, Composer
from alerts.correlate import Correlated, Correlator, explained_by
from alerts.gathering import Case, Message, gather
from alerts.labels import Places, labels_of
from alerts.mute import Mute, Rules, mute_of
from alerts.notice import AlertEntry, Kind, Notice
from alerts.oncall import Who, whose_turn
from alerts.route import Due, due, told_of, without_resolved
from alerts.ruling import Ruling, ruling
from model.alerting import Route
from model.grounds import Ground, Grounds
from model.incident import About, AlertName, Fault, Incident, Severity
from model.inventory import Inventory
from model.measurement import SubjectKey

log = logging.getLogger(__name__)

_KEPT: Final = timedelta(minutes=16)
"""So long a closed incident is remembered: Alertmanager hears of its end for a quarter of an hour."""
_SOON: Final = timedelta(seconds=5)

_HELD_UP: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be written down, all of it or nothing, and then sent.

    Attributes:
        incidents: New, changed and closed.
        notices: To be sent once they are durable.
        rulings: Why.
        wake_at: When to look again if nothing happens before, aware UTC.
    """

    incidents: Sequence[Incident] = ()
    notices: Sequence[Notice] = ()
    rulings: Sequence[Ruling] = ()
    wake_at: datetime | None = None


@dataclass(slots=True)
class _Work:
    """What one step gathers."""

    now: datetime
    who: Who
    changed: dict[str, Incident] = field(default_factory=dict)
    found: list[tuple[Case, Due]] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)


class Pipeline:
    """Decides who is told what. Pure but for what it remembers: time is an argument, and nothing is sent here.

    Attributes:
        correlator: Keeps the faults and the open incidents.
        rules: What may mute; whoever changes it says so with ``look_again``.
    """

    def __init__(self, correlator: Correlator) -> None:
        self.correlator = correlator
        self.rules = Rules(Places(Inventory()))
        self._composer = Composer(self.rules.places, lambda _incident, _person: "")
        self._closed: dict[str, Incident] = {}
        self._look_at: dict[str, datetime] = {}
        self._again = True
        self._rules_turn_at: datetime | None = None
        self._said: dict[str, tuple[str, Grounds]] = {}
        self._muted: set[str] = set()
        self._hidden: dict[str, frozenset[SubjectKey]] = {}

    def load(self, rules: Rules, ack_url: AckUrl, now: datetime) -> None:
        """Take over an inventory, with what may mute."""
        self.rules = rules
        self._composer = Composer(rules.places, ack_url)
        self.correlator.load(rules.places, now)
        self.look_again()

    def mute_by(self, rules: Rules) -> None:
        """Take over other silences or windows."""
        self.rules = rules
        self.look_again()

    def look_again(self) -> None:
        """Let the next step look at every incident."""
        self._again = True

    def remember(self, incidents: Iterable[Incident], outages: Iterable[Fault]) -> None:
        """Take up where a monitor was stopped: the incidents that were open or not told as over, and what was down."""
        kept = list(incidents)
        self.correlator.remember([incident for incident in kept if incident.is_open], outages)
        self._closed |= {incident.id: incident for incident in kept if not incident.is_open}
        self._hidden |= {incident.id: _unsaid(incident) for incident in kept}
        self.look_again()

    def find(self, name: str) -> Incident | None:
        """An incident that is open, or was until a moment ago."""
        return self.correlator.open.get(name) or self._closed.get(name)

    def put(self, incident: Incident) -> None:
        """Take over what somebody has changed of an incident; the next step looks at it."""
        if incident.is_open:
            self.correlator.replace(incident)
        elif incident.id in self._closed:
            self._closed[incident.id] = incident
        self._look_at[incident.id] = incident.changed_at

    def step(self, now: datetime) -> Step:
        """Bring everything up to date.

        Args:
            now: Aware UTC.
        """
        correlated = self.correlator.evaluate(now)
        who = whose_turn(self.rules.places.inventory, now)
        work = _Work(now, who, {incident.id: incident for incident in correlated.incidents})
        work.rulings += self._rulings_of(correlated, now)
        self._closed |= {incident.id: incident for incident in correlated.incidents if not incident.is_open}
        for incident in list(self._to_look_at(correlated, now)):
            with self._apart([incident.id], now):
                self._plan(incident, work)
        notices = []
        for message in gather(work.found):
            with self._apart(message.told, now):
                notices.append(self._say(message, work))
        for name in [name for name, kept in self._closed.items() if (kept.closed_at or now) + _KEPT < now]:
            self._forget(name)
        return Step(list(work.changed.values()), notices, work.rulings, self._next(correlated))

    def alerts_for(self, receiver: str, now: datetime) -> tuple[list[AlertEntry], list[AlertEntry]]:
        """What a receiver that is told again and again is to know: the alerts that fire, and those that have ended."""
        told = [each for each in (*self.correlator.open.values(), *self._closed.values()) if receiver in each.told]
        entries = [alert for incident in told for alert in self._composer.alerts_of(incident, now)]
        firing = [entry for entry in entries if entry.ends_at is None]
        return firing, [entry for entry in entries if entry.ends_at is not None]

    @contextmanager
    def _apart(self, names: Iterable[str], now: datetime) -> Iterator[None]:
        """A bug about one incident holds up no other; it is ours, so the log gets the whole of it."""
        try:
            yield
        except Exception:
            log.exception("nothing is told of %s for a minute", ", ".join(names))
            self._look_at |= dict.fromkeys(names, now + _HELD_UP)

    def _to_look_at(self, correlated: Correlated, now: datetime) -> Iterator[Incident]:
        everything = self._again or (self._rules_turn_at is not None and self._rules_turn_at <= now)
        if everything:
            self._rules_turn_at = self.rules.next_change(now)
            self._again = False
        names = {incident.id for incident in correlated.incidents}
        names |= self.correlator.open.keys() | self._closed.keys() if everything else _due(self._look_at, now)
        for name in sorted(names):
            incident = self.find(name)
            if incident is not None:
                yield incident

    def _plan(self, incident: Incident, work: _Work) -> None:
        """Find out what is to be told of an incident now, and when to look again."""
        self._look_at.pop(incident.id, None)
        labels = self._labels(incident)
        mute = self._mute(incident, work.now) if incident.is_open else None
        if mute is not None:
            self._rule(incident, mute.reason.value, mute.grounds, work)
            self._muted.add(incident.id)
            if mute.until is not None:
                self._look_at[incident.id] = mute.until
            return
        self._muted.discard(incident.id)
        case = self._case(incident, labels)
        inventory = self.rules.places.inventory
        found, again = due(
            incident,
            case.route,
            work.now,
            work.who,
            quiet=without_resolved(inventory.alerts),
            waits_since=self._waits_since(case),
        )
        if again is not None:
            self._look_at[incident.id] = again
        if not found and incident.is_open and not incident.told:
            self._rule(incident, "waiting", Grounds(Ground.GROUP_WAIT, {"seconds": case.route.group_wait}), work)
        # What a month has lost is no news again after some hours.
        is_news = incident.severity is not Severity.INFO
        is_known = any(fault.key in self.correlator.faults.lasting for fault in incident.lasting)
        for each in found:
            if each.kind is Kind.UPDATED and not is_known:
                # Whatever explained its silence is back; whether it lasts itself the next probes tell.
                self._look_at[incident.id] = work.now + _SOON
            elif is_news or each.kind is not Kind.REMINDER:
                work.found.append((case, each))

    def _case(self, incident: Incident, labels: Mapping[str, str]) -> Case:
        routes = self.rules.places.inventory.alerts.routes
        taking = ((number, route) for number, route in enumerate(routes) if route.takes(labels))
        number, route = next(taking, (len(routes), _NOWHERE))
        return Case(incident, number, route, labels)

    def _mute(self, incident: Incident, now: datetime) -> Mute | None:
        """Why nobody is told: each of its faults is muted by something."""
        mutes = [mute_of(fault, labels_of(fault, self.rules.places), now, self.rules) for fault in incident.lasting]
        return mutes[0] if mutes and all(mutes) else None

    def _say(self, message: Message, work: _Work) -> Notice:
        was = [incident for name in message.told if (incident := self.find(name)) is not None]
        said = Due(message.receiver, message.kind, message.person)
        after = [self._told(incident, message.told[incident.id], work.now) for incident in was]
        before = [replace(now, told=then.told) for then, now in zip(was, after, strict=True)]
        notice = self._composer.notice(before, said, work.now, message.group_key, message.group_labels)
        for incident in after:
            work.changed[incident.id] = incident
            self.put_quietly(incident)
            kind = message.told[incident.id].kind.value
            whom = {"kind": kind, "receiver": message.receiver, "person": message.person}
            self._rule(incident, "told", Grounds(Ground.TOLD, whom), work, again=True)
        return notice

    def _told(self, incident: Incident, said: Due, now: datetime) -> Incident:
        told = {**incident.told, said.receiver: told_of(incident, said, now)}
        return replace(incident, told=told, changed_at=now, version=incident.version + 1)

    def put_quietly(self, incident: Incident) -> None:
        """Take over what nobody is to be told of, such as what was looked at."""
        if incident.is_open:
            self.correlator.replace(incident)
        else:
            self._closed[incident.id] = incident

    def _waits_since(self, case: Case) -> datetime | None:
        """Since when the first of its group has waited, where there are groups."""
        if not case.route.group_by or not case.route.group_wait:
            return None
        untold = (each for each in self.correlator.open.values() if not each.told and each.id not in self._muted)
        others = (self._case(each, self._labels(each)) for each in untold)
        return min((other.incident.opened_at for other in others if other.group == case.group), default=None)

    def _labels(self, incident: Incident) -> Mapping[str, str]:
        return labels_of(_speaker(incident), self.rules.places)

    def _rule(self, incident: Incident, outcome: str, grounds: Grounds, work: _Work, *, again: bool = False) -> None:
        said = outcome, grounds
        if again or self._said.get(incident.id) != said:
            self._said[incident.id] = said
            faults = incident.lasting or [incident.cause]
            work.rulings += [ruling(fault, work.now, outcome, incident.id, grounds) for fault in faults]

    def _rulings_of(self, correlated: Correlated, now: datetime) -> Iterator[Ruling]:
        for each in correlated.decided:
            yield ruling(each.fault, now, each.outcome.value, each.incident, each.grounds)
        for incident in correlated.incidents:
            known = self._hidden.get(incident.id, frozenset())
            hidden, named = _unsaid(incident), _named(incident)
            because = explained_by(incident.cause)
            for subject in sorted(hidden - known):
                yield Ruling(subject, _unnamed(subject), "", now, "part", incident.id, because)
            for subject in sorted(known - hidden - named):
                yield Ruling(subject, _unnamed(subject), "", now, "over", incident.id)
            self._hidden[incident.id] = hidden

    def _forget(self, name: str) -> None:
        for kept in (self._closed, self._look_at, self._said, self._hidden):
            kept.pop(name, None)
        self._muted.discard(name)

    def _next(self, correlated: Correlated) -> datetime | None:
        times = [correlated.wake_at, self._rules_turn_at if self.correlator.open else None, *self._look_at.values()]
        return min((each for each in times if each is not None), default=None)


_NOWHERE: Final = Route(receiver="nobody")
"""For what no route takes any more, though somebody was told of it."""

_OUTAGES: Final[Mapping[str, AlertName]] = {
    "link": AlertName.LINK_DOWN,
    "device": AlertName.DEVICE_DOWN,
    "service": AlertName.SERVICE_DOWN,
}


def _speaker(incident: Incident) -> Fault:
    """The fault by whose labels an incident is routed: its cause; once that is over, what lasts of the rest."""
    return next(iter(incident.lasting), incident.cause)


def _unnamed(subject: SubjectKey) -> str:
    """What would be told of a subject, if nothing else explained its silence."""
    return _OUTAGES.get(subject[0], AlertName.SITE_UNREACHABLE).value


def _named(incident: Incident) -> frozenset[About]:
    return frozenset(entry.fault.subject for entry in (*incident.entries, *incident.parts))


def _unsaid(incident: Incident) -> frozenset[SubjectKey]:
    """What an open incident hides of which nothing is known but that it is silent."""
    return frozenset(incident.hidden) - _named(incident) if incident.is_open else frozenset()


def _due(look_at: Mapping[str, datetime], now: datetime) -> set[str]:
    return {name for name, at in look_at.items() if at <= now}
