"""When a device is unwell, and when that is no news."""

import pytest

from model.health import TRAITS, DeviceHealth, HealthReading, Measure
from model.health_rules import RULES, Finding, HealthJudge, Symptom
from model.incident import Severity

M = Measure


def told(*readings: tuple[Measure, str, float]) -> DeviceHealth:
    """One round."""
    return DeviceHealth("generic", readings=tuple(HealthReading(*each) for each in readings))


def after(judge: HealthJudge, rounds: int, *readings: tuple[Measure, str, float]) -> dict[Symptom, Finding]:
    """What is found after so many rounds that tell the same."""
    findings: list[Finding] = []
    for _ in range(rounds):
        findings = judge.judge(told(*readings))
    return {finding.symptom: finding for finding in findings}


def test_heat_is_told_after_five_rounds_and_over_after_five_cooler_ones() -> None:
    """By the limit that the device tells; what lies between the limit and 5 °C below it changes nothing."""
    judge, limit = HealthJudge(), (M.TEMPERATURE_LIMIT, "cpu", 70.0)
    assert after(judge, 4, (M.TEMPERATURE, "cpu", 71.0), limit)[Symptom.TEMPERATURE].is_ill is None
    found = after(judge, 1, (M.TEMPERATURE, "cpu", 72.5), limit)[Symptom.TEMPERATURE]
    assert found == Finding(Symptom.TEMPERATURE, True, Severity.WARNING, "cpu", 72.5, 70.0, "celsius")
    assert after(judge, 9, (M.TEMPERATURE, "cpu", 66.0), limit)[Symptom.TEMPERATURE].is_ill is True
    assert after(judge, 4, (M.TEMPERATURE, "cpu", 64.0), limit)[Symptom.TEMPERATURE].is_ill is True
    assert after(judge, 1, (M.TEMPERATURE, "cpu", 64.0), limit)[Symptom.TEMPERATURE].is_ill is False


@pytest.mark.parametrize(
    ("measure", "good", "bad", "symptom", "rounds"),
    [
        (M.TEMPERATURE, 84.0, 86.0, Symptom.TEMPERATURE, 5),
        (M.OPTICAL_TEMPERATURE, 79.0, 90.0, Symptom.TEMPERATURE, 5),
        (M.TEMPERATURE_OK, 1, 0, Symptom.TEMPERATURE, 3),
        (M.FAN_OK, 1, 0, Symptom.FAN, 3),
        (M.POWER_SUPPLY_OK, 1, 0, Symptom.POWER_SUPPLY, 3),
        (M.SYSTEM_OK, 1, 0, Symptom.SYSTEM, 3),
        (M.STORAGE_OK, 1, 0, Symptom.STORAGE, 3),
        (M.STORAGE, 0.9, 0.96, Symptom.STORAGE_FULL, 10),
        (M.CPU, 0.5, 0.99, Symptom.CPU, 15),
        (M.MEMORY, 0.5, 0.97, Symptom.MEMORY, 15),
        (M.OPTICAL_RX, -20.0, -28.0, Symptom.OPTICAL, 5),
        (M.UPS_ON_BATTERY, 0, 1, Symptom.ON_BATTERY, 2),
        (M.POE_OK, 1, 0, Symptom.POE, 3),
        (M.BGP_ESTABLISHED, 1, 0, Symptom.BGP, 3),
    ],
)
def test_every_symptom_needs_its_rounds(
    measure: Measure, good: float, bad: float, symptom: Symptom, rounds: int
) -> None:
    """One round too few is no news; the last one is."""
    judge = HealthJudge()
    after(judge, 15, (measure, "x", good))
    assert after(judge, rounds - 1, (measure, "x", bad))[symptom].is_ill is not True
    assert after(judge, 1, (measure, "x", bad))[symptom].is_ill is True
    after(judge, 15, (measure, "x", good if measure is not M.TEMPERATURE else 60.0))
    assert after(judge, 1, (measure, "x", good if measure is not M.TEMPERATURE else 60.0))[symptom].is_ill is False


@pytest.mark.parametrize(
    ("measure", "bad", "symptom"),
    [
        (M.POWER_SUPPLY_OK, 0.0, Symptom.POWER_SUPPLY),
        (M.FAN_OK, 0.0, Symptom.FAN),
        (M.OPTICAL_RX, -40.0, Symptom.OPTICAL),
        (M.STORAGE, 0.97, Symptom.STORAGE_FULL),
        (M.BGP_ESTABLISHED, 0.0, Symptom.BGP),
    ],
)
def test_what_has_never_been_well_is_no_news(measure: Measure, bad: float, symptom: Symptom) -> None:
    """A second power supply that was never plugged in, a port without light, a flash memory full from the factory."""
    assert after(HealthJudge(), 100, (measure, "x", bad))[symptom].is_ill is None


