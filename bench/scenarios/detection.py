"""How fast a cut is noticed, and how often there is a false alarm: years of a link in simulated time."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench.detection import Simulation, line_of, noticed_after
from bench.false_alarms import PACE, Chain, chance_of_alarm, count, per_thousand_link_years
from bench.figures import Figure, Findings, Goal, percentile
from bench.meter import own_cpu
from bench.scenario import Scenario
from model.confirmation import YEAR, Plan, plan_for
from model.detection import Detector
from model.loss import LossMemory
from model.probing import Pace

LOSSES: Final = tuple(Chain(loss) for loss in (0.001, 0.01, 0.02, 0.05, 0.1))
BURSTS: Final = tuple(Chain(0.01, burst) for burst in (0.05, 0.1, 0.2, 0.5))
SLOWER: Final = (2.0, 5.0)

_NOTICED: Final = Goal(4.5)
_FALSE_ALARMS: Final = Goal(1.0)
_PROMISED_UP_TO: Final = 0.02
_WAKES_LATE: Final = 0.002
_CPU: Final = Goal(15.0)
_HOUR: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much.

    Attributes:
        links: Links of each kind.
        hours: For which each learns its own loss before it is measured.
        cuts: Of all links of one kind.
        probes: Steady probes among which false alarms are counted, of all links of one kind.
        rows: Rows of losses played through the real core, for each link.
    """

    links: int
    hours: float
    cuts: int
    probes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Kind:
    """What links of one kind came to.

    Attributes:
        chain: How they lose probes.
        noticed: Seconds from each cut to its notice.
        plans: What each had learned to need.
        expected: False alarms per 1,000 link-years, from the real core.
        counted: False alarms among the probes.
    """

    chain: Chain
    noticed: list[float]
    plans: list[Plan]
    expected: float
    counted: int


async def measure(size: Size) -> Findings:
    """Let links learn, cut them, count what chance does to them."""
    kinds = [_measure_kind(chain, size) for chain in (*LOSSES, *BURSTS)]
    figures = (
        *(figure for kind in kinds for figure in _times(kind)),
        *(_slower(interval, size) for interval in SLOWER),
        *(figure for kind in kinds for figure in _alarms(kind)),
        *(_unlearned(chain, size) for chain in BURSTS),
        Figure("CPU of the decision core, for each probe", _cpu_of_a_probe(size), "µs", goal=_CPU),
    )
    return Findings(figures, tuple(_notes(kinds, size)))


def _measure_kind(chain: Chain, size: Size) -> Kind:
    links = [_learned(chain, PACE, size.hours, seed) for seed in range(size.links)]
    plans = [plan_for(link.detector.memory, PACE.interval) for link in links]
    chances = [chance_of_alarm(plan, chain, size.rows, seed) for seed, plan in enumerate(plans)]
    counted = sum(count(size.probes // size.links, plan, chain, seed) for seed, plan in enumerate(plans))
    noticed = [after for link in links for after in noticed_after(link, size.cuts // size.links)]
    return Kind(chain, noticed, plans, per_thousand_link_years(chances, chain.loss), counted)


def _learned(chain: Chain, pace: Pace, hours: float, seed: int) -> Simulation:
    """A link that has been watched for so long."""
    dice = random.Random(seed)  # noqa: S311  # draws loss, guards nothing
    line = line_of(chain.loss, chain.burst, dice)
    simulation = Simulation(Detector(pace), pace, line, dice, lag=_WAKES_LATE)
    for _ in simulation.until(hours * _HOUR):
        pass
    return simulation


def _times(kind: Kind) -> Iterator[Figure]:
    promised = kind.chain.burst is None and kind.chain.loss <= _PROMISED_UP_TO
    label = f"cut noticed after, {_label(kind.chain)}"
    yield Figure(f"{label}, mean", sum(kind.noticed) / len(kind.noticed), "s")
    yield Figure(f"{label}, p99", percentile(kind.noticed, 0.99), "s")
    yield Figure(f"{label}, longest", max(kind.noticed), "s", goal=_NOTICED if promised else None)


def _slower(interval: float, size: Size) -> Figure:
    link = _learned(Chain(0.01), Pace(interval, PACE.timeout), size.hours, seed=0)
    return Figure(f"cut noticed after, probed each {interval:g} s, longest", max(noticed_after(link, size.cuts)), "s")


def _alarms(kind: Kind) -> Iterator[Figure]:
    promised = kind.chain.burst is None and kind.chain.loss <= _PROMISED_UP_TO
    label = f"false alarms per 1,000 link-years, {_label(kind.chain)}"
    yield Figure(label, kind.expected, "", goal=_FALSE_ALARMS if promised else None)
    yield Figure(f"false alarms counted, {_label(kind.chain)}", kind.counted, "")


def _unlearned(chain: Chain, size: Size) -> Figure:
    """On a link of which nothing is known yet."""
    chance = chance_of_alarm(plan_for(LossMemory(), PACE.interval), chain, size.rows * size.links, seed=0)
    what = f"false alarms per 1,000 link-years, {_label(chain)}, before that is learned"
    return Figure(what, per_thousand_link_years([chance], chain.loss), "")


def _label(chain: Chain) -> str:
    share = f"{chain.loss * 100:g} % loss"
    return share if chain.burst is None else f"{share} in bursts of {chain.burst * 1e3:g} ms"


def _cpu_of_a_probe(size: Size) -> float:
    """Microseconds of a probe that is answered: sent, answered, and woken once in vain."""
    detector, probes = Detector(PACE, LossMemory()), size.cuts * 10
    before = own_cpu()
    for number in range(probes):
        probe = detector.sent(float(number), 0)
        _ = detector.wake_at
        detector.answered(probe, number + 0.005, 0.005)
        _ = detector.wake_at
        detector.tick(number + 0.15)
    return (own_cpu() - before) / probes * 1e6


def _notes(kinds: list[Kind], size: Size) -> Iterator[str]:
    years = size.probes * PACE.interval / YEAR
    yield (
        f"{size.cuts:,} cuts at random phase of each kind; {size.probes:,} steady probes of each, which are "
        f"{years:.3g} link-years; {size.hours:g} h to learn the loss"
    )
    for kind in kinds:
        plans = ", ".join(sorted({f"{plan.silences} silences over {plan.span:.2f} s" for plan in kind.plans}))
        yield f"{_label(kind.chain)}: {plans}"


DETECTION: Final = Scenario(
    "detection",
    "outages noticed, and false alarms, in simulated time",
    measure,
    Size(links=4, hours=10, cuts=2_000, probes=1_000_000_000, rows=500),
    Size(links=2, hours=3, cuts=400, probes=100_000_000, rows=200),
)
