"""Whether devices and the ports of links are unwell: what their readings show is shown, and may be worth an alert."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol

from model.counters import Growth, Poll, Track
from model.health import DeviceHealth, Measure
from model.health_rules import Finding, HealthJudge, Symptom
from model.incident import AlertName, Fault, Severity
from model.inventory import Inventory, Link
from model.judge import required_speed
from model.measurement import InterfaceReading, Measurement, SnmpReading, SubjectKey
from model.port_drops import DropJudge
from model.port_rules import ErrorJudge, PortFinding, SpeedJudge
from model.streak import Streak

DUPLEX: Final = "duplex"
"""The requirement of an InterfaceSpeedReduced that is about half duplex."""
_FLAPPING: Final = "flapping"
_OF_PORTS: Final = (
    (AlertName.INTERFACE_ERRORS, ""),
    (AlertName.INTERFACE_SPEED_REDUCED, ""),
    (AlertName.INTERFACE_SPEED_REDUCED, DUPLEX),
)
_DUPLEX_ROUNDS: Final = (3, 3)
_SYMPTOMS: Final = {AlertName.INTERFACE_ERRORS: "errors", AlertName.INTERFACE_SPEED_REDUCED: "speed"}


class Alerts(Protocol):
    """Who is told of what is wrong."""

    def found(
        self,
        name: AlertName,
        subject: SubjectKey,
        severity: Severity | None,
        evidence: Mapping[str, str | float] = MappingProxyType({}),
        requirement: str = "",
    ) -> None:
        """It is wrong with this severity, or (``None``) it is not."""

    def lasting(self, name: AlertName, subject: SubjectKey) -> Fault | None:
        """What is wrong already, as far as it is known."""


class Board(Protocol):
    """Who shows the symptoms of devices."""

    def ailing(self, device: str, symptoms: Mapping[str, bool]) -> None:
        """Show which symptoms a device has, and which it has not."""

    def port_ailing(self, link: str, symptoms: Mapping[str, bool]) -> None:
        """Show which symptoms the port of a link has, and which it has not; what is not known is left out."""


@dataclass(slots=True)
class _Port:
    """The port of one link."""

    link: Link
    needed: float | None
    speed: SpeedJudge
    errors: ErrorJudge = field(default_factory=ErrorJudge)
    drops: DropJudge = field(default_factory=DropJudge)
    duplex: Streak = field(default_factory=lambda: Streak(*_DUPLEX_ROUNDS))
    track: Track = field(default_factory=Track)
    shown: dict[str, bool] = field(default_factory=dict)


class Ailments:
    """Judges devices by what they tell of their health, and the ports that links end at by their polls."""

    def __init__(self, alerts: Alerts, board: Board) -> None:
        self._alerts = alerts
        self._board = board
        self._devices: dict[str, HealthJudge] = {}
        self._ports: dict[tuple[str, str], list[_Port]] = {}

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory; what stays is judged on."""
        asked = {device.id for _, device in inventory.devices() if device.snmp}
        self._devices = {name: judge for name, judge in self._devices.items() if name in asked}
        for _, device in inventory.devices():
            if device.snmp is None:
                self._forget_symptoms(device.id, Symptom)
        before = {port.link.id: (key, port) for key, ports in self._ports.items() for port in ports}
        self._ports = {}
        for _, link in inventory.links():
            key, known = link.interface_parts, before.get(link.id)
            if key is None or (known and known[0] != key):
                self._forget_port(link)
            if key is not None:
                port = known[1] if known and known[0] == key else self._port(link)
                self._go_on(port, link, _needed(inventory, link))
                self._ports.setdefault(key, []).append(port)

    def _go_on(self, port: _Port, link: Link, needed: float | None) -> None:
        port.link, port.needed = link, needed
        if port.shown:  # a board forgets a link whose target is another one now
            self._board.port_ailing(link.id, dict(port.shown))

    def _forget_symptoms(self, device: str, symptoms: Iterable[Symptom]) -> None:
        for symptom in symptoms:
            self._alerts.found(AlertName.DEVICE_UNHEALTHY, ("device", device), None, requirement=symptom.value)

    def _forget_port(self, link: Link) -> None:
        for name, requirement in _OF_PORTS:
            self._alerts.found(name, ("link", link.id), None, requirement=requirement)

    def told(self, device: str, health: DeviceHealth, now: float) -> None:
        """A device has told how it is, at this time (monotonic seconds)."""
        judge = self._devices.setdefault(device, HealthJudge())
        findings = judge.judge(health)
        for finding in findings:
            self._tell_symptom(device, finding)
        self._forget_symptoms(device, judge.gone())
        known = {finding.symptom.value: finding.is_ill for finding in findings if finding.is_ill is not None}
        self._board.ailing(device, known)
        for reading in health.of(Measure.FULL_DUPLEX):
            for port in self._ports.get((device, reading.part), ()):
                is_half = port.duplex.after(reading.value == 0)
                self._tell_port(port, AlertName.INTERFACE_SPEED_REDUCED, PortFinding(is_half), "", DUPLEX)
        for reading in health.of(Measure.LINK_DOWNS):
            for port in self._ports.get((device, reading.part), ()):
                self._show_port(port, _FLAPPING, port.drops.counted(reading.value, now))

    def polled(self, measurement: Measurement, now: float) -> None:
        """A device was polled: how are the ports that links end at?

        Args:
            measurement: What it gave; one that failed says nothing.
            now: When it came, monotonic seconds.
        """
        reading = measurement.outcome
        if not isinstance(reading, SnmpReading):
            return
        for interface in reading.interfaces:
            for port in self._ports.get((measurement.subject.id, interface.name), ()):
                self._look(port, interface, reading.uptime_ticks, now)

    def _look(self, port: _Port, interface: InterfaceReading, uptime: int | None, now: float) -> None:
        growth = port.track.after(Poll(now, uptime, interface))
        errors = port.errors.after(growth if isinstance(growth, Growth) else None)
        self._tell_port(port, AlertName.INTERFACE_ERRORS, errors, "ratio")
        speed = port.speed.after(interface, port.needed, now)
        self._tell_port(port, AlertName.INTERFACE_SPEED_REDUCED, speed, "bit/s")
        self._show_port(port, _FLAPPING, port.drops.polled(interface, uptime, now))

    def _tell_symptom(self, device: str, finding: Finding) -> None:
        if finding.is_ill is None:
            return
        evidence = _evidence(finding.value, finding.threshold, "s" if finding.unit == "seconds" else finding.unit)
        if finding.part:
            evidence["part"] = finding.part
        severity = finding.severity if finding.is_ill else None
        self._alerts.found(AlertName.DEVICE_UNHEALTHY, ("device", device), severity, evidence, finding.symptom.value)

    def _tell_port(self, port: _Port, name: AlertName, finding: PortFinding, unit: str, requirement: str = "") -> None:
        if finding.is_ill is None:
            return
        evidence = _evidence(finding.value, finding.threshold, unit)
        severity = Severity.WARNING if finding.is_ill else None
        self._alerts.found(name, ("link", port.link.id), severity, evidence, requirement)
        self._show_port(port, requirement or _SYMPTOMS[name], finding.is_ill)

    def _show_port(self, port: _Port, symptom: str, is_ill: bool | None) -> None:  # noqa: FBT001  # the fact itself
        if is_ill is not None and port.shown.get(symptom) is not is_ill:
            port.shown[symptom] = is_ill
            self._board.port_ailing(port.link.id, dict(port.shown))

    def _port(self, link: Link) -> _Port:
        fault = self._alerts.lasting(AlertName.INTERFACE_SPEED_REDUCED, ("link", link.id))
        best = fault.evidence.get("threshold") if fault else None
        return _Port(link, None, SpeedJudge(float(best) if isinstance(best, int | float) else None))


def _evidence(value: float | None, threshold: float | None, unit: str) -> dict[str, str | float]:
    known = {"value": value, "threshold": threshold}
    found: dict[str, str | float] = {name: number for name, number in known.items() if number is not None}
    return found | {"unit": unit} if found and unit else found


def _needed(inventory: Inventory, link: Link) -> float | None:
    requirement, sold = inventory.requirement_of(link), link.contracted
    if requirement is None:
        return None
    share = requirement.contracted_share
    wanted = (
        required_speed(requirement.download, share, sold.download if sold else None),
        required_speed(requirement.upload, share, sold.upload if sold else None),
    )
    return max((speed for speed in wanted if speed is not None), default=None)
