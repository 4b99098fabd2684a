"""The real snmp_exporter and /snmp, asked about one net-snmp agent: the same series with the same labels and values."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from model.inventory import Inventory
from monitor.instruments import Instruments
from monitor.on_demand import OnDemand
from tests.peers.probing import asking
from tests.peers.processes import free_port, installed, running, wait_for
from tests.peers.snmpd import Snmpd

pytestmark = pytest.mark.live

TABLE: Final = "1.3.6.1.2.1.2.2.1"
X_TABLE: Final = "1.3.6.1.2.1.31.1.1.1"
COLUMNS: Final = {
    "ifIndex": (f"{TABLE}.1", "gauge"),
    "ifType": (f"{TABLE}.3", "EnumAsInfo"),
    "ifMtu": (f"{TABLE}.4", "gauge"),
    "ifSpeed": (f"{TABLE}.5", "gauge"),
    "ifPhysAddress": (f"{TABLE}.6", "PhysAddress48"),
    "ifAdminStatus": (f"{TABLE}.7", "gauge"),
    "ifOperStatus": (f"{TABLE}.8", "gauge"),
    "ifLastChange": (f"{TABLE}.9", "gauge"),
    "ifInDiscards": (f"{TABLE}.13", "counter"),
    "ifInErrors": (f"{TABLE}.14", "counter"),
    "ifOutDiscards": (f"{TABLE}.19", "counter"),
    "ifOutErrors": (f"{TABLE}.20", "counter"),
    "ifHCInOctets": (f"{X_TABLE}.6", "counter"),
    "ifHCInUcastPkts": (f"{X_TABLE}.7", "counter"),
    "ifHCInMulticastPkts": (f"{X_TABLE}.8", "counter"),
    "ifHCInBroadcastPkts": (f"{X_TABLE}.9", "counter"),
    "ifHCOutOctets": (f"{X_TABLE}.10", "counter"),
    "ifHCOutUcastPkts": (f"{X_TABLE}.11", "counter"),
    "ifHCOutMulticastPkts": (f"{X_TABLE}.12", "counter"),
    "ifHCOutBroadcastPkts": (f"{X_TABLE}.13", "counter"),
    "ifHighSpeed": (f"{X_TABLE}.15", "gauge"),
    "ifCounterDiscontinuityTime": (f"{X_TABLE}.19", "gauge"),
}
"""What is polled of IF-MIB, in the words of snmp_exporter's configuration. The Debian package ships none."""

SYSTEM: Final = {
    "sysDescr": ("1.3.6.1.2.1.1.1", "DisplayString"),
    "sysObjectID": ("1.3.6.1.2.1.1.2", "OctetString"),
    "sysUpTime": ("1.3.6.1.2.1.1.3", "gauge"),
    "sysContact": ("1.3.6.1.2.1.1.4", "DisplayString"),
    "sysName": ("1.3.6.1.2.1.1.5", "DisplayString"),
    "sysLocation": ("1.3.6.1.2.1.1.6", "DisplayString"),
}
NO_ADDRESS: Final = "00:00:00:00:00:00"


class Both(NamedTuple):
    """The two who are asked."""

    ours: httpx.AsyncClient
    theirs: httpx.AsyncClient
    agent: Snmpd


def _lookup(name: str, oid: str) -> dict[str, Any]:
    return {"labels": ["ifIndex"], "labelname": name, "oid": oid, "type": "DisplayString"}


def _column(name: str, oid: str, kind: str) -> dict[str, Any]:
    described: dict[str, Any] = {"name": name, "oid": oid, "type": kind, "help": name}
    lookups = [("ifAlias", f"{X_TABLE}.18"), ("ifDescr", f"{TABLE}.2"), ("ifName", f"{X_TABLE}.1")]
    described["indexes"] = [{"labelname": "ifIndex", "type": "gauge"}]
    described["lookups"] = [_lookup(*each) for each in lookups]
    return described | ({"enum_values": {6: "ethernetCsmacd", 24: "softwareLoopback"}} if kind == "EnumAsInfo" else {})


def _configuration() -> str:
    columns = [_column(name, *told) for name, told in COLUMNS.items()]
    scalars = [{"name": name, "oid": oid, "type": kind, "help": name} for name, (oid, kind) in SYSTEM.items()]
    common = {"version": 2, "auth": {"community": "public"}}
    return yaml.safe_dump({
        "if_mib": {"walk": [TABLE, X_TABLE], "metrics": columns, **common},
        "system": {"walk": ["1.3.6.1.2.1.1"], "metrics": scalars, **common},
    })


@contextmanager
def _exporter(folder: Path) -> Iterator[str]:
    binary = installed("prometheus-snmp-exporter")
    if binary is None:
        pytest.skip("snmp_exporter is not installed (Debian: prometheus-snmp-exporter)")
    (folder / "snmp.yml").write_text(_configuration())
    url = f"http://127.0.0.1:{free_port()}"
    command = [binary, f"--config.file={folder}/snmp.yml", f"--web.listen-address={url.removeprefix('http://')}"]
    with running(command, folder / "snmp_exporter.log"):
        wait_for(url)
        yield url


