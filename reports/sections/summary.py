"""The one page: whether it was as required, what people lost, what is to be decided."""

from dataclasses import dataclass

from model.availability import Shares
from model.verdict import Quality
from reports.sections.common import Tested


@dataclass(frozen=True, slots=True)
class ProfileVerdict:
    """The links that are held to one requirement.

    Attributes:
        profile: Its name in the inventory or of a preset; empty where the links state thresholds of their own.
        links: How they were judged.
    """

    profile: str
    links: Tested


@dataclass(frozen=True, slots=True)
class QualityVerdict:
    """How all links were judged by one quality.

    Attributes:
        requirement: The quality.
        links: How they were judged.
    """

    requirement: Quality
    links: Tested


@dataclass(frozen=True, slots=True)
class Loss:
    """What people lost, reckoned by site: a site is lost while all of its links are down or unreachable.

    Attributes:
        service_seconds: Seconds of service hours in which a site was lost, summed over the sites.
        citizen_hours: Those hours times the citizens that each site serves in an hour; ``None`` where no site states a
            number, so that it is at least this where some do.
        citizen_hours_at_most: The same if every site was lost while nothing is known of it.
        sites_without_weight: Sites that do not state how many citizens they serve in an hour; they are left out.
        weighted_by: ``citizens`` where a site counts by the citizens it serves, ``sites`` where none states them and
            each counts alike.
        saifi: Interruptions of service hours that a citizen met on average; ``None`` without a site.
        saidi_minutes: Minutes of service hours that a citizen lost on average, likewise.
        caidi_minutes: Minutes of a mean interruption: SAIDI / SAIFI; ``None`` without an interruption.
    """

    service_seconds: float
    citizen_hours: float | None
    citizen_hours_at_most: float | None
    sites_without_weight: int
    weighted_by: str
    saifi: float | None
    saidi_minutes: float | None
    caidi_minutes: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The headline figures of one month.

    Attributes:
        links: How the links were judged, each by the whole of its requirement.
        service: Availability of the ward's service hours, sites weighted as ``loss`` says.
        line: Availability of all lines together inside service hours, by time.
        stable_minutes: Stable minutes as a share of those that could be judged, 0 to 1; ``None`` where none could.
        outages: Outages of 10 s or more that began in the period.
        micro_outages: Those of 2 s to 10 s.
        down_seconds: Seconds down of all lines, at all hours, outside announced maintenance.
        longest_seconds: Seconds down of the longest outage in the period; ``None`` without one.
        mttr_seconds: Mean time to repair; ``None`` without an outage.
        mtta_seconds: Mean time from a notice to its acknowledgement; ``None`` where nothing was acknowledged.
        loss: What people lost.
    """

    links: Tested
    service: Shares
    line: Shares
    stable_minutes: float | None
    outages: int
    micro_outages: int
    down_seconds: float
    longest_seconds: float | None
    mttr_seconds: float | None
    mtta_seconds: float | None
    loss: Loss


@dataclass(frozen=True, slots=True)
class Summary:
    """The first page.

    Attributes:
        figures: Of this period.
        before: Of the period before it; ``None`` where nothing is stored of that.
        profiles: The links by what is required of them, in order of the profiles' names.
        qualities: The links by each quality that is required of any, in the order of ``Quality``.
        decisions: The ids of the recommendations that somebody has to decide on, three at the most.
    """

    figures: Figures
    before: Figures | None
    profiles: tuple[ProfileVerdict, ...]
    qualities: tuple[QualityVerdict, ...]
    decisions: tuple[str, ...]
