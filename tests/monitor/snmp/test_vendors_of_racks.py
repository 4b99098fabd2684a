"""Makers of firewalls, core switches and disks, each by an agent in the shape of its MIB; reckoned by hand."""

import pytest

from model.health import Measure
from tests.peers.snmp_sessions import MakePoller
from tests.peers.vendor_agent import Agent, must_be_understood

M = Measure

AGENTS = {
    # A power supply without `Status` in its name; the redundant one has an alarm.
    "a FortiGate": Agent(
        "12356.101.1.1043",
        "office",
        """
        1.3.6.1.4.1.12356.101.
        4.1.1.0 v7.0.9,build0444,221121 (GA.M)
        4.1.3.0 g:2
        4.1.4.0 g:47
        4.3.2.1.2.1 "PSU "
        4.3.2.1.2.2 "RPS "
        4.3.2.1.2.3 PS1 Temp
        4.3.2.1.2.4 FAN 1
        4.3.2.1.3.1 0
        4.3.2.1.3.2 0
        4.3.2.1.3.3 26
        4.3.2.1.3.4 9060
        4.3.2.1.4.1 0
        4.3.2.1.4.2 1
        4.3.2.1.4.3 0
        4.3.2.1.4.4 0
        14.2.7.0 g:38
        1.3.6.1.4.1.12356.100.1.1.
        1.0 FG101E0000000001
        """,
        "fortinet",
        ("Fortinet", "", "FG101E0000000001", "7.0.9"),
        {
            (M.CPU, "cpu"): 0.02,
            (M.MEMORY, "memory"): 0.47,
            (M.TEMPERATURE, "PS1 Temp"): 26,
            (M.FAN_SPEED, "FAN 1"): 9_060,
            (M.FAN_OK, "FAN 1"): 1,
            (M.POWER_SUPPLY_OK, "PSU"): 1,
            (M.POWER_SUPPLY_OK, "RPS"): 0,
            (M.WIRELESS_CLIENTS, ""): 38,
        },
    ),
    # It says one decimal of what are whole degrees.
    "a FortiSwitch": Agent(
        "12356.106.1.2485",
        "",
        """
        1.3.6.1.4.1.12356.106.4.1.
        1.0 FortiSwitch-248E-POE v7.4.1,build0787,230921 (GA)
        2.0 g:30
        3.0 g:125000
        4.0 g:500000
        1.3.6.1.2.1.99.1.1.1.
        1.4 8
        2.4 9
        3.4 1
        4.4 40
        5.4 1
        1.3.6.1.2.1.47.1.1.1.1.7.
        4 Sensor1
        1.3.6.1.4.1.12356.100.1.1.
        1.0 S248EP0000000001
        """,
        "fortinet-switch",
        ("Fortinet", "FortiSwitch-248E-POE", "S248EP0000000001", "7.4.1"),
        {(M.CPU, "cpu"): 0.3, (M.MEMORY, "memory"): 0.25, (M.TEMPERATURE, "Sensor1"): 40},
    ),
    "an AOS-CX switch": Agent(
        "47196.4.1.1.1.424",
        "Aruba JL721C 8360-12C v2 Switch LL.10.13.1040",
        """
        1.3.6.1.4.1.47196.4.1.1.3.11.
        2.1.1.3.1.1 1/1
        2.1.1.3.1.2 1/2
        2.1.1.3.1.3 1/3
        2.1.1.7.1.1 49
        2.1.1.7.1.2 0
        2.1.1.11.1.1 1
        2.1.1.11.1.2 3
        2.1.1.11.1.3 2
        3.1.1.5.1.3.1.1 1/1-Switch-ASIC
        3.1.1.7.1.3.1.1 70875
        5.1.1.4.1.1.1.1 1/1/1
        5.1.1.8.1.1.1.1 g:5769
        """,
        "aruba-cx",
        ("Aruba", "", "", ""),
        {
            (M.FAN_SPEED, "1/1/1"): 5_769,
            (M.POWER_SUPPLY_OK, "psu 1/1"): 1,
            (M.POWER_SUPPLY_OK, "psu 1/2"): 0,  # its input fails; the third bay is empty
            (M.POWER, "psu 1/1"): 49,
            (M.POWER, "psu 1/2"): 0,
            (M.TEMPERATURE, "1/1-Switch-ASIC"): 70.875,
        },
    ),
    "an MGE Galaxy": Agent(
        "705.1.2",
        "MGE Galaxy 7000 UPS 250 kVA",
        """
        1.3.6.1.4.1.705.1.
        1.1.0 Galaxy 7000
        1.4.0 BQ-7-AR
        1.7.0 2Q1L200009
        5.1.0 7260
        5.2.0 100
        5.5.0 5940
        5.7.0 23
        5.9.0 2
        5.11.0 1
        5.14.0 2
        7.3.0 1
        1.3.6.1.2.1.33.1.4.4.1.5.
        1.0 9
        """,
        "eaton",
        ("Eaton", "Galaxy 7000", "2Q1L200009", "BQ-7-AR"),
        {
            (M.UPS_RUNTIME, ""): 7_260,
            (M.UPS_ON_BATTERY, ""): 1,
            (M.UPS_BATTERY_OK, ""): 1,
            (M.UPS_BATTERY_OK, "fault"): 1,
            (M.UPS_BATTERY_OK, "to be replaced"): 0,
            (M.UPS_CHARGE, ""): 1,
            (M.UPS_BATTERY_VOLTAGE, ""): 594,
            (M.UPS_BATTERY_TEMPERATURE, ""): 23,
            (M.UPS_LOAD, "line 1"): 0.09,
        },
    ),
    # It calls itself net-snmp; a disk wears out though its array is sound.
    "a Synology with DSM 7": Agent(
        "8072.3.2.10",
        "Linux nas0 3.2.101 #42962 Mon May 29 14:34:16 CST 2023 armv7l",
        """
        1.3.6.1.4.1.6574.
        1.1.0 1
        1.2.0 34
        1.3.0 1
        1.4.1.0 1
        1.4.2.0 2
        1.5.1.0 DS223
        1.5.2.0 2230RFN000001
        1.5.3.0 DSM 7.2-64570
        2.1.1.2.0 Disk 1
        2.1.1.5.0 1
        2.1.1.6.0 31
        2.1.1.13.0 2
        3.1.1.2.0 Volume 1
        3.1.1.3.0 11
        """,
        "synology",
        ("Synology", "DS223", "2230RFN000001", "DSM 7.2-64570"),
        {
            (M.SYSTEM_OK, ""): 1,
            (M.TEMPERATURE, "system"): 34,
            (M.POWER_SUPPLY_OK, "psu"): 1,
            (M.FAN_OK, "system fan"): 1,
            (M.FAN_OK, "cpu fan"): 0,
            (M.TEMPERATURE, "Disk 1"): 31,
            (M.STORAGE_OK, "Disk 1"): 1,
            (M.STORAGE_OK, "Disk 1 health"): 0,
            (M.STORAGE_OK, "Volume 1"): 0,
        },
    ),
    # It has no pools of memory, and its fans tell turns in CISCO-ENTITY-SENSOR-MIB alone.
    "a Cisco with IOS-XE": Agent(
        "9.1.2093",
        "Cisco IOS Software [Everest], ISR Software, Version 16.6.4, RELEASE SOFTWARE (fc3)",
        """
        1.3.6.1.4.1.9.9.109.1.1.1.1.
        7.1 g:12
        12.1 g:1500000
        13.1 g:2500000
        1.3.6.1.4.1.9.9.91.1.1.1.1.
        1.24 10
        2.24 9
        3.24 0
        4.24 1560
        1.3.6.1.2.1.47.1.1.1.1.7.
        24 Fan 0/0
        """,
        "cisco",
        ("Cisco", "", "", "16.6.4"),
        {(M.CPU, "cpu 1"): 0.12, (M.MEMORY, "cpu 1"): 0.375, (M.FAN_SPEED, "Fan 0/0"): 1_560},
    ),
    # By its sysObjectID it would be an IOS device.
    "a Catalyst 1300": Agent(
        "9.1.3214",
        "Catalyst 1300 Series Managed Switch, 24-port GE, PoE, 4x10G SFP+ (C1300-24P-4X)",
        """
        1.3.6.1.4.1.9.6.1.101.
        1.8.0 17
        90.1.2.1.3.25.5 40
        90.1.2.1.3.25.6 3265600
        90.1.2.1.3.25.7 19951
        90.1.2.1.3.25.8 -284
        90.1.2.1.3.25.9 -10926
        90.1.2.1.3.25.10 1
        """,
        "cisco-small-business",
        ("Cisco", "", "", ""),
        {
            (M.CPU, "cpu"): 0.17,
            (M.OPTICAL_TEMPERATURE, "port 25"): 40,
            (M.OPTICAL_VOLTAGE, "port 25"): 3.2656,
            (M.OPTICAL_BIAS, "port 25"): 0.019951,
            (M.OPTICAL_TX, "port 25"): -0.284,
            (M.OPTICAL_RX, "port 25"): -10.926,
        },
    ),
    "a D-Link xStack": Agent(
        "171.10.133.10.2",
        "DGS-3000-28X Gigabit Ethernet Switch",
        """
        1.3.6.1.4.1.171.12.
        1.1.6.1.0 60
        1.1.6.2.0 22
        1.1.9.1.4.1 65
        1.1.12.0 SY321IA000001
        11.1.8.1.2.1 27
        11.1.8.1.3.1 79
        """,
        "d-link",
        ("D-Link", "", "SY321IA000001", ""),
        {
            (M.CPU, "cpu"): 0.22,
            (M.MEMORY, "memory 1"): 0.65,
            (M.TEMPERATURE, "unit 1"): 27,
            (M.TEMPERATURE_LIMIT, "unit 1"): 79,
        },
    ),
    # Light of one module; the other has none, which is told as -99999.999 dBm.
    "a ProCurve with optics": Agent(
        "11.2.3.7.11.139",
        "HP J9775A 2530-48G Switch, revision YA.16.11.0014, ROM YA.15.20",
        """
        1.3.6.1.4.1.11.2.14.11.5.1.82.1.1.1.1.
        11.49 45398
        12.49 g:32970
        13.49 g:8850
        14.49 -6020
        15.49 -3763
        14.50 -5877
        15.50 -99999999
        """,
        "procurve",
        ("HPE", "J9775A 2530-48G", "", "YA.16.11.0014"),
        {
            (M.OPTICAL_RX, "49"): -3.763,
            (M.OPTICAL_TX, "49"): -6.02,
            (M.OPTICAL_TX, "50"): -5.877,
            (M.OPTICAL_TEMPERATURE, "49"): 45.398,
            (M.OPTICAL_VOLTAGE, "49"): 3.297,
            (M.OPTICAL_BIAS, "49"): 0.00885,
        },
        {49: "49", 50: "50"},
    ),
    "a Juniper with optics": Agent(
        "2636.1.1.1.4.131.2",
        "Juniper Networks, Inc. ex3400-48t internet router, kernel JUNOS 15.1X53-D59.4, Build date",
        """
        1.3.6.1.4.1.2636.3.60.1.1.1.1.
        5.516 -812
        6.516 5684
        7.516 -220
        8.516 33
        """,
        "juniper",
        ("Juniper", "ex3400-48t", "", "15.1X53-D59.4"),
        {
            (M.OPTICAL_RX, "ge-0/1/0"): -8.12,
            (M.OPTICAL_BIAS, "ge-0/1/0"): 0.005684,
            (M.OPTICAL_TX, "ge-0/1/0"): -2.2,
            (M.OPTICAL_TEMPERATURE, "ge-0/1/0"): 33,
        },
        {516: "ge-0/1/0"},
    ),
    # The one unit tells octets, as its MIB says, the other per cent.
    "a stack of ZXR10": Agent(
        "3902.3.100.20",
        "ZXR10 ROS Version V4.08.23 ZXR10_5928 Software, Version ZXR10 5900 V2.8.23.A.19.P02 Copyright (c) by ZTE",
        """
        1.3.6.1.4.1.3902.3.3.1.1.
        3.1 512000000
        4.1 128000000
        7.1 9
        11.1 12
        3.2 512000000
        4.2 37
        7.2 8
        1.3.6.1.4.1.3902.3.2.3.1.10.
        1.1 44
        1.2 0
        """,
        "zte",
        ("ZTE", "5928", "", "V2.8.23.A.19.P02"),
        {
            (M.CPU, "unit 1"): 0.12,
            (M.CPU, "unit 2"): 0.08,
            (M.MEMORY, "unit 1"): 0.25,
            (M.MEMORY, "unit 2"): 0.37,
            (M.TEMPERATURE, "slot 1.1"): 44,
        },
    ),
    "a QNAP": Agent(
        "24681",
        "Linux nas 5.1.2",
        """
        1.3.6.1.4.1.24681.1.4.1.1.1.1.
        1.2.1.3.1 TS-464
        1.2.1.4.1 Q23BI00001
        1.2.1.7.1 33
        4.2.0 51
        2.2.1.4.1 0
        2.2.1.4.2 -1
        2.2.1.5.1 4504
        2.2.1.5.2 -1
        3.2.1.4.1 0
        3.2.1.6.1 -1
        5.2.1.5.1 0
        5.2.1.5.2 1
        5.2.1.6.1 28
        5.2.1.6.2 30
        1.3.6.1.4.1.24681.1.2.11.1.
        2.1 HDD1
        2.2 HDD2
        2.3 HDD3
        4.1 0
        4.2 -9
        4.3 -5
        """,
        "qnap",
        ("QNAP", "TS-464", "Q23BI00001", "5.1.2"),
        {
            (M.TEMPERATURE, "enclosure 1"): 33,
            (M.TEMPERATURE, "cpu"): 51,
            (M.TEMPERATURE, "disk 1"): 28,
            (M.TEMPERATURE, "disk 2"): 30,
            (M.FAN_OK, "fan 1"): 1,
            (M.FAN_OK, "fan 2"): 0,
            (M.FAN_SPEED, "fan 1"): 4_504,
            (M.POWER_SUPPLY_OK, "psu 1"): 1,
            (M.STORAGE_OK, "disk 1 health"): 1,
            (M.STORAGE_OK, "disk 2 health"): 0,
            (M.STORAGE_OK, "HDD1"): 1,
            (M.STORAGE_OK, "HDD2"): 0,  # the third bay is empty
        },
    ),
    # Its sysObjectID says nothing; its numbers are text.
    "a Hikvision camera": Agent(
        "99999.1",
        "Camera",
        """
        1.3.6.1.4.1.39165.1.
        1.0 DS-2CD2185FWD-I
        3.0 V5.5.3 build 171025
        7.0 15 PERCENT
        11.0 83 PERCENT
        """,
        "hikvision",
        ("Hikvision", "DS-2CD2185FWD-I", "", "5.5.3"),
        {(M.CPU, "cpu"): 0.15, (M.MEMORY, "memory"): 0.83},
    ),
    "a Vigor with net-snmp": Agent(
        "8072.3.2.10",
        "DrayTek Corporation, Router Model: Vigor3900, Version: 1.5.1, Build Date",
        "1.3.6.1.2.1.25.3.3.1.2.1 12",
        "draytek",
        ("DrayTek", "Vigor3900", "", "1.5.1"),
        {(M.CPU, "cpu 1"): 0.12},
    ),
}


@pytest.mark.parametrize("name", AGENTS)
async def test_an_agent_in_the_shape_of_its_mib_is_understood(name: str, make_poller: MakePoller) -> None:
    """The profile that is meant for it, who it is, and all its numbers in base units, none besides."""
    await must_be_understood(AGENTS[name], make_poller)
