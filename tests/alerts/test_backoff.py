"""Pauses between attempts."""

import math

from hypothesis import given
from hypothesis import strategies as st

from alerts.backoff import LONGEST, LONGEST_ASKED, Backoff, heeded


def test_the_longest_pause_doubles_up_to_a_limit() -> None:
    """1, 2, 4 ... 32 s, and no more: a receiver that is back has everything within a minute."""
    assert [Backoff().ceiling(failures) for failures in range(1, 9)] == [1, 2, 4, 8, 16, 32, 32, 32]


@given(st.integers(1, 10**9), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_anything_up_to_its_longest(failures: int, chance: float) -> None:
    """Full jitter: never negative, never beyond the limit, and all of the range is used."""
    backoff = Backoff()
    pause = backoff.pause(failures, chance)
    assert 0 <= pause <= backoff.ceiling(failures) <= LONGEST
    assert pause == backoff.ceiling(failures) * chance


@given(st.integers(1, 10**6))
def test_pauses_do_not_get_shorter_with_more_failures(failures: int) -> None:
    """At the same chance, a further failure is waited for at least as long."""
    assert Backoff().pause(failures + 1, 0.5) >= Backoff().pause(failures, 0.5)


@given(st.none() | st.floats())
def test_what_the_other_side_asks_for_is_heeded_within_reason(asked: float | None) -> None:
    """Whatever number it sends, the pause is between nothing and ten minutes."""
    assert 0 <= heeded(asked) <= LONGEST_ASKED


def test_a_pause_that_makes_sense_is_heeded_as_it_is() -> None:
    """Only what is no pause, or longer than ten minutes, is changed."""
    assert [heeded(asked) for asked in (None, -1.0, 0.5, 300.0, 3_600.0, math.nan)] == [0, 0, 0.5, 300, 600, 0]
