"""A discrete-event simulation: the real detectors, states, questions and pipeline in a ward that is only thought of.

Time is that of an event loop which never waits: it is set to when the next thing happens. Nothing here decides; it does
what ``monitor.watch``, ``monitor.prober`` and ``monitor.daemon`` do around the parts that do.
"""

import asyncio
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from alerts.correlate import Correlator
from alerts.labels import Places
from alerts.mute import Rules
from alerts.notice import Notice
from alerts.pipeline import Pipeline
from model.decision import (
    CameUp,
    Decision,
    FlappingBegan,
    FlappingEnded,
    StayedDown,
    Suspected,
    WentDegraded,
    WentDown,
    WentUnknown,
)
from model.incident import Incident
from model.measurement import EchoReading, Failure, Measurement, ProbeKind, Reason, Subject, SubjectKey
from model.state import State
from model.transition import Transition
from monitor.hurry import Hurry
from monitor.sight import Sight, Turn
from monitor.states import Because, Change, States
from monitor.task import Task
from monitor.watch import Clocks
from tests.peers.alert_line import JITTER, TIMEOUT, Line
from tests.peers.alert_scenario import ANCHOR, Node, Scenario
from tests.peers.clock import SteppedLoop
from tests.peers.stage import BEGIN, at

_ECHO_EVERY: Final = 5.0
_FETCH_EVERY: Final = 30.0
_FETCH_WITHIN: Final = 10.0
_TO_DISK: Final = 0.015  # a change is written down, and what happens together is gathered
_FORGIVEN: Final = 2_700.0  # a flapping of which a new monitor sees nothing is over after this time
_CALM: Final = 4_000.0
"""Seconds after the last cut by which everything must have been told as over: flapping takes the longest to end."""


class Loop(SteppedLoop):
    """Ends with the first bug in what is simulated, instead of writing it to the log."""

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """As of the event loop."""
        raise context.get("exception") or AssertionError(context["message"])


@dataclass(frozen=True)
class Heard:
    """A message, with its incidents as they were then."""

    at: float
    notice: Notice
    incidents: tuple[Incident, ...]


@dataclass
class Log:
    """What was told.

    Attributes:
        heard: The messages, in order.
        versions: Each incident whenever it changed, and when, in seconds.
        ended_at: When the simulation ended, in seconds.
        probes: Packets that were sent.
    """

    heard: list[Heard] = field(default_factory=list)
    versions: list[tuple[float, Incident]] = field(default_factory=list)
    ended_at: float = 0.0
    probes: int = 0


def simulate(scenario: Scenario) -> Log:
    """Play a scenario to its end."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(_Simulation(scenario).run())


class _Simulation:
    """What is there whether or not the monitor runs: the network, the time, and what was written down."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.inventory = scenario.inventory()
        self.chance = random.Random(scenario.seed + 1)  # noqa: S311  # plays, guards nothing
        self.log = Log()
        self.last: dict[SubjectKey, Transition] = {}
        self._over = asyncio.Event()

    async def run(self) -> Log:
        """Until everything is over."""
        loop = asyncio.get_running_loop()
        monitor = _Monitor(self, experienced=True)
        loop.call_at(self.scenario.ends_at + 30, self._look_for_end)
        for killed, gap in self.scenario.stops:
            await asyncio.sleep(killed - loop.time())
            monitor.kill()
            await asyncio.sleep(gap)
            monitor = _Monitor(self, experienced=False)
        await self._over.wait()
        monitor.kill()
        self.log.ended_at = loop.time()
        return self.log

    def fate(self, node: Node, now: float) -> float | None:
        """After how many seconds a probe that leaves now is answered, if it is."""
        self.log.probes += 1
        rtt = node.rtt * (1 + self.chance.expovariate(4)) + (0.2 if self.chance.random() < 0.001 else 0.0)
        is_lost = self.chance.random() < node.loss
        is_there = self.scenario.truth.answers(node.subject, now + rtt / 2)
        return rtt if is_there and not is_lost else None

    def stored(self) -> list[Incident]:
        """The incidents that a monitor which starts must know."""
        newest = {incident.id: incident for _, incident in self.log.versions}
        return [
            incident
            for incident in newest.values()
            if incident.is_open or any(not told.resolved for told in incident.told.values())
        ]

    def _look_for_end(self) -> None:
        loop = asyncio.get_running_loop()
        is_open = any(incident.is_open for incident in self.stored())
        if loop.time() < self.scenario.ends_at + _CALM and is_open:
            loop.call_later(5, self._look_for_end)
        else:
            self._over.set()


