"""The table of the links."""

from collections.abc import Iterator, Mapping, Sequence

from model.availability import Tally
from model.intervals import common, moment
from model.verdict import Quality
from reports.facts import Measured
from reports.reckoning.books import Book, Part
from reports.reckoning.judged import (
    RTT_SHARE,
    VARIATION_SHARE,
    Probes,
    all_probes,
    budget_used,
    on_availability,
    on_probes,
    probes_of,
    quantile_of,
    seconds,
    whole_verdict,
)
from reports.reckoning.outages import counts
from reports.reckoning.sites import SiteBook
from reports.reckoning.speeds import Way, on_speed, peak_of, sold
from reports.sections.common import Judged, Seconds, Span
from reports.sections.links import LinkRow, Required
from reports.sections.outages import OutageRow
from reports.sections.speed import SpeedRow
from reports.statistics import quantile

_BUSY_SHARE = 0.95


def link_row(
    book: Book, site: SiteBook, outages: Sequence[OutageRow], speed: Sequence[SpeedRow], names: Mapping[str, str]
) -> LinkRow:
    """One link, from its book and that of its site; its own outages and speeds, and the names of all sites."""
    reckoned, held = book.reckoned, book.last
    pieces = [probes_of(one, book) for one in book.facts.measured]
    probes = all_probes(pieces)
    late = sum(counts(row) and row.is_restored_in_time is False for row in outages)
    judged = judged_of(book, pieces, speed)
    download, upload = (quantile(_hourly(book, way), _BUSY_SHARE) for way in ("download", "upload"))
    stable = sum(one.stable_minutes for one in book.facts.measured)
    known = sum(one.known_minutes for one in book.facts.measured)
    return LinkRow(
        id=book.id,
        name=held.name,
        site=site.id,
        site_name=names.get(site.id, ""),
        provider=held.provider,
        circuit=held.circuit,
        role=held.role,
        profile=held.profile,
        present=tuple(Span(moment(span.start), moment(span.end)) for span in book.present),
        contracted_download=sold(held, "download"),
        contracted_upload=sold(held, "upload"),
        required=tuple(_required(part) for part in book.parts if part.required),
        verdict=whole_verdict(judged, late, is_to_be_restored=_restores(book)),
        judged=judged,
        line=reckoned.inside.link.shares,
        line_gross=reckoned.gross_inside.link.shares,
        service=reckoned.inside.service.shares,
        seconds=in_seconds(reckoned.net),
        seconds_in_hours=in_seconds(reckoned.inside),
        coverage=reckoned.inside.coverage,
        outages=reckoned.failures,
        micro_outages=reckoned.micro_outages,
        longest_seconds=seconds(reckoned.longest.down) if reckoned.longest else None,
        mttr_seconds=reckoned.mttr,
        mtbf_seconds=reckoned.mtbf,
        mtbf_at_least_seconds=reckoned.mtbf_at_least,
        restored_late=late,
        budget_used=budget_used(book.shares),
        stable_minutes=stable / known if known else None,
        minutes_stable=stable,
        minutes_known=known,
        rtt_p50=quantile_of(probes.rtt, 0.5),
        rtt_p95=quantile_of(probes.rtt, RTT_SHARE),
        loss=probes.lost / probes.sent if probes.sent else None,
        delay_variation_p99=quantile_of(probes.delay_variation, VARIATION_SHARE),
        download_p95=download,
        upload_p95=upload,
        utilization_p95=utilization(download, upload, book),
        download_peak=peak_of(book.facts.measured, "download"),
        upload_peak=peak_of(book.facts.measured, "upload"),
        octets=_octets(book.facts.measured),
        probes=probes.sent,
        citizen_hours=_citizen_hours(book, site),
    )


def judged_of(book: Book, probes: Sequence[Probes], speed: Sequence[SpeedRow]) -> tuple[Judged, ...]:
    """By each part of the requirement, in the order of ``Quality``."""
    found: Iterator[Judged] = iter((
        *on_availability(book.shares, book.reckoned.failures),
        *on_probes(book, probes),
        *on_speed(book, speed),
    ))
    return tuple(sorted(found, key=lambda one: list(Quality).index(one.requirement)))


def in_seconds(tally: Tally) -> Seconds:
    """As the review shows it."""
    return Seconds(
        seconds(tally.up),
        seconds(tally.degraded),
        seconds(tally.down),
        seconds(tally.unreachable),
        seconds(tally.unknown),
        seconds(tally.maintenance),
    )


def utilization(download: float | None, upload: float | None, book: Book) -> float | None:
    """The busier direction as a share of what is sold."""
    ways = ((download, sold(book.last, "download")), (upload, sold(book.last, "upload")))
    return max((rate / limit for rate, limit in ways if rate is not None and limit), default=None)


def _hourly(book: Book, way: Way | str) -> Sequence[float]:
    return book.facts.hourly.download if way == "download" else book.facts.hourly.upload


def _octets(measured: Sequence[Measured]) -> int | None:
    carried = [way for one in measured for way in (one.download, one.upload) if way]
    return sum(way.octets for way in carried) if carried else None


def _citizen_hours(book: Book, site: SiteBook) -> float | None:
    """What its site lost while this link was down or unreachable, planned or not by the link's own windows."""
    return site.citizen_hours(common(site.lost, book.dark))


def _restores(book: Book) -> bool:
    return any(part.required and part.required.restore is not None for part in book.parts)


def _required(part: Part) -> Required:
    one = part.required
    return Required(
        span=Span(moment(part.span.start), moment(part.span.end)),
        availability=one.availability if one else None,
        rtt_p95=one.rtt_p95 if one else None,
        loss=one.loss if one else None,
        delay_variation_p99=one.delay_variation_p99 if one else None,
        download=one.download if one else None,
        upload=one.upload if one else None,
        contracted_share=one.contracted_share if one else None,
        restore=one.restore if one else None,
    )
