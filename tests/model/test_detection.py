"""The decision core, driven through worlds whose truth the test knows."""

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from model.decision import (
    CameUp,
    Cleared,
    Decision,
    FlappingBegan,
    FlappingEnded,
    ProbeNow,
    StayedDown,
    Suspected,
    WentDegraded,
    WentDown,
    WentUnknown,
)
from model.detection import Detector
from model.probing import Fate, Pace, Probe
from model.state import State
from model.witnesses import MUTE_AFTER
from tests.peers.detection import RTT, SECOND, World, fixed, silent_in, world


def only(changes: Sequence[Decision], kind: type[WentDown]) -> WentDown:
    """The one decision of this kind."""
    (found,) = [change for change in changes if isinstance(change, kind)]
    return found


def test_a_link_that_answers_is_up_and_never_suspected() -> None:
    """The first answer makes it up; then nothing happens, and no probe is sent but the steady ones."""
    calm = world(silent_in()).until(100)
    assert calm.states == ["up"]
    assert calm.decisions == calm.changes
    assert calm.asked == []
    assert calm.detector.state is State.UP


def test_a_cut_is_found_within_a_second_a_span_and_a_timeout() -> None:
    """Probe each second, span 2.25 s, time-out 1 s: the row begins at 10 s and is proved at 13.25 s."""
    cut = world(silent_in((9.3, 40))).until(30)
    down = only(cut.decisions, WentDown)
    assert cut.states == ["up", "down"]
    assert down.noticed_at == pytest.approx(10 + 2.25 + 1, abs=0.001)
    assert down.at == pytest.approx((9 + 10 + RTT) / 2)
    assert down.uncertainty == pytest.approx((1 + RTT) / 2)
    assert down.evidence["silences"] == 9
    assert down.evidence["silences_needed"] == 7


def test_a_suspicion_asks_in_growing_gaps_until_the_span_is_over() -> None:
    """Six probes after the first that is late, the last of them a span after it."""
    cut = world(silent_in((9.3, 40))).until(30)
    times = [ask.at - 10 for ask in cut.asked]
    gaps = [later - before for before, later in pairwise(times)]
    assert times[0] == pytest.approx(0.15, abs=0.001)
    assert times[-1] == pytest.approx(2.25, abs=0.001)
    assert gaps == sorted(gaps)
    assert len(times) == 6


def test_one_lost_probe_costs_one_more_probe_and_nobody_is_alarmed() -> None:
    """The first probe of the burst is answered, and the rest of it is not sent."""
    blip = world(silent_in((9.9, 10.05))).until(30)
    assert [type(decision) for decision in blip.decisions] == [CameUp, Suspected, Cleared]
    assert len(blip.asked) == 1
    assert blip.detector.state is State.UP


def test_fewer_silences_or_a_shorter_span_than_planned_are_not_enough() -> None:
    """A blackout that ends before the last answer can come is no outage, however many probes it swallowed."""
    short = world(silent_in((9.9, 12.9)), plan=fixed(silences=3)).until(30)
    assert short.states == ["up"]
    assert len(short.asked) == 2
    long = world(silent_in((9.9, 13.25)), plan=fixed(silences=3)).until(30)
    assert long.states == ["up", "down", "up"]


def test_recovery_takes_ten_clean_seconds_and_dates_back_to_the_first_answer() -> None:
    """Up is noticed 10 s after the first answer, and begins between the last silence and that answer."""
    cut = world(silent_in((9.3, 39.6))).until(80)
    up = cut.changes[-1]
    assert cut.states == ["up", "down", "up"]
    assert up.at == pytest.approx((39 + 40 + RTT) / 2)
    assert up.uncertainty == pytest.approx((1 + RTT) / 2)
    assert up.noticed_at == pytest.approx(50 + RTT)
    assert up.evidence["losses"] == 0


def test_a_link_that_answers_now_and_then_stays_down() -> None:
    """With half of the probes lost and more there is no recovery, and the outage goes on."""
    rare = world(lambda at, _: None if 9.3 < at < 100 and int(at) % 4 else RTT, plan=fixed(3, 1.5)).until(99)
    assert rare.states == ["up", "down"]
    assert rare.until(120).states == ["up", "down", "up"]


def test_a_late_answer_cancels_the_alarm_and_degrades() -> None:
    """A buffer that holds 1.6 s of traffic is no cut; the link is degraded until it answers in time for 10 s."""
    full = world(lambda at, _: 1.6 if 9.5 <= at < 20 else RTT).until(60)
    assert full.states == ["up", "degraded", "up"]
    assert any(isinstance(decision, Cleared) and decision.late for decision in full.decisions)
    degraded, up = full.changes[1:]
    assert degraded.at == pytest.approx((9 + 10 + 1.6) / 2)
    assert up.at == pytest.approx(20, abs=1)
    assert up.noticed_at >= up.at + 10


