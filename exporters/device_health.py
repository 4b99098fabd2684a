"""What a device tells of its own health: the metrics, and a round of readings as samples."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from exporters.blocks import Block, Sample, Scalars
from exporters.labels import label
from exporters.metric import About, Metric, MetricType, Source
from model.health import TRAITS, DeviceHealth, DeviceIdentity, ExposedRow, HealthReading, Measure

_COUNTER: Final = MetricType.COUNTER
_GAUGE: Final = MetricType.GAUGE
_IDENTITY: Final = ("vendor", "model", "serial", "firmware", "profile")
_UNITS: Final[Mapping[str, str]] = {"dbm": "dBm", "db": "dB"}
_HOST: Final = ("hrDeviceIndex", "hrDeviceDescr", "hrDeviceType")
_STORAGE: Final = ("hrStorageIndex", "hrStorageDescr", "hrStorageType")
_SENSOR: Final = ("entPhysicalIndex", "entPhysicalName")
_OPTICAL: Final = ("ifIndex", "mtxrOpticalName")
_POOL: Final = ("ciscoMemoryPoolType", "ciscoMemoryPoolName")


def _of_measure(measure: Measure) -> Metric:
    trait = TRAITS[measure]
    kind = _COUNTER if trait.is_counter else _GAUGE
    return Metric(trait.metric, kind, trait.meaning, About.DEVICE, ("part",), _UNITS.get(trait.unit, trait.unit))


def _adopted(name: str, text: str, labels: Sequence[str] = (), *, unit: str = "", kind: MetricType = _GAUGE) -> Metric:
    return Metric(name, kind, text, About.DEVICE, tuple(labels), unit, Source.SNMP)


HEALTH: Final[tuple[Metric, ...]] = (
    Metric(
        "linkward_device_hardware_info",
        _GAUGE,
        "What the device says it is, and the profile by which its health is read; always 1.",
        About.DEVICE,
        _IDENTITY,
    ),
    Metric(
        "linkward_device_health_readings",
        _GAUGE,
        "How many values the device told of its health in the last round.",
        About.DEVICE,
    ),
    Metric(
        "linkward_device_health_requests",
        _GAUGE,
        "How many requests the last round of reading the device's health took.",
        About.DEVICE,
    ),
    Metric(
        "linkward_device_unhealthy",
        _GAUGE,
        "1 while the device has a symptom, 0 while it has not, absent where nobody can tell.",
        About.DEVICE,
        ("symptom",),
    ),
    *map(_of_measure, Measure),
)

EXPOSED: Final[tuple[Metric, ...]] = (
    _adopted("hrProcessorLoad", "Load of a processor over the last minute, in percent.", _HOST, unit="percent"),
    _adopted("hrStorageAllocationUnits", "Bytes in one unit of a storage.", _STORAGE, unit="bytes"),
    _adopted("hrStorageSize", "Size of a storage in its units.", _STORAGE),
    _adopted("hrStorageUsed", "Units of a storage in use.", _STORAGE),
    _adopted("laLoadInt", "Load average in hundredths.", ("laNames",)),
    _adopted("memTotalSwap", "Swap space in kB.", unit="kilobytes"),
    _adopted("memAvailSwap", "Free swap space in kB.", unit="kilobytes"),
    _adopted("memTotalReal", "Memory in kB.", unit="kilobytes"),
    _adopted("memAvailReal", "Unused memory in kB.", unit="kilobytes"),
    _adopted("memTotalFree", "Unused memory and swap space in kB.", unit="kilobytes"),
    _adopted("memShared", "Shared memory in kB.", unit="kilobytes"),
    _adopted("memBuffer", "Memory used for buffers in kB.", unit="kilobytes"),
    _adopted("memCached", "Memory used for caches in kB.", unit="kilobytes"),
    _adopted("ssCpuRawUser", "Ticks of the processor for programs.", kind=_COUNTER),
    _adopted("ssCpuRawNice", "Ticks of the processor for programs that can wait.", kind=_COUNTER),
    _adopted("ssCpuRawSystem", "Ticks of the processor for the system.", kind=_COUNTER),
    _adopted("ssCpuRawIdle", "Ticks of the processor without work.", kind=_COUNTER),
    _adopted("ssCpuRawWait", "Ticks of the processor waiting for disks.", kind=_COUNTER),
    _adopted("entPhySensorType", "Type of a sensor: 8 Celsius, 10 rpm and others (RFC 3433).", _SENSOR),
    _adopted("entPhySensorScale", "Scale of a sensor: 9 units, 8 thousandths and others (RFC 3433).", _SENSOR),
    _adopted("entPhySensorPrecision", "Decimals of a sensor's value.", _SENSOR),
    _adopted("entPhySensorValue", "Value of a sensor, before scale and precision.", _SENSOR),
    _adopted("entPhySensorOperStatus", "1 ok, 2 unavailable, 3 not operational.", _SENSOR),
    _adopted("mtxrHlVoltage", "Voltage of a MikroTik board in tenths.", unit="decivolts"),
    _adopted("mtxrHlTemperature", "Temperature of a MikroTik board in tenths.", unit="tenths of a degree Celsius"),
    _adopted(
        "mtxrHlProcessorTemperature",
        "Temperature of a MikroTik processor in tenths.",
        unit="tenths of a degree Celsius",
    ),
    _adopted("mtxrOpticalRxPower", "Light received in thousandths of a dBm.", _OPTICAL, unit="thousandths of a dBm"),
    _adopted("mtxrOpticalTxPower", "Light sent in thousandths of a dBm.", _OPTICAL, unit="thousandths of a dBm"),
    _adopted("cpmCPUTotal1minRev", "Load of a Cisco processor over a minute.", ("cpmCPUTotalIndex",), unit="percent"),
    _adopted("cpmCPUTotal5minRev", "The same over five minutes.", ("cpmCPUTotalIndex",), unit="percent"),
    _adopted("ciscoMemoryPoolUsed", "Bytes of a Cisco memory pool in use.", _POOL, unit="bytes"),
    _adopted("ciscoMemoryPoolFree", "Bytes of a Cisco memory pool not in use.", _POOL, unit="bytes"),
)
"""Tables under the names of snmp_exporter's modules: hrDevice, hrStorage, ucd_*, mikrotik, cisco_device."""


