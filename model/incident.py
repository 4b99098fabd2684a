"""What goes wrong, and the incident that people are told of: one for each cause, whatever falls silent with it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from model.measurement import SubjectKey

_ID_DIGITS: Final = 6


class AlertName(StrEnum):
    """The kinds of fault: the label ``alertname``."""

    LINK_DOWN = "LinkDown"
    DEVICE_DOWN = "DeviceDown"
    SERVICE_DOWN = "ServiceDown"
    SITE_UNREACHABLE = "SiteUnreachable"
    PROVIDER_OUTAGE = "ProviderOutage"
    MONITOR_BLIND = "MonitorBlind"
    LINK_BELOW_REQUIREMENT = "LinkBelowRequirement"
    INTERFACE_SPEED_REDUCED = "InterfaceSpeedReduced"
    LINK_FLAPPING = "LinkFlapping"
    INTERFACE_ERRORS = "InterfaceErrors"
    CERTIFICATE_EXPIRING = "CertificateExpiring"
    DEVICE_UNHEALTHY = "DeviceUnhealthy"
    ERROR_BUDGET_BURN = "ErrorBudgetBurn"
    SNMP_AGENT_SILENT = "SnmpAgentSilent"


class Severity(StrEnum):
    """How much it matters: the label ``severity``."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


About = tuple[Literal["site", "link", "device", "service", "anchor", "provider", "monitor"], str]
"""Whom a fault is about: what the inventory holds, a provider by its name, or the monitor, whose name is empty."""


def in_inventory(about: About) -> SubjectKey | None:
    """The subject of the inventory that is meant, if one is."""
    noun, name = about
    return None if noun == "provider" or noun == "monitor" else (noun, name)  # noqa: PLR1714  # narrows the type


FaultKey = tuple[AlertName, About, str]
"""Which fault: its name, whom it is about, and the requirement where it is about one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A condition that somebody has to know of, as long as it lasts.

    Attributes:
        name: Its kind.
        subject: Whom it is about.
        since: When it began, aware UTC.
        noticed_at: When it was decided, aware UTC; never before ``since``.
        severity: How much it matters.
        requirement: Of LinkBelowRequirement and ErrorBudgetBurn: a ``model.verdict.Quality``; else empty.
        evidence: What it was decided on, in words and numbers.
    """

    name: AlertName
    subject: About
    since: datetime
    noticed_at: datetime
    severity: Severity
    requirement: str = ""
    evidence: Mapping[str, str | float] = field(default_factory=dict)

    @property
    def key(self) -> FaultKey:
        """What stays the same as long as it lasts."""
        return self.name, self.subject, self.requirement


@dataclass(frozen=True, slots=True)
class Entry:
    """A fault that an incident tells of.

    Attributes:
        fault: As it was noticed first.
        ended_at: When it was over, aware UTC; ``None`` while it lasts.
    """

    fault: Fault
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody has taken an incident on.

    Attributes:
        who: As they call themselves, or a name under ``people``.
        at: When, aware UTC.
        comment: What they wrote.
    """

    who: str
    at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """The last that one receiver was told of an incident.

    Attributes:
        first_at: When it was told for the first time, aware UTC.
        at: When last, aware UTC.
        revision: Of the incident, as it was told last.
        resolved: Whether it was told that all is well.
        person: Of a team: who was told last, a name under ``people``; else empty.
        severity: As it was told last.
    """

    first_at: datetime
    at: datetime
    revision: int
    resolved: bool = False
    person: str = ""
    severity: Severity = Severity.INFO


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that was looked at because of an incident: the path to a target, the ports of a link, traps of devices.

    Attributes:
        kind: ``path``, ``interfaces`` or ``traps``.
        about: Of what.
        taken_at: When, aware UTC.
        content: JSON: what was found.
    """

    kind: str
    about: About
    taken_at: datetime
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Incident:
    """What people are told of: one cause, from firing to resolved.

    Attributes:
        id: Derived from the fault that it began with.
        ward: Whose it is; empty where the inventory names none.
        began_at: Since when, aware UTC.
        opened_at: When it was decided, aware UTC.
        changed_at: When this revision was made, aware UTC.
        entries: What it tells of, the cause first; what is over stays until all is.
        parts: Faults that are told of by no entry of their own, because one of the entries covers them.
        hidden: What is silent because of it, and is told of by no message of its own; the subjects of parts among it.
        revision: Grows with each change that people are to know of: entries, and what is hidden.
        widened: The revision with which more came to be lost, or to matter more, than before: that is told at once.
        version: Grows with each change whatever.
        closed_at: When all was over, aware UTC; ``None`` while it is open.
        merged_into: The incident that tells of it since this one turned out to be a part of that.
        acknowledged: By whom; ``None`` while nobody has.
        told: By the name of each receiver, what it was told last.
        attachments: What was looked at because of it.
    """

    id: str
    ward: str
    began_at: datetime
    opened_at: datetime
    changed_at: datetime
    entries: tuple[Entry, ...]
    parts: tuple[Entry, ...] = ()
    hidden: tuple[SubjectKey, ...] = ()
    revision: int = 1
    widened: int = 1
    version: int = 1
    closed_at: datetime | None = None
    merged_into: str | None = None
    acknowledged: Acknowledgement | None = None
    told: Mapping[str, Told] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether anything of it still lasts."""
        return self.closed_at is None

    @property
    def cause(self) -> Fault:
        """The fault that explains the rest."""
        return self.entries[0].fault

    @property
    def lasting(self) -> tuple[Fault, ...]:
        """What is not over."""
        return tuple(entry.fault for entry in self.entries if entry.ended_at is None)

    @property
    def severity(self) -> Severity:
        """The gravest of what lasts; once all is over, of all that there was."""
        faults = self.lasting or tuple(entry.fault for entry in self.entries)
        return min((fault.severity for fault in faults), key=list(Severity).index)


def incident_id(fault: Fault) -> str:
    """The id of an incident that begins with a fault: whoever sees the same fault gives it the same id."""
    noun, name = fault.subject
    facts = f"{fault.name}|{noun}|{name}|{fault.requirement}|{fault.since.isoformat()}"
    words = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower()).strip("-")
    return f"{words or noun}-{hashlib.sha256(facts.encode()).hexdigest()[:_ID_DIGITS]}"
