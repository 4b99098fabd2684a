"""What each provider delivered, and what can be claimed from it."""

from dataclasses import dataclass
from enum import StrEnum

from model.availability import Shares
from model.verdict import Outcome
from reports.sections.common import Tested


class ClaimKind(StrEnum):
    """What was not delivered."""

    AVAILABILITY = "availability"
    RESTORE = "restore"
    DOWNLOAD = "download"
    UPLOAD = "upload"
    RTT = "rtt"
    LOSS = "loss"
    DELAY_VARIATION = "delay_variation"


@dataclass(frozen=True, slots=True)
class Claim:
    """One requirement of one contract that was proved to be breached, ready to be sent.

    Attributes:
        link: Id of the link.
        circuit: The provider's number of the line.
        site: Id of the site.
        kind: What was not delivered.
        required: Ratio, seconds, or bit/s.
        measured: In the same unit; of restore the longest; ``None`` where a quantile fell among the lost.
        n: Outages that lasted too long, speed tests, or probes; of availability the outages that began.
        down_seconds: Of availability: down inside service hours; else ``None``.
        outages: Ids of the outages that prove it, in order; for availability all that have service hours.
    """

    link: str
    circuit: str
    site: str
    kind: ClaimKind
    required: float
    measured: float | None
    n: int
    down_seconds: float | None
    outages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repeater:
    """A link that fails again and again.

    Attributes:
        link: Its id.
        outages: That began in the period; three or more make it one.
        months_failing: Months in a row, this one the last, in which its requirement was breached; two or more do too,
            and five stand for five or more.
    """

    link: str
    outages: int
    months_failing: int


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """One provider.

    Attributes:
        name: As the inventory writes it; empty for lines of nobody.
        links: How its links were judged.
        links_in_all: Its links, also those of which nothing is required.
        sites: Sites with a link of it.
        line: Availability of all its lines inside service hours, by time.
        outages: Outages of 10 s or more that began in the period.
        micro_outages: Those of 2 s to 10 s.
        down_seconds: Down at all hours, outside announced maintenance.
        mttr_seconds: Mean time to repair.
        restored_in_time: Share of the outages with a limit that kept it, 0 to 1; ``None`` where none has a limit.
        speed: How its links were judged by the contracted speed, each direction one.
        citizen_hours: Citizen-hours that its outages cost.
        repeaters: Links that fail again and again.
        claims: What can be claimed, in order of the links.
        outcome: Breached where there is a claim, met where all its links are, else unknown; ``None`` where nothing is
            required.
    """

    name: str
    links: Tested
    links_in_all: int
    sites: int
    line: Shares
    outages: int
    micro_outages: int
    down_seconds: float
    mttr_seconds: float | None
    restored_in_time: float | None
    speed: Tested
    citizen_hours: float | None
    repeaters: tuple[Repeater, ...]
    claims: tuple[Claim, ...]
    outcome: Outcome | None
