"""What the headline figures are made of: sums that wards and months can be added up by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from operator import add
from typing import Final

from model.availability import Share, Shares
from model.intervals import SECOND
from model.verdict import Outcome
from reports.reckoning.outages import counts
from reports.sections.common import Tested
from reports.sections.links import LinkRow, SiteRow
from reports.sections.outages import OutageRow
from reports.sections.summary import Figures, Loss

_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """Sites, each by a weight.

    Attributes:
        weight: Of all together.
        up: Seconds of service hours that people had, by weight; so are the next two.
        down: Lost.
        unknown: That may have been either.
        interruptions: Each by the weight of its site.
    """

    weight: float = 0.0
    up: float = 0.0
    down: float = 0.0
    unknown: float = 0.0
    interruptions: float = 0.0

    def __add__(self, other: "Weighed") -> "Weighed":
        return Weighed(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Sums:
    """Of some links, their sites and outages.

    Attributes:
        met: Links whose requirement was met.
        breached: Links whose requirement was not.
        untold: Links of which nobody can tell.
        by_citizens: The sites that state whom they serve, by that.
        by_sites: All sites alike.
        line_up: Milliseconds of the lines up inside service hours; so are the next two.
        line_down: Down.
        line_unknown: Unknown.
        stable: Stable minutes.
        known: Minutes that could be judged.
        outages: That began.
        micro_outages: That began.
        down: Seconds down.
        longest: Of the seconds down of each outage the most; 0 without one.
        repair: Seconds down of the outages that began, together.
        repairs: How many of them there are.
        waited: Seconds until incidents were taken on, together.
        taken: How many incidents that were.
        lost: Seconds of service hours that sites lost.
        citizen_hours: Lost.
        citizen_hours_at_most: Lost, if all that is unknown was.
        unweighted: Sites that do not state whom they serve.
    """

    met: int = 0
    breached: int = 0
    untold: int = 0
    by_citizens: Weighed = Weighed()
    by_sites: Weighed = Weighed()
    line_up: int = 0
    line_down: int = 0
    line_unknown: int = 0
    stable: int = 0
    known: int = 0
    outages: int = 0
    micro_outages: int = 0
    down: float = 0.0
    longest: float = 0.0
    repair: float = 0.0
    repairs: int = 0
    waited: float = 0.0
    taken: int = 0
    lost: float = 0.0
    citizen_hours: float = 0.0
    citizen_hours_at_most: float = 0.0
    unweighted: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        both = {one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        return Sums(**{**both, "longest": max(self.longest, other.longest)})


def sums_of(links: Sequence[LinkRow], sites: Sequence[SiteRow], outages: Sequence[OutageRow]) -> Sums:
    """Of what a review shows."""
    verdicts = [row.verdict for row in links]
    own = [row for row in outages if row.is_own]
    begun = [row.down_seconds for row in own if counts(row)]
    waited = _waited(outages)
    line = line_of(links)
    return Sums(
        met=verdicts.count(Outcome.MET),
        breached=verdicts.count(Outcome.BREACHED),
        untold=verdicts.count(Outcome.UNKNOWN),
        by_citizens=_weighed((row, row.citizens_per_hour) for row in sites),
        by_sites=_weighed((row, 1.0) for row in sites),
        line_up=line.up,
        line_down=line.down,
        line_unknown=line.unknown,
        stable=sum(row.minutes_stable for row in links),
        known=sum(row.minutes_known for row in links),
        outages=sum(row.outages for row in links),
        micro_outages=sum(row.micro_outages for row in links),
        down=sum(row.seconds.down for row in links),
        longest=max((row.down_seconds for row in own), default=0.0),
        repair=sum(begun),
        repairs=len(begun),
        waited=sum(waited),
        taken=len(waited),
        lost=sum(row.lost_seconds for row in sites),
        citizen_hours=sum(row.citizen_hours or 0.0 for row in sites),
        citizen_hours_at_most=sum(row.citizen_hours_at_most or 0.0 for row in sites),
        unweighted=sum(row.citizens_per_hour is None for row in sites),
    )


def line_of(links: Iterable[LinkRow]) -> Share:
    """What the lines did inside service hours, all together."""
    up = down = unknown = 0
    for row in links:
        inside = row.seconds_in_hours
        up += round((inside.up + inside.degraded) * SECOND)
        down += round(inside.down * SECOND)
        unknown += round(inside.unknown * SECOND)
    return Share(up, down, unknown)


def _weighed(sites: Iterable[tuple[SiteRow, float | None]]) -> Weighed:
    each = (
        Weighed(
            weight,
            weight * (row.open_seconds - row.lost_seconds - row.unknown_seconds),
            weight * row.lost_seconds,
            weight * row.unknown_seconds,
            weight * row.interruptions,
        )
        for row, weight in sites
        if weight is not None
    )
    return reduce(add, each, Weighed())


def _waited(outages: Iterable[OutageRow]) -> Sequence[float]:
    """Of the incidents of outages that began in the month, each once: seconds until somebody took them on."""
    by_incident = {
        row.incident: row.acknowledge_seconds
        for row in outages
        if row.incident and row.acknowledge_seconds is not None and not row.began_before
    }
    return list(by_incident.values())


def figures(sums: Sums) -> Figures:
    """The headline figures."""
    return Figures(
        links=Tested(sums.met, sums.breached, sums.untold),
        service=_service(_heard(sums)),
        line=Share(sums.line_up, sums.line_down, sums.line_unknown).shares,
        stable_minutes=_ratio(sums.stable, sums.known),
        outages=sums.outages,
        micro_outages=sums.micro_outages,
        down_seconds=sums.down,
        longest_seconds=sums.longest or None,
        mttr_seconds=_ratio(sums.repair, sums.repairs),
        mtta_seconds=_ratio(sums.waited, sums.taken),
        loss=_loss(sums),
    )


def _is_by_citizens(sums: Sums) -> bool:
    return sums.by_citizens.weight > 0


def _heard(sums: Sums) -> Weighed:
    return sums.by_citizens if _is_by_citizens(sums) else sums.by_sites


def _service(sites: Weighed) -> Shares:
    whole = sites.up + sites.down + sites.unknown
    return Shares(
        _ratio(sites.up, sites.up + sites.down),
        _ratio(sites.up, whole),
        _ratio(sites.up + sites.unknown, whole),
    )


def _loss(sums: Sums) -> Loss:
    sites, is_by_citizens = _heard(sums), _is_by_citizens(sums)
    saifi, saidi = _ratio(sites.interruptions, sites.weight), _ratio(sites.down / _MINUTE, sites.weight)
    return Loss(
        service_seconds=sums.lost,
        citizen_hours=sums.citizen_hours if is_by_citizens else None,
        citizen_hours_at_most=sums.citizen_hours_at_most if is_by_citizens else None,
        sites_without_weight=sums.unweighted,
        weighted_by="citizens" if is_by_citizens else "sites",
        saifi=saifi,
        saidi_minutes=saidi,
        caidi_minutes=saidi / saifi if saidi is not None and saifi else None,
    )


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
