"""Makers of UPSes, switches, firewalls, OLTs and disks, each by an agent in the shape of its MIB; reckoned by hand."""

import pytest

from model.health import Measure
from tests.peers.snmp_sessions import MakePoller
from tests.peers.vendor_agent import Agent, must_be_understood

M = Measure

UPS_MIB = """
    1.3.6.1.2.1.33.1.
    1.2.0 Winner 3K
    1.3.0 2.07
    2.1.0 2
    2.2.0 0
    2.3.0 44
    2.4.0 97
    2.5.0 821
    2.7.0 31
    3.3.1.3.1 229
    4.1.0 3
    4.4.1.2.1 230
    4.4.1.5.1 33
"""
UPS_TOLD = {
    (M.UPS_ON_BATTERY, ""): 0,
    (M.UPS_BATTERY_OK, ""): 1,
    (M.UPS_SECONDS_ON_BATTERY, ""): 0,
    (M.UPS_RUNTIME, ""): 2_640,
    (M.UPS_CHARGE, ""): 0.97,
    (M.UPS_BATTERY_VOLTAGE, ""): 82.1,
    (M.UPS_BATTERY_TEMPERATURE, ""): 31,
    (M.UPS_INPUT_VOLTAGE, "line 1"): 229,
    (M.UPS_OUTPUT_VOLTAGE, "line 1"): 230,
    (M.UPS_LOAD, "line 1"): 0.33,
}

