"""The headline figures of a month, and the first page."""

from collections.abc import Sequence
from statistics import fmean

from model.availability import Share
from model.intervals import instant
from model.verdict import Outcome, Quality
from reports.reckoning.links import shares
from reports.reckoning.month import Month, tested
from reports.reckoning.outages import counts
from reports.reckoning.sites import SiteBook
from reports.sections.common import Shares
from reports.sections.others import Recommendation
from reports.sections.summary import Figures, Loss, ProfileVerdict, QualityVerdict, Summary

_DECISIONS = 3
_MINUTE = 60.0


def figures(months: Sequence[Month]) -> Figures:
    """The headline figures of one month: of a ward, or of the wards of a city together."""
    sites = [site for month in months for site in month.sites]
    links = [row for month in months for row in month.links]
    rows = [row for month in months for row in month.outages.rows if row.is_own]
    begun = [row for row in rows if counts(row)]
    inside = [book.reckoned.inside.link for month in months for book in month.books]
    measured = [one for month in months for book in month.books for one in book.facts.measured]
    known = sum(one.known_minutes for one in measured)
    return Figures(
        links=tested(row.verdict for row in links),
        service=service(sites),
        line=shares(added(inside)),
        stable_minutes=sum(one.stable_minutes for one in measured) / known if known else None,
        outages=sum(row.outages for row in links),
        micro_outages=sum(row.micro_outages for row in links),
        down_seconds=sum(row.seconds.down for row in links),
        longest_seconds=max((row.down_seconds for row in rows), default=None),
        mttr_seconds=fmean([row.down_seconds for row in begun]) if begun else None,
        mtta_seconds=_mtta(months),
        loss=loss(sites),
    )


def added(parts: Sequence[Share]) -> Share:
    """All of them together."""
    return Share(sum(part.up for part in parts), sum(part.down for part in parts), sum(part.unknown for part in parts))


def is_weighted(sites: Sequence[SiteBook]) -> bool:
    """Whether any site says whom it serves."""
    return any(site.weight is not None for site in sites)


def service(sites: Sequence[SiteBook]) -> Shares:
    """Availability of service hours, each site by its weight; alike where none has any."""
    weights = _weights(sites)
    up = sum(weight * site.share.up for site, weight in weights)
    down = sum(weight * site.share.down for site, weight in weights)
    unknown = sum(weight * site.share.unknown for site, weight in weights)
    return Shares(_ratio(up, up + down), _ratio(up, up + down + unknown), _ratio(up + unknown, up + down + unknown))


def loss(sites: Sequence[SiteBook]) -> Loss:
    """What people lost."""
    weights = _weights(sites)
    whole = sum(weight for _, weight in weights)
    saifi = _ratio(sum(weight * site.interruptions for site, weight in weights), whole)
    saidi = _ratio(sum(weight * site.share.down / 1_000 / _MINUTE for site, weight in weights), whole)
    is_by_citizens = is_weighted(sites)
    lost = [site.citizen_hours(site.lost) or 0.0 for site in sites]
    perhaps = [site.citizen_hours(site.unknown) or 0.0 for site in sites]
    return Loss(
        service_seconds=sum(site.share.down for site in sites) / 1_000,
        citizen_hours=sum(lost) if is_by_citizens else None,
        citizen_hours_at_most=sum(lost) + sum(perhaps) if is_by_citizens else None,
        sites_without_weight=sum(site.weight is None for site in sites),
        weighted_by="citizens" if is_by_citizens else "sites",
        saifi=saifi,
        saidi_minutes=saidi,
        caidi_minutes=saidi / saifi if saidi is not None and saifi else None,
    )


def _weights(sites: Sequence[SiteBook]) -> list[tuple[SiteBook, float]]:
    if is_weighted(sites):
        return [(site, site.weight) for site in sites if site.weight is not None]
    return [(site, 1.0) for site in sites]


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _mtta(months: Sequence[Month]) -> float | None:
    """Over the incidents that told of the outages of the month and were opened in it, each once."""
    waited: dict[str, float] = {}
    for month in months:
        told_of = {row.incident for row in month.outages.rows}
        for incident in month.facts.incidents:
            is_opened = month.facts.span.start <= instant(incident.opened_at) < month.facts.until
            if incident.id in told_of and is_opened and incident.acknowledged:
                taken = (incident.acknowledged.at - incident.opened_at).total_seconds()
                waited[incident.id] = max(0.0, taken)
    return fmean(waited.values()) if waited else None


def summary(months: Sequence[Month], before: Figures | None, advice: Sequence[Recommendation]) -> Summary:
    """The first page."""
    links = [row for month in months for row in month.links]
    by_profile: dict[str, list[Outcome | None]] = {}
    by_quality: dict[Quality, list[Outcome | None]] = {}
    for row in links:
        if row.verdict is not None:
            by_profile.setdefault(row.profile, []).append(row.verdict)
        for judged in row.judged:
            by_quality.setdefault(judged.requirement, []).append(judged.outcome)
    decided = [one.id for one in advice if one.needs_decision]
    return Summary(
        figures=figures(months),
        before=before,
        profiles=tuple(ProfileVerdict(name, tested(by_profile[name])) for name in sorted(by_profile)),
        qualities=tuple(QualityVerdict(one, tested(by_quality[one])) for one in Quality if one in by_quality),
        decisions=tuple(decided[:_DECISIONS]),
    )