@pytest.fixture
async def both(snmpd: Snmpd, tmp_path: Path) -> AsyncIterator[Both]:
    """An exporter, and the daemon's application whose inventory holds the agent."""
    polled = {"credentials": "public", "port": snmpd.port}
    inventory = Inventory.model_validate({
        "credentials": {"public": {"version": "2c", "community": "public"}},
        "sites": [{"id": "a", "devices": [{"id": "rt", "address": "127.0.0.1", "snmp": polled}]}],
    })
    use = Instruments()
    with _exporter(tmp_path) as url:
        async with (
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=15) as theirs,
            asking(OnDemand(use), lambda: inventory) as (ours, _),
        ):
            yield Both(ours, theirs, snmpd)
    await use.close()


async def _samples(client: httpx.AsyncClient, agent: Snmpd, module: str) -> tuple[dict[str, str], list[Sample]]:
    """The type of each metric, and all samples."""
    answer = await client.get("/snmp", params={"target": f"127.0.0.1:{agent.port}", "module": module})
    assert answer.status_code == 200, answer.text
    types = dict(line.split()[2:4] for line in answer.text.splitlines() if line.startswith("# TYPE "))
    families = text_string_to_metric_families(answer.text)
    return types, [sample for family in families for sample in family.samples if not sample.name.startswith("snmp_")]


def _key(sample: Sample) -> tuple[str, ...]:
    return (sample.name, *[f"{name}={value}" for name, value in sorted(sample.labels.items()) if value])


async def test_interfaces_are_those_of_snmp_exporter(both: Both) -> None:
    """The same names, types, labels and values; counters lie between two answers of the exporter.

    Only an interface without an address is told of there, as if its address were all zeros, and not here.
    """
    before, (types, ours), (their_types, after) = [
        await _samples(client, both.agent, "if_mib") for client in (both.theirs, both.ours, both.theirs)
    ]
    assert types == their_types
    low, high = ({_key(sample): sample.value for sample in samples} for samples in (before[1], after))
    without = {key for key in low if f"ifPhysAddress={NO_ADDRESS}" in key}
    found = {_key(sample): sample.value for sample in ours}
    assert len(found) == len(ours)
    assert found.keys() == low.keys() - without == high.keys() - without
    assert len(found) > 20
    for key, value in found.items():
        assert low[key] <= value <= high[key], key


async def test_the_system_is_that_of_snmp_exporter(both: Both) -> None:
    """Its texts are labels; only its age has grown meanwhile."""
    (types, ours), (their_types, theirs) = [
        await _samples(client, both.agent, "system") for client in (both.ours, both.theirs)
    ]
    assert types == their_types
    assert {_key(sample) for sample in ours} == {_key(sample) for sample in theirs}
    ages = [sample.value for sample in (*ours, *theirs) if sample.name == "sysUpTime"]
    assert ages[0] <= ages[1] <= ages[0] + 3_000


async def test_a_scrape_says_what_it_cost(both: Both) -> None:
    """The same metrics of the scrape itself, with plausible values."""
    query = {"target": f"127.0.0.1:{both.agent.port}", "module": "if_mib"}
    texts = [(await client.get("/snmp", params=query)).text for client in (both.ours, both.theirs)]
    ours, theirs = [
        {
            line.partition(" ")[0]: float(line.rpartition(" ")[2])
            for line in text.splitlines()
            if line.startswith("snmp_")
        }
        for text in texts
    ]
    assert {name.partition("{")[0] for name in ours} == theirs.keys()  # for the label Debian's is too old
    assert ours['snmp_scrape_pdus_returned{module="if_mib"}'] > 20
    assert 0 < ours['snmp_scrape_walk_duration_seconds{module="if_mib"}'] < 5


@pytest.mark.parametrize("query", ["module=if_mib", "target=", "target=a&target=b", "target=127.0.0.1&module=nope"])
async def test_refusals_are_those_of_snmp_exporter(both: Both, query: str) -> None:
    """The same status, and the same words with the mend behind them."""
    theirs, ours = [await each.get(f"/snmp?{query}") for each in (both.theirs, both.ours)]
    assert ours.status_code == theirs.status_code == 400
    assert ours.text.startswith(theirs.text.strip())


async def test_an_agent_that_is_silent_is_an_error(both: Both) -> None:
    """Both answer with status 500, so that `up` is 0."""
    port = free_port()
    polled = {"credentials": "public", "port": port, "timeout": "100ms", "retries": 0}
    inventory = Inventory.model_validate({
        "credentials": {"public": {"version": "2c", "community": "public"}},
        "sites": [{"id": "a", "devices": [{"id": "rt", "address": "127.0.0.1", "snmp": polled}]}],
    })
    use = Instruments()
    query = {"target": f"127.0.0.1:{port}", "module": "if_mib"}
    async with asking(OnDemand(use), lambda: inventory) as (ours, _):
        answers = await asyncio.gather(ours.get("/snmp", params=query), both.theirs.get("/snmp", params=query))
    await use.close()
    assert [answer.status_code for answer in answers] == [500, 500]
    assert answers[0].text.startswith("error getting target 127.0.0.1: the host answers, but nothing listens on")
