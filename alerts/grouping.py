"""Which faults have one cause, and which of them explains the others."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final

from alerts.faults import Faults, is_as_old, is_of_account
from alerts.shared import FEWEST_TOGETHER, TOGETHER, Shared, site_parts
from model.incident import About, AlertName, Fault, FaultKey, Incident, Severity, in_inventory
from model.inventory import Service
from model.measurement import SubjectKey
from model.state import State
from model.topology import Topology

_OUTAGES: Final = (AlertName.LINK_DOWN, AlertName.DEVICE_DOWN, AlertName.SERVICE_DOWN)
_RANKS: Final = {
    name: rank
    for rank, name in enumerate([
        AlertName.MONITOR_BLIND,
        AlertName.PROVIDER_OUTAGE,
        AlertName.SITE_UNREACHABLE,
        AlertName.DEVICE_DOWN,
        AlertName.LINK_DOWN,
        AlertName.SERVICE_DOWN,
        AlertName.LINK_FLAPPING,
    ])
}
_POWER: Final = timedelta(minutes=1)
_SERVICES: Final = timedelta(minutes=3)

Clustered = Mapping[Hashable, Sequence[Fault]]


class Groups:
    """Sets of faults, joined step by step."""

    def __init__(self, keys: Iterable[FaultKey]) -> None:
        self._above = {key: key for key in keys}

    def join(self, keys: Iterable[FaultKey]) -> None:
        """All of these have one cause; those that nobody knows are left out."""
        tops = [self._top(key) for key in keys if key in self._above]
        for top in tops[1:]:
            self._above[self._top(top)] = self._top(tops[0])

    def __iter__(self) -> Iterator[list[FaultKey]]:
        groups: dict[FaultKey, list[FaultKey]] = {}
        for key in self._above:
            groups.setdefault(self._top(key), []).append(key)
        return iter(groups.values())

    def _top(self, key: FaultKey) -> FaultKey:
        while self._above[key] != key:
            self._above[key] = self._above[self._above[key]]
            key = self._above[key]
        return key


def groups_of(
    known: Mapping[FaultKey, Fault], faults: Faults, shared: Shared, topology: Topology, incidents: Iterable[Incident]
) -> list[list[FaultKey]]:
    """The faults that have one cause, together.

    Args:
        known: What lasts, and what an open incident tells of that is not known to be over.
        faults: The present picture.
        shared: Outages of providers.
        topology: What depends on what.
        incidents: The open ones: what was told together stays together.
    """
    groups = Groups(known)
    for incident in incidents:
        groups.join(entry.fault.key for entry in (*incident.entries, *incident.parts))
    for provider, members in shared.members.items():
        groups.join([(AlertName.PROVIDER_OUTAGE, ("provider", provider), ""), *members])
    for together in _by_place(known.values(), faults):
        groups.join(fault.key for fault in together)
    _join_upstream(groups, known.values(), topology)
    _join_unreachable(groups, known, faults, topology)
    _join_blind(groups, known.values())
    return list(groups)


def _by_place(known: Iterable[Fault], faults: Faults) -> Iterator[Sequence[Fault]]:
    """What is about one subject, about a site that is cut off, about one page; devices that lose power together."""
    lost_sites = {fault.subject[1] for fault in known if fault.name is AlertName.SITE_UNREACHABLE}
    subjects, sites, devices, pages = (_Index() for _ in range(4))
    for fault in known:
        if is_of_account(fault) or fault.name is AlertName.CERTIFICATE_EXPIRING:
            continue  # it outlasts an outage by weeks: the end of that would never be told
        site, item = faults.places[fault.subject]
        subjects.add(fault.subject, fault)
        if site is not None and site.id in lost_sites:
            sites.add(site.id, fault)
        elif site is not None and fault.name is AlertName.DEVICE_DOWN:
            devices.add(site.id, fault)
        if fault.name is AlertName.SERVICE_DOWN and isinstance(item, Service) and item.url:
            pages.add(str(item.url), fault)
    yield from subjects.values()
    yield from sites.values()
    yield from _runs(devices.values(), _POWER, 2)
    yield from _runs(pages.values(), _SERVICES, 2)


class _Index(dict[Hashable, list[Fault]]):
    def add(self, key: Hashable, fault: Fault) -> None:
        self.setdefault(key, []).append(fault)


def _join_upstream(groups: Groups, known: Iterable[Fault], topology: Topology) -> None:
    """Several that hang on one thing and fail together, though that thing itself answers."""
    below = _Index()
    for fault in known:
        subject = in_inventory(fault.subject) if fault.name in _OUTAGES else None
        for parent in topology.parents(subject) if subject else ():
            below.add(parent, fault)
    for run in _runs(below.values(), TOGETHER, FEWEST_TOGETHER):
        groups.join(fault.key for fault in run)


def _join_unreachable(groups: Groups, known: Mapping[FaultKey, Fault], faults: Faults, topology: Topology) -> None:
    """What people were told of, and what has turned out since to be cut off by something else."""
    for key in known:
        for subject in _stands_on(key[1], faults):
            if faults.states.get(subject) is State.UNREACHABLE:
                groups.join([key, *map(outage_key, topology.roots(subject, faults.states))])


def _stands_on(about: About, faults: Faults) -> Iterable[SubjectKey]:
    """A subject itself; of a site what it stands on."""
    site, item = faults.places[about]
    subject = in_inventory(about)
    return site_parts(site) if site and item is None else [subject] if subject else ()


def _join_blind(groups: Groups, known: Iterable[Fault]) -> None:
    """A monitor that is cut off sees everything fall silent a moment before it knows."""
    blind = next((fault for fault in known if fault.name is AlertName.MONITOR_BLIND), None)
    if blind is not None:
        near = (fault for fault in known if fault.name in _OUTAGES and is_as_old(fault, blind))
        groups.join([blind.key, *(fault.key for fault in near)])


def _runs(groups: Iterable[Sequence[Fault]], within: timedelta, fewest: int) -> Iterator[Sequence[Fault]]:
    """Of each group the faults that began one soon after the other, where there are enough."""
    for group in groups:
        ordered = sorted(group, key=lambda fault: fault.since)
        cuts = [at for at, (one, other) in enumerate(pairwise(ordered), 1) if other.since - one.since > within]
        for start, end in pairwise([0, *cuts, len(ordered)]):
            if end - start >= fewest:
                yield ordered[start:end]


def outage_key(subject: SubjectKey) -> FaultKey:
    """The key of a subject's own outage."""
    names: Mapping[str, AlertName] = {
        "device": AlertName.DEVICE_DOWN,
        "service": AlertName.SERVICE_DOWN,
        "site": AlertName.SITE_UNREACHABLE,
    }
    return names.get(subject[0], AlertName.LINK_DOWN), subject, ""


