"""What a simulated line does to packets."""

from dataclasses import replace
from itertools import count, groupby, pairwise

import pytest

from monitor.demo.impairment import CALL_PACE, Impairment
from monitor.demo.truth import LinkTruth

HEALTHY = LinkTruth(up=True, forward_loss=0.0, backward_loss=0.0, run=1.0, delay=0.010, jitter=0.004)
PACKETS = 40_000


class _Clock:
    """Stands still until it is set."""

    now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def _run(state: LinkTruth, seed: str = "seed", pace: float = CALL_PACE) -> list[float | None]:
    ticks = count()
    impairment = Impairment(lambda: state, seed, lambda: next(ticks) * pace)
    return [impairment.forward() for _ in range(PACKETS)]


def test_delay_lies_between_the_base_and_the_jitter_above_it() -> None:
    """A healthy line loses nothing and holds each packet for 10 to 14 ms, evenly spread."""
    held = [each for each in _run(HEALTHY) if each is not None]
    assert len(held) == PACKETS
    assert 0.010 <= min(held) < 0.0101
    assert 0.0139 < max(held) <= 0.014
    assert sum(held) / PACKETS == pytest.approx(0.012, rel=0.01)


@pytest.mark.parametrize(("ratio", "run"), [(0.01, 1.0), (0.2, 1.0), (0.05, 3.0), (0.2, 3.0), (0.5, 8.0)])
def test_losses_have_the_asked_ratio_and_run(ratio: float, run: float) -> None:
    """At the pace of a call, the share of lost packets and the mean run of losses are those that were asked for."""
    lost = [held is None for held in _run(replace(HEALTHY, forward_loss=ratio, run=run))]
    runs = [sum(1 for _ in group) for is_lost, group in groupby(lost) if is_lost]
    assert sum(lost) / PACKETS == pytest.approx(ratio, rel=0.1)
    expected = run if run > 1 else 1 / (1 - ratio)
    assert sum(runs) / len(runs) == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("pace", [0.005, 0.1, 1.0, 60.0])
def test_the_share_lost_is_the_same_at_any_pace(pace: float) -> None:
    """A line that loses 18 % in runs is bad for 18 % of the time, however often it is asked."""
    lost = _run(replace(HEALTHY, forward_loss=0.18, run=3.0), pace=pace).count(None)
    assert lost / PACKETS == pytest.approx(0.18, abs=0.02)


def test_a_burst_after_a_loss_takes_no_loss_from_the_steady_probes() -> None:
    """Probes that crowd after each loss see the rest of its run, and the next steady probe none of the difference."""
    clock, after, steady = _Clock(), (CALL_PACE, 0.05, 0.1, 0.2, 0.4, 0.8), 20_000
    impairment = Impairment(lambda: replace(HEALTHY, forward_loss=0.18, run=3.0), "seed", clock)
    bursts: list[list[bool]] = []
    for second in range(steady):
        clock.now = second
        if impairment.forward() is None:
            bursts.append([])
            for offset in after:
                clock.now = second + offset
                bursts[-1].append(impairment.forward() is None)
    assert len(bursts) / steady == pytest.approx(0.18, abs=0.01)
    shares = [sum(fates) / len(bursts) for fates in zip(*bursts, strict=True)]
    assert shares[0] == pytest.approx(1 - 1 / 3, abs=0.04)
    assert shares[-1] == pytest.approx(0.18, abs=0.03)
    assert shares[0] > shares[1] > shares[2]


def test_losses_alone_are_independent_however_close() -> None:
    """Where no runs are asked for, packets at one and the same moment have fates of their own."""
    lost = [held is None for held in _run(replace(HEALTHY, forward_loss=0.2), pace=0.0)]
    pairs = sum(first and second for first, second in pairwise(lost))
    assert sum(lost) / PACKETS == pytest.approx(0.2, abs=0.01)
    assert pairs / sum(lost) == pytest.approx(0.2, abs=0.02)


def test_each_direction_loses_by_itself() -> None:
    """Loss towards the site takes nothing from the way back, and both are tallied."""
    impairment = Impairment(lambda: replace(HEALTHY, forward_loss=0.5), "seed")
    passed = [impairment.forward() for _ in range(1_000)]
    assert all(impairment.backward() is not None for _ in range(1_000))
    forward, backward = impairment.tallies
    assert forward.lost == passed.count(None)
    assert forward.passed + forward.lost == 1_000
    assert (backward.passed, backward.lost) == (1_000, 0)


def test_a_cut_line_passes_nothing_until_it_is_mended() -> None:
    """Each packet is judged by the state at its own moment."""
    states = iter([replace(HEALTHY, up=False)] * 3 + [HEALTHY])
    impairment = Impairment(lambda: next(states), "seed")
    assert [impairment.forward() is None for _ in range(4)] == [True, True, True, False]


def test_total_loss_is_total() -> None:
    """A loss ratio of one loses every packet, whatever the run."""
    assert set(_run(replace(HEALTHY, forward_loss=1.0, run=3.0))) == {None}


def test_the_seed_decides() -> None:
    """The same seed gives the same losses, another seed others."""
    state = replace(HEALTHY, forward_loss=0.1, run=2.0)
    assert _run(state) == _run(state)
    assert _run(state) != _run(state, "another seed")
