"""What the review is computed from: the facts of a month, as whoever reads the history hands them over.

Instants are milliseconds since 1970 UTC, as in ``model.intervals``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from model.incident import Incident
from model.intervals import Interval
from model.inventory import Contracted
from model.maintenance import Announcement
from model.periods import Period
from model.requirement import Requirement
from model.sketch import Sketch
from model.transition import Transition
from reports.monthly import Scope
from reports.sections.outages import Cause


@dataclass(frozen=True, slots=True)
class Held:
    """What held for a link or service.

    Attributes:
        site: Id of its site.
        name: As people call it; empty where it has no name.
        service_hours: As the inventory writes them; empty means always.
        citizens_per_hour: Whom its site serves; ``None`` where nobody says.
        requirement: With its changes; ``None`` where it has none.
        profile: Name of the requirement; empty where it has none.
        provider: Of a link.
        circuit: Of a link.
        role: Of a link: ``primary`` or ``backup``.
        contracted: Of a link.
    """

    site: str
    name: str = ""
    service_hours: tuple[str, ...] = ()
    citizens_per_hour: float | None = None
    requirement: Requirement | None = None
    profile: str = ""
    provider: str = ""
    circuit: str = ""
    role: str = "primary"
    contracted: Contracted | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """What held from an instant on.

    Attributes:
        since: The instant.
        held: ``None`` once the inventory no longer held the subject.
    """

    since: int
    held: Held | None


@dataclass(frozen=True, slots=True)
class Carried:
    """What passed in one direction.

    Attributes:
        octets: Bytes.
        peak: Highest throughput over a poll of 10 s or more, bit/s.
    """

    octets: int
    peak: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a subject during a span, which may be an hour, a day or the month.

    Attributes:
        span: It.
        sent: Probes of the regular pace.
        lost: Of them, without an answer in time.
        late: Of the lost, answered too late.
        rtt: Round-trip times, the lost among them; ``None`` where they are not kept.
        delay_variation: Delays above the least of their window, of answered probes; ``None`` likewise.
        covered: Milliseconds under measurement.
        download: Towards the site; ``None`` where the counters were not read.
        upload: Away from it.
        stable_minutes: Of ``known_minutes``.
        known_minutes: That could be judged.
    """

    span: Interval
    sent: int = 0
    lost: int = 0
    late: int = 0
    rtt: Sketch | None = None
    delay_variation: Sketch | None = None
    covered: int = 0
    download: Carried | None = None
    upload: Carried | None = None
    stable_minutes: int = 0
    known_minutes: int = 0


@dataclass(frozen=True, slots=True)
class HourlyMeans:
    """Mean throughput of each hour in which the counters were read, in any order, bit/s.

    Attributes:
        download: Towards the site.
        upload: Away from it.
    """

    download: Sequence[float] = ()
    upload: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class SpeedTested:
    """One throughput test.

    Attributes:
        direction: ``download`` is towards the site.
        at: When it started.
        bits_per_second: ``None`` where it gave no figure.
        is_lower_bound: It did not fill the link, which may be faster.
        skip: Why it was planned and not run, a ``model.speed_schedule.Skip``; empty where it was run.
    """

    direction: Literal["download", "upload"]
    at: int
    bits_per_second: float | None
    is_lower_bound: bool = False
    skip: str = ""


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """A link or service.

    Attributes:
        id: Its id.
        terms: What held, in order of time: first what held at the begin of the month.
        log: As ``model.timeline`` takes it.
        measured: Over spans that do not overlap.
        hourly: Of a link.
        tests: Of a link, in order of time.
        device: Of a link: the id of the device that its interface belongs to; empty where it is not known.
    """

    id: str
    terms: tuple[Term, ...]
    log: Sequence[Transition] = ()
    measured: Sequence[Measured] = ()
    hourly: HourlyMeans = HourlyMeans()
    tests: Sequence[SpeedTested] = ()
    device: str = ""


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A device: what it was in, and what that tells about causes.

    Attributes:
        id: Its id.
        site: Id of its site.
        log: As ``model.timeline`` takes it.
    """

    id: str
    site: str
    log: Sequence[Transition] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """The monitor was alive.

    Attributes:
        span: From when until when.
        blind: Whether its anchors were silent, so that nothing it saw says anything.
    """

    span: Interval
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Annotation:
    """What somebody wrote about an outage.

    Attributes:
        cause: ``None`` where they left that to the evidence.
        ticket: The provider's.
        note: In their words.
    """

    cause: Cause | None = None
    ticket: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """One month of a ward.

    Attributes:
        period: The month.
        until: How far it is reckoned: its end, or now where it is not over.
        links: In any order.
        services: In any order.
        devices: In any order.
        unlogged: Devices of which nothing is stored, so that they tell nothing about causes.
        runs: Of the monitor, in any order.
        announcements: Of maintenance, in any order.
        incidents: That touch the month.
        annotations: By the id of an incident or of an outage.
        hours_stored: Hours of measurement that are stored.
    """

    period: Period
    until: int
    links: Sequence[SubjectFacts] = ()
    services: Sequence[SubjectFacts] = ()
    devices: Sequence[DeviceFacts] = ()
    unlogged: Sequence[DeviceFacts] = ()
    runs: Sequence[Run] = ()
    announcements: Sequence[Announcement] = ()
    incidents: Sequence[Incident] = ()
    annotations: Mapping[str, Annotation] = field(default_factory=dict)
    hours_stored: int = 0

    @property
    def span(self) -> Interval:
        """The part of the month that is reckoned."""
        return Interval(self.period.interval.start, self.until)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is stored of it."""
        return not self.runs and not self.hours_stored and not any(one.log for one in self.links)


@dataclass(frozen=True, slots=True)
class Setting:
    """What all months of a review have in common.

    Attributes:
        scope: What it is about; where it is narrowed to sites, the months hold those alone.
        zone: The ward's.
        cut_day: On which day of the month a period begins.
        site_names: As people call the sites.
        notice: Seconds that maintenance must be announced before it begins.
        limits: What cannot be told from what is stored: words for ``Method.limits``.
    """

    scope: Scope
    zone: ZoneInfo
    cut_day: int = 1
    site_names: Mapping[str, str] = field(default_factory=dict)
    notice: float = 0.0
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a review of one ward is computed from.

    Attributes:
        setting: What the months have in common.
        months: The oldest first, without a gap; the last is the one that is reviewed.
    """

    setting: Setting
    months: tuple[MonthFacts, ...]
