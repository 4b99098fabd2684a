"""When which links of a simulated ward are cut, and by what: the plan of a measurement of alerts."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitor.demo.fault import Fault, FaultKind
from monitor.demo.ward import LinkPlan, WardPlan

SLOT: Final = 12.5
"""Seconds from one pair of cuts to the next. Three that follow each other within ten seconds have one cause where they
hang on one thing or belong to one provider; two have not, and over whole slots none do."""
PHASE: Final = 1.0
"""Seconds over which the moment of a cut is drawn: one interval of the probes."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Something that is cut.

    Attributes:
        begin: Seconds since the start of the world.
        end: When it is mended, the same.
        name: Id of the link that is cut, or of the device whose failure cuts all others.
        links: Ids of the links that fall silent.
    """

    begin: float
    end: float
    name: str
    links: tuple[str, ...]

    @property
    def is_common(self) -> bool:
        """Whether several links are cut by one cause."""
        return len(self.links) > 1

    def faults(self, office: Sequence[str]) -> tuple[Fault, ...]:
        """It as the simulated ward plays it; ``office``: ids of the devices that fail with a common cause."""
        subjects = (*office, *self.links) if self.is_common else self.links
        kind = FaultKind.POWER_CUT if self.is_common else FaultKind.LINK_CUT
        return (Fault(kind, self.begin, self.end, subjects),)


@dataclass(frozen=True, slots=True)
class Course:
    """How a ward is cut.

    Attributes:
        lead: Seconds before the first cut.
        commons: How often all points are cut by one cause, before the single cuts.
        singles: How many links are cut, each by itself and once.
        common_length: Seconds of a common cut.
        single_length: Seconds of a single cut.
        recovery: Seconds until a link that is mended has been called up again, and everybody was told.
    """

    lead: float
    commons: int
    singles: int
    common_length: float
    single_length: float
    recovery: float = 15.0

    @property
    def end(self) -> float:
        """When everything is over, seconds since the start of the world."""
        slots = -(-self.singles // 2)
        last = self._first_single + slots * SLOT - SLOT + PHASE + self.single_length if slots else self._first_single
        return last + self.recovery

    @property
    def _first_single(self) -> float:
        return self.lead + self.commons * (self.common_length + self.recovery)

    def of(self, ward: WardPlan, dice: random.Random) -> list[Outage]:
        """The outages of one ward, in order of time."""
        return [*self._commons(ward, dice), *self._singles(ward, dice)]

    def _commons(self, ward: WardPlan, dice: random.Random) -> list[Outage]:
        points = tuple(link.id for site in ward.sites[1:] for link in site.links)
        begins = [self.lead + number * (self.common_length + self.recovery) for number in range(self.commons)]
        cause = ward.sites[0].devices[0].id
        phased = [begin + dice.random() * PHASE for begin in begins]
        return [Outage(begin, begin + self.common_length, cause, points) for begin in phased]

    def _singles(self, ward: WardPlan, dice: random.Random) -> list[Outage]:
        chosen = in_pairs([site.links[0] for site in ward.sites], dice)[: self.singles]
        begins = [self._first_single + place // 2 * SLOT + dice.random() * PHASE for place in range(len(chosen))]
        return [
            Outage(begin, begin + self.single_length, link.id, (link.id,))
            for begin, link in zip(begins, chosen, strict=True)
        ]


def in_pairs(links: Sequence[LinkPlan], dice: random.Random) -> list[LinkPlan]:
    """All of them in random order, two of one pair from different providers as long as there are any."""
    left = dice.sample(links, k=len(links))
    pairs: list[LinkPlan] = []
    while left:
        providers = [link.provider for link in left]
        most = max(providers, key=providers.count)  # or at the end only one provider would be left
        first = left.pop(providers.index(most))
        second = next((link for link in left if link.provider != most), None)
        pairs.append(first)
        if second is not None:
            left.remove(second)
            pairs.append(second)
    return pairs
