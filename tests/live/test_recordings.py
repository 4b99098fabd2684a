"""Recordings of real equipment: exactly the interface facts that they hold, from either engine."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from model.inventory import Credentials
from model.measurement import SnmpReading
from tests.peers.snmp_recordings import DEVICES, column, missing_tools, read_recording, recordings, serving
from tests.peers.snmp_sessions import Engine, MakePoller

pytestmark = [pytest.mark.recordings, pytest.mark.skipif(bool(missing_tools()), reason=missing_tools() or "-")]

IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
# Written down from RFC 2863 once more, so that a slip in the table of columns is found.
WORD = {"ifMtu": 4, "ifSpeed": 5, "ifAdminStatus": 7, "ifOperStatus": 8, "ifLastChange": 9}
WORD |= {"ifInDiscards": 13, "ifInErrors": 14, "ifOutDiscards": 19, "ifOutErrors": 20}
WORD_X = {"ifHighSpeed": 15, "ifCounterDiscontinuityTime": 19}
LONG = {"ifHCInOctets": 6, "ifHCInUcastPkts": 7, "ifHCInMulticastPkts": 8, "ifHCInBroadcastPkts": 9}
LONG |= {"ifHCOutOctets": 10, "ifHCOutUcastPkts": 11, "ifHCOutMulticastPkts": 12, "ifHCOutBroadcastPkts": 13}
INSTEAD = {"ifInOctets": 10, "ifInUcastPkts": 11, "ifOutOctets": 16, "ifOutUcastPkts": 17}
SMALL = 40  # interfaces, above which the slow engine is spared

Cells = Mapping[str, int | bytes | str]


@pytest.fixture(scope="module")
def responder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port where every recording answers to its name as the community."""
    with serving(tmp_path_factory.mktemp("recordings"), recordings()) as port:
        yield port


async def poll(make_poller: MakePoller, port: int, engine: Engine, name: str, version: str = "2c") -> SnmpReading:
    """One poll of a recording."""
    credentials = Credentials.model_validate({"version": version, "community": name})
    outcome = await make_poller(port, engine, credentials, timeout="3s", retries=1).poll()
    assert isinstance(outcome, SnmpReading), outcome
    return outcome


def expected_interfaces(cells: Cells, *, wide: bool = True) -> dict[int, dict[str, Any]]:
    """IfIndex → what a poll must give, straight from the recording."""
    descr, name, alias = column(cells, f"{IF}.2"), column(cells, f"{IFX}.1"), column(cells, f"{IFX}.18")
    kind, address = column(cells, f"{IF}.3"), column(cells, f"{IF}.6")
    return {
        index: {
            "name": plain(name.get(index)) or plain(descr.get(index)) or f"if{index}",
            "descr": plain(descr.get(index)),
            "alias": plain(alias.get(index)),
            "kind": kind.get(index) if isinstance(kind.get(index), int) else None,
            "physical_address": octets(address.get(index)).hex(":"),
            "cells": expected_cells(cells, index, wide=wide),
        }
        for index in sorted(descr.keys() | name.keys() | kind.keys())
    }


def expected_cells(cells: Cells, index: int, *, wide: bool) -> dict[str, int]:
    """What the value columns hold for one interface."""
    found = _numbers(cells, IF, WORD, index, 2**32) | _numbers(cells, IFX, WORD_X, index, 2**32)
    if wide:
        found |= _numbers(cells, IFX, LONG, index, 2**64)
    instead = _numbers(cells, IF, INSTEAD, index, 2**32)
    return found | {name: value for name, value in instead.items() if f"ifHC{name[2:]}" not in found}


def _numbers(cells: Cells, table: str, columns: Mapping[str, int], index: int, limit: int) -> dict[str, int]:
    values = {name: cells.get(f"{table}.{arc}.{index}") for name, arc in columns.items()}
    return {name: value for name, value in values.items() if isinstance(value, int) and 0 <= value < limit}


def plain(value: object) -> str:
    """Octets as text."""
    return value.decode("utf-8", "replace").replace("\0", "")[:255] if isinstance(value, bytes) else ""


