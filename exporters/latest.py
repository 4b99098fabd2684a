"""The current picture: what is known of every subject now, and what a scrape may show of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf
from typing import Final

from exporters.blocks import Block, Sample, Scalars, StateSet
from exporters.device_health import health_blocks, unhealthy, unwell
from exporters.facts import (
    BurnRates,
    Carried,
    Direction,
    Judged,
    Outages,
    ProvenSpeed,
    RequiredSpeed,
    StateSeconds,
    accounted,
    flapping,
    minutes,
    windowed,
)
from exporters.labels import ip_version, label, labels
from exporters.readings import Rows, echo_extras, outcome_samples, snmp_blocks
from exporters.subjects import Described, described, described_anchor, negotiated
from exporters.tallies import EchoTally, LinkTally
from model.availability import Tally
from model.counters import negotiated_speed
from model.health import DeviceHealth
from model.inventory import Inventory
from model.measurement import EchoReading, Failure, Measurement, Noun, ProbeKind, SnmpReading, SubjectKey
from model.state import State
from model.throughput import Throughput
from model.verdict import Verdict
from model.window import StableMinutes, WindowFacts

SERIES_PER_DEVICE: Final = 50_000
"""Series of one device's interfaces; the interfaces beyond are cut and counted."""

_ACCOUNTABLE: Final = frozenset({"link", "service"})


@dataclass(slots=True)
class _Said:
    """What was last said of something, and until when it may be shown (monotonic seconds)."""

    blocks: tuple[Block, ...] = ()
    until: float = -inf

    def shown(self, now: float) -> tuple[Block, ...]:
        """What may be shown at ``now``."""
        return self.blocks if self.until > now else ()


@dataclass(slots=True)
class _Probe:
    """One probe of a subject. Its texts are made once: a link is probed each second.

    Attributes:
        instance: The label of that name.
        names: Label text of what every probe tells.
        version: 4 or 6 where its instance is an address.
        last: The last measurement, as long as nobody has asked what it says.
        said: What it last said.
        echo_names: Label text of what smokeping_prober would tell.
        echoes: What it would count; ``None`` for other protocols than ICMP.
        rows: The interfaces that it last told of, where it polls a device.
    """

    instance: str
    names: str
    version: int | None
    last: Measurement | None = None
    said: _Said = field(default_factory=_Said)
    echo_names: str = ""
    echoes: EchoTally | None = None
    rows: Rows | None = None

    def take(self, measurement: Measurement, until: float) -> None:
        """Take over a measurement; what it says is written when a scrape asks: a link is probed far more often."""
        self.last, self.said = measurement, _Said(until=until)
        if self.echoes is not None:
            self.echoes.count(measurement)

    def speak(self, timeouts: Callable[[ProbeKind], float | None]) -> None:
        """Write what the last measurement says, if that is not done yet."""
        if self.last is not None:
            samples = outcome_samples(self.last, timeouts(self.last.kind), self.version)
            self.said.blocks = (Scalars.of(self.names, samples),)
            if isinstance(self.last.outcome, EchoReading) and self.echoes is not None:
                self.said.blocks += (Scalars.of(self.echo_names, echo_extras(self.last.outcome)),)
            self.last = None

    def blocks(self, now: float, timeouts: Callable[[ProbeKind], float | None]) -> Iterator[Block]:
        """What a scrape at ``now`` may show."""
        if self.said.until > now:
            self.speak(timeouts)
        yield from self.said.shown(now)
        if self.echoes is not None:
            yield from self.echoes.blocks(self.echo_names)


