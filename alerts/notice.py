"""What one receiver is told: written in words when it is decided, stored, then sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Why it is told."""

    OPENED = "opened"
    UPDATED = "updated"
    RESOLVED = "resolved"
    REMINDER = "reminder"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class AlertEntry:
    """One alert, as Alertmanager knows them.

    Attributes:
        labels: Its identity.
        annotations: Words and figures about it.
        starts_at: Aware UTC.
        ends_at: Aware UTC; ``None`` while it is firing.
    """

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A message to people.

    Attributes:
        title: One line.
        text: What, since when, whom it hits, since when not, first step; lines, at most 2,000 characters.
        sms: The same in at most 160 characters of ASCII.
    """

    title: str
    text: str
    sms: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one receiver.

    Attributes:
        key: Deduplication key: the same for every attempt to send it, before and after a restart.
        receiver: A name under ``receivers``.
        person: Of a team: who was on call when it was decided, a name under ``people``; else empty.
        kind: Why it is told.
        incidents: Ids of the incidents that it tells of; its order is kept against other notices of the first.
        group_key: What Alertmanager calls the group.
        group_labels: The labels that all alerts of the group have in common by configuration.
        severity: Of the gravest alert.
        language: ``vi``, ``en`` or ``id``.
        decided_at: Aware UTC.
        words: For people.
        alerts: For programs; of a resolved notice all have ended.
        incident_url: The page about it; empty where no external URL is known.
        ack_url: Where it can be acknowledged, signed; empty likewise.
    """

    key: str
    receiver: str
    kind: Kind
    incidents: tuple[str, ...]
    decided_at: datetime
    words: Words
    alerts: tuple[AlertEntry, ...]
    group_key: str
    person: str = ""
    group_labels: Mapping[str, str] = field(default_factory=dict)
    severity: str = "critical"
    language: str = "en"
    incident_url: str = ""
    ack_url: str = ""

    @property
    def is_resolved(self) -> bool:
        """Whether everything that it tells of is over."""
        return all(alert.ends_at is not None for alert in self.alerts)
