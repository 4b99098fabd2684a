"""The simulated ward alive: agents, reflectors, web services and a resolver in one process, all on loopback."""

import asyncio
import errno
import json
import socket
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from model.speed_run import Direction
from monitor.demo.agent import Agent
from monitor.demo.bottleneck import Bottleneck
from monitor.demo.certificates import Authority
from monitor.demo.fault import Chronicle, Fault, FixedStory
from monitor.demo.ground import Endpoint, WorldError, grounds
from monitor.demo.impairment import Impairment
from monitor.demo.inventory import COMMUNITY, PEER_KEY, inventory_text
from monitor.demo.mib import mib_of
from monitor.demo.moment import Moment
from monitor.demo.resolver import Resolver
from monitor.demo.services import ServicePlan
from monitor.demo.story import EndlessStory
from monitor.demo.truth import LinkTruth, ServiceTruth, Truth
from monitor.demo.ward import DevicePlan, InterfacePlan, LinkPlan, SitePlan, WardPlan, plan_ward
from monitor.demo.web import WebService
from monitor.reflector import Reflector
from monitor.speed.peer import SpeedPeer

__all__ = ["World", "WorldError", "open_world"]

_TAKEN: Final = frozenset({errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES})
_DELIVERED: Final = 0.97  # of what was sold
_LEAST_ROOM: Final = 1e6  # bit/s
_JUST_NOW: Final = 0.5  # seconds
_HEALTHY: Final = LinkTruth(up=True, forward_loss=0, backward_loss=0, run=1, delay=0.0005, jitter=0.0002)


class World:
    """A ward with its clock: the state of each thing at this moment.

    Args:
        ward: The plan.
        faults: The whole story; ``None`` for the endless one.
    """

    def __init__(self, ward: WardPlan, faults: tuple[Fault, ...] | None) -> None:
        self.ward = ward
        story = EndlessStory(ward, ward.seed) if faults is None else FixedStory(faults)
        self.truth = Truth(ward, Chronicle(story))
        self.impairments: dict[str, Impairment] = {}
        self.bottlenecks: dict[str, Bottleneck] = {}  # by the port that the link stands on
        self._epoch = time.time()
        self._begin = time.monotonic()

    def now(self) -> float:
        """Seconds since the start of the world."""
        return time.monotonic() - self._begin

    def restart_clock(self) -> None:
        """Let the story begin now."""
        self._epoch, self._begin = time.time(), time.monotonic()

    def moment(self, device: DevicePlan) -> Moment | None:
        """What a device's agent has to tell; ``None`` while it is silent."""
        now = self.now()
        if not self.truth.device(device, now).answers:
            return None
        return Moment(device, self.truth, self._epoch, now, partial(self._tested, device.id))

    def room(self, link: LinkPlan, port: InterfacePlan, direction: Direction) -> float | None:
        """Bit/s that others leave on a line just now; ``None`` while it is cut."""
        now = self.now()
        if not self.truth.link(link, now).up:
            return None
        sold, traffic = (link.speed[0], port.inward) if direction == "download" else (link.speed[1], port.outward)
        used = traffic.octets(self._epoch + now - _JUST_NOW, self._epoch + now) * 8 / _JUST_NOW
        return max(_LEAST_ROOM, sold * 1e6 * _DELIVERED - used)

    def _tested(self, device: str, port: str) -> tuple[int, int]:
        line = self.bottlenecks.get(f"{device}/{port}")
        return (line.octets("download"), line.octets("upload")) if line else (0, 0)

    def link(self, link: LinkPlan) -> LinkTruth:
        """How a line is."""
        return self.truth.link(link, self.now())

    def service(self, service: ServicePlan) -> ServiceTruth:
        """How a service is."""
        return self.truth.service(service, self.now())

    def facts(self) -> dict[str, Any]:
        """The truth at this moment, and what has become of the packets on each link, as plain data."""
        facts = {"epoch": self._epoch, **self.truth.as_json(self.now())}
        for link, impairment in self.impairments.items():
            forward, backward = impairment.tallies
            facts["links"][link] |= {
                "forward": {"passed": forward.passed, "lost": forward.lost},
                "backward": {"passed": backward.passed, "lost": backward.lost},
            }
        return facts

    def write_facts(self, file: Path) -> None:
        """Write them; a reader sees the old file or the new one, never a half."""
        aside = file.with_suffix(".new")
        aside.write_text(json.dumps(self.facts()), encoding="utf-8")
        aside.replace(file)


