"""What a device tells of its health, as programs get it."""

from collections.abc import Callable
from dataclasses import dataclass

from exporters.latest import Latest
from model.health import TRAITS, DeviceHealth


@dataclass(frozen=True, slots=True)
class HealthSummary:
    """What a device says it is, and what is wrong with it.

    Attributes:
        profile: The name of the profile by which it is read.
        vendor: Who made it; empty where that is not known, as the rest is.
        model: What the maker calls it.
        serial: Its serial number.
        firmware: The version of its firmware.
        symptoms: What is wrong with it.
    """

    profile: str
    vendor: str
    model: str
    serial: str
    firmware: str
    symptoms: list[str]


@dataclass(frozen=True, slots=True)
class ReadingView:
    """One value of one part.

    Attributes:
        measure: What was measured; one of a closed set.
        part: Of which part, as the device names it; empty where it is the whole device.
        value: In the unit.
        unit: Base unit; empty for counts, and for 1 and 0.
    """

    measure: str
    part: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class HealthView:
    """The same with all that it tells.

    Attributes:
        device: Its id.
        summary: What it is, and what is wrong with it; null where it tells nothing.
        readings: What it tells, by measure and part.
    """

    device: str
    summary: HealthSummary | None
    readings: list[ReadingView]


class HealthDesk:
    """Answers for the health of devices, as far as it is known now.

    Args:
        latest: Knows it.
        clock: Monotonic seconds.
    """

    def __init__(self, latest: Latest, clock: Callable[[], float]) -> None:
        self._latest = latest
        self._clock = clock

    def health(self, device: str) -> DeviceHealth | None:
        """What a device told lately; ``None`` where it tells nothing."""
        return self._latest.health(device, self._clock())

    def symptoms(self, device: str) -> list[str]:
        """What is wrong with it."""
        return [name for name, is_ill in self._latest.symptoms(device, self._clock()).items() if is_ill]

    def summary(self, device: str) -> HealthSummary | None:
        """What it is, and what is wrong with it; ``None`` where it tells nothing."""
        found = self.health(device)
        if found is None:
            return None
        told = found.identity
        return HealthSummary(found.profile, told.vendor, told.model, told.serial, told.firmware, self.symptoms(device))

    def view(self, device: str) -> HealthView:
        """All of it."""
        found = self.health(device)
        ordered = sorted(found.readings, key=lambda each: (each.measure, each.part)) if found else []
        readings = [
            ReadingView(each.measure.value, each.part, each.value, TRAITS[each.measure].unit) for each in ordered
        ]
        return HealthView(device, self.summary(device), readings)
