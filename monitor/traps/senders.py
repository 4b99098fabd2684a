"""Who may be heard: the devices of the inventory by the addresses that their traps come from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Final, Protocol

from model.hosts import is_address
from model.inventory import Credentials, Device, Inventory
from model.rate import Bucket, Rate
from monitor.traps.teller import Teller

SENDER_RATE: Final = Rate(interval=0.2, burst=100)
"""How often one sender may say something: many times at once, for a switch that loses its uplink tells of each port."""


class SecureUser(Protocol):
    """A user of SNMPv3; ``monitor.traps.users.User`` is one."""

    name: bytes


@dataclass(slots=True)
class Sender:
    """An address that traps come from.

    Attributes:
        devices: Whose it is, site and device; several behind one NAT.
        communities: That they may speak with, under versions 1 and 2c.
        users: That they may speak as, under version 3, by security name.
        bucket: How much they may say.
        teller: How often the log tells of what they do wrong.
    """

    devices: tuple[tuple[str, Device], ...] = ()
    communities: frozenset[bytes] = frozenset()
    users: dict[bytes, tuple[SecureUser, ...]] = field(default_factory=dict)
    bucket: Bucket = field(default_factory=Bucket)
    teller: Teller = field(default_factory=Teller)

    def meant(self, agent: str) -> tuple[tuple[str, Device], ...]:
        """Whom a message is about: where its agent gives its own address, the device that has that; else all."""
        named = tuple(one for one in self.devices if agent and agent in _literal(one[1]))
        return named or self.devices


Senders = Mapping[str, Sender]
"""By address, as the kernel spells it, without a zone."""


def senders_of(
    inventory: Inventory,
    addresses: Mapping[str, str],
    users: Mapping[str, SecureUser],
    before: Senders,
) -> dict[str, Sender]:
    """Everybody who may be heard.

    Args:
        inventory: Names them.
        addresses: Of the devices that are known by a name: address by name.
        users: The users of SNMPv3 by the name of their credentials.
        before: As it was; who stays keeps the bucket.
    """
    devices: dict[str, list[tuple[str, Device]]] = {}
    for site, device in inventory.devices():
        for address in dict.fromkeys(_sources(device, addresses)):
            devices.setdefault(address, []).append((site.id, device))
    return {address: _sender(inventory, tuple(those), users, before.get(address)) for address, those in devices.items()}


def names_in(inventory: Inventory) -> list[str]:
    """The devices' addresses that are names, which have to be looked up."""
    return [device.address for _, device in inventory.devices() if not is_address(device.address)]


def plain(address: str) -> str:
    """An address as the inventory spells it: without its zone, and of IPv4 also where the socket is of IPv6."""
    address = address.partition("%")[0]
    return address.removeprefix("::ffff:") if "." in address else address


def _sources(device: Device, addresses: Mapping[str, str]) -> Iterator[str]:
    yield from device.trap_sources
    if is_address(device.address):
        yield from _literal(device)
    elif device.address in addresses:
        yield plain(addresses[device.address])


def _literal(device: Device) -> tuple[str, ...]:
    if not is_address(device.address):
        return ()
    address = ip_address(device.address.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (str(mapped or address),)


def _sender(
    inventory: Inventory,
    devices: tuple[tuple[str, Device], ...],
    users: Mapping[str, SecureUser],
    before: Sender | None,
) -> Sender:
    allowed = dict.fromkeys(inventory.traps.credentials if inventory.traps else ())
    allowed |= dict.fromkeys(device.snmp.credentials for _, device in devices if device.snmp)
    communities = frozenset(_communities(inventory.credentials[name] for name in allowed))
    mine: dict[bytes, tuple[SecureUser, ...]] = {}
    for user in (users[name] for name in allowed if name in users):
        mine[user.name] = (*mine.get(user.name, ()), user)
    if before is None:
        return Sender(devices, communities, mine)
    return Sender(devices, communities, mine, before.bucket, before.teller)


def _communities(credentials: Iterator[Credentials]) -> Iterator[bytes]:
    return (each.community.get_secret_value().encode() for each in credentials if each.community is not None)
