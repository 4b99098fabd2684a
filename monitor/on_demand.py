"""Probes that somebody asked for over HTTP: what ``exporters.targets`` calls Probing, done with the instruments.

Each is a fresh one, from the name on, and leaves no trace in what is known of the target: a STAMP packet goes out from
a session of its own, so that it does not count in the losses of the link's.
"""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from exporters.targets.aim import Agent
from exporters.targets.probed import Polled, Probed, Wish
from model.hosts import split_port
from model.measurement import Failure, ProbeKind, Reading
from model.target import Target
from monitor.instruments import Instruments
from monitor.probes.http_request import HttpRequest
from monitor.probes.stamp import StampSession
from monitor.resolve import Lookup

_LEAST: Final = 0.001


class OnDemand:
    """Probes with the instruments of the daemon."""

    def __init__(self, use: Instruments) -> None:
        self._use = use

    async def probe(self, wish: Wish) -> Probed:
        """One run."""
        began, started = datetime.now(UTC), time.monotonic()
        if wish.aim.place.kind is ProbeKind.HTTP:
            outcome, found = await self._fetch(wish)
            took = time.monotonic() - started
            if isinstance(found, Failure):
                return Probed(began, took, outcome, resolve=took)
            return Probed(began, took, outcome, found.addresses[0], found.seconds or 0.0)
        found = await self._use.names.lookup(wish.aim.place.host, "any", wish.timeout)
        if isinstance(found, Failure):
            took = time.monotonic() - started
            return Probed(began, took, found, resolve=took)
        address = found.addresses[0]
        left = max(wish.timeout - (time.monotonic() - started), _LEAST)
        outcome = await self._ask(wish, address, left)
        return Probed(began, time.monotonic() - started, outcome, address, found.seconds or 0.0)

    async def poll(self, agent: Agent) -> Polled:
        """One poll."""
        started = time.monotonic()
        outcome = await self._use.join_poll(agent.device, agent.polling, agent.credentials)
        return Polled(time.monotonic() - started, outcome)

    async def _fetch(self, wish: Wish) -> tuple[Reading | Failure, Lookup | Failure]:
        service = wish.aim.service
        if service is None:
            raise AssertionError
        request = HttpRequest.of(service)
        if wish.hostname is not None:
            name, _ = split_port(wish.hostname) or (wish.hostname, None)
            request = replace(request, host=wish.hostname, server_name=request.server_name or name)
        # A page that cannot be connected to does not tell its address. The name is asked for once, by both together.
        looking = self._use.names.lookup(request.address.host, service.ip_version, wish.timeout)
        return await asyncio.gather(self._use.fetch(request, wish.timeout), looking)

    async def _ask(self, wish: Wish, address: str, timeout: float) -> Reading | Failure:
        aim, service = wish.aim, wish.aim.service
        match aim.place.kind:
            case ProbeKind.ICMP:
                return await self._use.ping(address, timeout, aim.source)
            case ProbeKind.TCP:
                return await self._use.connect(Target(ProbeKind.TCP, address, aim.place.port), timeout, aim.source)
            case ProbeKind.STAMP:
                return await _stamp(address, aim.place.port or 0, timeout, aim.source)
            case _:
                if service is None or service.dns is None:
                    raise AssertionError
                server = f"[{address}]:{aim.place.port}" if ":" in address else f"{address}:{aim.place.port}"
                asked = service.dns.model_copy(update={"server": server})
                return await self._use.look_up(service.model_copy(update={"timeout": timeout, "dns": asked}), asked)


async def _stamp(address: str, port: int, timeout: float, source: str | None) -> Reading | Failure:
    session = StampSession(address, port, source)
    try:
        return await session.probe(timeout)
    finally:
        session.close()
