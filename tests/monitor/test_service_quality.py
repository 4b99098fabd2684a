"""Services are held against what they must deliver: how long they take, and how often they fail."""

from datetime import UTC, datetime
from typing import Any

import pytest

from model.inventory import Inventory
from model.measurement import Failure, HttpReading, Measurement, ProbeKind, Reason, Subject
from model.verdict import Outcome, Quality
from monitor.service_quality import ServiceQuality

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ANSWER = HttpReading({}, 200, 1.1, 0, None, 0, "192.0.2.1")


def inventory(**service: Any) -> Inventory:
    """One page that must be there within a second for 95 % of all, asked each second."""
    return Inventory.model_validate({
        "requirements": {"page": {"rtt_p95": "1s", "loss": "10%", "window": "2m"}},
        "sites": [
            {
                "id": "office",
                "services": [{"id": "page", "url": "http://192.0.2.1/", "interval": "1s", "timeout": "1s", **service}],
            }
        ],
    })


def judged(*rows: tuple[float, HttpReading | Failure], times: int = 120) -> dict[Quality, Outcome]:
    """The verdicts after so many runs, which take these seconds and give these outcomes in turn."""
    quality = ServiceQuality()
    quality.load(inventory(requirement="page"))
    for second in range(times):
        seconds, outcome = rows[second % len(rows)]
        subject = Subject("service", "page", "office", "http://192.0.2.1/")
        quality.took(Measurement(subject, ProbeKind.HTTP, NOON, seconds, outcome), float(second))
    result = quality.judge("page", times + 1.0, NOON, lambda _subject: None, is_up=True)
    assert result is not None
    return {verdict.requirement: verdict.outcome for verdict in result.verdicts}


def test_a_quick_page_meets_what_is_required() -> None:
    """A tenth of a second each time."""
    assert judged((0.1, ANSWER)) == {Quality.RTT: Outcome.MET, Quality.LOSS: Outcome.MET}


def test_a_slow_page_breaches_it() -> None:
    """Two seconds each time are more than one, and nothing is lost."""
    assert judged((2.0, ANSWER)) == {Quality.RTT: Outcome.BREACHED, Quality.LOSS: Outcome.MET}


def test_a_page_that_answers_wrongly_counts_as_lost() -> None:
    """Whoever gets an error in half of the cases is not served, however quick it is."""
    assert judged((0.1, ANSWER), (0.1, Failure(Reason.STATUS)))[Quality.LOSS] is Outcome.BREACHED


def test_our_own_faults_say_nothing() -> None:
    """What this machine could not ask is no failure of the service."""
    assert set(judged((0.1, Failure(Reason.LOCAL))).values()) == {Outcome.UNKNOWN}


@pytest.mark.parametrize("service", [{}, {"requirement": "page"}])
def test_only_what_must_keep_something_is_judged(service: dict[str, str]) -> None:
    """A service without a requirement has no verdict."""
    quality = ServiceQuality()
    quality.load(inventory(**service))
    assert quality.services() == (["page"] if service else [])
    assert quality.judge("another", 1.0, NOON, lambda _subject: None, is_up=True) is None
