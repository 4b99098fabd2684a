"""The outages of the links, with their cause and its evidence."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from model.outages import OutageKind


class Cause(StrEnum):
    """Why a link was down, as far as evidence tells; the first of them that applies."""

    PLANNED = "planned"  # work that was announced; what overran it
    POWER = "power"  # all devices of the site fell silent too, or restarted
    EQUIPMENT = "equipment"  # the device that the line ends at fell silent, or restarted
    PROVIDER = "provider"  # links of one provider at three sites or more within a minute
    PARENT = "parent"  # something that it depends on was down
    LINE = "line"  # the port saw the line go down
    SESSION = "session"  # the port stayed up, and nothing passed
    NAME_SERVICE = "name_service"  # names could not be looked up
    PORTAL = "portal"  # what people come to use failed, and the link was there
    MONITOR = "monitor"  # the monitor's own fault
    UNKNOWN = "unknown"  # nothing tells


class SaidBy(StrEnum):
    """Who says what the cause was."""

    EVIDENCE = "evidence"
    PERSON = "person"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks for a cause.

    Attributes:
        kind: One word that renderings know, such as ``devices_silent``, ``same_provider``, ``parent_down``.
        about: The id, or provider, that it is about; empty where it is about none.
        value: Of what it counts, such as sites; ``None`` where it counts nothing.
    """

    kind: str
    about: str = ""
    value: float | None = None


@dataclass(frozen=True, slots=True)
class OutageRow:
    """One outage of 10 s or more, or a micro-outage of the line itself.

    It is told as far as it lies in the period and outside announced maintenance.

    Attributes:
        id: The link's id and the begin, such as ``office-vnpt@2026-10-06T02:00:00Z``; what ``annotate`` takes.
        link: Id of the link.
        site: Id of its site.
        provider: Who sold it then.
        kind: ``outage`` (10 s or more), ``micro`` (2 s to 10 s), by its whole down time.
        is_own: Whether the line itself was down. Where it is false the line was behind something that was: people had
            nothing of it, its provider is not to blame, and it is counted among no outages.
        start: The first instant down in the period.
        end: The end of the last.
        start_uncertainty_seconds: By which the start may be off; ``None`` where the time before it is unknown.
        end_uncertainty_seconds: The same for the end.
        down_seconds: Seconds down between them.
        down_seconds_in_hours: Of these, inside service hours.
        whole_seconds: Seconds down in all, also outside the period.
        began_before: It began before the period, and is counted in the month in which it began.
        goes_on: It was not over at the end of the period.
        cause: Why.
        said_by: Who says so.
        signs: The evidence.
        incident: Id of the incident that told of it; empty where none did.
        ticket: The provider's ticket, as somebody wrote it down; empty where nobody did.
        note: What somebody wrote beside it.
        acknowledged_by: Who took it on; empty where nobody did.
        detect_seconds: From its begin until it was noticed; ``None`` where it began before the period.
        acknowledge_seconds: From the notice until somebody took it on.
        citizen_hours: Citizen-hours that its site lost while it lasted; outages of one site that overlap each have
            them. ``None`` where the site states no number.
        restore_limit_seconds: The longest time to repair that was required; ``None`` where none was.
        is_restored_in_time: Whether that was kept, by the whole down time; ``None`` where none was required, or it
            goes on and is not yet over it.
    """

    id: str
    link: str
    site: str
    provider: str
    kind: OutageKind
    is_own: bool
    start: datetime
    end: datetime
    start_uncertainty_seconds: float | None
    end_uncertainty_seconds: float | None
    down_seconds: float
    down_seconds_in_hours: float
    whole_seconds: float
    began_before: bool
    goes_on: bool
    cause: Cause
    said_by: SaidBy
    signs: tuple[Sign, ...]
    incident: str
    ticket: str
    note: str
    acknowledged_by: str
    detect_seconds: float | None
    acknowledge_seconds: float | None
    citizen_hours: float | None
    restore_limit_seconds: float | None
    is_restored_in_time: bool | None


@dataclass(frozen=True, slots=True)
class CauseRow:
    """The outages of one cause that began in the period, those that were not the line's own among them.

    Attributes:
        cause: Which.
        outages: How many of 10 s or more.
        down_seconds: Their seconds down.
        citizen_hours: Citizen-hours lost in them; where two overlap at one site they count in each.
    """

    cause: Cause
    outages: int
    down_seconds: float
    citizen_hours: float | None


@dataclass(frozen=True, slots=True)
class OutageSection:
    """All of them.

    Attributes:
        rows: In order of their begin.
        causes: What they add up to, the most down time first.
    """

    rows: tuple[OutageRow, ...]
    causes: tuple[CauseRow, ...]
