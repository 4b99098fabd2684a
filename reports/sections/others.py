"""Services, devices, planned work, and what is to be done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from model.availability import Shares
from model.verdict import Outcome
from reports.sections.common import Judged, Seconds, Span


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A web page or resolver as seen from one site.

    Attributes:
        id: Its id.
        name: As people call it; empty where it has no name.
        site: Id of the site.
        service: Availability that people had inside service hours, without announced maintenance.
        seconds_in_hours: Time in each state there.
        coverage: Share of the service hours of which the state is known, 0 to 1.
        verdict: By its requirement; ``None`` where it has none.
        judged: By each part of the requirement that a month can be judged by.
        outages: Outages of 10 s or more that began in the period.
        down_seconds: Seconds down inside service hours.
        fault_link_seconds: Of the seconds down or unreachable inside service hours, those in which all links of the
            site were lost: the fault is the line's.
        fault_other_seconds: The rest, in which a link of the site passed: the fault is behind the line.
        fault_unknown_seconds: Those in which no link is known to pass nor all to be lost.
        rtt_p95: 95th percentile of the time to the whole answer, seconds; ``None`` where no rollup is stored.
    """

    id: str
    name: str
    site: str
    service: Shares
    seconds_in_hours: Seconds
    coverage: float | None
    verdict: Outcome | None
    judged: tuple[Judged, ...]
    outages: int
    down_seconds: float
    fault_link_seconds: float
    fault_other_seconds: float
    fault_unknown_seconds: float
    rtt_p95: float | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """What people were told of a device, of the port of a link, or of the certificate of a service.

    Attributes:
        what: A ``model.health_rules.Symptom``, ``agent_silent``, ``port_errors``, ``port_slow``, ``port_duplex`` or
            ``certificate``: a word that renderings know.
        times: How often in the period; what had begun before it counts as once.
        first: When it was there first in the period.
        last: When it was there last in the period.
        seconds: In all in the period.
        unseen_seconds: Of these, those in which the monitor saw nothing, so that nobody knows whether it lasted.
        goes_on: Whether it was not over at the end of what is reckoned.
    """

    what: str
    times: int
    first: datetime
    last: datetime
    seconds: float
    unseen_seconds: float
    goes_on: bool


@dataclass(frozen=True, slots=True)
class EquipmentRow:
    """A device that was down or unwell, a link with a port that was, or a service with a certificate that runs out.

    Attributes:
        noun: Which of them.
        id: Its id.
        site: Id of its site; empty where the inventory does not hold it any more.
        outages: Of a device: how often it was down of its own in the period; ``None`` where nothing is known of it.
        down_seconds: Of a device: how long in all, planned work counted; ``None`` likewise.
        longest_seconds: The longest of them within the period; ``None`` without one.
        unknown: Of a device: share of the period in which its state is not known, 0 to 1.
        troubles: By their words.
    """

    noun: Literal["device", "link", "service"]
    id: str
    site: str
    outages: int | None
    down_seconds: float | None
    longest_seconds: float | None
    unknown: float | None
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """Power, equipment, certificates.

    Attributes:
        reason: Why there is nothing: ``not_collected``; empty where there is.
        watched: Devices whose state is known for some of the period; ``None`` where nothing is stored.
        unknown: Ids of the other devices.
        troubled: Devices that were down or unwell; ``None`` likewise.
        on_battery: How often devices told that they feed from their battery; ``None`` where none did, for what is
            stored does not tell whether one would have.
        rows: By noun and id.
    """

    reason: str = "not_collected"
    watched: int | None = None
    unknown: tuple[str, ...] = ()
    troubled: int | None = None
    on_battery: int | None = None
    rows: tuple[EquipmentRow, ...] = ()


@dataclass(frozen=True, slots=True)
class MaintenanceRow:
    """A maintenance window that was open in the period, or will be in the next.

    Attributes:
        id: Its id.
        reason: As it was announced.
        sites: Ids of the sites that it covers with all in them.
        links: Ids of links that it covers.
        devices: Ids of devices.
        announced_at: Since when everybody could know of it.
        withdrawn_at: When it was taken back; ``None`` where it was not.
        open: When it was open in the period.
        excused: Of that, what it excused: it was announced in time.
        down_seconds: Down or unreachable seconds of the links in it that it excused, summed over the links.
        overrun_seconds: Down seconds of the links of outages that went on after its end, until they were over or the
            period was.
        to_come: When it is open in the 31 days after the period.
    """

    id: str
    reason: str
    sites: tuple[str, ...]
    links: tuple[str, ...]
    devices: tuple[str, ...]
    announced_at: datetime
    withdrawn_at: datetime | None
    open: tuple[Span, ...]
    excused: tuple[Span, ...]
    down_seconds: float
    overrun_seconds: float
    to_come: tuple[Span, ...]


class Action(StrEnum):
    """What is recommended."""

    CLAIM = "claim"  # send the claim sheet to the provider
    SECOND_LINE = "second_line"  # a site was lost by the outage of its only line
    POWER = "power"  # a site was lost by power
    REPAIR = "repair"  # a line that fails again and again
    UPGRADE = "upgrade"  # a line is full, or will be within six months
    SPEED = "speed"  # a line is slower than contracted, with tests that prove it
    TEST = "test"  # nothing proves or disproves the contracted speed
    WATCH = "watch"  # so little is known that nothing can be judged
    WEIGH = "weigh"  # sites do not state whom they serve


class Owner(StrEnum):
    """Who has to do it."""

    WARD = "ward"
    PROVIDER = "provider"
    TECHNICIAN = "technician"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One of them; they are ranked by citizen-hours, then by ``lost_seconds``, then by id.

    Attributes:
        id: Stable from month to month: the action and whom it is about, such as ``repair/office-vnpt``.
        action: What.
        about: Id of a link or site, or a provider's name; empty where it is about all.
        owner: Who.
        citizen_hours: Citizen-hours of this period that it would have avoided at the most; ``None`` where unknown.
        lost_seconds: Seconds of service hours that it would have avoided at the most.
        count: Outages, claims, links: what it rests on, as the action has it.
        value: Ratio or bit/s that it rests on; ``None`` where there is none.
        due: By when: the end of the following period.
        needs_decision: Whether it costs money or goes to somebody else, so that the manager decides.
    """

    id: str
    action: Action
    about: str
    owner: Owner
    citizen_hours: float | None
    lost_seconds: float
    count: int
    value: float | None
    due: datetime
    needs_decision: bool


class Progress(StrEnum):
    """What became of a recommendation."""

    GONE = "gone"  # what it rested on was not there any more
    BETTER = "better"  # it is recommended again, and rests on less
    SAME = "same"  # it is recommended again
    CANNOT_TELL = "cannot_tell"  # too little is known of this period


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What became of a recommendation of the period before.

    Attributes:
        before: It.
        progress: What became of it.
    """

    before: Recommendation
    progress: Progress


@dataclass(frozen=True, slots=True)
class Method:
    """What the figures rest on, for the annex; formulas are texts of the renderings.

    Attributes:
        constants: Name and value of each constant that entered a figure, in base units.
        notice_seconds: How long before its begin maintenance must be announced to excuse.
        changes: When what holds for a link changed within the period: id of the link or service and since when.
        limits: What cannot be told from what is stored: one word each, that renderings know.
    """

    constants: tuple[tuple[str, float], ...]
    notice_seconds: float
    changes: tuple[tuple[str, datetime], ...]
    limits: tuple[str, ...]
