"""How many silences over how many seconds are enough: the arithmetic of false alarms."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.confirmation import (
    FALSE_ALARMS,
    FEWEST,
    LONGEST,
    MOST,
    SHORTEST,
    YEAR,
    burst_offsets,
    plan_for,
    silences_needed,
    span_needed,
)
from model.loss import LossMemory


def test_an_unknown_link_needs_the_most_silences_and_a_quiet_one_the_fewest() -> None:
    """Caution costs probes, not time: the span of both is the shortest."""
    unknown = plan_for(LossMemory(), 1.0)
    assert (unknown.silences, unknown.span) == (MOST, SHORTEST)
    memory = LossMemory()
    for second in range(3600):
        memory.answered(float(second), steady=True)
    quiet = plan_for(memory, 1.0)
    assert (quiet.silences, quiet.span) == (FEWEST, SHORTEST)
    assert quiet.loss == memory.bound


@pytest.mark.parametrize(
    ("loss", "silences"), [(0.0, 7), (0.001, 7), (0.02, 7), (0.05, 9), (0.1, 12), (0.5, 16), (1, 16)]
)
def test_silences_for_a_loss(loss: float, silences: int) -> None:
    """ceil(ln(F T / Y) / ln p), within 7 and 16."""
    assert silences_needed(loss, 1.0) == silences


@given(loss=st.floats(1e-9, 0.18), interval=st.floats(0.5, 60))
def test_chance_brings_about_fewer_rows_than_are_aimed_at(loss: float, interval: float) -> None:
    """Y/T rows a year of probability p^n each stay below the aim, where the cap does not bind."""
    silences = silences_needed(loss, interval)
    assert silences == MOST or YEAR / interval * loss**silences <= FALSE_ALARMS * (1 + 1e-9)


@given(loss=st.floats(0, 1), burst=st.floats(0.001, 5))
def test_bursts_outlast_the_span_more_rarely_than_is_aimed_at(loss: float, burst: float) -> None:
    """Y p / B bursts a year, of which exp(-D/B) are longer than D, where the cap does not bind."""
    span = span_needed(loss, burst)
    assert SHORTEST <= span <= LONGEST
    assert span == LONGEST or YEAR * loss / burst * math.exp(-span / burst) <= FALSE_ALARMS * (1 + 1e-9)


@given(probes=st.integers(1, MOST), span=st.floats(1, 10))
def test_a_burst_fills_its_span_and_never_leaves_back_to_back(probes: int, span: float) -> None:
    """The last probe leaves at the end of the span, and no two closer than a twentieth of it."""
    offsets = burst_offsets(probes, span)
    assert len(offsets) == probes
    assert offsets[-1] == pytest.approx(span)
    assert all(later - before >= 0.0499 * span for before, later in pairwise(offsets))
    assert probes == 1 or offsets[0] == 0


def test_the_reference_burst() -> None:
    """Six probes over two seconds leave at 0, 0.1, 0.3, 0.7, 1.3 and 2 s; a seventh halves the widest gap."""
    assert burst_offsets(6, 2.0) == pytest.approx((0, 0.1, 0.3, 0.7, 1.3, 2.0))
    assert burst_offsets(7, 2.0) == pytest.approx((0, 0.1, 0.3, 0.7, 1.3, 1.65, 2.0))
