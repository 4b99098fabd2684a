"""The page of one site: what it stands on, what it must deliver, what is wrong, when it is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from exporters.drift import Drifted
from exporters.maintenance_view import WindowView, window_view
from exporters.pages.drift_words import SINCE, drift_line
from exporters.pages.frame import Frame
from exporters.pages.health_lines import HealthLines, health_lines
from exporters.pages.jinja import Templates, part_of
from exporters.pages.live import Fragment
from exporters.pages.sources import Sources
from exporters.pages.telling import Telling
from exporters.pages.tree import Tree, tree
from exporters.status import PartStatus, SiteStatus, site_status
from model.incident import Incident
from model.inventory import Language, Site
from model.measurement import Noun, SubjectKey
from model.topology_proposals import Drift
from model.verdict import Verdict

FRAGMENTS = ("state", "incidents", "links", "devices", "services", "work", "trees")
"""The parts of the page that change."""


@dataclass(frozen=True, slots=True)
class Part:
    """One link, device or service.

    Attributes:
        status: Its state.
        noun: What it is.
        verdicts: On it.
        health: Of a device that tells something: how it is.
        drift: Of a device: what is otherwise with it than it was.
        drifted_since: Than when; ``None`` where nothing is.
    """

    status: PartStatus
    noun: Noun
    verdicts: Sequence[Verdict]
    health: HealthLines | None = None
    drift: Sequence[Drift] = ()
    drifted_since: datetime | None = None

    def drift_lines(self, language: Language) -> list[str]:
        """What is otherwise, in words."""
        return [drift_line(each, language) for each in self.drift]

    def drift_heading(self, language: Language, since: str) -> str:
        """What stands before them."""
        return SINCE[language].format(since=since)


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site at one moment.

    Attributes:
        tell: In which language and time.
        mark: Up to which change it is known.
        site: By the inventory.
        status: What it is in.
        links: Its links.
        devices: Its devices.
        services: Its services.
        incidents: That touch it and last; ``None`` where alerting is not running.
        work: Planned work on it that is not over.
        above: What it hangs on.
        below: What hangs on it.
    """

    tell: Telling
    mark: str
    site: Site
    status: SiteStatus
    links: Sequence[Part]
    devices: Sequence[Part]
    services: Sequence[Part]
    incidents: Sequence[Incident] | None
    work: Sequence[WindowView]
    above: Tree
    below: Tree

    @property
    def needs_one_of_several(self) -> bool:
        """Whether what hangs on links of a site needs only one of them."""
        homes = [self.tell.named(node.subject).site for node in self.above.nodes if node.subject[0] == "link"]
        return len(homes) > len(set(homes))


def site_view(sources: Sources, site: Site, language: Language | None = None) -> SiteView:
    """A site as it is now."""
    ward = sources.past.inventory.ward_of(site)
    status = site_status(site, sources.past.state)
    return SiteView(
        tell=Telling(sources.names, ward.id if ward else "", sources.past.now(), language),
        mark=sources.feed.mark,
        site=site,
        status=status,
        links=_parts(sources, status.links, "link"),
        devices=_parts(sources, status.devices, "device"),
        services=_parts(sources, status.services, "service"),
        incidents=sources.open_incidents(site=site.id) if sources.desk else None,
        work=work_on(sources, site),
        above=tree(_above(sources, site), sources.past.topology.parents, sources.past.state),
        below=tree(_below(sources, site), sources.past.topology.children, sources.past.state),
    )


def work_on(sources: Sources, site: Site, link: str | None = None) -> list[WindowView]:
    """Planned work on a site, or on one of its links, that is not over; what comes first is first."""
    windows = sources.desk.maintenance() if sources.desk else sources.past.inventory.maintenance
    parts = {link} if link else {*(each.id for each in site.links), *(each.id for each in site.devices)}
    mine = [each for each in windows if site.id in each.sites or parts & {*each.links, *each.devices}]
    views = [window_view(each, sources.past.inventory, sources.past.now()) for each in mine]
    return sorted((view for view in views if view.next), key=lambda view: view.next.start if view.next else view.id)


def _parts(sources: Sources, given: Sequence[PartStatus], noun: Noun) -> list[Part]:
    found = sources.drift.drifted if noun == "device" else None
    return [_part(sources, each, noun, found) for each in given]


def _part(sources: Sources, status: PartStatus, noun: Noun, found: Drifted | None) -> Part:
    drift = found.of(status.id) if found else ()
    verdicts, health = tuple(sources.verdicts_of((noun, status.id))), _health(sources, status.id, noun)
    return Part(status, noun, verdicts, health, drift, found.since if found and drift else None)


def _health(sources: Sources, name: str, noun: Noun) -> HealthLines | None:
    if sources.healths is None or noun != "device":
        return None
    told = sources.healths.health(name)
    return None if told is None else health_lines(told, sources.healths.symptoms(name))


def _own(site: Site) -> list[SubjectKey]:
    links: list[SubjectKey] = [("link", link.id) for link in site.links]
    devices: list[SubjectKey] = [("device", device.id) for device in site.devices]
    return [*links, *devices, *(("service", service.id) for service in site.services)]


def _above(sources: Sources, site: Site) -> list[SubjectKey]:
    """What lies elsewhere and is listed by something of the site."""
    own = _own(site)
    above = [parent for subject in own for parent in sources.past.topology.parents(subject)]
    return [parent for parent in above if parent not in own]


def _below(sources: Sources, site: Site) -> list[SubjectKey]:
    """What of the site hangs on nothing of the site, and has something that hangs on it."""
    topology, own = sources.past.topology, _own(site)
    tops = [subject for subject in own if not set(topology.parents(subject)) & set(own)]
    return [subject for subject in tops if topology.children(subject)]


class SitePage:
    """Makes the page and its parts."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def html(self, view: SiteView) -> str:
        """The whole page."""
        frame = Frame.of(view.tell, "site", view.mark, here="", steps=("sites", view.site.id))
        return self._templates.fill("site.html", view.tell, frame=frame, view=view)

    def fragments(self, view: SiteView) -> list[Fragment]:
        """Its parts, each anew."""
        return [Fragment(name, self._templates.fill(part_of("site", name), view.tell, view=view)) for name in FRAGMENTS]
