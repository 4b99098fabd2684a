"""The engines, opened on demand: an address and credentials become a Session."""

import asyncio
import socket
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from model.hosts import is_address
from model.inventory import Credentials, SnmpPolling
from model.measurement import Reason
from monitor.snmp.channel import Channel, not_possible
from monitor.snmp.codec import Bench
from monitor.snmp.gufo import CommunityWire, SecureWire
from monitor.snmp.keys import UserKeys, community_of
from monitor.snmp.session import NotPossibleError, Session, SnmpError, Wire

_Address = tuple[socket.AddressFamily, tuple[str | int, ...]]


class Engines:
    """Opens sessions. One for the whole process: agents that share credentials share their expanded keys."""

    def __init__(self) -> None:
        self._bench: Bench | None = None
        self._keys: dict[Credentials, UserKeys] = {}

    async def open(self, address: str, polling: SnmpPolling, credentials: Credentials) -> Session:
        """Open a session with the agent at a name or address. Nothing is sent yet.

        Raises:
            NotPossibleError: UNRESOLVED for a name without an address; LOCAL for a lack of descriptors, or for
                credentials that miss a part.
        """
        family, socket_address = await _resolve(address, polling.port)
        wire = self._wire(family, socket_address, polling, credentials)
        return Session(wire, polling.timeout, polling.retries)

    def close(self) -> None:
        """Give back what sessions share. Sessions are closed by their owners, before."""
        if self._bench is not None:
            self._bench.close()

    def _wire(
        self,
        family: socket.AddressFamily,
        address: tuple[str | int, ...],
        polling: SnmpPolling,
        credentials: Credentials,
    ) -> Wire:
        if polling.engine == "pysnmp":
            wire: Wire = _pysnmp().PysnmpWire(family, address, credentials)
            return wire
        if self._bench is None:
            self._bench = Bench()
        make = self._gufo_wire(self._bench, credentials)
        channel = Channel(family, address)
        try:
            return make(channel)
        except SnmpError:
            channel.close()
            raise

    def _gufo_wire(self, bench: Bench, credentials: Credentials) -> Callable[[Channel], Wire]:
        if credentials.version == "3":
            keys = self._keys_of(credentials)
            return lambda channel: SecureWire(bench, channel, keys)
        version, community = 0 if credentials.version == "1" else 1, community_of(credentials)
        return lambda channel: CommunityWire(bench, channel, version, community)

    def _keys_of(self, credentials: Credentials) -> UserKeys:
        keys = self._keys.get(credentials)
        if keys is None:
            keys = self._keys[credentials] = UserKeys(credentials)
        return keys


def _pysnmp() -> ModuleType:
    # Imported where an agent needs it: it takes 23 MB, a seventh of what a ward may take.
    try:
        return import_module("monitor.snmp.pysnmp")
    except OSError as error:  # no descriptor is left to read it by
        raise not_possible(error) from error


async def _resolve(host: str, port: int) -> _Address:
    if not is_address(host):
        return await _look_up(host, port)
    return (socket.AF_INET6 if ":" in host else socket.AF_INET), (host, port)


async def _look_up(host: str, port: int) -> _Address:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not a host name"
        raise NotPossibleError(Reason.UNRESOLVED, f"{host} has no address: {said}") from error
    family, _, _, _, address = found[0]
    return family, tuple(part for part in address if isinstance(part, (str, int)))
