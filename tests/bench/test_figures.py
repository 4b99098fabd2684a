import json

import pytest

from bench.figures import Figure, Findings, Goal, Result, Verdict, as_json, from_json, percentile


def test_a_goal_in_the_figures_own_unit_is_met_up_to_and_with_its_limit() -> None:
    """At the limit a goal is met, above it is missed."""
    assert Figure("x", 0.6, "µs", goal=Goal(0.6)).verdict is Verdict.MET
    assert Figure("x", 0.61, "µs", goal=Goal(0.6)).verdict is Verdict.MISSED


def test_a_goal_against_a_reference_is_judged_by_the_ratio() -> None:
    """One sixth of the reference is met by what costs less than that and missed by what costs more."""
    assert Figure("x", 1.0, "ms", reference=6.5, goal=Goal.share(6)).verdict is Verdict.MET
    assert Figure("x", 1.0, "ms", reference=5.5, goal=Goal.share(6)).verdict is Verdict.MISSED


def test_a_goal_against_a_missing_reference_is_unknown() -> None:
    """Without the other exporter nothing is claimed."""
    figure = Figure("x", 1.0, "ms", goal=Goal.share(6))
    assert figure.share is None
    assert figure.verdict is Verdict.UNKNOWN


def test_without_a_goal_there_is_no_verdict() -> None:
    """A figure that promises nothing is neither met nor missed."""
    assert Figure("x", 1.0, "ms", reference=2.0).verdict is Verdict.NO_GOAL


def test_a_result_survives_the_way_between_processes() -> None:
    """What a worker prints is what the report gets."""
    figures = (Figure("a", 1.5, "ms", 9.0, "snmp_exporter", Goal.share(6)), Figure("b", 2.0, "MB"))
    result = Result("snmp", "SNMP", 1.5, Findings(figures, ("a note",)), None)
    assert from_json(json.loads(json.dumps(as_json(result)))) == result


@pytest.mark.parametrize(("share", "expected"), [(0.5, 2.0), (0.99, 4.0), (0.0, 1.0), (0.75, 3.0)])
def test_a_percentile_is_a_measured_value(share: float, expected: float) -> None:
    """Nearest rank: never a number between two that were measured."""
    assert percentile([4.0, 1.0, 3.0, 2.0], share) == expected


def test_no_values_have_no_percentile() -> None:
    """Absent, never zero."""
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)
