"""Asking a device once for all that tells what it is, where its way up is, and who is next to it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from model.health_cells import reading_of
from model.measurement import SystemFacts
from model.profile import Profile, chosen
from model.survey import Port, Survey
from model.vendors import vendor_of
from monitor.config.profiles import AUTO
from monitor.enrol import tables
from monitor.enrol.pace import Turn, at_once
from monitor.enrol.tables import Rows
from monitor.snmp.columns import COLUMNS, SYS_DESCR, SYS_LOCATION, SYS_NAME, SYS_OBJECT_ID, SYS_UPTIME
from monitor.snmp.health_survey import Wanted
from monitor.snmp.health_survey import survey as health_survey
from monitor.snmp.identity import Row, decode_text, learn_identity
from monitor.snmp.session import RefusalError, Session, Value

MOST_ROWS: Final = 2_000
"""Of one column: a core switch has learned more stations, and those it is asked for first are enough for a proposal."""

_SERVICES: Final = "1.3.6.1.2.1.1.7.0"
_UPS_SOURCE: Final = "1.3.6.1.2.1.33.1.4.1.0"
_SYSTEM: Final = {"descr": SYS_DESCR, "object_id": SYS_OBJECT_ID, "name": SYS_NAME, "location": SYS_LOCATION}
_ONCE: Final = (_SERVICES, _UPS_SOURCE, tables.ROUTE_PORT, tables.ROUTE_HOP, tables.LLDP_OWN_CHASSIS)
_OID: Final = {column.name: column.oid for column in COLUMNS}
_OCTETS: Final = (("ifHCInOctets", "ifHCOutOctets"), ("ifInOctets", "ifOutOctets"))
_NEXT_TO_IT: Final = (
    *(tables.LLDP_CHASSIS, tables.CDP_NAME, tables.MIKROTIK_ADDRESS, tables.BRIDGE_PORTS),
    *(tables.ARP, tables.OWN_MASKS, tables.CIDR_ROUTE, tables.INET_ROUTE),
)
# Walked only where the column before it has shown that the table is there.
_BEHIND: Final[Mapping[str, Sequence[str]]] = {
    tables.LLDP_CHASSIS: (
        *(column for column in tables.LLDP_COLUMNS if column != tables.LLDP_CHASSIS),
        *(tables.LLDP_ADDRESS, tables.LLDP_LOCAL_SUBTYPE, tables.LLDP_LOCAL_ID),
    ),
    tables.CDP_NAME: (tables.CDP_ADDRESS, tables.CDP_PORT),
    tables.MIKROTIK_ADDRESS: (tables.MIKROTIK_MAC, tables.MIKROTIK_NAME, tables.MIKROTIK_PORT),
    tables.BRIDGE_PORTS: (tables.STATIONS, tables.STATIONS_BY_VLAN),
}
_UP: Final = 1


async def survey(session: Session, profiles: Mapping[str, Profile]) -> Survey:
    """All of a device that is told; what it has not got is empty.

    Args:
        session: With the device.
        profiles: By which its vendor, model, serial number and firmware are read.

    Raises:
        SnmpError: It did not answer.
    """
    identity = await learn_identity(session, MOST_ROWS)
    made, cells = await health_survey(session, Wanted(profiles, AUTO, identity.system, {}))
    readings = (reading_of(row, cells) for row in made.rows)
    scalars = await _scalars(session, _ONCE)
    walked: dict[str, Rows] = {}
    for column in _NEXT_TO_IT:
        walked[column] = await _walk(session, column)
        for further in _BEHIND.get(column, ()) if walked[column] else ():
            walked[further] = await _walk(session, further)
    if not walked[tables.ARP]:
        walked[tables.NEIGHBOUR_CACHE] = await _walk(session, tables.NEIGHBOUR_CACHE)
    ports = await _ports(session, identity.rows)
    services = scalars.get(_SERVICES)
    return Survey(
        system=identity.system,
        services=services if isinstance(services, int) else None,
        is_ups=_UPS_SOURCE in scalars,
        vendor=made.identity.vendor or vendor_of(identity.system.object_id),
        profile=made.name,
        measures=frozenset(reading.measure for reading in readings if reading is not None),
        facts={key: text for key in ("model", "serial", "firmware") if (text := getattr(made.identity, key))},
        ports=ports,
        networks=tables.networks(walked[tables.OWN_MASKS]),
        chassis=tables.mac(scalars.get(tables.LLDP_OWN_CHASSIS)),
        gateways=tables.gateways(scalars, walked),
        neighbours=(*tables.lldp(walked, _names(ports)), *tables.cdp(walked), *tables.mikrotik(walked)),
        arp=tables.arp(walked),
        stations=tables.stations(walked),
    )


async def recognise(session: Session, profiles: Mapping[str, Profile], turn: Turn = at_once) -> Survey:
    """What a device is, without its ports and neighbours: a few cells.

    Args:
        session: With the device.
        profiles: By which its vendor is known.
        turn: Waits until a question may leave, where many devices are asked together.

    Raises:
        SnmpError: It did not answer.
    """
    told = await _scalars(session, (*_SYSTEM.values(), _SERVICES, _UPS_SOURCE), turn)
    texts = {key: decode_text(told.get(oid)) for key, oid in _SYSTEM.items()}
    system, services = SystemFacts(**texts, contact=""), told.get(_SERVICES)
    profile = profiles.get(chosen(profiles, system, ()))
    return Survey(
        system=system,
        services=services if isinstance(services, int) else None,
        is_ups=_UPS_SOURCE in told,
        vendor=(profile.vendor if profile else "") or vendor_of(system.object_id),
    )


async def _scalars(session: Session, oids: Sequence[str], turn: Turn = at_once) -> dict[str, Value]:
    await turn()
    with suppress(RefusalError):
        return await session.get_many(oids)
    found: dict[str, Value] = {}
    for oid in oids:  # each alone: an old agent fails on all for one that it has not got
        await turn()
        with suppress(RefusalError):
            found |= await session.get_many((oid, SYS_UPTIME))
    return found


async def _walk(session: Session, column: str) -> Rows:
    try:
        rows, _ = await session.walk(column, MOST_ROWS)
    except RefusalError:
        return ()
    return rows


async def _ports(session: Session, rows: Sequence[Row]) -> tuple[Port, ...]:
    statuses = dict(await _walk(session, _OID["ifOperStatus"]))
    received: dict[str, Value] = {}
    sent: dict[str, Value] = {}
    for inwards, outwards in _OCTETS if rows else ():
        received, sent = dict(await _walk(session, _OID[inwards])), dict(await _walk(session, _OID[outwards]))
        if received:
            break
    return tuple(_port(row, statuses.get(str(row.index)), _sum(received, sent, str(row.index))) for row in rows)


def _port(row: Row, status: Value | None, octets: int | None) -> Port:
    is_up = status == _UP if isinstance(status, int) else None
    return Port(row.index, row.name, row.descr, row.alias, row.kind, row.physical_address, is_up, octets)


def _sum(received: Mapping[str, Value], sent: Mapping[str, Value], index: str) -> int | None:
    told = [value for value in (received.get(index), sent.get(index)) if isinstance(value, int)]
    return sum(told) if told else None


def _names(ports: Sequence[Port]) -> dict[str, int]:
    """The ifIndex by everything that a port may be called; the ifName counts most."""
    named: dict[str, int] = {}
    for attribute in ("mac", "alias", "descr", "name"):
        named |= {text: port.index for port in ports if (text := getattr(port, attribute))}
    return named
