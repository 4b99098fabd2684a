"""A detector at a steady pace in a world whose silences the test writes down."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from model.confirmation import Plan
from model.decision import CameUp, Decision, ProbeNow, WentDegraded, WentDown, WentUnknown
from model.detection import Detector
from model.loss import LossMemory
from model.probing import Pace, Probe

RTT = 0.01
SECOND = Pace(interval=1.0, timeout=1.0)


def fixed(silences: int = 7, span: float = 2.25) -> Callable[[LossMemory, float], Plan]:
    """A plan that no memory changes."""
    return lambda _memory, _interval: Plan(silences, span, 0.01, 0.05)


@dataclass
class World:
    """Probes leave at the detector's pace, beginning at 0; what becomes of each is asked of ``fate``.

    Attributes:
        detector: Under test.
        pace: Its pace.
        fate: From departure and target to seconds until the answer; ``None`` for silence.
        decisions: All but ProbeNow, as they came.
        asked: All ProbeNow.
        steps: Departures of the steady pace so far.
    """

    detector: Detector
    pace: Pace
    fate: Callable[[float, int], float | None]
    decisions: list[Decision] = field(default_factory=list)
    asked: list[ProbeNow] = field(default_factory=list)
    steps: int = 0
    departures: list[tuple[float, int]] = field(default_factory=list)
    _answers: list[tuple[float, int, Probe, float]] = field(default_factory=list)

    def until(self, end: float) -> "World":
        """Let time pass."""
        while True:
            wake = self.detector.wake_at
            answer = min(self._answers, default=None, key=lambda each: each[:2])
            step = self.steps * self.pace.interval / self.pace.targets
            now = min(step, math.inf if wake is None else wake, answer[0] if answer else math.inf)
            if now > end:
                return self
            if answer and now == answer[0]:
                self._answers.remove(answer)
                self._take(self.detector.answered(answer[2], now, answer[3]))
            elif now == step:
                self.steps += 1
                self._send(now, (self.steps - 1) % self.pace.targets, steady=True)
            else:
                self._take(self.detector.tick(now))

    def _take(self, decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            if isinstance(decision, ProbeNow):
                self.asked.append(decision)
                self._send(decision.at, decision.target, steady=False)
            else:
                self.decisions.append(decision)

    def _send(self, now: float, target: int, *, steady: bool) -> None:
        probe = self.detector.sent(now, target, steady=steady)
        self.departures.append((now, target))
        after = self.fate(now, target)
        if after is not None:
            self._answers.append((now + after, len(self.departures), probe, after))

    @property
    def changes(self) -> list[CameUp | WentDown | WentDegraded | WentUnknown]:
        """The decisions that changed the state."""
        return [each for each in self.decisions if isinstance(each, CameUp | WentDown | WentDegraded | WentUnknown)]

    @property
    def states(self) -> list[str]:
        """The states gone through, in order."""
        return [str(change.state) for change in self.changes]

    def some(self, kind: type[Decision]) -> list[Decision]:
        """The decisions of one kind."""
        return [decision for decision in self.decisions if isinstance(decision, kind)]


def silent_in(*cuts: tuple[float, float]) -> Callable[[float, int], float | None]:
    """Answers after ``RTT``, but in the half-open intervals nothing."""
    return lambda at, _target: None if any(begin <= at < end for begin, end in cuts) else RTT


def world(
    fate: Callable[[float, int], float | None],
    pace: Pace = SECOND,
    plan: Callable[[LossMemory, float], Plan] | None = None,
) -> World:
    """A new detector in a world."""
    return World(Detector(pace, plan=plan or fixed()), pace, fate)
