"""Counts that decide, or not."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from model.evidence import Count, Evidence, Tally, decide
from model.verdict import Outcome, Quality
from model.window import LOST, Window

MET, BREACHED, UNKNOWN = Outcome.MET, Outcome.BREACHED, Outcome.UNKNOWN


def at_least(count: int, n: int, share: Fraction) -> Fraction:
    """The exact probability that so many or more of n come up."""
    terms = (comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count, n + 1))
    return sum(terms, Fraction(0))


@given(st.integers(0, 120), st.data(), st.integers(0, 100))
def test_decisions_are_those_of_the_exact_binomial_test(n: int, data: st.DataObject, percent: int) -> None:
    """Compared in rational numbers."""
    bad = data.draw(st.integers(0, n))
    allowed = Fraction(percent, 100)
    so_few, so_many = 1 - at_least(bad + 1, n, allowed), at_least(bad, n, allowed)
    # Floats do not tell on which side an exact tie falls.
    assume(so_few != Fraction(5, 100) and so_many != Fraction(1, 100))
    accused = BREACHED if bad and so_many < Fraction(1, 100) else UNKNOWN
    expected = MET if n and so_few < Fraction(5, 100) else accused
    assert decide(bad, n, percent / 100) is expected


@given(st.integers(1, 100_000), st.data(), st.floats(0, 1))
def test_a_further_bad_one_never_improves_a_decision(n: int, data: st.DataObject, allowed: float) -> None:
    """Whatever the numbers."""
    order = (BREACHED, UNKNOWN, MET)
    bad = data.draw(st.integers(0, n - 1))
    assert order.index(decide(bad + 1, n, allowed)) <= order.index(decide(bad, n, allowed))


@pytest.mark.parametrize(
    ("bad", "n", "allowed", "outcome"),
    [
        (0, 0, 0.01, UNKNOWN),
        (0, 298, 0.01, UNKNOWN),
        (0, 299, 0.01, MET),
        (0, 2994, 0.001, UNKNOWN),
        (0, 2995, 0.001, MET),
        (2, 300, 0.001, UNKNOWN),
        (3, 300, 0.001, BREACHED),
        (300, 300, 0.5, BREACHED),
        (0, 10**6, 0.0, UNKNOWN),
        (1, 10**6, 0.0, BREACHED),
        (9, 10, 1.0, MET),
        (10, 10, 1.0, UNKNOWN),
        (0, 1, 1e-126, UNKNOWN),
        (86_400, 86_400, 0.001, BREACHED),
    ],
)
def test_how_many_probes_it_takes(bad: int, n: int, allowed: float, outcome: Outcome) -> None:
    """The numbers that the documentation names, and the ends of the range."""
    assert decide(bad, n, allowed) is outcome


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 9), st.integers(0, 9)), max_size=50), st.integers(0, 600))
def test_a_tally_holds_its_last_slots(events: list[tuple[int, int, int]], later: int) -> None:
    """And nothing older, whatever lies between."""
    tally = Tally(10.0, 6, 1)
    events.sort()
    for at, n, bad in events:
        tally.add(float(at), n, (bad,))
    now = (events[-1][0] if events else 0) + later
    kept = [(n, bad) for at, n, bad in events if at // 10 > now // 10 - 6]
    assert tally.totals(float(now)) == (sum(n for n, _ in kept), sum(bad for _, bad in kept))
    assert tally.span == 60


def hour_of(rtt: float, evidence: Evidence, start: float, limits: tuple[float, ...]) -> float:
    """An hour of windows of five minutes, each with one such probe among good ones; the time afterwards."""
    for number in range(12):
        window = Window(300.0, 1.0, 1.0)
        for second in range(300):
            window.add(float(second), rtt if second == 7 else 0.01)
        evidence.note(window.facts(301.0), limits, start + number * 300)
    return start + 3_300


def test_an_hour_and_a_day_are_counted_by_each_quality() -> None:
    """Slow probes break one limit, lost ones all; the coverage of the day grows as it goes on."""
    evidence = Evidence(300.0, 1.0)
    now = hour_of(LOST, evidence, 0.0, (0.05, 0.0, 0.2))
    now = hour_of(0.1, evidence, now + 300, (0.05, 0.0, 0.2))
    longer = evidence.longer(now)
    assert longer[Quality.RTT] == (Count(3600, 12, 3600.0, 1.0), Count(7200, 24, 86_400.0, 1 / 12))
    assert [count.bad for count in longer[Quality.LOSS]] == [0, 12]
    assert [count.bad for count in longer[Quality.DELAY_VARIATION]] == [0, 12]


def test_other_limits_begin_anew() -> None:
    """What was counted against the old ones says nothing about the new."""
    evidence = Evidence(300.0, 1.0)
    now = hour_of(0.1, evidence, 0.0, (0.05, 0.0, 0.2))
    evidence.note(Window(300.0, 1.0, 1.0).facts(1.0), (0.2, 0.0, 0.2), now)
    assert all(count.n == 0 for counts in evidence.longer(now).values() for count in counts)