def test_a_link_that_returns_with_late_answers_is_degraded() -> None:
    """Ten seconds of answers end the outage, but not the trouble."""
    back = world(lambda at, _: None if 9.3 < at < 40 else 1.5 if at >= 40 else RTT).until(60)
    assert back.states == ["up", "down", "degraded"]


def test_a_first_answer_that_is_late_makes_degraded() -> None:
    """Known for the first time, and not well."""
    assert world(lambda _at, _: 1.2).until(5).states == ["degraded"]


def test_a_cut_from_the_begin_is_found_too() -> None:
    """From unknown to down: it begins with the first silence, without doubt about what was before."""
    down = only(world(silent_in((0, 60))).until(20).decisions, WentDown)
    assert (down.at, down.uncertainty) == (0, 0)


def test_all_targets_must_be_silent() -> None:
    """One of two that answers clears every suspicion; both silent are down."""
    two = Pace(1.0, 1.0, targets=2)
    half = world(lambda at, target: None if target == 0 and at > 9.3 else RTT, two).until(15)
    assert half.states == ["up"]
    assert half.some(Suspected)
    both = world(silent_in((9.3, 40)), two).until(20)
    assert both.states == ["up", "down"]
    assert {ask.target for ask in both.asked} == {0, 1}


def test_a_target_that_never_answers_becomes_mute() -> None:
    """After ten silences of its own it raises no more suspicion, and does not help to prove an outage."""
    two = Pace(1.0, 1.0, targets=2)
    filtered = world(lambda at, target: None if at > 60.3 or (target == 0 and at > 9.3) else RTT, two).until(60)
    suspicions = len(filtered.some(Suspected))
    assert 3 <= suspicions <= MUTE_AFTER
    filtered.until(80)
    assert filtered.states == ["up", "down"]
    assert {ask.target for ask in filtered.asked if ask.at > 60} == {1}


def test_a_mute_target_is_heard_again_once_it_answers() -> None:
    """An answer is an answer."""
    two = Pace(1.0, 1.0, targets=2)
    back = world(lambda at, target: None if target == 0 and at < 40 else RTT, two).until(60)
    assert back.detector._witnesses.heard == [0, 1]


def test_a_fault_of_this_machine_is_unknown() -> None:
    """Void probes are no evidence: once the last evidence is old the state is unknown, and never down."""
    detector = Detector(SECOND, plan=fixed())
    assert detector.wake_at is None
    detector.answered(detector.sent(0.0, 0), 0.01, 0.01)
    decisions: list[Decision] = []
    for step in range(1, 30):
        decisions += detector.void(detector.sent(float(step), 0), step + 0.001)
    assert [type(decision) for decision in decisions] == [WentUnknown]
    (unknown,) = decisions
    assert isinstance(unknown, WentUnknown)
    assert unknown.at == 0
    assert unknown.noticed_at <= 4.01
    assert detector.state is State.UNKNOWN


def test_a_burst_that_could_not_be_sent_is_planned_again() -> None:
    """With its probes void the row stays too short; the burst is repeated until it is proved."""
    detector, now, asked = Detector(Pace(60.0, 1.0), plan=fixed()), 60.0, 0
    detector.answered(detector.sent(0.0, 0), 0.01, 0.01)
    detector.sent(now, 0)
    while detector.state is State.UP and now < 110:
        now = detector.wake_at or now
        asks = [decision for decision in detector.tick(now) if isinstance(decision, ProbeNow)]
        while asks:
            asks.pop()
            asked += 1
            probe = detector.sent(now, 0, steady=False)
            if asked <= 6:
                asks += [decision for decision in detector.void(probe, now) if isinstance(decision, ProbeNow)]
    assert detector.state is State.DOWN
    assert asked == 12


def test_a_process_that_was_stopped_knows_nothing_of_that_time() -> None:
    """Probes under way when it stopped were not watched; the first answer afterwards makes the link up."""
    detector = Detector(SECOND, plan=fixed())
    detector.answered(detector.sent(0.0, 0), 0.01, 0.01)
    under_way = detector.sent(1.0, 0)
    after = detector.sent(100.0, 0)
    assert detector.wake_at == 100.0
    (unknown,) = detector.lost(under_way, 100.0)
    assert isinstance(unknown, WentUnknown)
    assert unknown.at == 0.0
    (up,) = detector.answered(after, 100.01, 0.01)
    assert isinstance(up, CameUp)
    assert up.at == 100.0