@dataclass(slots=True)
class _Entry:
    """One subject and all that is known of it now."""

    described: Described
    state: State = State.UNKNOWN
    probes: dict[tuple[ProbeKind, str], _Probe] = field(default_factory=dict)
    said: dict[str, _Said] = field(default_factory=dict)  # by what it is about
    verdicts: tuple[Verdict, ...] | None = None
    tally: LinkTally | None = None
    duplicates: int = 0
    health: tuple[DeviceHealth, float] | None = None
    symptoms: Mapping[str, bool] = field(default_factory=dict)

    def probe_of(self, measurement: Measurement) -> _Probe:
        """The probe that took a measurement."""
        key = (measurement.kind, measurement.subject.instance)
        if key not in self.probes:
            new = _probe(measurement, self.described)
            # Two addresses whose label text is equal, such as two very long ones, would be one series twice.
            twins = (probe for probe in self.probes.values() if probe.names == new.names)
            self.probes[key] = next(twins, new)
        return self.probes[key]

    def blocks(self, now: float) -> Iterator[Block]:
        """What a scrape at ``now`` may show."""
        about = self.described
        yield from about.fixed
        if about.kind != "anchor":
            yield StateSet(f"linkward_{about.kind}_state", about.labels, self.state)
        if self.tally is not None:
            yield from self.tally.blocks(about.labels)
        if self.duplicates:
            yield Scalars.of(about.labels, [Sample("linkward_duplicate_series_total", self.duplicates)])
        yield from self._promise()
        for said in self.said.values():
            yield from said.shown(now)
        for probe in {id(probe): probe for probe in self.probes.values()}.values():
            yield from probe.blocks(now, about.timeouts)

    def _promise(self) -> Iterator[Block]:
        """What it must keep: as it was judged, or else as the inventory has it."""
        about = self.described
        if self.verdicts is None:
            yield from about.promised
            return
        yield Judged(about.labels, self.verdicts)
        if about.kind == "link":
            yield RequiredSpeed(about.labels, self.verdicts)


def _probe(measurement: Measurement, about: Described) -> _Probe:
    address = measurement.subject.instance
    instance, version = label("instance", address), ip_version(address)
    probe = _Probe(instance, f'{instance},{about.labels},probe="{measurement.kind}"', version)
    if measurement.kind is ProbeKind.ICMP and about.kind != "anchor":
        further = labels(host=address, ip=address if version else None, source=about.source, tos="0")
        probe.echo_names, probe.echoes = f"{instance},{about.labels},{further}", EchoTally()
    return probe


