"""Months at random, reviewed once for all oracles."""

import os

import pytest

from reports.monthly import MonthlyReport
from reports.review import review
from reports.sections.links import LinkRow
from tests.reports.cells import Cells, Clock, each
from tests.reports.random_months import facts

CHOSEN = (2, 6, 8, 11, 13)
"""Five clocks, and between them all that makes accounting hard."""
WANTED = os.environ.get("LINKWARD_MONTHS")
SEEDS = range(int(WANTED)) if WANTED else CHOSEN
"""Each is another month; a hundred were tried, and take ten minutes."""


@pytest.fixture(params=SEEDS, scope="session")
def month(request: pytest.FixtureRequest) -> tuple[MonthlyReport, Clock]:
    """A month at random, reviewed, and its clock."""
    given = facts(request.param)
    return review(given), Clock(given, given.months[-1])


@pytest.fixture(scope="session")
def links(month: tuple[MonthlyReport, Clock]) -> list[tuple[LinkRow, Cells]]:
    """Each link beside its cells."""
    report, clock = month
    cells = each(clock.month.links, clock, "link")
    assert [row.id for row in report.links] == [one.facts.id for one in cells]
    return list(zip(report.links, cells, strict=True))
