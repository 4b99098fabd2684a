"""Several incidents of one group, due to one receiver at one time, become one message."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from alerts.notice import Kind
from alerts.oncall import Who
from alerts.route import Due, due
from model.alerting import Route
from model.incident import Incident
from model.matcher import Matcher, Operator

_GRAVEST_NEWS: Final = (Kind.RESOLVED, Kind.OPENED, Kind.ESCALATED, Kind.UPDATED, Kind.REMINDER)


@dataclass(frozen=True, slots=True)
class Case:
    """An incident of which somebody is or was to be told.

    Attributes:
        incident: As it is, not muted.
        number: Of its route under ``alerts.routes``, from 0.
        route: That takes it.
        labels: By which it was taken.
    """

    incident: Incident
    number: int
    route: Route
    labels: Mapping[str, str]

    @property
    def group(self) -> tuple[str, Mapping[str, str]]:
        """As ``group_key``."""
        return group_key(self.number, self.route, self.labels, self.incident.id)


@dataclass(frozen=True, slots=True)
class Message:
    """One message that is to be written and sent.

    Attributes:
        receiver: A name under ``receivers``.
        person: Of a team: whom; else empty.
        kind: The news that matters most of what it tells.
        group_key: What Alertmanager calls the group.
        group_labels: What its incidents have in common by configuration.
        told: What is told of which incident, by its id, in the order of the cases.
    """

    receiver: str
    person: str
    kind: Kind
    group_key: str
    group_labels: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Due] = field(default_factory=dict)


def group_key(number: int, route: Route, labels: Mapping[str, str], incident: str) -> tuple[str, Mapping[str, str]]:
    """The group of an incident at a route, in the form of Alertmanager's ``groupKey`` and ``groupLabels``.

    Args:
        number: Of the route under ``alerts.routes``, so that two alike do not share their groups.
        route: With an empty ``group_by`` each incident is a group of its own.
        labels: Of the incident; one that it does not have is empty.
        incident: Its id.
    """
    common = {label: labels.get(label, "") for label in route.group_by}
    which = _spelled(common.items()) if common else _spelled([("incident", incident)])
    conditions = ",".join(map(str, route.conditions))
    return f"{{}}/{{{conditions}}}/{number}:{{{which}}}", common


def gather(found: Iterable[tuple[Case, Due]]) -> list[Message]:
    """What is due at one time, as few messages as it takes.

    What begins and what goes on is told together, by the kind that matters most; what ended is told apart, so that a
    message says either that all is well or that something is not.
    """
    together: dict[tuple[str, str, str, bool], list[tuple[Case, Due]]] = {}
    for case, each in found:
        key = each.receiver, each.person, case.group[0], each.kind is Kind.RESOLVED
        together.setdefault(key, []).append((case, each))
    return [_message(part) for part in together.values()]


def schedule(
    cases: Sequence[Case], now: datetime, who: Who, quiet: Collection[str] = ()
) -> tuple[list[Message], datetime | None]:
    """All messages that are due now, and when to ask again: ``alerts.route.due`` of each, gathered by groups.

    An incident that joins a group whose first message still waits is told of with it, not after a wait of its own.

    Args:
        cases: All incidents of which somebody is or was to be told, the oldest first.
        now: Aware UTC.
        who: Whose turn it is at a receiver now.
        quiet: Receivers that are not told of the end.
    """
    waiting = _waiting(cases)
    found: list[tuple[Case, Due]] = []
    later = []
    for case in cases:
        since = waiting.get(case.group[0])
        dues, ask = due(case.incident, case.route, now, who, quiet=quiet, waits_since=since)
        found += [(case, each) for each in dues]
        later += [ask] if ask else []
    return gather(found), min(later, default=None)


def _waiting(cases: Iterable[Case]) -> Mapping[str, datetime]:
    """Since when the first message about each group waits, where none was told yet."""
    since: dict[str, datetime] = {}
    for case in cases:
        incident = case.incident
        if incident.is_open and incident.merged_into is None and case.route.receiver not in incident.told:
            key, _ = case.group
            since[key] = min(incident.opened_at, since.get(key, incident.opened_at))
    return since


def _message(part: Sequence[tuple[Case, Due]]) -> Message:
    (case, first), *_ = part
    kind = min((each.kind for _, each in part), key=_GRAVEST_NEWS.index)
    key, labels = case.group
    return Message(first.receiver, first.person, kind, key, labels, {one.incident.id: each for one, each in part})


def _spelled(labels: Iterable[tuple[str, str]]) -> str:
    return ",".join(str(Matcher(label, Operator.IS, value)) for label, value in labels)
