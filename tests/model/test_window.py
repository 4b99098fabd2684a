"""Rolling windows, against the definitions spelled out."""

import math
import sys
from datetime import UTC, datetime
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.measurement import EchoReading, Failure, Measurement, ProbeKind, Reading, Reason, Subject, TcpReading
from model.requirement import Requirement
from model.verdict import Quality
from model.window import LOST, StableMinutes, Window, WindowFacts, is_stable, sample_of

RTTS = st.floats(1e-4, 2) | st.just(LOST)
ROWS = st.lists(RTTS, min_size=1, max_size=60)


def window(rtts: list[float], span: float = 300.0) -> Window:
    """One probe a second, from second 0 on, lost after one second."""
    filled = Window(span, 1.0, 1.0)
    for second, rtt in enumerate(rtts):
        assert filled.add(float(second), rtt)
    return filled


def facts(*rtts: float, span: float = 300.0) -> WindowFacts:
    """What a window holds when the outcome of its last probe is known."""
    return window(list(rtts), span).facts(len(rtts) + 1.0)


@given(ROWS)
def test_a_window_says_what_its_probes_say(rtts: list[float]) -> None:
    """Loss, quantiles, delay variation, bursts and steps as the RFCs define them, spelled out."""
    found = facts(*rtts)
    n, ranked = len(rtts), sorted(rtts)
    lost = rtts.count(LOST)
    assert (found.n, found.lost, found.loss_ratio) == (n, lost, lost / n)
    assert found.coverage == pytest.approx(n / 300)
    assert found.rtt(0.95) == ranked[math.ceil(0.95 * n - 1e-9) - 1]
    assert found.rtt(0.0) == ranked[0]
    runs = [len(list(run)) for is_lost, run in groupby(rtts, key=LOST.__eq__) if is_lost]
    assert found.bursts == len(runs)
    assert found.mean_burst == (sum(runs) / len(runs) if runs else None)
    steps = [abs(after - before) for before, after in pairwise(rtts) if max(before, after) < LOST]
    assert found.mean_step == (pytest.approx(sum(steps) / len(steps)) if steps else None)
    varied = sorted(rtt - ranked[0] if ranked[0] < LOST else LOST for rtt in rtts)
    assert found.delay_variation(0.99) == varied[math.ceil(0.99 * n - 1e-9) - 1]


@given(ROWS, st.floats(0, 2))
def test_what_breaks_a_limit_is_counted_with_the_lost(rtts: list[float], limit: float) -> None:
    """A lost probe breaks every limit."""
    found = facts(*rtts)
    assert found.beyond(Quality.RTT, limit) == sum(rtt > limit for rtt in rtts)
    assert found.beyond(Quality.LOSS, limit) == rtts.count(LOST)
    least = min(rtts)
    expected = sum(rtt > least + limit for rtt in rtts) if least < LOST else len(rtts)
    assert found.beyond(Quality.DELAY_VARIATION, limit) == expected


@given(st.lists(RTTS, max_size=60))
def test_jitter_is_that_of_rfc_3550(rtts: list[float]) -> None:
    """J grows by a sixteenth of what |D| has above it, over the answered in order of arrival."""
    jitter, answered = None, [rtt for rtt in rtts if rtt < LOST]
    for before, after in pairwise(answered):
        jitter = (jitter or 0.0) + (abs(after - before) - (jitter or 0.0)) / 16
    assert facts(*rtts).jitter == (None if jitter is None else pytest.approx(jitter))


def test_the_window_ends_one_timeout_ago() -> None:
    """Of younger probes the answered are known before the lost, so that none of them counts yet."""
    filled = window([0.01, 0.01, LOST, 0.01])
    assert [filled.facts(now).n for now in (1.0, 1.5, 3.5, 4.0, 4.001)] == [0, 1, 3, 3, 4]


def test_what_is_too_old_falls_out_and_is_forgotten() -> None:
    """The start belongs to the window, its end does not."""
    filled = window([LOST] * 10 + [0.01] * 10, span=10.0)
    assert filled.facts(20.0).lost == 1
    assert filled.facts(21.0).lost == 0
    assert filled.facts(21.0, span=3.0).n == 3
    assert filled.facts(500.0).n == 0


def test_a_window_stays_small() -> None:
    """Five minutes at one probe a second take less than 10 kB, however long it goes on."""
    filled = window([0.01] * 2000)
    parts = (filled, filled._times, filled._rtts)
    assert len(filled._times) <= 303
    assert sum(map(sys.getsizeof, parts)) < 10_000


def test_a_probe_is_taken_once() -> None:
    """A second outcome of the same probe changes nothing, as a late answer after its time."""
    filled = window([0.01, LOST, 0.01])
    assert not filled.add(1.0, 0.5)
    assert not filled.add(2.0, LOST)
    assert filled.facts(4.0).lost == 1


