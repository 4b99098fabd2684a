"""What the links deliver, against what they must: windows over their probes, throughput of their ports, verdicts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from model.availability import Share
from model.counters import Growth, Poll, Track, negotiated_speed
from model.evidence import Count
from model.inventory import Inventory, Link, Site
from model.judge import PROVED_FOR, TESTS_FOR, Facts, SpeedFacts, SpeedTested, required_speed
from model.measurement import Measurement, SnmpReading, SubjectKey
from model.requirement import Requirement
from model.speed_run import Direction
from model.throughput import Facing, Peaks, Throughput, facing, throughput
from model.verdict import Outcome, Quality, Verdict
from model.window import LOST, Window, WindowFacts, is_stable, sample_of
from monitor.judging import FROM_PROBES, Judging

_WITHOUT_REQUIREMENT: Final = Requirement()
_MINUTE: Final = 60.0
FALLS_SHORT: Final = FROM_PROBES | {Quality.DOWNLOAD, Quality.UPLOAD}
"""What degrades a link when it is breached; availability is a matter of the month, not of now."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One link or service judged at one time.

    Attributes:
        subject: Which.
        window: What its window holds.
        verdicts: One for each quality that is required.
    """

    subject: SubjectKey
    window: WindowFacts
    verdicts: Sequence[Verdict]

    @property
    def shortfalls(self) -> Sequence[Verdict]:
        """The breaches that degrade it."""
        return [
            verdict
            for verdict in self.verdicts
            if verdict.outcome is Outcome.BREACHED and verdict.requirement in FALLS_SHORT
        ]


@dataclass(slots=True)
class _Line:
    """What is remembered of one link."""

    link: Link
    facing: Facing
    zone: ZoneInfo
    judging: Judging
    track: Track = field(default_factory=Track)
    peaks: tuple[Peaks, Peaks] = field(default_factory=lambda: (Peaks(), Peaks()))
    negotiated: float | None = None
    negotiated_until: float = float("-inf")  # monotonic seconds; after that it is not known any more
    down_until: float = float("-inf")  # the end of its last outage, monotonic seconds
    tests: Mapping[str, Sequence[SpeedTested]] = field(default_factory=dict)
    used: tuple[float | None, float | None] = (None, None)
    used_until: float = float("-inf")  # monotonic seconds


class LinkQuality:
    """Windows, throughput and verdicts of every link."""

    def __init__(self) -> None:
        self._inventory = Inventory()
        self._lines: dict[str, _Line] = {}
        self._ports: dict[tuple[str, str], list[_Line]] = {}
        self._devices: set[str] = set()  # whose ports have not been compared with the inventory yet

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory; a link that is probed as before keeps its window."""
        before, self._lines, self._inventory = self._lines, {}, inventory
        for site, link in inventory.links():
            self._lines[link.id] = self._line(site, link, before.get(link.id))
        self._ports = {}
        for line in self._lines.values():
            if line.link.interface_parts:
                self._ports.setdefault(line.link.interface_parts, []).append(line)
        self._devices = {device for device, _ in self._ports}

    def links(self) -> list[str]:
        """The ids of all links."""
        return list(self._lines)

    def window(self, link: str) -> Window | None:
        """The probes of the last minutes of a link."""
        line = self._lines.get(link)
        return line.judging.window if line else None

    def took(self, measurement: Measurement, sent_at: float) -> float | None:
        """Take in a probe of the regular pace.

        Args:
            measurement: What it gave.
            sent_at: When it was sent, monotonic seconds.

        Returns:
            Seconds above the minimum of its window, for those who gather delay variation; ``None`` where it is not
            known.
        """
        line = self._lines.get(measurement.subject.id)
        rtt = sample_of(measurement)
        if line is None or rtt is None:
            return None
        line.judging.window.add(sent_at, rtt)
        return None if rtt == LOST or line.judging.least is None else max(0.0, rtt - line.judging.least)

    def polled(self, measurement: Measurement, at: float, until: float) -> list[tuple[str, Throughput]]:
        """Take in a poll of a device: what the links that end at it carried since the poll before.

        Args:
            measurement: What it gave.
            at: When it came, monotonic seconds.
            until: Until when it stands.
        """
        reading = measurement.outcome
        if not isinstance(reading, SnmpReading):
            return []
        carried = []
        for interface in reading.interfaces:
            for line in self._ports.get((measurement.subject.id, interface.name), ()):
                line.negotiated, line.negotiated_until = negotiated_speed(interface), until
                seen = self._seen(line, Poll(at, reading.uptime_ticks, interface), measurement.at)
                line.used, line.used_until = (None, None), until
                if seen is not None:
                    line.used = seen.download.bits_per_second, seen.upload.bits_per_second
                    carried.append((line.link.id, seen))
        return carried

    def unknown_ports(self, measurement: Measurement) -> list[tuple[str, str]]:
        """The links whose ``interface`` this device does not have, each once: link and name of the port."""
        reading = measurement.outcome
        if not isinstance(reading, SnmpReading) or measurement.subject.id not in self._devices:
            return []
        present = {interface.name for interface in reading.interfaces}
        unknown = [
            (line.link.id, port)
            for (device, port), lines in self._ports.items()
            if device == measurement.subject.id and port not in present
            for line in lines
        ]
        self._devices.discard(measurement.subject.id)
        return unknown

    def _seen(self, line: _Line, poll: Poll, at: datetime) -> Throughput | None:
        growth = line.track.after(poll)
        if not isinstance(growth, Growth):
            for peak in line.peaks:
                peak.add(None, 0.0, at)
            return None
        seen = throughput(growth, line.facing, line.link.contracted)
        for peak, flow in zip(line.peaks, (seen.download, seen.upload), strict=True):
            peak.add(flow.bits_per_second, seen.elapsed, at)
        return seen

    def begin_day(self) -> None:
        """Look for the highest throughput anew: a proof is good for a day."""
        for line in self._lines.values():
            for peak in line.peaks:
                peak.begin_anew()

    def tested(self, link: str, direction: Direction, test: SpeedTested) -> None:
        """Take in a speed test that gave a figure; those of the last two weeks count."""
        if line := self._lines.get(link):
            known = [one for one in line.tests.get(direction, ()) if test.at - one.at <= TESTS_FOR]
            line.tests = {**line.tests, direction: (*known, test)}

    def used(self, link: str, now: float) -> tuple[float | None, float | None]:
        """What passes a link each way in bit/s; ``None`` where it is not known at that time (monotonic)."""
        line = self._lines.get(link)
        return line.used if line and now <= line.used_until else (None, None)

    def proved(self, link: str, utc: datetime) -> bool:
        """Whether what a link carried today reached what is required of it, each way that something is."""
        line = self._lines.get(link)
        requirement = self._inventory.requirement_of(line.link, utc.astimezone(line.zone)) if line else None
        if line is None or requirement is None:
            return False
        sold, share = line.link.contracted, requirement.contracted_share
        asked = (
            required_speed(requirement.download, share, sold.download if sold else None),
            required_speed(requirement.upload, share, sold.upload if sold else None),
        )
        wanted = [(most, peak.highest) for most, peak in zip(asked, line.peaks, strict=True) if most is not None]
        return bool(wanted) and all(
            seen and utc - seen.at <= PROVED_FOR and seen.bits_per_second >= most for most, seen in wanted
        )

    def leave_out(self, link: str, start: float, end: float) -> None:
        """Judge no probe that was sent in [start, end): the link was down, or the monitor blind."""
        if line := self._lines.get(link):
            line.judging.window.leave_out(start, end)

    def was_down(self, link: str, start: float, end: float) -> None:
        """A link was down during [start, end), monotonic seconds: an outage is judged once, as availability."""
        self.leave_out(link, start, end)
        if line := self._lines.get(link):
            line.down_until = end

    def minute(self, link: str, now: float, utc: datetime, *, is_up: bool) -> bool | None:
        """Whether the last minute of a link was stable; ``None`` where too little was measured to tell.

        Args:
            link: Its id.
            now: Monotonic seconds.
            utc: The same, aware UTC.
            is_up: Whether it answers now.
        """
        line = self._lines.get(link)
        if line is None:
            return None
        requirement = self._inventory.requirement_of(line.link, utc.astimezone(line.zone)) or _WITHOUT_REQUIREMENT
        since = now - line.judging.window.timeout - _MINUTE
        down = max(0.0, line.down_until - since) if is_up else _MINUTE
        return is_stable(line.judging.window.facts(now, min(_MINUTE, line.judging.window.span)), down, requirement)

    def judge(
        self, link: str, now: float, utc: datetime, availability: Callable[[SubjectKey], Share | None], *, is_up: bool
    ) -> Judged | None:
        """Judge one link now.

        Args:
            link: Its id.
            now: Monotonic seconds.
            utc: The same, aware UTC.
            availability: Of the month so far.
            is_up: Whether it answers: an outage is judged once, as availability.
        """
        line = self._lines.get(link)
        if line is None:
            return None
        local = utc.astimezone(line.zone)
        requirement = self._inventory.requirement_of(line.link, local) or _WITHOUT_REQUIREMENT

        def rest(window: WindowFacts | None, longer: Mapping[Quality, Sequence[Count]]) -> Facts:
            speeds = self._speed(line, 0, now), self._speed(line, 1, now)
            return Facts(window, longer, *speeds, line.link.contracted, availability(("link", link)))

        window, verdicts = line.judging.judge(requirement, rest, now, utc, is_up=is_up)
        return Judged(("link", link), window, verdicts)

    def _speed(self, line: _Line, direction: int, now: float) -> SpeedFacts:
        name = ("download", "upload")[direction]
        negotiated = line.negotiated if now <= line.negotiated_until else None
        return SpeedFacts(negotiated, line.peaks[direction].highest, line.tests.get(name, ()))

    def _line(self, site: Site, link: Link, before: _Line | None) -> _Line:
        ward = self._inventory.ward_of(site)
        zone = ZoneInfo(ward.timezone if ward else "UTC")
        requirement = self._inventory.requirement_of(link) or _WITHOUT_REQUIREMENT
        as_before = before is not None and (
            link.targets,
            link.source,
            link.interval,
            link.timeout,
            requirement.window,
        ) == (
            before.link.targets,
            before.link.source,
            before.link.interval,
            before.link.timeout,
            before.judging.window.span,
        )
        judging = Judging(requirement.window, link.interval, link.timeout)
        if before is not None and as_before:
            judging = before.judging
        line = before or _Line(link, facing(site, link), zone, judging)
        if line.link.interface != link.interface:
            line = _Line(link, line.facing, zone, judging, tests=line.tests, down_until=line.down_until)
        return replace(line, link=link, facing=facing(site, link), zone=zone, judging=judging)
