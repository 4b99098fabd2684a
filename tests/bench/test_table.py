import io

import pytest
from rich.console import Console

from bench.figures import Figure, Findings, Goal, Result
from bench.table import amount, goal_text, ratio, report, summary


def printed(*results: Result) -> str:
    """The report as text."""
    out = io.StringIO()
    Console(file=out, width=150).print(report(results))
    return out.getvalue()


def test_a_missed_goal_is_shown_as_missed() -> None:
    """A figure beyond its goal stands in the table with the word, and by name in the last line."""
    text = printed(Result("city", "A city", 9.0, Findings((Figure("CPU", 0.3, "core", goal=Goal(0.25)),))))
    line = next(line for line in text.splitlines() if "CPU" in line)
    assert "0.3 core" in line
    assert "≤ 0.25 core" in line
    assert "missed" in line
    assert "0 of 1 goals met; missed: city: CPU" in text


def test_a_reference_is_shown_with_its_name_and_ratio() -> None:
    """The other program's figure and how many times ours goes into it."""
    figure = Figure("a poll", 0.5, "ms", 4.0, "snmp_exporter 0.21.0", Goal.share(6))
    text = printed(Result("snmp", "SNMP", 1.0, Findings((figure,))))
    assert "4 ms snmp_exporter 0.21.0" in text
    assert "1/8" in text
    assert "≤ 1/6" in text
    assert "1 of 1 goals met" in text


def test_a_scenario_that_cannot_run_says_why() -> None:
    """The reason stands in the report, not a zero."""
    text = printed(Result("icmp", "ICMP", 0.0, cannot_run="no permission for raw sockets"))
    assert "icmp cannot run: no permission for raw sockets" in text


def test_notes_are_printed() -> None:
    """What a reader must know stands below the table."""
    assert "city: scaled down" in printed(Result("city", "A city", 1.0, Findings((), ("scaled down",))))


def test_a_goal_without_its_reference_is_named_as_unknown() -> None:
    """It counts as not met, and the last line says which it is."""
    figure = Figure("an echo", 0.1, "ms", goal=Goal.share(15))
    assert summary([Result("icmp", "", 1.0, Findings((figure,)))]) == "0 of 1 goals met; unknown: icmp: an echo"


@pytest.mark.parametrize(("value", "text"), [(0.01234, "0.0123"), (12.34, "12.3"), (1234.5, "1,234"), (100.0, "100")])
def test_amounts_have_three_digits_that_mean_something(value: float, text: str) -> None:
    """Neither noise nor loss."""
    assert amount(value) == text


def test_a_ratio_is_said_as_people_say_it() -> None:
    """A part below one, a plain number above, nothing without a reference."""
    assert (ratio(0.125), ratio(1.5), ratio(None)) == ("1/8", "1.5", "")
    assert goal_text(None, "ms") == ""
