"""The table of the links."""

from dataclasses import dataclass

from model.availability import Shares
from model.verdict import Outcome
from reports.sections.common import Judged, Seconds, Span


@dataclass(frozen=True, slots=True)
class Required:
    """What was required of a link in a part of the period; ``None`` is what was not.

    Attributes:
        span: The part.
        availability: Smallest share of the service hours, 0 to 1.
        rtt_p95: Largest 95th percentile of the round-trip time, seconds.
        loss: Largest share of lost probes, 0 to 1.
        delay_variation_p99: Largest 99th percentile of the delay above the least, seconds.
        download: Smallest speed towards the site, bit/s.
        upload: Smallest speed away from it, bit/s.
        contracted_share: Smallest share of the contracted speed, 0 to 1.
        restore: Longest time to repair, seconds.
    """

    span: Span
    availability: float | None
    rtt_p95: float | None
    loss: float | None
    delay_variation_p99: float | None
    download: float | None
    upload: float | None
    contracted_share: float | None
    restore: float | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link in the period.

    Attributes:
        id: Its id.
        name: As people call it; empty where it has no name.
        site: Id of its site.
        site_name: As people call that.
        provider: Who sells it; the last in the period; empty where nobody is named.
        circuit: The provider's number of the line.
        role: ``primary`` or ``backup``.
        profile: Name of the requirement; empty where it has thresholds of its own, or none.
        present: When it was under watch by the inventory.
        contracted_download: bit/s towards the site; the last in the period.
        contracted_upload: bit/s away from it.
        required: What was required, part by part.
        verdict: By the whole requirement: breached if any part of it is, or an outage lasted longer than the time to
            restore; met if all parts are; ``None`` where nothing is required.
        judged: By each part of the requirement.
        line: Availability of the line inside service hours, without announced maintenance: it judges the provider.
        line_gross: The same as if no maintenance had been announced.
        service: Availability that people had of it: unreachable counts as down.
        seconds: At all hours, without announced maintenance.
        seconds_in_hours: Inside service hours, likewise.
        coverage: Share of the service hours of which the state is known, 0 to 1.
        outages: Outages of 10 s or more that began in the period.
        micro_outages: Those of 2 s to 10 s.
        longest_seconds: Seconds down of the longest, in the period.
        mttr_seconds: Mean time to repair.
        mtbf_seconds: Mean time between failures; ``None`` without one.
        mtbf_at_least_seconds: What that exceeds with 95 % confidence, also without a failure.
        restored_late: Outages that began in the period and lasted longer than the required time to restore.
        budget_used: Share of the tolerated outage that was used, above 1 where it was overspent; ``None`` where no
            availability is required, or all of it is.
        stable_minutes: Stable minutes as a share of those that could be judged, 0 to 1.
        minutes_stable: How many were.
        minutes_known: How many could be judged.
        rtt_p50: Median round-trip time, seconds, the lost as infinite, without the probes of outages (so are the next
            three); ``None`` where unknown, or half of the probes were lost.
        rtt_p95: 95th percentile, seconds; ``None`` likewise.
        loss: Lost probes as a share of all, 0 to 1.
        delay_variation_p99: 99th percentile of the delay above the least of its window, seconds.
        download_p95: 95th percentile of the hourly mean throughput towards the site, bit/s.
        upload_p95: The same away from it.
        utilization_p95: The greater of these as a share of the contracted speed; ``None`` without a contract.
        download_peak: Highest throughput towards the site over a poll of 10 s or more, bit/s.
        upload_peak: The same away from it.
        octets: Bytes carried, both ways.
        probes: Probes of the regular pace that rtt, loss and delay variation rest on.
        citizen_hours: Citizen-hours that were lost at its site while it was down or unreachable.
    """

    id: str
    name: str
    site: str
    site_name: str
    provider: str
    circuit: str
    role: str
    profile: str
    present: tuple[Span, ...]
    contracted_download: float | None
    contracted_upload: float | None
    required: tuple[Required, ...]
    verdict: Outcome | None
    judged: tuple[Judged, ...]
    line: Shares
    line_gross: Shares
    service: Shares
    seconds: Seconds
    seconds_in_hours: Seconds
    coverage: float | None
    outages: int
    micro_outages: int
    longest_seconds: float | None
    mttr_seconds: float | None
    mtbf_seconds: float | None
    mtbf_at_least_seconds: float
    restored_late: int
    budget_used: float | None
    stable_minutes: float | None
    minutes_stable: int
    minutes_known: int
    rtt_p50: float | None
    rtt_p95: float | None
    loss: float | None
    delay_variation_p99: float | None
    download_p95: float | None
    upload_p95: float | None
    utilization_p95: float | None
    download_peak: float | None
    upload_peak: float | None
    octets: int | None
    probes: int
    citizen_hours: float | None


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site in the period; it is lost while all of its links are down or unreachable.

    Attributes:
        id: Its id.
        name: As people call it; empty where it has no name.
        links: The ids of its links.
        citizens_per_hour: Whom it serves; ``None`` where the inventory does not say.
        service: Availability inside service hours, without announced maintenance.
        open_seconds: Seconds of service hours in the period, without maintenance over all of its links.
        lost_seconds: Of them, those in which it was lost.
        unknown_seconds: Of them, those in which it may have been lost.
        interruptions: Times of 10 s or more that began in the period in which service hours were lost.
        citizen_hours: Citizen-hours lost; ``None`` without ``citizens_per_hour``.
        citizen_hours_at_most: The same if it was lost in all time that is unknown.
    """

    id: str
    name: str
    links: tuple[str, ...]
    citizens_per_hour: float | None
    service: Shares
    open_seconds: float
    lost_seconds: float
    unknown_seconds: float
    interruptions: int
    citizen_hours: float | None
    citizen_hours_at_most: float | None
