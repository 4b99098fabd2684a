"""A real Prometheus with the shipped prometheus-sd.yml asks a daemon for one target at a time."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from exporters.scrape_config import scrape_config
from monitor.reflector import Reflector
from tests.peers.daemon import Process, daemon
from tests.peers.dns_server import answering, udp_server
from tests.peers.http_server import Visit, web_server
from tests.peers.processes import free_port, installed, running, wait_for
from tests.peers.snmpd import Snmpd

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

PLANTED: Final = "planted-key"
LINT_FOUND_FAULT: Final = 3
ADOPTED: Final = ("if", "sys")


async def _page(visit: Visit) -> None:
    await visit.respond(b"hello")


def _inventory(web: int, dns: int, stamp: int, agent: int, closed: int) -> str:
    """A site of which everything is well but for one port and one device."""
    return f"""
ward: {{id: w, name: Phường, timezone: Asia/Ho_Chi_Minh}}
credentials: {{public: {{version: 2c, community: public}}}}
anchors: ["icmp://127.0.0.2"]
sites:
  - id: a
    name: Trụ sở
    devices:
      - {{id: rt, address: 127.0.0.1, snmp: {{credentials: public, port: {agent}}}}}
      - {{id: dead, address: 127.0.0.3, icmp: false, snmp: {{credentials: public, port: {closed}}}}}
    links:
      - {{id: one, provider: VNPT, target: [icmp://127.0.0.1, "stamp://127.0.0.1:{stamp}"]}}
      - {{id: two, provider: Viettel, target: icmp://127.0.0.1, source: 127.0.0.1}}
      - {{id: closed, target: "tcp://127.0.0.1:{closed}"}}
    services:
      - {{id: page, url: "http://127.0.0.1:{web}/?key={PLANTED}"}}
      - {{id: resolver, dns: {{server: "127.0.0.1:{dns}", name: ward.example}}}}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watched(snmpd: Snmpd, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Process]:
    """A daemon that watches servers on loopback."""
    reflector = Reflector()
    await reflector.start("127.0.0.1", 0)
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(web_server(_page))
        dns = await stack.enter_async_context(udp_server(answering("ward.example. 60 IN A 192.0.2.1")))
        text = _inventory(web.port, dns.port, reflector.port, snmpd.port, free_port())
        yield await stack.enter_async_context(daemon(tmp_path_factory.mktemp("daemon"), text))
    reflector.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def prometheus(watched: Process, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """Asks a Prometheus that has scraped every target at least three times."""
    binary = installed("prometheus")
    if binary is None:
        pytest.skip("prometheus is not installed (Debian: prometheus)")
    folder = tmp_path_factory.mktemp("prometheus")
    config = scrape_config("targets", urlsplit(str(watched.web.base_url)).netloc)
    # Only the patience of a person is changed.
    config = config.replace("15s", "1s").replace("60s", "1s").replace("scrape_timeout: 30s", "scrape_timeout: 1s")
    (folder / "prometheus.yml").write_text(config)
    url = f"http://127.0.0.1:{free_port()}"
    command = [binary, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
    with running([*command, f"--web.listen-address={url.removeprefix('http://')}"], folder / "log"):
        await asyncio.to_thread(wait_for, f"{url}/-/ready")
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=10) as client, asyncio.timeout(40):
            while len(await _query(client, "count_over_time(up[1m]) >= 3")) < TARGETS:  # noqa: ASYNC110  # asked over HTTP
                await asyncio.sleep(0.5)
            yield client


TARGETS: Final = 10
"""Four of links, one ping and two polls of devices, two services, and the daemon itself."""


async def _query(client: httpx.AsyncClient, expression: str) -> list[dict[str, Any]]:
    answer = await client.get("/api/v1/query", params={"query": expression})
    result: list[dict[str, Any]] = answer.json()["data"]["result"]
    return result


async def _labels(client: httpx.AsyncClient, expression: str, *names: str) -> set[tuple[str, ...]]:
    return {tuple(series["metric"].get(name, "") for name in names) for series in await _query(client, expression)}


async def test_every_target_is_up_but_the_device_that_is_dead(prometheus: httpx.AsyncClient) -> None:
    """As with the exporters: a failed probe is an answer, a failed poll is none."""
    up = await _labels(prometheus, "min_over_time(up[1m]) == 1", "job", "link", "device", "service")
    assert up == {
        ("linkward", "", "", ""),
        ("linkward-probe", "one", "", ""),
        ("linkward-probe", "two", "", ""),
        ("linkward-probe", "closed", "", ""),
        ("linkward-probe", "", "rt", ""),
        ("linkward-probe", "", "", "page"),
        ("linkward-probe", "", "", "resolver"),
        ("linkward-snmp", "", "rt", ""),
    }
    assert await _labels(prometheus, "max_over_time(up[1m]) == 0", "job", "device") == {("linkward-snmp", "dead")}
    assert len(await _query(prometheus, "up")) == TARGETS


async def test_the_only_error_is_that_devices(prometheus: httpx.AsyncClient) -> None:
    """No answer was of a wrong format, too long or late."""
    targets = (await prometheus.get("/api/v1/targets?state=active")).json()["data"]["activeTargets"]
    assert len(targets) == TARGETS
    errors = {target["labels"].get("device"): target["lastError"] for target in targets if target["lastError"]}
    assert errors == {"dead": "server returned HTTP status 500 Internal Server Error"}


async def test_no_sample_is_double_or_out_of_order(prometheus: httpx.AsyncClient) -> None:
    """Prometheus counts such samples, and has found none."""
    own = (await prometheus.get("/metrics")).text.splitlines()
    for trouble in ("sample_duplicate_timestamp", "sample_out_of_order", "sample_out_of_bounds"):
        line = next(line for line in own if line.startswith(f"prometheus_target_scrapes_{trouble}_total"))
        assert line.endswith(" 0"), line


@pytest.mark.parametrize(
    ("expression", "names", "found"),
    [
        (
            "probe_success",
            ("job", "link", "device", "service", "anchor"),
            {
                ("linkward-probe", "one", "", "", ""),
                ("linkward-probe", "two", "", "", ""),
                ("linkward-probe", "closed", "", "", ""),
                ("linkward-probe", "", "rt", "", ""),
                ("linkward-probe", "", "", "page", ""),
                ("linkward-probe", "", "", "resolver", ""),
                ("linkward", "", "", "", "icmp://127.0.0.2"),
            },
        ),
        ("probe_success == 0", ("link",), {("closed",)}),
        (
            "probe_icmp_duration_seconds{phase='rtt'}",
            ("link", "provider"),
            {("one", "VNPT"), ("two", "Viettel"), ("", "")},
        ),
        ("probe_http_status_code == 200", ("service", "site", "ward"), {("page", "a", "w")}),
        ("probe_dns_answer_rrs == 1", ("service",), {("resolver",)}),
        ("ifHCInOctets{ifName='lo'} > 0", ("job", "device", "ifDescr"), {("linkward-snmp", "rt", "lo")}),
        ("sysUpTime > 0", ("job", "device"), {("linkward-snmp", "rt")}),
        ("linkward_link_info", ("job", "link"), {("linkward", "one"), ("linkward", "two"), ("linkward", "closed")}),
        ("{__name__=~'.+', exported_instance!=''}", (), set()),
    ],
)
async def test_each_series_is_there_once(
    prometheus: httpx.AsyncClient, expression: str, names: Sequence[str], found: set[tuple[str, ...]]
) -> None:
    """With the labels of the inventory, and from one job alone."""
    assert await _labels(prometheus, expression, *names) == found


async def test_instance_is_the_target(prometheus: httpx.AsyncClient, watched: Process) -> None:
    """As public dashboards have it, and without a key that a page has in its query."""
    instances = {series["metric"]["instance"] for series in await _query(prometheus, "up{job='linkward-probe'}")}
    assert "127.0.0.1" in instances
    page = next(instance for instance in instances if instance.startswith("http"))
    assert page.endswith("/")
    assert PLANTED not in (await prometheus.get("/api/v1/targets")).text
    assert PLANTED not in await watched.text("/sd")


async def test_counters_have_their_type(prometheus: httpx.AsyncClient, watched: Process) -> None:
    """`# TYPE … counter` in text, which is what a Prometheus without OpenMetrics reads."""
    found = await _first(watched, "/snmp")
    text = (await watched.web.get("/snmp", params=found, headers={"accept": "text/plain"})).text
    assert "# TYPE ifHCInOctets counter\n" in text
    metadata = (await prometheus.get("/api/v1/metadata", params={"metric": "ifHCInOctets"})).json()["data"]
    assert {entry["type"] for entry in metadata["ifHCInOctets"]} <= {"unknown", "counter"}


async def _first(watched: Process, path: str) -> Mapping[str, str]:
    """The parameters of the first target with this path."""
    groups = json.loads(await watched.text("/sd"))
    group = next(group for group in groups if group["labels"]["__metrics_path__"] == path)
    return {"target": group["targets"][0], "module": group["labels"]["__param_module"]}


@pytest.mark.parametrize("path", ["/probe", "/snmp"])
async def test_promtool_finds_fault_with_adopted_names_alone(watched: Process, path: str) -> None:
    """It reads each answer, and complains of nothing but what snmp_exporter has named against its taste."""
    promtool = installed("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    text = (await watched.web.get(path, params=await _first(watched, path))).text
    result = await asyncio.to_thread(
        subprocess.run, [promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert result.returncode in {0, LINT_FOUND_FAULT}
    complaints = [line for line in result.stderr.splitlines() if not line.startswith(ADOPTED)]
    assert complaints == []


@pytest.mark.parametrize("style", ["metrics", "targets"])
async def test_promtool_accepts_both_styles(style: Any, tmp_path: Path) -> None:
    """As the command writes them, with an address of one's own."""
    promtool = installed("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    (tmp_path / "prometheus.yml").write_text(scrape_config(style, "[2001:db8::9]:9841"))
    command = [promtool, "check", "config", str(tmp_path / "prometheus.yml")]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
