"""Makes every page, from one set of sources and one set of templates."""

from exporters.pages.incidents import IncidentPages
from exporters.pages.jinja import Templates
from exporters.pages.lines import LinkPage
from exporters.pages.overview import Overlooking
from exporters.pages.page import StatusPage
from exporters.pages.places import SitePage
from exporters.pages.reports import ReportPages
from exporters.pages.sources import Sources
from model.inventory import Link, Site


class Press:
    """All pages.

    Attributes:
        sources: What they are made from.
        overlooking: Sees what the status page shows.
        status: Makes that page.
        site: Makes the page of a site.
        link: Makes that of a link.
        incidents: Makes those about incidents.
        reports: Makes those of monthly reviews.
    """

    def __init__(self, sources: Sources) -> None:
        templates = Templates()
        self.sources = sources
        self.overlooking = Overlooking(sources)
        self.status = StatusPage(templates, sources.verdicts_of)
        self.site = SitePage(templates)
        self.link = LinkPage(templates)
        self.incidents = IncidentPages(templates)
        self.reports = ReportPages(templates)

    def site_named(self, name: str) -> Site | None:
        """The site of an id."""
        return next((site for site in self.sources.past.inventory.sites if site.id == name), None)

    def link_named(self, name: str) -> tuple[Site, Link] | None:
        """The link of an id, with its site."""
        return next((each for each in self.sources.past.inventory.links() if each[1].id == name), None)
