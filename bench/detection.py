"""A link in simulated time: the real decision core, driven through loss and cuts without waiting."""

import heapq
import itertools
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from model.decision import Decision, ProbeNow, WentDown
from model.detection import Detector
from model.probing import Pace, Probe
from monitor.timetable import JITTER

RTT: Final = 0.005
"""Seconds; on such links a reply is late after ``model.lateness.SOONEST``."""

_CUT: Final = 20.0
_BACK_UP: Final = 15.0


class Line(Protocol):
    """What happens to probes. It is asked in order of time."""

    def loses(self, at: float) -> bool:
        """Whether a probe that leaves now stays without an answer."""


@dataclass(slots=True)
class Independent:
    """Each probe is lost with the same chance, whatever happened to the others."""

    loss: float
    random: random.Random

    def loses(self, at: float) -> bool:  # noqa: ARG002  # this line has no memory
        """A throw of the dice."""
        return self.random.random() < self.loss


@dataclass(slots=True)
class Bursty:
    """A Gilbert line: all is lost in its bad state, nothing in its good one, and both last an exponential time.

    Attributes:
        loss: Share of the time in the bad state.
        burst: Mean seconds of the bad state.
    """

    loss: float
    burst: float
    random: random.Random
    _is_bad: bool = False
    _until: float = -math.inf

    def loses(self, at: float) -> bool:
        """Whether the state is bad."""
        if self._until == -math.inf:
            self._is_bad = self.random.random() < self.loss
            self._until = at + self._length()
        while self._until <= at:
            self._is_bad = not self._is_bad
            self._until += self._length()
        return self._is_bad

    def _length(self) -> float:
        mean = self.burst if self._is_bad else self.burst * (1 - self.loss) / self.loss
        return self.random.expovariate(1 / mean)


@dataclass(slots=True)
class Cut:
    """Any line, with a cut in it.

    Attributes:
        line: How it is without the cut.
        begin: When nothing passes any more.
        end: When it does again.
    """

    line: Line
    begin: float = math.inf
    end: float = math.inf

    def loses(self, at: float) -> bool:
        """Whether it is cut, or loses this one by itself."""
        return self.line.loses(at) or self.begin <= at < self.end


@dataclass(slots=True)
class Simulation:
    """One link and its detector, at a steady pace with the daemon's own jitter.

    Attributes:
        detector: The real core.
        pace: How it is probed.
        line: What happens to the probes.
        random: Of the jitter.
        lag: Seconds by which the process wakes late.
        now: Simulated seconds.
        probes: How many were sent.
    """

    detector: Detector
    pace: Pace
    line: Line
    random: random.Random
    lag: float = 0.0
    now: float = 0.0
    probes: int = 0
    _answers: list[tuple[float, int, Probe]] = field(default_factory=list)
    _steps: "itertools.count[int]" = field(default_factory=itertools.count)
    _steady_at: float = 0.0

    def until(self, end: float) -> Iterator[Decision]:
        """Let time pass; gives what the core decides, other than to probe, which is done."""
        while True:
            wake = self.detector.wake_at
            woken = math.inf if wake is None else max(wake + self.lag, self.now)
            answer = self._answers[0][0] if self._answers else math.inf
            self.now = min(self._steady_at, woken, answer)
            if self.now >= end:
                return
            if self.now == answer:
                _, _, probe = heapq.heappop(self._answers)
                yield from self._carry_out(self.detector.answered(probe, self.now, RTT))
            elif self.now == self._steady_at:
                self._send(self.probes % self.pace.targets, steady=True)
                self._steady_at = (next(self._steps) + 1 + self.random.random() * JITTER) * self.pace.interval
            else:
                yield from self._carry_out(self.detector.tick(self.now))

    def _carry_out(self, decisions: Iterable[Decision]) -> Iterator[Decision]:
        for decision in decisions:
            if isinstance(decision, ProbeNow):
                self._send(decision.target, steady=False)
            else:
                yield decision

    def _send(self, target: int, *, steady: bool) -> None:
        probe = self.detector.sent(self.now, target, steady=steady)
        self.probes += 1
        if not self.line.loses(self.now):
            heapq.heappush(self._answers, (self.now + RTT, self.probes, probe))


def line_of(loss: float, burst: float | None, dice: random.Random) -> Independent | Bursty:
    """A line that loses so much; independently where no burst is given."""
    return Independent(loss, dice) if burst is None else Bursty(loss, burst, dice)


def noticed_after(simulation: Simulation, cuts: int) -> list[float]:
    """Seconds from each cut to the decision that the link is down.

    Each cut comes at a random phase, lasts 20 s, and finds the link up. One that is not noticed counts as infinity.
    """
    line, dice = Cut(simulation.line), simulation.random
    simulation.line = line
    return [_notice(simulation, line, simulation.now + 5 + 5 * dice.random()) for _ in range(cuts)]


def _notice(simulation: Simulation, line: Cut, begin: float) -> float:
    line.begin, line.end = begin, begin + _CUT
    downs = [decision for decision in simulation.until(line.end + _BACK_UP) if isinstance(decision, WentDown)]
    return next((down.noticed_at - begin for down in downs if down.noticed_at >= begin), math.inf)
