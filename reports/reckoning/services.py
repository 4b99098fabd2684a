"""Public services as people met them at each site, and on which side the fault was."""

from collections.abc import Mapping

from model.intervals import Spans, common, without
from reports.reckoning.books import Book, measure
from reports.reckoning.judged import (
    RTT_SHARE,
    all_probes,
    on_availability,
    probes_of,
    quantile_of,
    seconds,
    whole_verdict,
)
from reports.reckoning.links import in_seconds
from reports.reckoning.month import Month
from reports.reckoning.sites import SiteBook
from reports.sections.others import ServiceRow


def service_rows(month: Month) -> tuple[ServiceRow, ...]:
    """In order of their sites and ids."""
    sites = {site.id: site for site in month.sites}
    books = month.reckoner.books("service", month.facts.services)
    return tuple(_row(book, sites) for book in books)


def _row(book: Book, sites: Mapping[str, SiteBook]) -> ServiceRow:
    reckoned = book.reckoned
    lost = common(without(book.dark, book.excused), book.hours)
    by_line, behind = _sides(lost, sites.get(book.last.site))
    judged = tuple(on_availability(book.shares, reckoned.failures))
    probes = all_probes([probes_of(one, book) for one in book.facts.measured])
    return ServiceRow(
        id=book.id,
        name=book.last.name,
        site=book.last.site,
        service=reckoned.inside.service.shares,
        seconds_in_hours=in_seconds(reckoned.inside),
        coverage=reckoned.inside.coverage,
        verdict=whole_verdict(judged, 0, is_to_be_restored=False),
        judged=judged,
        outages=reckoned.failures,
        down_seconds=seconds(reckoned.inside.down),
        fault_link_seconds=seconds(by_line),
        fault_other_seconds=seconds(behind),
        fault_unknown_seconds=seconds(measure(lost) - by_line - behind),
        rtt_p95=quantile_of(probes.rtt, RTT_SHARE),
    )


def _sides(lost: Spans, site: SiteBook | None) -> tuple[int, int]:
    if site is None:
        return 0, 0
    return measure(common(lost, site.cut)), measure(common(lost, site.passing))