def test_a_stop_in_mid_suspicion_forgets_the_row() -> None:
    """Six silences before the stop and one after it are not seven in a row."""
    cut = world(silent_in((9.3, 1e9)))
    cut.until(12.5)
    states = [cut.detector.state]
    cut.detector.tick(50)
    assert [*states, cut.detector.state] == [State.UP, State.UNKNOWN]
    assert cut.detector.wake_at is not None
    assert cut.detector.wake_at > 50


def test_an_outage_seen_by_a_stopped_process_is_unknown_too() -> None:
    """Down is not carried on through a gap either."""
    cut = world(silent_in((9.3, 1e9))).until(20)
    assert cut.detector.state is State.DOWN
    assert [type(decision) for decision in cut.detector.tick(60)] == [WentUnknown]


def test_an_explicit_loss_counts_at_once() -> None:
    """A router that says unreachable spares the waiting, not the span."""
    detector = Detector(SECOND, plan=fixed())
    detector.answered(detector.sent(0.0, 0), 0.01, 0.01)
    decisions = list(detector.lost(detector.sent(1.0, 0), 1.002))
    assert isinstance(decisions[0], Suspected)
    now, steps = 1.002, 2
    while detector.state is State.UP:
        asks = [decision for decision in decisions if isinstance(decision, ProbeNow)]
        decisions = [late for _ in asks for late in detector.lost(detector.sent(now, 0, steady=False), now + 1e-4)]
        if not decisions:
            now = min(detector.wake_at or 99.0, float(steps))
            if now == steps:
                steps += 1
                decisions = list(detector.lost(detector.sent(now, 0), now))
            else:
                decisions = list(detector.tick(now))
    assert now == pytest.approx(1 + 2.25, abs=0.01)


def test_a_process_held_up_keeps_the_gaps_of_a_burst() -> None:
    """Probes of a burst that are overdue do not leave all at once."""
    cut = world(silent_in((9.3, 40))).until(10.2)
    times, now = [], 11.5
    while cut.detector.state is State.UP:
        asks = [ask for ask in cut.detector.tick(now) if isinstance(ask, ProbeNow)]
        for _ in asks:
            cut.detector.sent(now, 0, steady=False)
        times += [now] * len(asks)
        now = cut.detector.wake_at or 99.0
    assert min(later - before for before, later in pairwise(times)) > 0.05


def test_a_slow_link_is_asked_each_second_until_it_returns() -> None:
    """Once down, a link probed each minute is timed to the second; then the minute is back."""
    slow = world(silent_in((61, 200.5)), Pace(60.0, 1.0)).until(400)
    down, up = slow.changes[1:3]
    assert down.noticed_at < 61 + 60 + 4
    assert up.at == pytest.approx(200.5, abs=1)
    assert up.noticed_at < 212
    assert not [ask for ask in slow.asked if ask.at > 215]


def test_a_slow_link_recovers_from_a_late_answer_at_its_own_pace() -> None:
    """Where ten seconds hold one answer, five answers are waited for."""
    slow = world(lambda at, _: 1.5 if at == 60 else RTT, Pace(60.0, 1.0)).until(600)
    assert slow.states == ["up", "degraded", "up"]
    assert slow.changes[2].noticed_at == pytest.approx(60 * 6 + RTT)


def test_an_outage_of_a_minute_is_told_once_and_a_shorter_one_not() -> None:
    """From the earliest time at which it can have begun."""
    long = world(silent_in((9.3, 69.4))).until(200)
    (told,) = long.some(StayedDown)
    assert isinstance(told, StayedDown)
    assert told.since == only(long.decisions, WentDown).at
    assert told.at <= 69.31
    assert world(silent_in((9.9, 60.0))).until(200).some(StayedDown) == []


def test_answers_in_between_put_the_minute_off() -> None:
    """While a recovery is under way nobody is told that the outage lasts; when it fails, they are."""
    broken = world(silent_in((9.3, 65), (68, 300))).until(200)
    assert broken.states == ["up", "down"]
    (told,) = broken.some(StayedDown)
    assert isinstance(told, StayedDown)
    assert 70 < told.at < 90


def test_a_link_that_goes_down_again_and_again_is_flapping() -> None:
    """It begins with the outage that lifts the penalty to 3, and ends when it has decayed to 1."""
    cuts = [(100.0 * number + 0.5, 100.0 * number + 30) for number in range(1, 6)]
    flapping = world(silent_in(*cuts)).until(6000)
    (began,), (ended,) = flapping.some(FlappingBegan), flapping.some(FlappingEnded)
    assert isinstance(began, FlappingBegan)
    assert isinstance(ended, FlappingEnded)
    assert began.at == pytest.approx(404.3, abs=1.1)
    assert began.penalty >= 3
    assert ended.penalty <= 1
    assert ended.at > began.at + 900
    assert flapping.states.count("down") == 5
    assert not flapping.detector.is_flapping


