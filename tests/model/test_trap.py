"""What a notification says, from its bindings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.trap import Trap, TrapKind, Value, trap_of

TRAP_OID = "1.3.6.1.6.3.1.1.4.1.0"
ROW = "1.3.6.1.2.1.2.2.1"
NAME = "1.3.6.1.2.1.31.1.1.1.1"


def said(oid: str, *bindings: tuple[str, Value]) -> Trap:
    """What a trap of this kind with these bindings says."""
    return trap_of([("1.3.6.1.2.1.1.3.0", 4711), (TRAP_OID, oid), *bindings])


@pytest.mark.parametrize(
    ("oid", "kind"),
    [
        ("1.3.6.1.6.3.1.1.5.1", TrapKind.COLD_START),
        ("1.3.6.1.6.3.1.1.5.2", TrapKind.WARM_START),
        ("1.3.6.1.6.3.1.1.5.3", TrapKind.LINK_DOWN),
        ("1.3.6.1.6.3.1.1.5.4", TrapKind.LINK_UP),
        ("1.3.6.1.6.3.1.1.5.5", TrapKind.AUTHENTICATION_FAILURE),
        ("1.3.6.1.2.1.33.2.1", TrapKind.ON_BATTERY),
        ("1.3.6.1.2.1.33.2.0.1", TrapKind.ON_BATTERY),
        ("1.3.6.1.2.1.33.2.3", TrapKind.UPS_ALARM),
        ("1.3.6.1.4.1.318.0.5", TrapKind.ON_BATTERY),
        ("1.3.6.1.4.1.318.0.9", TrapKind.ON_LINE),
        ("1.0.8802.1.1.2.0.0.1", TrapKind.NEIGHBOURS_CHANGED),
        ("1.3.6.1.2.1.15.0.2", TrapKind.BGP_DOWN),
        ("1.3.6.1.2.1.15.7.2", TrapKind.BGP_DOWN),
        ("1.3.6.1.4.1.9.9.41.2.0.1", TrapKind.OTHER),
    ],
)
def test_kinds_go_by_their_oid(oid: str, kind: TrapKind) -> None:
    """Each notification is known by the OID of its MIB, as version 1 or 2 writes it."""
    assert said(oid).kind is kind


def test_a_port_is_known_by_index_and_name() -> None:
    """LinkDown tells ifIndex, ifAdminStatus and, where its agent adds it, ifName, which is better than ifDescr."""
    down = said(
        "1.3.6.1.6.3.1.1.5.3",
        (f"{ROW}.1.7", 7),
        (f"{ROW}.7.7", 1),
        (f"{ROW}.8.7", 2),
        (f"{ROW}.2.7", b"GigabitEthernet1/0/7"),
        (f"{NAME}.7", b"gi1/0/7"),
    )
    assert (down.if_index, down.if_name, down.by_hand) == (7, "gi1/0/7", False)


def test_a_port_switched_off_by_hand_is_told() -> None:
    """IfAdminStatus down is somebody's hand; where it is not told, nobody knows."""
    assert said("1.3.6.1.6.3.1.1.5.3", (f"{ROW}.1.7", 7), (f"{ROW}.7.7", 2)).by_hand is True
    assert said("1.3.6.1.6.3.1.1.5.3", (f"{ROW}.1.7", 7)).by_hand is None


def test_an_index_that_is_left_out_stands_in_the_other_columns() -> None:
    """Some agents bind ifDescr.7 and not ifIndex.7."""
    assert said("1.3.6.1.6.3.1.1.5.3", (f"{ROW}.2.7", b"ether7\0")) == Trap(
        TrapKind.LINK_DOWN, "1.3.6.1.6.3.1.1.5.3", 7, "ether7"
    )


def test_the_agents_own_address_is_told_unless_it_does_not_know_it() -> None:
    """SnmpTrapAddress names who speaks behind a NAT; 0.0.0.0 names nobody."""
    assert said("1.3.6.1.6.3.1.1.5.1", ("1.3.6.1.6.3.18.1.3.0", "10.1.1.1")).agent == "10.1.1.1"
    assert said("1.3.6.1.6.3.1.1.5.1", ("1.3.6.1.6.3.18.1.3.0", "0.0.0.0")).agent == ""  # as agents say


def test_up_after_down_is_news_of_the_same() -> None:
    """A linkUp says what has become of a linkDown of that port; two others are the same only by their whole OID."""
    down, up = (Trap(kind, if_index=7) for kind in (TrapKind.LINK_DOWN, TrapKind.LINK_UP))
    assert down.news == up.news != Trap(TrapKind.LINK_DOWN, if_index=8).news
    assert Trap(TrapKind.OTHER, "1.3.1").news != Trap(TrapKind.OTHER, "1.3.2").news


VALUES = st.one_of(st.integers(), st.text(max_size=9), st.binary(max_size=300))
OIDS = st.sampled_from([TRAP_OID, f"{ROW}.1.7", f"{ROW}.2.x", f"{ROW}.7.7", f"{NAME}.٣", "1.3.6.1.6.3.18.1.3.0", ""])


@given(st.lists(st.tuples(OIDS, VALUES)), st.sampled_from(["1.3.6.1.6.3.1.1.5.3", "x"]))
def test_anything_can_be_bound(bindings: list[tuple[str, Value]], oid: str) -> None:
    """Whatever types and names an agent sends, there is a Trap, whose index is one and whose name is printable."""
    trap = trap_of([*bindings, (TRAP_OID, oid)])
    assert trap.if_index is None or 0 < trap.if_index < 2**31
    assert trap.if_name.isprintable()


@pytest.mark.parametrize(
    ("bindings", "port"),
    [([(f"{ROW}.1.7", 7), (f"{NAME}.7", b"ether1")], "ether1"), ([(f"{ROW}.1.7", 7)], "7"), ([], "")],
)
def test_a_port_goes_by_its_name_or_else_its_number(bindings: list[tuple[str, Value]], port: str) -> None:
    """One that the agent tells neither of is empty, in the log as in the history."""
    assert said("1.3.6.1.6.3.1.1.5.3", *bindings).port == port
