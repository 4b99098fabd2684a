"""Makers of radios and of what hangs on them, each by an agent in the shape of its MIB; reckoned by hand."""

import pytest

from model.health import Measure
from tests.peers.snmp_sessions import MakePoller
from tests.peers.vendor_agent import Agent, must_be_understood

M = Measure

AGENTS = {
    # mtxrHealth beside mtxrGaugeTable: what both tell is told once.
    "a MikroTik LTE router with PoE": Agent(
        "14988.1",
        "RouterOS RBwAPR-2nD",
        """
        1.3.6.1.4.1.14988.1.1.
        4.4.0 7.15.3
        7.3.0 HCX0123ABCD
        3.8.0 238
        3.10.0 412
        3.100.1.2.13 voltage
        3.100.1.2.14 temperature
        3.100.1.2.17 cpu-temperature
        3.100.1.2.7001 fan1-speed
        3.100.1.3.13 g:238
        3.100.1.3.14 g:41
        3.100.1.3.17 g:58
        3.100.1.3.7001 g:4410
        3.100.1.4.13 3
        3.100.1.4.14 1
        3.100.1.4.17 1
        3.100.1.4.7001 2
        14.1.1.2.1 ether1
        14.1.1.90.1 c:7
        15.1.1.2.1 ether1
        15.1.1.2.2 ether2
        15.1.1.3.1 3
        15.1.1.3.2 2
        15.1.1.6.1 g:64
        15.1.1.6.2 g:0
        16.1.1.2.3 -67
        16.1.1.3.3 -11
        16.1.1.4.3 -98
        16.1.1.7.3 14
        1.3.6.1.4.1.9.9.150.1.1.1.
        0 12
        """,
        "mikrotik",
        ("MikroTik", "RBwAPR-2nD", "HCX0123ABCD", "7.15.3"),
        {
            (M.VOLTAGE, "board"): 23.8,
            (M.TEMPERATURE, "board"): 41.2,
            (M.TEMPERATURE, "cpu"): 58,
            (M.FAN_SPEED, "fan1"): 4_410,
            (M.LINK_DOWNS, "ether1"): 7,
            (M.POE_POWER, "ether1"): 6.4,  # ether2 waits for load
            (M.LTE_RSSI, "lte1"): -67,
            (M.LTE_RSRQ, "lte1"): -11,
            (M.LTE_RSRP, "lte1"): -98,
            (M.LTE_SINR, "lte1"): 14,
            (M.PPP_SESSIONS, ""): 12,
        },
        {1: "ether1", 2: "ether2", 3: "lte1"},
    ),
    # An access point on one radio, a station on another, a bridge at 60 GHz, and one that has no peer.
    "MikroTik radios": Agent(
        "14988.1",
        "RouterOS CCR2004-1G-2XS-PCIe",
        """
        1.3.6.1.4.1.14988.1.1.1.
        3.1.6.1 g:9
        3.1.9.1 -108
        3.1.10.1 g:83
        1.1.4.2 -61
        1.1.9.2 g:91
        7.1.2.5 g:17
        8.1.4.3 1
        8.1.8.3 g:75
        8.1.12.3 -52
        8.1.4.4 0
        8.1.8.4 g:0
        8.1.12.4 0
        """,
        "mikrotik",
        ("MikroTik", "CCR2004-1G-2XS-PCIe", "", ""),
        {
            (M.WIRELESS_CLIENTS, "wlan1"): 9,
            (M.WIRELESS_NOISE, "wlan1"): -108,
            (M.WIRELESS_QUALITY, "wlan1"): 0.83,
            (M.WIRELESS_SIGNAL, "wlan2"): -61,
            (M.WIRELESS_QUALITY, "wlan2"): 0.91,
            (M.WIRELESS_CLIENTS, "cap5"): 17,
            (M.WIRELESS_SIGNAL, "wlan60-1"): -52,
            (M.WIRELESS_QUALITY, "wlan60-1"): 0.75,
        },
        {1: "wlan1", 2: "wlan2", 3: "wlan60-1", 4: "wlan60-2", 5: "cap5"},
    ),
    "an airMAX station": Agent(
        "10002.1",
        "Linux 2.6.32.71 #1 Mon Jan 6 10:00:00 EET 2020 mips",
        """
        1.2.840.10036.3.1.2.1.
        3.5 NanoStation 5AC loco
        4.5 XC.qca955x.v8.7.11.46972.220614.0420
        1.3.6.1.4.1.41112.1.4.
        5.1.5.1 -58
        5.1.7.1 96
        5.1.8.1 -94
        5.1.15.1 1
        6.1.7.1 214
        8.3.0 1250
        8.4.0 47
        """,
        "ubiquiti-airos",
        ("Ubiquiti", "NanoStation 5AC loco", "", "8.7.11.46972.220614.0420"),
        {
            (M.TEMPERATURE, "board"): 47,
            (M.CPU, "cpu"): 0.125,
            (M.WIRELESS_SIGNAL, "radio 1"): -58,
            (M.WIRELESS_QUALITY, "radio 1"): 0.96,
            (M.WIRELESS_NOISE, "radio 1"): -94,
            (M.WIRELESS_CLIENTS, "radio 1"): 1,
            (M.WIRELESS_UTILIZATION, "radio 1"): 0.214,
        },
    ),
    "an airFiber": Agent(
        "10002.1",
        "Linux 2.6.33 #1 Fri Jan 26 16:39:18 CST 2018 armv5tejl",
        """
        1.3.6.1.4.1.41112.1.3.2.1.
        8.1 31
        10.1 33
        11.1 -49
        14.1 -51
        40.1 v4.1.0
        """,
        "ubiquiti-airfiber",
        ("Ubiquiti", "", "", "v4.1.0"),
        {
            (M.TEMPERATURE, "radio 0"): 31,
            (M.TEMPERATURE, "radio 1"): 33,
            (M.WIRELESS_SIGNAL, "chain 0"): -49,
            (M.WIRELESS_SIGNAL, "chain 1"): -51,
        },
    ),
    "an airFiber 60": Agent(
        "41112",
        "Linux 4.4.241 #1 SMP Tue Oct 1 11:03:45 UTC 2024 armv7l",
        """
        1.3.6.1.4.1.41112.1.11.1.
        2.2.1 AF60-XG
        2.4.1 GMC.ipq5018.v3.5.1.cd58.241001
        2.5.1 38
        2.6.1 9
        3.1.3.2.17.34.51.68.85.1 -46
        3.1.14.2.17.34.51.68.85.1 tower-2
        """,
        "ubiquiti-airfiber",
        ("Ubiquiti", "AF60-XG", "", "v3.5.1"),
        {(M.CPU, "cpu"): 0.09, (M.MEMORY, "memory"): 0.38, (M.WIRELESS_SIGNAL, "tower-2"): -46},
    ),
    "an airFiber LTU": Agent(
        "8072.3.2.10",
        "Linux AF 3.14.65 #1 SMP PREEMPT RT Wed May 13 13:37:04 UTC 2020 armv7l",
        """
        1.3.6.1.4.1.41112.1.10.1.
        3.2.0 airFiber 5XHD
        3.4.0 .v1.4.2.00015.180314.0503
        4.1.5.2.17.34.51.68.85 -55
        4.1.6.2.17.34.51.68.85 -57
        4.1.13.2.17.34.51.68.85 commune
        """,
        "ubiquiti-airfiber",
        ("Ubiquiti", "airFiber 5XHD", "", "v1.4.2.00015.180314.0503"),
        {(M.WIRELESS_SIGNAL, "chain 0 of commune"): -55, (M.WIRELESS_SIGNAL, "chain 1 of commune"): -57},
    ),
    # It calls itself airOS; unifiApSystemModel tells that it is not.
    "an older UniFi access point": Agent(
        "10002.1",
        "Linux 3.3.8 #1 Wed Jan 18 09:26:53 PST 2017 mips",
        """
        1.3.6.1.4.1.41112.1.6.
        1.1.1.2.1 wifi0
        1.1.1.6.1 23
        1.2.1.3.1 988
        1.2.1.7.1 ath0
        1.2.1.8.1 6
        3.3.0 UAP-LR
        3.6.0 4.3.28.11361
        1.3.6.1.4.1.10002.1.1.1.1.
        1.0 g:62384
        2.0 g:31192
        3.0 g:1000
        4.0 g:5000
        """,
        "ubiquiti-unifi",
        ("Ubiquiti", "UAP-LR", "", "4.3.28.11361"),
        {
            (M.WIRELESS_UTILIZATION, "wifi0"): 0.23,
            (M.WIRELESS_QUALITY, "ath0"): 0.988,
            (M.WIRELESS_CLIENTS, "ath0"): 6,
            (M.MEMORY, "memory"): round(1 - 37_192 / 62_384, 6),
        },
    ),
    "a UniFi switch that calls itself net-snmp": Agent(
        "8072.3.2.10",
        "USW-Lite-8-PoE 6.6.61.15179",
        "1.3.6.1.2.1.25.3.3.1.2.196608 7",
        "ubiquiti-unifi",
        ("Ubiquiti", "USW-Lite-8-PoE", "", "6.6.61.15179"),
        {(M.CPU, "cpu 196608"): 0.07},
    ),
    "an EdgeSwitch": Agent(
        "4413",
        "EdgeSwitch 16-Port 150W, 1.9.3.5322630, Linux 3.6.5",
        """
        1.3.6.1.4.1.4413.1.1.
        1.1.1.4.0 F09FC2000001
        1.1.4.1.0 64101
        1.1.4.2.0 256404
        1.1.4.9.0 "    5 Secs ( 31.1134%)   60 Secs ( 16.75%)  300 Secs ( 14.3501%)"
        43.1.6.1.3.1.0 2
        43.1.6.1.3.1.1 3
        43.1.6.1.4.1.0 5400
        43.1.6.1.4.1.1 0
        43.1.7.1.3.1.0 2
        43.1.7.1.3.1.1 1
        43.1.8.1.4.1.0 1
        43.1.8.1.5.1.0 54
        """,
        "ubiquiti-edgeswitch",
        ("Ubiquiti", "EdgeSwitch 16-Port 150W", "F09FC2000001", "1.9.3.5322630"),
        {
            (M.CPU, "cpu"): 0.1675,
            (M.MEMORY, "memory"): 0.75,
            (M.TEMPERATURE, "sensor 1.0"): 54,
            (M.TEMPERATURE_OK, "sensor 1.0"): 1,
            (M.FAN_OK, "fan 1.0"): 1,
            (M.FAN_OK, "fan 1.1"): 0,
            (M.FAN_SPEED, "fan 1.0"): 5_400,
            (M.POWER_SUPPLY_OK, "psu 1.0"): 1,  # the second bay is empty
        },
    ),
    # Thermometers of the one firmware in thousandths, of the other in whole degrees.
    "a UFiber OLT": Agent(
        "41112.1.5",
        "EdgeOS v4.5.0.4600.230304.1412",
        """
        1.3.6.1.4.1.41112.1.5.
        1.1.0 UFiber OLT
        1.2.0 B4FBE4000001
        1.3.0 UF-OLT.ER-e600.v4.5.0
        4.2.1.3.0 47250
        4.2.1.3.1 44
        5.2.1.3.0 6852
        6.2.1.2.3.85.66.78 house-12
        6.2.1.2.3.85.66.79 house-14
        6.2.1.3.3.85.66.78 1
        6.2.1.3.3.85.66.79 2
        6.2.1.8.3.85.66.78 231
        6.2.1.8.3.85.66.79 0
        6.2.1.9.3.85.66.78 -2244
        6.2.1.9.3.85.66.79 0
        """,
        "ubiquiti-edgeos",
        ("Ubiquiti", "UFiber OLT", "B4FBE4000001", "4.5.0.4600.230304.1412"),
        {
            (M.TEMPERATURE, "sensor 0"): 47.25,
            (M.TEMPERATURE, "sensor 1"): 44,
            (M.FAN_SPEED, "fan 0"): 6_852,
            (M.OPTICAL_TX, "onu house-12"): 2.31,
            (M.OPTICAL_RX, "onu house-12"): -22.44,  # house-14 is off
        },
    ),
    "an EdgePower": Agent(
        "10002.1",
        "Linux 2.6.32.71 #1 Fri Jan 24 08:44:01 UTC 2020 mips",
        """
        1.3.6.1.4.1.41112.1.5.
        1.1.0 EP-54V-150W
        1.3.0 EP.v1.6.0
        2.2.1.2.1 53852
        2.2.1.3.1 412
        2.2.1.4.1 22000
        3.2.1.4.1 1
        3.2.1.4.2 0
        """,
        "ubiquiti-edgeos",
        ("Ubiquiti", "EP-54V-150W", "", "EP.v1.6.0"),
        {
            (M.VOLTAGE, "output 1"): 53.852,
            (M.CURRENT, "output 1"): 0.412,
            (M.POWER, "output 1"): 22,
            (M.POWER_SUPPLY_OK, "psu 1"): 1,
            (M.POWER_SUPPLY_OK, "psu 2"): 0,
        },
    ),
    "an Aruba controller": Agent(
        "14823.1.1.32",
        "ArubaOS (MODEL: Aruba7205), Version 8.10.0.12 (89862)",
        """
        1.3.6.1.4.1.14823.2.2.1.
        1.1.11.1.2.1 4000000
        1.1.11.1.3.1 1500000
        1.3.2.0 g:321
        2.1.10.0 41.50 degrees Celsius (MODERATE)
        2.1.13.1.2.1 Supervisor Card CPU
        2.1.13.1.3.1 16
        2.1.17.1.2.1 1
        2.1.17.1.2.2 2
        2.1.18.1.2.1 1
        2.1.29.0 CR0009876
        """,
        "aruba",
        ("Aruba", "Aruba7205", "CR0009876", "8.10.0.12"),
        {
            (M.CPU, "Supervisor Card CPU"): 0.16,
            (M.MEMORY, "memory"): 0.375,
            (M.TEMPERATURE, "board"): 41.5,
            (M.FAN_OK, "fan 1"): 1,
            (M.FAN_OK, "fan 2"): 0,
            (M.POWER_SUPPLY_OK, "psu 1"): 1,
            (M.WIRELESS_CLIENTS, ""): 321,
        },
    ),
    "an Aruba Instant cluster": Agent(
        "14823.1.2.59",
        "ArubaOS (MODEL: 225), Version 8.4.0.0-8.4.0.0",
        """
        1.3.6.1.4.1.14823.2.3.3.1.
        1.7.1.2.0 Office
        1.7.1.4.0 14
        2.1.1.2.2.17.34.51.68.85 floor-1
        2.1.1.7.2.17.34.51.68.85 6
        2.1.1.8.2.17.34.51.68.85 g:300000
        2.1.1.10.2.17.34.51.68.85 g:1200000
        2.1.1.11.2.17.34.51.68.85 1
        2.2.1.6.2.17.34.51.68.85.0 94
        2.2.1.8.2.17.34.51.68.85.0 21
        """,
        "aruba",
        ("Aruba", "225", "", "8.4.0.0-8.4.0.0"),
        {
            (M.CPU, "floor-1"): 0.06,
            (M.SYSTEM_OK, "floor-1"): 1,
            (M.MEMORY, "floor-1"): 0.75,
            (M.WIRELESS_UTILIZATION, "radio 2.17.34.51.68.85.0"): 0.21,
            (M.WIRELESS_NOISE, "radio 2.17.34.51.68.85.0"): -94,
            (M.WIRELESS_CLIENTS, "Office"): 14,
        },
    ),
}


@pytest.mark.parametrize("name", AGENTS)
async def test_an_agent_in_the_shape_of_its_mib_is_understood(name: str, make_poller: MakePoller) -> None:
    """The profile that is meant for it, who it is, and all its numbers in base units, none besides."""
    await must_be_understood(AGENTS[name], make_poller)
