"""Statuses and counters of one device at one moment."""

from collections.abc import Callable

import pytest

from monitor.demo.fault import Fault, FaultKind
from monitor.demo.moment import InterfaceState, Moment
from monitor.demo.truth import Truth
from monitor.demo.ward import DevicePlan, WardPlan

TruthWith = Callable[..., Truth]
EPOCH = 1_767_243_600.0


def _wan(router: DevicePlan, truth: Truth, time: float) -> InterfaceState:
    return Moment(router, truth, EPOCH, time).interface(1)


def test_counters_equal_the_formula(router: DevicePlan, truth_with: TruthWith) -> None:
    """Without faults the octets are the traffic's integral since the device was started."""
    plan = router.interfaces[0]
    state = _wan(router, truth_with(), 100.0)
    assert state.inward.octets == int(plan.inward.octets(EPOCH - router.uptime, EPOCH + 100))
    assert state.outward.octets == int(plan.outward.octets(EPOCH - router.uptime, EPOCH + 100))
    assert 0 < state.inward.broadcast < state.inward.multicast < state.inward.unicast < state.inward.octets


def test_counters_hold_what_speed_tests_move(router: DevicePlan, truth_with: TruthWith) -> None:
    """On the port that is tested, each way, and on no other."""
    plain = [Moment(router, truth_with(), EPOCH, 100.0).interface(index) for index in (1, 2)]
    name = router.interfaces[0].port.name

    def octets(port: str) -> tuple[int, int]:
        return (5_000, 700) if port == name else (0, 0)

    tested = [Moment(router, truth_with(), EPOCH, 100.0, octets).interface(index) for index in (1, 2)]
    assert tested[0].inward.octets == plain[0].inward.octets + 5_000
    assert tested[0].outward.octets == plain[0].outward.octets + 700
    assert tested[1] == plain[1]


def test_the_uptime_runs(router: DevicePlan, truth_with: TruthWith) -> None:
    """The uptime counts hundredths of a second from long before the world began."""
    early, late = (Moment(router, truth_with(), EPOCH, time).uptime_ticks for time in (0.0, 60.0))
    assert early == int(router.uptime * 100)
    assert late - early == pytest.approx(6_000, abs=1)


def test_a_cut_interface_is_down_and_counts_nothing(router: DevicePlan, truth_with: TruthWith) -> None:
    """While it is cut its counters stand still exactly; afterwards they go on without the traffic of the cut."""
    truth = truth_with(Fault(FaultKind.LINK_CUT, 10, 50, ("office-vnpt", "office-rt1/Gi0/0/1")))
    inward = router.interfaces[0].inward
    during = [_wan(router, truth, time) for time in (10.0, 23.7, 49.9)]
    assert not any(state.up for state in during)
    assert len({state.inward for state in during}) == 1
    after = _wan(router, truth, 80.0)
    assert after.up
    grown = after.inward.octets - during[0].inward.octets
    assert grown == pytest.approx(inward.octets(EPOCH + 50, EPOCH + 80), abs=2)


def test_the_last_change_is_the_last_change(router: DevicePlan, truth_with: TruthWith) -> None:
    """It is the sysUpTime of the cut, then of its end; before the first one it is 0."""
    truth = truth_with(Fault(FaultKind.LINK_CUT, 10, 50, ("office-vnpt", "office-rt1/Gi0/0/1")))
    changes = [_wan(router, truth, time).last_change_ticks for time in (5, 20, 60)]
    assert changes == [0, int((10 + router.uptime) * 100), int((50 + router.uptime) * 100)]


def test_a_slow_port_says_so(router: DevicePlan, truth_with: TruthWith) -> None:
    """A port that falls to 100 Mbit/s is up, shows its speed, and has changed."""
    truth = truth_with(Fault(FaultKind.SPEED_REDUCED, 10, 50, ("office-rt1/Gi0/0/1",), 100))
    assert [_wan(router, truth, time).speed for time in (5, 20, 60)] == [1000, 100, 1000]
    assert _wan(router, truth, 20).up
    assert _wan(router, truth, 20).last_change_ticks > 0


def test_errors_grow_while_the_cable_is_bad(router: DevicePlan, truth_with: TruthWith) -> None:
    """Five damaged frames a second for 40 seconds are 200, and stay."""
    truth = truth_with(Fault(FaultKind.INTERFACE_ERRORS, 10, 50, ("office-rt1/Gi0/0/1",), 5))
    assert [_wan(router, truth, time).errors for time in (5, 20, 50, 90)] == [0, 50, 200, 200]


def test_a_power_cut_restarts_the_device(ward: WardPlan, truth_with: TruthWith) -> None:
    """After it sysUpTime and the counters begin anew from the moment that power came back."""
    device = ward.sites[3].devices[0]
    truth = truth_with(Fault(FaultKind.POWER_CUT, 10, 50, (device.id,)))
    plan = next(row for row in device.interfaces if row.port.use == "wan")
    moment = Moment(device, truth, EPOCH, 80.0)
    assert moment.uptime_ticks == 3_000
    state = moment.interface(plan.port.index)
    assert state.inward.octets == int(plan.inward.octets(EPOCH + 50, EPOCH + 80))
    assert state.last_change_ticks == 0


def test_counters_never_go_back(ward: WardPlan, truth_with: TruthWith) -> None:
    """Asked every 0.1 s across overlapping cuts, no counter of a point's router ever falls."""
    site = ward.sites[3]
    device, subjects = site.devices[0], (site.links[0].id, site.links[0].interface)
    truth = truth_with(Fault(FaultKind.LINK_CUT, 2, 6, subjects), Fault(FaultKind.PROVIDER_OUTAGE, 4, 9, subjects))
    for plan in device.interfaces:
        states = [Moment(device, truth, EPOCH, n / 10).interface(plan.port.index) for n in range(120)]
        octets = [state.inward.octets for state in states]
        assert octets == sorted(octets)
