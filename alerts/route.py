"""Who is told what of one incident, and when.

The schedule is a pure function of the incident, of what its receivers were told last, and of the time. Whoever carries
it out stores what is due together with what was told (``told_of``), and asks again: nothing is told twice, and a
restart changes nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from alerts.notice import Kind
from alerts.oncall import Who
from model.alerting import Alerts, Route
from model.incident import Incident, Severity, Told

_BEFORE_OTHERS: Final = (Kind.RESOLVED, Kind.OPENED, Kind.UPDATED, Kind.ESCALATED, Kind.REMINDER)


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is to be told now.

    Attributes:
        receiver: A name under ``receivers``.
        kind: Why.
        person: Of a team: whom, a name under ``people``; else empty.
    """

    receiver: str
    kind: Kind
    person: str = ""


class _Plan(NamedTuple):
    """Something that is due from a time on, if nothing changes before."""

    at: datetime
    due: Due


def route_of(labels: Mapping[str, str], alerts: Alerts) -> Route | None:
    """The first route that takes an alert with these labels; ``None`` where it goes nowhere."""
    return alerts.route_of(labels)


def without_resolved(alerts: Alerts) -> frozenset[str]:
    """The receivers that are not told when all is well again."""
    return frozenset(name for name, receiver in alerts.receivers.items() if not receiver.send_resolved)


def due(
    incident: Incident,
    route: Route,
    now: datetime,
    who: Who,
    *,
    quiet: Collection[str] = (),
    waits_since: datetime | None = None,
) -> tuple[list[Due], datetime | None]:
    """What is to be told of an incident now, and when to ask again.

    - The route's receiver is told after ``group_wait``; of what is over before that nobody is told.
    - It is told of growth ``group_interval`` after the last message, but at once where it became wider or graver; and
      reminded ``repeat_interval`` after the last message of any kind until somebody acknowledges.
    - A step of ``escalate`` is told ``after`` the first message to the route's receiver, unless somebody has
      acknowledged; once. What happened while the program stood still is made up for at once, each step one message.
    - Where the turn passes on while nobody has acknowledged, whoever is on call now is told once, as a reminder.
    - Everybody who was told is told of the end, at once, also where the route is another by now; of a team, the one who
      was told last. What was told as over and goes on all the same is told as opened anew.
    - Of an incident that became part of another nothing more is told.

    Args:
        incident: As it is; whether it is muted is not looked at here.
        route: That takes it.
        now: Aware UTC.
        who: Whose turn it is at a receiver now.
        quiet: Receivers that are not told of the end, as ``without_resolved`` gives them.
        waits_since: When the first incident of its group began to wait, aware UTC; left out, when this one was opened.

    Returns:
        What is due, each receiver once at most; and when something may be due next, if nothing changes before and what
        is due now is told now: aware UTC, later than now, ``None`` where nothing will be.
    """
    schedule = _Schedule(route, now, who, frozenset(quiet), waits_since)
    found: dict[str, Due] = {}
    for plan in sorted(schedule.plans(incident), key=lambda plan: _BEFORE_OTHERS.index(plan.due.kind)):
        if plan.at <= now:
            found.setdefault(plan.due.receiver, plan.due)
    told = {receiver: told_of(incident, each, now) for receiver, each in found.items()}
    ahead = schedule.plans(replace(incident, told={**incident.told, **told}))
    return list(found.values()), min((plan.at for plan in ahead if plan.at > now), default=None)


def told_of(incident: Incident, said: Due, now: datetime) -> Told:
    """What a receiver has been told once something is, as it is to be stored in ``Incident.told``."""
    before = incident.told.get(said.receiver)
    return Told(
        first_at=now if before is None or said.kind is Kind.OPENED else before.first_at,
        at=now,
        revision=incident.revision,
        resolved=said.kind is Kind.RESOLVED,
        person=said.person,
        severity=incident.severity,
    )


@dataclass(frozen=True, slots=True)
class _Schedule:
    """What ``due`` was asked with, but for the incident."""

    route: Route
    now: datetime
    who: Who
    quiet: frozenset[str]
    waits_since: datetime | None

    def plans(self, incident: Incident) -> Iterator[_Plan]:
        """All that is due, or will be if nothing changes."""
        if incident.merged_into is not None:
            return
        if not incident.is_open:
            yield from self._ends(incident)
            return
        told = _holding(incident, self.route.receiver)
        if told is None:
            yield self._first(incident)
            return
        yield from self._growth(incident, told)
        if incident.acknowledged is None:
            yield from self._reminders(told)
            yield from self._steps(incident, told)

    def _ends(self, incident: Incident) -> Iterator[_Plan]:
        for receiver, told in incident.told.items():
            if not told.resolved and receiver not in self.quiet:
                yield _Plan(self.now, Due(receiver, Kind.RESOLVED, told.person))

    def _first(self, incident: Incident) -> _Plan:
        since = min(incident.opened_at, self.waits_since or incident.opened_at)
        waited = since + timedelta(seconds=self.route.group_wait)
        return _Plan(max(waited, incident.opened_at), self._to(self.route.receiver, Kind.OPENED))

    def _growth(self, incident: Incident, told: Told) -> Iterator[_Plan]:
        if incident.revision > told.revision:
            is_graver = told.revision < incident.widened or _rank(incident.severity) < _rank(told.severity)
            wait = timedelta() if is_graver else timedelta(seconds=self.route.group_interval)
            yield _Plan(told.at + wait, self._to(self.route.receiver, Kind.UPDATED))

    def _reminders(self, told: Told) -> Iterator[_Plan]:
        reminder = self._to(self.route.receiver, Kind.REMINDER)
        yield _Plan(told.at + timedelta(seconds=self.route.repeat_interval), reminder)
        turn = self.who(self.route.receiver)
        if turn.person and turn.person != told.person:
            yield _Plan(self.now, reminder)
        elif turn.until is not None:
            yield _Plan(turn.until, reminder)

    def _steps(self, incident: Incident, told: Told) -> Iterator[_Plan]:
        for step in self.route.escalate:
            if step.receiver != self.route.receiver and _holding(incident, step.receiver) is None:
                at = told.first_at + timedelta(seconds=step.after)
                yield _Plan(at, self._to(step.receiver, Kind.ESCALATED))

    def _to(self, receiver: str, kind: Kind) -> Due:
        return Due(receiver, kind, self.who(receiver).person)


def _holding(incident: Incident, receiver: str) -> Told | None:
    """What a receiver believes of an incident; nothing where it was told that all is well."""
    told = incident.told.get(receiver)
    return None if told is None or told.resolved else told


def _rank(severity: Severity) -> int:
    return list(Severity).index(severity)