def test_an_outage_found_after_a_gap_is_not_a_second_one_for_flapping() -> None:
    """Down, unknown, down again is one outage."""
    cut = world(silent_in((9.3, 1e9))).until(20)
    cut.detector.tick(100.0)
    penalty = cut.detector._flaps.penalty(100.0)
    cut.steps = 101
    cut.until(120)
    assert cut.states == ["up", "down", "down"]
    assert cut.detector._flaps.penalty(100.0) == pytest.approx(penalty)


def test_a_repeated_outcome_changes_nothing() -> None:
    """Twice answered, answered after void, lost after answered: the first outcome stands, but for a late answer."""
    detector = Detector(SECOND, plan=fixed())
    probe = detector.sent(0.0, 0)
    assert detector.answered(probe, 0.01, 0.01)
    assert detector.answered(probe, 0.02, 0.02) == []
    assert detector.lost(probe, 0.03) == []
    assert detector.void(probe, 0.03) == []
    assert probe.fate is Fate.ANSWERED
    lost = detector.sent(1.0, 0)
    detector.lost(lost, 1.01)
    detector.answered(lost, 2.5, 1.5)
    assert lost.fate is Fate.LATE


def test_loss_is_learned_from_the_steady_pace_and_not_from_outages() -> None:
    """Ten per cent of losses are found again within their error; an outage of an hour leaves no trace."""
    dice = random.Random(5)  # noqa: S311  # loss, not a secret
    lossy = world(lambda at, _: None if dice.random() < 0.1 or 5000 < at < 8600 else RTT, plan=fixed(12)).until(5000)
    before = lossy.detector.memory.bound
    assert before == pytest.approx(0.11, abs=0.02)
    lossy.until(8650)
    assert lossy.states == ["up", "down", "up"]
    assert lossy.detector.memory.bound == pytest.approx(before, abs=0.02)
    assert lossy.detector.memory.burst < 0.1


# Properties

INTERVALS = st.lists(st.tuples(st.floats(1, 200), st.floats(0.01, 90)), max_size=6).map(
    lambda pairs: [(begin, begin + length) for begin, length in pairs]
)


def down_times(played: World, end: float) -> list[tuple[float, float]]:
    """When the detector held the link for down, by the time of its decisions."""
    edges = [(change.noticed_at, change.state is State.DOWN) for change in played.changes]
    return [(at, after) for (at, is_down), (after, _) in zip(edges, [*edges[1:], (end, False)], strict=True) if is_down]


@settings(max_examples=60, deadline=None)
@given(cuts=INTERVALS, kept=st.integers(0, 63))
def test_answers_instead_of_losses_never_bring_a_down_forward_or_make_one(
    cuts: list[tuple[float, float]], kept: int
) -> None:
    """Whenever a link with fewer silences is down, the one with more of them is down as well."""
    better = [cut for number, cut in enumerate(cuts) if kept >> number & 1]
    worse_downs = down_times(world(silent_in(*cuts)).until(320), 320)
    better_downs = down_times(world(silent_in(*better)).until(320), 320)
    for begin, end in better_downs:
        assert any(first <= begin + 1e-6 and end <= last + 1e-6 for first, last in worse_downs)


@settings(max_examples=60, deadline=None)
@given(cuts=INTERVALS, silences=st.integers(1, 16), targets=st.integers(1, 3))
def test_no_down_without_its_silences(cuts: list[tuple[float, float]], silences: int, targets: int) -> None:
    """Before each down lie at least n probes in a row without an answer, over the span, to every target."""
    fate = silent_in(*cuts)
    played = world(fate, Pace(1.0, 1.0, targets), plan=fixed(silences)).until(320)
    for down in played.some(WentDown):
        assert isinstance(down, WentDown)
        watched = [(at, target) for at, target in played.departures if at + 1.0 <= down.noticed_at + 1e-9]
        answered = [at for at, target in watched if fate(at, target) is not None]
        row = [(at, target) for at, target in watched if at > max(answered, default=-1.0)]
        assert len(row) >= silences
        assert row[-1][0] - row[0][0] >= 2.25 - 1e-5
        assert {target for _, target in row} == set(range(targets))


