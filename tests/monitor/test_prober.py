"""The main loop: one run is measured, counted, shown and remembered."""

from collections import Counter
from dataclasses import dataclass, field

from model.inventory import Inventory
from model.measurement import EchoReading, Failure, Measurement, Noun, ProbeKind, Reading, Reason, Subject
from model.state import State
from monitor.prober import Prober, Task
from monitor.states import States

INVENTORY = Inventory.model_validate({
    "sites": [{"id": "office", "links": [{"id": "one", "target": "icmp://192.0.2.1"}]}]
})
LINK = Subject("link", "one", "office", "192.0.2.1")


@dataclass
class Shown:
    """Notes what a picture and an account are told."""

    measurements: list[tuple[Measurement, float]] = field(default_factory=list)
    states: list[tuple[str, str, State]] = field(default_factory=list)
    runs: Counter[tuple[ProbeKind, str]] = field(default_factory=Counter)

    def record(self, measurement: Measurement, fresh_for: float, now: float) -> None:
        """One measurement is shown."""
        assert now > 0
        self.measurements.append((measurement, fresh_for))

    def set_state(self, kind: Noun, subject_id: str, state: State) -> None:
        """One state is shown."""
        self.states.append((kind, subject_id, state))

    def ran(self, kind: ProbeKind, outcome: str) -> None:
        """One run is counted."""
        self.runs[kind, outcome] += 1


def task_of(*outcomes: Reading | Failure) -> Task:
    """A task whose probe gives these outcomes, one after the other."""
    row = iter(outcomes)

    async def probe() -> Reading | Failure:
        return next(row)

    return Task("key", LINK, ProbeKind.ICMP, interval=1.0, patience=1.0, probe=probe)


def prober_of(task: Task) -> tuple[Prober, Shown]:
    """A prober that has taken one task, and what it shows."""
    states, shown = States(), Shown()
    states.expect(INVENTORY, [(("link", "one"), task.key, task.kind)])
    prober = Prober(states, shown, shown)
    prober.take([task])
    return prober, shown


async def test_one_run_goes_the_whole_way() -> None:
    """An answer is recorded with its freshness, counted as success, and brings link and site up."""
    task = task_of(EchoReading(0.01))
    prober, shown = prober_of(task)
    assert prober.waiting == 1
    measurement = await prober.run(task)
    assert measurement.outcome == EchoReading(0.01)
    assert measurement.at.tzinfo is not None
    assert shown.measurements == [(measurement, 3.2)]
    assert shown.runs == {(ProbeKind.ICMP, "success"): 1}
    assert shown.states == [("link", "one", State.UP), ("site", "office", State.UP)]
    assert prober.waiting == 0


async def test_states_are_told_on_the_edge_only() -> None:
    """Five silences after an answer make one change to down."""
    silence = Failure(Reason.TIMEOUT)
    task = task_of(EchoReading(0.01), *[silence] * 5)
    prober, shown = prober_of(task)
    for _ in range(6):
        await prober.run(task)
    assert [state for kind, _, state in shown.states if kind == "link"] == [State.UP, State.DOWN]
    assert shown.runs[ProbeKind.ICMP, "timeout"] == 5


async def test_a_reload_waits_only_for_what_is_new() -> None:
    """What has run before a reload is not waited for again."""
    task = task_of(EchoReading(0.01))
    prober, _ = prober_of(task)
    await prober.run(task)
    other = Task("other", LINK, ProbeKind.TCP, 1.0, 1.0, task.probe)
    prober.take([task, other])
    assert prober.waiting == 1
    prober.take([task])
    assert prober.waiting == 0
