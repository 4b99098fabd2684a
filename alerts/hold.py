"""Why nobody is told yet: something that would explain a fault may be down too, and is being asked."""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from alerts.faults import Faults
from alerts.grouping import outage_key
from alerts.shared import FEWEST_TOGETHER, TOGETHER, AnsweredAt, Shared, answers_again, site_parts
from model.grounds import Ground, Grounds
from model.incident import AlertName, Fault, FaultKey, in_inventory
from model.inventory import Inventory, Link
from model.measurement import SubjectKey
from model.state import State
from model.topology import Topology

ALIVE_WITHIN: Final = timedelta(seconds=2.6)
"""What answered so shortly before a link was found down did not fall silent with it: a burst confirms for longer."""
ALIVE_WITHIN_ECHOES: Final = timedelta(seconds=1.1)
"""The same for a device, about which three echoes decide."""
PARENT_PATIENCE: Final = timedelta(seconds=3)
RETURN_PATIENCE: Final = timedelta(seconds=6)
"""The same for a parent that is known by nothing yet since it, or the monitor, is back: three silences take so long."""
BACK_FOR: Final = timedelta(seconds=3.5)
"""So long after the return of a parent what hangs on it may be found down by silence from before."""
AFTER_SILENCE: Final = timedelta(seconds=1.5)
ANCHOR_PATIENCE: Final = timedelta(seconds=1.5)
SIBLING_PATIENCE: Final = timedelta(seconds=1.2)
SLOWLY: Final = timedelta(seconds=8)
"""A device that was found down over more than this was not asked by a burst: it is asked by one before that is told."""
BURST_PATIENCE: Final = timedelta(seconds=1.3)
RECOVERY_PATIENCE: Final = timedelta(seconds=12)
"""What answers again before anybody was told is up by then, or silent once more."""
FROM_CUT: Final = timedelta(seconds=4.7)
"""So long after the last answer of any of them, nearly all that were cut together have been found silent; who was cut
alone is told of within five seconds nevertheless."""
OVERDUE: Final = timedelta(seconds=0.6)
PUNCTUALITY: Final = timedelta(seconds=0.1)
LOOK_AGAIN: Final = timedelta(seconds=0.25)
"""So often it is looked whether what is being asked has answered."""
_OUTAGES: Final = frozenset({AlertName.LINK_DOWN, AlertName.DEVICE_DOWN, AlertName.SERVICE_DOWN})
_HELD: Final = _OUTAGES | {AlertName.LINK_FLAPPING}


@dataclass(frozen=True, slots=True)
class Hold:
    """Nobody is told of a fault yet.

    Attributes:
        until: At the latest, aware UTC.
        because: What is being asked, or has just answered.
    """

    until: datetime
    because: Grounds


