"""What is really the case at a time: every link, device and service, from the plan and the chronicle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from monitor.demo.fault import CUTS, Chronicle, Fault, FaultKind
from monitor.demo.services import ServicePlan
from monitor.demo.ward import DevicePlan, LinkPlan, SitePlan, WardPlan

_RUN_OF_LOSSES: Final = 3.0  # mean length while a line loses packets


@dataclass(frozen=True, slots=True)
class LinkTruth:
    """A line.

    Attributes:
        up: Whether anything passes.
        forward_loss: Share of packets lost towards the site.
        backward_loss: The same from the site.
        run: Mean length of a run of losses; 1 where each is lost by itself.
        delay: Seconds each way.
        jitter: Further seconds each way, drawn evenly from zero to this.
    """

    up: bool
    forward_loss: float
    backward_loss: float
    run: float
    delay: float
    jitter: float


@dataclass(frozen=True, slots=True)
class DeviceTruth:
    """A device: whether it has power, and whether the monitor gets answers from its SNMP agent."""

    powered: bool
    answers: bool


@dataclass(frozen=True, slots=True)
class ServiceTruth:
    """A service.

    Attributes:
        status: HTTP status.
        whole: Whether the page holds what it should.
        slow: Seconds that a phase takes longer: ``accept``, ``tls``, ``first_byte``, ``body``.
        resolves: Whether the resolver gives its answer.
    """

    status: int = 200
    whole: bool = True
    slow: Mapping[str, float] = field(default_factory=dict)
    resolves: bool = True


class Truth:
    """The facts of a ward at any time, as functions of time."""

    def __init__(self, ward: WardPlan, chronicle: Chronicle) -> None:
        self.ward = ward
        self.chronicle = chronicle
        self._site_of = {device.id: site for site in ward.sites for device in site.devices}

    def link(self, link: LinkPlan, time: float) -> LinkTruth:
        """How a line is."""
        faults = self.chronicle.active_on(link.id, time)
        loss = _strongest(faults, FaultKind.PACKET_LOSS)
        return LinkTruth(
            up=not any(fault.kind in CUTS or fault.kind is FaultKind.POWER_CUT for fault in faults),
            forward_loss=max(link.path.loss, loss),
            backward_loss=link.path.loss,
            run=_RUN_OF_LOSSES if loss else 1.0,
            delay=link.path.delay + _strongest(faults, FaultKind.DELAY),
            jitter=link.path.jitter + _strongest(faults, FaultKind.DELAY) / 4,
        )

    def device(self, device: DevicePlan, time: float) -> DeviceTruth:
        """How a device is."""
        kinds = {fault.kind for fault in self.chronicle.active_on(device.id, time)}
        powered = FaultKind.POWER_CUT not in kinds
        silent = FaultKind.AGENT_SILENT in kinds
        return DeviceTruth(powered, powered and not silent and self._reached(self._site_of[device.id], time))

    def service(self, service: ServicePlan, time: float) -> ServiceTruth:
        """How a service is."""
        faults = self.chronicle.active_on(service.id, time)
        failing = next((fault for fault in faults if fault.kind is FaultKind.SERVICE_FAILING), None)
        seconds = _strongest(faults, FaultKind.SERVICE_SLOW)
        return ServiceTruth(
            status=int(failing.strength) if failing else 200,
            whole=failing is None,
            slow={"tls": seconds / 8, "first_byte": seconds, "body": seconds / 4} if seconds else {},
            resolves=not any(fault.kind is FaultKind.RESOLVER_FAILING for fault in faults),
        )

    def _reached(self, site: SitePlan, time: float) -> bool:
        # The monitor stands in the office; to a point it has only the point's own links.
        return site.kind == "office" or any(self.link(link, time).up for link in site.links)

    def as_json(self, time: float) -> dict[str, Any]:
        """All facts at ``time`` as plain data."""
        return {
            "time": time,
            "links": {link.id: _plain(self.link(link, time)) for site in self.ward.sites for link in site.links},
            "devices": {
                device.id: _plain(self.device(device, time)) for site in self.ward.sites for device in site.devices
            },
            "services": {
                service.id: _plain(self.service(service, time)) for site in self.ward.sites for service in site.services
            },
            "faults": [fault.to_json() for fault in self.chronicle.active(time)],
        }


def _strongest(faults: list[Fault], kind: FaultKind) -> float:
    return max((fault.strength for fault in faults if fault.kind is kind), default=0.0)


def _plain(record: LinkTruth | DeviceTruth | ServiceTruth) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}
