"""When a device is unwell: from rounds of readings to symptoms, by defaults that do not cry wolf. Pure.

Each symptom needs several rounds in a row, and ends only after several good ones, below another threshold. What has
never been well since we look (a power supply that was never plugged in, a port without light) is no news.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Final

from model.health import TRAITS, DeviceHealth, HealthReading, Measure
from model.incident import Severity
from model.streak import Streak


class Symptom(StrEnum):
    """What can be wrong with a device: the requirement of a DeviceUnhealthy."""

    TEMPERATURE = "temperature"
    FAN = "fan"
    POWER_SUPPLY = "power_supply"
    SYSTEM = "system"
    STORAGE = "storage"
    STORAGE_FULL = "storage_full"
    CPU = "cpu"
    MEMORY = "memory"
    OPTICAL = "optical"
    ON_BATTERY = "on_battery"
    BATTERY_LOW = "battery_low"
    BATTERY = "battery"
    POE = "poe"
    BGP = "bgp"


@dataclass(frozen=True, slots=True)
class Rule:
    """When a reading is bad.

    Attributes:
        symptom: What it shows.
        measure: Of what.
        above: Bad beyond this, in the measure's base unit.
        below: Bad beneath this.
        margin: Good again only this far on the other side of the threshold.
        limit_of: The measure that tells the threshold of the same part, where the device does.
        reserve: Added to what it tells.
        only: Measure and value that another reading must have, for it to mean anything; else it is left as it was.
        is_pooled: Whether the mean of all parts counts: one busy core of four is no trouble.
        after_good: Whether a part must have been well before.
        rounds: Bad ones in a row before it is told.
        calm: Good ones in a row before it is over.
        severity: How much it matters.
    """

    symptom: Symptom
    measure: Measure
    above: float = inf
    below: float = -inf
    margin: float = 0.0
    limit_of: Measure | None = None
    reserve: float = 0.0
    only: tuple[Measure, float] | None = None
    is_pooled: bool = False
    after_good: bool = False
    rounds: int = 3
    calm: int = 3
    severity: Severity = Severity.WARNING

    def limits(self, told: float | None) -> tuple[float, float]:
        """Below and above which it is bad, given what the device tells of its own limit."""
        if told is None:
            return self.below, self.above
        limit = told + self.reserve
        return (limit, inf) if self.below > -inf else (-inf, limit)


def _broken(symptom: Symptom, measure: Measure, *, after_good: bool = False) -> Rule:
    return Rule(symptom, measure, below=0.5, after_good=after_good)


_ON_BATTERY: Final = (Measure.UPS_ON_BATTERY, 1.0)

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        Symptom.TEMPERATURE,
        Measure.TEMPERATURE,
        above=85.0,
        margin=5.0,
        limit_of=Measure.TEMPERATURE_LIMIT,
        rounds=5,
        calm=5,
    ),
    Rule(Symptom.TEMPERATURE, Measure.OPTICAL_TEMPERATURE, above=85.0, margin=5.0, rounds=5, calm=5),
    _broken(Symptom.TEMPERATURE, Measure.TEMPERATURE_OK),
    _broken(Symptom.FAN, Measure.FAN_OK, after_good=True),
    _broken(Symptom.POWER_SUPPLY, Measure.POWER_SUPPLY_OK, after_good=True),
    _broken(Symptom.SYSTEM, Measure.SYSTEM_OK),
    _broken(Symptom.STORAGE, Measure.STORAGE_OK),
    # Flash memory of a switch is full from the factory on: only what fills up is news.
    Rule(
        Symptom.STORAGE_FULL,
        Measure.STORAGE,
        above=0.95,
        margin=0.03,
        after_good=True,
        rounds=10,
        calm=5,
        severity=Severity.INFO,
    ),
    Rule(
        Symptom.CPU,
        Measure.CPU,
        above=0.95,
        margin=0.1,
        is_pooled=True,
        rounds=15,
        calm=5,
        severity=Severity.INFO,
    ),
    Rule(Symptom.MEMORY, Measure.MEMORY, above=0.95, margin=0.03, rounds=15, calm=5, severity=Severity.INFO),
    # The least that the module works with, and 1 dB; of one that does not tell, what class B+ of GPON works with.
    Rule(
        Symptom.OPTICAL,
        Measure.OPTICAL_RX,
        below=-27.0,
        margin=1.0,
        limit_of=Measure.OPTICAL_RX_LOW,
        reserve=1.0,
        after_good=True,
        rounds=5,
        calm=5,
    ),
    # A test of its battery, which a UPS makes by itself, is over sooner.
    Rule(Symptom.ON_BATTERY, Measure.UPS_ON_BATTERY, above=0.5, rounds=2, calm=2),
    Rule(
        Symptom.BATTERY_LOW,
        Measure.UPS_RUNTIME,
        below=300.0,
        only=_ON_BATTERY,
        rounds=1,
        calm=1,
        severity=Severity.CRITICAL,
    ),
    Rule(
        Symptom.BATTERY_LOW,
        Measure.UPS_CHARGE,
        below=0.3,
        only=_ON_BATTERY,
        rounds=1,
        calm=1,
        severity=Severity.CRITICAL,
    ),
    Rule(Symptom.BATTERY, Measure.UPS_BATTERY_OK, below=0.5, only=(Measure.UPS_ON_BATTERY, 0.0)),
    _broken(Symptom.POE, Measure.POE_OK),
    _broken(Symptom.BGP, Measure.BGP_ESTABLISHED, after_good=True),
)
"""The defaults. A round is a minute, or the device's own interval where that is longer."""