def octets(value: object) -> bytes:
    """Octets, none for another type."""
    return value if isinstance(value, bytes) else b""


def read_interfaces(reading: SnmpReading) -> dict[int, dict[str, Any]]:
    """The same form from a reading; the index that tells twins apart is taken off their names."""
    return {
        interface.index: {
            "name": interface.name.removesuffix(f"#{interface.index}"),
            "descr": interface.descr,
            "alias": interface.alias,
            "kind": interface.kind,
            "physical_address": interface.physical_address,
            "cells": dict(interface.cells),
        }
        for interface in reading.interfaces
    }


def read_ports(path: Path) -> list[dict[str, Any]]:
    """The interfaces that another monitoring system read."""
    ports: list[dict[str, Any]] = json.loads(path.read_text()).get("ports", {}).get("ports", [])
    return ports


@pytest.mark.parametrize("recording", recordings(), ids=lambda path: path.stem)
async def test_a_poll_gives_what_the_recording_holds(responder: int, make_poller: MakePoller, recording: Path) -> None:
    """Every interface once, each value equal to the recording, and the system group with them."""
    cells = read_recording(recording)
    reading = await poll(make_poller, responder, "gufo", recording.stem)
    assert read_interfaces(reading) == expected_interfaces(cells)
    assert len({interface.name for interface in reading.interfaces}) == len(reading.interfaces)
    assert reading.uptime_ticks == cells.get("1.3.6.1.2.1.1.3.0")
    assert reading.system.name == plain(cells.get("1.3.6.1.2.1.1.5.0"))
    assert reading.system.object_id == cells.get("1.3.6.1.2.1.1.2.0", "")
    assert reading.missing == {}


@pytest.mark.parametrize("recording", recordings(), ids=lambda path: path.stem)
async def test_the_other_engine_reads_the_same(responder: int, make_poller: MakePoller, recording: Path) -> None:
    """What pysnmp reads of a device is what gufo-snmp reads."""
    if len(expected_interfaces(read_recording(recording))) > SMALL:
        pytest.skip(f"more than {SMALL} interfaces: too slow for this engine in a test")
    one = await poll(make_poller, responder, "gufo", recording.stem)
    other = await poll(make_poller, responder, "pysnmp", recording.stem)
    assert (one.system, one.interfaces, one.uptime_ticks) == (other.system, other.interfaces, other.uptime_ticks)


@pytest.mark.parametrize("recording", recordings(), ids=lambda path: path.stem)
async def test_version_1_gives_what_it_can_carry(responder: int, make_poller: MakePoller, recording: Path) -> None:
    """Over SNMPv1 the 64-bit columns are absent, their 32-bit ones stand in, and all else is the same."""
    cells = read_recording(recording)
    if len(expected_interfaces(cells)) > SMALL:
        pytest.skip(f"more than {SMALL} interfaces: GETNEXT alone would walk for long")
    reading = await poll(make_poller, responder, "gufo", recording.stem, "1")
    assert read_interfaces(reading) == expected_interfaces(cells, wide=False)


@pytest.mark.parametrize("expected", sorted(DEVICES.glob("expected/*.json")), ids=lambda path: path.stem)
async def test_another_monitor_saw_the_same(responder: int, make_poller: MakePoller, expected: Path) -> None:
    """Where another monitoring system has read the same recording, index, names and counters agree with it."""
    ports = read_ports(expected)
    reading = await poll(make_poller, responder, "gufo", expected.stem)
    ours = {interface.index: interface for interface in reading.interfaces}
    compared = 0
    for port in ports:
        interface = ours[port["ifIndex"]]
        for theirs, cell in (("ifMtu", "ifMtu"), ("ifInErrors", "ifInErrors"), ("ifInOctets", "ifHCInOctets")):
            if theirs in port and cell in interface.cells:
                assert interface.cells[cell] == port[theirs], (interface.name, theirs)
                compared += 1
        if "ifPhysAddress" in port:
            assert interface.physical_address.replace(":", "") == port["ifPhysAddress"]
    assert compared or not ports
