"""What is kept of a month is the month, to the last digit."""

import json
from dataclasses import replace

import pytest

from model.invalid import InvalidValueError
from model.verdict import Outcome
from reports.monthly import MONTHS
from reports.reckoning.keeping import document_of, month_of_document
from reports.reckoning.month import month_of
from reports.reckoning.past import MOST_IN_A_ROW, PastMonth, failing, past_of
from reports.reckoning.trends import Brief
from tests.reports.random_months import facts


@pytest.mark.parametrize("seed", range(12))
def test_a_month_comes_back_from_its_document(seed: int) -> None:
    """Through JSON, with its advice, in the same order; also a month of which nothing is known."""
    known, past = facts(seed, months=3), list[PastMonth]()
    for month in known.months:
        found = past_of(month_of(month, known.setting), past, with_advice=True)
        again = month_of_document(json.loads(json.dumps(document_of(found))))
        assert again == found
        assert list(again.verdicts) == list(found.verdicts)
        assert list(again.brief.busy) == list(found.brief.busy)
        past.append(found)


@pytest.mark.parametrize(
    "broken", [{}, {"links": ["a"], "busy": {}}, {"links": [], "busy": {"download": []}, "name": 1}]
)
def test_anything_else_is_refused(broken: dict[str, object]) -> None:
    """So that whoever reads it computes the month."""
    with pytest.raises(InvalidValueError, match="not what is kept"):
        month_of_document(broken)


@pytest.mark.parametrize(("months", "counted"), [(1, 1), (4, 4), (5, 5), (6, 5), (9, 5)])
def test_months_in_a_row_are_counted_as_the_review_after_it_counts_them(months: int, counted: int) -> None:
    """To five, which mean five or more: the next review looks back on one month fewer before this one."""
    bad = PastMonth(Brief("2026-10", None, (), {}), {"a-1": Outcome.BREACHED})
    good = replace(bad, verdicts={"a-1": Outcome.MET})
    known = [good, *[bad] * months][-MONTHS:]
    assert failing(known) == failing(known[1:] or known) == {"a-1": counted}
    assert failing([*known, good]) == {"a-1": 0}
    assert MOST_IN_A_ROW == MONTHS - 1
