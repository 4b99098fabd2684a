import asyncio
import json
from dataclasses import replace

import pytest

from bench.figures import CannotRunError, Findings, Verdict
from bench.outages import Course
from bench.scenario import Scenario
from bench.scenarios import (
    SCENARIOS,
    alerts,
    city,
    detection,
    exposition,
    links,
    probes,
    report,
    rtt,
    snmp,
    speed,
    traps,
    ward,
)
from bench.worker import measured, measured_apart
from model.inventory import Inventory

TINY = {
    "snmp": snmp.Size(devices=2, slow_devices=1, repetitions=1),
    "probes": probes.Size(subjects=3, repetitions=1),
    "links": links.Size(links=3, seconds=2.0),
    "exposition": exposition.Size(samples=2_000, repetitions=1, calm=0.5),
    "rtt": rtt.Size(devices=5, seconds=6.0),
    "ward": ward.Size(sites=2, starts=1, seconds=1.0),
    "detection": detection.Size(links=1, hours=0.1, cuts=5, probes=10_000, rows=5),
    "alerts": alerts.Size(Course(1.5, 0, 1, 0.0, 5.0, recovery=0.0), wards=1, sites=2, beside=False, city=10, storm=30),
    "speed": speed.Size(seconds=1.0, megabits=(), shares=(), lines=50, months=5),
    "report": report.Size(wards=2, months=1, sites=2),
    "traps": traps.Size(devices=30, seconds=0.5, sources=100),
    "city": city.Size(devices=10, interval=1.0, settle=0.1, window=2.0),
}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_each_scenario_measures_something_in_a_tiny_form(scenario: Scenario[object]) -> None:
    """At the smallest size each gives figures above zero, and says nothing of failures."""
    tiny = replace(scenario, quick=TINY[scenario.name])
    result = await measured(tiny, quick=True)
    assert result.cannot_run is None
    assert result.findings.figures
    assert not [note for note in result.findings.notes if "could not be measured" in note or "failed:" in note]
    assert not [figure.what for figure in result.findings.figures if figure.value < 0]


def test_names_are_unique_and_quick_is_no_larger_than_full() -> None:
    """``--only`` means one scenario; ``--quick`` measures less, never more."""
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)
    for scenario in SCENARIOS:
        assert scenario.patience > 0
        assert scenario.quick != scenario.full


async def test_a_scenario_that_cannot_run_gives_its_reason() -> None:
    """The reason becomes part of the result instead of ending the bench."""

    async def measure(_size: int) -> Findings:
        raise CannotRunError("no such thing here")

    result = await measured(Scenario("x", "X", measure, 1, 0), quick=True)
    assert result.cannot_run == "no such thing here"
    assert result.findings.figures == ()


async def test_a_scenario_that_breaks_apart_is_a_reason_too() -> None:
    """A worker that dies tells its last line and takes nothing else with it."""
    unknown = replace(city.CITY_POLLING, name="no-such-scenario")
    result = await measured_apart(unknown, quick=True)
    assert result.cannot_run
    assert "StopIteration" in result.cannot_run


async def test_a_scenario_that_does_not_end_is_ended() -> None:
    """After its patience it is a reason, and the bench goes on."""
    result = await measured_apart(replace(city.CITY_POLLING, patience=0.5), quick=False)
    assert result.cannot_run == "it did not end within 0.5 s"


def test_a_page_is_complete_when_every_subject_is_told_of() -> None:
    """Facts, state and outcome of each; and what was read, where something answered."""
    inventory = Inventory.model_validate({
        "ward": {"id": "w"},
        "sites": [{"id": "a", "links": [{"id": "l", "target": "icmp://127.0.0.1"}]}],
    })
    site = 'linkward_site_info{site="a"} 1\nlinkward_site_state{site="a",state="up"} 1\n'
    link = 'linkward_link_info{link="l",site="a"} 1\nlinkward_link_state{link="l",site="a",state="up"} 1\n'
    assert ward.incomplete("", inventory) == {("site", "a"), ("link", "l")}
    assert ward.incomplete(site + link, inventory) == {("link", "l")}
    silent = site + link + 'probe_success{instance="x",link="l",site="a",probe="icmp"} 0\n'
    assert ward.incomplete(silent, inventory) == set()
    answered = silent.replace("} 0", "} 1")
    assert ward.incomplete(answered, inventory) == {("link", "l")}
    counted = 'linkward_link_rtt_seconds_count{link="l",site="a"} 3\nlinkward_link_probes_total{link="l",site="a"} 3\n'
    assert ward.incomplete(answered + counted, inventory) == set()


async def test_the_worker_prints_one_line_of_json() -> None:
    """What the bench reads from its worker is what the scenario found."""
    result = await asyncio.wait_for(measured_apart(exposition.EXPOSITION, quick=True), 100)
    assert json.dumps(result.cannot_run) == "null"
    assert any(figure.verdict is not Verdict.NO_GOAL for figure in result.findings.figures)