_FORGOTTEN_AFTER: Final = 60
"""Rounds after which a part that is not told any more is no part any more, and a symptom without any part is over."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a device has a symptom.

    Attributes:
        symptom: Which.
        is_ill: ``None`` where nobody can tell now.
        severity: How much it matters.
        part: Of which part, where it is ill.
        value: What was measured.
        threshold: What it must keep; ``None`` where the device itself says that something is broken.
        unit: Of both, as ``model.health`` names it.
    """

    symptom: Symptom
    is_ill: bool | None
    severity: Severity
    part: str = ""
    value: float | None = None
    threshold: float | None = None
    unit: str = ""


class _Part:
    """One part of a device under one rule."""

    __slots__ = ("_rule", "absent", "is_bad_now", "last", "streak", "was_good")

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self.streak = Streak(rule.rounds, rule.calm)
        self.was_good = not rule.after_good
        self.absent = 0
        self.is_bad_now = False
        self.last: tuple[float, float] = (0.0, 0.0)

    def look(self, value: float, told: float | None) -> None:
        below, above = self._rule.limits(told)
        self.absent = 0
        self.last = value, below if below > -inf else above
        self.is_bad_now = value < below or value > above
        margin = self._rule.margin
        is_good = below + margin <= value <= above - margin
        self.was_good = self.was_good or is_good
        counts = self.was_good or self.streak.is_wrong
        self.streak.after(True if self.is_bad_now and counts else False if is_good else None)


class HealthJudge:
    """Judges one device, round after round."""

    __slots__ = ("_parts", "_untold")

    def __init__(self) -> None:
        self._parts: dict[tuple[Rule, str], _Part] = {}
        self._untold = dict.fromkeys(Symptom, 0)

    def judge(self, health: DeviceHealth) -> list[Finding]:
        """What a round shows: one finding for each symptom that the device could have."""
        for rule in RULES:
            self._look(rule, health)
        told = {rule.symptom for (rule, _), part in self._parts.items() if not part.absent}
        self._untold = {symptom: 0 if symptom in told else rounds + 1 for symptom, rounds in self._untold.items()}
        self._parts = {key: part for key, part in self._parts.items() if part.absent <= _FORGOTTEN_AFTER}
        found: dict[Symptom, list[tuple[Rule, str, _Part]]] = {}
        for (rule, name), part in self._parts.items():
            found.setdefault(rule.symptom, []).append((rule, name, part))
        return [_finding(symptom, parts) for symptom, parts in found.items()]

    def gone(self) -> list[Symptom]:
        """The symptoms that end with this round because nothing has been told of them for so long: a part taken out."""
        return [symptom for symptom, rounds in self._untold.items() if rounds == _FORGOTTEN_AFTER + 1]

    def _look(self, rule: Rule, health: DeviceHealth) -> None:
        seen = {reading.part: reading.value for reading in _readings(rule, health)}
        limits = {each.part: each.value for each in health.of(rule.limit_of)} if rule.limit_of else {}
        # What is told, but means nothing now, is held: a worn battery is no better for being drained through a night.
        held = {reading.part for reading in health.of(rule.measure)} if rule.only else set()
        for name in {*seen, *held}:
            if (rule, name) not in self._parts:
                self._parts[rule, name] = _Part(rule)
        for name, value in seen.items():
            self._parts[rule, name].look(value, limits.get(name))
        for (other, name), part in self._parts.items():
            if other is rule and name not in seen:
                part.absent = 0 if name in held else part.absent + 1
                part.streak.after(None)


def _readings(rule: Rule, health: DeviceHealth) -> Iterator[HealthReading]:
    readings = list(health.of(rule.measure))
    if rule.only is not None:
        measure, value = rule.only
        is_so = any(each.value == value for each in health.of(measure))
        # A UPS that is back on the mains has no low battery, whatever is left in it.
        readings = (
            readings if is_so else [_well(rule, each) for each in readings if rule.symptom is Symptom.BATTERY_LOW]
        )
    if rule.is_pooled and readings:
        yield HealthReading(rule.measure, "", sum(each.value for each in readings) / len(readings))
    else:
        yield from readings


def _well(rule: Rule, reading: HealthReading) -> HealthReading:
    return HealthReading(reading.measure, reading.part, max(reading.value, rule.below))


def _finding(symptom: Symptom, parts: list[tuple[Rule, str, _Part]]) -> Finding:
    ill = [each for each in parts if each[2].streak.is_wrong]
    if ill:
        rule, name, part = ill[0]
        value, threshold = part.last
        unit = TRAITS[rule.measure].unit
        known: Mapping[str, float | None] = {"value": value, "threshold": threshold} if unit else {}
        return Finding(symptom, True, rule.severity, name, **known, unit=unit)
    is_well = all(part.streak.is_wrong is False and not part.is_bad_now for _, _, part in parts)
    return Finding(symptom, False if is_well else None, parts[0][0].severity)
