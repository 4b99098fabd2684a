"""The watch over a link, on a loop whose clock jumps from timer to timer."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from model.decision import CameUp, Cleared, Decision, StayedDown, Suspected, WentDegraded, WentDown, WentUnknown
from model.measurement import EchoReading, Failure, Measurement, ProbeKind, Reading, Reason, Subject, TcpReading
from model.state import State
from monitor.alarms import Alarms
from monitor.scheduler import Scheduler
from monitor.task import Task
from monitor.timetable import Timetable
from monitor.watch import Clocks, LinkWatch, Watches
from tests.peers.clock import SteppedLoop

Answer = Callable[[float], float | Reading | Failure | None]
"""From the time of departure to seconds until an echo, or something else at once, or nothing."""

PATIENCE = 3.0


class Notes:
    """A Listener and a Punctuality that write down what they are told."""

    def __init__(self) -> None:
        self.measurements: list[Measurement] = []
        self.decisions: list[Decision] = []
        self.times: list[datetime] = []
        self.skips = 0
        self.of_bursts = 0

    def measured(self, task: Task, measurement: Measurement, *, steady: bool) -> None:
        """Note the measurement."""
        assert task.subject is measurement.subject
        self.measurements.append(measurement)
        self.of_bursts += not steady

    def decided(self, subject: Subject, decision: Decision, clocks: Clocks) -> None:
        """Note the decision."""
        assert subject.kind == "link"
        self.decisions.append(decision)
        self.times.append(clocks.utc_of(clocks.monotonic))

    def lag(self, kind: ProbeKind, seconds: float) -> None:
        """Not of interest."""

    def skipped(self, kind: ProbeKind, runs: int) -> None:  # noqa: ARG002  # one kind is all there is
        """Count what did not start."""
        self.skips += runs

    @property
    def kinds(self) -> list[type[Decision]]:
        """What was decided, without the times."""
        return [type(decision) for decision in self.decisions]


def link_task(answer: Answer, link: str = "l", number: int = 0, sent: list[float] | None = None) -> Task:
    """A task whose probe does what the answer says, and gives up after its patience."""

    async def probe() -> Reading | Failure:
        now = asyncio.get_running_loop().time()
        if sent is not None:
            sent.append(now)
        what = answer(now)
        if isinstance(what, float):
            await asyncio.sleep(min(what, PATIENCE))
            return EchoReading(what) if what <= PATIENCE else Failure(Reason.TIMEOUT)
        if what is None:
            await asyncio.sleep(PATIENCE)
            return Failure(Reason.TIMEOUT)
        return what

    subject = Subject("link", link, "site", f"192.0.2.{number}")
    return Task((link, number), subject, ProbeKind.ICMP, 1.0, PATIENCE, probe)


def watched(seconds: float, *answers: Answer, sent: list[float] | None = None) -> tuple[Notes, State]:
    """What is noted while a link with these targets is watched for so long, and its state at the end."""
    notes, loop = Notes(), SteppedLoop()
    states: list[State] = []

    async def scenario() -> None:
        watches = Watches(notes, Alarms(loop.time))
        scheduler = Scheduler(notes, Timetable(seed=3), clock=loop.time)
        tasks = [link_task(answer, number=number, sent=sent) for number, answer in enumerate(answers)]
        scheduler.set(watches.take(tasks, {"l": 1.0}))
        await asyncio.sleep(seconds)
        states.extend(watch.state for watch in watches)
        watches.close()
        await scheduler.stop()

    try:
        loop.run_until_complete(scenario())
    finally:
        loop.close()
    return notes, states[0]


def test_a_cut_is_found_in_time_and_its_end_as_well() -> None:
    """Down within 4.5 s of the cut, through the scheduler's own jitter; up 10 s after the line is back."""
    notes, state = watched(120, lambda at: None if 50.4 < at < 80.4 else 0.01)
    assert notes.kinds == [CameUp, Suspected, WentDown, CameUp]
    suspected, down, up = notes.decisions[1:]
    assert isinstance(suspected, Suspected)
    assert notes.of_bursts == suspected.silences - 1
    assert isinstance(down, WentDown)
    assert isinstance(up, CameUp)
    assert 50.4 + 2 < down.noticed_at < 50.4 + 4.5
    assert abs(down.at - 50.4) <= down.uncertainty
    assert abs(up.at - 80.4) <= up.uncertainty
    assert state is State.UP


def test_a_silent_link_keeps_its_pace() -> None:
    """A probe waits three seconds for a late answer, and the next one leaves a second later all the same."""
    sent: list[float] = []
    notes, state = watched(60, lambda _: None, sent=sent)
    assert state is State.DOWN
    assert len(sent) == pytest.approx(60 + 15, abs=3)
    assert notes.skips == 0


def test_a_late_answer_is_a_timeout_that_holds_its_reading() -> None:
    """For the loss ratio it is lost, for the detector it is a sign of life."""
    notes, state = watched(30, lambda at: 1.5 if 20 < at < 21.1 else 0.01)
    late = {each.outcome for each in notes.measurements if not each.succeeded}
    assert late == {Failure(Reason.TIMEOUT, "answered after 1.5s, later than 1s", EchoReading(1.5))}
    assert WentDegraded in notes.kinds
    assert WentDown not in notes.kinds
    assert state is State.DEGRADED


