"""Columns of round-trip times, and the ring that keeps them."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.intervals import SECOND, Interval
from model.invalid import InvalidValueError
from model.latency import SHARES, Column, Recent, column_of_sketch, column_of_window
from model.sketch import Sketch, nearest_rank
from model.window import LOST, Window

SPAN = Interval(0, 60 * SECOND)
TIMES = st.lists(st.floats(1e-6, 100) | st.just(LOST), min_size=1, max_size=80)


def column(*times: float) -> Column | None:
    """What a window holds of these probes, one a second."""
    window = Window(300.0, 1.0, 1.0)
    for second, time in enumerate(times):
        window.add(float(second), time)
    return column_of_window(window.facts(len(times) + 1.0), SPAN)


@given(TIMES)
def test_a_column_tells_quantiles_of_what_was_answered_and_how_much_was_not(times: list[float]) -> None:
    """By nearest rank, whatever was lost between them."""
    found = column(*times)
    answered = sorted(time for time in times if time < LOST)
    assert found is not None
    assert found.loss == pytest.approx(times.count(LOST) / len(times))
    wanted = tuple(answered[nearest_rank(share, len(answered)) - 1] for share in SHARES) if answered else ()
    assert found.times == wanted
    assert found.median == (wanted[1] if wanted else None)


def test_nothing_sent_is_no_column() -> None:
    """Neither in a window nor in an hour of the history."""
    assert column() is None
    assert column_of_sketch(Sketch().to_bytes(), 0, 0, SPAN) is None


@given(TIMES)
def test_an_hour_of_the_history_tells_the_same_within_a_hundredth(times: list[float]) -> None:
    """The lost among the probes of its sketch are no slow ones either."""
    found = column_of_sketch(Sketch.of(times).to_bytes(), len(times), times.count(LOST), SPAN)
    exact = column(*times)
    assert found is not None
    assert exact is not None
    assert found.loss == exact.loss
    for rough, time in zip(found.times, exact.times, strict=True):
        assert rough == pytest.approx(max(time, 1e-5), rel=0.0101)


def test_bytes_that_are_no_sketch_are_refused() -> None:
    """A damaged history is not drawn."""
    with pytest.raises(InvalidValueError):
        column_of_sketch(b"\x07", 1, 0, SPAN)


@given(
    st.lists(st.none() | st.tuples(st.floats(1e-6, 100), st.floats(0, 1)), min_size=1, max_size=40),
    st.integers(1, 12),
    st.integers(0, 10_000),
)
def test_a_ring_keeps_the_last_columns(given_columns: list[tuple[float, float] | None], room: int, start: int) -> None:
    """In order, to 0.02 % of a time and a thousandth of a percent of loss; what was missing is missing."""
    recent = Recent(10, room)
    put = {}
    for number, pair in enumerate(given_columns, start):
        span = Interval(number * 10_000, (number + 1) * 10_000)
        if pair is not None:
            time, loss = pair
            put[span] = Column(span, (time, time, time, time), loss)
        recent.put(span, put.get(span))
    oldest = (start + len(given_columns) - room) * 10_000
    found = list(recent.columns(Interval(0, 10**12)))
    assert [each.span for each in found] == [span for span in put if span.start >= oldest]
    for each in found:
        assert each.times == pytest.approx(put[each.span].times, rel=2e-4)
        assert each.loss == pytest.approx(put[each.span].loss, abs=1e-5)


def test_a_column_without_an_answer_is_kept() -> None:
    """All lost is something else than nothing sent."""
    recent = Recent(60, 3)
    recent.put(SPAN, Column(SPAN, (), 1.0))
    assert list(recent.columns(Interval(0, SPAN.end))) == [Column(SPAN, (), 1.0)]


def test_what_is_skipped_is_empty() -> None:
    """Columns of another time do not come up again where the monitor was held up."""
    recent = Recent(60, 5)
    for number in (0, 1, 4):
        span = Interval(number * 60_000, (number + 1) * 60_000)
        recent.put(span, Column(span, (0.1,) * 4, 0.0))
    starts = [each.span.start // 60_000 for each in recent.columns(Interval(0, 10**9))]
    assert starts == [0, 1, 4]
    far = Interval(100 * 60_000, 101 * 60_000)
    recent.put(far, None)
    assert list(recent.columns(Interval(0, 10**9))) == []


def test_an_interval_is_cut_out() -> None:
    """A column belongs to it where it begins in it."""
    recent = Recent(10, 10)
    for number in range(6):
        span = Interval(number * 10_000, (number + 1) * 10_000)
        recent.put(span, Column(span, (0.1,) * 4, 0.0))
    found = [each.span.start for each in recent.columns(Interval(15_000, 40_000))]
    assert found == [20_000, 30_000]
    assert list(Recent(10, 10).columns(Interval(0, 10))) == []


def test_columns_are_due_once_they_are_over() -> None:
    """Each once; of those that were missed the last few; none before its end."""
    recent = Recent(10, 10)
    assert recent.due(19_999) == [Interval(0, 10_000)]
    recent.put(Interval(0, 10_000), None)
    assert recent.due(19_999) == []
    assert recent.due(30_000) == [Interval(10_000, 20_000), Interval(20_000, 30_000)]
    assert [span.start for span in recent.due(100_000)] == [70_000, 80_000, 90_000]


def test_a_clock_that_was_set_back_makes_it_begin_anew() -> None:
    """What was known of a time that comes again is forgotten; a little back is waited for."""
    recent = Recent(10, 10)
    span = Interval(1_000_000, 1_010_000)
    recent.put(span, Column(span, (0.1,) * 4, 0.0))
    assert recent.due(1_000_000) == []
    assert list(recent.columns(Interval(0, 10**9))) != []
    assert recent.due(500_000) == [Interval(490_000, 500_000)]
    assert list(recent.columns(Interval(0, 10**9))) == []


def test_a_day_of_a_link_takes_fifteen_kilobytes() -> None:
    """Ten bytes a minute: a city of thousands of links fits."""
    tracemalloc.start()
    recent = Recent(60, 1_440)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert recent.seconds == 60
    assert taken < 15_000
