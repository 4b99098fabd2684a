"""The open status page: a change of one site renders that site, its place on the map and the counts, nothing else."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exporters.feed import Topic
from exporters.pages.base_view import INCIDENT, NOUNS, BaseView
from exporters.pages.live import Fragment, Update
from exporters.pages.overview import MOST_CARDS, Folded, Group, States, counted, group_of, groups_of, ordered
from exporters.pages.telling import Telling
from exporters.pages.wardmap import Line, Point
from exporters.status import SiteStatus
from model.inventory import Site
from model.state import State


@dataclass(frozen=True, slots=True)
class _Changed:
    """What a change is about, as it is now.

    Attributes:
        tell: In which language and time.
        sites: All of the page.
        states: What they are in.
        some: All about those that have changed.
        points: Where they are on the map.
        lines: What leads from them.
        wards: In which wards of a city they are.
    """

    tell: Telling
    sites: Sequence[Site]
    states: States
    some: Sequence[SiteStatus]
    points: Sequence[Point]
    lines: Sequence[tuple[Line, State]]
    wards: Sequence[Folded]


class StatusView(BaseView):
    """The status page of a ward or a city."""

    def concerned(self, topics: frozenset[Topic]) -> frozenset[Topic]:
        """What happens to sites and their parts, and whether incidents begin or end."""
        return frozenset(topic for topic in topics if topic[0] in NOUNS or topic[0] == INCIDENT)

    async def update(self, topics: frozenset[Topic]) -> Update:
        """What is to be changed because of these topics."""
        incidents = self.press.overlooking.open_incidents
        fragments = [Fragment("alarm", self.press.status.part("alarm", self.telling(), incidents=incidents))]
        names = {self.site_of(topic) for topic in topics} - {""}
        if names:
            fragments += await asyncio.to_thread(self._fragments, names)
        return Update(fragments, self.say(*(topic for topic in topics if topic[0] == "site")))

    def _changed(self, names: set[str]) -> _Changed:
        looking = self.press.overlooking
        sites = looking.sites(self.ward)
        some = [site for site in sites if site.id in names]
        states = looking.states(sites)
        maps = looking.maps_of(some)
        lines = [line for drawn in maps for line in drawn.lines if line.start.site.id in names]
        wards = {site.ward or "" for site in some} if looking.is_city(self.ward) else set()
        return _Changed(
            tell=self.telling(),
            sites=sites,
            states=states,
            some=[looking.site(site) for site in some],
            points=[point for drawn in maps for point in drawn.points if point.site.id in names],
            lines=[(line, looking.line_state(line)) for line in lines],
            wards=looking.folded(sites, states, wards) if wards else [],
        )

    def _fragments(self, names: set[str]) -> list[Fragment]:
        changed = self._changed(names)
        if not changed.some:
            return []
        return [*self._counts(changed), *self._cards(changed), *self._map(changed)]

    def _counts(self, changed: _Changed) -> Iterator[Fragment]:
        page, tell = self.press.status, changed.tell
        yield Fragment("counts", page.part("counts", tell, counts=counted(changed.states.values())))
        for folded in changed.wards:
            yield Fragment(f"ward-{folded.ward.id}", page.part("ward", tell, folded=folded))

    def _cards(self, changed: _Changed) -> Iterator[Fragment]:
        """Each card at its place; in a city only some of those that need attention have one."""
        is_city = bool(changed.wards)
        found = {name: ordered(changed.sites, changed.states, name) for name in groups_of(is_city=is_city)}
        for name, some in found.items():
            group = Group(name, len(some), ())
            yield Fragment(f"{name}-heading", self.press.status.part("heading", changed.tell, group=group))
        most = MOST_CARDS if is_city else len(changed.sites)
        listed = {name: [site.id for site in some[:most]] for name, some in found.items()}
        for site in changed.some:
            yield self._card(site, listed.get(group_of(site.state), []), changed)

    def _card(self, site: SiteStatus, listed: Sequence[str], changed: _Changed) -> Fragment:
        if site.id not in listed:
            return Fragment(f"site-{site.id}", "")
        place = listed.index(site.id)
        before = f"site-{listed[place + 1]}" if place + 1 < len(listed) else ""
        html = self.press.status.part("card", changed.tell, site=site, in_city=bool(changed.wards))
        return Fragment(f"site-{site.id}", html, group_of(site.state), before)

    def _map(self, changed: _Changed) -> Iterator[Fragment]:
        page, tell = self.press.status, changed.tell
        for point in changed.points:
            state = changed.states[point.site.id]
            yield Fragment(f"point-{point.site.id}", page.part("point", tell, point=point, state=state))
        for line, state in changed.lines:
            name = f"line-{line.start.site.id}-{line.end.site.id}"
            yield Fragment(name, page.part("line", tell, line=line, state=state))
