"""Which parts of an open page a change is about, and what they look like after it."""

import asyncio
from collections.abc import Mapping
from typing import Final

from exporters.desk import Desk
from exporters.feed import SILENCES, Topic
from exporters.pages.base_view import INCIDENT, BaseView
from exporters.pages.desk_views import incident_view, list_view
from exporters.pages.incident_words import INCIDENT_WORDS
from exporters.pages.incidents import IncidentView
from exporters.pages.lines import FRAGMENTS, RANGES, SLOW, USUAL, Before, link_view, read_before
from exporters.pages.live import Update, View
from exporters.pages.places import site_view
from exporters.pages.press import Press
from exporters.pages.speed_part import SpeedPart, speed_part
from exporters.pages.status_view import StatusView
from exporters.pages.telling import chosen
from exporters.past import PastUnavailableError
from model.inventory import Language, Link, Site
from model.measurement import SubjectKey

_KEPT_FOR: Final = 40
"""Signs of life for which what the history knew is good enough: ten minutes."""
_TESTS_KEPT_FOR: Final = 4
"""The same of speed tests, while none goes on: a minute."""


def view_of(press: Press, asked: Mapping[str, str]) -> View | None:
    """The view of the page that is asked for; ``None`` where there is none."""
    language, name = chosen(asked.get("lang")), asked.get("id", "")
    match asked.get("page"):
        case "status":
            return StatusView(press, language, asked.get("ward", ""))
        case "site" if site := press.site_named(name):
            return SiteView(press, language, site)
        case "link" if found := press.link_named(name):
            wanted = asked.get("range", "")
            return LinkView(press, language, *found, wanted if wanted in RANGES else USUAL)
        case "incidents" if desk := press.sources.desk:
            return ListView(press, language, desk)
        case "incident" if desk := press.sources.desk:
            return OneView(press, language, desk, name)
    return None


def _ward_of(press: Press, site: Site) -> str:
    ward = press.sources.past.inventory.ward_of(site)
    return ward.id if ward else ""


def _near(press: Press, subjects: frozenset[SubjectKey]) -> frozenset[Topic]:
    """These, what they hang on, and what hangs on them."""
    topology = press.sources.past.topology
    above = {each for subject in subjects for each in topology.ancestors(subject)}
    below = {each for subject in subjects for each in topology.descendants(subject)}
    return frozenset({*subjects, *above, *below})


class SiteView(BaseView):
    """The page of a site, which also shows what it hangs on and what hangs on it."""

    def __init__(self, press: Press, language: Language | None, site: Site) -> None:
        super().__init__(press, language, _ward_of(press, site))
        self._site = site
        links: list[SubjectKey] = [("link", each.id) for each in site.links]
        devices: list[SubjectKey] = [("device", each.id) for each in site.devices]
        services: list[SubjectKey] = [("service", each.id) for each in site.services]
        self._own = frozenset({("site", site.id), *links, *devices, *services})
        self._around = _near(press, frozenset({*links, *devices, *services})) | self._own

    def concerned(self, topics: frozenset[Topic]) -> frozenset[Topic]:
        """What happens to it, near it, and to incidents."""
        return (topics & self._around) | {topic for topic in topics if topic[0] == INCIDENT}

    async def update(self, topics: frozenset[Topic]) -> Update:
        """All its parts: there are few."""
        view = site_view(self.press.sources, self._site, self.language)
        return Update(await asyncio.to_thread(self.press.site.fragments, view), self.say(*(topics & self._own)))


class LinkView(BaseView):
    """The page of a link, which also moves on as time passes."""

    def __init__(self, press: Press, language: Language | None, site: Site, link: Link, name: str) -> None:
        super().__init__(press, language, _ward_of(press, site))
        self._site, self._link, self._range = site, link, name
        self._own: Topic = ("link", link.id)
        self._around = _near(press, frozenset({("link", link.id)}))
        self._before: Before | None = None
        self._test: SpeedPart | None = None
        self._left = 0

    def concerned(self, topics: frozenset[Topic]) -> frozenset[Topic]:
        """What happens to it, near it, and to incidents."""
        return (topics & self._around) | {topic for topic in topics if topic[0] == INCIDENT}

    async def update(self, topics: frozenset[Topic]) -> Update:
        """What moves on by itself; where something has happened, also what only the history knows."""
        before, is_new = await self._known(is_stale=bool(topics))
        if is_new or self._left % _TESTS_KEPT_FOR == 0 or (self._test and self._test.is_running):
            self._test = await speed_part(self.press.sources, self._link)
        view = link_view(
            self.press.sources,
            self._site,
            self._link,
            self._range,
            before=before,
            test=self._test,
            language=self.language,
        )
        names = (*FRAGMENTS, *SLOW) if is_new else FRAGMENTS
        fragments = await asyncio.to_thread(self.press.link.fragments, view, names)
        return Update(fragments, self.say(*(topics & {self._own})))

    async def _known(self, *, is_stale: bool) -> tuple[Before, bool]:
        self._left -= 1
        if self._before is not None and self._left > 0 and not is_stale:
            return self._before, False
        self._before = await read_before(self.press.sources, self._site, self._link, self._range)
        self._left = _KEPT_FOR
        return self._before, True


class ListView(BaseView):
    """The list of incidents."""

    def __init__(self, press: Press, language: Language | None, desk: Desk) -> None:
        super().__init__(press, language)
        self._desk = desk

    def concerned(self, topics: frozenset[Topic]) -> frozenset[Topic]:
        """What happens to incidents."""
        return frozenset(topic for topic in topics if topic[0] == INCIDENT)

    async def update(self, topics: frozenset[Topic]) -> Update:
        """All of it."""
        view = await list_view(self.press.sources, self._desk, self.language)
        said = [f"{view.tell.alert(one.cause)}: {view.tell.name(one.cause.subject)}" for one in view.open]
        fragments = await asyncio.to_thread(self.press.incidents.overview_fragments, view)
        return Update(fragments, said[: len(topics)])


class OneView(BaseView):
    """The page of one incident."""

    def __init__(self, press: Press, language: Language | None, desk: Desk, name: str) -> None:
        super().__init__(press, language)
        self._desk = desk
        self._topic: Topic = (INCIDENT, name)

    def concerned(self, topics: frozenset[Topic]) -> frozenset[Topic]:
        """What happens to it, and who has silenced what."""
        return topics & {self._topic, SILENCES}

    async def update(self, topics: frozenset[Topic]) -> Update:
        """All of it."""
        try:
            incident = await self._desk.incident(self._topic[1])
        except PastUnavailableError:
            return Update()
        if incident is None:
            return Update()
        self.ward = incident.ward
        view = await incident_view(self.press.sources, self._desk, incident, self.language)
        fragments = await asyncio.to_thread(self.press.incidents.incident_fragments, view)
        return Update(fragments, self._news(view) if topics else ())

    def _news(self, view: IncidentView) -> list[str]:
        words, incident = INCIDENT_WORDS[view.tell.language], view.incident
        if incident.acknowledged:
            return [words["taken"].format(who=view.tell.person(incident.acknowledged.who))]
        return [words["not_taken"] if incident.is_open else words["closed"]]
