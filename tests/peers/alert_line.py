"""A line that is only thought of, watched by a real detector."""

import asyncio
import math
import random
from collections.abc import Iterable
from typing import Final, Protocol

from model.decision import Decision, ProbeNow
from model.detection import Detector
from model.loss import LossMemory
from model.measurement import Subject
from model.probing import Pace, Probe
from tests.peers.alert_scenario import Node

INTERVAL: Final = 1.0
TIMEOUT: Final = 1.0
JITTER: Final = 0.1
_PATIENCE: Final = 3.0  # so long an answer is waited for, however late
_FRESH_FOR: Final = 2.2 * INTERVAL + _PATIENCE
_KNOWN_FOR: Final = 1_800  # probes that an experienced monitor has seen of each link, at most


class Watcher(Protocol):
    """The monitor of a line.

    Attributes:
        chance: Of everything that is random.
        is_alive: Whether it runs.
    """

    chance: random.Random
    is_alive: bool

    def fate(self, node: Node, now: float) -> float | None:
        """After how many seconds a probe that leaves now is answered, if it is."""

    def decided(self, subject: Subject, decision: Decision) -> None:
        """The detector has decided something."""

    def measured(self, subject: Subject, sent: float, rtt: float | None, fresh_for: float) -> None:
        """A probe has ended."""


class Line:
    """Does for one link or anchor what ``monitor.watch.LinkWatch`` does, without a task for each probe."""

    def __init__(self, monitor: Watcher, node: Node, subject: Subject, *, experienced: bool) -> None:
        self._monitor = monitor
        self._node = node
        self._subject = subject
        self._loop = asyncio.get_running_loop()
        self._origin = self._loop.time() + monitor.chance.uniform(0, INTERVAL)
        self._detector = Detector(
            Pace(INTERVAL, TIMEOUT), _experience(node, monitor.chance) if experienced else LossMemory()
        )
        self._number = 0
        self._rings_at = math.inf
        self._plan_next()

    def ask(self) -> None:
        """As of ``LinkWatch``."""
        self._launch(steady=False)

    def _plan_next(self) -> None:
        moved = self._monitor.chance.uniform(0, JITTER) * INTERVAL
        self._loop.call_at(self._origin + self._number * INTERVAL + moved, self._steady)
        self._number += 1

    def _steady(self) -> None:
        if self._monitor.is_alive:
            self._plan_next()
            self._launch(steady=True)

    def _launch(self, *, steady: bool) -> None:
        now = self._loop.time()
        probe = self._detector.sent(now, 0, steady=steady)
        self._arm()
        rtt = self._monitor.fate(self._node, now)
        if rtt is None:
            self._loop.call_later(_PATIENCE, self._missed, probe)
        else:
            self._loop.call_later(rtt, self._answered, probe, rtt)

    def _answered(self, probe: Probe, rtt: float) -> None:
        self._carry_out(self._detector.answered(probe, self._loop.time(), rtt))
        self._monitor.measured(self._subject, probe.sent, rtt, _FRESH_FOR)
        self._arm()

    def _missed(self, probe: Probe) -> None:
        self._carry_out(self._detector.lost(probe, self._loop.time()))
        self._monitor.measured(self._subject, probe.sent, None, _FRESH_FOR)
        self._arm()

    def _arm(self) -> None:
        due = self._detector.wake_at
        if due is not None and due < self._rings_at:
            self._rings_at = due
            self._loop.call_at(due, self._wake, due)

    def _wake(self, planned: float) -> None:
        if planned != self._rings_at or not self._monitor.is_alive:
            return
        self._rings_at = math.inf
        due = self._detector.wake_at
        if due is not None and due <= self._loop.time():
            self._carry_out(self._detector.tick(self._loop.time()))
        self._arm()

    def _carry_out(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            if not self._monitor.is_alive:
                return
            if isinstance(decision, ProbeNow):
                self._launch(steady=False)
            else:
                self._monitor.decided(self._subject, decision)


def _experience(node: Node, chance: random.Random) -> LossMemory:
    """What a monitor knows of a link that has watched it for some time."""
    memory = LossMemory()
    known = chance.randint(120, _KNOWN_FOR)
    for number in range(known):
        sent = float(number - known)
        if chance.random() < node.loss:
            memory.lost(sent, steady=True)
            memory.answered(sent + 0.3, steady=False)
        else:
            memory.answered(sent, steady=True)
    return memory
