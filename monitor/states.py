"""What state everything is in: its own measurements, what it depends on, maintenance, and whether we see at all."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from model.inventory import Inventory, Site
from model.measurement import Measurement, ProbeKind, SubjectKey
from model.occasion import Occasion, said_by
from model.state import Reachability, Standing, State, device_state, link_state, site_state
from model.topology import Topology
from model.transition import Transition


@dataclass(frozen=True, slots=True)
class Because:
    """When something changed, and on what that was decided.

    Attributes:
        at: When it began, aware UTC.
        noticed_at: When it was noticed, aware UTC.
        uncertainty: Seconds by which ``at`` may be off, either way.
        evidence: In words and numbers.
    """

    at: datetime
    noticed_at: datetime
    uncertainty: float = 0.0
    evidence: Mapping[str, str | float] = field(default_factory=dict)

    def as_parent_of(self, child: SubjectKey, parent_is_lost: bool) -> "Because":  # noqa: FBT001  # it is the fact
        """The same, as the reason for a change of something below."""
        word = Occasion.PARENT_LOST if parent_is_lost else Occasion.PARENT_BACK
        return replace(self, evidence={"because": word.value, "child": child[1]})


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be shown anew, and the fact behind it.

    Attributes:
        subject: What has changed.
        shown: The state to show.
        transition: The fact for the history; ``None`` of a site, whose state follows from its parts, and where only
            maintenance was laid over or taken off.
    """

    subject: SubjectKey
    shown: State
    transition: Transition | None = None


@dataclass(slots=True)
class _Witness:
    """One probe of a subject: what it last said, and how long that is worth something."""

    kind: ProbeKind
    reachability: Reachability = field(default_factory=Reachability)
    fresh_until: float = 0.0
    turned: tuple[datetime, datetime] | None = None  # the last of what it said before, the first of what it says now
    last: tuple[datetime, bool] | None = None

    def state(self, now: float) -> State:
        return self.reachability.state if now <= self.fresh_until else State.UNKNOWN

    def take(self, measurement: Measurement, fresh_until: float) -> None:
        answered = measurement.succeeded
        if not answered and self.last is not None and self.last[1] and measurement.at < self.last[0]:
            return  # one that left later was answered: this silence ended before it was known
        if self.last is not None and self.last[1] is not answered:
            self.turned = self.last[0], measurement.at
        self.last = measurement.at, answered
        self.reachability, self.fresh_until = self.reachability.after(measurement), fresh_until

    def because(self, measurement: Measurement, noticed_at: datetime) -> Because:
        """A change began between the last measurement that speaks against it and the first that speaks for it."""
        evidence = {"because": said_by(measurement)}
        if self.turned is None:
            return Because(measurement.at, noticed_at, evidence=evidence)
        before, after = self.turned
        half = (after - before) / 2
        return Because(before + half, noticed_at, half.total_seconds(), evidence)


@dataclass(slots=True)
class _Held:
    site: str = ""  # whose state follows from this one; empty for what no site stands on
    standing: Standing = field(default_factory=Standing)
    since: datetime | None = None
    witnesses: dict[Hashable, _Witness] = field(default_factory=dict)
    decided: State = State.UNKNOWN  # of a link: what its detector holds
    trusted: bool = False  # of a link: whether fresh measurements bear that out
    fresh: Reachability = field(default_factory=Reachability)
    anew_since: datetime | None = None  # silence of what was sent before says nothing any more
    falls_short: bool = False
    answered_at: datetime | None = None


