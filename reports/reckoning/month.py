"""One month reckoned: the part of the review that looks at no other month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from model.verdict import Outcome
from reports.facts import MonthFacts, Setting
from reports.reckoning.books import Book, Reckoner
from reports.reckoning.links import link_row
from reports.reckoning.outages import found, outage_section
from reports.reckoning.sites import SiteBook, site_books, site_row
from reports.reckoning.speeds import speed_rows
from reports.reckoning.sums import Sums, sums_of
from reports.sections.common import Tested
from reports.sections.links import LinkRow, SiteRow
from reports.sections.outages import OutageRow, OutageSection
from reports.sections.speed import SpeedRow


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a ward.

    Attributes:
        facts: What it was computed from.
        reckoner: Of its books.
        books: Of the links.
        sites: Of the sites.
        links: The table of links, in the order of the books.
        site_rows: The table of sites.
        outages: With causes.
        speed: Both directions of each link.
    """

    facts: MonthFacts
    reckoner: Reckoner
    books: tuple[Book, ...]
    sites: tuple[SiteBook, ...]
    links: tuple[LinkRow, ...]
    site_rows: tuple[SiteRow, ...]
    outages: OutageSection
    speed: tuple[SpeedRow, ...]

    @property
    def sums(self) -> Sums:
        """What its headline figures are made of."""
        return sums_of(self.links, self.site_rows, self.outages.rows)

    def outages_of(self) -> Mapping[str, Sequence[OutageRow]]:
        """By link."""
        return by_link(self.outages.rows)


def month_of(facts: MonthFacts, setting: Setting) -> Month:
    """Reckon a month.

    Where the review is narrowed to a provider, its links are shown, and the sites that have one.
    """
    zone, names, provider = setting.zone, setting.site_names, setting.scope.provider
    reckoner = Reckoner(facts, setting)
    sites = [site for site in site_books(reckoner.books("link", facts.links), reckoner) if _shows(site, provider)]
    section = outage_section(found(sites, provider), facts, zone)
    books = [book for site in sites for book in site.links if provider in {"", book.last.provider}]
    speed = speed_rows(books, zone)
    outages, speeds = by_link(section.rows), _speed_by_link(speed)
    home = {book.id: site for site in sites for book in site.links}
    return Month(
        facts=facts,
        reckoner=reckoner,
        books=tuple(books),
        sites=tuple(sites),
        links=tuple(link_row(book, home[book.id], outages.get(book.id, ()), speeds[book.id], names) for book in books),
        site_rows=tuple(site_row(site, names) for site in sites),
        outages=section,
        speed=speed,
    )


def _shows(site: SiteBook, provider: str) -> bool:
    return not provider or any(book.last.provider == provider for book in site.links)


def by_link(rows: Iterable[OutageRow]) -> Mapping[str, Sequence[OutageRow]]:
    """Outages by link."""
    found_rows: dict[str, list[OutageRow]] = defaultdict(list)
    for row in rows:
        found_rows[row.link].append(row)
    return found_rows


def _speed_by_link(rows: Iterable[SpeedRow]) -> Mapping[str, Sequence[SpeedRow]]:
    found_rows: dict[str, list[SpeedRow]] = defaultdict(list)
    for row in rows:
        found_rows[row.link].append(row)
    return found_rows


def tested(outcomes: Iterable[Outcome | None]) -> Tested:
    """How many there are of each."""
    known = [one for one in outcomes if one is not None]
    return Tested(known.count(Outcome.MET), known.count(Outcome.BREACHED), known.count(Outcome.UNKNOWN))
