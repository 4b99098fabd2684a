"""Verdicts for programs and in words."""

from dataclasses import replace
from math import inf

import pytest

from exporters.verdict_view import in_words, verdict_view
from model.verdict import Outcome, Quality, Why
from tests.peers.board import verdict


@pytest.mark.parametrize("why", Why)
def test_every_reason_has_words(why: Why) -> None:
    """Nothing is said to be so without a reason."""
    assert in_words(verdict(why=why)).startswith(
        "round-trip time, 95th percentile: breached: 45ms, required is ≤ 30ms; "
    )


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Why.PROBES, "40 of 300 probes in 5m broke the limit"),
        (Why.UNDECIDED, "40 of 300 probes in 5m broke the limit, which supports neither"),
        (Why.COVERAGE, "only 100% of 5m was measured"),
        (Why.HELD, "better again, but not yet for long or by enough"),
    ],
)
def test_a_reason_tells_its_numbers(why: Why, words: str) -> None:
    """The count, the window and the coverage that it rests on."""
    assert in_words(verdict(why=why)).endswith(f"; {words}")


def test_speed_tests_are_counted_as_such() -> None:
    """Where tests were counted and support neither, they are called tests."""
    undecided = verdict(Quality.UPLOAD, Outcome.UNKNOWN, 9e7, 1e8, Why.UNDECIDED)
    assert in_words(undecided) == (
        "upload: cannot be told: 90Mbit/s, required is ≥ 100Mbit/s; "
        "40 of 300 speed tests in 5m fell short, which supports neither"
    )
    uncounted = replace(undecided, n=0, bad=0)
    assert in_words(uncounted).endswith("; what was measured supports neither")


def test_an_undecided_availability_depends_on_the_unknown() -> None:
    """It counts no probes, and says what it waits for."""
    undecided = verdict(Quality.AVAILABILITY, Outcome.UNKNOWN, 1.0, 0.999, Why.UNDECIDED)
    assert in_words(undecided).endswith("; it depends on what happened in the time that is not known")


def test_what_was_not_measured_has_no_figure() -> None:
    """Neither a value nor a threshold is made up."""
    words = in_words(verdict(Quality.UPLOAD, Outcome.UNKNOWN, None, None, Why.NO_CONTRACT))
    assert words == "upload: cannot be told: a share of a contracted speed, which the inventory does not state"
    assert in_words(verdict(value=None, why=Why.NOT_MEASURED)) == (
        "round-trip time, 95th percentile: breached: required is ≤ 30ms; nothing was measured"
    )


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (0.0, "no time inside service hours has been counted yet this month"),
        (3_600.0, "nothing is known of the service hours of this month yet"),
    ],
)
def test_an_availability_without_known_time_speaks_of_service_hours(window: float, words: str) -> None:
    """Outside them much may be measured, which does not count; a month whose hours are unknown is another matter."""
    unknown = verdict(Quality.AVAILABILITY, Outcome.UNKNOWN, None, 0.999, Why.NOT_MEASURED)
    assert in_words(replace(unknown, window=window)).endswith(f"required is ≥ 99.9%; {words}")


def test_infinity_is_null_for_programs() -> None:
    """JSON has no infinity; the words have."""
    view = verdict_view(verdict(value=inf))
    assert view.value is None
    assert ": ∞, required is" in view.words
    assert view.unit == "s"
