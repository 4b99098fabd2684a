"""Recordings of real equipment: which profile fits, and what it tells, by numbers read from the recordings by eye."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from model.health import TRAITS, DeviceHealth, DeviceIdentity, Measure
from model.inventory import Credentials
from monitor.config.profiles import load_profiles
from monitor.snmp.health import HealthReader
from tests.peers.snmp_recordings import column, missing_tools, read_recording, recordings, serving
from tests.peers.snmp_sessions import MakePoller

pytestmark = [pytest.mark.recordings, pytest.mark.skipif(bool(missing_tools()), reason=missing_tools() or "-")]

M = Measure
Told = dict[tuple[Measure, str], float]


class Seen(NamedTuple):
    """What a recording says, written down by a person who looked at its numbers.

    Attributes:
        profile: Which profile is meant for it.
        identity: Vendor, model, serial number, firmware.
        told: Some of its readings; each was found in the file, and reckoned by hand.
        readings: How many readings there are in all, those of half and full duplex left out.
        absent: Measures that the device does not tell.
    """

    profile: str
    identity: tuple[str, str, str, str]
    told: Told
    readings: int
    absent: tuple[Measure, ...] = ()


SEEN = {
    "routeros_rb760igs": Seen(
        "mikrotik",
        ("MikroTik", "RB760iGS", "E1F10E90A6E9", "7.1.1"),
        {
            (M.CPU, "cpu 1"): 0.01,
            (M.CPU, "cpu 4"): 0.0,
            (M.MEMORY, "memory"): 51_072 / 262_144,
            (M.STORAGE, "system disk"): 11_672 / 16_384,
            (M.VOLTAGE, "board"): 10.9,
            (M.TEMPERATURE, "board"): 35.0,
            (M.PPP_SESSIONS, ""): 0,
        },
        9,
        (M.OPTICAL_RX, M.OPTICAL_TX, M.POE_POWER, M.FAN_SPEED),  # the cage is empty: 0 V, 0 dBm; no fan; PoE waits
    ),
    "swos_css326-24g-2s+": Seen(
        "mikrotik",
        ("MikroTik", "CSS326-24G-2S+", "7E1A085CCC47", "2.18"),
        {
            (M.TEMPERATURE, "cpu"): 47.0,
            (M.OPTICAL_TEMPERATURE, "SFP1"): 28,
            (M.OPTICAL_VOLTAGE, "SFP1"): 3.289,
            (M.OPTICAL_BIAS, "SFP1"): 0.017,
        },
        4,  # SFP2 is empty: 0 V, -128 degrees
        (M.OPTICAL_RX,),
    ),
    "draytek": Seen("draytek", ("DrayTek", "Vigor2920", "", "3.8.8.2"), {}, 0),
    "huawei-s5720": Seen(
        "huawei",
        ("Huawei", "S5720-36C-EI-AC", "210235956210F7000410", "5.160 (S5720 V200R007C00SPC500)"),
        {
            (M.CPU, "MPU Board 0"): 0.38,
            (M.MEMORY, "MPU Board 0"): 0.07,
            (M.TEMPERATURE, "MPU Board 0"): 42,
            (M.TEMPERATURE_LIMIT, "MPU Board 0"): 56,
            (M.FAN_OK, "fan 0.7"): 1,
        },
        6,
        (M.OPTICAL_RX, M.OPTICAL_TEMPERATURE),  # no module: -1, -255
    ),
    "vrp_ac6605-26": Seen(
        "huawei",
        ("Huawei", "AC6605-26-PWR", "21023579169WJ6000038", "5.170 (AC6605-26-PWR V200R010C00SPC500)"),
        {
            (M.CPU, "SRU Board 0"): 0.07,
            (M.MEMORY, "SRU Board 0"): 0.36,
            (M.TEMPERATURE, "SRU Board 0"): 40,
            (M.POWER, ""): 43.291,
            (M.WIRELESS_CLIENTS, "WIFIOG-BYOD 2.4 GHz"): 1,
            (M.WIRELESS_CLIENTS, "WIFIOG-BYOD 5 GHz"): 5,
            (M.WIRELESS_CLIENTS, "WIFIOG-Guest 5 GHz"): 0,
        },
        13,
        (M.OPTICAL_RX,),
    ),
    "zxa10_c320": Seen(
        "zte-olt",
        ("ZTE", "C320", "731946300021", "V2.1.0"),
        {
            (M.CPU, "GTGOG"): 0.11,
            (M.CPU, "SMXA"): 0.08,
            (M.MEMORY, "GTGOG"): 0.26,
            (M.TEMPERATURE, "card 1.1.4"): 43,
            (M.FAN_SPEED, "fan 1.1.1"): 3_240,
            (M.POWER, "card 1.1.1"): 26.895,
            (M.VOLTAGE, "card 1.1.1"): 50.938,
            (M.CURRENT, "card 1.1.1"): 0.528,
        },
        13,
    ),
    "zxr10_5950": Seen("zte", ("ZTE", "5950-36TM", "", "V3.03.10.B30P11"), {}, 0),
    "cisco-c3750": Seen(
        "cisco",
        ("Cisco", "WS-C3750G-12S-S", "FDO1622Y10H", "12.2(50)SE5"),
        {
            (M.CPU, "cpu 1"): 0.64,
            (M.MEMORY, "Processor"): 33_385_580 / (33_385_580 + 46_331_200),
            (M.MEMORY, "I/O"): 8_906_084 / (8_906_084 + 3_676_828),
            (M.FAN_OK, "Switch#1, Fan#1"): 1,
            (M.POWER_SUPPLY_OK, "Sw1, PS1"): 1,
            (M.OPTICAL_TEMPERATURE, "Gi1/0/1"): 41.9,
            (M.OPTICAL_VOLTAGE, "Gi1/0/1"): 3.34,
            (M.OPTICAL_BIAS, "Gi1/0/1"): 0.0195,
            (M.OPTICAL_TX, "Gi1/0/1"): -6.0,
            (M.OPTICAL_RX, "Gi1/0/1"): -6.0,
        },
        15,
    ),
    "ios_2960x": Seen(
        "cisco",
        ("Cisco", "WS-C2960X-48FPS-L", "FCW1929B68S", "15.0(2a)EX5"),
        {
            (M.CPU, "cpu 1"): 0.63,
            (M.MEMORY, "Processor"): 50_661_572 / (50_661_572 + 392_203_472),
            (M.TEMPERATURE, "SW#1, Sensor#1"): 44,
            (M.TEMPERATURE_LIMIT, "SW#3, Sensor#1"): 68,
            (M.TEMPERATURE_OK, "SW#2, Sensor#1"): 1,
            (M.FAN_OK, "Switch#3, Fan#1"): 1,
            (M.POWER_SUPPLY_OK, "Sw2, PS1"): 1,
            (M.OPTICAL_TEMPERATURE, "Gi1/0/52"): 34.6,
            (M.OPTICAL_TX, "Gi1/0/52"): -5.0,
            (M.OPTICAL_RX, "Gi1/0/52"): -4.7,
            (M.OPTICAL_RX, "Gi3/0/52"): -7.3,
            (M.POE_POWER, "group 1"): 115,
            (M.POE_LIMIT, "group 1"): 370,
            (M.POE_OK, "group 1"): 1,
        },
        31,
    ),
    "ciscosb_cbs350": Seen("cisco-small-business", ("Cisco", "CBS350-24P-4G", "FOC2433L650", "3.0.0.61"), {}, 0),
    "ruijie": Seen("ruijie", ("Ruijie", "RG-S6220-48XS4QXS", "", "173619"), {}, 0),
    "edgeos": Seen(
        "ubiquiti-edgeos",
        ("Ubiquiti", "", "", "1.8.0.4853089.160219.1607"),
        {
            (M.CPU, "cpu 196608"): 0.10,
            (M.CPU, "cpu 196609"): 0.02,
            (M.MEMORY, "memory"): 1 - (1_658_576 + 33_680 + 204_600) / 2_036_504,
            (M.BGP_ESTABLISHED, "172.16.200.1"): 1,
        },
        8,
    ),
    "airos_airos8": Seen(
        "ubiquiti-airos",
        ("Ubiquiti", "LiteBeam 5AC Gen2", "", "8.7.4.45112.210415.1103"),
        {
            (M.WIRELESS_SIGNAL, "radio 1"): -70,
            (M.WIRELESS_NOISE, "radio 1"): -91,
            (M.WIRELESS_CLIENTS, "radio 1"): 1,
            (M.WIRELESS_QUALITY, "radio 1"): 0.33,
            (M.WIRELESS_UTILIZATION, "radio 1"): 0.699,
            (M.CPU, "cpu"): 0.0606,
        },
        6,
    ),
    "tplink_td-w9970": Seen("tp-link", ("TP-Link", "", "", "0.9.1 0.2 v0076.0 Build 170919 Rel.61201n"), {}, 0),
    "arubaos-cx_10.10": Seen(
        "aruba-cx",
        ("Aruba", "JL679A", "CN10K00000", "PL.10.10.0002"),
        {
            (M.CPU, "cpu 196608"): 0.48,
            (M.MEMORY, "memory"): (1_626_816 - 89_044 - 1_078_996) / 3_507_408,
            (M.TEMPERATURE, "Temp Sensor"): 21.625,
            (M.POWER, "Power sensor for power supply 1/1"): 0,
            (M.STORAGE, "/fs/nos"): 199_225 / 1_512_363,
        },
        11,
    ),
    "procurve_e2910": Seen(
        "procurve",
        ("HPE", "J9146A E2910al-24G-PoE", "AB123CD45E", "W.15.08.0012"),
        {
            (M.CPU, "cpu"): 0.37,
            (M.MEMORY, "memory 1"): 27_333_556 / 100_663_296,
            (M.TEMPERATURE, "Chassis Temperature"): 31,
            (M.FAN_OK, "Fan"): 1,
            (M.POWER_SUPPLY_OK, "Power Supply 1"): 1,
            (M.TEMPERATURE_OK, "Over-temperature"): 1,
        },
        10,  # the RPS and one external supply are not present: neither good nor bad
    ),
    "comware_a5500": Seen(
        "comware",
        ("H3C", "A5500-24G", "CN50A1Z4BN", "5.20.99 Release 2222P08"),
        {
            (M.CPU, "Board"): 0.08,
            (M.MEMORY, "Board"): 0.47,
            (M.TEMPERATURE, "Sensor1"): 38,
            (M.TEMPERATURE_LIMIT, "Sensor1"): 55,
            (M.FAN_OK, "fan 1"): 1,
            (M.POWER_SUPPLY_OK, "psu 1"): 1,
            (M.OPTICAL_TX, "GigabitEthernet1/0/26"): -5.4,
            (M.OPTICAL_RX, "GigabitEthernet1/0/26"): -10.45,
            (M.OPTICAL_RX_LOW, "GigabitEthernet1/0/26"): -20.0,
            (M.OPTICAL_TEMPERATURE, "GigabitEthernet1/0/26"): 44,
            (M.OPTICAL_VOLTAGE, "GigabitEthernet1/0/26"): 3.35,
            (M.OPTICAL_BIAS, "GigabitEthernet1/0/26"): 0.00908,
        },
        12,  # the second power supply is not installed
    ),
    "junos_ber": Seen(
        "juniper",
        ("Juniper", "vmx", "", "18.2R1.9"),
        {(M.OPTICAL_RX, "et-3/0/0"): -8.68, (M.OPTICAL_TX, "et-3/0/0"): 0, (M.OPTICAL_TEMPERATURE, "et-3/0/0"): 32},
        4,
    ),
    "fortigate": Seen(
        "fortinet",
        ("Fortinet", "FGT_501E", "FG5H1E5810000000", "5.6.4"),
        {
            (M.CPU, "cpu"): 0.42,
            (M.MEMORY, "memory"): 0.23,
            (M.TEMPERATURE, "LM75 U75"): 35,
            (M.TEMPERATURE, "PS1 Temp 2"): 27,
            (M.FAN_SPEED, "Fan 3"): 6_600,
            (M.FAN_OK, "PS2 Fan 1"): 1,
            (M.VOLTAGE, "+VCC12"): 12.054,
            (M.POWER_SUPPLY_OK, "PS1"): 1,
        },
        48,
    ),
    "eaton-mgeups_9pxle": Seen(
        "eaton",
        ("Eaton", "Eaton 9PX 1000i RT 2U", "GA10J05109", "01.16.4638"),
        {
            (M.UPS_ON_BATTERY, ""): 0,
            (M.UPS_BATTERY_OK, ""): 1,
            (M.UPS_BATTERY_OK, "fault"): 1,
            (M.UPS_BATTERY_OK, "to be replaced"): 1,
            (M.UPS_CHARGE, ""): 0.91,
            (M.UPS_RUNTIME, ""): 1_132,
            (M.UPS_LOAD, "line 1"): 0.40,
            (M.UPS_INPUT_VOLTAGE, "line 1"): 228,
            (M.UPS_OUTPUT_VOLTAGE, "line 1"): 230,
            (M.UPS_BATTERY_VOLTAGE, ""): 55.0,
            (M.TEMPERATURE, "ambient"): 21,
        },
        12,
        (M.UPS_BATTERY_TEMPERATURE,),  # the card says 0
    ),
    "cyberpower_pr2200rt2uc": Seen(
        "cyberpower",
        ("CyberPower", "PR2200RT2UC", "123456789", "1.1786"),
        {
            (M.UPS_ON_BATTERY, ""): 0,
            (M.UPS_BATTERY_OK, ""): 1,
            (M.UPS_CHARGE, ""): 1.0,
            (M.UPS_RUNTIME, ""): 10_500,  # 175 minutes
            (M.UPS_LOAD, "line 1"): 0.03,
            (M.UPS_INPUT_VOLTAGE, "line 1"): 121.0,
            (M.UPS_BATTERY_VOLTAGE, ""): 54.8,
            (M.UPS_BATTERY_TEMPERATURE, ""): 27,
        },
        11,
    ),
    "slackware": Seen(
        "net-snmp",
        ("net-snmp", "Linux", "", "2.6.21.5-smp"),
        {
            (M.CPU, "cpu 768"): 0.13,
            (M.CPU, "cpu 769"): 0.09,
            (M.MEMORY, "memory"): 1 - (63_676 + 23_936 + 207_212) / 1_021_976,
            (M.STORAGE, "/"): 1_667_935 / 2_164_327,
            (M.STORAGE, "/export"): 90_601_816 / 96_144_541,
        },
        6,
    ),
    "dsm": Seen(
        "synology",
        ("Synology", "RS2212RP+", "3005AWL999111", "DSM 6.1-15217"),
        {
            (M.SYSTEM_OK, ""): 1,
            (M.TEMPERATURE, "system"): 48,
            (M.POWER_SUPPLY_OK, "psu"): 1,
            (M.FAN_OK, "cpu fan"): 1,
            (M.STORAGE_OK, "Volume 1"): 1,
            (M.MEMORY, "memory"): 1 - (117_032 + 56_456 + 222_376) / 1_012_408,
        },
        58,
    ),
    "brother": Seen("generic", ("", "", "", ""), {}, 0),
    "dlink_dgs-1510-28": Seen(
        "d-link",
        ("D-Link", "DGS-1510-28", "RZC52H3000029", "1.50.021"),
        {
            (M.CPU, "cpu 1.1"): 0.17,
            (M.MEMORY, "memory"): 72_997 / 262_144,
            (M.STORAGE, "flash"): 28_978 / 29_937,
            (M.TEMPERATURE, "Center"): 30,
            (M.TEMPERATURE_LIMIT, "Center"): 79,
            (M.FAN_OK, "Right Fan"): 1,
            (M.POWER_SUPPLY_OK, "Power 1"): 1,
        },
        8,
    ),
    "vsolution_v1600d": Seen(
        "vsol",
        ("V-SOL", "V1600D_EPON", "V2007150017", "V2.03.74R"),
        {
            (M.CPU, "cpu"): 0.26,
            (M.MEMORY, "memory"): 0.18,
            (M.TEMPERATURE, "system"): 40,
            (M.OPTICAL_RX, "onu 1.3"): -14.76,
            (M.OPTICAL_TX, "onu 1.1"): 3.77,
            (M.OPTICAL_TEMPERATURE, "onu 1.1"): 30.67,
        },
        83,
    ),
}


@pytest.fixture(scope="module")
def responder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port where every recording answers to its name as the community."""
    with serving(tmp_path_factory.mktemp("health"), recordings()) as port:
        yield port


