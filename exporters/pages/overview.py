"""What the status page shows: of a ward every site, of a city every ward and the sites that need attention."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from exporters.names import Names
from exporters.pages.shapes import RANK, WORST_FIRST
from exporters.pages.sources import Sources
from exporters.pages.telling import Telling
from exporters.pages.wardmap import Line, Point, WardMap, maps_of
from exporters.status import SiteStatus, site_status
from model.inventory import Language, Site, Ward
from model.state import State

MOST_CARDS: Final = 60
"""Sites that a city's page lists; the others are in their wards."""

ATTENTION: Final = "attention"
IN_ORDER: Final = "in-order"

_IN_ORDER: Final = frozenset({State.UP, State.MAINTENANCE})

States = Mapping[str, State]
"""What each site is in, by its id."""

Counts = Sequence[tuple[State, int]]
"""How many sites are in each state, the worst first; states that none is in are left out."""


@dataclass(frozen=True, slots=True)
class Group:
    """Sites under one heading.

    Attributes:
        id: Of it.
        count: How many there are.
        sites: Those that are listed, the worst first.
    """

    id: str
    count: int
    sites: Sequence[SiteStatus]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map with the states of the moment.

    Attributes:
        map: Where everything lies.
        points: Each with its state.
        lines: Likewise.
    """

    map: WardMap
    points: Sequence[tuple[Point, State]]
    lines: Sequence[tuple[Line, State]]


@dataclass(frozen=True, slots=True)
class Folded:
    """One ward of a city.

    Attributes:
        ward: Which.
        counts: Of its sites.
        drawn: Its map; ``None`` where no site has coordinates.
    """

    ward: Ward
    counts: Counts
    drawn: Drawn | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The status page of one moment.

    Attributes:
        tell: In which language and time.
        mark: Up to which change it knows.
        counts: Of its sites.
        groups: What needs attention, and in the page of a ward what is in order.
        maps: Of a ward its map, where there is one.
        wards: Of a city its wards.
        incidents: How many are open.
        ward: The ward of a city that was asked for; empty where none was.
    """

    tell: Telling
    mark: str
    counts: Counts
    groups: Sequence[Group]
    maps: Sequence[Drawn]
    wards: Sequence[Folded]
    incidents: int
    ward: str = ""


def group_of(state: State) -> str:
    """The group that a site in this state belongs to."""
    return IN_ORDER if state in _IN_ORDER else ATTENTION


class Overlooking:
    """Sees one ward, or all of a city.

    Args:
        sources: What is known.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._maps: tuple[Names, Mapping[str, WardMap]] | None = None

    def overview(self, ward: str = "", language: Language | None = None, incidents: int = 0) -> Overview:
        """The whole page. Of a city that takes a while: it may be done in a thread.

        Args:
            ward: Of a city the ward that is looked at; empty for all of it.
            language: As the reader has chosen.
            incidents: How many are open.
        """
        sites = self.sites(ward)
        states = self.states(sites)
        is_city = self.is_city(ward)
        return Overview(
            tell=self.telling(ward, language),
            mark=self._sources.feed.mark,
            counts=counted(states.values()),
            groups=self._groups(sites, states, is_city=is_city),
            maps=[] if is_city else [self.drawn(each, states) for each in self.maps_of(sites)],
            wards=self.folded(sites, states) if is_city else [],
            incidents=incidents,
            ward=ward,
        )

    @property
    def open_incidents(self) -> int:
        """How many incidents are open."""
        return len(self._sources.open_incidents())

    def is_city(self, ward: str) -> bool:
        """Whether several wards are looked at."""
        return not ward and len(self._sources.past.inventory.all_wards()) > 1

    def telling(self, ward: str, language: Language | None) -> Telling:
        """Tells of this moment."""
        return Telling(self._sources.names, ward, self._sources.past.now(), language)

    def sites(self, ward: str) -> Sequence[Site]:
        """The sites of a ward; all where none is asked for."""
        inventory = self._sources.past.inventory
        return [site for site in inventory.sites if site.ward == ward] if ward else inventory.sites

    def states(self, sites: Iterable[Site]) -> States:
        """What sites are in."""
        state = self._sources.past.state
        return {site.id: state(("site", site.id))[0] for site in sites}

    def site(self, site: Site) -> SiteStatus:
        """All about one site."""
        return site_status(site, self._sources.past.state)

    def folded(self, sites: Sequence[Site], states: States, only: Collection[str] | None = None) -> list[Folded]:
        """The wards of a city, or some of them."""
        by_ward: dict[str, dict[str, State]] = {}
        for site in sites:
            by_ward.setdefault(site.ward or "", {})[site.id] = states[site.id]
        maps = self.maps()
        return [
            Folded(
                ward,
                counted(by_ward.get(ward.id, {}).values()),
                self.drawn(maps[ward.id], states) if ward.id in maps else None,
            )
            for ward in self._sources.past.inventory.all_wards()
            if only is None or ward.id in only
        ]

    def drawn(self, found: WardMap, states: States) -> Drawn:
        """A map with states."""
        points = [(point, states[point.site.id]) for point in found.points]
        return Drawn(found, points, [(line, self.line_state(line)) for line in found.lines])

    def line_state(self, line: Line) -> State:
        """What a line of a map is in."""
        return line.state(self._sources.past.state(("link", link))[0] for link in line.links)

    def maps_of(self, sites: Iterable[Site]) -> list[WardMap]:
        """The maps of the wards of these sites."""
        own = self._sources.past.inventory.ward
        names = dict.fromkeys(site.ward or (own.id if own else "") for site in sites)
        maps = self.maps()
        return [maps[name] for name in names if name in maps]

    def maps(self) -> Mapping[str, WardMap]:
        """The maps of the inventory that is in force."""
        names = self._sources.names
        if self._maps is None or self._maps[0] is not names:
            self._maps = names, maps_of(names, self._sources.past.topology)
        return self._maps[1]

    def _groups(self, sites: Sequence[Site], states: States, *, is_city: bool) -> list[Group]:
        found = {name: ordered(sites, states, name) for name in groups_of(is_city=is_city)}
        most = MOST_CARDS if is_city else len(sites)
        return [Group(name, len(some), [self.site(site) for site in some[:most]]) for name, some in found.items()]


def groups_of(*, is_city: bool) -> Sequence[str]:
    """The groups in which sites are listed: a city's page has no room for what is in order."""
    return (ATTENTION,) if is_city else (ATTENTION, IN_ORDER)


def counted(states: Iterable[State]) -> Counts:
    """How many there are of each state."""
    found = Counter(states)
    return [(state, found[state]) for state in WORST_FIRST if found[state]]


def ordered(sites: Iterable[Site], states: States, group: str) -> list[Site]:
    """The sites of a group, the worst first."""
    some = [site for site in sites if group_of(states[site.id]) == group]
    return sorted(some, key=lambda site: RANK[states[site.id]])