class Holds:
    """Which faults wait for a verdict on something else."""

    def __init__(self, inventory: Inventory, topology: Topology, shared: Shared, answered_at: AnsweredAt) -> None:
        self._topology = topology
        self._shared = shared
        self._answered_at = answered_at
        self._intervals: Mapping[SubjectKey, timedelta] = {
            ("link", link.id): timedelta(seconds=link.interval) for _, link in inventory.links()
        }
        self._anchors: tuple[SubjectKey, ...] = tuple(("anchor", str(anchor)) for anchor in inventory.anchors)
        self._below: dict[SubjectKey, dict[str, str]] = {}
        for _, link in inventory.links():
            for parent in topology.parents(("link", link.id)):
                self._below.setdefault(parent, {})[link.id] = link.id
        self._silent: dict[FaultKey, tuple[datetime, datetime]] = {}  # until when a parent was, and might have been
        self._unasked: frozenset[SubjectKey] = frozenset(
            ("device", device.id) for _, device in inventory.devices() if device.icmp is None and device.snmp is None
        )

    def asking(self, new: Iterable[Fault], faults: Faults, now: datetime) -> Mapping[FaultKey, Hold]:
        """Those of the new faults that may turn out to be no faults of their own: nothing may be derived from them yet.

        Args:
            new: That no incident tells of.
            faults: The present picture.
            now: Aware UTC.
        """
        fresh = [fault for fault in new if fault.name in _HELD]
        keys = {fault.key for fault in fresh}
        self._silent = {key: silent for key, silent in self._silent.items() if key in keys}
        holds = ((fault, self._ask(fault, faults, now)) for fault in fresh)
        return {fault.key: hold for fault, hold in holds if hold is not None}

    def held(
        self, new: Iterable[Fault], asking: Mapping[FaultKey, Hold], faults: Faults, now: datetime
    ) -> Mapping[FaultKey, Hold]:
        """Those of the new faults that nobody is to be told of yet.

        Args:
            new: That no incident tells of.
            asking: As ``asking`` has given them.
            faults: The present picture.
            now: Aware UTC.
        """
        overdue = _Overdue(self._intervals, self._answered_at, faults, now)
        fresh = list(new)
        holds = dict(asking)
        for fault in fresh:
            waiting = _first(self._for_others(fault, faults, overdue), now)
            if waiting is not None:
                holds.setdefault(fault.key, waiting)
        for fault in fresh:
            waiting = next((holds[key] for key in self._parts(fault, faults) if key in holds), None)
            if waiting is not None:
                holds[fault.key] = waiting
        return holds

    def _ask(self, fault: Fault, faults: Faults, now: datetime) -> Hold | None:
        if now >= fault.noticed_at + RECOVERY_PATIENCE:
            return None
        holds = [*self._while_parents_are_silent(fault, faults, now), *self._for_anchors(fault)]
        return _first([*holds, *self._for_itself(fault, faults, now)], now)

    def _while_parents_are_silent(self, fault: Fault, faults: Faults, now: datetime) -> Iterator[Hold]:
        """And a moment longer, if they answer again: so does what they have cut off."""
        subject = in_inventory(fault.subject)
        hold = _first(self._for_parents(subject, fault, faults), now) if subject else None
        if hold is not None:
            self._silent[fault.key] = now, hold.until
            yield hold
        elif fault.key in self._silent:
            silent, until = self._silent[fault.key]
            if now < until:
                yield Hold(silent + AFTER_SILENCE, Grounds(Ground.PARENTS_ANSWER))

    def _for_parents(self, subject: SubjectKey, fault: Fault, faults: Faults) -> Iterator[Hold]:
        for group in self._topology.needs(subject):
            if any(self._is_there(parent, fault, faults) for parent in group):
                continue
            for parent in sorted(group):
                if parent in self._unasked:
                    yield from self._for_parents(parent, fault, faults)
                elif not faults.states.get(parent, State.UNKNOWN).is_lost:  # else this fault is explained by it
                    yield from self._for_parent(parent, fault, faults)

    def _for_parent(self, parent: SubjectKey, fault: Fault, faults: Faults) -> Iterator[Hold]:
        """Until a parent that may be lost has its verdict, and what hangs on it one that is from after its return."""
        noun, name = parent
        which = {"noun": noun, "name": name}
        passes = faults.states.get(parent, State.UNKNOWN).passes
        if not passes or not self._is_alive(parent, fault):
            is_sooner = (
                fault.name is AlertName.DEVICE_DOWN
            )  # three echoes decide, whatever the line has learned to bear
            patience = PARENT_PATIENCE if passes and not is_sooner else RETURN_PATIENCE
            yield Hold(fault.noticed_at + patience, Grounds(Ground.PARENT_ASKED, which))
        if _is_just_back(parent, fault, faults):
            yield Hold(faults.back_since[parent] + BACK_FOR, Grounds(Ground.PARENT_BACK, which))

    def _is_there(self, parent: SubjectKey, fault: Fault, faults: Faults) -> bool:
        """Whether a parent did not fall silent with what hangs on it; of one that nobody asks its own parents tell."""
        if parent not in self._unasked:
            passes = faults.states.get(parent, State.UNKNOWN).passes and not _is_just_back(parent, fault, faults)
            return passes and self._is_alive(parent, fault)
        groups = self._topology.needs(parent)
        return all(any(self._is_there(above, fault, faults) for above in group) for group in groups)

    def _for_anchors(self, fault: Fault) -> Iterator[Hold]:
        if self._anchors and not any(self._is_alive(anchor, fault) for anchor in self._anchors):
            patience = PARENT_PATIENCE if fault.name is AlertName.DEVICE_DOWN else ANCHOR_PATIENCE
            yield Hold(fault.noticed_at + patience, Grounds(Ground.ANCHORS_ASKED))

    def _for_itself(self, fault: Fault, faults: Faults, now: datetime) -> Iterator[Hold]:
        """It answers again, so that what it was silent for may have been something above it; or it may by chance."""
        is_new = fault.key not in faults.remembered
        if fault.name is AlertName.LINK_DOWN and is_new and answers_again(fault, self._answered_at, now):
            yield Hold(fault.noticed_at + RECOVERY_PATIENCE, Grounds(Ground.ANSWERS_AGAIN))
        if fault.name is AlertName.DEVICE_DOWN and is_new and fault.noticed_at - fault.since > SLOWLY:
            yield Hold(fault.noticed_at + BURST_PATIENCE, Grounds(Ground.ASKED_ONCE_MORE))

    def _for_others(self, fault: Fault, faults: Faults, overdue: "_Overdue") -> Iterator[Hold]:
        """What has been cut with it is about to be found silent, too."""
        if fault.name is AlertName.LINK_DOWN:
            yield from _for_others_here(fault, faults, overdue)
            yield from self._for_siblings(fault, faults, overdue)
            yield from self._for_others_below(fault.subject[1], fault, overdue)

    def _for_siblings(self, fault: Fault, faults: Faults, overdue: "_Overdue") -> Iterator[Hold]:
        """Links of the same provider at enough other sites: perhaps all have one cause."""
        _, item = faults.places[fault.subject]
        if isinstance(item, Link) and item.provider:
            until = overdue.of(item.provider, self._shared.links_of(item.provider), fault)
            if until is not None:
                yield Hold(until, Grounds(Ground.PROVIDER_ASKED, {"provider": item.provider}))

    def _for_others_below(self, link: str, fault: Fault, overdue: "_Overdue") -> Iterator[Hold]:
        """Enough links that hang on the same thing: it answers, but perhaps passes nothing on."""
        for parent in self._topology.parents(("link", link)):
            until = overdue.of(parent, self._below[parent], fault)
            if until is not None:
                yield Hold(until, Grounds(Ground.SIBLINGS_ASKED, {"noun": parent[0], "name": parent[1]}))

    def _is_alive(self, subject: SubjectKey, fault: Fault) -> bool:
        answered = self._answered_at(subject)
        within = ALIVE_WITHIN_ECHOES if fault.name is AlertName.DEVICE_DOWN else ALIVE_WITHIN
        return answered is not None and answered >= fault.noticed_at - within

    def _parts(self, fault: Fault, faults: Faults) -> Iterable[FaultKey]:
        """The faults that make up this one."""
        match fault.name:
            case AlertName.SITE_UNREACHABLE:
                site, _ = faults.places[fault.subject]
                return [outage_key(part) for part in site_parts(site)] if site else ()
            case AlertName.PROVIDER_OUTAGE:
                return self._shared.members.get(fault.subject[1], ())
            case _:
                return ()


