"""How often verdicts on speed err, and how many tests they take, by simulation."""

import random
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from model.evidence import decide
from model.judge import SLOWER_TESTS
from model.mean_speed import MeanSpeed, mean_speed
from model.sequential import BEGINNING
from model.verdict import Outcome

_MOST: Final = 10_000  # results after which a sequential test has long decided


@dataclass(frozen=True, slots=True)
class Sequential:
    """Lines that are tested until the first decision.

    Attributes:
        share: Of the tests that fall short.
        accused: Share of the lines.
        tests: Mean number until the decision.
    """

    share: float
    accused: float
    tests: float


def sequential(share: float, lines: int, seed: int) -> Sequential:
    """So many lines of one kind."""
    dice, counts, accused = random.Random(seed), [], 0  # noqa: S311  # draws results, guards nothing
    for _ in range(lines):
        state, n = BEGINNING, 0
        while state.outcome is Outcome.UNKNOWN and n < _MOST:
            state, n = state.after(short=dice.random() < share), n + 1
        counts.append(n)
        accused += state.outcome is Outcome.BREACHED
    return Sequential(share, accused / lines, fmean(counts))


def false_alarms_a_year(share: float, per_day: int, years: int, seed: int) -> float:
    """Alarms that begin on a line of which such a share of the tests falls short, each year of tests without an end."""
    dice, state, alarms = random.Random(seed), BEGINNING, 0  # noqa: S311  # as above
    for _ in range(round(365.25 * per_day * years)):
        after = state.after(short=dice.random() < share)
        alarms += after.outcome is Outcome.BREACHED and state.outcome is not Outcome.BREACHED
        state = after
    return alarms / years


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a month's verdict on lines of one kind.

    Attributes:
        met: Share of the lines.
        breached: Share of the lines.
    """

    met: float
    breached: float


def by_mean(level: float, months: int, seed: int, *, days: int = 30) -> Form:
    """Months of two tests a day, their true mean this share of the limit; days vary by 10 %, tests by 5 %."""
    outcomes = [_month(level, seed * months + number, days).against(1.0) for number in range(months)]
    return Form(outcomes.count(Outcome.MET) / months, outcomes.count(Outcome.BREACHED) / months)


def by_share(short: float, months: int, seed: int, *, tests: int = 60) -> Form:
    """Months of 60 tests of which each falls short with this chance, against 20 %."""
    dice = random.Random(seed)  # noqa: S311  # as above
    bad = (sum(dice.random() < short for _ in range(tests)) for _ in range(months))
    outcomes = [decide(one, tests, SLOWER_TESTS) for one in bad]
    return Form(outcomes.count(Outcome.MET) / months, outcomes.count(Outcome.BREACHED) / months)


def _month(level: float, seed: int, days: int) -> MeanSpeed:
    dice = random.Random(seed)  # noqa: S311  # as above
    drawn = []
    for _ in range(days):
        day = dice.gauss(level, 0.10 * level)
        drawn.append([dice.gauss(day, 0.05 * level) for _ in range(2)])
    found = mean_speed(drawn)
    assert found is not None
    return found
