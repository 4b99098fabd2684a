"""The current picture: what is known of every subject now, and what a scrape may show of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from exporters.blocks import Block, Sample, Scalars, StateSet
from exporters.labels import ip_version, label, labels
from exporters.readings import echo_extras, negotiated_speed, outcome_samples, snmp_blocks
from exporters.subjects import Described, described, negotiated
from exporters.tallies import EchoTally, LinkTally
from model.inventory import Inventory
from model.measurement import Noun, SubjectKey, EchoReading, Failure, Measurement, ProbeKind, SnmpReading, Subject
from model.state import State

SERIES_PER_DEVICE: Final = 50_000
"""Series of one device's interfaces; the interfaces beyond are cut and counted."""

_NEGOTIATED: Final = (None, "")


@dataclass(frozen=True, slots=True)
class _Part:
    """What one probe of a subject last said, and until when it may be shown (monotonic seconds)."""

    blocks: tuple[Block, ...]
    until: float


@dataclass(slots=True)
class _Entry:
    """One subject and all that is known of it now."""

    described: Described
    state: State = State.UNKNOWN
    parts: dict[tuple[ProbeKind | None, str], _Part] = field(default_factory=dict)
    echoes: dict[str, EchoTally] = field(default_factory=dict)
    link: LinkTally | None = None
    duplicates: int = 0

    def blocks(self, now: float) -> Iterator[Block]:
        """What a scrape at ``now`` may show."""
        yield from self.described.fixed
        yield StateSet(f"linkward_{self.described.kind}_state", self.described.labels, self.state)
        if self.link is not None:
            yield from self.link.blocks(self.described.labels)
        if self.duplicates:
            yield Scalars.of(self.described.labels, [Sample("linkward_duplicate_series_total", self.duplicates)])
        yield from _shown(self.parts, self.echoes, now)


@dataclass(slots=True)
class _Anchor:
    """What is probed only to tell a blind monitor from a dead ward."""

    parts: dict[tuple[ProbeKind | None, str], _Part] = field(default_factory=dict)


def _shown(
    parts: dict[tuple[ProbeKind | None, str], _Part], echoes: dict[str, EchoTally], now: float
) -> Iterator[Block]:
    for part in parts.values():
        if part.until > now:
            yield from part.blocks
    for names, tally in echoes.items():
        yield from tally.blocks(names)


