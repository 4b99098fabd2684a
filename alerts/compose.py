"""Notices in full: the words for people, the alerts for programs, the links of both."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from alerts.labels import Places, labels_of
from alerts.notice import AlertEntry, Kind, Notice, Words
from alerts.route import Due
from alerts.words.message import annotations_of, words_of
from alerts.words.telling import Telling
from model.incident import Entry, Incident
from model.inventory import Language

log = logging.getLogger(__name__)

_TEXT: Final = 2_000
_SMS: Final = 160

AckUrl = Callable[[str, str], str]
"""From an incident's id and a person to a signed link; an empty text where none can be made."""


@dataclass(frozen=True, slots=True)
class Composer:
    """Puts incidents into notices.

    Attributes:
        places: What everything is called, and where it stands.
        ack_url: Makes the links by which an incident can be acknowledged.
    """

    places: Places
    ack_url: AckUrl

    def notice(
        self, incidents: Sequence[Incident], due: Due, now: datetime, group_key: str, group_labels: Mapping[str, str]
    ) -> Notice:
        """One message about the incidents of a group.

        Args:
            incidents: As they are now; what their receiver was told before in ``told``.
            due: To whom, and why.
            now: Aware UTC.
            group_key: Of the group.
            group_labels: What all of it have in common.
        """
        tellings = [self._telling(incident, due, now) for incident in incidents]
        pairs = list(zip(incidents, tellings, strict=True))
        said = [_words(incident, due.kind, telling) for incident, telling in pairs]
        versions = "-".join(str(incident.version) for incident in incidents)
        names = "+".join(incident.id for incident in incidents)
        return Notice(
            key=f"{names}/{due.receiver}/{due.kind}/{versions}" + (f"/{due.person}" if due.person else ""),
            receiver=due.receiver,
            kind=due.kind,
            incidents=tuple(incident.id for incident in incidents),
            decided_at=now,
            words=_together(said),
            alerts=tuple(self.alert(entry, *pair) for pair in pairs for entry in pair[0].entries),
            group_key=group_key,
            person=due.person,
            group_labels=group_labels,
            severity=min((incident.severity for incident in incidents), key=("critical", "warning", "info").index),
            language=tellings[0].language,
            incident_url=tellings[0].incident_url,
            ack_url=tellings[0].ack_url,
        )

    def alert(self, entry: Entry, incident: Incident, telling: Telling) -> AlertEntry:
        """One entry of an incident, as Alertmanager knows alerts; once the incident is closed, it has ended."""
        fault, annotations = entry.fault, _annotations(entry, incident, telling)
        ended = entry.ended_at or incident.closed_at
        return AlertEntry(labels_of(fault, self.places), annotations, fault.since, ended)

    def alerts_of(self, incident: Incident, now: datetime) -> tuple[AlertEntry, ...]:
        """All alerts of an incident, for programs that are told again and again."""
        telling = self._telling(incident, Due("", Kind.UPDATED), now)
        return tuple(self.alert(entry, incident, telling) for entry in incident.entries)

    def _telling(self, incident: Incident, due: Due, now: datetime) -> Telling:
        inventory = self.places.inventory
        ward = next((ward for ward in inventory.all_wards() if ward.id == incident.ward), None)
        language: Language = ward.language if ward else "en"
        told = incident.told.get(due.receiver)
        is_over = due.kind is Kind.RESOLVED
        return Telling(
            places=self.places,
            language=language,
            zone=ZoneInfo(ward.timezone if ward else "UTC"),
            now=now,
            incident_url=self._incident_url(incident),
            ack_url="" if is_over or incident.acknowledged else self.ack_url(incident.id, due.person or due.receiver),
            runbook_url=str(inventory.alerts.runbook_url or ""),
            escalated_from=self._told_before(incident) if due.kind is Kind.ESCALATED else (),
            told_at=told.at if told else None,
            told_revision=told.revision if told else None,
        )

    def _incident_url(self, incident: Incident) -> str:
        base = self.places.inventory.alerts.external_url
        return f"{str(base).rstrip('/')}/incidents/{incident.id}" if base else ""

    def _told_before(self, incident: Incident) -> tuple[str, ...]:
        people = self.places.inventory.people
        names = (told.person for told in incident.told.values() if told.person)
        return tuple(people[name].name or name if name in people else name for name in names)


def _words(incident: Incident, kind: Kind, telling: Telling) -> Words:
    """A message in poor words is better than none: a mistake in their making must not cost somebody the alert."""
    try:
        return words_of(incident, kind, telling)
    except Exception:
        log.exception("incident %s is told of in bare words", incident.id)
        subject = " ".join(incident.cause.subject).strip()
        title = f"{kind}: {incident.cause.name} {subject}"
        text = f"{title}\n{incident.began_at:%Y-%m-%d %H:%M:%S} UTC\n{telling.incident_url}".strip()
        return Words(title, text, title[:_SMS])


def _annotations(entry: Entry, incident: Incident, telling: Telling) -> Mapping[str, str]:
    try:
        return annotations_of(entry, incident, telling)
    except Exception:
        log.exception("an alert of incident %s has no words", incident.id)
        return {"summary": f"{entry.fault.name} {' '.join(entry.fault.subject)}".strip()}


def _together(said: Sequence[Words]) -> Words:
    """Several messages as one: the first in full, of the others as much as there is room for."""
    if len(said) == 1:
        return said[0]
    more = f" (+{len(said) - 1})"
    text = said[0].text
    for other in said[1:]:
        text = longer if len(longer := f"{text}\n\n{other.text}") <= _TEXT else text
    return Words(said[0].title + more, text, said[0].sms[: _SMS - len(more)] + more)
