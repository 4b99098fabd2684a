"""How long each link and service was in which state, as ``GET /api/v1/availability`` answers it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from exporters.zones import zone_of
from model.availability import Availability, Share, Shares, Tally
from model.intervals import Interval, moment
from model.inventory import Inventory, Link, Service, Site
from model.outages import Outage, OutageKind
from model.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Milliseconds:
    """The time in each state, four times over; every instant of the period is in exactly one state.

    Attributes:
        net: At all hours, without announced maintenance.
        gross: At all hours, as if nothing had been announced.
        net_in_service_hours: Inside service hours, without announced maintenance: what a requirement is judged by.
        gross_in_service_hours: Inside service hours, as if nothing had been announced.
    """

    net: Tally
    gross: Tally
    net_in_service_hours: Tally
    gross_in_service_hours: Tally


@dataclass(frozen=True, slots=True)
class OutageView:
    """One outage, as far as it lies in the period and outside announced maintenance.

    Attributes:
        start: The first instant down.
        end: The end of the last.
        kind: By its whole down time: outage (10 s or more), micro (2 s to 10 s), brief.
        seconds: Down between them.
        seconds_in_service_hours: Of these, inside service hours.
        start_uncertainty_seconds: By which the start may be off; null where the time before it is unknown.
        end_uncertainty_seconds: The same for the end.
        began_before: It began before the period, and belongs to the month in which it began.
        goes_on: It was not over at the end of the period.
    """

    start: datetime
    end: datetime
    kind: OutageKind
    seconds: float
    seconds_in_service_hours: float
    start_uncertainty_seconds: float | None
    end_uncertainty_seconds: float | None
    began_before: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Target:
    """An availability that was required in a part of the period, 0 to 1; null where none was."""

    start: datetime
    end: datetime
    availability: float | None


@dataclass(frozen=True, slots=True)
class Account:
    """What one link or service was in during the period.

    Attributes:
        id: Its id.
        site: The id of its site.
        name: As people call it; empty where the inventory has no name.
        milliseconds: The time in each state.
        line: What the line itself did, inside service hours: it judges the provider. Unreachable does not count.
        experienced: What people had of it, inside service hours: unreachable counts as down.
        coverage: The share of the service hours that is known, 0 to 1; null where there are none.
        outages: Outages of 10 s or more that began in the period.
        micro_outages: Outages of 2 s to 10 s that did.
        longest: The outage with the most down time.
        mttr_seconds: Mean time to repair; null without an outage.
        mtbf_seconds: Mean time between failures; null without an outage.
        mtbf_at_least_seconds: What that exceeds with 95 % confidence, also without an outage.
        targets: What was required, part by part.
        verdict: Whether that was met: a link by its line, a service by what was experienced; null where nothing is
            required.
        why: What the verdict rests on.
        events: Every outage.
    """

    id: str
    site: str
    name: str
    milliseconds: Milliseconds
    line: Shares
    experienced: Shares
    coverage: float | None
    outages: int
    micro_outages: int
    longest: OutageView | None
    mttr_seconds: float | None
    mtbf_seconds: float | None
    mtbf_at_least_seconds: float
    targets: list[Target]
    verdict: Outcome | None
    why: str
    events: list[OutageView]


def account(inventory: Inventory, site: Site, subject: Link | Service, availability: Availability) -> Account:
    """One link or service as the API tells it."""
    inside = availability.inside
    judged = inside.link if isinstance(subject, Link) else inside.service
    targets = _targets(inventory, site, subject, availability.period)
    verdict, why = _verdict(judged, targets)
    return Account(
        id=subject.id,
        site=site.id,
        name=subject.name,
        milliseconds=Milliseconds(availability.net, availability.gross, inside, availability.gross_inside),
        line=inside.link.shares,
        experienced=inside.service.shares,
        coverage=inside.coverage,
        outages=availability.failures,
        micro_outages=availability.micro_outages,
        longest=_outage(availability.longest) if availability.longest else None,
        mttr_seconds=availability.mttr,
        mtbf_seconds=availability.mtbf,
        mtbf_at_least_seconds=availability.mtbf_at_least,
        targets=targets,
        verdict=verdict,
        why=why,
        events=[_outage(outage) for outage in availability.outages],
    )


def _outage(outage: Outage) -> OutageView:
    return OutageView(
        start=moment(outage.interval.start),
        end=moment(outage.interval.end),
        kind=outage.kind,
        seconds=outage.down / 1_000,
        seconds_in_service_hours=outage.down_in_hours / 1_000,
        start_uncertainty_seconds=outage.start_uncertainty,
        end_uncertainty_seconds=outage.end_uncertainty,
        began_before=outage.began_before,
        goes_on=outage.goes_on,
    )


def _targets(inventory: Inventory, site: Site, subject: Link | Service, period: Interval) -> list[Target]:
    """What was required, in as few parts as there are different targets in succession."""
    requirement = inventory.requirement_of(subject)
    if requirement is None:
        return []
    zone = zone_of(inventory, site)
    versions = requirement.periods(moment(period.start).astimezone(zone), moment(period.end).astimezone(zone))
    runs = [list(run) for _, run in groupby(versions, key=lambda version: version[2].availability)]
    return [Target(run[0][0].astimezone(UTC), run[-1][1].astimezone(UTC), run[0][2].availability) for run in runs]


def _verdict(share: Share, targets: list[Target]) -> tuple[Outcome | None, str]:
    if len(targets) > 1:
        return Outcome.UNKNOWN, "the target changed within the period: ask for each part by itself"
    if not targets or targets[0].availability is None:
        return None, "no availability is required"
    match share.meets(targets[0].availability):
        case True:
            return Outcome.MET, "it is, even if all that is unknown was down"
        case False:
            return Outcome.BREACHED, "it is not, even if all that is unknown was up"
        case _ if share.ratio is None:
            return Outcome.UNKNOWN, "nothing is known of the service hours in the period"
        case _:
            return Outcome.UNKNOWN, "it depends on what happened while nothing was known"
