"""What was decided about a fault, for whoever asks later why somebody was told or nobody."""

from dataclasses import dataclass
from datetime import datetime

from model.grounds import Grounds
from model.incident import About, Fault


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of a fault from a time on.

    Attributes:
        about: Whom the fault is about.
        alertname: A ``model.incident.AlertName``.
        requirement: Which, where it is about one; else empty.
        at: From when on, aware UTC.
        outcome: One word: ``held``, ``opened``, ``part``, ``over``, ``told``, ``waiting``, or why it is muted
            (``alerts.mute.MuteReason``).
        incident: The incident that it belongs to; empty where there is none.
        grounds: Whom, or why; ``None`` where the outcome says it all.
    """

    about: About
    alertname: str
    requirement: str
    at: datetime
    outcome: str
    incident: str = ""
    grounds: Grounds | None = None


def ruling(fault: Fault, at: datetime, outcome: str, incident: str, grounds: Grounds | None) -> Ruling:
    """One about a fault."""
    return Ruling(fault.subject, fault.name.value, fault.requirement, at, outcome, incident, grounds)
