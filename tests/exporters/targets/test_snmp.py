"""GET /snmp, with somebody who only pretends to poll."""

import asyncio
import re
from dataclasses import replace

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as parse_text
from prometheus_client.samples import Sample

from exporters.exposition import Style
from model.measurement import Failure, Reason
from tests.peers.board import ETHER1, interface, poll
from tests.peers.probing import FakeProbing

ROUTER = {"target": "10.20.0.1"}
ROW = {"ifIndex", "ifName", "ifDescr", "ifAlias"}


def samples(text: str) -> list[Sample]:
    """All samples of a text."""
    return [sample for family in parse_text(text) for sample in family.samples]


async def test_interfaces_bear_their_labels_and_no_other(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """Without a module it is if_mib; each row has the four labels, and Prometheus adds the target."""
    answer = await client.get("/snmp", params=ROUTER)
    assert (answer.status_code, answer.headers["content-type"]) == (200, Style.TEXT.value)
    rows = [sample for sample in samples(answer.text) if sample.name.startswith("if")]
    assert all(sample.labels.keys() - {"ifType", "ifPhysAddress"} == ROW for sample in rows)
    values = {sample.name: sample.value for sample in rows}
    assert (values["ifIndex"], values["ifHighSpeed"]) == (1, 1000)
    assert re.search(r"^ifHCInOctets\{.*\} 7$", answer.text, re.MULTILINE)  # the parser would append _total
    assert 'ifPhysAddress="02:00:00:00:00:01"' in answer.text
    assert {sample.labels["module"] for sample in samples(answer.text) if "module" in sample.labels} == {"if_mib"}
    assert "# TYPE sysUpTime" not in answer.text
    assert len(probing.agents) == 1


async def test_a_counter_is_called_a_counter(client: httpx.AsyncClient) -> None:
    """In text with its true type and name; in OpenMetrics, which wants _total, with its name and no type."""
    text = (await client.get("/snmp", params=ROUTER)).text
    assert "# TYPE ifHCInOctets counter\nifHCInOctets{" in text
    answer = await client.get("/snmp", params=ROUTER, headers={"accept": "application/openmetrics-text;version=1.0.0"})
    assert "# TYPE ifHCInOctets unknown\nifHCInOctets{" in answer.text
    assert len(list(text_string_to_metric_families(answer.text))) > 15


@pytest.mark.parametrize(
    "query", ["module=if_mib,system", "module=system&module=if_mib", "module=system,,system,if_mib"]
)
async def test_several_modules_are_one_poll(client: httpx.AsyncClient, probing: FakeProbing, query: str) -> None:
    """Both are told, each series once; packets count for the first module."""
    text = (await client.get(f"/snmp?target=10.20.0.1&{query}")).text
    found = [(sample.name, *sorted(sample.labels.items())) for sample in samples(text)]
    assert len(found) == len(set(found))
    assert text.count("# TYPE ") == len({line for line in text.splitlines() if line.startswith("# TYPE ")})
    first = "system" if "module=system" in query else "if_mib"
    assert f'snmp_scrape_packets_sent{{module="{first}"}} 4\n' in text
    assert sum(sample.value for sample in samples(text) if sample.name == "snmp_scrape_packets_sent") == 4
    assert 'sysDescr{sysDescr="RouterOS"} 1\n' in text
    assert 'sysObjectID{sysObjectID="1.3.6.1.4.1.14988.1"} 1\n' in text
    assert len(probing.agents) == 1


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 400, "'target' parameter must be specified once"),
        ("target=", 400, "'target' parameter must be specified once"),
        ("target=10.20.0.1&target=10.20.0.1", 400, "'target' parameter must be specified once"),
        ("target=10.20.0.1&module=nope", 400, "Unknown module 'nope': the modules are if_mib and system"),
        ("target=10.20.0.1&module=,", 400, "'module' parameter must contain at least one module name"),
        ("target=10.20.0.1&auth=public_v2", 400, "Unknown auth 'public_v2' for this device: leave it out"),
        ("target=10.20.0.1&auth=v2&auth=v2", 400, "'auth' parameter must only be specified once"),
        ("target=10.20.0.2", 404, "the inventory holds no device that is polled at '10.20.0.2'"),
        ("target=10.20.0.1:1161", 404, "a port other than 161 must be named"),
        ("target=203.0.113.1", 404, "holds no device"),
        ("target=169.254.169.254", 404, "holds no device"),
        ("target=::ffff:10.20.0.1", 404, "holds no device"),
        ("target=0x0a140001", 404, "holds no device"),
        ("target=office-rt1", 404, "holds no device"),
    ],
)
async def test_what_is_refused(
    client: httpx.AsyncClient, probing: FakeProbing, query: str, status: int, words: str
) -> None:
    """In snmp_exporter's words where it has them, and without a poll."""
    answer = await client.get(f"/snmp?{query}")
    assert answer.status_code == status
    assert words in answer.text
    assert probing.agents == []