@given(st.permutations(range(20)), st.lists(RTTS, min_size=20, max_size=20))
def test_the_order_of_arrival_does_not_matter(order: list[int], rtts: list[float]) -> None:
    """Outcomes are known in another order than probes are sent; but jitter follows the arrivals."""
    mixed = Window(300.0, 1.0, 1.0)
    assert all(mixed.add(float(second), rtts[second]) for second in order)
    found, expected = mixed.facts(21.0), facts(*rtts)
    assert (found.ranked, found.bursts) == (expected.ranked, expected.bursts)
    assert found.mean_step == expected.mean_step


def test_what_is_older_than_the_window_is_refused() -> None:
    """It would only be forgotten again."""
    filled = window([0.01] * 20, span=10.0)
    assert not filled.add(2.5, 0.01)
    assert filled.add(18.5, 0.01)


def test_probes_during_a_speed_test_are_left_out() -> None:
    """They are counted apart, lower the coverage, and change neither loss nor time nor jitter."""
    filled = window([0.01] * 5, span=10.0)
    assert all(filled.add_left_out(float(second)) for second in range(5, 9))
    assert not filled.add_left_out(8.0)
    assert filled.add(9.0, 0.01)
    found = filled.facts(11.0)
    assert (found.n, found.left_out, found.coverage, found.lost, found.jitter) == (6, 4, 0.6, 0, 0.0)


def test_a_time_is_left_out_afterwards() -> None:
    """When it turns out that the monitor was blind: from its start to before its end."""
    filled = window([0.01, LOST, LOST, LOST, 0.01])
    filled.leave_out(1.0, 4.0)
    found = filled.facts(6.0)
    assert (found.n, found.lost, found.left_out, found.bursts) == (2, 0, 3, 0)


def test_an_empty_window_knows_nothing() -> None:
    """Nothing is zero that was not measured."""
    empty = Window(300.0, 1.0, 1.0).facts(10.0)
    assert (empty.n, empty.coverage, empty.bursts) == (0, 0.0, 0)
    assert empty.loss_ratio is empty.rtt(0.5) is empty.delay_variation(0.5) is empty.least is None
    assert empty.mean_burst is empty.mean_step is empty.jitter is None


def test_half_of_the_probes_lost_makes_the_median_infinite() -> None:
    """The survivors do not speak for the rest; and a window of the lost alone has no jitter to tell of."""
    assert facts(0.01, LOST, LOST, 0.01).rtt(0.5) == 0.01
    assert facts(0.01, LOST, LOST).rtt(0.5) == LOST
    silent = window([0.01, 0.02, LOST, LOST, LOST], span=3.0).facts(6.0)
    assert (silent.delay_variation(0.5), silent.jitter) == (LOST, None)


SUBJECT = Subject("link", "x", "site", "192.0.2.1")


@pytest.mark.parametrize(
    ("outcome", "sample"),
    [
        (EchoReading(0.02), 0.02),
        (TcpReading(0.03, None, accepted=False, address="192.0.2.1"), 0.03),
        (Failure(Reason.TIMEOUT), LOST),
        (Failure(Reason.UNREACHABLE), LOST),
        (Failure(Reason.LOCAL), None),
        (Failure(Reason.UNRESOLVED), None),
        (Failure(Reason.PROTOCOL), None),
    ],
)
def test_what_a_measurement_adds(outcome: Reading | Failure, sample: float | None) -> None:
    """A time, a loss, or nothing where it tells nothing about the path."""
    at = datetime(2026, 11, 1, tzinfo=UTC)
    assert sample_of(Measurement(SUBJECT, ProbeKind.ICMP, at, 0.1, outcome)) == sample


LIMITS = Requirement(rtt_p95=0.05, delay_variation_p99=0.03)


@pytest.mark.parametrize(
    ("rtts", "down", "stable"),
    [
        ([0.01] * 60, 0.0, True),
        ([0.01] * 60, 0.5, False),
        ([0.01] * 59 + [LOST], 0.0, False),
        ([0.06] * 60, 0.0, False),
        ([0.01] * 59 + [0.045], 0.0, False),
        ([0.01] * 29, 0.0, None),
        ([], 3.0, False),
    ],
    ids=["well", "down", "lossy", "slow", "varying", "hardly measured", "down and not measured"],
)
def test_a_stable_minute(rtts: list[float], down: float, *, stable: bool | None) -> None:
    """No second down, less than 1 % lost, and both limits kept; unknown where too little was measured."""
    assert is_stable(window(rtts).facts(61.0, span=60.0), down, LIMITS) is stable


def test_limits_that_are_not_stated_are_kept() -> None:
    """What nobody requires makes no minute unstable."""
    assert is_stable(window([5.0, 0.1] * 30).facts(61.0, span=60.0), 0.0, Requirement()) is True


def test_the_ratio_of_stable_minutes_leaves_the_unknown_out() -> None:
    """Of two known minutes one was stable; of none, nobody knows."""
    minutes = StableMinutes()
    assert minutes.ratio is None
    for minute in (True, None, False):
        minutes = minutes.after(minute)
    assert minutes == StableMinutes(1, 2)
    assert minutes.ratio == 0.5