def rank(fault: Fault) -> int:
    """How much a kind of fault explains: the lower, the more."""
    return _RANKS.get(fault.name, len(_RANKS))


def by_rank(fault: Fault) -> tuple[int, int, object, object]:
    """What explains most comes first; then what matters most, and what began first."""
    return rank(fault), list(Severity).index(fault.severity), fault.since, fault.key


def uncovered(
    group: Sequence[Fault], faults: Faults, shared: Shared, explained: Callable[[Fault], frozenset[SubjectKey]]
) -> list[Fault]:
    """Of faults with one cause those that tell of all of them, the cause first.

    Args:
        group: All of them.
        faults: The present picture.
        shared: Outages of providers.
        explained: What the outage of a link or device cuts off.
    """
    ordered = sorted(group, key=lambda fault: (faults.is_brief(fault) or _is_cut_off(fault, faults), by_rank(fault)))
    told: list[Fault] = []
    for fault in ordered:
        if not any(_covers(one, fault, faults, shared, explained) for one in told):
            told.append(fault)
    return told


def _is_cut_off(fault: Fault, faults: Faults) -> bool:
    parts = _stands_on(fault.subject, faults)
    return any(faults.states.get(part) is State.UNREACHABLE for part in parts) and not any(
        outage_key(part) in faults.lasting for part in parts
    )


def _covers(
    one: Fault, other: Fault, faults: Faults, shared: Shared, explained: Callable[[Fault], frozenset[SubjectKey]]
) -> bool:
    match one.name:
        case AlertName.MONITOR_BLIND:
            return other.name in _OUTAGES or other.name in {AlertName.SITE_UNREACHABLE, AlertName.PROVIDER_OUTAGE}
        case AlertName.PROVIDER_OUTAGE:
            return _is_of_provider(one.subject[1], other, faults, shared)
        case AlertName.SITE_UNREACHABLE:
            site, _ = faults.places[other.subject]
            return site is not None and site.id == one.subject[1]
        case AlertName.LINK_FLAPPING:
            return other.subject == one.subject and (other.name is not AlertName.LINK_DOWN or faults.is_brief(other))
        case AlertName.LINK_DOWN | AlertName.DEVICE_DOWN | AlertName.SERVICE_DOWN:
            return other.subject == one.subject or other.subject in explained(one)
        case _:
            return False


def _is_of_provider(provider: str, other: Fault, faults: Faults, shared: Shared) -> bool:
    members = shared.members.get(provider, set())
    if other.name is not AlertName.SITE_UNREACHABLE:
        return other.key in members
    site, _ = faults.places[other.subject]
    links = site.links if site else ()
    return bool(links) and all((AlertName.LINK_DOWN, ("link", link.id), "") in members for link in links)
