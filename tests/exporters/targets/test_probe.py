"""GET /probe, with somebody who only pretends to probe."""

import asyncio

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as parse_text

from exporters.exposition import Style
from model.inventory import Inventory
from model.measurement import Failure, Reason
from tests.peers.board import PAGE_READING
from tests.peers.past import Kept
from tests.peers.probing import FakeProbing

ICMP = {"module": "icmp", "target": "203.0.113.1"}
PAGE = {"target": "https://dichvucong.example/"}
TIMEOUT = "x-prometheus-scrape-timeout-seconds"


async def test_a_probe_is_metrics_without_a_target(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """Status 200, Prometheus text, and no label but the phase: Prometheus adds the target."""
    answer = await client.get("/probe", params=ICMP)
    assert (answer.status_code, answer.headers["content-type"]) == (200, Style.TEXT.value)
    samples = [sample for family in parse_text(answer.text) for sample in family.samples]
    assert {label for sample in samples for label in sample.labels} == {"phase"}
    assert "probe_success 1\n" in answer.text
    assert [wish.aim.subject.id for wish in probing.wishes] == ["office-vnpt"]


async def test_a_failed_probe_is_an_answer(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """Status 200 and probe_success 0."""
    probing.outcome = Failure(Reason.TIMEOUT, "no answer")
    answer = await client.get("/probe", params=ICMP)
    assert answer.status_code == 200
    assert "probe_success 0\n" in answer.text


async def test_openmetrics_for_who_asks_for_it(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """Its strict parser reads it to the end mark."""
    probing.outcome = PAGE_READING
    answer = await client.get("/probe", params=PAGE, headers={"accept": "application/openmetrics-text;version=1.0.0"})
    assert answer.headers["content-type"] == Style.OPENMETRICS.value
    assert len(list(text_string_to_metric_families(answer.text))) > 15


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("module=nope&target=203.0.113.1", 400, 'Unknown module "nope": the modules are http_2xx, icmp,'),
        ("module=nope", 400, 'Unknown module "nope"'),
        ("module=icmp", 400, "Target parameter is missing"),
        ("module=icmp&target=", 400, "Target parameter is missing"),
        ("", 400, "Target parameter is missing"),
        ("module=icmp&target=192.0.2.2", 404, "the inventory holds no target of module icmp '192.0.2.2'"),
        ("target=dichvucong.example", 404, "the inventory holds no target of module http_2xx"),
        ("module=icmp&target=192.0.2.2&target=203.0.113.1", 404, "holds no target"),
        ("module=icmp&target=203.0.113.1&link=point-1-viettel", 404, "holds no target"),
        ("target=https://dichvucong.example/&hostname=a/b", 400, "hostname='a/b' is no host"),
        ("target=https://dichvucong.example/&hostname=a%0d%0aX-Evil:1", 400, "is no host: write a name such as"),
    ],
)
async def test_what_is_refused(
    client: httpx.AsyncClient, probing: FakeProbing, query: str, status: int, words: str
) -> None:
    """In blackbox_exporter's words where it has them, on one line, and without a probe."""
    answer = await client.get(f"/probe?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert words in answer.text
    assert answer.text.count("\n") == 1
    assert probing.wishes == []


@pytest.mark.parametrize("module", ["http_2xx", "icmp", "tcp_connect", "dns", "stamp"])
@pytest.mark.parametrize(
    "target",
    [
        "169.254.169.254",
        "http://169.254.169.254/latest/meta-data/",
        "[::ffff:169.254.169.254]",
        "::ffff:203.0.113.1",
        "0xcb007101",
        "0xcb.0x00.0x71.0x01",
        "3405803777",
        "0313.0.0161.1",
        "203.0.113.1.",
        "203.0.28929",
        "http://203.0.113.1:443/",
        "https://dichvucong.example@169.254.169.254/",
        "https://169.254.169.254#@dichvucong.example/",
        "https://dichvucong.example:443@localhost/",
        "https://dichvucong.example/../",
        "https://dichvucong.example%2eevil.example/",
        "file:///etc/passwd",
        "gopher://203.0.113.1/",
        "localhost:9841",
        "127.0.0.1:9841",
        "office-vnpt",
        "\x00203.0.113.1",
    ],
)
async def test_nobody_makes_the_monitor_ask_elsewhere(
    client: httpx.AsyncClient, probing: FakeProbing, module: str, target: str
) -> None:
    """What the inventory does not hold in so many letters is never probed (CVE-2020-16248)."""
    answer = await client.get("/probe", params={"module": module, "target": target})
    assert answer.status_code == 404
    assert probing.wishes == []


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("10", 1.0), ("1.25", 0.75), ("0.75", 0.25), ("0.3", 1.0), ("0", 1.0), ("", 1.0), ("1e300", 1.0), ("-5", 1.0)],
)
async def test_a_probe_takes_no_longer_than_prometheus_waits(
    client: httpx.AsyncClient, probing: FakeProbing, header: str, seconds: float
) -> None:
    """Half a second less than the header says, and never more than the inventory allows, which is 1 s here."""
    answer = await client.get("/probe", params=ICMP, headers={TIMEOUT: header})
    (wish,) = probing.wishes
    assert wish.timeout == pytest.approx(seconds, abs=0.01)
    assert f"probe_timeout_seconds {seconds}\n" in answer.text


