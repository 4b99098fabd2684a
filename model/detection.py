"""Is this link down? The decision core: told what was sent and what came back, it decides without clock or I/O.

A reply that is late raises a suspicion; a burst of probes with growing gaps confirms it or clears it. The link is down
when so many probes in a row, over so many seconds, to all of its targets have stayed without an answer that its own
loss does not explain it (``model.confirmation``). Any answer, however late, ends the row.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from model.confirmation import Plan, plan_for
from model.decision import (
    CameUp,
    Change,
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
from model.flap import FlapMeter
from model.loss import LossMemory
from model.probing import Fate, Pace, Probe
from model.recovery import Recovery
from model.state import State
from model.suspicion import Suspicion
from model.witnesses import Witnesses

LONG_OUTAGE: Final = 60.0
"""Seconds without a break after which an outage is told even while the link is flapping."""
INTERVALS_WITHOUT_EVIDENCE: Final = 2.2
"""Intervals, and then the time until a probe is lost, for which the last evidence stands: one miss, and jitter."""
RETURN_PACE: Final = 1.0
"""Seconds between probes of a link that is down, where its own pace is slower: its return is timed well."""


class Detector:
    """The decision core of one link.

    Every call takes the time, in seconds on any monotonic scale; an earlier time than in the call before is taken as
    that one. Each gives the decisions that have come due. Calls that repeat an outcome change nothing.
    """

    __slots__ = (
        "_against",
        "_alive",
        "_changed_at",
        "_decided",
        "_evidence",
        "_flaps",
        "_idle",
        "_lasts_at",
        "_memory",
        "_now",
        "_pace",
        "_pending",
        "_plan_for",
        "_recovery",
        "_return_at",
        "_state",
        "_suspicion",
        "_turn",
        "_was_up",
        "_witnesses",
    )

    def __init__(
        self, pace: Pace, memory: LossMemory | None = None, plan: Callable[[LossMemory, float], Plan] = plan_for
    ) -> None:
        """Know nothing yet: the state is UNKNOWN.

        Args:
            pace: How the link is probed.
            memory: What is known of its loss; it goes on learning.
            plan: From that, and the seconds between probes, to what makes a silence an outage.
        """
        self._pace = pace
        self._memory = memory or LossMemory()
        self._idle = INTERVALS_WITHOUT_EVIDENCE * pace.interval
        self._plan_for = plan
        self._witnesses = Witnesses(pace.targets, pace.timeout)
        self._suspicion = Suspicion()
        self._flaps = FlapMeter()
        self._state = State.UNKNOWN
        self._was_up = False  # in the last state that was known
        self._lasts_at: float | None = None  # when to tell people that an outage lasts
        self._recovery: Recovery | None = None
        self._return_at: float | None = None  # when to ask whether a link has returned
        self._now = self._changed_at = float("-inf")
        self._pending: deque[Probe] = deque()  # in order of departure; the first one's fate is open
        self._alive: float | None = None  # departure of the last answered probe
        self._against: float | None = None  # departure of the last probe that was lost or late
        self._evidence: float | None = None  # until when the state is founded on something
        self._turn = 0
        self._decided: list[Decision] = []

    @property
    def state(self) -> State:
        """UP, DEGRADED, DOWN or UNKNOWN."""
        return self._state

    @property
    def is_flapping(self) -> bool:
        """Whether the link goes down so often that single outages are no news."""
        return self._flaps.flapping

    @property
    def memory(self) -> LossMemory:
        """What has been learned of the link's loss."""
        return self._memory

    @property
    def wake_at(self) -> float | None:
        """When ``tick`` has something to do, if nothing else happens before; ``None`` before the first probe."""
        if self._evidence is None:
            return None
        if self._decided:
            return self._now
        due = self._evidence + self._idle + self._witnesses.lost_after
        if self._pending:
            due = min(due, self._pending[0].sent + self._witnesses.lost_after, self._suspicious_at())
        if self._state is State.DOWN:
            return _earliest(_earliest(due, self._return_at), None if self._recovery else self._lasts_at)
        return _earliest(due, self._suspicion.ask_at)

    def sent(self, now: float, target: int, *, steady: bool = True) -> Probe:
        """A probe leaves; decisions that come due meanwhile are given by the next call.

        Args:
            now: When it leaves.
            target: Index of its target.
            steady: Whether it belongs to the steady pace; a ProbeNow's does not.
        """
        self._enter(now)
        probe = Probe(self._now, target, steady)
        self._pending.append(probe)
        if self._evidence is None:
            self._evidence = self._now
        if self._state is State.DOWN:
            self._await_return()
        return probe

    def answered(self, probe: Probe, now: float, rtt: float) -> Sequence[Decision]:
        """A probe was answered: its path was alive, even if the answer is an error.

        Args:
            probe: Which.
            now: When the answer arrived.
            rtt: Seconds that it took.
        """
        self._enter(now)
        if probe.fate is Fate.PENDING or probe.fate is Fate.LOST:
            probe.fate = Fate.ANSWERED if probe.fate is Fate.PENDING else Fate.LATE
            self._hear(probe, rtt)
            self._settle()
        return self._leave()

    def lost(self, probe: Probe, now: float) -> Sequence[Decision]:
        """It is certain that a probe will not be answered. Its time-out need not be told: ``tick`` knows it."""
        self._enter(now)
        if probe.fate is Fate.PENDING:
            self._lose(probe)
        return self._leave()

    def void(self, probe: Probe, now: float) -> Sequence[Decision]:
        """A probe says nothing about the link, because this machine could not send it."""
        self._enter(now)
        if probe.fate is Fate.PENDING:
            probe.fate = Fate.VOID
            self._settle()
        return self._leave()

    def tick(self, now: float) -> Sequence[Decision]:
        """Time has passed."""
        self._enter(now)
        return self._leave()

    # What every call begins and ends with

    def _enter(self, now: float) -> None:
        self._now = max(now, self._now)
        evidence = self._evidence
        if evidence is not None and evidence + self._idle + self._witnesses.lost_after <= self._now:
            self._lose_sight(evidence)

    def _leave(self) -> Sequence[Decision]:
        while self._pending and self._pending[0].sent + self._witnesses.lost_after <= self._now:
            self._lose(self._pending[0])
        if self._state is State.DOWN:
            self._mind_outage()
        elif self._pending or self._suspicion.plan or self._suspicion.row:
            self._confirm()
        if self._flaps.flapping and self._flaps.settled(self._now):
            self._decided.append(FlappingEnded(self._now, self._flaps.penalty(self._now)))
        decided, self._decided = self._decided, []
        return decided

    # Evidence

    def _hear(self, probe: Probe, rtt: float) -> None:
        late, alive_before = rtt > self._pace.timeout, self._alive
        self._witnesses.answered(probe.target, rtt)
        self._alive = _later(self._alive, probe.sent)
        self._evidence = _later(self._evidence, probe.sent)
        if self._suspicion.plan:
            self._decided.append(Cleared(self._now, late))
        self._suspicion.end()
        if late and self._state is not State.DOWN:
            self._against = _later(self._against, probe.sent)
        self._judge_answer(probe, rtt, alive_before, late=late)

    def _lose(self, probe: Probe) -> None:
        probe.fate = Fate.LOST
        if not self._witnesses.is_mute(probe.target):
            self._evidence = _later(self._evidence, probe.sent)
            self._against = _later(self._against, probe.sent)
            if self._state is not State.DOWN and self._is_after_life(probe):
                self._suspicion.add(probe)
            if self._recovery:
                self._doubt(self._recovery, probe)
        self._settle()

    def _settle(self) -> None:
        """Learn, in order of departure, from the probes whose fate is sealed."""
        while self._pending and self._pending[0].fate is not Fate.PENDING:
            probe = self._pending.popleft()
            if probe.fate is Fate.ANSWERED:
                self._memory.answered(probe.sent, steady=probe.steady)
            elif probe.fate is not Fate.VOID:
                self._learn_loss(probe)

    def _learn_loss(self, probe: Probe) -> None:
        if not self._is_after_life(probe):
            self._witnesses.silent_while_others_answer(probe.target)
        if self._state is not State.DOWN and not self._witnesses.is_mute(probe.target):
            self._memory.lost(probe.sent, steady=probe.steady)

    def _is_after_life(self, probe: Probe) -> bool:
        return self._alive is None or probe.sent > self._alive

    def _lose_sight(self, evidence: float) -> None:
        """There is no evidence any more: whatever is pending was not watched."""
        if self._state is not State.UNKNOWN:
            self._become(WentUnknown, (evidence, 0.0), {"seconds": self._now - evidence})
        for probe in self._pending:
            probe.fate = Fate.VOID
        self._pending.clear()
        self._suspicion.end()
        self._memory.forget_silence()
        self._alive = self._against = None
        self._evidence = self._now

    # From suspicion to outage

    def _awaited(self) -> list[tuple[Probe, float]]:
        """The probes whose answer would be news, and when each is late."""
        dues = ((probe, self._witnesses.late_at(probe)) for probe in self._pending if self._is_after_life(probe))
        return [(probe, due) for probe, due in dues if due is not None]

    def _suspicious_at(self) -> float:
        if self._suspicion.plan or self._state is State.DOWN:
            return float("inf")
        return min((due for _, due in self._awaited()), default=float("inf"))

    def _confirm(self) -> None:
        suspicion, awaited = self._suspicion, self._awaited()
        if suspicion.plan is None:
            late = [probe for probe, due in awaited if due <= self._now]
            if suspicion.row or late:
                self._suspect((suspicion.row or late)[0].sent)
        elif suspicion.is_proved((probe for probe, _ in awaited), self._witnesses.heard):
            self._go_down(suspicion.plan)
            return
        elif suspicion.ask_at is None and not awaited:
            # Some probes of the burst could not be sent.
            suspicion.begin(suspicion.plan, self._now, self._now)
        self._ask(suspicion.take_due(self._now))

    def _suspect(self, since: float) -> None:
        plan = self._plan_for(self._memory, self._pace.interval / len(self._witnesses))
        self._suspicion.begin(plan, since, self._now)
        self._decided.append(Suspected(self._now, since, plan.silences, plan.span))

    def _ask(self, planned: float | None) -> None:
        if planned is not None:
            heard = self._witnesses.heard
            self._turn += 1
            self._decided.append(ProbeNow(heard[self._turn % len(heard)], planned))

    def _go_down(self, plan: Plan) -> None:
        first, last = self._suspicion.row[0], self._suspicion.row[-1]
        when = _middle(self._alive, first.sent, self._witnesses.rtt(first.target))
        evidence: dict[str, str | float] = {
            "silences": len(self._suspicion.row),
            "silences_needed": plan.silences,
            "seconds": last.sent - first.sent,
            "seconds_needed": plan.span,
            "loss_bound": plan.loss,
            "burst_bound": plan.burst,
            "lost_after": self._witnesses.lost_after,
            "targets": len(self._witnesses),
        }
        self._become(WentDown, when, evidence)
        # Counted from its earliest possible begin, so that no outage of a minute is missed.
        self._lasts_at = when[0] - when[1] + LONG_OUTAGE
        self._suspicion.end()
        self._memory.forget_silence()
        self._await_return()
        if self._was_up and self._flaps.went_down(self._now):
            self._decided.append(FlappingBegan(self._now, self._flaps.penalty(self._now)))
        self._was_up = False

    # The way back

    def _mind_outage(self) -> None:
        if self._lasts_at is not None and self._lasts_at <= self._now and self._recovery is None:
            self._decided.append(StayedDown(self._changed_at, self._now))
            self._lasts_at = None
        if self._return_at is not None and self._return_at <= self._now:
            self._ask(self._return_at)
            self._return_at = None

    def _await_return(self) -> None:
        if self._pace.interval > RETURN_PACE:
            self._return_at = self._now + RETURN_PACE

    def _judge_answer(self, probe: Probe, rtt: float, alive_before: float | None, *, late: bool) -> None:
        if self._state is State.UNKNOWN:
            self._become(_alive_state(late=late), (probe.sent, 0.0), {"rtt": rtt})
        elif self._state is State.UP and late:
            when = _middle(alive_before, probe.sent, rtt)
            self._become(WentDegraded, when, {"rtt": rtt, "timeout": self._pace.timeout})
        elif self._state is State.DEGRADED and late:
            self._recovery = None
        elif self._state is not State.UP:
            self._recover(probe, rtt, late=late)

    def _recover(self, probe: Probe, rtt: float, *, late: bool) -> None:
        recovery = self._recovery = self._recovery or Recovery(probe.sent, rtt, self._against)
        recovery.answered(late=late)
        if recovery.succeeded(self._now):
            when = _middle(recovery.before, recovery.since, recovery.rtt)
            evidence = {"answers": recovery.answers, "losses": recovery.losses, "late": recovery.late}
            self._become(_alive_state(late=recovery.late > 0), when, evidence)

    def _doubt(self, recovery: Recovery, probe: Probe) -> None:
        recovery.lost(probe.sent)
        if recovery.succeeded(self._now) is False:
            self._recovery = None

    def _become(self, change: type[Change], when: tuple[float, float], evidence: Mapping[str, str | float]) -> None:
        at, uncertainty = when
        # A late answer may speak of a time before the last change; what was told is not told differently. One that took
        # longer than it can have taken speaks of a time to come.
        self._changed_at = max(self._changed_at, min(at, self._now))
        self._state = change.state
        self._was_up = self._was_up or self._state in {State.UP, State.DEGRADED}
        self._lasts_at = self._recovery = self._return_at = None
        self._decided.append(change(self._changed_at, uncertainty, self._now, evidence))


def _alive_state(*, late: bool) -> type[WentDegraded | CameUp]:
    return WentDegraded if late else CameUp


def _later(before: float | None, sent: float) -> float:
    return sent if before is None else max(before, sent)


def _earliest(due: float, other: float | None) -> float:
    return due if other is None or due <= other else other


def _middle(before: float | None, after: float, rtt: float) -> tuple[float, float]:
    """When the link changed, and how far off that may be: between one departure and the other's answer."""
    if before is None:
        return after, 0.0
    half = (after + rtt - min(before, after)) / 2
    return after + rtt - half, half