class States:
    """The state of each site, link, device and service, and since when it is in it."""

    def __init__(self) -> None:
        self._held: dict[SubjectKey, _Held] = {}
        self._observed: dict[SubjectKey, State] = {}
        self._site_parts: dict[str, tuple[SubjectKey, ...]] = {}
        self._topology = Topology(Inventory())
        self._is_watched = True

    def expect(
        self, inventory: Inventory, probes: Iterable[tuple[SubjectKey, Hashable, ProbeKind]], because: Because
    ) -> list[Change]:
        """Know of these probes and no others; what stays keeps what it has learned.

        Returns:
            The end of what was known of subjects that are gone.
        """
        before, self._held = self._held, {}
        self._topology = Topology(inventory)
        for subject, key, kind in probes:
            known = before[subject].witnesses.get(key) if subject in before else None
            self._hold(subject, before).witnesses[key] = known or _Witness(kind)
        self._site_parts = {site.id: _parts(site) for site in inventory.sites}
        for site, parts in self._site_parts.items():
            self._hold(("site", site), before)
            for part in parts:
                self._hold(part, before).site = site
        gone = [subject for subject in before if subject not in self._held]
        ended = [change for subject in gone for change in self._forget(subject, because)]
        return ended + [change for site in self._site_parts for change in self._settle_site(site, because.at)]

    def _hold(self, subject: SubjectKey, before: Mapping[SubjectKey, _Held]) -> _Held:
        if subject not in self._held:
            old = before.get(subject)
            self._held[subject] = replace(old, witnesses={}, site="") if old else _Held()
            self._held[subject].standing = replace(self._held[subject].standing, is_watched=self._is_watched)
        return self._held[subject]

    def _forget(self, subject: SubjectKey, because: Because) -> list[Change]:
        was = self._observed.pop(subject, State.UNKNOWN)
        if was is State.UNKNOWN:
            return []
        evidence = {"because": Occasion.NOT_HELD.value}
        ended = Transition(subject, was, State.UNKNOWN, because.at, 0.0, because.noticed_at, evidence)
        return [Change(subject, State.UNKNOWN, ended)]

    def learn(
        self, key: Hashable, measurement: Measurement, fresh_until: float, now: float, noticed_at: datetime
    ) -> list[Change]:
        """Take one measurement in; of a link it only bears out, or not, what its detector decides.

        Args:
            key: Which probe it comes from.
            measurement: What it gave.
            fresh_until: Until when it is worth something, monotonic seconds.
            now: Monotonic seconds.
            noticed_at: The same, aware UTC.

        Returns:
            What has changed its state by it.
        """
        subject = (measurement.subject.kind, measurement.subject.id)
        held = self._held.get(subject)
        if held is None or key not in held.witnesses:
            return []  # the run began before a reload that took its target away
        if measurement.succeeded:
            held.answered_at = measurement.at
        elif held.anew_since is not None and measurement.at < held.anew_since:
            return []
        if _has_detector(subject):
            return self._bear_out(subject, held, measurement, noticed_at)
        witness = held.witnesses[key]
        witness.take(measurement, fresh_until)
        state = _combined(subject, held.witnesses.values(), now)
        return self._own(subject, state, witness.because(measurement, noticed_at))

    def _bear_out(
        self, subject: SubjectKey, held: _Held, measurement: Measurement, noticed_at: datetime
    ) -> list[Change]:
        if held.trusted:
            return []
        held.fresh = held.fresh.after(measurement)
        agrees = held.fresh.state.passes if held.decided.passes else held.fresh.state is held.decided
        if held.decided is State.UNKNOWN or not agrees:
            return []
        held.trusted = True
        evidence = {"because": said_by(measurement)}
        return self._own(subject, held.decided, Because(measurement.at, noticed_at, evidence=evidence))

    def decide(self, subject: SubjectKey, state: State, because: Because) -> list[Change]:
        """Take over what the detector of a link has decided."""
        held = self._held.get(subject)
        if held is None:
            return []
        held.decided, held.trusted = state, True
        return self._own(subject, state, because)

    def judge(self, subject: SubjectKey, because: Because, *, falls_short: bool) -> list[Change]:
        """Take over whether a link or service breaches its requirement."""
        held = self._held.get(subject)
        if held is None or held.falls_short is falls_short:
            return []
        held.falls_short = falls_short
        own = held.standing.own
        return self._own(subject, State.UP if own is State.DEGRADED else own, because) if own.passes else []

    def expire(self, subjects: Iterable[SubjectKey], now: float, because: Because) -> list[Change]:
        """Make unknown, of these, what has not been measured for too long."""
        changes = []
        for subject in subjects:
            held = self._held.get(subject)
            if held is not None and not _has_detector(subject):
                state = _combined(subject, held.witnesses.values(), now)
                changes += self._own(subject, state, _since_last(held, because))
        return changes

    def maintain(self, subjects: frozenset[SubjectKey], because: Because) -> list[Change]:
        """Lay maintenance over these subjects, and over no others."""
        changes = []
        for subject, held in self._held.items():
            if subject[0] != "site" and held.standing.in_maintenance is not (subject in subjects):
                standing = replace(held.standing, in_maintenance=subject in subjects)
                changes += self._stand(subject, standing, because)
        return changes

    def watch(self, because: Because, *, is_watched: bool) -> list[Change]:
        """Take over whether the monitor sees anything: a blind one knows nothing, and forgets what it knew."""
        if self._is_watched is is_watched:
            return []
        self._is_watched = is_watched
        changes = []
        for subject, held in self._held.items():
            if subject[0] not in {"site", "anchor"}:
                self._start_anew(held, because)
                changes += self._stand(subject, held.standing.with_watch(is_watched), because)
        return changes

    @property
    def topology(self) -> Topology:
        """What depends on what."""
        return self._topology

    def subjects(self) -> list[SubjectKey]:
        """Everything with a probe of its own: links, devices, services, anchors."""
        return [subject for subject in self._held if subject[0] != "site"]

    def state(self, subject: SubjectKey) -> State:
        """The state that is shown; UNKNOWN also for what nobody watches."""
        held = self._held.get(subject)
        return held.standing.state if held else State.UNKNOWN

    def since(self, subject: SubjectKey) -> datetime | None:
        """From when the state holds; ``None`` until it is known."""
        held = self._held.get(subject)
        return held.since if held else None

    def observed(self, subject: SubjectKey) -> State:
        """The state beneath maintenance."""
        return self._observed.get(subject, State.UNKNOWN)

    def answered_at(self, subject: SubjectKey) -> datetime | None:
        """When one of its probes left last that was answered, aware UTC; ``None`` where none ever was."""
        held = self._held.get(subject)
        return held.answered_at if held else None

    def snapshot(self) -> Mapping[SubjectKey, tuple[State, datetime | None]]:
        """Every state with the time from which it holds."""
        return {subject: (held.standing.state, held.since) for subject, held in self._held.items()}

    def _own(self, subject: SubjectKey, state: State, because: Because) -> list[Change]:
        held = self._held[subject]
        own = State.DEGRADED if state is State.UP and held.falls_short else state
        return [] if own is held.standing.own else self._stand(subject, replace(held.standing, own=own), because)

    def _stand(self, subject: SubjectKey, standing: Standing, because: Because) -> list[Change]:
        held = self._held[subject]
        shown, was = held.standing.state, self.observed(subject)
        held.standing = standing
        self._observed[subject] = standing.observed
        if shown is standing.state and was is standing.observed:
            return []
        held.since = because.at if shown is not standing.state else held.since
        changes = [Change(subject, standing.state, _fact(subject, was, standing.observed, because))]
        if was is not standing.observed:
            changes += self._below(subject, because)
        return changes + (self._settle_site(held.site, because.at) if held.site else [])

    def _below(self, subject: SubjectKey, because: Because) -> list[Change]:
        """Let what depends on it know; each of them lets its own children know in turn."""
        changes = []
        for child in self._topology.descendants(subject):
            held = self._held.get(child)
            is_lost = self._topology.unreachable(child, self._observed)
            if held is None or held.standing.parent_is_lost is is_lost:
                continue
            standing = held.standing.with_parent_lost(is_lost)
            if is_lost and not _answered_since(held, because.at):
                standing = replace(standing, own=State.UNKNOWN)
            if standing.own is not held.standing.own or (standing.own is State.UNKNOWN and not is_lost):
                self._start_anew(held, because)
            changes += self._stand(child, standing, because.as_parent_of(child, is_lost))
        return changes

    def _start_anew(self, held: _Held, because: Because) -> None:
        held.trusted, held.fresh, held.anew_since = False, Reachability(), because.noticed_at
        for witness in held.witnesses.values():
            witness.reachability, witness.turned, witness.last = Reachability(), None, None

    def _settle_site(self, site: str, at: datetime) -> list[Change]:
        place = self._held["site", site]
        state = site_state(self.state(part) for part in self._site_parts[site])
        if place.standing.own is state:
            return []
        place.standing, place.since = replace(place.standing, own=state, is_watched=True), at
        return [Change(("site", site), state)]


