"""Why nobody is told yet: something that would explain a fault may be down too, and is being asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from alerts.faults import Faults
from alerts.grouping import outage_key
from alerts.shared import FEWEST_SITES, TOGETHER, Shared, site_parts
from model.incident import AlertName, Fault, FaultKey, in_inventory
from model.inventory import Inventory, Link
from model.measurement import SubjectKey
from model.state import State
from model.topology import Topology

AnsweredAt = Callable[[SubjectKey], datetime | None]
"""When a subject answered last, aware UTC."""

ALIVE_WITHIN: Final = timedelta(seconds=2.6)
"""What answered so shortly before a fault was noticed did not fall silent with it: a burst confirms for longer."""
PARENT_PATIENCE: Final = timedelta(seconds=3)
ANCHOR_PATIENCE: Final = timedelta(seconds=1.5)
SIBLING_PATIENCE: Final = timedelta(seconds=1.2)
FROM_CUT: Final = timedelta(seconds=4.6)
"""So long after the last answer of any of them, all that were cut together have been found silent."""
OVERDUE: Final = timedelta(seconds=0.6)
_OUTAGES: Final = frozenset({AlertName.LINK_DOWN, AlertName.DEVICE_DOWN, AlertName.SERVICE_DOWN})


@dataclass(frozen=True, slots=True)
class Hold:
    """Nobody is told of a fault yet.

    Attributes:
        until: At the latest, aware UTC.
        because: In words.
    """

    until: datetime
    because: str


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

    def held(self, new: Iterable[Fault], faults: Faults, now: datetime) -> Mapping[FaultKey, Hold]:
        """Those of the new faults that nobody is to be told of yet.

        Args:
            new: That no incident tells of.
            faults: The present picture.
            now: Aware UTC.
        """
        overdue = _Overdue(self._shared, self._intervals, self._answered_at, faults, now)
        fresh = list(new)
        holds = {fault.key: hold for fault in fresh if (hold := self._hold(fault, faults, overdue, now)) is not None}
        for fault in fresh:
            waiting = next((holds[key] for key in self._parts(fault, faults) if key in holds), None)
            if waiting is not None:
                holds[fault.key] = waiting
        return holds

    def _hold(self, fault: Fault, faults: Faults, overdue: "_Overdue", now: datetime) -> Hold | None:
        if fault.name not in _OUTAGES or now >= fault.noticed_at + PARENT_PATIENCE:
            return None
        holds = [*self._for_parents(fault, faults), *self._for_anchors(fault, faults)]
        holds += _for_others_here(fault, faults, overdue)
        if provider := _provider(fault, faults):
            holds += _for_siblings(fault, overdue, provider)
        return next((hold for hold in holds if now < hold.until), None)

    def _for_parents(self, fault: Fault, faults: Faults) -> Iterator[Hold]:
        subject = in_inventory(fault.subject)
        for parent in self._topology.ancestors(subject) if subject else ():
            if faults.states.get(parent, State.UNKNOWN).passes and not self._is_alive(parent, fault.noticed_at):
                yield Hold(fault.noticed_at + PARENT_PATIENCE, f"{parent[0]} {parent[1]} is being asked")

    def _for_anchors(self, fault: Fault, faults: Faults) -> Iterator[Hold]:
        is_alive = any(self._is_alive(anchor, fault.noticed_at) for anchor in self._anchors)
        if self._anchors and not is_alive and not faults.is_blind:
            yield Hold(fault.noticed_at + ANCHOR_PATIENCE, "the anchors are being asked: the monitor may be cut off")

    def _is_alive(self, subject: SubjectKey, noticed_at: datetime) -> bool:
        answered = self._answered_at(subject)
        return answered is not None and answered >= noticed_at - ALIVE_WITHIN

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
    """Of each provider the links that are about to be found silent too."""

    def __init__(
        self,
        shared: Shared,
        intervals: Mapping[SubjectKey, timedelta],
        answered_at: AnsweredAt,
        faults: Faults,
        now: datetime,
    ) -> None:
        self._shared = shared
        self._intervals = intervals
        self._answered_at = answered_at
        self._faults = faults
        self._now = now
        self._known: dict[str, Mapping[str, datetime]] = {}

    def of(self, provider: str) -> Mapping[str, datetime]:
        """Their sites, and when each of these answered last."""
        if provider not in self._known:
            self._known[provider] = self._find(provider)
        return self._known[provider]

    def _find(self, provider: str) -> Mapping[str, datetime]:
        links = self._shared.links_of(provider)
        return {site: at for link, site in links.items() if (at := self.overdue_since(("link", link))) is not None}

    def overdue_since(self, link: SubjectKey) -> datetime | None:
        """When a link answered last that is about to be found silent; ``None`` of one that is not."""
        answered = self._answered_at(link)
        if answered is None or not self._faults.states.get(link, State.UNKNOWN).passes:
            return None
        due = answered + self._intervals.get(link, timedelta()) + OVERDUE
        return answered if due < self._now < answered + 2 * FROM_CUT else None

    def down(self, provider: str, near: datetime) -> set[str]:
        """The sites of those that have been found silent already, about that time."""
        links = self._shared.links_of(provider)
        faults = (self._faults.lasting.get((AlertName.LINK_DOWN, ("link", link), "")) for link in links)
        return {links[fault.subject[1]] for fault in faults if fault and abs(fault.since - near) <= TOGETHER}


def _for_others_here(fault: Fault, faults: Faults, overdue: _Overdue) -> Iterator[Hold]:
    """Another line of the site is about to be found silent too: then the whole site is cut off."""
    site, _ = faults.places[fault.subject]
    others: list[SubjectKey] = (
        [("link", link.id) for link in site.links] if site and fault.name is AlertName.LINK_DOWN else []
    )
    answers = [at for other in others if (at := overdue.overdue_since(other)) is not None]
    if answers:
        until = min(fault.noticed_at + SIBLING_PATIENCE, max(answers) + FROM_CUT)
        yield Hold(until, "another line of its site is being asked")


def _for_siblings(fault: Fault, overdue: _Overdue, provider: str) -> Iterator[Hold]:
    """Links of the same provider are about to be found silent at enough other sites: perhaps all have one cause."""
    waiting = overdue.of(provider)
    if waiting and len(overdue.down(provider, fault.since) | waiting.keys()) >= FEWEST_SITES:
        until = min(fault.noticed_at + SIBLING_PATIENCE, max(waiting.values()) + FROM_CUT)
        yield Hold(until, f"other links of {provider} are being asked")


def _provider(fault: Fault, faults: Faults) -> str:
    _, item = faults.places[fault.subject]
    return item.provider if isinstance(item, Link) else ""
