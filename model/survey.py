"""What a device has told about itself, its ports and its neighbours, when it was asked once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from model.health import Measure
from model.measurement import SystemFacts

Witness = Literal["lldp", "cdp", "mikrotik"]
"""The table that names a neighbour: LLDP-MIB (IEEE 802.1AB), CISCO-CDP-MIB, MIKROTIK-MIB."""


@dataclass(frozen=True, slots=True)
class Port:
    """One interface.

    Attributes:
        index: ifIndex.
        name: As the inventory names it.
        descr: ifDescr.
        alias: ifAlias.
        kind: ifType.
        mac: Lower-case hex with colons; empty where it has none.
        is_up: By ifOperStatus; ``None`` where it is not told.
        octets: Received and sent so far; ``None`` where they are not counted.
    """

    index: int
    name: str
    descr: str = ""
    alias: str = ""
    kind: int | None = None
    mac: str = ""
    is_up: bool | None = None
    octets: int | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Who is at the other end of a port.

    Attributes:
        port: Our ifIndex; ``None`` where the table does not tell which.
        witness: Which table says so.
        name: Its sysName, as far as it is told.
        mac: Its chassis or address, lower-case hex with colons; empty where it is not told.
        addresses: At which it is managed.
        far_port: Its own name of its end.
    """

    port: int | None
    witness: Witness
    name: str = ""
    mac: str = ""
    addresses: tuple[str, ...] = ()
    far_port: str = ""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A default route: the next hop, and the ifIndex by which it is reached, 0 where that is not told."""

    address: str
    port: int = 0


@dataclass(frozen=True, slots=True)
class Survey:
    """All of one device.

    Attributes:
        system: The system group.
        services: sysServices (RFC 3418): 2^(layer - 1) for each layer that it serves; ``None`` where it is not told.
        is_ups: Whether it answers UPS-MIB (RFC 1628).
        vendor: Who made it, empty where that is not known.
        profile: The name of the profile by which its health is read; empty where that was not looked for.
        facts: ``model``, ``serial``, ``firmware``: what is told of them.
        measures: What it tells of its health by that profile.
        ports: In order of ifIndex.
        networks: Its own addresses with their prefix length.
        chassis: Its hardware address as LLDP gives it to its neighbours; empty where it does not.
        gateways: Its default routes.
        neighbours: By LLDP, CDP and the like.
        arp: Address to hardware address and ifIndex (IP-MIB, RFC 4293).
        stations: Hardware address to the ifIndex behind which a bridge has seen it (BRIDGE-MIB, RFC 4188).
    """

    system: SystemFacts
    services: int | None = None
    is_ups: bool = False
    vendor: str = ""
    profile: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    measures: frozenset[Measure] = frozenset()
    ports: tuple[Port, ...] = ()
    networks: tuple[str, ...] = ()
    chassis: str = ""
    gateways: tuple[Gateway, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    arp: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    stations: Mapping[str, int] = field(default_factory=dict)

    def port(self, index: int | None) -> Port | None:
        """The port with an ifIndex."""
        return next((port for port in self.ports if port.index == index), None)
