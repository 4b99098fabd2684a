"""Agents of makers of whom no recording is at hand: a few cells in the shape of their MIB, with values made up here."""

from collections.abc import Mapping
from typing import NamedTuple

from model.health import DeviceHealth, DeviceIdentity, Measure
from monitor.config.profiles import load_profiles
from monitor.snmp.health import HealthReader
from tests.peers.snmp import (
    SnmpPeer,
    agent_mib,
    counter32,
    gauge32,
    number,
    oid,
    text,
    ticks,
)
from tests.peers.snmp_sessions import MakePoller

OBJECT_ID, DESCR = "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.1.0"
Told = Mapping[tuple[Measure, str], float]


class Agent(NamedTuple):
    """A device, and what it must be understood to say.

    Attributes:
        object_id: Its sysObjectID below 1.3.6.1.4.1.
        descr: Its sysDescr.
        cells: OIDs, each below the first line that ends in a dot, and a value: a number, text, or `g:`, `c:`, `t:` for
            Gauge32, Counter32 and TimeTicks.
        profile: Which profile is meant for it.
        identity: Vendor, model, serial number, firmware.
        told: All that it tells, in base units.
        ports: Names of its interfaces by ifIndex.
    """

    object_id: str
    descr: str
    cells: str
    profile: str
    identity: tuple[str, str, str, str]
    told: Told
    ports: Mapping[int, str] = {1: "eth0"}


def mib_of(agent: Agent) -> dict[str, bytes]:
    """Everything that the agent answers."""
    described = {DESCR: text(agent.descr), OBJECT_ID: oid(f"1.3.6.1.4.1.{agent.object_id}")}
    return agent_mib(agent.ports) | described | dict(_cells(agent.cells))


def _cells(written: str) -> list[tuple[str, bytes]]:
    found, prefix = [], ""
    for line in filter(None, map(str.strip, written.splitlines())):
        name, _, value = line.partition(" ")
        if name.endswith("."):
            prefix = name
        else:
            found.append((prefix + name, _encoded(value.strip())))
    return found


def _encoded(value: str) -> bytes:
    kind, _, rest = value.partition(":")
    coders = {"g": gauge32, "c": counter32, "t": ticks}
    if kind in coders and rest.lstrip("-").isdigit():
        return coders[kind](int(rest))
    return number(int(value)) if value.lstrip("-").isdigit() else text(value.strip('"'))


async def read(agent: Agent, make_poller: MakePoller) -> tuple[DeviceHealth, DeviceHealth]:
    """Two rounds: a survey, and exact cells."""
    async with SnmpPeer(mib_of(agent)) as peer:
        poller = make_poller(peer.port)
        await poller.poll()
        reader = HealthReader(poller, load_profiles())
        rounds = await reader.read(), await reader.read()
    survey, after = rounds
    assert isinstance(survey, DeviceHealth), survey
    assert isinstance(after, DeviceHealth), after
    return survey, after


async def must_be_understood(agent: Agent, make_poller: MakePoller) -> None:
    """The profile, who the device is, and exactly what it tells; in the second round the same, in a few requests."""
    survey, after = await read(agent, make_poller)
    told = {(reading.measure, reading.part): reading.value for reading in survey.readings}
    assert survey.profile == agent.profile
    assert survey.identity == DeviceIdentity(*agent.identity)
    assert {key: round(value, 6) for key, value in told.items()} == agent.told
    assert after.readings == survey.readings
    assert (survey.requests <= 40, after.requests <= 5) == (True, True)
