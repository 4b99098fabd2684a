"""Whose outage explains whose silence."""

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.inventory import Inventory
from model.measurement import SubjectKey
from model.state import State
from model.topology import Topology

UP, DEGRADED, DOWN, UNREACHABLE, UNKNOWN = State.UP, State.DEGRADED, State.DOWN, State.UNREACHABLE, State.UNKNOWN

WARD = Inventory.model_validate({
    "sites": [
        {
            "id": "office",
            "devices": [
                {"id": "rt1", "address": "10.0.0.1", "depends_on": ["vnpt", "viettel"]},
                {"id": "sw1", "address": "10.0.0.2", "depends_on": ["rt1"]},
                {"id": "sw2", "address": "10.0.0.3", "depends_on": ["rt1", "ups"]},
                {"id": "ups", "address": "10.0.0.4"},
            ],
            "links": [
                {"id": "vnpt", "target": "icmp://192.0.2.1"},
                {"id": "viettel", "target": "icmp://192.0.2.2"},
            ],
            "services": [{"id": "portal", "url": "https://portal.example/", "depends_on": ["sw1"]}],
        },
        {
            "id": "point",
            "devices": [{"id": "cam", "address": "10.1.0.1", "depends_on": ["fpt", "vnpt"]}],
            "links": [{"id": "fpt", "target": "icmp://192.0.2.3", "depends_on": ["rt1"]}],
        },
    ]
})
WHOLE = Topology(WARD)
NOUNS: Mapping[str, SubjectKey] = {
    **{name: ("device", name) for name in ("rt1", "sw1", "sw2", "ups", "cam")},
    **{name: ("link", name) for name in ("vnpt", "viettel", "fpt")},
    "portal": ("service", "portal"),
}


def states(**known: State) -> dict[SubjectKey, State]:
    """States by id."""
    return {NOUNS[name]: state for name, state in known.items()}


def ids(subjects: Iterable[SubjectKey]) -> list[str]:
    """The ids of subjects, in their order."""
    return [name for _, name in subjects]


@pytest.mark.parametrize(
    ("subject", "known", "cut_off"),
    [
        ("sw1", {"rt1": DOWN}, True),
        ("sw1", {"rt1": UP}, False),
        ("sw1", {}, False),
        ("rt1", {"vnpt": DOWN, "viettel": UP}, False),
        ("rt1", {"vnpt": DOWN, "viettel": UNKNOWN}, False),
        ("rt1", {"vnpt": DOWN, "viettel": UNREACHABLE}, True),
        ("sw2", {"rt1": UP, "ups": DOWN}, True),
        ("cam", {"fpt": UP, "vnpt": DOWN}, True),
        ("portal", {"sw1": UNKNOWN, "rt1": UNKNOWN, "vnpt": DOWN, "viettel": DOWN}, True),
        ("portal", {"sw1": UNKNOWN, "rt1": DEGRADED, "vnpt": DOWN, "viettel": DOWN}, False),
        ("ups", {"rt1": DOWN}, False),
    ],
)
def test_all_that_is_listed_is_needed_but_links_of_one_site_stand_in(
    subject: str, known: dict[str, State], *, cut_off: bool
) -> None:
    """A switch behind a router, a router on two uplinks, a point behind an office; answers end the chain."""
    assert WHOLE.unreachable(NOUNS[subject], states(**known)) is cut_off


def test_what_stands_above_comes_nearest_first() -> None:
    """So that the nearest is probed first, and each before what it depends on itself."""
    assert ids(WHOLE.parents(NOUNS["sw1"])) == ["rt1"]
    assert ids(WHOLE.ancestors(NOUNS["portal"]))[:2] == ["sw1", "rt1"]
    assert set(ids(WHOLE.ancestors(NOUNS["portal"]))) == {"sw1", "rt1", "vnpt", "viettel"}
    assert WHOLE.needs(NOUNS["rt1"]) == (frozenset({NOUNS["vnpt"], NOUNS["viettel"]}),)


def test_what_stands_below_comes_after_what_it_depends_on() -> None:
    """All that an outage may explain, and nothing beside it."""
    below = ids(WHOLE.descendants(NOUNS["rt1"]))
    assert set(below) == {"sw1", "sw2", "portal", "fpt", "cam"}
    assert below.index("sw1") < below.index("portal")
    assert below.index("fpt") < below.index("cam")
    assert WHOLE.descendants(NOUNS["portal"]) == ()


