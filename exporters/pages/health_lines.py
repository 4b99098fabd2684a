"""How a device is, in a few figures: what the page of a site shows of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from exporters.pages.health_words import FIGURES, SYMPTOMS
from model.health import TRAITS, DeviceHealth, HealthReading, Measure, Unit
from model.health_rules import Symptom
from model.inventory import Language

Pick = Callable[[Sequence[HealthReading]], HealthReading]


def _mean(readings: Sequence[HealthReading]) -> HealthReading:
    return HealthReading(readings[0].measure, "", sum(each.value for each in readings) / len(readings))


def _sum(readings: Sequence[HealthReading]) -> HealthReading:
    return HealthReading(readings[0].measure, "", sum(each.value for each in readings))


def _most(readings: Sequence[HealthReading]) -> HealthReading:
    return max(readings, key=lambda each: each.value)


def _least(readings: Sequence[HealthReading]) -> HealthReading:
    return min(readings, key=lambda each: each.value)


_SHOWN: Final[tuple[tuple[Measure, Pick], ...]] = (
    (Measure.CPU, _mean),
    (Measure.MEMORY, _most),
    (Measure.STORAGE, _most),
    (Measure.TEMPERATURE, _most),
    (Measure.OPTICAL_RX, _least),
    (Measure.UPS_CHARGE, _least),
    (Measure.UPS_RUNTIME, _least),
    (Measure.UPS_LOAD, _most),
    (Measure.UPS_INPUT_VOLTAGE, _least),
    (Measure.POE_POWER, _sum),
    (Measure.WIRELESS_CLIENTS, _sum),
    (Measure.LTE_RSRP, _least),
    (Measure.PPP_SESSIONS, _sum),
)
"""One figure for each of these: the part that is worst off, or all together."""


_SPELLINGS: Final[Mapping[Unit, tuple[float, int, str]]] = {
    "ratio": (100.0, 0, " %"),
    "celsius": (1.0, 0, " °C"),
    "dbm": (1.0, 1, " dBm"),
    "seconds": (1 / 60, 0, " min"),
    "volts": (1.0, 0, " V"),
    "watts": (1.0, 0, " W"),
}
"""By unit: what it is multiplied by, how many decimals, and the sign behind it."""


class Figure(NamedTuple):
    """One figure.

    Attributes:
        measure: Of what.
        part: Of which part, where one stands for all.
        value: In the unit.
        unit: Its base unit.
    """

    measure: Measure
    part: str
    value: float
    unit: Unit


@dataclass(frozen=True, slots=True)
class HealthLines:
    """What is shown of a device.

    Attributes:
        what: Vendor, model and firmware, as far as they are known.
        symptoms: What is wrong with it.
        figures: One for each measure that tells something to people.
    """

    what: str
    symptoms: tuple[Symptom, ...]
    figures: tuple[Figure, ...]

    def wrong(self, language: Language) -> list[str]:
        """What is wrong with it, in words."""
        return [SYMPTOMS[language][symptom] for symptom in self.symptoms]

    def told(self, language: Language) -> list[tuple[str, str, str]]:
        """Name, part and figure, the figure with a decimal point."""
        return [(FIGURES[language][each.measure], each.part, _spelled(each)) for each in self.figures]


def health_lines(health: DeviceHealth, symptoms: Sequence[str]) -> HealthLines:
    """What is shown of a device that told this, and has these symptoms."""
    told = health.identity
    model = told.model if told.vendor.lower() in told.model.lower() else f"{told.vendor} {told.model}"
    return HealthLines(
        " · ".join(filter(None, (model.strip(), told.firmware))),
        tuple(map(Symptom, symptoms)),
        tuple(_figure(pick(readings)) for measure, pick in _SHOWN if (readings := list(health.of(measure)))),
    )


def _figure(reading: HealthReading) -> Figure:
    return Figure(reading.measure, reading.part, reading.value, TRAITS[reading.measure].unit)


def _spelled(figure: Figure) -> str:
    factor, digits, unit = _SPELLINGS.get(figure.unit, (1.0, 0, ""))
    return f"{figure.value * factor:.{digits}f}{unit}"
