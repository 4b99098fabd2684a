"""Which cells are asked together: every one once, whole interfaces, no more than an answer holds."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.snmp.columns import COLUMNS, IF_NUMBER, IF_TABLE_LAST_CHANGE, SYS_UPTIME
from monitor.snmp.plan import Batch, make_plan

HEAD = (SYS_UPTIME, IF_TABLE_LAST_CHANGE)


def cells_of(batch: Batch) -> list[str]:
    """The cells of a batch without its head."""
    return [cell.oid for group in batch.groups for cell in group.cells]


@given(
    st.dictionaries(st.integers(1, 2**31 - 1), st.sets(st.sampled_from(COLUMNS)), max_size=60),
    st.integers(200, 1_400),
)
def test_every_cell_is_asked_once(shape: dict[int, set[object]], octets: int) -> None:
    """Whatever an agent has, each of its cells is in exactly one request, with its interface's others."""
    indices = tuple(sorted(shape))
    columns = tuple(tuple(column for column in COLUMNS if column in shape[index]) for index in indices)
    plan = make_plan(indices, columns, octets, HEAD, (IF_NUMBER,))
    wanted = [f"{column.oid}.{index}" for index, row in zip(indices, columns, strict=True) for column in row]
    assert sorted(oid for batch in plan for oid in cells_of(batch)) == sorted(wanted)
    assert all(batch.oids[:2] == HEAD for batch in plan)
    assert [IF_NUMBER in batch.oids for batch in plan] == [True] + [False] * (len(plan) - 1)
    rows = [group.row for batch in plan for group in batch.groups]
    assert len(rows) == len(set(rows))


def test_a_switch_of_52_ports_takes_eight_packets() -> None:
    """52 interfaces of 8 columns fit into eight answers of an Ethernet packet each."""
    wide = tuple(column for column in COLUMNS if column.name in {
        *("ifOperStatus", "ifAdminStatus", "ifHighSpeed", "ifHCInOctets", "ifHCOutOctets"),
        *("ifInErrors", "ifOutErrors", "ifLastChange"),
    })  # fmt: skip
    assert len(make_plan(tuple(range(1, 53)), (wide,) * 52, 1_400, HEAD, (IF_NUMBER,))) <= 8


def test_plans_of_one_shape_are_one_object() -> None:
    """Thousands of equal devices share the memory of their plan."""
    one, other = (make_plan((1, 2), (COLUMNS, COLUMNS), 1_400, HEAD) for _ in range(2))
    assert one is other


def test_an_agent_without_anything_is_asked_for_its_uptime() -> None:
    """A poll that asks for nothing would succeed without an agent."""
    [batch] = make_plan((), (), 1_400, ())
    assert batch.oids == (SYS_UPTIME,)


def test_halves_hold_the_same_cells() -> None:
    """Splitting loses no cell, keeps the head, and ends at one cell."""
    [batch] = make_plan((1,), (COLUMNS[:5],), 1_400, HEAD)
    waiting, singles = [batch], []
    while waiting:
        part = waiting.pop()
        assert part.oids[:2] == HEAD
        halves = part.halves()
        if halves is None:
            singles += cells_of(part)
        waiting += halves or ()
    assert sorted(singles) == sorted(cells_of(batch))


def test_a_batch_without_a_cell_keeps_the_others() -> None:
    """What the agent fails on is left out alone."""
    [batch] = make_plan((1, 2), (COLUMNS[:2], COLUMNS[:2]), 1_400, HEAD)
    bad = cells_of(batch)[1]
    assert batch.without(bad).oids == tuple(oid for oid in batch.oids if oid != bad)
    assert batch.without(SYS_UPTIME).oids == batch.oids[1:]