def _fact(subject: SubjectKey, before: State, after: State, because: Because) -> Transition | None:
    if before is after or subject[0] == "anchor":
        return None
    at = min(because.at, because.noticed_at)
    return Transition(subject, before, after, at, because.uncertainty, because.noticed_at, because.evidence)


def _since_last(held: _Held, because: Because) -> Because:
    """What is no longer measured has been unknown since it was measured last."""
    last = max((witness.last[0] for witness in held.witnesses.values() if witness.last), default=because.at)
    return replace(because, at=min(last, because.at))


def _answered_since(held: _Held, at: datetime) -> bool:
    """Whether its own answers prove its path in spite of what is lost above it; older ones prove nothing."""
    return held.answered_at is not None and held.answered_at >= at


def _has_detector(subject: SubjectKey) -> bool:
    return subject[0] in {"link", "anchor"}


def _parts(site: Site) -> tuple[SubjectKey, ...]:
    """What a site stands on: its links, or where it has none its devices."""
    links: tuple[SubjectKey, ...] = tuple(("link", link.id) for link in site.links)
    return links or tuple(("device", device.id) for device in site.devices)


def _combined(subject: SubjectKey, witnesses: Iterable[_Witness], now: float) -> State:
    if subject[0] != "device":
        return link_state(witness.state(now) for witness in witnesses)
    by_kind = {witness.kind: witness.state(now) for witness in witnesses}
    return device_state(by_kind.get(ProbeKind.ICMP), by_kind.get(ProbeKind.SNMP))