class Latest:
    """The latest of everything. One reader and one writer in one event loop; a block, once given out, never changes.

    Args:
        series_limit: Series that the interfaces of one device may have.
    """

    def __init__(self, series_limit: int = SERIES_PER_DEVICE) -> None:
        self._series_limit = series_limit
        self._entries: dict[SubjectKey, _Entry] = {}
        self._uplinks: dict[str, list[tuple[_Entry, str]]] = {}

    def load(self, inventory: Inventory, now: datetime | None = None) -> None:
        """Take over an inventory. What is still the same keeps its values, counters and state.

        Args:
            inventory: What is watched from now on.
            now: Aware; which version of each requirement is shown until the first verdicts. Left out, the first one.
        """
        self._entries = {(new.kind, new.id): self._entry(new) for new in described(inventory, now)}
        self._uplinks = {}
        for entry in self._entries.values():
            if entry.described.interface is not None:
                device, name = entry.described.interface
                self._uplinks.setdefault(device, []).append((entry, name))

    def _entry(self, new: Described) -> _Entry:
        old = self._entries.get((new.kind, new.id))
        if old is None or old.described.identity != new.identity:
            return _Entry(new, tally=LinkTally() if new.kind == "link" else None)
        if old.described.promised != new.promised:
            old.verdicts = None  # they speak of a requirement that is no longer in force
        old.described = new
        return old

    def set_state(self, kind: Noun, subject_id: str, state: State) -> None:
        """Take over a state; one of a subject that is no longer watched is ignored."""
        if entry := self._entries.get((kind, subject_id)):
            entry.state = state

    def has_site(self, site: str) -> bool:
        """Whether the inventory holds this site."""
        return ("site", site) in self._entries

    def judged(self, subject: SubjectKey, verdicts: Sequence[Verdict]) -> None:
        """Take over the verdicts on a link or service, which replace those before; none where nothing is required."""
        if entry := self._entries.get(subject):
            entry.verdicts = tuple(verdicts)

    def verdicts(self, subject: SubjectKey) -> Sequence[Verdict]:
        """The last verdicts on a subject; none before the first."""
        entry = self._entries.get(subject)
        return entry.verdicts or () if entry else ()

    def accounted(
        self,
        subject: SubjectKey,
        tally: Tally,
        ratio: float | None,
        budget: float | None,
        outages: Mapping[str, int],
    ) -> None:
        """Take over what is reckoned of a link or service; of anything else it is ignored.

        Args:
            subject: The link or service.
            tally: The time in each state since ever; it only grows.
            ratio: Availability of this month so far, 0 to 1; ``None`` where nothing is known.
            budget: The share of this month's tolerated outage that is left; ``None`` where nothing is tolerated.
            outages: Of a link, how many there were since ever, by class: ``micro``, ``outage``.
        """
        entry = self._entries.get(subject)
        if entry is None or subject[0] not in _ACCOUNTABLE:
            return
        own = entry.described.labels
        blocks: tuple[Block, ...] = (
            StateSeconds(f"linkward_{subject[0]}_state_seconds_total", own, tally),
            accounted(own, ratio, budget),
        )
        if subject[0] == "link":
            blocks += (Outages(own, tuple(outages.items())),)
        entry.said["account"] = _Said(blocks, inf)

    def windowed(self, link_id: str, facts: WindowFacts, until: float) -> None:
        """Take over what a link's window says, to be shown until then (monotonic seconds)."""
        if entry := self._entries.get(("link", link_id)):
            entry.said["window"] = _Said((windowed(entry.described.labels, facts),), until)

    def carried(self, link_id: str, throughput: Throughput, until: float) -> None:
        """Take over what passed over a link, to be shown until then (monotonic seconds)."""
        if entry := self._entries.get(("link", link_id)):
            entry.said["carried"] = _Said((Carried(entry.described.labels, throughput),), until)

    def tested(self, link_id: str, direction: Direction, speed: float, until: float) -> None:
        """Take over the speed in bit/s of a test of a link, to be shown until then (monotonic seconds)."""
        if entry := self._entries.get(("link", link_id)):
            entry.said[f"tested {direction}"] = _Said((ProvenSpeed(entry.described.labels, direction, speed),), until)

    def minutes(self, link_id: str, known: StableMinutes) -> None:
        """Take over how many minutes of a link were stable; the numbers only grow."""
        if entry := self._entries.get(("link", link_id)):
            entry.said["minutes"] = _Said((minutes(entry.described.labels, known),), inf)

    def burning(self, subject: SubjectKey, rates: Mapping[float, float | None]) -> None:
        """Take over how fast the budget of a link or service goes, by the window in seconds that is looked at."""
        if (entry := self._entries.get(subject)) and subject[0] in _ACCOUNTABLE:
            entry.said["burning"] = _Said((BurnRates(entry.described.labels, rates),), inf)

    def healthy(self, device: str, address: str, health: DeviceHealth, until: float) -> None:
        """Take over what a device at an address tells of its health, to be shown until then (monotonic seconds)."""
        if entry := self._entries.get(("device", device)):
            entry.health = replace(health, exposed=()), until  # its tables are in the blocks
            blocks = health_blocks(health, entry.described.labels, label("instance", address))
            entry.said["health"] = _Said(blocks, until)

    def ailing(self, device: str, symptoms: Mapping[str, bool]) -> None:
        """Take over which symptoms a device has, and which it has not; as long as what it tells is shown."""
        if (entry := self._entries.get(("device", device))) and entry.health is not None:
            entry.symptoms = symptoms
            entry.said["symptoms"] = _Said((unhealthy(entry.described.labels, symptoms),), entry.health[1])

    def port_ailing(self, link: str, symptoms: Mapping[str, bool]) -> None:
        """Take over which symptoms the port of a link has, and which it has not."""
        if entry := self._entries.get(("link", link)):
            entry.said["port"] = _Said((unwell(entry.described.labels, symptoms),), inf)

    def symptoms(self, device: str, now: float) -> Mapping[str, bool]:
        """Which symptoms a device has, and which it has not; of which nothing is known none is there."""
        return self._entries["device", device].symptoms if self.health(device, now) is not None else {}

    def health(self, device: str, now: float) -> DeviceHealth | None:
        """What a device told of its health lately; ``None`` where it tells nothing."""
        entry = self._entries.get(("device", device))
        return entry.health[0] if entry is not None and entry.health is not None and entry.health[1] > now else None

    def flapping(self, link_id: str, is_flapping: bool) -> None:  # noqa: FBT001  # the fact itself
        """Take over whether a link is flapping."""
        if entry := self._entries.get(("link", link_id)):
            entry.said["flapping"] = _Said((flapping(entry.described.labels, is_flapping=is_flapping),), inf)

    def record(self, measurement: Measurement, fresh_for: float, now: float) -> None:
        """Take over a measurement, which replaces all that the same probe said before.

        Args:
            measurement: Of anything; one of a subject that is no longer watched is ignored.
            fresh_for: Seconds after which it is no longer shown.
            now: Monotonic seconds.
        """
        subject = measurement.subject
        entry = self._entries.get((subject.kind, subject.id))
        if entry is None and subject.kind == "anchor":
            entry = self._entries[subject.kind, subject.id] = _Entry(described_anchor(subject.id))
        if entry is not None:
            self._take(entry, measurement, now + fresh_for)

    def _take(self, entry: _Entry, measurement: Measurement, until: float) -> None:
        about, probe = entry.described, entry.probe_of(measurement)
        probe.take(measurement, until)
        if entry.tally is not None:
            entry.tally.count(measurement)
        if measurement.kind is ProbeKind.SNMP and about.kind == "device":
            probe.speak(about.timeouts)  # the thousands of cells of a poll are not kept twice
            probe.said.blocks += self._polled(entry, probe, measurement, until)

    def _polled(self, entry: _Entry, probe: _Probe, measurement: Measurement, until: float) -> tuple[Block, ...]:
        """The tables of a device; the links that stand on its interfaces learn their speed."""
        about, outcome = entry.described, measurement.outcome
        reading = outcome.partial if isinstance(outcome, Failure) else outcome
        if not isinstance(reading, SnmpReading):
            self._negotiate(about.id, {}, until)
            return ()
        labelled = f"{probe.instance},{about.labels}"
        found = snmp_blocks(reading, measurement.duration, labelled, self._series_limit, probe.rows)
        probe.rows = found.rows
        entry.duplicates += found.duplicates
        if about.id in self._uplinks:
            speeds = {interface.name: negotiated_speed(interface) for interface in reversed(reading.interfaces)}
            self._negotiate(about.id, speeds, until)
        if not found.cut:
            return found.blocks
        return (*found.blocks, Scalars.of(about.labels, [Sample("linkward_device_interfaces_cut", found.cut)]))

    def _negotiate(self, device: str, speeds: Mapping[str, float | None], until: float) -> None:
        for link, name in self._uplinks.get(device, ()):
            speed = speeds.get(name)
            blocks = () if speed is None else (Scalars.of(link.described.labels, negotiated(speed)),)
            link.said["negotiated"] = _Said(blocks, until)

    def blocks(self, now: float, sites: frozenset[str] | None = None) -> Iterator[Block]:
        """What a scrape at ``now`` (monotonic seconds) may show, of all or of these sites.

        It may be consumed slowly: each subject is shown as it stands when its turn comes.
        """
        for entry in list(self._entries.values()):
            if sites is None or entry.described.site in sites:
                yield from list(entry.blocks(now))
