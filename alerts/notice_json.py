"""Notices as JSON and back, so that one that is not receipted outlives the process."""

from collections.abc import Mapping
from typing import Any

from alerts.notice import AlertEntry, Kind, Notice, Words
from model.iso_time import to_text, to_time


def to_document(notice: Notice) -> dict[str, Any]:
    """What a JSON object can hold.

    Raises:
        ValueError: A time is naive.
    """
    words = notice.words
    return {
        "key": notice.key,
        "receiver": notice.receiver,
        "person": notice.person,
        "kind": notice.kind.value,
        "incidents": list(notice.incidents),
        "group_key": notice.group_key,
        "group_labels": dict(notice.group_labels),
        "severity": notice.severity,
        "language": notice.language,
        "decided_at": to_text(notice.decided_at),
        "words": {"title": words.title, "text": words.text, "sms": words.sms},
        "alerts": [_alert_document(alert) for alert in notice.alerts],
        "incident_url": notice.incident_url,
        "ack_url": notice.ack_url,
    }


def from_document(document: Mapping[str, Any]) -> Notice:
    """The notice that ``to_document`` wrote; unknown keys are passed over.

    Raises:
        ValueError: This is no notice, or one of a kind that only a newer program knows.
    """
    try:
        return _notice(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is no notice: {error!r}") from error


def _notice(document: Mapping[str, Any]) -> Notice:
    words = document["words"]
    return Notice(
        key=document["key"],
        receiver=document["receiver"],
        person=document["person"],
        kind=Kind(document["kind"]),
        incidents=tuple(document["incidents"]),
        group_key=document["group_key"],
        group_labels=dict(document["group_labels"]),
        severity=document["severity"],
        language=document["language"],
        decided_at=to_time(document["decided_at"]),
        words=Words(words["title"], words["text"], words["sms"]),
        alerts=tuple(_alert(alert) for alert in document["alerts"]),
        incident_url=document["incident_url"],
        ack_url=document["ack_url"],
    )


def _alert_document(alert: AlertEntry) -> dict[str, Any]:
    return {
        "labels": dict(alert.labels),
        "annotations": dict(alert.annotations),
        "starts_at": to_text(alert.starts_at),
        "ends_at": None if alert.ends_at is None else to_text(alert.ends_at),
    }


def _alert(document: Mapping[str, Any]) -> AlertEntry:
    ends_at = document["ends_at"]
    return AlertEntry(
        dict(document["labels"]),
        dict(document["annotations"]),
        to_time(document["starts_at"]),
        None if ends_at is None else to_time(ends_at),
    )
