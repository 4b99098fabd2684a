"""Faults that several others make together: a site without any link, the outage of a provider."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from alerts.faults import Faults
from model.incident import AlertName, Fault, FaultKey, Severity, in_inventory
from model.inventory import Inventory, Link, Site
from model.measurement import SubjectKey
from model.state import State

AnsweredAt = Callable[[SubjectKey], datetime | None]
"""When a subject answered last, aware UTC."""

TOGETHER: Final = timedelta(seconds=10)
"""What begins within this time of each other has one cause, where it can have one."""
JOINS_WITHIN: Final = timedelta(minutes=5)
"""So long after the last of them a further link of the provider still belongs to its outage."""
FEWEST_TOGETHER: Final = 3
"""Sites of one provider, or lines below one upstream, that must fail together to have one cause; two may be chance,
unless the provider serves only two."""
CALM: Final = timedelta(minutes=1)
"""So long before the outage of a whole is over while some of its parts are still down: they come back one after the
other."""
_ANSWERS: Final = timedelta(seconds=2.6)
_LOOK_AGAIN: Final = timedelta(seconds=1)


@dataclass(slots=True)
class Shared:
    """Derives, from the faults of parts, the faults of the whole.

    Attributes:
        answered_at: When a subject answered last.
        members: By provider: the faults of links that its outage, while it lasts, consists of.
    """

    answered_at: AnsweredAt
    members: dict[str, set[FaultKey]] = field(default_factory=dict)
    _thin_since: dict[FaultKey, datetime] = field(default_factory=dict)
    _look_at: datetime | None = None
    _sites: dict[str, tuple[SubjectKey, ...]] = field(default_factory=dict)
    _served: dict[str, dict[str, str]] = field(default_factory=dict)

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory."""
        self._sites = {site.id: site_parts(site) for site in inventory.sites}
        self._served = {}
        for site, link in inventory.links():
            if link.provider:
                self._served.setdefault(link.provider, {})[link.id] = site.id
        self.members = {name: keys for name, keys in self.members.items() if name in self._served}

    def links_of(self, provider: str) -> Mapping[str, str]:
        """The links of a provider, and the site of each."""
        return self._served.get(provider, {})

    def derive(self, faults: Faults, waiting: Collection[FaultKey], now: datetime) -> None:
        """Begin and end what follows from the faults of parts.

        Args:
            faults: Read, and added to.
            waiting: Faults of which nothing follows yet, since they may be no faults of their own.
            now: Aware UTC.
        """
        self._look_at = None
        for site in self._touched_sites(faults):
            self._settle_site(site, faults, waiting, now)
        for provider in self._touched_providers(faults):
            self._settle_provider(provider, faults, waiting, now)

    @property
    def wake_at(self) -> datetime | None:
        """When to derive again if nothing happens before, aware UTC."""
        times = [since + CALM for since in self._thin_since.values()]
        return min([*times, self._look_at] if self._look_at else times, default=None)

    def remember(self, incident_parts: Mapping[str, Iterable[FaultKey]]) -> None:
        """Take up the outages of providers that lasted when the monitor was stopped."""
        for provider, keys in incident_parts.items():
            self.members.setdefault(provider, set()).update(keys)

    def _touched_sites(self, faults: Faults) -> Iterator[str]:
        subjects = [key[1] for key in (*faults.lasting, *faults.over)]
        sites = {site.id for subject in subjects if (site := faults.places[subject][0]) is not None}
        return iter(sorted(sites & self._sites.keys()))

    def _settle_site(self, site: str, faults: Faults, waiting: Collection[FaultKey], now: datetime) -> None:
        parts = self._sites[site]
        key: FaultKey = (AlertName.SITE_UNREACHABLE, ("site", site), "")
        own = [fault for part in parts if (fault := _outage(part, faults)) is not None]
        if own and all(_is_out(part, faults) for part in parts):
            self._thin_since.pop(key, None)
            if key not in faults.lasting and not self._is_open(parts, faults, waiting, now):
                since, noticed = max(fault.since for fault in own), max(fault.noticed_at for fault in own)
                evidence = dict(own[0].evidence) if len(own) == 1 else {}
                faults.begin(Fault(*key[:2], since, noticed, Severity.CRITICAL, evidence=evidence))
        elif any(faults.states.get(part, State.UNKNOWN).passes for part in parts):
            if not own or key not in faults.lasting or self._is_calm(key, now):
                self._thin_since.pop(key, None)
                faults.end(key, now)
        elif not own:
            faults.lasting.pop(key, None)  # something else cuts it off

    def _is_open(
        self, parts: Iterable[SubjectKey], faults: Faults, waiting: Collection[FaultKey], now: datetime
    ) -> bool:
        """Whether it is too early to say that all of these are out: one is being looked into, or answers again."""
        own = {part: _outage(part, faults) for part in parts}
        if any(self._answers(part, fault, faults, now) for part, fault in own.items()):
            self._look_at = now + _LOOK_AGAIN
            return True
        return any(fault.key in waiting for fault in own.values() if fault is not None)

    def _answers(self, part: SubjectKey, fault: Fault | None, faults: Faults, now: datetime) -> bool:
        if fault is None:
            return _goes_on(self.answered_at(part), now)
        return fault.key not in faults.remembered and answers_again(fault, self.answered_at, now)

    def _is_calm(self, key: FaultKey, now: datetime) -> bool:
        return now >= self._thin_since.setdefault(key, now) + CALM

    def _touched_providers(self, faults: Faults) -> Iterator[str]:
        touched = {
            item.provider
            for key in faults.lasting
            if isinstance(item := faults.places[key[1]][1], Link) and item.provider
        }
        return iter(sorted(touched | self.members.keys()))

    def _settle_provider(self, provider: str, faults: Faults, waiting: Collection[FaultKey], now: datetime) -> None:
        links = self._served.get(provider, {})
        down = [fault for link in _of(faults, links) if (fault := _outage(("link", link), faults)) is not None]
        down = [fault for fault in down if fault.key not in waiting]
        key: FaultKey = (AlertName.PROVIDER_OUTAGE, ("provider", provider), "")
        members = self.members.get(provider)
        if members is None:
            self._may_begin(provider, down, faults, now)
            return
        members |= {fault.key for fault in _joining(members, down, faults)}
        members.difference_update(faults.over)
        lost = {links[key[1][1]] for key in members if key[1][1] in links}
        if len(lost) >= self._fewest(provider):
            self._thin_since.pop(key, None)
        elif not lost or self._is_calm(key, now):
            del self.members[provider]
            self._thin_since.pop(key, None)
            faults.end(key, now)

    def _may_begin(self, provider: str, down: Sequence[Fault], faults: Faults, now: datetime) -> None:
        links = self._served[provider]
        for cluster in _clusters([fault for fault in down if not answers_again(fault, self.answered_at, now)]):
            if len({links[fault.subject[1]] for fault in cluster}) >= self._fewest(provider):
                self.members[provider] = {fault.key for fault in cluster}
                since, noticed = min(fault.since for fault in cluster), max(fault.noticed_at for fault in cluster)
                name = AlertName.PROVIDER_OUTAGE
                faults.begin(Fault(name, ("provider", provider), since, noticed, Severity.CRITICAL))
                return

    def _fewest(self, provider: str) -> int:
        return max(2, min(FEWEST_TOGETHER, len(set(self._served.get(provider, {}).values()))))


