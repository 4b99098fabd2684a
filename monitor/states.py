"""What state everything is in, learned from one measurement after another."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from model.inventory import Inventory, Site
from model.measurement import Measurement, Noun, ProbeKind, SubjectKey
from model.state import Reachability, State, device_state, link_state, site_state


@dataclass(slots=True)
class _Witness:
    """One probe of a subject: what it last said, and how long that is worth something."""

    kind: ProbeKind
    reachability: Reachability = field(default_factory=Reachability)
    fresh_until: float = 0.0

    def state(self, now: float) -> State:
        return self.reachability.state if now <= self.fresh_until else State.UNKNOWN


@dataclass(slots=True)
class _Held:
    site: str = ""  # whose state follows from this one; empty for what no site stands on
    state: State = State.UNKNOWN
    since: datetime | None = None
    witnesses: dict[Hashable, _Witness] = field(default_factory=dict)


class States:
    """The state of each site, link, device and service, and since when it is in it."""

    def __init__(self) -> None:
        self._held: dict[SubjectKey, _Held] = {}
        self._site_parts: dict[str, tuple[SubjectKey, ...]] = {}

    def expect(self, inventory: Inventory, probes: Iterable[tuple[SubjectKey, Hashable, ProbeKind]]) -> None:
        """Know of these probes and no others; what stays keeps what it has learned."""
        before, self._held = self._held, {}
        for subject, key, kind in probes:
            held = self._held.setdefault(subject, _carried(before.get(subject)))
            known = before[subject].witnesses.get(key) if subject in before else None
            held.witnesses[key] = known or _Witness(kind)
        for site in inventory.sites:
            self._held["site", site.id] = _carried(before.get(("site", site.id)))
        self._site_parts = {site.id: _parts(site) for site in inventory.sites}
        for place, parts in self._site_parts.items():
            for part in parts:
                self._held.setdefault(part, _carried(before.get(part))).site = place

    def learn(self, key: Hashable, measurement: Measurement, fresh_until: float, now: float) -> list[SubjectKey]:
        """Take one measurement in.

        Args:
            key: Which probe it comes from.
            measurement: What it gave.
            fresh_until: Until when it is worth something, monotonic seconds.
            now: Monotonic seconds.

        Returns:
            What has changed its state by it: the subject, its site, both or neither.
        """
        subject = (measurement.subject.kind, measurement.subject.id)
        held = self._held.get(subject)
        if held is None or key not in held.witnesses:
            return []  # the run began before a reload that took its target away
        witness = held.witnesses[key]
        witness.reachability, witness.fresh_until = witness.reachability.after(measurement), fresh_until
        return self._settle(subject, measurement.at, now)

    def _settle(self, subject: SubjectKey, at: datetime, now: float) -> list[SubjectKey]:
        held = self._held[subject]
        state = _combined(subject[0], held.witnesses.values(), now)
        if held.state is state:
            return []
        held.state, held.since = state, at
        return [subject, *(self._settle_site(held.site, at) if held.site else ())]

    def _settle_site(self, site: str, at: datetime) -> list[SubjectKey]:
        place = self._held["site", site]
        state = site_state(self.state(part) for part in self._site_parts[site])
        if place.state is state:
            return []
        place.state, place.since = state, at
        return [("site", site)]

    def subjects(self) -> list[SubjectKey]:
        """Everything with a probe of its own: links, devices, services, anchors."""
        return [subject for subject in self._held if subject[0] != "site"]

    def expire(self, subjects: Iterable[SubjectKey], at: datetime, now: float) -> list[SubjectKey]:
        """Make unknown, of these, what has not been measured for too long; gives back what changed."""
        changed = []
        for subject in subjects:
            if subject in self._held:
                changed += self._settle(subject, at, now)
        return changed

    def state(self, subject: SubjectKey) -> State:
        """The state; UNKNOWN also for what nobody watches."""
        held = self._held.get(subject)
        return held.state if held else State.UNKNOWN

    def snapshot(self) -> Mapping[SubjectKey, tuple[State, datetime | None]]:
        """Every state with the time of the measurement that brought it about."""
        return {subject: (held.state, held.since) for subject, held in self._held.items()}


def _carried(before: _Held | None) -> _Held:
    return _Held(state=before.state, since=before.since) if before else _Held()


def _parts(site: Site) -> tuple[SubjectKey, ...]:
    """What a site stands on: its links, or where it has none its devices."""
    links: tuple[SubjectKey, ...] = tuple(("link", link.id) for link in site.links)
    return links or tuple(("device", device.id) for device in site.devices)


def _combined(noun: Noun, witnesses: Iterable[_Witness], now: float) -> State:
    if noun != "device":
        return link_state(witness.state(now) for witness in witnesses)
    by_kind = {witness.kind: witness.state(now) for witness in witnesses}
    return device_state(by_kind.get(ProbeKind.ICMP), by_kind.get(ProbeKind.SNMP))
