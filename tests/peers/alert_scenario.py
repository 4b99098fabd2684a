"""Random wards and random faults, and the truth about them: written without any of the code that has to find it out."""

import math
import random
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

from model.inventory import Inventory
from model.measurement import SubjectKey

ANCHOR: Final = "icmp://192.0.2.1"
FIRST: Final = 60.0
"""Seconds after the start before anything is cut."""
_WITHIN: Final = 300.0
_SHORTEST: Final = 1.0
_LONGEST: Final = 600.0


@dataclass(frozen=True)
class Node:
    """Something that is watched.

    Attributes:
        subject: Which.
        site: Where it stands.
        provider: Of a link: who sells it.
        needs: Of each of these groups one must be there.
        loss: Share of probes that are lost by chance.
        rtt: Seconds that an answer takes at least.
    """

    subject: SubjectKey
    site: str
    provider: str = ""
    needs: tuple[frozenset[SubjectKey], ...] = ()
    loss: float = 0.0
    rtt: float = 0.01

    @property
    def parents(self) -> frozenset[SubjectKey]:
        """All that it names."""
        return frozenset[SubjectKey]().union(*self.needs)


@dataclass(frozen=True)
class Cut:
    """These are cut by themselves from ``start`` until ``end``, seconds after the begin."""

    subjects: frozenset[SubjectKey]
    start: float
    end: float

    def __str__(self) -> str:
        return f"{self.start:.2f}-{self.end:.2f} {' '.join(sorted(name for _, name in self.subjects))}"


@dataclass(frozen=True)
class Scenario:
    """A ward, and what happens to it.

    Attributes:
        seed: By which it, and the chance in it, can be had again.
        nodes: Everything that is watched, what is needed before what needs it.
        cuts: What happens.
        has_anchor: Whether the inventory names one.
        stops: When the monitor is killed, and for how many seconds it stays so.
        blind: From when until when the monitor itself is cut off.
    """

    seed: int
    nodes: tuple[Node, ...]
    cuts: tuple[Cut, ...]
    has_anchor: bool = False
    stops: tuple[tuple[float, float], ...] = ()
    blind: tuple[tuple[float, float], ...] = ()

    @cached_property
    def by_subject(self) -> Mapping[SubjectKey, Node]:
        """The nodes by what they are."""
        return {node.subject: node for node in self.nodes}

    @cached_property
    def truth(self) -> "Truth":
        """What really is cut, and what is not there for want of something else."""
        return Truth(self)

    @property
    def ends_at(self) -> float:
        """From when on everything is back."""
        ends = [*(cut.end for cut in self.cuts), *(end for _, end in self.blind), *(at + gap for at, gap in self.stops)]
        return max(ends, default=0.0)

    def inventory(self) -> Inventory:
        """As somebody would write it down."""
        alerts = {"receivers": {"hook": {"webhook": "http://127.0.0.1:9/"}}, "routes": [{"receiver": "hook"}]}
        sites = {node.site: self._site(node.site) for node in self.nodes}
        whole = {"ward": {"id": "w", "timezone": "Asia/Ho_Chi_Minh"}, "alerts": alerts, "sites": list(sites.values())}
        return Inventory.model_validate(whole | ({"anchors": [ANCHOR]} if self.has_anchor else {}))

    def _site(self, site: str) -> Mapping[str, Any]:
        here = [node for node in self.nodes if node.site == site]
        return {
            "id": site,
            "links": [
                {"target": "icmp://192.0.2.2", "provider": node.provider, **_common(node)}
                for node in here
                if node.subject[0] == "link"
            ],
            "devices": [{"address": "192.0.2.3", **_common(node)} for node in here if node.subject[0] == "device"],
            "services": [
                {"url": f"https://{site}.example/", **_common(node)} for node in here if node.subject[0] == "service"
            ],
        }

    def __str__(self) -> str:
        tree = ", ".join(f"{node.subject[1]}({_spelled(node.needs)})" for node in self.nodes)
        stops = [f"killed at {at:.2f} for {gap:.2f}" for at, gap in self.stops]
        blind = [f"blind {start:.2f}-{end:.2f}" for start, end in self.blind]
        return f"seed {self.seed}: {tree}; " + "; ".join([*map(str, self.cuts), *stops, *blind])


def _common(node: Node) -> Mapping[str, Any]:
    return {"id": node.subject[1], "depends_on": sorted(name for _, name in node.parents)}


def _spelled(needs: Iterable[frozenset[SubjectKey]]) -> str:
    return " ".join("|".join(sorted(name for _, name in group)) for group in needs)


@dataclass(frozen=True)
class Outage:
    """A time without a break in which something is cut itself, and all that it needs is there."""

    subject: SubjectKey
    start: float
    end: float

    @property
    def length(self) -> float:
        """Seconds."""
        return self.end - self.start


