"""Wald's test: one bad result is no alarm, three in a row are, and a healthy line is hardly ever accused."""

import random

from hypothesis import given
from hypothesis import strategies as st

from model.sequential import BEGINNING, sequence
from model.verdict import Outcome


def test_it_takes_three_bad_ones_or_ten_good_ones() -> None:
    """Not two, not nine."""
    assert [sequence([True] * n).outcome for n in (0, 1, 2, 3)] == [Outcome.UNKNOWN] * 3 + [Outcome.BREACHED]
    assert [sequence([False] * n).outcome for n in (9, 10)] == [Outcome.UNKNOWN, Outcome.MET]


def test_a_decision_stands_until_the_sum_is_back_at_zero() -> None:
    """An accusation through fifteen good tests; an acquittal through one bad one, not through two."""
    accused = sequence([True] * 5)
    assert [sequence([False] * n, accused).outcome for n in (14, 15)] == [Outcome.BREACHED, Outcome.UNKNOWN]
    acquitted = sequence([False] * 40)
    assert [sequence([True] * n, acquitted).outcome for n in (1, 2, 5)] == [
        Outcome.MET,
        Outcome.UNKNOWN,
        Outcome.BREACHED,
    ]


@given(st.lists(st.booleans(), max_size=60), st.data())
def test_a_worse_result_never_makes_it_better(results: list[bool], data: st.DataObject) -> None:
    """Whichever of the results is changed from good to bad."""
    order = [Outcome.MET, Outcome.UNKNOWN, Outcome.BREACHED]
    worse = list(results)
    for place in data.draw(st.sets(st.integers(0, max(len(results) - 1, 0)))) if results else ():
        worse[place] = True
    assert order.index(sequence(worse).outcome) >= order.index(sequence(results).outcome)


def test_chances_of_error_are_as_wald_promises() -> None:
    """Of 2,000 lines each, until the first decision: healthy ones accused, faulty ones acquitted."""
    wrong = []
    for share, mistake in ((0.05, Outcome.BREACHED), (0.30, Outcome.MET)):
        dice, count = random.Random(7), 0  # noqa: S311  # draws rates, guards nothing
        for _ in range(2_000):
            state = BEGINNING
            while state.outcome is Outcome.UNKNOWN:
                state = state.after(short=dice.random() < share)
            count += state.outcome is mistake
        wrong.append(count / 2_000)
    assert wrong[0] <= 0.0125  # alpha / (1 - beta), and chance
    assert wrong[1] <= 0.06
