"""When each outage was, how long, how sure, and to which month it belongs."""

from dataclasses import astuple

import pytest

from model.intervals import Interval, Spans
from model.outages import Outage, OutageKind, outages
from model.state import State
from model.timeline import Stretch

UP, DEGRADED, DOWN, UNREACHABLE = State.UP, State.DEGRADED, State.DOWN, State.UNREACHABLE
MONTH = Interval(100_000, 200_000)


def course(*parts: tuple[State | None, int], start: int = 50_000, uncertainty: float = 0.5) -> list[Stretch]:
    """States one after the other, each with its length in milliseconds; ``None`` is unknown."""
    stretches, known = [], False
    for state, length in parts:
        if state is not None:
            stretches.append(Stretch(start, start + length, state, uncertainty if known else None))
        start, known = start + length, state is not None
    return stretches


def found(stretches: list[Stretch], excused: Spans = (), lost: frozenset[State] = frozenset({DOWN})) -> list[Outage]:
    """The outages of the month, all of whose hours are service hours."""
    return list(outages(stretches, MONTH, excused, lambda start, end: end - start, lost))


def test_an_outage_has_its_edges_with_what_they_may_be_off() -> None:
    """From the transition into it to the one out of it."""
    (outage,) = found(course((UP, 70_000), (DOWN, 15_000), (UP, 100_000)))
    assert astuple(outage) == ((120_000, 135_000), 15_000, 15_000, 15_000, 0.5, 0.5, False, False)


@pytest.mark.parametrize(
    ("length", "kind"),
    [
        (1, OutageKind.BRIEF),
        (1_999, OutageKind.BRIEF),
        (2_000, OutageKind.MICRO),
        (9_999, OutageKind.MICRO),
        (10_000, OutageKind.OUTAGE),
    ],
)
def test_its_length_makes_its_kind(length: int, kind: OutageKind) -> None:
    """Ten seconds make an outage, two a micro-outage."""
    assert [outage.kind for outage in found(course((UP, 70_000), (DOWN, length), (UP, 100)))] == [kind]


def test_an_outage_over_the_end_of_a_month_belongs_to_the_one_in_which_it_began() -> None:
    """Its time is split; its kind is that of the whole; an edge of the month is exact."""
    before = course((UP, 43_000), (DOWN, 14_000), (UP, 100_000))
    (outage,) = found(before)
    assert (outage.interval, outage.down, outage.whole) == ((100_000, 107_000), 7_000, 14_000)
    assert (outage.began_before, outage.goes_on, outage.kind) == (True, False, OutageKind.OUTAGE)
    assert (outage.start_uncertainty, outage.end_uncertainty) == (0.0, 0.5)
    (outage,) = found(course((UP, 143_000), (DOWN, 14_000), (UP, 1)))
    assert (outage.interval, outage.down, outage.whole) == ((193_000, 200_000), 7_000, 14_000)
    assert (outage.began_before, outage.goes_on, outage.kind) == (False, True, OutageKind.OUTAGE)
    assert (outage.start_uncertainty, outage.end_uncertainty) == (0.5, 0.0)


@pytest.mark.parametrize(("after", "goes_on"), [([], True), ([(UP, 5)], False), ([(UNREACHABLE, 5), (UP, 5)], True)])
def test_an_outage_at_the_end_goes_on_unless_an_answer_ends_it(
    after: list[tuple[State, int]], *, goes_on: bool
) -> None:
    """To the millisecond."""
    (outage,) = found(course((UP, 140_000), (DOWN, 10_000), *after))
    assert (outage.interval.end, outage.goes_on) == (200_000, goes_on)


def test_unknown_time_within_does_not_make_two_of_one() -> None:
    """`kill -9` and restart in mid-outage: one outage, of the time that was seen down."""
    (outage,) = found(course((UP, 70_000), (DOWN, 5_000), (None, 3_000), (DOWN, 4_000), (UP, 1_000)))
    assert (outage.interval, outage.down) == ((120_000, 132_000), 9_000)
    assert outage.kind is OutageKind.MICRO


def test_beside_unknown_time_nobody_knows_how_far_the_edges_are_off() -> None:
    """They are not sure to half a second."""
    (outage,) = found(course((None, 70_000), (DOWN, 15_000), (None, 1_000), (UP, 1_000)))
    assert (outage.start_uncertainty, outage.end_uncertainty) == (None, None)
    (outage,) = found(course((UP, 70_000), (DOWN, 15_000)))
    assert (outage.end_uncertainty, outage.goes_on) == (None, False)


def test_an_answer_makes_two_of_one() -> None:
    """A degraded answer too."""
    first, second = found(course((UP, 60_000), (DOWN, 12_000), (DEGRADED, 1), (DOWN, 3_000), (UP, 1)))
    assert (first.down, second.down) == (12_000, 3_000)


def test_what_is_cut_off_interrupts_people_but_is_no_outage_of_the_line() -> None:
    """One interruption, in which the line's own outage is a part."""
    story = course((UP, 60_000), (UNREACHABLE, 10_000), (DOWN, 12_000), (UP, 1))
    (outage,) = found(story)
    (interruption,) = found(story, lost=frozenset({DOWN, UNREACHABLE}))
    assert (outage.interval, interruption.interval) == ((120_000, 132_000), (110_000, 132_000))


def test_maintenance_is_cut_out_and_its_overrun_counts() -> None:
    """Work from 110 to 130 s, down from 115 to 145 s: an outage of fifteen seconds that begins with the overrun."""
    (outage,) = found(course((UP, 65_000), (DOWN, 30_000), (UP, 1)), (Interval(110_000, 130_000),))
    assert (outage.interval, outage.down, outage.start_uncertainty) == ((130_000, 145_000), 15_000, 0.0)


def test_an_outage_inside_maintenance_is_none() -> None:
    """What was announced is excused whole."""
    assert found(course((UP, 65_000), (DOWN, 10_000), (UP, 1)), (Interval(110_000, 130_000),)) == []


def test_maintenance_that_begins_in_an_outage_ends_it_exactly() -> None:
    """And what is left after the window is the same outage, because nothing answered in between."""
    story = course((UP, 65_000), (DOWN, 30_000), (UP, 1))
    (outage,) = found(story, (Interval(120_000, 150_000),))
    assert (outage.interval, outage.end_uncertainty) == ((115_000, 120_000), 0.0)
    (outage,) = found(story, (Interval(120_000, 140_000),))
    assert (outage.interval, outage.down) == ((115_000, 145_000), 10_000)


def test_outages_of_other_months_are_not_there() -> None:
    """Neither before nor after."""
    assert found(course((UP, 10_000), (DOWN, 40_000), (UP, 100_000), (DOWN, 10_000))) == []
