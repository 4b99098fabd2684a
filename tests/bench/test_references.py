import shutil
from collections.abc import AsyncIterator

import pytest

from bench.children import peer
from bench.figures import CannotRunError
from bench.mib import EIGHT
from bench.references import (
    BLACKBOX,
    SNMP_EXPORTER,
    Reference,
    ScrapeError,
    blackbox_configuration,
    reference,
    snmp_configuration,
    version_in,
)


@pytest.fixture
async def snmp_exporter() -> AsyncIterator[Reference]:
    """A running snmp_exporter with the columns that are compared."""
    if shutil.which("prometheus-snmp-exporter") is None:
        pytest.skip("prometheus-snmp-exporter is not installed")
    async with reference(SNMP_EXPORTER, snmp_configuration(EIGHT)) as running:
        yield running


@pytest.mark.live
async def test_snmp_exporter_reads_the_same_columns(snmp_exporter: Reference) -> None:
    """With the generated configuration it reads every column with its names from our responder, and costs CPU."""
    async with peer("bench.responder", "--interfaces", "8") as agents:
        for column in EIGHT:
            line = f'{column}{{ifAlias="to room 8",ifDescr="GigabitEthernet1/0/8",ifIndex="8",ifName="Gi1/0/8"}}'
            query = {"module": "if_mib", "target": f"127.0.9.1:{agents['port']}"}
            await snmp_exporter.scrape("/snmp", [query] * 10, line)
    assert snmp_exporter.cpu() > 0
    assert snmp_exporter.version


@pytest.mark.live
async def test_a_reference_that_measured_nothing_is_not_compared_with(snmp_exporter: Reference) -> None:
    """An answer without the expected line is an error, not a cheap scrape."""
    with pytest.raises(ScrapeError, match="ifOperStatus"):
        await snmp_exporter.scrape("/snmp", [{"module": "nothing", "target": "127.0.9.1"}], "ifOperStatus{")


@pytest.mark.live
async def test_blackbox_exporter_takes_the_generated_configuration() -> None:
    """It starts with it and answers."""
    if shutil.which("prometheus-blackbox-exporter") is None:
        pytest.skip("prometheus-blackbox-exporter is not installed")
    async with reference(BLACKBOX, blackbox_configuration()) as running:
        await running.scrape("/probe", [{"module": "tcp", "target": f"127.0.0.1:{running.port}"}], "probe_success 1")


async def test_a_missing_exporter_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not installed the reason says how to mend it."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(CannotRunError, match="apt-get install prometheus-snmp-exporter"):
        async with reference(SNMP_EXPORTER, {}):
            pass


@pytest.mark.live
async def test_an_exporter_that_does_not_start_is_a_reason() -> None:
    """What it said last is the reason."""
    if shutil.which("prometheus-snmp-exporter") is None:
        pytest.skip("prometheus-snmp-exporter is not installed")
    with pytest.raises(CannotRunError, match="ended at once"):
        async with reference(SNMP_EXPORTER, {"if_mib": {"walk": 1}}):
            pass


def test_the_version_is_read_from_what_the_program_says() -> None:
    """The word after "version", and nothing where there is none."""
    assert version_in("snmp_exporter, version 0.21.0 (branch: x, revision: y)\n go version: go1.19") == "0.21.0"
    assert version_in("no idea") == ""