async def read(make_poller: MakePoller, port: int, name: str) -> tuple[DeviceHealth, DeviceHealth]:
    """Two rounds of a recording: a survey, and exact cells."""
    credentials = Credentials.model_validate({"version": "2c", "community": name})
    poller = make_poller(port, credentials=credentials, timeout="3s", retries=1)
    await poller.poll()
    reader = HealthReader(poller, load_profiles())
    rounds = await reader.read(), await reader.read()
    assert isinstance(rounds[0], DeviceHealth)
    assert isinstance(rounds[1], DeviceHealth)
    return rounds[0], rounds[1]


def test_every_recording_has_been_looked_at() -> None:
    """A recording that is added has to be read by a person before it proves anything."""
    assert {path.stem for path in recordings()} == SEEN.keys()


@pytest.mark.parametrize("name", SEEN)
async def test_a_recording_tells_what_was_read_from_it_by_eye(
    name: str, responder: int, make_poller: MakePoller
) -> None:
    """The profile, what the device is, and its numbers in base units; nothing that it does not tell."""
    seen = SEEN[name]
    survey, after = await read(make_poller, responder, name)
    told = {(reading.measure, reading.part): reading.value for reading in survey.readings}
    assert survey.profile == seen.profile
    assert survey.identity == DeviceIdentity(*seen.identity)
    assert {key: told.get(key) for key in seen.told} == pytest.approx(seen.told)
    assert len([measure for measure, _ in told if measure is not M.FULL_DUPLEX]) == seen.readings
    assert {measure for measure, _ in told}.isdisjoint(seen.absent)
    assert after.readings == survey.readings
    assert all(TRAITS[reading.measure].low <= reading.value for reading in survey.readings)


