"""Blocks of samples."""

from array import array

import pytest

from exporters.blocks import ABSENT, Buckets, InterfaceFacts, Sample, Scalars, StateSet, Table, number, row
from exporters.interface_types import interface_type
from model.state import State


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (0.0005, "0.0005"),
        (1e-07, "1e-07"),
        (float("inf"), "+Inf"),
        (float("-inf"), "-Inf"),
        (float("nan"), "NaN"),
    ],
)
def test_numbers_are_spelled_as_the_formats_ask(value: float, text: str) -> None:
    """Finite numbers are exact, the others have their names."""
    assert number(value) == text


def test_scalars_group_their_samples_by_family() -> None:
    """Each family's lines hold its own samples only, with their further labels."""
    block = Scalars.of('a="b"', [Sample("one", 1), Sample("two", 2, ',c="d"'), Sample("two", 3, ',c="e"')])
    assert block.families == ("one", "two")
    assert block.lines(0).decode() == 'one{a="b"} 1.0\n'
    assert block.lines(1).decode() == 'two{a="b",c="d"} 2.0\ntwo{a="b",c="e"} 3.0\n'


def test_scalars_of_the_same_metrics_share_their_layout() -> None:
    """Two subjects with the same metrics hold one layout between them."""
    first, second = (Scalars.of(labels, [Sample("one", 1)]) for labels in ('a="b"', 'a="c"'))
    assert first.layout is second.layout


def test_a_table_leaves_out_absent_cells() -> None:
    """A cell that was not read has no line, and a column without any has no text."""
    template = row('r="1"') + row('r="2"')
    block = Table(("x", "y", "z"), template, array("q", [1, 2, ABSENT, 4, ABSENT, ABSENT]))
    assert block.lines(0).decode() == 'x{r="1"} 1\nx{r="2"} 2\n'
    assert block.lines(1).decode() == 'y{r="2"} 4\n'
    assert block.lines(2).decode() == ""


def test_label_text_may_hold_percent_signs_and_odd_line_ends() -> None:
    """Neither a percent sign nor a Unicode line separator in a label disturbs its row."""
    template = row('r="100%d\u2028"') + row('r="2%%"')
    block = Table(("x",), template, array("q", [1, ABSENT]))
    assert block.lines(0).decode() == 'x{r="100%d\u2028"} 1\n'


def test_interface_facts_are_labels() -> None:
    """Types have their IANA names, unknown ones their number; what was not read is absent."""
    template = row('r="1"') + row('r="2"') + row('r="3"')
    block = InterfaceFacts(
        template, (interface_type(6).encode(), None, interface_type(9999).encode()), (None, b"02:00", None)
    )
    assert (
        block.lines(0).decode() == 'ifType_info{r="1",ifType="ethernetCsmacd"} 1\nifType_info{r="3",ifType="9999"} 1\n'
    )
    assert block.lines(1).decode() == 'ifPhysAddress{r="2",ifPhysAddress="02:00"} 1\n'


def test_buckets_are_accumulated() -> None:
    """Each bucket counts all observations up to its edge; the last holds all."""
    block = Buckets("h", 'a="b"', (0.5, 1.0), (1, 2, 4), 9.5)
    assert block.lines(0).decode().splitlines() == [
        'h_bucket{a="b",le="0.5"} 1',
        'h_bucket{a="b",le="1.0"} 3',
        'h_bucket{a="b",le="+Inf"} 7',
        'h_count{a="b"} 7',
        'h_sum{a="b"} 9.5',
    ]


def test_a_state_is_one_among_all_states() -> None:
    """Every state has a line, and only the present one is 1."""
    lines = StateSet("s", 'a="b"', State.DOWN).lines(0).decode().splitlines()
    assert [line for line in lines if line.endswith(" 1")] == ['s{a="b",state="down"} 1']
    assert len(lines) == len(State)