async def test_credentials_are_the_inventorys(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """A request may name them, and what they are is not told."""
    answer = await client.get("/snmp", params={**ROUTER, "auth": "v2"})
    assert answer.status_code == 200
    assert "planted" not in answer.text
    assert "planted" not in repr(probing.agents)


async def test_a_silent_device_is_an_error(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """Status 500 with what happened, so that `up` is 0."""
    probing.reading = Failure(Reason.TIMEOUT, "no answer to 3 requests")
    answer = await client.get("/snmp", params=ROUTER)
    assert (answer.status_code, answer.text) == (500, "error getting target 10.20.0.1: no answer to 3 requests\n")


async def test_half_of_the_interfaces_is_an_error(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """A device that fell silent on the way has not lost the interfaces that were not read."""
    stopped = {"ifTable": Reason.TIMEOUT, "ifXTable": Reason.TIMEOUT}
    probing.reading = replace(poll(ETHER1), missing=stopped)
    answer = await client.get("/snmp", params=ROUTER)
    assert answer.status_code == 500
    assert "its interfaces could not all be read (timeout)" in answer.text
    assert (await client.get("/snmp", params={**ROUTER, "module": "system"})).status_code == 200


async def test_an_agent_without_one_of_the_tables_is_none(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """Old equipment has no ifXTable, and is answered with what it has."""
    probing.reading = replace(poll(ETHER1), missing={"ifXTable": Reason.AGENT_ERROR})
    assert (await client.get("/snmp", params=ROUTER)).status_code == 200


async def test_a_device_without_interfaces(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """Only the scrape is told of."""
    probing.reading = poll()
    answer = await client.get("/snmp", params=ROUTER)
    assert {sample.name.partition("_scrape")[0] for sample in samples(answer.text)} == {"snmp"}


async def test_rows_with_the_same_labels_are_one(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """A series is never there twice, whatever an agent says."""
    probing.reading = poll(interface(1, "ether1", ifMtu=1), interface(1, "ether1", ifMtu=2))
    text = (await client.get("/snmp", params=ROUTER)).text
    assert [sample.value for sample in samples(text) if sample.name == "ifMtu"] == [1]


async def test_strange_names_are_read_back(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """Quotes, backslashes, percent signs and line feeds in a name are no trouble."""
    name = 'a"b\\c%d%s\ne'
    probing.reading = poll(replace(interface(5, name, ifMtu=1), alias="Đường truyền"))
    labels = next(sample.labels for sample in samples((await client.get("/snmp", params=ROUTER)).text))
    assert labels == {"ifIndex": "5", "ifName": name, "ifDescr": name, "ifAlias": "Đường truyền"}


async def test_requests_for_one_device_share_a_poll(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """Whatever modules they want."""
    probing.gate.clear()
    asking = [
        asyncio.create_task(client.get("/snmp", params={**ROUTER, "module": module})) for module in ("if_mib", "system")
    ]
    async with asyncio.timeout(5):
        while not probing.agents:  # noqa: ASYNC110  # no event tells it
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    probing.gate.set()
    texts = [answer.text for answer in await asyncio.gather(*asking)]
    assert ["ifMtu" in text for text in texts] == [True, False]
    assert len(probing.agents) == 1


async def test_a_poll_that_takes_longer_than_the_scrape(client: httpx.AsyncClient, probing: FakeProbing) -> None:
    """Is an error in time; the poll goes on, and serves the next who asks."""
    probing.gate.clear()
    answer = await client.get("/snmp", params=ROUTER, headers={"x-prometheus-scrape-timeout-seconds": "0.51"})
    assert answer.status_code == 500
    assert "takes longer than the scrape may" in answer.text
    again = asyncio.create_task(client.get("/snmp", params=ROUTER))
    await asyncio.sleep(0.05)
    probing.gate.set()
    assert (await again).status_code == 200
    assert len(probing.agents) == 1