@pytest.mark.parametrize("name", SEEN)
async def test_a_recording_is_read_gently(name: str, responder: int, make_poller: MakePoller) -> None:
    """A survey takes at most 40 requests, a round after it at most 5, even of a stack of switches."""
    survey, after = await read(make_poller, responder, name)
    assert survey.requests <= 40
    assert after.requests <= 5


@pytest.mark.parametrize("name", ["slackware", "dsm", "arubaos-cx_10.10"])
async def test_tables_are_exposed_with_the_recordings_own_numbers(
    name: str, responder: int, make_poller: MakePoller
) -> None:
    """Storages and processors bear the raw cells of the recording, row by row."""
    survey, _ = await read(make_poller, responder, name)
    path = next(path for path in recordings() if path.stem == name)
    cells = read_recording(path)
    for metric, oid in (("hrStorageUsed", "1.3.6.1.2.1.25.2.3.1.6"), ("hrProcessorLoad", "1.3.6.1.2.1.25.3.3.1.2")):
        recorded = {key.rpartition(".")[2]: value for key, value in cells.items() if key.startswith(f"{oid}.")}
        shown = {row.labels[0][1]: row.values[metric] for row in survey.exposed if metric in row.values}
        assert shown == recorded


@pytest.mark.parametrize("name", ["ios_2960x", "comware_a5500", "dlink_dgs-1510-28", "huawei-s5720"])
async def test_ports_that_are_up_say_whether_they_take_turns(
    name: str, responder: int, make_poller: MakePoller
) -> None:
    """Of each port that is up and tells it, dot3StatsDuplexStatus: 3 is full, 2 is half, 1 is unknown."""
    survey, _ = await read(make_poller, responder, name)
    cells = read_recording(next(path for path in recordings() if path.stem == name))
    duplex = column(cells, "1.3.6.1.2.1.10.7.2.1.19")
    up = [index for index, status in column(cells, "1.3.6.1.2.1.2.2.1.8").items() if status == 1]
    recorded = sorted({2: 0.0, 3: 1.0}[int(duplex[index])] for index in up if duplex.get(index) in {2, 3})
    assert sorted(reading.value for reading in survey.of(M.FULL_DUPLEX)) == recorded
    assert recorded
