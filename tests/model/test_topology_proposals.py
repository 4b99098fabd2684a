"""What hangs on what by the devices' own tables, beside the inventory; and what has changed between two looks."""

from model.directory import Known
from model.measurement import SystemFacts
from model.placement import Proposal, Why
from model.survey import Gateway, Neighbour, Port, Survey
from model.topology_proposals import (
    Agreement,
    Change,
    Drift,
    Seen,
    dependencies,
    drift,
    enriched,
    remembered,
    seen_of,
)

ROUTER = Known("rt", "office", "10.0.0.1", "router")
SWITCH = Known("sw", "office", "10.0.0.2", "switch")
CAMERA = Known("cam", "office", "10.0.0.3", "camera")
PORTS = (Port(1, "p1", kind=6, is_up=True, octets=9), Port(2, "p2", kind=6, is_up=True, octets=5))


def told(name: str = "", **fields: object) -> Survey:
    """A survey of a device with two ports."""
    system = SystemFacts(descr="", object_id="", name=name, location="", contact="")
    return Survey(system, **{"ports": PORTS, **fields})  # type: ignore[arg-type]  # a test names them


SURVEYS = {
    "rt": told("gate", networks=("10.0.0.1/24",), gateways=(Gateway("203.0.113.1", 1),), chassis="02:00:00:00:00:01"),
    "sw": told(
        "core-switch",
        gateways=(Gateway("10.0.0.1", 0),),
        arp={"10.0.0.1": ("02:00:00:00:00:01", 99), "10.0.0.3": ("02:00:00:00:00:03", 99)},
        stations={"02:00:00:00:00:01": 1, "02:00:00:00:00:03": 2},
        neighbours=(Neighbour(1, "lldp", name="gate", mac="02:00:00:00:00:01"),),
    ),
}


def test_a_ward_of_three() -> None:
    """The switch hangs on the router by LLDP at its way up; the mute camera on the switch by the bridge's table."""
    found = dependencies([ROUTER, SWITCH, CAMERA], SURVEYS, {})
    assert [(each.device, each.parent.subject, each.parent.why) for each in found] == [
        ("sw", "rt", Why.NEIGHBOUR),
        ("cam", "sw", Why.NEIGHBOUR),
    ]
    assert found[1].parent.evidence == "bridge: sw p2"


def test_beside_the_inventory() -> None:
    """It says so, directly or through others; it says nothing; another; or the reverse."""
    cases: dict[Agreement, dict[str, tuple[str, ...]]] = {
        Agreement.SAYS_NOTHING: {"sw": ()},
        Agreement.SAYS_SO: {"sw": ("line",), "line": ("rt",)},
        Agreement.SAYS_OTHERWISE: {"sw": ("other",)},
        Agreement.SAYS_THE_REVERSE: {"rt": ("sw",)},
    }
    for agreement, said in cases.items():
        (first, *_) = dependencies([ROUTER, SWITCH], SURVEYS, said)
        assert (first.device, first.agreement, first.said) == ("sw", agreement, said.get("sw", ()))


def test_two_that_name_each_other_give_one_proposal() -> None:
    """What would be a circle is not proposed: the surer of the two stands."""
    by_route = told("a", gateways=(Gateway("10.0.0.2", 1),))
    by_name = told("b", neighbours=(Neighbour(1, "cdp", name="a"),))
    (only,) = dependencies([ROUTER, SWITCH], {"rt": by_route, "sw": by_name}, {})
    assert (only.device, only.parent.why) == ("sw", Why.NEIGHBOUR)


def test_of_two_switches_the_nearer_one_has_it() -> None:
    """Both have seen the camera; the one with fewer stations behind that port is next to it."""
    own = "02:00:00:00:00:09"  # some bridges list themselves too
    far = told(stations={"02:00:00:00:00:03": 2, own: 2}, chassis=own)
    near = told(arp={"10.0.0.3": ("02:00:00:00:00:03", 9)}, stations={"02:00:00:00:00:03": 2})
    both, distant = {"far": far, "sw": near}, Known("far", "office", "10.0.0.9", "switch")
    for devices in ([distant, SWITCH, CAMERA], [SWITCH, distant, CAMERA]):
        found = dependencies(devices, both, {})
        assert [(each.device, each.parent.subject) for each in found] == [("cam", "sw")]


