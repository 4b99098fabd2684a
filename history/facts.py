"""The facts beside transitions and rollups. Each names no monitor: the store that writes it does.

A fact is known by its key. One that is written twice is stored once, so that nobody has to know whether the first
time succeeded; a heartbeat, a notification, an incident and a silence grow, and the further one stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from history.rollup import RollupBlock
from model.incident import About, Incident
from model.measurement import Reason, SubjectKey
from model.transition import Transition

Value = str | float | bool | None
Document = Mapping[str, "Value | Document | list[Value | Document]"]
"""What a JSON object can hold."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The monitor was alive during [began, until). Time under no heartbeat is unknown.

    Written again and again with a later ``until``; a new ``began`` is due when the process starts, when the anchors
    fall silent or answer again, and when the wall clock was stepped.

    Attributes:
        began: Aware UTC; with ``blind`` the key.
        until: Aware UTC, not before ``began``.
        blind: Whether the anchors were silent, so that nothing it saw says anything.
    """

    began: datetime
    until: datetime
    blind: bool = False


@dataclass(frozen=True, slots=True)
class SpeedTest:
    """One throughput test in one direction.

    Attributes:
        link: Its id.
        direction: ``download`` is towards the site.
        at: When it started, aware UTC.
        seconds: How long it took.
        octets: Bytes that it moved, for the budget.
        bits_per_second: ``None`` where it gave no figure.
        failure: Why it gave none.
        detail: One line for a person.
        evidence: What else is known of it, such as what its figure rests on; of a test that was planned and not run,
            why, under ``skip``.
    """

    link: str
    direction: Literal["download", "upload"]
    at: datetime
    seconds: float
    octets: int
    bits_per_second: float | None
    failure: Reason | None = None
    detail: str = ""
    evidence: Document = field(default_factory=dict)


class Step(StrEnum):
    """How far a notification has come."""

    STORED = "stored"
    SENT = "sent"
    RECEIPTED = "receipted"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Notification:
    """A message to one receiver: stored before it is sent, written again once it is sent, and once that has ended.

    Attributes:
        key: The deduplication key, derived from facts.
        receiver: Its name in the inventory.
        stored_at: Aware UTC; with key and receiver it names the notification.
        content: What is said.
        sent_at: ``None`` until then.
        receipted_at: When the receiver took it; ``None`` until then.
        given_up_at: When it was given up for good; ``None`` unless it was.
        detail: How it ended: the channel and its receipt, or why it was given up.
    """

    key: str
    receiver: str
    stored_at: datetime
    content: Document = field(default_factory=dict)
    sent_at: datetime | None = None
    receipted_at: datetime | None = None
    given_up_at: datetime | None = None
    detail: Document = field(default_factory=dict)

    @property
    def step(self) -> Step:
        """How far it has come."""
        if self.given_up_at is not None:
            return Step.GIVEN_UP
        if self.receipted_at is not None:
            return Step.RECEIPTED
        return Step.SENT if self.sent_at is not None else Step.STORED


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what.

    Attributes:
        at: Aware UTC.
        who: A person's name under ``people``, or the part of the program that acted by itself.
        action: One word, such as ``acknowledge``, ``silence``, ``set-aside``.
        content: On what, and why.
    """

    at: datetime
    who: str
    action: str
    content: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InventoryVersion:
    """From ``since`` on the monitor worked by this inventory.

    Attributes:
        digest: Of the inventory, as the daemon computes it.
        since: Aware UTC.
    """

    digest: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """What held for a link or service from ``since`` on, so that each day is judged by what was valid then.

    Attributes:
        subject: Noun and id.
        since: Aware UTC.
        inventory: Digest of the inventory version that says so.
        content: Requirement, provider, contract, service hours as the inventory states them; ``None`` once the
            inventory no longer holds the subject.
    """

    subject: SubjectKey
    since: datetime
    inventory: str
    content: Document | None


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """An incident as it is now; written again with each change, and the one with the larger version stays.

    Attributes:
        incident: The whole of it.
    """

    incident: Incident


@dataclass(frozen=True, slots=True)
class SilenceRecord:
    """A silence as it is now; written again when it is changed, and the one with the larger version stays.

    Attributes:
        id: Names it.
        ends_at: When it is over, aware UTC; the earlier moment once somebody has ended it.
        version: Grows with each change.
        content: The whole of it.
    """

    id: str
    ends_at: datetime
    version: int
    content: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """Why somebody is told of a fault from ``at`` on, or nobody; written whenever the answer changes.

    Attributes:
        subject: Whom the fault is about.
        alertname: Its kind, a ``model.incident.AlertName``.
        at: When it was decided, aware UTC. Of two decisions about one fault at one instant, the first stays.
        outcome: One word, such as ``told`` or ``silenced``.
        incident: The id of the incident that tells of it; empty where none does.
        content: What it was decided on.
        requirement: Of LinkBelowRequirement and ErrorBudgetBurn, which; else empty.
    """

    subject: About
    alertname: str
    at: datetime
    outcome: str
    incident: str = ""
    content: Document = field(default_factory=dict)
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class KeptMonth:
    """What later reviews need of a month of a ward, so that it is not computed anew each time.

    Attributes:
        ward: As rollups name it.
        start: Begin of the month, aware UTC.
        end: End of it, aware UTC.
        basis: Digest of all that it was computed from.
        kept_at: When that was, aware UTC; the later one stays.
        content: What they need.
    """

    ward: str
    start: datetime
    end: datetime
    basis: str
    kept_at: datetime
    content: Document = field(default_factory=dict)


AlertFact = IncidentRecord | SilenceRecord | Decision | Notification
"""The facts that people are told by."""

Fact = Transition | Heartbeat | RollupBlock | SpeedTest | AlertFact | AuditEntry | InventoryVersion | Terms | KeptMonth
