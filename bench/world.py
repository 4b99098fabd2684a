"""Inventories of any size whose devices all stand on the responder, and what a poll of them says."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from model.inventory import Inventory
from model.measurement import InterfaceReading, Measurement, ProbeKind, SnmpReading, Subject, SystemFacts

PER_SITE: Final = 3
_FIRST_ADDRESS: Final = 127 << 24 | 16 << 16 | 1


def address(number: int) -> str:
    """The address of a device of loopback, counted from 0."""
    value = _FIRST_ADDRESS + number
    return ".".join(str(value >> shift & 0xFF) for shift in (24, 16, 8, 0))


def device_id(number: int) -> str:
    """The id of a device."""
    return f"device-{number}"


def site_id(number: int) -> str:
    """The id of the site that a device or link belongs to."""
    return f"site-{number // PER_SITE}"


def polled(devices: int, port: int = 161, *, interval: float = 60.0, engine: str = "gufo") -> Inventory:
    """So many devices, three to a site, all polled over SNMPv2c each ``interval`` seconds."""
    return _with_devices(devices, {"snmp": _polling(port, interval, engine), "icmp": False})


def polled_and_pinged(devices: int, port: int, snmp_interval: float, icmp_interval: float) -> Inventory:
    """The same, and all are pinged, too."""
    icmp = {"interval": f"{icmp_interval}s"}
    return _with_devices(devices, {"snmp": _polling(port, snmp_interval, "gufo"), "icmp": icmp})


def _polling(port: int, interval: float, engine: str) -> dict[str, object]:
    return {"credentials": "v2", "port": port, "interval": f"{interval}s", "engine": engine}


def pinged(devices: int) -> Inventory:
    """So many devices, three to a site, all pinged."""
    return _with_devices(devices, {})


def _with_devices(devices: int, probing: dict[str, object]) -> Inventory:
    sites: dict[str, list[dict[str, object]]] = {}
    for number in range(devices):
        device: dict[str, object] = {"id": device_id(number), "address": address(number), "role": "switch"}
        sites.setdefault(site_id(number), []).append(device | probing)
    return _inventory([{"id": name, "devices": members} for name, members in sites.items()])


def linked(links: int, target: str) -> Inventory:
    """So many links, three to a site, all probed at one target each second."""
    sites: dict[str, list[dict[str, object]]] = {}
    for number in range(links):
        sites.setdefault(site_id(number), []).append({"id": f"link-{number}", "target": target, "interval": "1s"})
    return _inventory([{"id": name, "links": members} for name, members in sites.items()])


def served(services: int, service: Mapping[str, object]) -> Inventory:
    """One site with so many services, all alike."""
    return _inventory([{"id": "site", "services": [{"id": f"service-{n}", **service} for n in range(services)]}])


def _inventory(sites: list[dict[str, object]]) -> Inventory:
    credentials = {"v2": {"version": "2c", "community": "public"}}
    return Inventory.model_validate({"ward": {"id": "bench"}, "credentials": credentials, "sites": sites})


def subject(number: int) -> Subject:
    """What a measurement of a device is about."""
    return Subject("device", device_id(number), site_id(number), address(number))


def poll(number: int, interfaces: int, columns: tuple[str, ...], count: int) -> Measurement:
    """A poll that went well; ``count`` moves its counters."""
    rows = tuple(_interface(index, columns, count) for index in range(1, interfaces + 1))
    facts = SystemFacts("An agent that only answers fast", "1.3.6.1.4.1.8072.3.2.10", "bench", "bench", "bench")
    reading = SnmpReading(30_000_000 + count, facts, rows, 2, 0, interfaces * len(columns) + 1)
    return Measurement(subject(number), ProbeKind.SNMP, datetime.now(UTC), 0.0021, reading)


def _interface(index: int, columns: tuple[str, ...], count: int) -> InterfaceReading:
    cells = {column: index * 7_000_000_000 + count if column.startswith("ifHC") else 1 for column in columns}
    names = (f"Gi1/0/{index}", f"GigabitEthernet1/0/{index}", f"to room {index}")
    return InterfaceReading(index, *names, 6, f"02:00:00:00:00:{index:02x}", cells)
