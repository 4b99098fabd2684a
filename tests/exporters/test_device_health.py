"""A device's health as samples: names, labels, and nothing that was not told."""

from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from exporters.device_health import EXPOSED, HEALTH, health_blocks
from exporters.exposition import Style, exposition
from exporters.latest import Latest
from model.health import DeviceHealth, DeviceIdentity, ExposedRow, HealthReading, Measure
from tests.peers.board import ward

TOLD = DeviceHealth(
    profile="mikrotik",
    identity=DeviceIdentity("MikroTik", 'RB"760', "E1F1", "7.1.1"),
    readings=(
        HealthReading(Measure.TEMPERATURE, "board", 35.1),
        HealthReading(Measure.CPU, "cpu 1", 0.25),
        HealthReading(Measure.CPU, "cpu 2", 0.5),
        HealthReading(Measure.LINK_DOWNS, "ether1", 3.0),
    ),
    exposed=(
        ExposedRow((("hrStorageIndex", "1"), ("hrStorageDescr", "/")), {"hrStorageUsed": 5.0, "hrStorageSize": 9.0}),
        ExposedRow((("hrStorageIndex", "1"), ("hrStorageDescr", "/")), {"hrStorageUsed": 6.0}),
        ExposedRow((), {"memTotalReal": 1_024.0}),
    ),
    requests=2,
)


def text(health: DeviceHealth = TOLD, style: Style = Style.TEXT) -> str:
    """What a scrape would show."""
    blocks = health_blocks(health, 'device="rt1",site="s"', 'instance="10.0.0.1"')
    return b"".join(exposition(blocks, style)).decode()


def test_readings_bear_the_device_and_the_part() -> None:
    """One series for each part, in base units, under the name of the measure."""
    lines = text().splitlines()
    assert 'linkward_device_cpu_ratio{device="rt1",site="s",part="cpu 1"} 0.25' in lines
    assert 'linkward_device_cpu_ratio{device="rt1",site="s",part="cpu 2"} 0.5' in lines
    assert 'linkward_device_temperature_celsius{device="rt1",site="s",part="board"} 35.1' in lines
    assert "# TYPE linkward_device_link_downs_total counter" in lines


def test_what_the_device_is_stands_in_labels() -> None:
    """Vendor, model, serial number and firmware, with quotes made harmless."""
    wanted = 'vendor="MikroTik",model="RB\\"760",serial="E1F1",firmware="7.1.1",profile="mikrotik"} 1'
    assert f'linkward_device_hardware_info{{device="rt1",site="s",{wanted}' in text()


def test_tables_bear_the_names_and_the_instance_of_snmp_exporter() -> None:
    """Raw numbers; of two rows with the same labels the first."""
    lines = text().splitlines()
    labels = 'instance="10.0.0.1",device="rt1",site="s",hrStorageIndex="1",hrStorageDescr="/"'
    assert f"hrStorageUsed{{{labels}}} 5.0" in lines
    assert f"hrStorageSize{{{labels}}} 9.0" in lines
    assert 'memTotalReal{instance="10.0.0.1",device="rt1",site="s"} 1024.0' in lines
    assert len([line for line in lines if line.startswith("hrStorageUsed")]) == 1


def test_nothing_that_was_not_told_is_there() -> None:
    """A device without readings shows what it is, and that it told nothing."""
    names = {family.name for family in text_string_to_metric_families(text(DeviceHealth("generic")))}
    assert names == {
        "linkward_device_hardware_info",
        "linkward_device_health_readings",
        "linkward_device_health_requests",
    }


def test_every_series_is_there_once_in_both_styles() -> None:
    """No series twice, and OpenMetrics takes the names of snmp_exporter as unknown."""
    for style in Style:
        series = [line.rpartition(" ")[0] for line in text(style=style).splitlines() if not line.startswith("#")]
        assert len(series) == len(set(series))


def test_names_follow_the_unit() -> None:
    """What is measured in a unit ends with it; counters end in _total; ours begin with the name of the program."""
    assert all(metric.name.startswith("linkward_device_") for metric in HEALTH)
    assert all(not metric.name.startswith("linkward_") for metric in EXPOSED)
    units = {"ratio", "celsius", "volts", "amperes", "watts", "seconds", "rpm"}
    assert all(metric.name.endswith(f"_{metric.unit}") for metric in HEALTH if metric.unit in units)


def test_what_is_stale_is_not_shown() -> None:
    """A device that tells nothing any more loses its values, on the page and in metrics."""
    latest = Latest()
    latest.load(ward())
    latest.healthy("office-rt1", "10.20.0.1", TOLD, 60.0)
    latest.healthy("nobody", "10.20.0.9", TOLD, 60.0)
    assert latest.health("office-rt1", 59.0) == replace(TOLD, exposed=())
    assert latest.health("office-rt1", 61.0) is None
    assert latest.health("nobody", 1.0) is None
    shown = [b"".join(exposition(latest.blocks(at), Style.TEXT)) for at in (59.0, 61.0)]
    assert [b"linkward_device_cpu_ratio" in each for each in shown] == [True, False]