def test_a_late_handshake_is_late_by_the_whole_of_it() -> None:
    """A SYN that had to be sent again was lost, whatever the kernel's own round-trip time says."""
    notes, state = watched(5, lambda _: TcpReading(1.03, 0.02, accepted=True, address="192.0.2.0"))
    assert state is State.DEGRADED
    assert all(not measurement.succeeded for measurement in notes.measurements)


def test_an_error_that_proves_the_path_is_an_answer() -> None:
    """An agent that refuses the credentials is reached by the link; the measurement says what it was."""
    notes, state = watched(20, lambda _: Failure(Reason.AUTHENTICATION))
    assert state is State.UP
    assert notes.measurements[0].outcome == Failure(Reason.AUTHENTICATION)


def test_unreachable_is_silence_and_needs_its_span_too() -> None:
    """A router's word suggests an outage (RFC 2678 §6.6.5); it is confirmed like any other."""
    notes, state = watched(30, lambda at: Failure(Reason.UNREACHABLE) if at > 20.3 else 0.01)
    assert state is State.DOWN
    assert notes.kinds == [CameUp, Suspected, WentDown]
    down = notes.decisions[-1]
    assert isinstance(down, WentDown)
    assert 22 < down.noticed_at < 24.5


def test_our_own_fault_is_unknown_and_never_down() -> None:
    """No descriptor, no permission, no address: nothing was sent."""
    notes, state = watched(60, lambda at: Failure(Reason.LOCAL) if at > 20 else 0.01)
    assert notes.kinds == [CameUp, WentUnknown]
    assert state is State.UNKNOWN


def test_the_other_target_clears_the_suspicion() -> None:
    """ICMP is silent, TCP answers: filtered, no alarm; both silent: down."""
    sent: list[float] = []
    notes, state = watched(60, lambda at: None if at > 20 else 0.01, lambda _: 0.02, sent=sent)
    assert Cleared in notes.kinds
    assert state is State.UP
    notes, state = watched(60, lambda at: None if at > 20 else 0.01, lambda at: None if at > 20 else 0.01)
    assert state is State.DOWN
    assert StayedDown not in notes.kinds


def test_a_probe_with_a_bug_is_logged_and_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """The watch goes on; without any evidence the state stays unknown."""

    def broken(_at: float) -> float:
        raise ZeroDivisionError

    with caplog.at_level(logging.ERROR):
        notes, state = watched(10, broken)
    assert state is State.UNKNOWN
    assert notes.measurements == []
    assert "the probe of ('l', 0) failed unexpectedly" in caplog.text


def test_a_reload_keeps_what_has_not_changed_and_ends_the_rest() -> None:
    """The same tasks keep their watch; a link that is gone decides nothing more."""
    notes, loop = Notes(), SteppedLoop()

    async def scenario() -> None:
        watches = Watches(notes, Alarms(loop.time))
        kept, gone = link_task(lambda _: 0.01, "kept"), link_task(lambda _: None, "gone")
        jobs = watches.take([kept, gone], {"kept": 1.0, "gone": 1.0})
        assert [job.key for job in jobs] == [kept.key, gone.key]
        for job in jobs:
            assert job.run() is None
        await asyncio.sleep(0.1)
        before = {watch.subject.id: watch for watch in watches}
        watches.take([kept], {"kept": 1.0})
        assert [watch is before[watch.subject.id] for watch in watches] == [True]
        told = len(notes.measurements)
        await asyncio.sleep(30)
        assert [each.subject.id for each in notes.measurements[told:]] == []
        assert not before["gone"].is_flapping
        changed = watches.take([kept], {"kept": 2.0})
        assert len(changed) == 1
        assert next(iter(watches)) is not before["kept"]
        watches.close()

    try:
        loop.run_until_complete(scenario())
    finally:
        loop.close()


def test_a_step_of_the_wall_clock_moves_no_duration() -> None:
    """The time of a decision is reckoned back from the moment at which it was handed on."""
    noon = datetime(2026, 11, 1, 12, tzinfo=UTC)
    clocks = Clocks(1000.0, noon)
    assert clocks.utc_of(997.5) == noon - timedelta(seconds=2.5)
    assert Clocks(1000.0, noon + timedelta(hours=1)).utc_of(997.5) - clocks.utc_of(997.5) == timedelta(hours=1)


def test_what_is_noted_carries_utc() -> None:
    """Decisions are facts in aware UTC as soon as they leave the watch."""
    notes, _ = watched(5, lambda _: 0.01)
    assert notes.times
    assert all(at.tzinfo is UTC for at in notes.times)


def test_a_watch_alone_names_its_subject() -> None:
    """The first target's address stands for the link."""
    loop = SteppedLoop()
    watch = LinkWatch([link_task(lambda _: 0.01)], 1.0, Alarms(loop.time), Notes())
    loop.close()
    assert watch.subject.instance == "192.0.2.0"
    assert watch.state is State.UNKNOWN