class _Overdue:
    """Links that are about to be found silent, too."""

    def __init__(
        self,
        intervals: Mapping[SubjectKey, timedelta],
        answered_at: AnsweredAt,
        faults: Faults,
        now: datetime,
    ) -> None:
        self._intervals = intervals
        self._answered_at = answered_at
        self._faults = faults
        self._now = now
        self._waiting: dict[Hashable, list[tuple[datetime, str]]] = {}
        self._down: dict[Hashable, list[tuple[datetime, str]]] = {}

    def among(self, links: Iterable[str], fault: Fault) -> datetime | None:
        """Until when those of these links that may have been cut with another are waited for; ``None``: there is none.

        Args:
            links: Ids.
            fault: The other, found silent.
        """
        answers = [at for link in links if (at := self._overdue_since(("link", link))) is not None]
        return self._until(fault, max((at for at in answers if at <= self._latest(fault)), default=None))

    def of(self, whole: Hashable, links: Mapping[str, str], fault: Fault) -> datetime | None:
        """The same of links that may have a cause in common, where they are enough to say so.

        Args:
            whole: What they have in common.
            links: All of them by id, each with what it counts as: three of those are enough.
            fault: The other, found silent.
        """
        if whole not in self._waiting:
            self._find(whole, links)
        waiting, down = self._waiting[whole], self._down[whole]
        waiting = waiting[: bisect_right(waiting, (self._latest(fault), "~"))]
        first, last = (bisect_right(down, (at, "")) for at in (fault.since - TOGETHER, fault.since + TOGETHER))
        if not waiting or not _are_enough(chain((one for _, one in waiting), (one for _, one in down[first:last]))):
            return None
        return self._until(fault, waiting[-1][0])

    def _find(self, whole: Hashable, links: Mapping[str, str]) -> None:
        answers = ((self._overdue_since(("link", link)), one) for link, one in links.items())
        self._waiting[whole] = sorted((at, one) for at, one in answers if at is not None)
        lasting = ((self._faults.lasting.get((AlertName.LINK_DOWN, ("link", link), "")), links[link]) for link in links)
        self._down[whole] = sorted((fault.since, one) for fault, one in lasting if fault is not None)

    def _overdue_since(self, link: SubjectKey) -> datetime | None:
        """When a link answered last that is about to be found silent; ``None`` of one that is not."""
        answered = self._answered_at(link)
        if answered is None or not self._faults.states.get(link, State.UNKNOWN).passes:
            return None
        due = answered + self._interval(link) + OVERDUE
        return answered if due < self._now < answered + 2 * FROM_CUT else None

    def _latest(self, fault: Fault) -> datetime:
        """What answered after this fell silent later: its begin lies in the middle between answer and silence."""
        subject = in_inventory(fault.subject)
        answered = self._answered_at(subject) if subject else None
        if answered is None or answered > fault.since:
            return self._now
        return fault.since + (fault.since - answered) + PUNCTUALITY

    def _until(self, fault: Fault, answered: datetime | None) -> datetime | None:
        return None if answered is None else min(fault.noticed_at + SIBLING_PATIENCE, answered + FROM_CUT)

    def _interval(self, link: SubjectKey) -> timedelta:
        return self._intervals.get(link, timedelta())


def _are_enough(ones: Iterable[str]) -> bool:
    seen: set[str] = set()
    for one in ones:
        seen.add(one)
        if len(seen) >= FEWEST_TOGETHER:
            return True
    return False


def _is_just_back(parent: SubjectKey, fault: Fault, faults: Faults) -> bool:
    back = faults.back_since.get(parent)
    return back is not None and fault.noticed_at < back + BACK_FOR


def _first(holds: Iterable[Hold], now: datetime) -> Hold | None:
    return next((hold for hold in holds if now < hold.until), None)


def _for_others_here(fault: Fault, faults: Faults, overdue: _Overdue) -> Iterator[Hold]:
    """Another line of the site is about to be found silent too: then the whole site is cut off."""
    site, _ = faults.places[fault.subject]
    if site is not None:
        until = overdue.among((link.id for link in site.links), fault)
        if until is not None:
            yield Hold(until, Grounds(Ground.SITE_ASKED))
