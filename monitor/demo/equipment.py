"""What the simulated equipment says of itself: makers, descriptions, and the ports of its interface table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["router", "switch", "ap", "ups", "server"]

ETHERNET, BRIDGE, LOOPBACK, VLAN, WIRELESS, SOFTWARE = 6, 209, 24, 136, 71, 1  # IANAifType


@dataclass(frozen=True, slots=True)
class Port:
    """One row of a model's interface table.

    Attributes:
        index: ifIndex.
        name: ifName.
        descr: ifDescr.
        kind: ifType.
        speed: Mbit/s.
        use: What it is connected to; ``spare`` ports have no carrier.
    """

    index: int
    name: str
    descr: str
    kind: int
    speed: int
    use: Literal["wan", "lan", "spare", "virtual"]


@dataclass(frozen=True, slots=True)
class Model:
    """One product as its SNMP agent shows it.

    Attributes:
        product: Maker and product, as people call it.
        role: What it does at a site.
        descr: sysDescr.
        object_id: sysObjectID.
        oui: First three octets of its physical addresses.
        ports: Its interface table.
        extended: Whether it has ifXTable; without it there are no names and only 32-bit counters.
    """

    product: str
    role: Role
    descr: str
    object_id: str
    oui: str
    ports: tuple[Port, ...]
    extended: bool = True


def _row(
    first: int, count: int, name: Callable[[int], str], descr: Callable[[int], str], used: int
) -> tuple[Port, ...]:
    """Ethernet ports numbered from 1, of which the first ``used`` carry traffic."""
    return tuple(
        Port(first + n, name(n + 1), descr(n + 1), ETHERNET, 1000, "lan" if n < used else "spare") for n in range(count)
    )


def _uplinked(ports: tuple[Port, ...], at: int) -> tuple[Port, ...]:
    """The ports with the one at position ``at`` facing the provider or the next device up."""
    chosen = ports[at]
    wan = Port(chosen.index, chosen.name, chosen.descr, chosen.kind, chosen.speed, "wan")
    return (*ports[:at], wan, *ports[at + 1 :])


def _virtual(index: int, name: str, descr: str, kind: int, speed: int = 1000) -> Port:
    return Port(index, name, descr, kind, speed, "virtual")


_MIKROTIK_PORTS: Final = _uplinked(_row(1, 5, "ether{}".format, "ether{}".format, used=3), at=0)
_CISCO_ROUTER_PORTS: Final = _uplinked(
    _uplinked(_row(1, 4, "Gi0/0/{}".format, "GigabitEthernet0/0/{}".format, used=4), at=0), at=1
)
_H3C_PORTS: Final = _row(1, 24, "GigabitEthernet1/0/{}".format, "GigabitEthernet1/0/{}".format, used=6)
_HUAWEI_PORTS: Final = _row(6, 24, "GigabitEthernet0/0/{}".format, "GigabitEthernet0/0/{}".format, used=7)
_RUIJIE_PORTS: Final = _row(1, 8, "Gi0/{}".format, "GigabitEthernet 0/{}".format, used=4)
_CATALYST_PORTS: Final = _row(10_101, 24, "Gi1/0/{}".format, "GigabitEthernet1/0/{}".format, used=12)

CISCO_ROUTER: Final = Model(
    "Cisco ISR 4331",
    "router",
    "Cisco IOS Software [Fuji], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.9.8, RELEASE SOFTWARE (fc4)",
    "1.3.6.1.4.1.9.1.2068",
    "70:6b:b9",
    (
        *_CISCO_ROUTER_PORTS,
        _virtual(5, "Nu0", "Null0", SOFTWARE, 10_000),
        _virtual(6, "Lo0", "Loopback0", LOOPBACK, 8_000),
    ),
)
CATALYST: Final = Model(
    "Cisco Catalyst 2960X",
    "switch",
    "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E8, RELEASE SOFTWARE (fc2)",
    "1.3.6.1.4.1.9.1.1208",
    "70:6b:b9",
    (
        _virtual(1, "Vl1", "Vlan1", VLAN),
        *_uplinked(_CATALYST_PORTS, at=23),
        Port(10_125, "Gi1/0/25", "GigabitEthernet1/0/25", ETHERNET, 1000, "spare"),
        _virtual(14_501, "Nu0", "Null0", SOFTWARE, 10_000),
    ),
)
LINUX_SERVER: Final = Model(
    "Debian server",
    "server",
    "Linux mot-cua 6.1.0-28-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 x86_64",
    "1.3.6.1.4.1.8072.3.2.10",
    "52:54:00",
    (
        _virtual(1, "lo", "lo", LOOPBACK, 10),
        Port(2, "eno1", "eno1", ETHERNET, 1000, "wan"),
        Port(3, "eno2", "eno2", ETHERNET, 1000, "spare"),
        _virtual(4, "br0", "br0", ETHERNET),
        _virtual(5, "wg0", "wg0", SOFTWARE, 0),
    ),
)
_MIKROTIK: Final = Model(
    "MikroTik hEX S",
    "router",
    "RouterOS RB760iGS",
    "1.3.6.1.4.1.14988.1",
    "48:a9:8a",
    (*_MIKROTIK_PORTS, Port(6, "sfp1", "sfp1", ETHERNET, 1000, "spare"), _virtual(7, "bridge", "bridge", BRIDGE)),
)
_DRAYTEK: Final = Model(
    "DrayTek Vigor2926",
    "router",
    "DrayTek Corporation, Router Model: Vigor2926 Series, Version: 3.9.9.2, Build Date/Time:Apr 11 2023 09:41:12",
    "1.3.6.1.4.1.7367",
    "14:49:bc",
    (
        Port(1, "LAN1", "LAN1", ETHERNET, 1000, "lan"),
        Port(4, "WAN1", "WAN1", ETHERNET, 1000, "wan"),
        Port(5, "WAN2", "WAN2", ETHERNET, 1000, "spare"),
        Port(20, "WLAN 2.4G", "WLAN 2.4G", WIRELESS, 300, "lan"),
        Port(21, "WLAN 5G", "WLAN 5G", WIRELESS, 866, "lan"),
    ),
    extended=False,
)
_RUIJIE_ROUTER: Final = Model(
    "Ruijie EG105G",
    "router",
    "Ruijie Router (RG-EG105G-P V2) By Ruijie Networks",
    "1.3.6.1.4.1.4881.1.1.10.1.150",
    "30:0d:9e",
    (*_uplinked(_RUIJIE_PORTS[:5], at=4), _virtual(4_097, "VLAN 1", "VLAN 1", VLAN)),
)
_HUAWEI: Final = Model(
    "Huawei S5720",
    "switch",
    "S5720-28P-LI-AC\r\nHuawei Versatile Routing Platform Software\r\n"
    " VRP (R) software,Version 5.170 (S5720 V200R019C10SPC500)",
    "1.3.6.1.4.1.2011.2.23.276",
    "f4:79:60",
    (
        _virtual(1, "InLoopBack0", "InLoopBack0", LOOPBACK, 0),
        _virtual(2, "NULL0", "NULL0", SOFTWARE, 0),
        _virtual(4, "Vlanif1", "Vlanif1", VLAN),
        *_uplinked(_HUAWEI_PORTS, at=23),
    ),
)
_H3C: Final = Model(
    "H3C S5130S",
    "switch",
    "H3C Comware Platform Software, Software Version 7.1.070, Release 6318P01\r\nH3C S5130S-28S-LI",
    "1.3.6.1.4.1.25506.11.1.24",
    "58:6a:b1",
    (*_uplinked(_H3C_PORTS, at=23), _virtual(633, "Vlan-interface1", "Vlan-interface1", VLAN)),
)
_RUIJIE_SWITCH: Final = Model(
    "Ruijie ES208GC",
    "switch",
    "Ruijie Gigabit Access Switch (RG-ES208GC) By Ruijie Networks",
    "1.3.6.1.4.1.4881.1.1.10.1.150",
    "30:0d:9e",
    (*_uplinked(_RUIJIE_PORTS, at=7), _virtual(4_097, "VLAN 1", "VLAN 1", VLAN)),
)
_UNIFI: Final = Model(
    "UniFi U6 Lite",
    "ap",
    "U6-Lite 6.6.77.15402",
    "1.3.6.1.4.1.41112",
    "78:45:58",
    (
        _virtual(1, "lo", "lo", LOOPBACK, 10),
        Port(2, "eth0", "eth0", ETHERNET, 1000, "wan"),
        Port(3, "wifi0", "wifi0", WIRELESS, 300, "lan"),
        Port(4, "wifi1", "wifi1", WIRELESS, 1200, "lan"),
        _virtual(5, "br0", "br0", BRIDGE),
        Port(6, "ath0", "ath0", WIRELESS, 300, "lan"),
        Port(7, "ath1", "ath1", WIRELESS, 1200, "lan"),
    ),
)
_UPS: Final = Model(
    "APC Smart-UPS",
    "ups",
    "APC Web/SNMP Management Card (MB:v4.3.4 PF:v7.1.2 PN:apc_hw21_aos_712.bin AF1:v7.1.2 MN:AP9640 HR:00)",
    "1.3.6.1.4.1.318.1.3.27",
    "28:29:86",
    (_virtual(1, "lo0", "lo0", LOOPBACK, 10), Port(2, "eth0", "veya", ETHERNET, 100, "wan")),
)

OFFICE_MODELS: Final = (CISCO_ROUTER, CATALYST, LINUX_SERVER)
POINT_ROUTERS: Final = (_MIKROTIK, _MIKROTIK, _DRAYTEK, _RUIJIE_ROUTER)
POINT_SWITCHES: Final = (_HUAWEI, _H3C, _RUIJIE_SWITCH)
POINT_EXTRAS: Final = (_UNIFI, _UNIFI, _UPS)