@asynccontextmanager
async def open_world(sites: int, seed: int, faults: tuple[Fault, ...] | None, folder: Path) -> AsyncIterator[World]:
    """A world on the first ground that is free; its inventory and certificates are written into ``folder``.

    Raises:
        WorldError: There is no free ground, or the limits of this process are too low.
        ValueError: Fewer than 1 or more than 800 sites.
    """
    async with AsyncExitStack() as stack:
        world = await _settle(sites, seed, faults, folder, stack)
        (folder / "ward.yml").write_text(inventory_text(world.ward, folder), encoding="utf-8")
        # The story begins when all is there, however long that took.
        world.restart_clock()
        yield world


async def _settle(
    sites: int, seed: int, faults: tuple[Fault, ...] | None, folder: Path, stack: AsyncExitStack
) -> World:
    for ground in grounds(many_addresses=_has_many_addresses()):
        world = World(plan_ward(ground, sites, seed), faults)
        async with AsyncExitStack() as attempt:
            # A transport that is closed frees its port in the next turn of the loop.
            attempt.push_async_callback(asyncio.sleep, 0)
            try:
                await _open(world, folder, attempt)
            except OSError as error:
                if _cause(error).errno not in _TAKEN:
                    raise WorldError(_explained(error, sites)) from error
            else:
                stack.push_async_exit(attempt.pop_all())
                return world
    raise WorldError("no free addresses and ports on loopback: end another demo, then start again")


def _has_many_addresses() -> bool:
    """Whether this system answers for all of 127.0.0.0/8, as Linux does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.41.0.1", 0))
        except OSError:
            return False
        return True


def _cause(error: OSError) -> OSError:
    # uvloop wraps the kernel's error in one that has no number.
    return error.__cause__ if error.errno is None and isinstance(error.__cause__, OSError) else error


def _explained(error: OSError, sites: int) -> str:
    if _cause(error).errno in {errno.EMFILE, errno.ENFILE}:
        return (
            f"{sites} sites need more open files than allowed: raise the limit with `ulimit -n`, or ask for fewer sites"
        )
    return f"cannot listen on loopback: {error}"


async def _open(world: World, folder: Path, stack: AsyncExitStack) -> None:
    for number, anchor in enumerate(world.ward.anchors):
        await _open_reflector(Impairment(lambda: _HEALTHY, f"anchor {number}"), anchor, stack)
    authority = Authority(datetime.now(UTC))
    authority.write_root(folder / "ca.pem")
    for site in world.ward.sites:
        await _open_site(world, site, stack)
        for service in site.services:
            await _open_service(world, service, _certificate(authority, service, folder), stack)


async def _open_site(world: World, site: SitePlan, stack: AsyncExitStack) -> None:
    for device in site.devices:
        agent = Agent(mib_of(device, site.name), COMMUNITY, partial(world.moment, device))
        stack.callback(agent.close)
        await agent.start(device.endpoint)
    for link in site.links:
        impairment = Impairment(partial(world.link, link), f"{world.ward.seed} {link.id}")
        world.impairments[link.id] = impairment
        await _open_reflector(impairment, link.endpoint, stack)
        if link.has_peer:
            _open_peer(world, site, link, stack)


def _open_peer(world: World, site: SitePlan, link: LinkPlan, stack: AsyncExitStack) -> None:
    ports = {f"{device.id}/{port.port.name}": port for device in site.devices for port in device.interfaces}
    bottleneck = world.bottlenecks[link.interface] = Bottleneck(partial(world.room, link, ports[link.interface]))
    peer = SpeedPeer(PEER_KEY.encode(), line=bottleneck)
    stack.callback(peer.close)
    peer.start(link.endpoint.address, link.endpoint.port)


async def _open_reflector(impairment: Impairment, endpoint: Endpoint, stack: AsyncExitStack) -> None:
    reflector = Reflector(impairment)
    stack.callback(reflector.close)
    await reflector.start(endpoint.address, endpoint.port)


async def _open_service(world: World, service: ServicePlan, tls: ssl.SSLContext | None, stack: AsyncExitStack) -> None:
    state = partial(world.service, service)
    if service.kind == "dns":
        resolver = Resolver({service.host: service.phrase}, state)
        stack.callback(resolver.close)
        await resolver.start(service.endpoint)
    else:
        web = WebService(service, state, tls)
        stack.push_async_callback(web.close)
        await web.start()


def _certificate(authority: Authority, service: ServicePlan, folder: Path) -> ssl.SSLContext | None:
    if service.certificate_days is None:
        return None
    file = folder / f"{service.id}.pem"
    authority.write_leaf(file, (service.host, service.endpoint.address), service.certificate_days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