def test_a_mute_device_is_seen_by_lldp_too() -> None:
    """It tells nothing itself, but the switch names it at a port that is not its way up."""
    switch = told(gateways=(Gateway("10.0.0.1", 1),), neighbours=(Neighbour(2, "lldp", addresses=("10.0.0.3",)),))
    found = dependencies([SWITCH, CAMERA], {"sw": switch}, {})
    assert [(each.device, each.parent.subject, each.parent.evidence) for each in found] == [
        ("cam", "sw", "lldp: sw p2")
    ]


def test_two_ways_up_through_one_are_looked_at_once() -> None:
    """What the inventory says may branch and meet again, and is not walked for ever."""
    said = {"sw": ("a", "b"), "a": ("c",), "b": ("c",)}
    (first, *_) = dependencies([ROUTER, SWITCH], SURVEYS, said)
    assert first.agreement is Agreement.SAYS_OTHERWISE


def test_an_address_of_two_tells_neither() -> None:
    """Routers that share a virtual hardware address are not taken for each other."""
    shared = (Port(1, "p1", mac="00:00:5e:00:01:01"),)
    found = enriched([ROUTER, SWITCH], {"rt": told(ports=shared), "sw": told(ports=shared)})
    assert [each.macs for each in found] == [frozenset(), frozenset()]


BEFORE = Seen(answered=True, facts={"firmware": "7.1", "name": "sw"}, uplink="p1", neighbours={"ap": "p2", "cam": "p3"})


def test_drift() -> None:
    """Another firmware, another way up, a neighbour at another port, one gone, one new: each by itself."""
    after = Seen(answered=True, facts={"firmware": "7.2"}, uplink="p9", neighbours={"ap": "p4", "new": "p5"})
    assert drift({"sw": BEFORE}, {"sw": after}) == [
        Drift("sw", Change.CAME, "new", "", "p5"),
        Drift("sw", Change.FACT, "firmware", "7.1", "7.2"),
        Drift("sw", Change.LEFT, "cam", "p3", ""),
        Drift("sw", Change.MOVED, "ap", "p2", "p4"),
        Drift("sw", Change.UPLINK, "", "p1", "p9"),
    ]
    assert drift({"sw": BEFORE}, {"sw": BEFORE}) == []


def test_a_device_that_is_gone_is_told_and_not_forgotten() -> None:
    """Its neighbours are not said to have left; when it is back, it is compared with what it was."""
    silent = Seen(answered=False, facts={}, uplink="", neighbours={})
    assert drift({"sw": BEFORE}, {"sw": silent}) == [Drift("sw", Change.GONE, "", "", "")]
    kept = remembered({"sw": BEFORE}, {"sw": silent})
    back = Seen(answered=True, facts={"firmware": "7.2"}, uplink="p1", neighbours=BEFORE.neighbours)
    assert [each.change for each in drift(kept, {"sw": back})] == [Change.BACK, Change.FACT]


def test_what_is_remembered() -> None:
    """Only what it told; a way up that is guessed from traffic may change any day and is left out."""
    seen = seen_of(
        told("sw", facts={"firmware": "7.1"}, neighbours=(Neighbour(2, "lldp", name="ap"), Neighbour(1, "cdp")))
    )
    assert seen == Seen(answered=True, facts={"name": "sw", "firmware": "7.1"}, uplink="", neighbours={"ap": "p2"})
    assert seen_of(told(gateways=(Gateway("10.0.0.1", 1),))).uplink == "p1"


def test_the_proposal_of_a_parent_has_its_evidence() -> None:
    """A person can look it up: which table, which port."""
    (first, *_) = dependencies([ROUTER, SWITCH], SURVEYS, {})
    assert first.parent == Proposal("rt", Why.NEIGHBOUR, "lldp: gate (p1 – ?)")
