"""The real blackbox_exporter and /probe, asked about the same servers: the answers compared line by line."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from model.inventory import Inventory
from monitor.instruments import Instruments
from monitor.on_demand import OnDemand
from tests.peers.dns_server import answering, udp_server
from tests.peers.http_certificates import Certified
from tests.peers.http_server import Visit, web_server
from tests.peers.probing import asking
from tests.peers.processes import free_port, installed, running, wait_for

pytestmark = pytest.mark.live

NEWER: Final = {"probe_timeout_seconds", "probe_tls_cipher_info"}
"""Metrics of blackbox_exporter that Debian's is too old for."""
NEWER_LABELS: Final = {"serialnumber"}
"""Labels likewise."""

DURATIONS: Final = ("_duration_seconds", "_lookup_time_seconds")
MODIFIED: Final = "Last-Modified: Tue, 24 Nov 2026 07:00:00 GMT"

_Case = tuple[str, str, Mapping[str, Any]]


@dataclass
class Peers:
    """What is probed, and both who probe it.

    Attributes:
        ours: Asks the daemon's application.
        theirs: Asks blackbox_exporter.
        cases: By name: module, target, and what the inventory says of it.
    """

    ours: httpx.AsyncClient
    theirs: httpx.AsyncClient
    cases: Mapping[str, _Case] = field(default_factory=dict)


async def _page(visit: Visit) -> None:
    match visit.path:
        case "/gone":
            await visit.respond(b"nothing", "404 Not Found")
        case "/moved":
            await visit.respond(b"", "302 Found", "Location: /")
        case "/chunked":
            await visit.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
        case _:
            await visit.respond(b"hello", "200 OK", MODIFIED)


def _page_case(url: str, **more: Any) -> _Case:
    return "http_2xx", url, {"services": [{"url": url, **more}]}


def _link_case(module: str, scheme: str, target: str) -> _Case:
    return module, target, {"links": [{"target": f"{scheme}://{target}"}]}


def _dns_case(port: int) -> _Case:
    asked = {"server": f"127.0.0.1:{port}", "name": "ward.example", "type": "SOA"}
    return "dns", f"127.0.0.1:{port}", {"services": [{"dns": asked, "timeout": "2s"}]}


CASES: Final = (
    *("page", "page that is gone", "page elsewhere", "page of no length", "page over TLS", "page that is closed"),
    *("page of no host", "echo", "echo of IPv6", "port", "port that is closed", "resolver", "resolver that is closed"),
)


@pytest.fixture
async def peers(tmp_path: Path) -> AsyncIterator[Peers]:
    """Servers on loopback, a blackbox_exporter and the daemon's application, whose inventory holds the servers."""
    binary = installed("prometheus-blackbox-exporter")
    if binary is None:
        pytest.skip("blackbox_exporter is not installed (Debian: prometheus-blackbox-exporter)")
    root = Certified.root()
    (tmp_path / "ca.pem").write_bytes(root.pem)
    leaf = root.authority("Middle").leaf("localhost", "127.0.0.1", "portal.example")
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(web_server(_page))
        tls = await stack.enter_async_context(web_server(_page, tls=leaf.context(tmp_path)))
        soa = answering("ward.example. 60 IN SOA ns.example. an.example. 2026112401 1 1 1 1", authority=(_NS,))
        dns = await stack.enter_async_context(udp_server(soa))
        cases = {
            "page": _page_case(web.url),
            "page that is gone": _page_case(f"{web.url}gone"),
            "page elsewhere": _page_case(f"{web.url}moved"),
            "page of no length": _page_case(f"{web.url}chunked"),
            "page over TLS": _page_case(tls.url, tls={"ca_file": str(tmp_path / "ca.pem")}),
            "page that is closed": _page_case(f"http://127.0.0.1:{free_port()}/"),
            "page of no host": _page_case("http://gone.invalid/"),
            "echo": _link_case("icmp", "icmp", "127.0.0.1"),
            "echo of IPv6": ("icmp", "::1", {"links": [{"target": "icmp://[::1]"}]}),
            "port": _link_case("tcp_connect", "tcp", f"127.0.0.1:{web.port}"),
            "port that is closed": _link_case("tcp_connect", "tcp", f"127.0.0.1:{free_port()}"),
            "resolver": _dns_case(dns.port),
            "resolver that is closed": _dns_case(free_port()),
        }
        theirs = await _blackbox(stack, binary, tmp_path)
        use = Instruments()
        stack.push_async_callback(use.close)
        ours, _ = await stack.enter_async_context(asking(OnDemand(use), lambda: _inventory(cases)))
        yield Peers(ours, theirs, cases)


_NS: Final = "ward.example. 60 IN NS ns.example."


