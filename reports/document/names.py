"""What people call the sites and links of a review."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reports.locale.forms import clean
from reports.monthly import MonthlyReport

_BRIEF: Final = 42  # letters beside a chart


@dataclass(frozen=True, slots=True)
class Names:
    """By their ids; an id that is not known stands for itself.

    Attributes:
        links: Names of links.
        sites: Names of sites.
        site_of: The site of each link.
        services: Names of services.
    """

    links: Mapping[str, str]
    sites: Mapping[str, str]
    site_of: Mapping[str, str]
    services: Mapping[str, str]

    def link(self, id: str) -> str:  # noqa: A002  # the domain's word
        """A link, such as ``Đường truyền chính``."""
        return self.links.get(id, clean(id))

    def site(self, id: str) -> str:  # noqa: A002  # as above
        """A site."""
        return self.sites.get(id, clean(id))

    def of_link(self, id: str) -> str:  # noqa: A002  # as above
        """A link with its site."""
        site = self.site_of.get(id)
        return self.link(id) if site is None else f"{self.site(site)} – {self.link(id)}"

    def brief(self, id: str) -> str:  # noqa: A002  # as above
        """A link in few letters: only its site, where that has no other."""
        site = self.site_of.get(id)
        if site is None:
            return self.link(id)
        if list(self.site_of.values()).count(site) == 1:
            return clean(self.site(site), _BRIEF)
        return f"{clean(self.site(site), _BRIEF // 2)} – {clean(self.link(id), _BRIEF // 2)}"

    def anything(self, id: str) -> str:  # noqa: A002  # as above
        """A link with its site, or a site, or whatever it is."""
        return self.of_link(id) if id in self.links else self.services.get(id, self.site(id))


def names_of(report: MonthlyReport) -> Names:
    """The names in a review."""
    sites = {row.site: clean(row.site_name or row.site) for row in report.links}
    sites |= {row.id: clean(row.name or row.id) for row in report.sites}
    return Names(
        links={row.id: clean(row.name or row.id) for row in report.links},
        sites=sites,
        site_of={row.id: row.site for row in report.links},
        services={row.id: clean(row.name or row.id) for row in report.services},
    )
