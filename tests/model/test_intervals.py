"""Half-open intervals, against sets of their milliseconds."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.intervals import Interval, Ruler, Spans, between, clipped, common, instant, merged, moment, without

MANY = st.lists(st.builds(Interval, st.integers(0, 30), st.integers(0, 30)), max_size=8)


def cells(spans: Spans) -> set[int]:
    """Every millisecond that is covered, counted one by one."""
    return {at for start, end in spans for at in range(start, end)}


def is_normal(spans: Spans) -> bool:
    """Whether the spans are in order, not empty, and have room between them."""
    edges = [edge for span in spans for edge in span]
    return edges == sorted(set(edges))


@given(MANY)
def test_merging_covers_the_same_in_the_fewest_spans(intervals: list[Interval]) -> None:
    """Overlapping, touching, empty and reversed intervals become spans in order."""
    spans = merged(intervals)
    assert cells(spans) == cells(tuple(intervals))
    assert is_normal(spans)


@given(MANY, MANY, st.integers(-5, 35), st.integers(-5, 35))
def test_cutting_is_the_algebra_of_sets(some: list[Interval], others: list[Interval], start: int, end: int) -> None:
    """Clipping, intersection and difference agree with sets, and stay normal."""
    mine, theirs = merged(some), merged(others)
    results = {
        clipped(mine, Interval(start, end)): cells(mine) & set(range(start, end)),
        common(mine, theirs): cells(mine) & cells(theirs),
        without(mine, theirs): cells(mine) - cells(theirs),
    }
    for spans, expected in results.items():
        assert cells(spans) == expected
        assert is_normal(spans)


@given(MANY, st.integers(-5, 35), st.integers(0, 40))
def test_a_ruler_counts_what_is_covered(intervals: list[Interval], start: int, length: int) -> None:
    """Between any two instants, also outside all spans and without any."""
    spans = merged(intervals)
    assert Ruler(spans).inside(start, start + length) == len(cells(spans) & set(range(start, start + length)))


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_keeps_its_millisecond(at: datetime) -> None:
    """From a time to its number and back nothing but the microseconds is lost, before 1970 too."""
    assert timedelta() <= at - moment(instant(at)) < timedelta(milliseconds=1)


def test_the_zone_of_a_time_does_not_matter() -> None:
    """The same instant in two zones is one number."""
    hanoi = datetime(2026, 11, 1, 7, tzinfo=timezone(timedelta(hours=7)))
    interval = between(hanoi, datetime(2026, 11, 1, 0, 0, 1, tzinfo=UTC))
    assert interval.length == 1_000
    assert moment(interval.start) == hanoi


def test_a_time_without_a_zone_is_refused() -> None:
    """Nobody guesses what a naive time means."""
    with pytest.raises(TypeError):
        instant(datetime(2026, 11, 1))  # noqa: DTZ001 - the point of the test
