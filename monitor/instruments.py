"""What probes measure with: the shared instruments, and those that remember something between two runs."""

from typing import NamedTuple

from model.inventory import Credentials, Device, DnsQuery, Inventory, Service, SnmpPolling
from model.measurement import (
    DnsReading,
    EchoReading,
    Failure,
    ProbeKind,
    Reading,
    SnmpReading,
    StampReading,
    TcpReading,
)
from model.stamp import PORT
from model.target import Target
from monitor.probes import dns, tcp
from monitor.probes.counters import PacketCounters
from monitor.probes.expression import Expressions
from monitor.probes.http import HttpProber
from monitor.probes.http_request import HttpRequest
from monitor.probes.icmp import Pinger
from monitor.probes.stamp import StampSession
from monitor.resolve import NameService, Resolver
from monitor.snmp.engines import Engines
from monitor.snmp.explain import Explanation, explain_poll
from monitor.snmp.poller import DevicePoller
from monitor.snmp.session import Session

_StampKey = tuple[str, int | None, str | None]
_PollerKey = tuple[str, SnmpPolling, Credentials]


class _StampEnd(NamedTuple):
    """The session with a reflector, and the address that its name had when it began."""

    address: str
    session: StampSession


class Instruments:
    """Everything that probes measure with.

    A STAMP session keeps its sequence numbers and a poller its device's identity, so both outlast a reload as long as
    something still uses them.
    """

    def __init__(self) -> None:
        self.names = NameService()
        self.resolver = Resolver(self.names)
        self._pinger = Pinger()
        self._expressions = Expressions()
        self._http = HttpProber(self.names, self._expressions)
        self._engines = Engines()
        self._stamp: dict[_StampKey, _StampEnd] = {}
        self._ended = PacketCounters()  # of STAMP sessions that are over
        self._pollers: dict[_PollerKey, DevicePoller] = {}
        self._signs: dict[_PollerKey, DevicePoller] = {}  # a sign of life does not queue behind the tries of a poll

    async def close(self) -> None:
        """Give back every socket. Runs under way end as failures."""
        self._pinger.close()
        for end in self._stamp.values():
            end.session.close()
        for poller in (*self._pollers.values(), *self._signs.values()):
            poller.close()
        self._engines.close()
        self._http.close()
        await self.resolver.close()

    def retain(self, inventory: Inventory) -> None:
        """Close what no link and no device of this inventory needs any more."""
        ends = {(target.host, target.port, link.source) for _, link in inventory.links() for target in link.targets}
        agents = {
            (device.address, device.snmp, inventory.credentials[device.snmp.credentials])
            for _, device in inventory.devices()
            if device.snmp
        }
        for key in self._stamp.keys() - ends:
            self._end(self._stamp.pop(key))
        for pollers in (self._pollers, self._signs):
            for agent in pollers.keys() - agents:
                pollers.pop(agent).close()

    def replies(self) -> dict[ProbeKind, PacketCounters]:
        """What became of the packets that the timed probes have sent, those of ended sessions among them."""
        stamp = sum((end.session.counters for end in self._stamp.values()), self._ended)
        return {ProbeKind.ICMP: self._pinger.counters, ProbeKind.STAMP: stamp}

    def refresh_identities(self) -> None:
        """Have every device walked anew at its next poll."""
        for poller in self._pollers.values():
            poller.refresh_identity()

    async def ping(self, host: str, timeout: float, source: str | None = None) -> EchoReading | Failure:
        """One ICMP echo to a name or address."""
        address = await self.resolver.address(host)
        if isinstance(address, Failure):
            return address
        return await self._pinger.ping(address, timeout=timeout, source=source)

    async def stamp(self, target: Target, timeout: float, source: str | None) -> StampReading | Failure:
        """One STAMP packet to a reflector."""
        address = await self.resolver.address(target.host)
        if isinstance(address, Failure):
            return address
        return await self._stamp_session(target, address, source).probe(timeout)

    def _stamp_session(self, target: Target, address: str, source: str | None) -> StampSession:
        key = (target.host, target.port, source)
        end = self._stamp.get(key)
        if end is None or end.address != address:
            if end is not None:  # the name has moved to another address
                self._end(end)
            end = self._stamp[key] = _StampEnd(address, StampSession(address, target.port or PORT, source))
        return end.session

    def _end(self, end: _StampEnd) -> None:
        end.session.close()
        self._ended += end.session.counters

    async def connect(self, target: Target, timeout: float, source: str | None) -> TcpReading | Failure:
        """One TCP handshake."""
        address = await self.resolver.address(target.host)
        if isinstance(address, Failure):
            return address
        return await tcp.connect(address, target.port or 0, timeout=timeout, source=source)

    async def fetch(self, request: HttpRequest, timeout: float) -> Reading | Failure:
        """One HTTP exchange."""
        return await self._http.fetch(request, timeout)

    async def look_up(self, service: Service, asked: DnsQuery) -> DnsReading | Failure:
        """One DNS query."""
        host, _ = dns.server_of(asked)
        address = await self.resolver.address(host)
        if isinstance(address, Failure):
            return address
        return await dns.query(dns.DnsRequest.of(service, address), service.timeout, self._expressions)

    async def poll(self, device: Device, polling: SnmpPolling, credentials: Credentials) -> Reading | Failure:
        """One poll of a device's interfaces."""
        return await self._poller(self._pollers, device, polling, credentials).poll()

    def agent(self, device: Device, polling: SnmpPolling, credentials: Credentials) -> DevicePoller:
        """The agent of a device, for whoever asks something between two requests of its polls."""
        return self._poller(self._pollers, device, polling, credentials)

    async def join_poll(self, device: Device, polling: SnmpPolling, credentials: Credentials) -> SnmpReading | Failure:
        """The outcome of the poll of a device that is under way, or else of a new one."""
        return await self._poller(self._pollers, device, polling, credentials).join()

    async def explain_poll(self, device: Device, polling: SnmpPolling, credentials: Credentials) -> Explanation:
        """Two polls of a device, told phase by phase."""
        return await explain_poll(self._poller(self._pollers, device, polling, credentials))

    async def ask_agent(
        self,
        device: Device,
        polling: SnmpPolling,
        credentials: Credentials,
        timeout: float,
    ) -> EchoReading | Failure:
        """A sign of life from an SNMP agent: a link's target, or what something else depends on."""
        took = await self._poller(self._signs, device, polling, credentials).ask_uptime(timeout)
        return took if isinstance(took, Failure) else EchoReading(rtt=took)

    def _poller(
        self,
        pollers: dict[_PollerKey, DevicePoller],
        device: Device,
        polling: SnmpPolling,
        credentials: Credentials,
    ) -> DevicePoller:
        key = (device.address, polling, credentials)
        poller = pollers.get(key)
        if poller is None:

            async def open_session() -> Session:
                return await self._engines.open(device.address, polling, credentials)

            poller = pollers[key] = DevicePoller(open_session)
        return poller