def health_blocks(health: DeviceHealth, labels: str, instance: str) -> tuple[Block, ...]:
    """One round of readings of a device.

    Args:
        health: What it told.
        labels: Label text of the device.
        instance: Its label of that name.
    """
    identity = Scalars.of(labels, _identity(health.identity, health.profile))
    return (
        identity,
        Scalars.of(labels, [*_rounds(health), *_readings(health.readings)]),
        *_tables(health.exposed, f"{instance},{labels}"),
    )


def unhealthy(labels: str, symptoms: Mapping[str, bool]) -> Block:
    """Which symptoms a device has, and which it has not."""
    return _symptoms("linkward_device_unhealthy", labels, symptoms)


def unwell(labels: str, symptoms: Mapping[str, bool]) -> Block:
    """Which symptoms the port of a link has, and which it has not."""
    return _symptoms("linkward_link_interface_unwell", labels, symptoms)


def _symptoms(metric: str, labels: str, symptoms: Mapping[str, bool]) -> Block:
    told = sorted(symptoms.items())
    return Scalars.of(labels, [Sample(metric, int(is_ill), f",{label('symptom', name)}") for name, is_ill in told])


def _identity(identity: DeviceIdentity, profile: str) -> Iterator[Sample]:
    told = (identity.vendor, identity.model, identity.serial, identity.firmware, profile)
    texts = "".join(f",{label(*pair)}" for pair in zip(_IDENTITY, told, strict=True))
    yield Sample("linkward_device_hardware_info", 1, texts)


def _rounds(health: DeviceHealth) -> Iterator[Sample]:
    yield Sample("linkward_device_health_readings", len(health.readings))
    yield Sample("linkward_device_health_requests", health.requests)


def _readings(readings: Sequence[HealthReading]) -> Iterator[Sample]:
    for reading in sorted(readings, key=attrgetter("measure", "part")):
        yield Sample(TRAITS[reading.measure].metric, reading.value, f",{label('part', reading.part)}")


def _tables(rows: Iterable[ExposedRow], labels: str) -> Iterator[Block]:
    samples = [
        Sample(name, value, "".join(f",{label(*pair)}" for pair in row.labels))
        for row in rows
        for name, value in row.values.items()
    ]
    samples.sort(key=attrgetter("family"))
    unlike = {(sample.family, sample.extra): sample for sample in reversed(samples)}  # twins would be one series twice
    for _, family in groupby(reversed(unlike.values()), attrgetter("family")):
        yield Scalars.of(labels, family)
