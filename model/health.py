"""What a device tells of its own health: typed readings with a unit, and what it says it is.

What was not measured is not there: a reading with an impossible value is no reading.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, NamedTuple


class Measure(StrEnum):
    """What is measured. The set is closed: each is one metric."""

    CPU = "cpu"
    MEMORY = "memory"
    STORAGE = "storage"
    STORAGE_OK = "storage_ok"
    TEMPERATURE = "temperature"
    TEMPERATURE_OK = "temperature_ok"
    TEMPERATURE_LIMIT = "temperature_limit"
    HUMIDITY = "humidity"
    FAN_SPEED = "fan_speed"
    FAN_OK = "fan_ok"
    POWER_SUPPLY_OK = "power_supply_ok"
    SYSTEM_OK = "system_ok"
    VOLTAGE = "voltage"
    CURRENT = "current"
    POWER = "power"
    OPTICAL_RX = "optical_rx"
    OPTICAL_TX = "optical_tx"
    OPTICAL_RX_LOW = "optical_rx_low"
    OPTICAL_TEMPERATURE = "optical_temperature"
    OPTICAL_VOLTAGE = "optical_voltage"
    OPTICAL_BIAS = "optical_bias"
    UPS_ON_BATTERY = "ups_on_battery"
    UPS_BATTERY_OK = "ups_battery_ok"
    UPS_CHARGE = "ups_charge"
    UPS_RUNTIME = "ups_runtime"
    UPS_SECONDS_ON_BATTERY = "ups_seconds_on_battery"
    UPS_LOAD = "ups_load"
    UPS_INPUT_VOLTAGE = "ups_input_voltage"
    UPS_OUTPUT_VOLTAGE = "ups_output_voltage"
    UPS_BATTERY_VOLTAGE = "ups_battery_voltage"
    UPS_BATTERY_TEMPERATURE = "ups_battery_temperature"
    WIRELESS_CLIENTS = "wireless_clients"
    WIRELESS_SIGNAL = "wireless_signal"
    WIRELESS_NOISE = "wireless_noise"
    WIRELESS_UTILIZATION = "wireless_utilization"
    WIRELESS_QUALITY = "wireless_quality"
    LTE_RSSI = "lte_rssi"
    LTE_RSRP = "lte_rsrp"
    LTE_RSRQ = "lte_rsrq"
    LTE_SINR = "lte_sinr"
    PPP_SESSIONS = "ppp_sessions"
    BGP_ESTABLISHED = "bgp_established"
    BGP_TRANSITIONS = "bgp_transitions"
    POE_OK = "poe_ok"
    POE_POWER = "poe_power"
    POE_LIMIT = "poe_limit"
    LINK_DOWNS = "link_downs"
    FULL_DUPLEX = "full_duplex"


Unit = Literal["", "ratio", "celsius", "rpm", "volts", "amperes", "watts", "dbm", "db", "seconds"]


class Trait(NamedTuple):
    """How a measure is told.

    Attributes:
        metric: The metric's name.
        unit: Base unit of its values; empty for a count and for 1 or 0.
        low: The least value that can be true.
        high: The largest value that can be true.
        meaning: One line for a person.
        is_counter: Whether it only grows until the device restarts.
    """

    metric: str
    unit: Unit
    low: float
    high: float
    meaning: str
    is_counter: bool = False

    @property
    def is_flag(self) -> bool:
        """Whether its values are 1 and 0."""
        return not self.unit and self.high == 1


def _ratio(name: str, meaning: str) -> Trait:
    return Trait(f"linkward_device_{name}_ratio", "ratio", 0, 1, meaning)


def _flag(name: str, meaning: str) -> Trait:
    return Trait(f"linkward_device_{name}", "", 0, 1, meaning)


def _value(name: str, unit: Unit, low: float, high: float, meaning: str) -> Trait:
    return Trait(f"linkward_device_{name}_{unit}", unit, low, high, meaning)


TRAITS: Final[Mapping[Measure, Trait]] = {
    Measure.CPU: _ratio("cpu", "Share of the processor that is in use, over the last seconds or minute."),
    Measure.MEMORY: _ratio("memory_used", "Share of memory in use, without buffers and caches where they are told."),
    Measure.STORAGE: _ratio("storage_used", "Share of a disk or flash memory in use."),
    Measure.STORAGE_OK: _flag("storage_ok", "1 while a disk or array is sound, 0 while it is not."),
    Measure.TEMPERATURE: _value("temperature", "celsius", -60, 200, "Temperature."),
    Measure.TEMPERATURE_OK: _flag("temperature_ok", "1 while the device finds its temperature normal, 0 while not."),
    Measure.TEMPERATURE_LIMIT: _value(
        "temperature_limit", "celsius", -60, 200, "Temperature above which the device itself would raise an alarm."
    ),
    Measure.HUMIDITY: _ratio("humidity", "Relative humidity."),
    Measure.FAN_SPEED: _value("fan_speed", "rpm", 0, 60_000, "Turns of a fan in a minute."),
    Measure.FAN_OK: _flag("fan_ok", "1 while a fan works, 0 while it does not."),
    Measure.POWER_SUPPLY_OK: _flag("power_supply_ok", "1 while a power supply works, 0 while it does not."),
    Measure.SYSTEM_OK: _flag("system_ok", "1 while the device finds itself sound, 0 while it does not."),
    Measure.VOLTAGE: _value("voltage", "volts", -1_000, 1_000, "Voltage."),
    Measure.CURRENT: _value("current", "amperes", -1_000, 1_000, "Electric current."),
    Measure.POWER: _value("power", "watts", 0, 100_000, "Electric power that is drawn."),
    Measure.OPTICAL_RX: _value("optical_receive", "dbm", -50, 20, "Light that a port receives."),
    Measure.OPTICAL_TX: _value("optical_transmit", "dbm", -50, 20, "Light that a port sends."),
    Measure.OPTICAL_RX_LOW: _value(
        "optical_receive_low", "dbm", -50, 20, "Least light with which the module still works, as it tells."
    ),
    Measure.OPTICAL_TEMPERATURE: _value(
        "optical_temperature", "celsius", -60, 150, "Temperature of an optical module."
    ),
    Measure.OPTICAL_VOLTAGE: _value("optical_voltage", "volts", 0, 20, "Supply voltage of an optical module."),
    Measure.OPTICAL_BIAS: _value("optical_bias", "amperes", 0, 1, "Current through the laser of an optical module."),
    Measure.UPS_ON_BATTERY: _flag("ups_on_battery", "1 while a UPS feeds from its battery, 0 while it does not."),
    Measure.UPS_BATTERY_OK: _flag("ups_battery_ok", "1 while the battery of a UPS is sound, 0 if low, empty or worn."),
    Measure.UPS_CHARGE: _ratio("ups_charge", "Charge that is left in the battery of a UPS."),
    Measure.UPS_RUNTIME: _value("ups_runtime", "seconds", 0, 10**7, "How long the battery would last at this load."),
    Measure.UPS_SECONDS_ON_BATTERY: _value(
        "ups_on_battery", "seconds", 0, 10**7, "For how long the UPS has fed from its battery; 0 while it does not."
    ),
    Measure.UPS_LOAD: _ratio("ups_load", "Load of a UPS as a share of what it can feed."),
    Measure.UPS_INPUT_VOLTAGE: _value("ups_input_voltage", "volts", 0, 1_000, "Voltage of the mains."),
    Measure.UPS_OUTPUT_VOLTAGE: _value("ups_output_voltage", "volts", 0, 1_000, "Voltage that a UPS gives."),
    Measure.UPS_BATTERY_VOLTAGE: _value("ups_battery_voltage", "volts", 0, 1_000, "Voltage of the battery of a UPS."),
    Measure.UPS_BATTERY_TEMPERATURE: _value(
        "ups_battery_temperature", "celsius", -40, 120, "Temperature of the battery of a UPS."
    ),
    Measure.WIRELESS_CLIENTS: Trait(
        "linkward_device_wireless_clients", "", 0, 100_000, "Stations that are connected to a radio or network."
    ),
    Measure.WIRELESS_SIGNAL: _value("wireless_signal", "dbm", -120, 20, "Signal of the other side."),
    Measure.WIRELESS_NOISE: _value("wireless_noise", "dbm", -130, 0, "Noise on the channel of a radio."),
    Measure.WIRELESS_UTILIZATION: _ratio("wireless_utilization", "Share of time in which the channel is busy."),
    Measure.WIRELESS_QUALITY: _ratio("wireless_quality", "Quality of the connection, as the radio reckons it (CCQ)."),
    Measure.LTE_RSSI: _value("lte_rssi", "dbm", -140, 0, "Received power of a modem, signal and noise."),
    Measure.LTE_RSRP: _value("lte_rsrp", "dbm", -156, -30, "Received power of the cell's reference signal."),
    Measure.LTE_RSRQ: _value("lte_rsrq", "db", -40, 20, "Quality of the cell's reference signal."),
    Measure.LTE_SINR: _value("lte_sinr", "db", -30, 60, "Signal to interference and noise of a modem."),
    Measure.PPP_SESSIONS: Trait("linkward_device_ppp_sessions", "", 0, 10**6, "Sessions of PPP that are up."),
    Measure.BGP_ESTABLISHED: _flag("bgp_established", "1 while a BGP session is established, 0 while it is not."),
    Measure.BGP_TRANSITIONS: Trait(
        "linkward_device_bgp_transitions_total", "", 0, 2**32, "How often a BGP session was established.", True
    ),
    Measure.POE_OK: _flag("poe_ok", "1 while the supply of power over Ethernet works, 0 while it is faulty."),
    Measure.POE_POWER: _value("poe_power", "watts", 0, 100_000, "Power that is given over Ethernet."),
    Measure.POE_LIMIT: _value("poe_limit", "watts", 0, 100_000, "Most power that can be given over Ethernet."),
    Measure.FULL_DUPLEX: _flag("full_duplex", "1 while a port sends and receives at once, 0 while it takes turns."),
    Measure.LINK_DOWNS: Trait(
        "linkward_device_link_downs_total", "", 0, 2**32, "How often a port went down, as the device counts it.", True
    ),
}
"""How each measure is told. An impossible value, such as a temperature of 2147483647, is none."""


@dataclass(frozen=True, slots=True)
class HealthReading:
    """One value of one part of a device.

    Attributes:
        measure: What was measured.
        part: Of which part, as the device names it; empty where it is the whole device.
        value: In the measure's base unit.
    """

    measure: Measure
    part: str
    value: float


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """What a device says it is; a text that it did not tell is empty."""

    vendor: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class ExposedRow:
    """Cells of one row of a table under the names that snmp_exporter gives its columns.

    Attributes:
        labels: Name and text of each label, in order.
        values: Name of a column to its value.
    """

    labels: tuple[tuple[str, str], ...]
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """One round of reading what a device tells of its health.

    Attributes:
        profile: The name of the profile that said what to read.
        identity: What the device says it is.
        readings: Each measure of each part at most once.
        exposed: Rows of standard tables.
        requests: Requests that it took.
    """

    profile: str
    identity: DeviceIdentity = field(default_factory=DeviceIdentity)
    readings: tuple[HealthReading, ...] = ()
    exposed: tuple[ExposedRow, ...] = ()
    requests: int = 0

    def of(self, measure: Measure) -> Iterator[HealthReading]:
        """The readings of one measure."""
        return (reading for reading in self.readings if reading.measure is measure)


def is_possible(measure: Measure, value: float) -> bool:
    """Whether a value can be true; what is not a number cannot."""
    trait = TRAITS[measure]
    return trait.low <= value <= trait.high
