"""From the cut of a line to the message about it, beside Prometheus and Alertmanager; and a storm of transitions."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bench.alert_stack import INTERVAL
from bench.alerting import Told, played
from bench.figures import Figure, Findings, Goal, percentile
from bench.outages import Course
from bench.scenario import Scenario
from bench.storm import Storm, storm
from bench.told import Tally

_IN_TIME, _NONE, _ONE = Goal(5.0), Goal(0), Goal(1)
_CPU, _MEMORY = Goal(30.0), Goal(100.0)
_BESIDE: Final = "Prometheus"
_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Size:
    """How much.

    Attributes:
        course: What happens to each simulated ward.
        wards: So many of them, side by side, each with its own daemon.
        sites: Of each.
        beside: Whether the same links are watched by Prometheus.
        city: Sites of the city in the storm.
        storm: Its links that go down and up.
    """

    course: Course
    wards: int
    sites: int
    beside: bool
    city: int
    storm: int


async def measure(size: Size) -> Findings:
    """The storm first, in a process that has seen nothing; then the cuts."""
    apart, shared = storm(size.city, size.storm, None), storm(size.city, size.storm, 4)
    told = await played(size.course, size.wards, size.sites, beside=size.beside)
    figures = (*_of_cuts(told), *_of_commons(told), *_of_storms(apart, shared))
    return Findings(figures, tuple(_notes(size, told, apart, shared)))


def _of_cuts(told: Told) -> Iterator[Figure]:
    ours, fast = told.ours, told.fast
    if not ours.singles:
        return
    for what, share, goal in (("p50", 0.5, None), ("p99", 0.99, None), ("longest", 1.0, _IN_TIME)):
        value = percentile(ours.singles, share)
        other = percentile(fast.singles, share) if fast else None
        yield Figure(f"from a cut to the message, {what}", value, "s", other, _BESIDE if fast else "", goal)
    yield Figure("from a cut to the message, mean", _mean(ours.singles), "s", *_beside(told.fast))
    if told.usual and not _missing(told.usual.singles):
        usual = _beside(told.usual)
        yield Figure("the same beside a group_wait of 30 s, mean", _mean(ours.singles), "s", *usual)
    yield Figure("cuts that were not told", _missing([*ours.singles, *ours.commons]), "", goal=_NONE)
    yield Figure("cuts whose end was not told", ours.not_over, "", goal=_NONE)
    false = float(len(fast.false_alarms)) if fast else None
    yield Figure("false alarms", len(ours.false_alarms), "", false, _BESIDE if fast else "", _NONE)


def _beside(tally: Tally | None) -> tuple[float | None, str]:
    return (_mean(tally.singles), _BESIDE) if tally else (None, "")


def _of_commons(told: Told) -> Iterator[Figure]:
    """More than one message is too many; that there was one says the figure of what was not told."""
    ours, fast = told.ours, told.fast
    if not ours.commons:
        return
    most = float(max(fast.messages)) if fast else None
    what = "from the cut of all points by one cause to the message, longest"
    yield Figure(what, max(ours.commons), "s", max(fast.commons) if fast else None, _BESIDE if fast else "", _IN_TIME)
    yield Figure("messages about such a cut, most", max(ours.messages), "", most, _BESIDE if fast else "", _ONE)


def _of_storms(apart: Storm, shared: Storm) -> Iterator[Figure]:
    name = f"{apart.transitions:,} transitions in a minute"
    yield Figure(f"{name}: incidents told wrongly", apart.wrong + shared.wrong, "", goal=_NONE)
    yield Figure(f"{name}: cuts not told once", apart.transitions / 2 - _once(apart), "", goal=_NONE)
    yield Figure(f"{name}: CPU", apart.cpu, "s", goal=_CPU)
    yield Figure(f"{name}: CPU, four providers", shared.cpu, "s", goal=_CPU)
    yield Figure(f"{name}: memory that they took", max(apart.grown, 0.0), "MB", goal=_MEMORY)
    yield Figure(f"{name}: until one is looked at, longest", apart.latest, "s")
    yield Figure(f"{name}: messages, four providers", shared.messages, "")


def _once(found: Storm) -> int:
    return sum(number == 1 for number in found.told.values())


def _missing(delays: Sequence[float]) -> int:
    return sum(map(math.isinf, delays))


def _not_told(tally: Tally) -> str:
    return f"{_missing(tally.singles)} and {_missing(tally.commons)}"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _notes(size: Size, told: Told, apart: Storm, shared: Storm) -> Iterator[str]:
    ours = told.ours
    yield (
        f"{len(ours.singles)} cuts of single links at random phase and {len(ours.commons)} of all points at once, in "
        f"{size.wards} wards of {size.sites} sites side by side, each with its daemon"
    )
    yield (
        f"storm: {apart.transitions // 2:,} links of {size.city:,} sites; each by itself {apart.messages:,} messages, "
        f"of four providers {shared.messages:,}"
    )
    for alarm in ours.false_alarms[:_SHOWN]:
        yield f"a false alarm at {alarm.at:.1f} s: {' '.join(sorted(alarm.about)) or 'of no link or device'}"
    if told.cannot:
        yield f"without Prometheus beside it: {told.cannot}"
    if told.fast and told.usual:
        yield (
            f"Prometheus: intervals of {INTERVAL}, for: 0s, group_wait: 0s; single cuts and cuts of all points "
            f"not told: {_not_told(told.fast)}; after a group_wait of 30 s: {_not_told(told.usual)}"
        )


ALERTS: Final = Scenario(
    "alerts",
    "alerts, from the cut to the webhook",
    measure,
    Size(Course(12.0, 2, 41, 16.0, 45.0), wards=5, sites=41, beside=True, city=1_700, storm=5_000),
    Size(Course(8.0, 1, 6, 16.0, 16.0), wards=1, sites=41, beside=True, city=340, storm=1_000),
    patience=700.0,
)
