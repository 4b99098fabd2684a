"""A city in which everything goes down and up within a minute: what the pipeline of alerts makes of it."""

import gc
import math
import os
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from alerts.correlate import Correlator
from alerts.labels import Places
from alerts.mute import Rules
from alerts.notice import Kind
from alerts.pipeline import Pipeline, Step
from bench.meter import own_cpu, resident_megabytes
from model.inventory import Inventory
from model.measurement import SubjectKey
from model.state import State

PER_SITE: Final = 3
MINUTE: Final = 60.0
_BEGIN: Final = datetime(2026, 11, 24, 3, tzinfo=UTC)
_DOWN_FOR: Final = 8.0
"""Seconds; links of one site follow each other with room between, or the site as a whole would be cut off."""
_NOTICED_AFTER: Final = timedelta(seconds=3.8)
_REST: Final = 4
"""Times as long as it has worked the pipeline rests, and at least a moment, as the daemon lets it."""
_GATHER: Final = 0.01
_CALM: Final = 120.0
"""Seconds after the last transition in which everything is to end."""

Change = tuple[float, SubjectKey, State]


@dataclass(slots=True)
class Storm:
    """What came of it.

    Attributes:
        transitions: How many were fed.
        opened: By incident, messages that told it for the first time.
        resolved: By incident, messages that told its end.
        merged: Incidents that became part of another.
        others: Further messages.
        told: By link, first messages that name it.
        open: Incidents that were open at the end.
        cpu: Seconds of CPU, of everything.
        grown: MB by which the process grew.
        latest: Seconds from a transition until the pipeline looked at it, at most.
    """

    transitions: int = 0
    opened: Counter[str] = field(default_factory=Counter)
    resolved: Counter[str] = field(default_factory=Counter)
    merged: set[str] = field(default_factory=set)
    others: int = 0
    told: Counter[str] = field(default_factory=Counter)
    open: int = 0
    cpu: float = 0.0
    grown: float = 0.0
    latest: float = 0.0

    @property
    def messages(self) -> int:
        """All of them."""
        return self.opened.total() + self.resolved.total() + self.others

    @property
    def wrong(self) -> int:
        """Incidents whose begin or end was not told once; of one that became part of another the end is not told."""
        names = self.opened.keys() | self.resolved.keys()
        ends = {name: self.resolved[name] + (name in self.merged) for name in names}
        return self.open + sum((self.opened[name], ends[name]) != (1, 1) for name in names)

    def note(self, step: Step) -> None:
        """Count what a step decided."""
        self.merged |= {incident.id for incident in step.incidents if incident.merged_into is not None}
        for notice in step.notices:
            match notice.kind:
                case Kind.OPENED:
                    self.opened.update(notice.incidents)
                    self.told.update(alert.labels.get("link", "") for alert in notice.alerts)
                case Kind.RESOLVED:
                    self.resolved.update(notice.incidents)
                case _:
                    self.others += 1


def city(sites: int, providers: int | None) -> Inventory:
    """So many sites with three links each.

    Args:
        sites: How many.
        providers: Who sell the links; ``None`` gives each link one of its own, so that each cut has its own cause.
    """
    return Inventory.model_validate({
        "ward": {"id": "city", "timezone": "Asia/Ho_Chi_Minh", "language": "vi"},
        "alerts": {"receivers": {"hook": {"webhook": "http://127.0.0.1:9/"}}, "routes": [{"receiver": "hook"}]},
        "sites": [_site(number, providers or sites * PER_SITE) for number in range(sites)],
    })


def _site(number: int, providers: int) -> Mapping[str, object]:
    links = [
        {
            "id": f"link-{rank}",
            "target": "icmp://192.0.2.1",
            "role": "backup" if rank % PER_SITE else "primary",
            "provider": f"Provider {rank % providers}",
        }
        for rank in range(number * PER_SITE, (number + 1) * PER_SITE)
    ]
    return {"id": f"site-{number}", "name": f"Điểm {number}", "links": links}


def course(links: Sequence[str], dice: random.Random) -> list[Change]:
    """Each link down and up again within the minute, those of one site one after the other; in order of time."""
    part = MINUTE / PER_SITE
    changes: list[Change] = []
    for number, link in enumerate(links):
        begin = number % PER_SITE * part + dice.random() * (part - 1.5 * _DOWN_FOR)
        changes += [(begin, ("link", link), State.DOWN), (begin + _DOWN_FOR, ("link", link), State.UP)]
    return sorted(changes)


def storm(sites: int, links: int, providers: int | None, seed: int = 1) -> Storm:
    """Feed the pipeline, and let it look as often as the daemon would let it.

    Args:
        sites: Of the city.
        links: Of them, so many go down and up.
        providers: As of ``city``.
        seed: Of the moments.
    """
    inventory = city(sites, providers)
    names = [link.id for _, link in inventory.links()]
    play = _Play(inventory, names)
    changes = course(names[:links], random.Random(seed))  # noqa: S311  # the same each time
    gc.collect()
    memory, before = resident_megabytes(os.getpid()), own_cpu()
    found = play.through(changes)
    found.cpu, found.grown = own_cpu() - before, resident_megabytes(os.getpid()) - memory
    return found


class _Play:
    """A city whose links are up, and its pipeline."""

    def __init__(self, inventory: Inventory, links: Sequence[str]) -> None:
        self._up: set[SubjectKey] = {("link", link) for link in links}
        self._now = self._done = self._rest = 0.0
        self._pipeline = Pipeline(Correlator(self._answered_at))
        self._pipeline.load(Rules(Places(inventory)), lambda _incident, _person: "", _BEGIN)
        for link in self._up:
            self._pipeline.correlator.faults.changed(link, State.UP, _BEGIN, _BEGIN)
        self._pipeline.step(_BEGIN)

    def through(self, changes: Sequence[Change]) -> Storm:
        """Feed these, and look on until all should be over."""
        found, fed, wake = Storm(len(changes)), 0, math.inf
        end = changes[-1][0] + _CALM
        while (due := min(changes[fed][0] if fed < len(changes) else math.inf, wake)) <= end:
            self._now = max(due, self._done) + max(_GATHER, self._rest)
            while fed < len(changes) and changes[fed][0] <= self._now:
                found.latest = max(found.latest, self._now - changes[fed][0])
                self._feed(changes[fed])
                fed += 1
            step = self._step()
            found.note(step)
            wake = math.inf if step.wake_at is None else (step.wake_at - _BEGIN).total_seconds()
        found.open = len(self._pipeline.correlator.open)
        return found

    def _feed(self, change: Change) -> None:
        at, link, state = change
        (self._up.add if state is State.UP else self._up.discard)(link)
        noticed = _at(at)
        self._pipeline.correlator.faults.changed(link, state, noticed - _NOTICED_AFTER, noticed)

    def _step(self) -> Step:
        before = own_cpu()
        step = self._pipeline.step(_at(self._now))
        took = own_cpu() - before
        self._done, self._rest = self._now + took, took * _REST
        return step

    def _answered_at(self, subject: SubjectKey) -> datetime | None:
        return _at(self._now) if subject in self._up else None


def _at(seconds: float) -> datetime:
    return _BEGIN + timedelta(seconds=seconds)