AGENTS = {
    # upsHighPrec* tells tenths beside upsAdv*: the finer counts. One probe of the card is not plugged in.
    "an APC Smart-UPS": Agent(
        "318.1.3.27",
        "APC Web/SNMP Management Card (MB:v4.2.9 PF:v2.3.1.1)",
        """
        1.3.6.1.4.1.318.1.1.
        1.1.1.1.0 Smart-UPS 1500
        1.1.2.1.0 UPS 16.0 (ID1047)
        1.1.2.3.0 AS2233000001
        1.2.1.1.0 2
        1.2.1.2.0 t:0
        1.2.2.1.0 g:98
        1.2.2.2.0 g:28
        1.2.2.3.0 t:152200
        1.2.2.4.0 1
        1.2.2.8.0 41
        1.2.3.1.0 g:984
        1.2.3.2.0 g:281
        1.2.3.4.0 408
        1.3.2.1.0 g:231
        1.3.3.1.0 g:2314
        1.4.1.1.0 2
        1.4.2.1.0 g:230
        1.4.2.3.0 g:37
        1.4.3.1.0 g:2302
        1.4.3.3.0 g:378
        25.1.2.1.3.1.1 Rack
        25.1.2.1.3.2.1 Room
        25.1.2.1.6.1.1 27
        25.1.2.1.6.2.1 -1
        25.1.2.1.7.1.1 44
        25.1.2.1.7.2.1 -1
        """,
        "apc",
        ("APC", "Smart-UPS 1500", "AS2233000001", "UPS 16.0 (ID1047)"),
        {
            (M.UPS_ON_BATTERY, ""): 0,
            (M.UPS_BATTERY_OK, ""): 1,
            (M.UPS_BATTERY_OK, "to be replaced"): 1,
            (M.UPS_CHARGE, ""): 0.984,
            (M.UPS_BATTERY_TEMPERATURE, ""): 28.1,
            (M.UPS_RUNTIME, ""): 1_522,
            (M.UPS_SECONDS_ON_BATTERY, ""): 0,
            (M.UPS_BATTERY_VOLTAGE, ""): 40.8,
            (M.UPS_INPUT_VOLTAGE, "line 1"): 231.4,
            (M.UPS_OUTPUT_VOLTAGE, "line 1"): 230.2,
            (M.UPS_LOAD, "line 1"): 0.378,
            (M.TEMPERATURE, "Rack"): 27,
            (M.HUMIDITY, "Rack"): 0.44,
        },
    ),
    # An old card, on battery, without upsHighPrec* and with a serial number that was never written.
    "an old APC on its battery": Agent(
        "318.1.3.2.7",
        "APC Web/SNMP Management Card (MB:v3.9.2 PF:v3.7.3)",
        """
        1.3.6.1.4.1.318.1.1.1.
        1.1.1.0 Smart-UPS 750
        1.2.3.0 FFFFFFFFFFFF
        2.1.1.0 3
        2.1.2.0 t:61000
        2.2.1.0 g:23
        2.2.3.0 t:24000
        2.2.4.0 2
        2.3.1.0 -1
        3.2.1.0 g:0
        4.1.1.0 3
        """,
        "apc",
        ("APC", "Smart-UPS 750", "", ""),
        {
            (M.UPS_ON_BATTERY, ""): 1,
            (M.UPS_BATTERY_OK, ""): 0,
            (M.UPS_BATTERY_OK, "to be replaced"): 0,
            (M.UPS_CHARGE, ""): 0.23,
            (M.UPS_RUNTIME, ""): 240,
            (M.UPS_SECONDS_ON_BATTERY, ""): 610,
            (M.UPS_INPUT_VOLTAGE, "line 1"): 0,
        },
    ),
    "an APC rack PDU": Agent(
        "318.1.3.4.6",
        "APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.8.2)",
        """
        1.3.6.1.4.1.318.1.1.
        12.1.3.0 v6.8.0
        12.1.5.0 AP8853
        12.1.6.0 ZA1732000001
        26.4.3.1.5.1 114
        """,
        "apc",
        ("APC", "AP8853", "ZA1732000001", "v6.8.0"),
        {(M.POWER, "output"): 1_140},
    ),
    "a UPS whose maker nobody knows": Agent(
        "99999.1", "SNMP card", UPS_MIB, "ups-mib", ("", "Winner 3K", "", "2.07"), UPS_TOLD
    ),
    "a UPS behind net-snmp": Agent(
        "8072.3.2.10", "Linux SNMP-System", UPS_MIB, "ups-mib", ("", "Winner 3K", "", "2.07"), UPS_TOLD
    ),
    "a Huawei UPS": Agent(
        "2011.6.174.4.1.2.4",
        "SNMP Card for HUAWEI UPS2000",
        UPS_MIB,
        "huawei-ups",
        ("Huawei", "UPS2000", "", "2.07"),
        UPS_TOLD,
    ),
    "an Eaton with XUPS-MIB alone": Agent(
        "534.1",
        "ConnectUPS Web/SNMP Card V4.38",
        """
        1.3.6.1.4.1.534.1.
        1.2.0 PW9130 1000VA-R
        1.3.0 FP: 0.13
        2.1.0 1948
        2.2.0 39
        2.4.0 88
        3.4.1.2.1 234
        4.1.0 35
        4.4.1.2.1 229
        4.5.0 5
        6.1.0 25
        """,
        "eaton",
        ("Eaton", "PW9130 1000VA-R", "", "FP: 0.13"),
        {
            (M.UPS_ON_BATTERY, ""): 1,
            (M.UPS_RUNTIME, ""): 1_948,
            (M.UPS_CHARGE, ""): 0.88,
            (M.UPS_BATTERY_VOLTAGE, ""): 39,
            (M.UPS_INPUT_VOLTAGE, "line 1"): 234,
            (M.UPS_OUTPUT_VOLTAGE, "line 1"): 229,
            (M.UPS_LOAD, "line 1"): 0.35,
            (M.TEMPERATURE, "ambient"): 25,
        },
    ),
    # Light as text in milliwatts: 0.2512 mW are -6 dBm. The second cage is empty.
    "a TP-Link JetStream": Agent(
        "11863.5.190",
        "Omada 18-Port Gigabit Smart Switch with 16-Port PoE+",
        """
        1.3.6.1.4.1.11863.6.
        1.1.5.0 SG2218P 1.20
        1.1.6.0 1.20.4 Build 20241205
        1.1.8.0 222C014000001
        4.1.1.1.1.2.1 79
        4.1.1.1.1.3.1 24
        4.1.2.1.1.2.1 41
        56.1.1.1.1.0 1500
        56.1.1.2.1.1.7.1 20
        56.1.1.2.1.1.7.2 0
        56.1.1.2.1.1.11.1 2
        56.1.1.2.1.1.11.2 0
        96.1.7.1.1.2.49169 50.000000
        96.1.7.1.1.2.49170 N/A
        96.1.7.1.1.3.49169 3.416200
        96.1.7.1.1.4.49169 9.568000
        96.1.7.1.1.5.49169 0.500000
        96.1.7.1.1.6.49169 0.251200
        96.1.7.1.1.6.49170 N/A
        """,
        "tp-link",
        ("TP-Link", "SG2218P 1.20", "222C014000001", "1.20.4 Build 20241205"),
        {
            (M.CPU, "cpu 1"): 0.24,
            (M.MEMORY, "memory 1"): 0.41,
            (M.POE_POWER, "port 1"): 2,
            (M.POE_LIMIT, ""): 150,
            (M.OPTICAL_TEMPERATURE, "gi1/0/17"): 50,
            (M.OPTICAL_VOLTAGE, "gi1/0/17"): 3.4162,
            (M.OPTICAL_BIAS, "gi1/0/17"): 0.009568,
            (M.OPTICAL_TX, "gi1/0/17"): -3.0103,
            (M.OPTICAL_RX, "gi1/0/17"): -5.999804,
        },
        {49169: "gi1/0/17", 49170: "gi1/0/18"},
    ),
    "a Ruijie switch": Agent(
        "4881.1.1.10.1.150",
        "Ruijie Routing Switch(S5760C-24GT8XS-X) By Ruijie Networks",
        """
        1.3.6.1.4.1.4881.1.1.10.2.
        36.1.2.1.2.1 Slot 0
        36.1.2.1.4.1 40
        35.1.2.1.2.1 Slot 0
        35.1.2.1.6.1 4194304
        35.1.2.1.7.1 1048576
        1.1.44.1.4.1.0.1 board
        1.1.44.1.5.1.0.1 41
        1.1.44.1.6.1.0.1 85
        1.1.43.1.4.1.1.1 4
        1.1.43.1.4.1.2.1 5
        1.1.43.1.6.1.1.1 5145
        1.1.43.1.6.1.2.1 -1
        1.1.41.1.3.1.1 4
        1.1.41.1.3.1.2 1
        1.1.41.1.15.1.1 56
        1.1.41.1.15.1.2 -1
        105.1.1.1.17.1 41
        105.1.1.1.17.2 0
        105.1.1.1.19.1 3327
        105.1.1.1.76.1 -188
        105.1.1.1.76.2 -10000
        105.1.1.1.81.1 -189
        105.1.1.1.81.2 -10000
        """,
        "ruijie",
        ("Ruijie", "", "", ""),
        {
            (M.CPU, "Slot 0"): 0.4,
            (M.MEMORY, "Slot 0"): 0.25,
            (M.TEMPERATURE, "board"): 41,
            (M.TEMPERATURE_LIMIT, "board"): 85,
            (M.FAN_OK, "fan 1.1.1"): 1,
            (M.FAN_OK, "fan 1.2.1"): 0,
            (M.FAN_SPEED, "fan 1.1.1"): 5_145,
            (M.POWER_SUPPLY_OK, "psu 1.1"): 1,  # the second bay is empty
            (M.POWER, "psu 1.1"): 56,
            (M.OPTICAL_TEMPERATURE, "Te0/1"): 41,
            (M.OPTICAL_VOLTAGE, "Te0/1"): 3.327,
            (M.OPTICAL_RX, "Te0/1"): -1.88,
            (M.OPTICAL_TX, "Te0/1"): -1.89,
        },
        {1: "Te0/1", 2: "Te0/2"},
    ),
    # Three ways in which Huawei tells light: by lane, in microwatts (a lane's text is absent), in hundredths of a dBm.
    "Huawei's optics": Agent(
        "2011.2.23.294",
        "S5720-32X-EI-24S-AC\r\nHuawei Versatile Routing Platform\r\nVRP (R) software,Version 5.170 (S5720 V200R010)",
        """
        1.3.6.1.2.1.47.1.1.1.1.7.
        101 GE0/0/1
        102 GE0/0/2
        103 GE0/0/3
        104 GE0/0/4
        1.3.6.1.4.1.2011.5.25.31.1.1.3.1.
        5.101 45
        6.101 3306
        7.101 22236
        8.101 78
        9.101 252
        31.101 22.24
        32.101 -1104.03
        33.101 -597.39
        5.102 44
        6.102 3300
        7.102 20000
        8.102 100
        9.102 500
        5.103 36
        6.103 3321
        7.103 42
        8.103 -1684
        9.103 267
        5.104 -255
        6.104 -1
        7.104 -1
        8.104 -1
        9.104 -1
        """,
        "huawei",
        ("Huawei", "S5720-32X-EI-24S-AC", "", "5.170 (S5720 V200R010)"),
        {
            (M.OPTICAL_TEMPERATURE, "GE0/0/1"): 45,
            (M.OPTICAL_VOLTAGE, "GE0/0/1"): 3.306,
            (M.OPTICAL_BIAS, "GE0/0/1"): 0.02224,
            (M.OPTICAL_RX, "GE0/0/1"): -11.0403,
            (M.OPTICAL_TX, "GE0/0/1"): -5.9739,
            (M.OPTICAL_TEMPERATURE, "GE0/0/2"): 44,
            (M.OPTICAL_VOLTAGE, "GE0/0/2"): 3.3,
            (M.OPTICAL_BIAS, "GE0/0/2"): 0.02,
            (M.OPTICAL_RX, "GE0/0/2"): -10,
            (M.OPTICAL_TX, "GE0/0/2"): -3.0103,
            (M.OPTICAL_TEMPERATURE, "GE0/0/3"): 36,
            (M.OPTICAL_VOLTAGE, "GE0/0/3"): 3.321,
            (M.OPTICAL_BIAS, "GE0/0/3"): 0.042,
            (M.OPTICAL_RX, "GE0/0/3"): -16.84,
            (M.OPTICAL_TX, "GE0/0/3"): 2.67,
        },
    ),
    "a Huawei OLT": Agent(
        "2011.2.123",
        "Huawei Integrated Access Software",
        """
        1.3.6.1.4.1.2011.2.6.7.1.1.2.1.
        5.0.7 17
        6.0.7 75
        10.0.7 22
        11.0.7 50
        5.0.8 -1
        6.0.8 -1
        10.0.8 2147483647
        11.0.8 -1
        1.3.6.1.4.1.2011.6.128.1.1.2.
        23.1.1.4194304000 28
        23.1.2.4194304000 322
        23.1.3.4194304000 32
        23.1.4.4194304000 711
        51.1.4.4194304000.1 -2244
        51.1.4.4194304000.2 2147483647
        """,
        "huawei-olt",
        ("Huawei", "", "", ""),
        {
            (M.CPU, "slot 0.7"): 0.17,
            (M.MEMORY, "slot 0.7"): 0.75,
            (M.TEMPERATURE, "slot 0.7"): 22,
            (M.POWER, "slot 0.7"): 50,
            (M.OPTICAL_TEMPERATURE, "GPON 0/0/0"): 28,
            (M.OPTICAL_VOLTAGE, "GPON 0/0/0"): 3.22,
            (M.OPTICAL_BIAS, "GPON 0/0/0"): 0.032,
            (M.OPTICAL_TX, "GPON 0/0/0"): 7.11,
            (M.OPTICAL_RX, "ont 4194304000.1"): -22.44,
        },
        {4194304000: "GPON 0/0/0"},
    ),
    # 5000 two-thousandths above -30 dBm; 65535 is no light.
    "a ZTE OLT": Agent(
        "3902.1082.1001.320.2.1",
        "C320 Version V2.1.0 Software, Copyright (c) by ZTE Corporation",
        """
        1.3.6.1.4.1.3902.1082.10.
        1.2.4.1.4.1.1.1 GTGOG
        1.2.4.1.9.1.1.1 11
        1.2.4.1.11.1.1.1 26
        1.2.4.1.19.1.1.1 512
        10.2.1.6.1.2.1.1.1 38
        10.2.4.11.1.7.1.1.1 3240
        1.3.6.1.4.1.3902.1012.3.50.12.1.1.10.
        268501248.1.1 3500
        268501248.2.1 65535
        """,
        "zte-olt",
        ("ZTE", "C320", "", "V2.1.0"),
        {
            (M.CPU, "GTGOG"): 0.11,
            (M.MEMORY, "GTGOG"): 0.26,
            (M.TEMPERATURE, "card 1.1.1"): 38,
            (M.FAN_SPEED, "fan 1.1.1"): 3_240,
            (M.OPTICAL_RX, "onu 268501248.1.1"): -23,
        },
    ),
}


@pytest.mark.parametrize("name", AGENTS)
async def test_an_agent_in_the_shape_of_its_mib_is_understood(name: str, make_poller: MakePoller) -> None:
    """The profile that is meant for it, who it is, and all its numbers in base units, none besides."""
    await must_be_understood(AGENTS[name], make_poller)
