"""The state of one device at one moment: what its counters and statuses must read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from monitor.demo.fault import CUTS, Fault, FaultKind
from monitor.demo.traffic import Traffic
from monitor.demo.truth import Truth
from monitor.demo.ward import DevicePlan, InterfacePlan

_OCTETS_PER_UNICAST: Final = 780
_OCTETS_PER_MULTICAST: Final = 150_000
_OCTETS_PER_BROADCAST: Final = 400_000

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Flow:
    """The counters of one direction."""

    octets: int

    @property
    def unicast(self) -> int:
        """Packets to one receiver."""
        return self.octets // _OCTETS_PER_UNICAST

    @property
    def multicast(self) -> int:
        """Packets to a group."""
        return self.octets // _OCTETS_PER_MULTICAST

    @property
    def broadcast(self) -> int:
        """Packets to all."""
        return self.octets // _OCTETS_PER_BROADCAST


@dataclass(frozen=True, slots=True)
class InterfaceState:
    """One interface.

    Attributes:
        up: ifOperStatus.
        speed: Mbit/s.
        last_change_ticks: ifLastChange in 1/100 s of sysUpTime.
        inward: What came in since the device was started.
        outward: What went out.
        errors: Damaged frames that came in.
    """

    up: bool
    speed: int
    last_change_ticks: int
    inward: Flow
    outward: Flow
    errors: int


class Moment:
    """A device at one time. Interfaces are computed when they are asked for, once each.

    Args:
        device: Which one.
        truth: What happens in the ward.
        epoch: Start of the world in seconds of the Unix epoch.
        time: Seconds since then.
        tested: What speed tests have moved through a port of that ifName, in and out.
    """

    def __init__(
        self,
        device: DevicePlan,
        truth: Truth,
        epoch: float,
        time: float,
        tested: Callable[[str], tuple[int, int]] = lambda _: (0, 0),
    ) -> None:
        self._device = device
        self._truth = truth
        self._epoch = epoch
        self._time = time
        self._tested = tested
        self._boot = _last_boot(device, truth.chronicle.begun_on(device.id, time), time)
        self._states: dict[int, InterfaceState] = {}

    @property
    def uptime_ticks(self) -> int:
        """Time since the device was started, in 1/100 s."""
        return self._ticks(self._time)

    def interface(self, index: int) -> InterfaceState:
        """The state of the interface with that ifIndex, which the device must have."""
        state = self._states.get(index)
        if state is None:
            plan = next(plan for plan in self._device.interfaces if plan.port.index == index)
            state = self._states[index] = self._state(plan)
        return state

    def _state(self, plan: InterfacePlan) -> InterfaceState:
        faults = self._truth.chronicle.begun_on(f"{self._device.id}/{plan.port.name}", self._time)
        slowed = [fault for fault in faults if fault.kind is FaultKind.SPEED_REDUCED and fault.is_active(self._time)]
        cut = any(fault.kind in CUTS and fault.is_active(self._time) for fault in faults)
        spans = self._up_spans(faults)
        came, went = self._tested(plan.port.name)
        return InterfaceState(
            up=plan.port.use != "spare" and not cut,
            speed=min([plan.port.speed, *(int(fault.strength) for fault in slowed)]),
            last_change_ticks=self._ticks(self._last_change(faults)),
            inward=self._flow(plan.inward, spans, came),
            outward=self._flow(plan.outward, spans, went),
            errors=self._errors(faults),
        )

    def _ticks(self, time: float) -> int:
        return int((time - self._boot) * 100)

    def _up_spans(self, faults: list[Fault]) -> list[Span]:
        """When the interface was up, from the start of the device until now."""
        spans, since = [], self._boot
        for fault in faults:
            if fault.kind in CUTS and fault.end > since:
                spans.append((since, max(since, fault.start)))
                since = fault.end
        return [*spans, (since, self._time)] if since < self._time else spans

    def _flow(self, traffic: Traffic, spans: list[Span], tested: int) -> Flow:
        # Summed over the time it was up, not reduced by the time it was down: rounding must not turn a counter back.
        passed = sum(traffic.octets(self._epoch + start, self._epoch + end) for start, end in spans)
        return Flow(int(passed) + tested)

    def _last_change(self, faults: list[Fault]) -> float:
        changing = (fault for fault in faults if fault.kind in CUTS or fault.kind is FaultKind.SPEED_REDUCED)
        edges = (edge for fault in changing for edge in (fault.start, fault.end))
        return max((edge for edge in edges if self._boot < edge <= self._time), default=self._boot)

    def _errors(self, faults: list[Fault]) -> int:
        damaged = (
            fault.strength * max(0.0, min(fault.end, self._time) - max(fault.start, self._boot))
            for fault in faults
            if fault.kind is FaultKind.INTERFACE_ERRORS
        )
        return int(sum(damaged))


def _last_boot(device: DevicePlan, faults: list[Fault], time: float) -> float:
    restarts = (fault.end for fault in faults if fault.kind is FaultKind.POWER_CUT and fault.end <= time)
    return max(restarts, default=-device.uptime)
