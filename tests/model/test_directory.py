"""Devices found by what their neighbours call them, in a city as quickly as in a ward."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from model.directory import Directory, Known
from model.measurement import SystemFacts
from model.placement import Why
from model.survey import Gateway, Neighbour, Port, Survey
from model.topology_proposals import Dependency, dependencies

FIRST = Known("first", "s", "10.0.0.1", names=frozenset({"gw.first.example"}), macs=frozenset({"02:00:00:00:00:01"}))
OTHER = Known("other", "s", "gw.other.example", names=frozenset({"SW"}), addresses=frozenset({"10.0.0.2"}))
NOBODY = Survey(SystemFacts())
PORTS = (Port(1, "up", kind=6, is_up=True), Port(2, "p2", kind=6, is_up=True), Port(3, "p3", kind=6, is_up=True))


@pytest.mark.parametrize(
    ("neighbour", "found"),
    [
        (Neighbour(1, "lldp", addresses=("10.0.0.1",)), FIRST),
        (Neighbour(1, "lldp", addresses=("10.0.0.9", "10.0.0.2")), OTHER),
        (Neighbour(1, "lldp", mac="02:00:00:00:00:01"), FIRST),
        (Neighbour(1, "lldp", name="sw.other.example"), OTHER),
        (Neighbour(1, "lldp", name="SW", addresses=("10.0.0.1",)), FIRST),
        (Neighbour(1, "lldp", name="sw2", mac="02:00:00:00:00:09"), None),
        (Neighbour(1, "lldp"), None),
    ],
)
def test_a_neighbour_is_found_by_each_of_its_marks(neighbour: Neighbour, found: Known | None) -> None:
    """By an address or a hardware address; by its name, without a domain, where these tell nothing."""
    assert Directory([FIRST, OTHER]).match(neighbour, NOBODY) is found


def test_a_hardware_address_is_known_by_the_tables_of_whoever_tells() -> None:
    """Its ARP table has it at the device's own address; at a further one of its addresses it may be another's."""
    arp = {"10.0.0.1": ("02:00:00:00:00:07", 1), "10.0.0.2": ("02:00:00:00:00:08", 1)}
    directory = Directory([FIRST, OTHER])
    assert directory.match(Neighbour(1, "cdp", mac="02:00:00:00:00:07"), Survey(SystemFacts(), arp=arp)) is FIRST
    assert directory.match(Neighbour(1, "cdp", mac="02:00:00:00:00:08"), Survey(SystemFacts(), arp=arp)) is None


def test_of_several_it_is_the_first_and_never_the_one_that_asks() -> None:
    """Two at one address: the one that stands first in the inventory, unless it is the one that tells of it."""
    twin = Known("twin", "s", "10.0.0.1", names=frozenset({"gw"}))
    directory, neighbour = Directory([FIRST, twin]), Neighbour(1, "lldp", addresses=("10.0.0.1",))
    assert directory.match(neighbour, NOBODY) is FIRST
    assert directory.match(neighbour, NOBODY, "first") is twin
    assert directory.match(Neighbour(1, "lldp", name="gw"), NOBODY) is None, "two are called so"
    assert directory.match(Neighbour(1, "lldp", name="gw"), NOBODY, "first") is twin
    assert directory.at("10.0.0.1", "") is FIRST


def city(wards: int) -> tuple[list[Known], dict[str, Survey]]:
    """Of each ward a router, a switch below it, and a mute camera that the switch's bridge has seen."""
    known, surveys = [], {}
    for ward in range(wards):
        one, two, three = (f"10.{ward}.0.{host}" for host in (1, 2, 3))
        macs = [f"02:00:{ward:02x}:00:00:{host:02x}" for host in (1, 2, 3)]
        known += [
            Known(f"rt{ward}", f"s{ward}", one, "router", frozenset({f"rt{ward}"})),
            Known(f"sw{ward}", f"s{ward}", two, "switch", frozenset({f"sw{ward}"})),
            Known(f"cam{ward}", f"s{ward}", three, "camera"),
        ]
        surveys[f"rt{ward}"] = Survey(SystemFacts(name=f"rt{ward}"), ports=PORTS, chassis=macs[0])
        surveys[f"sw{ward}"] = Survey(
            SystemFacts(name=f"sw{ward}"),
            ports=PORTS,
            chassis=macs[1],
            gateways=(Gateway(one, 1),),
            neighbours=(Neighbour(1, "lldp", name=f"rt{ward}"),),
            arp={one: (macs[0], 1), three: (macs[2], 3)},
            stations={macs[0]: 1, macs[2]: 3},
        )
    return known, surveys


def steps(work: Callable[[], object]) -> int:
    """How many instructions of Python some work takes: the same each time, on any machine."""
    count = 0

    def watch(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def test_twice_as_many_devices_take_about_twice_the_work() -> None:
    """Each is found by its marks, not by a look at all the others: a city has five thousand."""
    small, large = city(10), city(20)
    found: list[Dependency] = []
    one = steps(lambda: dependencies(*small, {}))
    two = steps(lambda: found.extend(dependencies(*large, {})))
    assert {(each.device, each.parent.subject, each.parent.why) for each in found} == {
        pair
        for ward in range(20)
        for pair in ((f"sw{ward}", f"rt{ward}", Why.NEIGHBOUR), (f"cam{ward}", f"sw{ward}", Why.NEIGHBOUR))
    }
    assert two < 2.2 * one