class Truth:
    """Who is cut, who is there, and who is to blame, at any time."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        marks = {0.0} | {mark for cut in scenario.cuts for mark in (cut.start, cut.end)}
        marks |= {mark for span in scenario.blind for mark in span}
        self._marks = sorted(marks)
        self._cut = [self._cut_at(mark) for mark in self._marks]
        self._blind = [any(start <= mark < end for start, end in scenario.blind) for mark in self._marks]
        self._lost = [self._lost_with(cut) for cut in self._cut]

    def _cut_at(self, mark: float) -> frozenset[SubjectKey]:
        going = (cut.subjects for cut in self.scenario.cuts if cut.start <= mark < cut.end)
        return frozenset[SubjectKey]().union(*going)

    def _lost_with(self, cut: frozenset[SubjectKey]) -> frozenset[SubjectKey]:
        lost: set[SubjectKey] = set()
        for node in self.scenario.nodes:
            if node.subject in cut or any(group <= lost for group in node.needs):
                lost.add(node.subject)
        return frozenset(lost)

    def answers(self, subject: SubjectKey, at: float) -> bool:
        """Whether a packet that the monitor sends to it then, and the answer, get through."""
        number = bisect_right(self._marks, at) - 1
        return subject not in self._lost[number] and not self._blind[number]

    def outages(self, subject: SubjectKey) -> Sequence[Outage]:
        """When it was the root of an outage."""
        return [Outage(subject, *span) for span in self._spans(lambda number: self._is_root(subject, number))]

    def silences(self, subject: SubjectKey) -> Sequence[Outage]:
        """When it did not answer, for whatever reason."""
        is_silent = lambda number: subject in self._lost[number] or self._blind[number]  # noqa: E731  # used once, just below
        return [Outage(subject, *span) for span in self._spans(is_silent)]

    def cuts(self, subject: SubjectKey) -> Sequence[Outage]:
        """When it was cut itself, whatever else was."""
        return [Outage(subject, *span) for span in self._spans(lambda number: subject in self._cut[number])]

    def _is_root(self, subject: SubjectKey, number: int) -> bool:
        lost = self._lost[number]
        needs = self.scenario.by_subject[subject].needs
        return subject in self._cut[number] and not any(group <= lost for group in needs)

    def _spans(self, holds: Any) -> Iterator[tuple[float, float]]:
        begun = None
        for number, (mark, _) in enumerate(pairwise([*self._marks, math.inf])):
            if holds(number) and begun is None:
                begun = mark
            elif begun is not None and not holds(number):
                yield begun, mark
                begun = None


# Chance


def scenario(seed: int, size: int | None = None) -> Scenario:
    """The scenario of a seed.

    Args:
        seed: Any number.
        size: Sites at most.
    """
    chance = random.Random(seed)  # noqa: S311  # plays, guards nothing
    nodes = tuple(_Planter(chance).ward(chance.randint(2, size or chance.choice([3, 4, 6, 9]))))
    cuts = tuple(_Cutter(chance, nodes).cuts(chance.choice([1, 1, 2, 2, 3, 4, 6])))
    has_anchor = chance.random() < 0.3
    stops = [_Cutter(chance, nodes).stop(cuts)] if chance.random() < 0.25 else []
    blind = [_Cutter(chance, nodes).blind(cuts)] if has_anchor and chance.random() < 0.3 else []
    return Scenario(seed, nodes, tuple(sorted(cuts, key=lambda cut: cut.start)), has_anchor, tuple(stops), tuple(blind))


@dataclass
class _Planter:
    chance: random.Random
    nodes: list[Node] = field(default_factory=list)

    def ward(self, sites: int) -> list[Node]:
        for number in range(sites):
            self._site(f"s{number}")
        return self.nodes

    def _site(self, site: str) -> None:
        above = self._above(site)
        links = [self._link(site, number, above) for number in range(2 if self.chance.random() < 0.35 else 1)]
        if self.chance.random() < 0.2:
            self._add(("service", f"{site}-web"), site, (frozenset(links),))
        if self.chance.random() < 0.45:
            needs = (frozenset(links),) if self.chance.random() < 0.8 else ()
            router = self._add(("device", f"{site}-rt"), site, needs)
            if self.chance.random() < 0.4:
                self._add(("device", f"{site}-sw"), site, (frozenset({router}),))

    def _link(self, site: str, number: int, above: tuple[frozenset[SubjectKey], ...]) -> SubjectKey:
        if self.chance.random() < 0.3:
            above = self._above(site)
        provider = self.chance.choice(["", "VNPT", "VNPT", "FPT", "Viettel"])
        return self._add(("link", f"{site}-{'ab'[number]}"), site, above, provider)

    def _above(self, site: str) -> tuple[frozenset[SubjectKey], ...]:
        """Nothing; a device; one line of another site; any line of it."""
        others = [node for node in self.nodes if node.site != site and node.subject[0] != "service"]
        if not others or self.chance.random() < 0.3:
            return ()
        above = self.chance.choice(others)
        if above.subject[0] == "device" or self.chance.random() < 0.3:
            return (frozenset({above.subject}),)
        together = (node.subject for node in self.nodes if node.site == above.site and node.subject[0] == "link")
        return (frozenset(together),)

    def _add(
        self, subject: SubjectKey, site: str, needs: tuple[frozenset[SubjectKey], ...], provider: str = ""
    ) -> SubjectKey:
        loss = self.chance.choice([0.0, 0.0, self.chance.uniform(0, 0.02)])
        self.nodes.append(Node(subject, site, provider, needs, loss, self.chance.choice([0.003, 0.012, 0.03, 0.08])))
        return subject


@dataclass
class _Cutter:
    chance: random.Random
    nodes: Sequence[Node]

    def cuts(self, number: int) -> Iterator[Cut]:
        for _ in range(number):
            kinds = [self._one, self._parent, self._provider, self._site, self._stays, self._blip]
            kind = self._flapping if self.chance.random() < 0.03 else self.chance.choice(kinds)
            yield from kind()

    def stop(self, cuts: Sequence[Cut]) -> tuple[float, float]:
        """A time about which something happens, and a while."""
        return self._about(cuts), self.chance.uniform(0.5, 20)

    def blind(self, cuts: Sequence[Cut]) -> tuple[float, float]:
        """The same, from and until."""
        start = self._about(cuts)
        return start, start + math.exp(self.chance.uniform(math.log(3), math.log(200)))

    def _about(self, cuts: Sequence[Cut]) -> float:
        cut = self.chance.choice(cuts)
        mark = self.chance.choice([cut.start, cut.end, self.chance.uniform(cut.start, cut.end)])
        return max(mark + self.chance.uniform(-15, 30), FIRST / 2)

    def _one(self) -> Iterator[Cut]:
        yield self._cut({self.chance.choice(self.nodes).subject})

    def _parent(self) -> Iterator[Cut]:
        yield self._cut({self.chance.choice(self._parents()).subject})

    def _provider(self) -> Iterator[Cut]:
        names = sorted({node.provider for node in self.nodes} - {""})
        if names:
            name = self.chance.choice(names)
            yield self._cut({node.subject for node in self.nodes if node.provider == name})
        else:
            yield from self._one()

    def _site(self) -> Iterator[Cut]:
        site = self.chance.choice(self.nodes).site
        yield self._cut({node.subject for node in self.nodes if node.site == site and node.subject[0] == "link"})

    def _stays(self) -> Iterator[Cut]:
        """Something is cut shortly before, with or during the cut of what it needs, and stays so after its return."""
        above = self._cut({self.chance.choice(self._parents()).subject})
        yield above
        below = [node.subject for node in self.nodes if node.parents & above.subjects]
        if below:
            begin = self.chance.choice([above.start, self.chance.uniform(above.start - 8, above.end)])
            yield Cut(frozenset({self.chance.choice(below)}), begin, above.end + self.chance.uniform(2, 240))

    def _blip(self) -> Iterator[Cut]:
        """Short, and perhaps again."""
        subject, at = self.chance.choice(self.nodes).subject, self._start()
        for _ in range(self.chance.randint(1, 2)):
            length = self.chance.uniform(0.5, 8)
            yield Cut(frozenset({subject}), at, at + length)
            at += length + self.chance.uniform(0.5, 25)

    def _flapping(self) -> Iterator[Cut]:
        subject, at = self.chance.choice(self.nodes).subject, self._start()
        for _ in range(self.chance.randint(3, 6)):
            length = self.chance.uniform(5, 90)
            yield Cut(frozenset({subject}), at, at + length)
            at += length + self.chance.uniform(10, 60)

    def _parents(self) -> Sequence[Node]:
        needed = frozenset[SubjectKey]().union(*(node.parents for node in self.nodes))
        return [node for node in self.nodes if node.subject in needed] or self.nodes

    def _start(self) -> float:
        return FIRST + self.chance.uniform(0, _WITHIN)

    def _cut(self, subjects: set[SubjectKey]) -> Cut:
        length = math.exp(self.chance.uniform(math.log(_SHORTEST), math.log(_LONGEST)))
        if self.chance.random() < 0.4:
            length = self.chance.uniform(60, 200)
        start = self._start()
        return Cut(frozenset(subjects), start, start + length)