def answers_again(fault: Fault, answered_at: AnsweredAt, now: datetime) -> bool:
    """Whether what is down has answered after that was noticed, and goes on to."""
    subject = in_inventory(fault.subject)
    answered = answered_at(subject) if subject else None
    return _goes_on(answered, now) and answered is not None and answered >= fault.noticed_at


def _goes_on(answered: datetime | None, now: datetime) -> bool:
    return answered is not None and answered >= now - _ANSWERS


def site_parts(site: Site) -> tuple[SubjectKey, ...]:
    """What a site stands on: its links; where it has none its devices, if there are several."""
    if site.links:
        return tuple(("link", link.id) for link in site.links)
    return tuple(("device", device.id) for device in site.devices) if len(site.devices) > 1 else ()


def _outage(part: SubjectKey, faults: Faults) -> Fault | None:
    name = AlertName.LINK_DOWN if part[0] == "link" else AlertName.DEVICE_DOWN
    fault = faults.lasting.get((name, part, ""))
    return None if fault is None or faults.is_brief(fault) else fault


def _is_out(part: SubjectKey, faults: Faults) -> bool:
    return _outage(part, faults) is not None or faults.states.get(part) is State.UNREACHABLE


def _of(faults: Faults, links: Mapping[str, str]) -> list[str]:
    """Of these links those with a fault; the smaller of both sets is gone through."""
    return [key[1][1] for key in faults.lasting if key[0] is AlertName.LINK_DOWN and key[1][1] in links]


def _clusters(down: Sequence[Fault]) -> Iterator[list[Fault]]:
    """Faults that began together, in order of time."""
    ordered = sorted(down, key=lambda fault: (fault.since, fault.subject))
    numbers, number = [], 0
    for before, fault in zip([None, *ordered], ordered, strict=False):
        number += before is not None and fault.since - before.since > TOGETHER
        numbers.append(number)
    for _, group in groupby(zip(numbers, ordered, strict=True), key=lambda pair: pair[0]):
        yield [fault for _, fault in group]


def _joining(members: set[FaultKey], down: Sequence[Fault], faults: Faults) -> list[Fault]:
    """Further links that belong to an outage: those that began with it or not long after its last."""
    known = [faults.lasting[key].since for key in members if key in faults.lasting]
    if not known:
        return []
    first, last = min(known) - TOGETHER, max(known) + JOINS_WITHIN
    return [fault for fault in down if fault.key not in members and first <= fault.since <= last]