def test_what_the_inventory_does_not_hold_depends_on_nothing() -> None:
    """Anchors, and what a reload has taken away."""
    stranger: SubjectKey = ("anchor", "icmp://192.0.2.9")
    assert WHOLE.needs(stranger) == ()
    assert WHOLE.parents(stranger) == WHOLE.ancestors(stranger) == WHOLE.descendants(stranger) == ()
    assert WHOLE.roots(stranger, {}) == WHOLE.explained(stranger, {}) == ()
    assert not WHOLE.unreachable(stranger, {})


def test_the_root_is_what_is_lost_by_its_own_fault() -> None:
    """Not the next in the chain, which is only cut off; of two uplinks both, where both are lost."""
    known = states(vnpt=DOWN, viettel=DOWN, rt1=UNREACHABLE, sw1=UNREACHABLE)
    assert set(ids(WHOLE.roots(NOUNS["portal"], known))) == {"vnpt", "viettel"}
    assert ids(WHOLE.roots(NOUNS["sw1"], states(rt1=DOWN))) == ["rt1"]
    assert WHOLE.roots(NOUNS["sw1"], states(rt1=UP)) == ()


def test_an_outage_explains_what_it_cuts_off_and_no_more() -> None:
    """What answers all the same is not hidden, nor what another root has cut off as well as nothing of this one."""
    known = states(rt1=DOWN, vnpt=UP, fpt=UP, portal=UNREACHABLE)
    assert set(ids(WHOLE.explained(NOUNS["rt1"], known))) == {"sw1", "sw2", "portal"}
    assert set(ids(WHOLE.explained(NOUNS["ups"], states(ups=DOWN)))) == {"sw2"}
    assert WHOLE.explained(NOUNS["vnpt"], states(vnpt=DOWN, viettel=UP, rt1=UP, fpt=UP, cam=UP)) == ()


def test_a_chain_may_be_as_long_as_the_inventory() -> None:
    """Two thousand switches in a row need no recursion."""
    devices = [{"id": "d0", "address": "10.0.0.1"}]
    devices += [{"id": f"d{n}", "address": "10.0.0.1", "depends_on": [f"d{n - 1}"]} for n in range(1, 2_000)]  # type: ignore[dict-item]  # the first has no list
    row = Topology(Inventory.model_validate({"sites": [{"id": "s", "devices": devices}]}))
    last: SubjectKey = ("device", "d1999")
    assert ids(row.roots(last, {("device", "d0"): DOWN})) == ["d0"]
    assert len(row.descendants(("device", "d0"))) == 1_999


@st.composite
def networks(draw: st.DrawFn) -> tuple[dict[int, list[int]], dict[int, State]]:
    """Twelve subjects, each depending on some before it, with states. Every third is a link of the one site."""
    above = {n: draw(st.lists(st.integers(0, n - 1), max_size=3, unique=True)) if n else [] for n in range(12)}
    return above, {n: draw(st.sampled_from([UP, DEGRADED, DOWN, UNREACHABLE, UNKNOWN])) for n in above}


def key(number: int) -> SubjectKey:
    """A link for each third number, else a device."""
    return ("link", f"n{number}") if number % 3 == 0 else ("device", f"n{number}")


@settings(max_examples=200)
@given(networks())
def test_random_networks_agree_with_the_definition(network: tuple[dict[int, list[int]], dict[int, State]]) -> None:
    """Reachability and roots, by plain recursion over the sentence of the documentation."""
    above, known = network
    items = {n: {"id": f"n{n}", "depends_on": [f"n{parent}" for parent in above[n]]} for n in above}
    devices = [{**item, "address": "10.0.0.1"} for n, item in items.items() if n % 3]
    links = [{**item, "target": "icmp://192.0.2.1"} for n, item in items.items() if not n % 3]
    topology = Topology(Inventory.model_validate({"sites": [{"id": "s", "devices": devices, "links": links}]}))

    def is_lost(n: int) -> bool:
        return known[n].is_lost or (known[n] is UNKNOWN and is_cut_off(n))

    def causes(n: int) -> list[int]:
        standing_in = [parent for parent in above[n] if parent % 3 == 0]
        causes = [parent for parent in above[n] if parent % 3 and is_lost(parent)]
        return causes + (standing_in if all(map(is_lost, standing_in)) else [])

    def is_cut_off(n: int) -> bool:
        return bool(causes(n))

    def roots(n: int) -> set[int]:
        return set().union(*(roots(cause) or {cause} for cause in causes(n)))

    everything = {key(n): state for n, state in known.items()}
    for n in above:
        assert topology.unreachable(key(n), everything) is is_cut_off(n)
        assert set(topology.roots(key(n), everything)) == {key(root) for root in roots(n)}
        hidden = {key(below) for below in above if not known[below].passes and n in roots(below)}
        assert set(topology.explained(key(n), everything)) == hidden
