"""Incidents for programs, as ``/api/v1/incidents`` answers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from exporters.evidence_words import evidence_in_words
from exporters.names import Named, Names
from model.incident import Acknowledgement, AlertName, Attachment, Entry, Incident, Severity

IncidentState = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class AcknowledgementView:
    """Who has taken it on.

    Attributes:
        who: As they call themselves, or a name under `people`.
        at: When.
        comment: What they wrote.
    """

    who: str
    at: datetime
    comment: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """One fault that an incident tells of.

    Attributes:
        alertname: Its kind.
        severity: How much it matters.
        about: Of what.
        requirement: Which, where it is about one; else empty.
        since: When it began.
        noticed_at: When it was decided.
        ended_at: When it was over; null while it lasts.
        words: What it was decided on, in a sentence.
        evidence: The same as names and values.
    """

    alertname: AlertName
    severity: Severity
    about: Named
    requirement: str
    since: datetime
    noticed_at: datetime
    ended_at: datetime | None
    words: str
    evidence: Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class ToldView:
    """What one receiver was told last.

    Attributes:
        receiver: Its name.
        first_at: When it was told for the first time.
        at: When last.
        revision: Of the incident, as it was told last.
        resolved: Whether it was told that all is well.
        person: Of a team, who was told last; else empty.
    """

    receiver: str
    first_at: datetime
    at: datetime
    revision: int
    resolved: bool
    person: str


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """What was looked at because of it.

    Attributes:
        kind: `path`, `interfaces` or `traps`.
        about: Of what.
        taken_at: When.
        content: What was found.
    """

    kind: str
    about: Named
    taken_at: datetime
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class IncidentSummary:
    """One incident in a list.

    Attributes:
        id: Its id.
        ward: The id of its ward; empty where the inventory names none.
        state: Open while anything of it lasts.
        severity: The gravest of what lasts, or of all that there was.
        alertname: The kind of its cause.
        about: What the cause is about.
        requirement: Which, where the cause is about one; else empty.
        sites: The ids of the sites that it touches.
        began_at: Since when.
        opened_at: When it was decided.
        changed_at: When this revision was made.
        closed_at: When all was over; null while it is open.
        lasting: How many faults of it last.
        hides: How many further things are silent because of it.
        merged_into: The id of the incident that tells of it since; null of most.
        acknowledged: By whom; null while nobody has.
    """

    id: str
    ward: str
    state: IncidentState
    severity: Severity
    alertname: AlertName
    about: Named
    requirement: str
    sites: list[str]
    began_at: datetime
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    lasting: int
    hides: int
    merged_into: str | None
    acknowledged: AcknowledgementView | None


@dataclass(frozen=True, slots=True)
class IncidentView(IncidentSummary):
    """All of one incident.

    Attributes:
        revision: Grows with each change that people are to know of.
        version: Grows with each change whatever.
        entries: What it tells of, the cause first.
        hidden: What is silent because of it, by name.
        told: Who was told what, and when.
        attachments: What was looked at because of it.
    """

    revision: int
    version: int
    entries: list[EntryView]
    hidden: list[Named]
    told: list[ToldView]
    attachments: list[AttachmentView]


def incident_summary(incident: Incident, names: Names) -> IncidentSummary:
    """An incident as the list has it."""
    return IncidentSummary(**_common(incident, names))


def incident_view(incident: Incident, names: Names) -> IncidentView:
    """All of an incident."""
    return IncidentView(
        **_common(incident, names),
        revision=incident.revision,
        version=incident.version,
        entries=[_entry(entry, names) for entry in incident.entries],
        hidden=[names[subject] for subject in incident.hidden],
        told=[
            ToldView(receiver, told.first_at, told.at, told.revision, told.resolved, told.person)
            for receiver, told in incident.told.items()
        ],
        attachments=[_attachment(each, names) for each in incident.attachments],
    )


def _common(incident: Incident, names: Names) -> dict[str, Any]:
    subjects = [*(entry.fault.subject for entry in incident.entries), *incident.hidden]
    return {
        "id": incident.id,
        "ward": incident.ward,
        "state": "open" if incident.is_open else "closed",
        "severity": incident.severity,
        "alertname": incident.cause.name,
        "about": names[incident.cause.subject],
        "requirement": incident.cause.requirement,
        "sites": [site.id for site in names.sites_of(subjects)],
        "began_at": incident.began_at,
        "opened_at": incident.opened_at,
        "changed_at": incident.changed_at,
        "closed_at": incident.closed_at,
        "lasting": len(incident.lasting),
        "hides": len(incident.hidden),
        "merged_into": incident.merged_into,
        "acknowledged": _acknowledgement(incident.acknowledged),
    }


def _acknowledgement(given: Acknowledgement | None) -> AcknowledgementView | None:
    return None if given is None else AcknowledgementView(given.who, given.at, given.comment)


def _entry(entry: Entry, names: Names) -> EntryView:
    fault = entry.fault
    return EntryView(
        alertname=fault.name,
        severity=fault.severity,
        about=names[fault.subject],
        requirement=fault.requirement,
        since=fault.since,
        noticed_at=fault.noticed_at,
        ended_at=entry.ended_at,
        words=evidence_in_words(fault.evidence),
        evidence=fault.evidence,
    )


def _attachment(attachment: Attachment, names: Names) -> AttachmentView:
    return AttachmentView(attachment.kind, names[attachment.about], attachment.taken_at, attachment.content)