@settings(max_examples=60, deadline=None)
@given(cuts=INTERVALS, begin=st.floats(1, 300), length=st.floats(60, 200), targets=st.integers(1, 2))
def test_every_cut_of_a_minute_is_told(
    cuts: list[tuple[float, float]], begin: float, length: float, targets: int
) -> None:
    """Whatever happened before, a continuous cut of 60 s leads to a down, and is told as one that lasts."""
    end = begin + length
    played = world(silent_in(*cuts, (begin, end)), Pace(1.0, 1.0, targets)).until(end + 1)
    downs = down_times(played, end + 1)
    assert any(first < end <= last for first, last in downs)
    told = [each for each in played.some(StayedDown) if isinstance(each, StayedDown)]
    assert any(each.at <= end + 1e-6 and each.since >= downs[-1][0] - 320 for each in told)


def test_a_burst_of_which_nothing_could_be_sent_does_not_stand_still() -> None:
    """Even with every probe void, the next one is asked for in its turn."""
    detector = Detector(Pace(60.0, 1.0), plan=fixed())
    detector.answered(detector.sent(0.0, 0), 0.01, 0.01)
    first = detector.sent(60.0, 0)
    detector.tick(60.2)
    detector.void(first, 60.21)
    due = detector.wake_at
    assert due is not None
    assert [type(decision) for decision in detector.tick(due)] == [ProbeNow]
    assert (detector.wake_at or 0) > due


Step = tuple[str, int, float]
STEPS = st.lists(
    st.tuples(st.sampled_from(["sent", "answered", "lost", "void", "tick"]), st.integers(0, 40), st.floats(-3, 9)),
    max_size=120,
)


def calmed(detector: Detector) -> list[Decision]:
    """Tick until nothing is due at the time of the last call: it must come to an end."""
    decisions: list[Decision] = []
    for _ in range(40):
        if detector.wake_at is None or detector.wake_at > detector._now:
            return decisions
        decisions += detector.tick(detector._now)
    raise AssertionError(detector.wake_at)


def play(detector: Detector, steps: list[Step]) -> tuple[list[Decision], list[Probe]]:
    """Carry out any calls in any order, at times that also go back."""
    probes: list[Probe] = []
    decisions: list[Decision] = []
    now = 0.0
    for what, which, by in steps:
        now += by
        if what == "sent":
            probes.append(detector.sent(now, which % 2, steady=which % 3 > 0))
        elif what == "tick" or not probes:
            decisions += detector.tick(now)
        elif what == "answered":
            decisions += detector.answered(probes[which % len(probes)], now, abs(by))
        else:
            decisions += getattr(detector, what)(probes[which % len(probes)], now)
        decisions += calmed(detector)
    return decisions, probes


@settings(max_examples=200, deadline=None)
@given(steps=STEPS)
@example(steps=[("sent", 0, 0.0), ("sent", 0, 0.0), ("answered", 0, 0.0), ("answered", 1, -2.0)])
def test_calls_in_any_order_never_raise_and_never_invent_a_down(steps: list[Step]) -> None:
    """At most one down for each n lost probes; what was told is in order of time."""
    decisions, probes = play(Detector(Pace(2.0, 1.0, 2), plan=fixed(4, 1.0)), steps)
    downs = [decision for decision in decisions if isinstance(decision, WentDown)]
    lost = [probe for probe in probes if probe.fate in {Fate.LOST, Fate.LATE}]
    assert 4 * len(downs) <= len(lost)
    changes = [each for each in decisions if isinstance(each, WentDown | CameUp | WentDegraded | WentUnknown)]
    assert [change.at for change in changes] == sorted(change.at for change in changes)
    assert all(change.at <= change.noticed_at and change.uncertainty >= 0 for change in changes)


@settings(max_examples=100, deadline=None)
@given(cuts=INTERVALS, repeats=st.lists(st.booleans(), min_size=8, max_size=8))
def test_inputs_that_come_twice_change_nothing(cuts: list[tuple[float, float]], repeats: list[bool]) -> None:
    """An outcome or a tick that is told again leads to the same decisions."""

    class Twice(Detector):
        __slots__ = ("calls",)

        def answered(self, probe: Probe, now: float, rtt: float) -> Sequence[Decision]:
            first = super().answered(probe, now, rtt)
            self.calls = getattr(self, "calls", 0) + 1
            again = super().answered(probe, now, rtt) if repeats[self.calls % len(repeats)] else []
            return [*first, *again]

        def tick(self, now: float) -> Sequence[Decision]:
            return [*super().tick(now), *super().tick(now)]

    once = world(silent_in(*cuts)).until(320)
    twice = World(Twice(SECOND, plan=fixed()), SECOND, silent_in(*cuts)).until(320)
    assert twice.decisions == once.decisions
