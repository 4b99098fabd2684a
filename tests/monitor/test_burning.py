"""Which of the burn rules is broken, by the rates that are shown."""

import pytest

from model.incident import Severity
from monitor.burning import burning

HOUR = 3_600.0


@pytest.mark.parametrize(
    ("rates", "severity", "hours"),
    [
        ({HOUR: 20.0, HOUR / 12: 15.0}, Severity.CRITICAL, 1.0),
        ({6 * HOUR: 7.0, HOUR / 2: 7.0}, Severity.CRITICAL, 6.0),
        ({24 * HOUR: 3.0, 2 * HOUR: 3.0}, Severity.WARNING, 24.0),
        ({72 * HOUR: 1.5, 6 * HOUR: 1.5}, Severity.WARNING, 72.0),
        ({HOUR: 20.0, HOUR / 12: 15.0, 72 * HOUR: 2.0, 6 * HOUR: 2.0}, Severity.CRITICAL, 1.0),
    ],
)
def test_the_gravest_rule_that_is_broken_counts(
    rates: dict[float, float | None], severity: Severity, hours: float
) -> None:
    """With its window and the rate over it."""
    found, evidence = burning(rates)
    assert found is severity
    assert evidence == {"rate": rates[hours * HOUR], "hours": hours}


@pytest.mark.parametrize(
    "rates",
    [
        {},
        {HOUR: 20.0, HOUR / 12: 1.0},
        {HOUR: 14.3, HOUR / 12: 20.0},
        {HOUR: None, HOUR / 12: 20.0},
        {HOUR: 20.0, HOUR / 12: None},
    ],
)
def test_what_is_not_known_to_burn_does_not(rates: dict[float, float | None]) -> None:
    """Both windows must burn, and be known."""
    assert burning(rates) == (None, {})
