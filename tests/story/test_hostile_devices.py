"""Devices that lie, flood and never rest, polled by the daemon itself: what it tells stays bounded and well-formed."""

import asyncio
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.peers import snmp
from tests.peers.daemon import daemon
from tests.peers.snmp import IF_TABLE, IF_X_TABLE, Request, SnmpPeer, agent_mib, system_mib

EVIL = "<script>alert(1)</script>\"'\n\x00\x1b[31m\u202e{{7*7}}$(id)=1+1\\"
WARD = """
ward: {{id: test}}
credentials: {{c: {{version: 2c, community: public}}}}
sites:
  - id: office
    devices:
      - {{id: evil, address: 127.0.0.1, icmp: false, snmp: {{credentials: c, port: {evil}, {often}}}}}
      - {{id: endless, address: 127.0.0.1, icmp: false, snmp: {{credentials: c, port: {endless}, {often}}}}}
      - {{id: restless, address: 127.0.0.1, icmp: false, snmp: {{credentials: c, port: {restless}, {often}}}}}
      - {{id: good, address: 127.0.0.1, icmp: false, snmp: {{credentials: c, port: {good}, {often}}}}}
"""

SCALARS = system_mib(1_000_000)

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]


def evil_mib() -> dict[str, bytes]:
    """Every text that a device can tell, with markup, escapes, templates, formulas and octets that are no text."""
    mib = agent_mib({1: EVIL, 2: "x" * 1_000})
    mib |= {f"1.3.6.1.2.1.1.{arc}.0": snmp.text(EVIL.encode() + b"\xff\xfe" + b"A" * 600) for arc in (1, 4, 5, 6)}
    return mib | {f"{IF_X_TABLE}.18.1": snmp.text(EVIL)}


def endless(request: Request, honest: bytes) -> Sequence[bytes]:
    """An agent with a row for every ifIndex that one asks for."""
    if not any(name.startswith((IF_TABLE, IF_X_TABLE)) for name in request.oids):
        return [honest]
    if request.pdu == snmp.GET:
        return [request.reply([(name, _cell(name)) for name in request.oids])]
    column, _, index = request.oids[0].rpartition(".")
    if column in {IF_TABLE, IF_X_TABLE}:
        column, index = request.oids[0], "0"
    first = int(index) + 1
    return [request.reply([(f"{column}.{row}", snmp.text(f"p{row}")) for row in range(first, first + request.second)])]


def _cell(name: str) -> bytes:
    column, _, index = name.rpartition(".")
    if name in SCALARS:
        return SCALARS[name]
    return snmp.text(f"p{index}") if column in {f"{IF_TABLE}.2", f"{IF_X_TABLE}.1"} else snmp.counter32(7)


class Restless:
    """An agent whose interfaces have other names at each poll."""

    def __init__(self) -> None:
        self.peer = SnmpPeer(agent_mib({1: "veth"}), self.behave)
        self._asked = 0

    def behave(self, _request: Request, answer: bytes) -> Sequence[bytes]:
        """Answer, and be another one afterwards now and then."""
        self._asked += 1
        if self._asked % 30 == 0:
            turn = self._asked // 30
            self.peer.mib = agent_mib(
                {index: f"veth{turn}-{index}" for index in range(1, 20)}, table_changed=100 + turn
            )
        return [answer]


class Elements(HTMLParser):
    """Every element of a page, but for the one script that is its own."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note its name and those of its attributes."""
        if (tag, dict(attrs).get("src")) != ("script", "/static/live.js"):
            self.names |= {tag, *(name for name, _ in attrs)}


def samples_by_device(metrics: str) -> dict[str, int]:
    """How many series each device has; each is there once."""
    seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    counts: dict[str, int] = {}
    for family in text_string_to_metric_families(metrics):
        for sample in family.samples:
            key = sample.name, tuple(sorted(sample.labels.items()))
            assert key not in seen
            seen.add(key)
            device = sample.labels.get("device", "")
            counts[device] = counts.get(device, 0) + 1
    return counts


async def test_devices_that_lie_flood_and_never_rest(tmp_path: Path) -> None:
    """Series are bounded and unique, texts are cut and escaped, and the good device is polled all the while."""
    restless = Restless()
    async with (
        SnmpPeer(evil_mib(), largest=9_000) as evil,
        SnmpPeer(SCALARS, endless) as flood,
        restless.peer,
        SnmpPeer(agent_mib({1: "eth0"})) as good,
    ):
        ports = {"evil": evil.port, "endless": flood.port, "restless": restless.peer.port, "good": good.port}
        often = "interval: 4s, timeout: 1s, retries: 1"
        inventory = WARD.format(**ports, often=often)
        async with daemon(tmp_path, inventory, ["--log.level=debug"]) as process:
            metrics = await process.until("/metrics", "linkward_device_interfaces_cut{", within=150)
            asked = len(good.requests)
            counts = samples_by_device(metrics)
            assert counts["endless"] < 50_100
            assert counts["evil"] > 40
            assert counts["restless"] < 600
            assert 'ifHCInOctets{instance="127.0.0.1",device="good"' in metrics
            assert max(map(len, metrics.splitlines())) < 2_500
            for path in ("/", "/api/v1/status", "/api/v1/explain?device=evil"):
                answer = await process.web.get(path)
                assert answer.headers["content-type"].startswith(("text/html", "application/json"))
            assert not {"script", "onerror", "onclick"} & Elements(await process.text("/")).names
            await asyncio.sleep(5)
            assert len(good.requests) > asked
            printable = process.log.replace("\n", "")
            assert printable.isprintable()
            assert len(process.log.splitlines()) < 100
            assert "Traceback" not in process.log