@pytest.mark.parametrize("header", ["abc", "nan", "inf", "1,5"])
async def test_a_timeout_that_is_no_number(client: httpx.AsyncClient, probing: FakeProbing, header: str) -> None:
    """Is answered as blackbox_exporter does."""
    answer = await client.get("/probe", params=ICMP, headers={TIMEOUT: header})
    assert answer.status_code == 500
    assert answer.text.startswith("Failed to parse timeout from Prometheus header: ")
    assert probing.wishes == []


async def test_requests_for_one_target_share_a_probe(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """Two Prometheus servers that scrape at once cost one probe; another name in the Host header is another probe."""
    probing.gate.clear()
    queries = [PAGE, PAGE, {**PAGE, "hostname": "www.example"}]
    asking = [asyncio.create_task(client.get("/probe", params=query)) for query in queries]
    async with asyncio.timeout(5):
        while len(probing.wishes) < 2:  # noqa: ASYNC110  # no event tells it
            await asyncio.sleep(0.01)
    probing.gate.set()
    assert [answer.status_code for answer in await asyncio.gather(*asking)] == [200] * 3
    assert [wish.hostname for wish in probing.wishes] == [None, "www.example"]


async def test_a_hostname_is_for_pages_only(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """It stands in the Host header; a ping has none."""
    await client.get("/probe", params={**ICMP, "hostname": "www.example"})
    assert [wish.hostname for wish in probing.wishes] == [None]


async def test_debug_tells_the_probe_and_then_its_metrics(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """Log, metrics and what it went by, each line of the log in logfmt."""
    probing.outcome = Failure(Reason.STATUS, 'HTTP 404, "expected" 200 to 299', PAGE_READING)
    answer = await client.get("/probe", params={**PAGE, "debug": "true", "hostname": "www.example"})
    assert answer.headers["content-type"].startswith("text/plain")
    log, metrics, configuration = answer.text.split("\n\n\n\n")
    assert log.splitlines()[0] == "Logs for the probe:"
    lines = log.splitlines()[1:]
    assert all(line.startswith("ts=2026-11-24T07:00:00") and "module=http_2xx" in line for line in lines)
    assert 'msg="Beginning probe" probe=http timeout_seconds=10.0' in lines[0]
    assert "host=www.example" in log
    assert "resolve_seconds=0.002 connect_seconds=0.01 tls_seconds=0.02" in log
    assert 'reason=status err="HTTP 404, \\"expected\\" 200 to 299"' in log
    assert 'msg="Probe failed" duration_seconds=0.5' in lines[-1]
    assert metrics.startswith("Metrics that would have been returned:\n# HELP ")
    assert "probe_success 0\n" in metrics
    assert configuration.startswith("Module configuration:\nprober: http\ntimeout: 10s\nservice: public-services\n")


@pytest.mark.parametrize("query", [{}, {"debug": "true"}])
async def test_the_query_of_a_page_is_not_told(
    client: httpx.AsyncClient, probing: FakeProbing, query: dict[str, str]
) -> None:
    """It may hold a key; the probe has it, the answer has not."""
    probing.outcome = PAGE_READING
    answer = await client.get("/probe", params={**PAGE, **query})
    assert answer.status_code == 200
    assert "planted" not in answer.text
    service = probing.wishes[0].aim.service
    assert service is not None
    assert "planted-key" in str(service.url)


async def test_a_reload_decides_what_is_held(client: httpx.AsyncClient, probing: FakeProbing, kept: Kept) -> None:
    """What left the inventory is no longer probed."""
    assert (await client.get("/probe", params=ICMP)).status_code == 200
    kept.inventory = Inventory()
    assert (await client.get("/probe", params=ICMP)).status_code == 404
    assert len(probing.wishes) == 1


async def test_only_get_is_answered(client: httpx.AsyncClient) -> None:
    """A probe is a question."""
    assert (await client.post("/probe", params=ICMP)).status_code == 405