class _Monitor:
    """What of the daemon there is to simulate, from a start to the moment when it is killed."""

    def __init__(self, simulation: _Simulation, *, experienced: bool) -> None:
        self.chance = simulation.chance
        self.fate = simulation.fate
        self.is_alive = True
        self._simulation = simulation
        self._loop = asyncio.get_running_loop()
        self._states = States()
        self._pipeline = Pipeline(Correlator(self._states.answered_at))
        self._hurry = Hurry(self._echo)
        self._sight = Sight()
        self._calms: dict[str, asyncio.TimerHandle] = {}
        self._step_at = math.inf
        self._begin_alerting()
        self._begin_probing(experienced=experienced)

    def kill(self) -> None:
        """From one moment to the next."""
        self.is_alive = False
        self._hurry.close()

    def _begin_alerting(self) -> None:
        now = at(self._loop.time())
        self._pipeline.load(Rules(Places(self._simulation.inventory)), lambda _incident, _person: "", now)
        faults = self._pipeline.correlator.faults
        down = [fact for fact in self._simulation.last.values() if fact.after is State.DOWN]
        outages = [faults.outage(fact.subject, fact.at, fact.noticed_at, fact.evidence) for fact in down]
        self._pipeline.remember(self._simulation.stored(), [fault for fault in outages if fault])
        for link in faults.flapping:
            self._calms[link] = self._loop.call_later(_FORGIVEN, self._is_calm, link)
        self._step_soon()

    def _is_calm(self, link: str) -> None:
        """Nothing has been heard of a flapping that a monitor before this one has seen begin."""
        if self.is_alive:
            self._pipeline.correlator.faults.flaps(link, at(self._loop.time()), is_flapping=False)
            self._step_soon()

    def _begin_probing(self, *, experienced: bool) -> None:
        scenario = self._simulation.scenario
        nodes = [*scenario.nodes, *([Node(("anchor", ANCHOR), "")] if scenario.has_anchor else [])]
        lines: dict[SubjectKey, Line] = {}
        echoes: dict[SubjectKey, Task] = {}
        plain: list[Task] = []
        for node in nodes:
            noun, name = node.subject
            subject = Subject(noun, name, node.site, "192.0.2.2")
            if noun == "device":
                echoes[node.subject] = Task(node.subject, subject, ProbeKind.ICMP, _ECHO_EVERY, TIMEOUT, _never)
            elif noun == "service":
                plain.append(Task(node.subject, subject, ProbeKind.ICMP, _FETCH_EVERY, _FETCH_WITHIN, _never))
            else:
                lines[node.subject] = Line(self, node, subject, experienced=experienced)
        probes = [(node.subject, node.subject, ProbeKind.ICMP) for node in nodes]
        now = at(self._loop.time())
        self._states.expect(self._simulation.inventory, probes, Because(now, now))
        self._hurry.load(self._simulation.inventory, lines, echoes)
        self._sight.expect(frozenset({ANCHOR} if scenario.has_anchor else ()))
        for task in (*echoes.values(), *plain):
            self._loop.call_later(self.chance.uniform(0, task.interval), self._steady, task)

    # Links

    def decided(self, subject: Subject, decision: Decision) -> None:
        """The detector of a link or anchor has decided something."""
        key: SubjectKey = (subject.kind, subject.id)
        faults = self._pipeline.correlator.faults
        now = self._loop.time()
        if subject.kind == "anchor" and (turn := self._sight.decided(subject.id, decision, Clocks(now, at(now)))):
            self._turn(turn)
        match decision:
            case Suspected():
                self._hurry.silent(key)
            case FlappingBegan() | FlappingEnded() if subject.kind == "link":
                if subject.id in self._calms:
                    self._calms.pop(subject.id).cancel()
                faults.flaps(subject.id, at(decision.at), is_flapping=isinstance(decision, FlappingBegan))
                self._step_soon()
            case StayedDown() if subject.kind == "link":
                faults.stays_down(subject.id)
                self._step_soon()
            case WentDown() | CameUp() | WentDegraded() | WentUnknown():
                noticed = at(decision.noticed_at)
                because = Because(at(decision.at), noticed, decision.uncertainty, decision.evidence)
                self._take(self._states.decide(key, decision.state, because))
            case _:
                pass

    def _turn(self, turn: Turn) -> None:
        """The monitor has become blind, or sees again."""
        now = at(self._loop.time())
        self._pipeline.correlator.faults.sees(turn.since, now, is_blind=turn.blind)
        self._take(self._states.watch(Because(turn.since, now), is_watched=not turn.blind))
        self._step_soon()

    # Devices and services

    def _steady(self, task: Task) -> None:
        if self.is_alive:
            late = self.chance.uniform(-JITTER / 2, JITTER / 2) * task.interval
            self._loop.call_later(task.interval + late, self._steady, task)
            self._send_echo(task, steady=True)

    async def _echo(self, task: Task) -> None:
        self._send_echo(task, steady=False)

    def _send_echo(self, task: Task, *, steady: bool) -> None:
        node = self._simulation.scenario.by_subject[task.subject.kind, task.subject.id]
        sent = self._loop.time()
        rtt = self.fate(node, sent)
        self._loop.call_later(task.patience if rtt is None else rtt, self._echoed, task, sent, rtt, steady)

    def _echoed(self, task: Task, sent: float, rtt: float | None, steady: bool) -> None:  # noqa: FBT001  # a callback
        if steady and rtt is None and self.is_alive:
            self._hurry.silent((task.subject.kind, task.subject.id))
        self.measured(task.subject, sent, rtt, task.fresh_for)

    def measured(self, subject: Subject, sent: float, rtt: float | None, fresh_for: float) -> None:
        """A probe has ended."""
        if not self.is_alive:
            return
        now = self._loop.time()
        outcome = Failure(Reason.TIMEOUT) if rtt is None else EchoReading(rtt)
        measurement = Measurement(subject, ProbeKind.ICMP, at(sent), now - sent, outcome)
        key = (subject.kind, subject.id)
        self._take(self._states.learn(key, measurement, now + fresh_for, now, at(now)))

    # Alerts

    def _take(self, changes: Sequence[Change]) -> None:
        for change in changes:
            fact = change.transition
            if fact is not None:
                self._simulation.last[fact.subject] = fact
                self._hurry.turned(fact)
                faults = self._pipeline.correlator.faults
                faults.changed(fact.subject, fact.after, fact.at, fact.noticed_at, fact.evidence)
                self._step_soon()

    def _step_soon(self) -> None:
        self._step_by(self._loop.time() + _TO_DISK)

    def _step_by(self, when: float) -> None:
        if when < self._step_at:
            self._step_at = when
            self._loop.call_at(when, self._step, when)

    def _step(self, planned: float) -> None:
        if planned != self._step_at or not self.is_alive:
            return  # it came earlier
        self._step_at = math.inf
        now, log = self._loop.time(), self._simulation.log
        step = self._pipeline.step(at(now))
        log.versions += [(now, incident) for incident in step.incidents]
        for notice in step.notices:
            about = (self._pipeline.find(name) for name in notice.incidents)
            log.heard.append(Heard(now, notice, tuple(incident for incident in about if incident)))
        if step.wake_at is not None:
            self._step_by(max((step.wake_at - BEGIN).total_seconds(), now + 0.01))


async def _never() -> Any:
    raise AssertionError("probes are only thought of")
