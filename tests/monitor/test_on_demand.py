"""Probes that somebody asked for, on real sockets of loopback."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from exporters.targets.aim import Aim, Held
from exporters.targets.probed import Probed, Wish
from model.inventory import Inventory
from model.measurement import (
    DnsReading,
    EchoReading,
    Failure,
    HttpReading,
    ProbeKind,
    Reason,
    SnmpReading,
    StampReading,
    TcpReading,
)
from model.target import Target
from monitor.instruments import Instruments
from monitor.on_demand import OnDemand
from monitor.reflector import Reflector
from tests.peers.dns_server import answering, udp_server
from tests.peers.http_certificates import Certified
from tests.peers.http_outcome import saying
from tests.peers.http_server import Visit, web_server
from tests.peers.processes import free_port
from tests.peers.snmp import SnmpPeer, agent_mib


@pytest.fixture
async def use() -> AsyncIterator[Instruments]:
    """What is probed with."""
    instruments = Instruments()
    yield instruments
    await instruments.close()


def held(**site: Any) -> Held:
    """What an inventory with one site holds."""
    credentials = {"v2": {"version": "2c", "community": "public"}}
    return Held(Inventory.model_validate({"credentials": credentials, "sites": [{"id": "a", **site}]}))


def link(target: str, **more: Any) -> dict[str, Any]:
    """A link of a site."""
    return {"links": [{"id": "l", "target": target, **more}]}


def page(url: str, **more: Any) -> dict[str, Any]:
    """A page of a site."""
    return {"services": [{"id": "p", "url": url, **more}]}


def aim(kind: str, target: str, site: Mapping[str, Any]) -> Aim:
    """What a target means at a site."""
    found = held(**site).aim(ProbeKind(kind), target, {})
    assert found is not None
    return found


async def probed(use: Instruments, kind: str, target: str, site: Mapping[str, Any], hostname: str = "") -> Probed:
    """One probe."""
    return await OnDemand(use).probe(Wish(aim(kind, target, site), 2.0, hostname or None))


async def test_an_echo(use: Instruments) -> None:
    """By address, and by name, whose looking up is measured."""
    found = await probed(use, "icmp", "127.0.0.1", link("icmp://127.0.0.1"))
    assert isinstance(found.outcome, EchoReading)
    assert (found.address, found.resolve) == ("127.0.0.1", 0.0)
    assert 0 < found.outcome.rtt < found.duration
    named = await probed(use, "icmp", "localhost", link("icmp://localhost"))
    assert 0 < named.resolve < named.duration


async def test_a_port(use: Instruments) -> None:
    """That accepts, and that does not."""
    async with web_server(saying(b"hello")) as web:
        found = await probed(use, "tcp", f"127.0.0.1:{web.port}", page(web.url))
    assert isinstance(found.outcome, TcpReading)
    assert found.succeeded
    closed = free_port()
    refused = await probed(use, "tcp", f"127.0.0.1:{closed}", link(f"tcp://127.0.0.1:{closed}"))
    assert not refused.succeeded


async def test_a_name_without_an_address(use: Instruments) -> None:
    """Fails, with the time that it took to find that out."""
    found = await probed(use, "tcp", "gone.invalid:80", link("tcp://gone.invalid:80"))
    assert isinstance(found.outcome, Failure)
    assert found.outcome.reason is Reason.UNRESOLVED
    assert (found.address, found.resolve) == (None, found.duration)


async def test_a_resolver(use: Instruments) -> None:
    """Is asked what the inventory says, over the port that it says."""
    async with udp_server(answering("a.example. 60 IN A 192.0.2.1")) as server:
        asked = {"server": f"127.0.0.1:{server.port}", "name": "a.example"}
        site = {"services": [{"id": "r", "dns": asked}]}
        found = await probed(use, "dns", f"127.0.0.1:{server.port}", site)
    assert isinstance(found.outcome, DnsReading)
    assert found.outcome.answers == 1


async def test_a_reflector_is_asked_from_another_session(use: Instruments) -> None:
    """The link's own session does not see that packet, so no loss of its goes astray."""
    reflector = Reflector()
    await reflector.start("127.0.0.1", 0)
    target = Target(ProbeKind.STAMP, "127.0.0.1", reflector.port)
    first = await use.stamp(target, 1.0, None)
    found = await probed(use, "stamp", f"127.0.0.1:{reflector.port}", link(str(target)))
    second = await use.stamp(target, 1.0, None)
    reflector.close()
    assert isinstance(found.outcome, StampReading)
    assert isinstance(first, StampReading)
    assert isinstance(second, StampReading)
    assert (first.reflector_sequence, second.reflector_sequence) == (0, 1)
    assert (second.forward_lost, second.backward_lost) == (0, 0)


