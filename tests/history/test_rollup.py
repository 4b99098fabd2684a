"""Hours, and what is folded from them."""

import zlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.blocks import packed_figures, packed_sketches, unpacked
from history.rollup import RollingHour, Rollup, Span, Traffic, folded, merged
from model.sketch import Sketch
from model.state import State
from tests.peers.facts import START, block, hour, moment

ROLLUPS = st.builds(
    Rollup,
    st.tuples(st.sampled_from(["link", "service"]), st.sampled_from(["a", "b", "c-d", "ký tự"])),
    st.integers(0, 10**9).map(lambda n: START + timedelta(microseconds=n)),
    st.integers(10**9, 10**10).map(lambda n: START + timedelta(microseconds=n)),
    st.integers(10, 2**40),
    st.integers(0, 10),
    st.integers(0, 5),
    st.none()
    | st.lists(st.floats(1e-6, 200) | st.just(float("inf")), min_size=1).map(lambda v: Sketch.of(v).to_bytes()),
    st.none() | st.lists(st.floats(0, 1), min_size=1).map(lambda v: Sketch.of(v).to_bytes()),
    st.dictionaries(st.sampled_from(list(State)), st.integers(0, 10**10).map(lambda n: timedelta(microseconds=n))),
    st.none() | st.builds(Traffic, st.integers(0, 2**62), st.floats(0, 1e12)),
    st.none() | st.builds(Traffic, st.integers(0, 2**62), st.floats(0, 1e12)),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 10**10).map(lambda n: timedelta(microseconds=n)),
)


def test_an_hour_holds_what_was_measured() -> None:
    """Counts, quantiles with the lost as infinite, states, traffic and minutes of one link."""
    rollup = hour(0)
    assert (rollup.sent, rollup.lost, rollup.late) == (10, 2, 1)
    assert rollup.rtt is not None
    sketch = Sketch.from_bytes(rollup.rtt)
    assert (sketch.n, sketch.lost) == (10, 2)
    assert sketch.quantile(0.5) == pytest.approx(0.014, rel=0.01)
    assert sketch.quantile(0.9) == float("inf")
    assert sum(rollup.spent.values(), timedelta()) == timedelta(hours=1)
    assert (rollup.download, rollup.upload) == (Traffic(1_000, 2.5e6), None)
    assert (rollup.stable_minutes, rollup.known_minutes, rollup.covered) == (1, 2, timedelta(hours=1))


def test_an_hour_in_which_nothing_was_measured_has_no_figures() -> None:
    """No sketch of nothing, no traffic of zero."""
    rollup = RollingHour(("link", "a"), START).rollup(moment(3600))
    assert rollup == Rollup(("link", "a"), START, moment(3600))
    assert (rollup.rtt, rollup.delay_variation, rollup.download, rollup.upload) == (None, None, None, None)


def test_traffic_adds_up_and_keeps_its_peak() -> None:
    """Over polls, and over hours."""
    rolling = RollingHour(("link", "a"), START)
    for octets, peak in ((10, 5.0), (20, 9.0), (30, 2.0)):
        rolling.carried(Traffic(octets, peak), Traffic(octets * 2, peak))
    rollup = rolling.rollup(moment(3600))
    assert (rollup.download, rollup.upload) == (Traffic(60, 9.0), Traffic(120, 9.0))
    assert merged([rollup, hour(1, "a")]).download == Traffic(1_060, 2.5e6)


@given(st.lists(ROLLUPS, max_size=8))
def test_a_block_comes_back_as_it_was(rollups: list[Rollup]) -> None:
    """Whatever was measured, and in whatever order."""
    assert unpacked(packed_figures(rollups), packed_sketches(rollups)) == tuple(rollups)


@given(st.lists(ROLLUPS, min_size=1, max_size=6), st.integers(0, 5))
def test_the_order_and_grouping_of_merging_do_not_matter(rollups: list[Rollup], cut: int) -> None:
    """Two monitors, a restart in mid-hour, hours into days into months: one sum."""
    whole = merged(rollups)
    some = [part for part in (rollups[:cut], rollups[cut:]) if part]
    again = merged([merged(part) for part in reversed(some)])
    assert (again.sent, again.lost, again.late) == (whole.sent, whole.lost, whole.late)
    assert (again.rtt, again.delay_variation) == (whole.rtt, whole.delay_variation)
    assert (again.spent, again.covered) == (whole.spent, whole.covered)
    assert (again.download, again.upload) == (whole.download, whole.upload)
    assert (again.start, again.end) == (whole.start, whole.end)


def test_a_day_with_an_hour_whose_sketch_is_gone_has_no_sketch() -> None:
    """The quantiles of the other hours would pass for those of the day; an hour without probes changes nothing."""
    bare = Rollup(("link", "office-vnpt"), START, moment(3600), sent=5)
    idle = Rollup(("link", "office-vnpt"), START, moment(3600))
    assert merged([hour(0), bare]).rtt is None
    assert merged([hour(0), bare]).delay_variation is None
    assert merged([hour(0), idle]).rtt == hour(0).rtt


def test_a_fold_keeps_subjects_apart_and_counts_hours() -> None:
    """Each subject has its own sum, also one that was there for a part of the day only."""
    blocks = [block(0, links=("b", "a")), block(1, links=("a",))]
    day = folded(Span.DAY, START, START + timedelta(days=1), blocks)
    assert [(rollup.subject[1], rollup.sent) for rollup in day.rollups] == [("a", 20), ("b", 10)]
    assert day.parts == 2
    assert folded(Span.MONTH, START, START + timedelta(days=2), [day, block(24, links=("a",))]).parts == 3


@pytest.mark.parametrize("data", [b"", b"x", b"\x78\x9c\x03\x00\x00\x00\x00\x01", packed_figures([hour(0)])[:-3]])
def test_other_bytes_are_no_block(data: bytes) -> None:
    """Never half a block, never a traceback of zlib or JSON."""
    with pytest.raises(ValueError, match="not a block of rollups"):
        unpacked(data, None)


def test_a_block_of_a_later_program_is_refused() -> None:
    """Rather than read wrongly."""
    later = zlib.compress(b'{"version":2}')
    with pytest.raises(ValueError, match="has version 2, this program reads 1"):
        unpacked(later, None)
