"""Incidents as JSON and back: nothing is lost, and what a newer program added is passed over."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from model.incident import (
    About,
    Acknowledgement,
    AlertName,
    Attachment,
    Entry,
    Fault,
    Incident,
    Severity,
    Told,
)
from model.iso_time import to_text, to_time


def to_document(incident: Incident) -> dict[str, Any]:
    """What a JSON object can hold.

    Raises:
        ValueError: A time is naive.
    """
    return {
        "id": incident.id,
        "ward": incident.ward,
        "began_at": to_text(incident.began_at),
        "opened_at": to_text(incident.opened_at),
        "changed_at": to_text(incident.changed_at),
        "entries": [_entry_document(entry) for entry in incident.entries],
        "parts": [_entry_document(entry) for entry in incident.parts],
        "hidden": [list(subject) for subject in incident.hidden],
        "revision": incident.revision,
        "widened": incident.widened,
        "version": incident.version,
        "closed_at": _optional_text(incident.closed_at),
        "merged_into": incident.merged_into,
        "acknowledged": _acknowledgement_document(incident.acknowledged) if incident.acknowledged else None,
        "told": {receiver: _told_document(told) for receiver, told in incident.told.items()},
        "attachments": [_attachment_document(attachment) for attachment in incident.attachments],
    }


def from_document(document: Mapping[str, Any]) -> Incident:
    """The incident that ``to_document`` wrote; unknown keys are passed over.

    Raises:
        ValueError: This is no incident, or one of a kind that only a newer program knows.
    """
    try:
        return _incident(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is no incident: {error!r}") from error


def _incident(document: Mapping[str, Any]) -> Incident:
    acknowledged = document["acknowledged"]
    return Incident(
        id=document["id"],
        ward=document["ward"],
        began_at=to_time(document["began_at"]),
        opened_at=to_time(document["opened_at"]),
        changed_at=to_time(document["changed_at"]),
        entries=tuple(_entry(entry) for entry in document["entries"]),
        parts=tuple(_entry(entry) for entry in document["parts"]),
        hidden=tuple((noun, name) for noun, name in document["hidden"]),
        revision=document["revision"],
        widened=document["widened"],
        version=document["version"],
        closed_at=_optional_time(document["closed_at"]),
        merged_into=document["merged_into"],
        acknowledged=_acknowledgement(acknowledged) if acknowledged else None,
        told={receiver: _told(told) for receiver, told in document["told"].items()},
        attachments=tuple(_attachment(attachment) for attachment in document["attachments"]),
    )


def _entry_document(entry: Entry) -> dict[str, Any]:
    fault = entry.fault
    return {
        "name": fault.name.value,
        "subject": list(fault.subject),
        "since": to_text(fault.since),
        "noticed_at": to_text(fault.noticed_at),
        "severity": fault.severity.value,
        "requirement": fault.requirement,
        "evidence": dict(fault.evidence),
        "ended_at": _optional_text(entry.ended_at),
    }


def _entry(document: Mapping[str, Any]) -> Entry:
    fault = Fault(
        AlertName(document["name"]),
        _about(document["subject"]),
        to_time(document["since"]),
        to_time(document["noticed_at"]),
        Severity(document["severity"]),
        document["requirement"],
        dict(document["evidence"]),
    )
    return Entry(fault, _optional_time(document["ended_at"]))


def _acknowledgement_document(acknowledged: Acknowledgement) -> dict[str, Any]:
    return {"who": acknowledged.who, "at": to_text(acknowledged.at), "comment": acknowledged.comment}


def _acknowledgement(document: Mapping[str, Any]) -> Acknowledgement:
    return Acknowledgement(document["who"], to_time(document["at"]), document["comment"])


def _told_document(told: Told) -> dict[str, Any]:
    return {
        "first_at": to_text(told.first_at),
        "at": to_text(told.at),
        "revision": told.revision,
        "resolved": told.resolved,
        "person": told.person,
        "severity": told.severity.value,
    }


def _told(document: Mapping[str, Any]) -> Told:
    return Told(
        first_at=to_time(document["first_at"]),
        at=to_time(document["at"]),
        revision=document["revision"],
        resolved=document["resolved"],
        person=document["person"],
        severity=Severity(document["severity"]),
    )


def _attachment_document(attachment: Attachment) -> dict[str, Any]:
    return {
        "kind": attachment.kind,
        "about": list(attachment.about),
        "taken_at": to_text(attachment.taken_at),
        "content": dict(attachment.content),
    }


def _attachment(document: Mapping[str, Any]) -> Attachment:
    about, taken_at = _about(document["about"]), to_time(document["taken_at"])
    return Attachment(document["kind"], about, taken_at, dict(document["content"]))


def _about(pair: list[Any]) -> About:
    noun, name = pair
    return noun, name


def _optional_text(at: datetime | None) -> str | None:
    return None if at is None else to_text(at)


def _optional_time(text: str | None) -> datetime | None:
    return None if text is None else to_time(text)