async def test_a_page_and_its_hostname(use: Instruments) -> None:
    """The Host header says what was asked for, and the connection goes where the inventory says."""
    async with web_server(saying(b"hello")) as web:
        found = await probed(use, "http", web.url, page(web.url))
        other = await probed(use, "http", web.url, page(web.url), "www.example:8080")
    assert isinstance(found.outcome, HttpReading)
    assert isinstance(other.outcome, HttpReading)
    hosts = [line for head in web.heads for line in head.split(b"\r\n") if line.startswith(b"Host: ")]
    assert hosts == [f"Host: 127.0.0.1:{web.port}".encode(), b"Host: www.example:8080"]


async def test_a_hostname_is_what_tls_is_asked_for(use: Instruments, tmp_path: Path) -> None:
    """A certificate for that name passes, and one for another does not."""
    root = Certified.root()
    (tmp_path / "ca.pem").write_bytes(root.pem)
    async with web_server(saying(b"hello"), tls=root.leaf("www.example").context(tmp_path)) as web:
        site = page(web.url, tls={"ca_file": str(tmp_path / "ca.pem")})
        good = await probed(use, "http", web.url, site, "www.example")
        bad = await probed(use, "http", web.url, site, "other.example")
        none = await probed(use, "http", web.url, site)
    assert good.succeeded
    assert [each.outcome.reason for each in (bad, none) if isinstance(each.outcome, Failure)] == [
        Reason.CERTIFICATE,
        Reason.CERTIFICATE,
    ]


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://0xa9fea9fe/",
        "http://2852039166/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
    ],
)
async def test_a_page_leads_nowhere_that_is_forbidden(use: Instruments, location: str) -> None:
    """A page of the inventory that redirects to a cloud's metadata service, or off the web, is not followed."""

    async def lead(visit: Visit) -> None:
        await visit.respond(b"", "302 Found", f"Location: {location}")

    async with web_server(lead) as web:
        found = await probed(use, "http", web.url, page(web.url), "www.example")
    assert isinstance(found.outcome, Failure)
    assert found.outcome.reason in {Reason.REDIRECTS, Reason.UNRESOLVED}
    assert found.peer == "127.0.0.1" or found.outcome.reason is Reason.UNRESOLVED


async def test_a_silent_page_ends_in_time(use: Instruments) -> None:
    """The request's patience holds, not the inventory's."""

    async def hold(visit: Visit) -> None:
        await visit.hold()

    async with web_server(hold) as web:
        found = await OnDemand(use).probe(Wish(aim("http", web.url, page(web.url)), 0.2))
    assert isinstance(found.outcome, Failure)
    assert found.outcome.reason is Reason.TIMEOUT
    assert found.duration < 1


@asynccontextmanager
async def polled(use: Instruments) -> AsyncIterator[tuple[SnmpPeer, OnDemand, Any]]:
    """An agent, who polls it, and how it is known."""
    async with SnmpPeer(agent_mib({1: "eth0"})) as peer:
        snmp = {"credentials": "v2", "port": peer.port}
        agent = held(devices=[{"id": "rt", "address": "127.0.0.1", "snmp": snmp}]).agent(f"127.0.0.1:{peer.port}", {})
        yield peer, OnDemand(use), agent


async def test_a_poll(use: Instruments) -> None:
    """Reads what the agent tells."""
    async with polled(use) as (_, on_demand, agent):
        found = await on_demand.poll(agent)
    assert isinstance(found.outcome, SnmpReading)
    assert [interface.name for interface in found.outcome.interfaces] == ["eth0"]
    assert found.duration > 0


async def test_a_poll_under_way_serves_as_well(use: Instruments) -> None:
    """Whoever asks while the daemon polls hears of that poll, and the agent is not asked twice."""
    async with polled(use) as (peer, on_demand, agent):
        own = asyncio.create_task(use.poll(agent.device, agent.polling, agent.credentials))
        while not peer.requests:  # noqa: ASYNC110  # no event tells it
            await asyncio.sleep(0)
        joined = await on_demand.poll(agent)
        assert joined.outcome is await own


async def test_a_poll_that_is_given_up_does_not_take_others_along(use: Instruments) -> None:
    """Who had joined it polls for himself."""
    async with polled(use) as (peer, on_demand, agent):
        own = asyncio.create_task(use.poll(agent.device, agent.polling, agent.credentials))
        while not peer.requests:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0)
        joined = asyncio.create_task(on_demand.poll(agent))
        await asyncio.sleep(0)
        own.cancel()
        assert isinstance((await joined).outcome, SnmpReading)


async def test_who_joins_and_leaves_disturbs_nobody(use: Instruments) -> None:
    """A request that ends early does not end the daemon's own poll."""
    async with polled(use) as (peer, on_demand, agent):
        own = asyncio.create_task(use.poll(agent.device, agent.polling, agent.credentials))
        while not peer.requests:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0)
        joined = asyncio.create_task(on_demand.poll(agent))
        await asyncio.sleep(0)
        joined.cancel()
        assert isinstance(await own, SnmpReading)
