"""What depends on what: whose outage explains whose silence.

A subject needs everything that its ``depends_on`` lists, but links of one site stand in for each other: of those, one
is enough. ``docs/states.md`` has examples.
"""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from itertools import chain

from model.inventory import Device, Inventory, Link, Service, Site
from model.measurement import SubjectKey
from model.state import State

States = Mapping[SubjectKey, State]
"""What everything is in beneath maintenance (``Standing.observed``); what is missing is unknown."""

Needs = tuple[frozenset[SubjectKey], ...]
"""Groups of subjects: at least one of each group must be there."""


class Topology:
    """The dependencies of an inventory, which ``model.references`` has checked: every name exists, none in a circle."""

    def __init__(self, inventory: Inventory) -> None:
        homes = {item.id: (_key(item), site.id) for site, item in _items(inventory)}
        self._needs = {_key(item): _needs(item.depends_on, homes) for _, item in _items(inventory)}
        parents = {subject: frozenset(chain.from_iterable(needs)) for subject, needs in self._needs.items()}
        order = TopologicalSorter(parents).static_order()
        self._rank = {subject: rank for rank, subject in enumerate(order)}
        self._parents = {subject: self._sorted(above, nearest_first=True) for subject, above in parents.items()}
        self._children: dict[SubjectKey, list[SubjectKey]] = {}
        for subject in sorted(parents, key=self._rank.__getitem__):
            for parent in parents[subject]:
                self._children.setdefault(parent, []).append(subject)

    def needs(self, subject: SubjectKey) -> Needs:
        """The groups of which the subject needs one each; none for what depends on nothing."""
        return self._needs.get(subject, ())

    def parents(self, subject: SubjectKey) -> tuple[SubjectKey, ...]:
        """What the subject lists itself."""
        return self._parents.get(subject, ())

    def children(self, subject: SubjectKey) -> tuple[SubjectKey, ...]:
        """What lists the subject itself."""
        return tuple(self._children.get(subject, ()))

    def ancestors(self, subject: SubjectKey) -> tuple[SubjectKey, ...]:
        """Everything above the subject, each before what it depends on itself: whom to probe when it falls silent."""
        return self._sorted(_reached(self.parents(subject), self._parents), nearest_first=True)

    def descendants(self, subject: SubjectKey) -> tuple[SubjectKey, ...]:
        """Everything below the subject, each after what it depends on."""
        return self._sorted(_reached(self._children.get(subject, ()), self._children), nearest_first=False)

    def unreachable(self, subject: SubjectKey, states: States) -> bool:
        """Whether something that the subject needs is lost, whatever the subject itself shows.

        Lost is what is down or unreachable, and what is unknown while something that it needs is lost.
        """
        return bool(self._cause(subject, self._lost_above(subject, states)))

    def roots(self, subject: SubjectKey, states: States) -> tuple[SubjectKey, ...]:
        """Whose own fault explains that the subject is cut off: lost ancestors that are not cut off themselves.

        Several where several are needed for the explanation, or each would be enough; none where nothing explains it.
        """
        lost = self._lost_above(subject, states)
        roots, ahead = [], list(self._cause(subject, lost))
        for here in ahead:
            above = self._cause(here, lost)
            ahead += above.difference(ahead)
            if not above:
                roots.append(here)
        return self._sorted(roots, nearest_first=True)

    def explained(self, root: SubjectKey, states: States) -> tuple[SubjectKey, ...]:
        """What is cut off, and not known to pass, with ``root`` among its roots: what an incident of it hides."""
        below = self.descendants(root)
        lost: set[SubjectKey] = set()
        due = {root}  # to the root: a lost subject in it hides what needs it
        for subject in self._sorted(_reached(below, self._parents), nearest_first=False):
            cause = self._cause(subject, lost)
            if subject == root and cause:
                return ()
            if not due.isdisjoint(cause):
                due.add(subject)
            if _is_lost(states.get(subject, State.UNKNOWN), cause):
                lost.add(subject)
        return tuple(child for child in below if child in due and not states.get(child, State.UNKNOWN).passes)

    def _lost_above(self, subject: SubjectKey, states: States) -> set[SubjectKey]:
        lost: set[SubjectKey] = set()
        for ancestor in reversed(self.ancestors(subject)):
            if _is_lost(states.get(ancestor, State.UNKNOWN), self._cause(ancestor, lost)):
                lost.add(ancestor)
        return lost

    def _cause(self, subject: SubjectKey, lost: set[SubjectKey]) -> frozenset[SubjectKey]:
        return frozenset(chain.from_iterable(group for group in self.needs(subject) if group <= lost))

    def _sorted(self, subjects: Iterable[SubjectKey], *, nearest_first: bool) -> tuple[SubjectKey, ...]:
        return tuple(sorted(subjects, key=self._rank.__getitem__, reverse=nearest_first))


def _items(inventory: Inventory) -> Iterator[tuple[Site, Device | Link | Service]]:
    for site in inventory.sites:
        items: tuple[Device | Link | Service, ...] = (*site.devices, *site.links, *site.services)
        yield from ((site, item) for item in items)


def _key(item: Device | Link | Service) -> SubjectKey:
    match item:
        case Device():
            return "device", item.id
        case Link():
            return "link", item.id
        case _:
            return "service", item.id


def _needs(depends_on: Iterable[str], homes: Mapping[str, tuple[SubjectKey, str]]) -> Needs:
    """What is listed, in groups; ``homes`` has the subject and the site of each id."""
    groups: dict[tuple[str, str], set[SubjectKey]] = {}
    for name in depends_on:
        subject, site = homes[name]
        noun, _ = subject
        # A link joins the other links of its site; a device stands alone, under its own id.
        groups.setdefault(("link", site) if noun == "link" else subject, set()).add(subject)
    return tuple(frozenset(group) for group in groups.values())


def _is_lost(state: State, cause: frozenset[SubjectKey]) -> bool:
    return state.is_lost or (not state.passes and bool(cause))


def _reached(starts: Iterable[SubjectKey], arrows: Mapping[SubjectKey, Iterable[SubjectKey]]) -> set[SubjectKey]:
    seen: set[SubjectKey] = set()
    ahead = list(starts)
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead += arrows.get(here, ())
    return seen
