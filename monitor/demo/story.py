"""The story of the demo: faults that come and go for ever, in chapters of ten minutes, computed from the seed.

The first chapter is timed for a newcomer, who sees a cut line within half a minute and most kinds of faults within five
minutes; later ones are shuffled. Each fault lasts long enough for the monitor to be sure of it. A chapter strikes each
site once before it strikes any twice, so that most of the ward is healthy most of the time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Final

from monitor.demo.fault import Fault, FaultKind
from monitor.demo.ward import LinkPlan, SitePlan, WardPlan

CHAPTER: Final = 600.0
"""Seconds of one chapter."""

_LAST_END: Final = CHAPTER - 20  # each chapter ends in health
_HAPPENS: Final = 0.8  # share of the scenes that a later chapter plays
_FAILURES: Final = (500, 503, 200)
_OUTAGE_LINKS: Final = (3, 6)


class _Cast:
    """Who is struck in one chapter."""

    def __init__(self, ward: WardPlan, random: Random) -> None:
        self.random = random
        self._ward = ward
        points = random.sample(ward.sites[1:], k=len(ward.sites) - 1)
        self._sites = cycle(points or ward.sites)
        self._pages = cycle(self._services({"http", "https"}))
        self.has_points = bool(points)

    def site(self) -> SitePlan:
        """The next community point; the office where there is none."""
        return next(self._sites)

    def link(self) -> LinkPlan:
        """A link of the next site."""
        return self.random.choice(self.site().links)

    def page(self) -> str:
        """Id of the next web service."""
        return next(self._pages)

    def resolvers(self) -> tuple[str, ...]:
        """Ids of the resolvers."""
        return tuple(self._services({"dns"}))

    def links_of_a_provider(self) -> list[LinkPlan]:
        """Some links of one provider; none where no provider has two."""
        by_provider: dict[str, list[LinkPlan]] = {}
        for site in self._ward.sites:
            for link in site.links:
                by_provider.setdefault(link.provider, []).append(link)
        shared = [links for links in by_provider.values() if len(links) > 1]
        if not shared:
            return []
        links = self.random.choice(shared)
        return self.random.sample(links, k=min(len(links), self.random.randint(*_OUTAGE_LINKS)))

    def _services(self, kinds: set[str]) -> list[str]:
        found = [service.id for site in self._ward.sites for service in site.services if service.kind in kinds]
        return self.random.sample(found, k=len(found))


_Scene = Callable[[_Cast, float, float], Iterator[Fault]]


def _cut(cast: _Cast, start: float, end: float) -> Iterator[Fault]:
    yield Fault(FaultKind.LINK_CUT, start, end, _of_links([cast.link()]))


def _loss(cast: _Cast, start: float, end: float) -> Iterator[Fault]:
    yield Fault(FaultKind.PACKET_LOSS, start, end, (cast.link().id,), round(cast.random.uniform(0.04, 0.2), 2))


def _delay(cast: _Cast, start: float, end: float) -> Iterator[Fault]:
    yield Fault(FaultKind.DELAY, start, end, (cast.link().id,), round(cast.random.uniform(0.03, 0.12), 3))


def _slow_port(cast: _Cast, start: float, end: float) -> Iterator[Fault]:
    yield Fault(FaultKind.SPEED_REDUCED, start, end, (cast.link().interface,), 100)


def _bad_cable(cast: _Cast, start: float, end: float) -> Iterator[Fault]:
    yield Fault(FaultKind.INTERFACE_ERRORS, start, end, (cast.link().interface,), cast.random.randint(5, 50))


def _silence(cast: _Cast, start: float, end: float) -> Iterator[Fault]:
    yield Fault(FaultKind.AGENT_SILENT, start, end, (cast.random.choice(cast.site().devices).id,))


def _page(cast: _Cast, start: float, end: float) -> Iterator[Fault]:
    page, middle = cast.page(), (start + end) / 2
    yield Fault(FaultKind.SERVICE_SLOW, start, middle, (page,), round(cast.random.uniform(1.5, 2.6), 1))
    yield Fault(FaultKind.SERVICE_FAILING, middle, end, (page,), cast.random.choice(_FAILURES))


def _resolver(cast: _Cast, start: float, end: float) -> Iterator[Fault]:
    yield Fault(FaultKind.RESOLVER_FAILING, start, end, cast.resolvers())


def _provider(cast: _Cast, start: float, end: float) -> Iterator[Fault]:
    links = cast.links_of_a_provider()
    if links:
        yield Fault(FaultKind.PROVIDER_OUTAGE, start, end, _of_links(links))


def _power(cast: _Cast, start: float, end: float) -> Iterator[Fault]:
    site = cast.site()
    if cast.has_points:
        subjects = (*(device.id for device in site.devices), *(link.id for link in site.links))
        yield Fault(FaultKind.POWER_CUT, start, end, subjects)


def _of_links(links: list[LinkPlan]) -> tuple[str, ...]:
    return tuple(subject for link in links for subject in (link.id, link.interface))


_SCENES: Final[tuple[tuple[float, float, _Scene], ...]] = (  # start and length in the first chapter
    (20, 40, _cut),
    (45, 170, _loss),
    (70, 150, _delay),
    (95, 140, _page),
    (125, 100, _silence),
    (150, 150, _slow_port),
    (215, 75, _power),
    (310, 60, _provider),
    (345, 60, _resolver),
    (400, 120, _bad_cable),
    (430, 60, _cut),
    (470, 100, _loss),
)


@dataclass(frozen=True, slots=True)
class EndlessStory:
    """The same faults for the same ward and seed, for ever."""

    ward: WardPlan
    seed: int

    def chapter_at(self, time: float) -> int:
        """Number of the chapter that ``time`` lies in."""
        return int(time // CHAPTER)

    def chapter(self, number: int) -> Sequence[Fault]:
        """The faults of one chapter."""
        random = Random(f"story {self.seed} chapter {number}")  # noqa: S311  # a simulation must be repeatable
        cast = _Cast(self.ward, random)
        timing = _SCENES if number == 0 else _shuffled(random)
        begin = number * CHAPTER
        return [
            fault
            for start, length, scene in timing
            for fault in scene(cast, begin + start, begin + min(start + length, _LAST_END))
        ]


def _shuffled(random: Random) -> list[tuple[float, float, _Scene]]:
    """Scenes at one another's places, each of another length, some left out."""
    places = random.sample([start for start, _, _ in _SCENES], k=len(_SCENES))
    return [
        (place, round(length * random.uniform(0.6, 1.5)), scene)
        for place, (_, length, scene) in zip(places, _SCENES, strict=True)
        if random.random() < _HAPPENS
    ]