async def _blackbox(stack: AsyncExitStack, binary: str, folder: Path) -> httpx.AsyncClient:
    modules = {
        "http_2xx": {"prober": "http", "http": {"tls_config": {"ca_file": str(folder / "ca.pem")}}},
        "icmp": {"prober": "icmp"},
        "tcp_connect": {"prober": "tcp"},
        "dns": {"prober": "dns", "timeout": "2s", "dns": {"query_name": "ward.example", "query_type": "SOA"}},
    }
    (folder / "blackbox.yml").write_text(yaml.safe_dump({"modules": modules}))
    url = f"http://127.0.0.1:{free_port()}"
    command = [binary, f"--config.file={folder}/blackbox.yml", f"--web.listen-address={url.removeprefix('http://')}"]
    stack.enter_context(running(command, folder / "blackbox.log"))
    await asyncio.to_thread(wait_for, f"{url}/-/healthy")
    return await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False, timeout=15))


def _inventory(cases: Mapping[str, _Case]) -> Inventory:
    sites = []
    for at, (_, _, site) in enumerate(cases.values()):
        named = {key: [{"id": f"{key}-{at}", **item} for item in items] for key, items in site.items()}
        sites.append({"id": f"site-{at}", **named})
    return Inventory.model_validate({"sites": sites})


async def _families(client: httpx.AsyncClient, module: str, target: str) -> dict[str, Metric]:
    answer = await client.get("/probe", params={"module": module, "target": target})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    return {family.name: family for family in text_string_to_metric_families(answer.text)}


def _series(family: Metric) -> dict[tuple[tuple[str, str], ...], float]:
    return {
        tuple(sorted((name, value) for name, value in sample.labels.items() if name not in NEWER_LABELS)): sample.value
        for sample in family.samples
    }


@pytest.mark.parametrize("case", CASES)
async def test_the_answer_is_that_of_blackbox_exporter(peers: Peers, case: str) -> None:
    """The same metrics with the same types, help and labels, and the same values of all that is not a time."""
    module, target, _ = peers.cases[case]
    theirs, ours = await asyncio.gather(*[_families(each, module, target) for each in (peers.theirs, peers.ours)])
    assert ours.keys() - NEWER == theirs.keys()
    for name, their in theirs.items():
        our = ours[name]
        assert (our.type, our.documentation) == (their.type, their.documentation)
        assert _series(our).keys() == _series(their).keys(), name
        for labels, value in _series(their).items():
            if name.endswith(DURATIONS):
                assert 0 <= _series(our)[labels] < 5
                assert _series(our)[labels] > 0 or value < 0.01, (name, labels)
            else:
                assert _series(our)[labels] == value, name


async def test_every_case_is_tried(peers: Peers) -> None:
    """And each says of itself whether it is well."""
    assert tuple(peers.cases) == CASES
    well = {"page", "page elsewhere", "page of no length", "page over TLS", "echo", "echo of IPv6", "port", "resolver"}
    for case, (module, target, _) in peers.cases.items():
        ours = await _families(peers.ours, module, target)
        assert ours["probe_success"].samples[0].value == (case in well), case


@pytest.mark.parametrize("query", ["module=nope&target=127.0.0.1", "module=icmp", "target="])
async def test_refusals_are_those_of_blackbox_exporter(peers: Peers, query: str) -> None:
    """The same status, and the same words with the mend behind them."""
    theirs, ours = [await each.get(f"/probe?{query}") for each in (peers.theirs, peers.ours)]
    assert ours.status_code == theirs.status_code == 400
    assert ours.text.startswith(theirs.text.strip())


async def test_debug_has_the_same_parts(peers: Peers) -> None:
    """Log, metrics and configuration under the same headings, and the same main steps."""
    module, target, _ = peers.cases["page"]
    query = {"module": module, "target": target, "debug": "true"}
    theirs, ours = [(await each.get("/probe", params=query)).text for each in (peers.theirs, peers.ours)]
    for text in (theirs, ours):
        assert text.startswith("Logs for the probe:\nts=")
        assert "\n\n\n\nMetrics that would have been returned:\n# HELP probe_" in text
        assert "\n\n\n\nModule configuration:\nprober: http\n" in text
        for step in ("Beginning probe", "Resolving target address", "Making HTTP request", "Received HTTP response"):
            assert f'msg="{step}"' in text
        assert 'level=info msg="Probe succeeded" duration_seconds=' in text


async def test_prometheus_patience_is_read_in_the_same_way(peers: Peers) -> None:
    """A header that is no number is refused by both."""
    module, target, _ = peers.cases["page"]
    header = {"x-prometheus-scrape-timeout-seconds": "soon"}
    answers = [
        await each.get("/probe", params={"module": module, "target": target}, headers=header)
        for each in (peers.theirs, peers.ours)
    ]
    assert [answer.status_code for answer in answers] == [500, 500]
    assert all(answer.text.startswith("Failed to parse timeout from Prometheus header: ") for answer in answers)
