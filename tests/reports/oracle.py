"""What the oracles of the review have in common: figures that are compared, and what held at a time."""

from itertools import pairwise

import numpy as np
import pytest

from model.intervals import moment
from model.requirement import Requirement
from model.verdict import Outcome
from reports.facts import Measured
from tests.reports.cells import Cells, Mask
from tests.reports.random_months import STEP


def near(found: float | None, expected: float | None) -> bool:
    """Equal, but for the last digits."""
    return (
        found == expected if found is None or expected is None else found == pytest.approx(expected, rel=1e-9, abs=1e-9)
    )


def ratio(part: float, whole: float) -> float | None:
    """None of nothing."""
    return part / whole if whole > 0 else None


def version(cells: Cells, requirement: Requirement | None, at: int) -> Requirement | None:
    """What was required at a time."""
    return requirement and requirement.at(moment(at).astimezone(cells.clock.facts.setting.zone))


def versions(cells: Cells) -> list[tuple[Mask, Requirement | None]]:
    """The stretches of the month in each of which one version of the requirement held."""
    zone = cells.clock.facts.setting.zone
    day_of = cells.clock.by_minute((one[2].toordinal() for one in cells.clock.minutes), np.int64)
    found = []
    for number, term in enumerate(cells.facts.terms):
        if term.held is None:
            continue
        requirement = term.held.requirement
        days = [change.start.toordinal() for change in requirement.changes] if requirement else []
        edges = [0, *days, 10**7]
        for start, end in pairwise(edges):
            mask = (cells.held == number) & (day_of >= start) & (day_of < end)
            if mask.any():
                at = moment(cells.clock.at(int(np.flatnonzero(mask)[0]))).astimezone(zone)
                found.append((mask, requirement.at(at) if requirement else None))
    return found


def dark_probes(piece: Measured, cells: Cells) -> int:
    """As many of the lost as the dark time of a piece holds at its pace."""
    clock = cells.clock
    first = (piece.span.start - clock.month.span.start) // STEP
    dark = cells.dark[first : first + (piece.span.end - piece.span.start) // STEP].sum() * STEP
    return min(piece.lost, round(int(dark) * piece.sent / piece.covered))


def outcome_of(down: float, unknown: float, tolerated: float) -> Outcome:
    """Met whatever happened, breached whatever happened, or nobody knows."""
    if down + unknown <= tolerated + 1e-6:
        return Outcome.MET
    return Outcome.BREACHED if down > tolerated + 1e-6 else Outcome.UNKNOWN