def test_one_busy_core_is_no_trouble() -> None:
    """The mean of all processors counts."""
    cores = [(M.CPU, f"cpu {number}", 1.0 if number == 1 else 0.2) for number in range(4)]
    assert after(HealthJudge(), 30, *cores)[Symptom.CPU].is_ill is False


def test_light_is_held_against_the_modules_own_limit() -> None:
    """One decibel above the least with which the module works."""
    judge, low = HealthJudge(), (M.OPTICAL_RX_LOW, "sfp1", -20.0)
    after(judge, 5, (M.OPTICAL_RX, "sfp1", -10.0), low)
    found = after(judge, 5, (M.OPTICAL_RX, "sfp1", -19.5), low)[Symptom.OPTICAL]
    assert (found.is_ill, found.value, found.threshold, found.unit) == (True, -19.5, -19.0, "dbm")


def test_a_battery_is_low_only_while_it_feeds() -> None:
    """At once and critical; on the mains again it is over at once, however empty the battery is."""
    judge = HealthJudge()
    on, off = (M.UPS_ON_BATTERY, "", 1.0), (M.UPS_ON_BATTERY, "", 0.0)
    assert after(judge, 1, off, (M.UPS_CHARGE, "", 0.2))[Symptom.BATTERY_LOW].is_ill is False
    found = after(judge, 1, on, (M.UPS_CHARGE, "", 0.2))[Symptom.BATTERY_LOW]
    assert (found.is_ill, found.severity, found.threshold) == (True, Severity.CRITICAL, 0.3)
    assert after(judge, 1, off, (M.UPS_CHARGE, "", 0.2))[Symptom.BATTERY_LOW].is_ill is False


def test_a_battery_that_empties_is_not_called_worn() -> None:
    """While it feeds, low is what a battery is to be."""
    judge = HealthJudge()
    after(judge, 5, (M.UPS_ON_BATTERY, "", 0.0), (M.UPS_BATTERY_OK, "", 1.0))
    found = after(judge, 9, (M.UPS_ON_BATTERY, "", 1.0), (M.UPS_BATTERY_OK, "", 0.0))
    assert found[Symptom.BATTERY].is_ill is False
    found = after(judge, 3, (M.UPS_ON_BATTERY, "", 0.0), (M.UPS_BATTERY_OK, "", 0.0))
    assert found[Symptom.BATTERY].is_ill is True


@pytest.mark.parametrize("is_known", [True, False])
def test_a_worn_battery_stays_worn_through_a_long_outage(is_known: bool) -> None:  # noqa: FBT001  # a parameter
    """Whatever it tells while it is drained, to a monitor that was started meanwhile too; the mains decide anew."""
    judge, worn = HealthJudge(), (M.UPS_BATTERY_OK, "", 0.0)
    if is_known:
        after(judge, 3, (M.UPS_ON_BATTERY, "", 0.0), worn)
    for _ in range(300):
        found = after(judge, 1, (M.UPS_ON_BATTERY, "", 1.0), worn)
        assert found[Symptom.BATTERY].is_ill is (True if is_known else None)
        assert Symptom.BATTERY not in judge.gone()
    found = after(judge, 3, (M.UPS_ON_BATTERY, "", 0.0), (M.UPS_BATTERY_OK, "", 1.0))
    assert found[Symptom.BATTERY].is_ill is False


def test_a_part_that_is_not_told_any_more_is_forgotten_in_time() -> None:
    """A fan that was replaced by one of another name does not stay broken for ever, nor is it well at once."""
    judge = HealthJudge()
    after(judge, 3, (M.FAN_OK, "old", 1), (M.FAN_OK, "new", 1))
    after(judge, 3, (M.FAN_OK, "old", 0), (M.FAN_OK, "new", 1))
    assert after(judge, 50, (M.FAN_OK, "new", 1))[Symptom.FAN].is_ill is True
    assert after(judge, 20, (M.FAN_OK, "new", 1))[Symptom.FAN].is_ill is False


def test_a_device_that_tells_nothing_has_no_symptom() -> None:
    """Absent is neither ill nor well."""
    assert HealthJudge().judge(told()) == []


def test_every_symptom_has_a_rule_and_every_threshold_can_be_measured() -> None:
    """No symptom that nothing can show; no threshold outside of what the measure can be."""
    assert {rule.symptom for rule in RULES} == set(Symptom)
    for rule in RULES:
        for threshold in (rule.above, rule.below):
            assert abs(threshold) == float("inf") or TRAITS[rule.measure].low <= threshold <= TRAITS[rule.measure].high