class Latest:
    """The latest of everything. One reader and one writer in one event loop; a block, once given out, never changes.

    Args:
        series_limit: Series that the interfaces of one device may have.
    """

    def __init__(self, series_limit: int = SERIES_PER_DEVICE) -> None:
        self._series_limit = series_limit
        self._entries: dict[SubjectKey, _Entry] = {}
        self._anchors: dict[str, _Anchor] = {}
        self._uplinks: dict[str, list[tuple[_Entry, str]]] = {}

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory. What is still the same keeps its values, counters and state."""
        self._entries = {(entry.kind, entry.id): self._entry(entry) for entry in described(inventory)}
        self._anchors.clear()
        self._uplinks = {}
        for entry in self._entries.values():
            if entry.described.interface is not None:
                device, name = entry.described.interface
                self._uplinks.setdefault(device, []).append((entry, name))

    def _entry(self, new: Described) -> _Entry:
        old = self._entries.get((new.kind, new.id))
        if old is None or old.described.identity != new.identity:
            return _Entry(new, link=LinkTally() if new.kind == "link" else None)
        old.described = new
        return old

    def set_state(self, kind: Noun, subject_id: str, state: State) -> None:
        """Take over a state; one of a subject that is no longer watched is ignored."""
        if entry := self._entries.get((kind, subject_id)):
            entry.state = state

    def has_site(self, site: str) -> bool:
        """Whether the inventory holds this site."""
        return ("site", site) in self._entries

    def record(self, measurement: Measurement, fresh_for: float, now: float) -> None:
        """Take over a measurement, which replaces all that the same probe said before.

        Args:
            measurement: Of anything; one of a subject that is no longer watched is ignored.
            fresh_for: Seconds after which it is no longer shown.
            now: Monotonic seconds.
        """
        until = now + fresh_for
        if measurement.subject.kind == "anchor":
            anchor = self._anchors.setdefault(measurement.subject.id, _Anchor())
            own = label("anchor", measurement.subject.id)
            anchor.parts[_key(measurement)] = _Part(_common(measurement, own, None), until)
        elif entry := self._entries.get((measurement.subject.kind, measurement.subject.id)):
            self._record(entry, measurement, until)

    def _record(self, entry: _Entry, measurement: Measurement, until: float) -> None:
        own = entry.described.labels
        blocks = _common(measurement, own, entry.described.timeouts(measurement.kind))
        if entry.link is not None:
            entry.link.count(measurement)
        if measurement.kind is ProbeKind.ICMP:
            blocks += _count_echo(entry, measurement)
        if measurement.kind is ProbeKind.SNMP and entry.described.kind == "device":
            blocks += self._polled(entry, measurement, until)
        entry.parts[_key(measurement)] = _Part(blocks, until)

    def _polled(self, entry: _Entry, measurement: Measurement, until: float) -> tuple[Block, ...]:
        """The tables of a device; the links that stand on its interfaces learn their speed."""
        outcome = measurement.outcome
        reading = outcome.partial if isinstance(outcome, Failure) else outcome
        if not isinstance(reading, SnmpReading):
            self._negotiate(entry.described.id, {}, until)
            return ()
        names = f"{_instance(measurement.subject)},{entry.described.labels}"
        found = snmp_blocks(reading, measurement.duration, names, self._series_limit)
        entry.duplicates += found.duplicates
        speeds = {interface.name: negotiated_speed(interface) for interface in reversed(reading.interfaces)}
        self._negotiate(entry.described.id, speeds, until)
        if not found.cut:
            return found.blocks
        cut = Scalars.of(entry.described.labels, [Sample("linkward_device_interfaces_cut", found.cut)])
        return (*found.blocks, cut)

    def _negotiate(self, device: str, speeds: dict[str, float | None], until: float) -> None:
        for link, name in self._uplinks.get(device, ()):
            link.parts.pop(_NEGOTIATED, None)
            if (speed := speeds.get(name)) is not None:
                block = Scalars.of(link.described.labels, negotiated(speed))
                link.parts[_NEGOTIATED] = _Part((block,), until)

    def blocks(self, now: float, site: str | None = None) -> Iterator[Block]:
        """What a scrape at ``now`` (monotonic seconds) may show, of all or of one site.

        It may be consumed slowly: each subject is shown as it stands when its turn comes.
        """
        for entry in list(self._entries.values()):
            if site is None or entry.described.site == site:
                yield from list(entry.blocks(now))
        for anchor in list(self._anchors.values()) if site is None else ():
            yield from list(_shown(anchor.parts, {}, now))


def _key(measurement: Measurement) -> tuple[ProbeKind, str]:
    # By label text, not by raw address: two addresses whose labels are equal would be one series twice.
    return measurement.kind, _instance(measurement.subject)


def _instance(subject: Subject) -> str:
    return label("instance", subject.instance)


def _common(measurement: Measurement, own: str, timeout: float | None) -> tuple[Block, ...]:
    names = f'{_instance(measurement.subject)},{own},probe="{measurement.kind}"'
    return (Scalars.of(names, outcome_samples(measurement, timeout)),)


def _count_echo(entry: _Entry, measurement: Measurement) -> tuple[Block, ...]:
    """Count an ICMP measurement, and give what it says of the last reply."""
    names = _smokeping_labels(measurement.subject, entry.described)
    entry.echoes.setdefault(names, EchoTally()).count(measurement)
    outcome = measurement.outcome
    return (Scalars.of(names, echo_extras(outcome)),) if isinstance(outcome, EchoReading) else ()


def _smokeping_labels(subject: Subject, about: Described) -> str:
    address = subject.instance
    literal = address if ip_version(address) else None
    further = labels(host=address, ip=literal, source=about.source, tos="0")
    return f"{_instance(subject)},{about.labels},{further}"
