"""Real peers on loopback, each started once for all tests that ask for it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from monitor.snmp.engines import Engines
from tests.peers.snmp_sessions import MakePoller
from tests.peers.snmpd import Snmpd, find_snmpd


@pytest.fixture(scope="session")
def snmpd_binary() -> str:
    """Where snmpd is; skips with the reason where it is not."""
    binary = find_snmpd()
    if binary is None:
        pytest.skip("snmpd is not installed (Debian: snmpd)")
    return binary


@pytest.fixture(scope="session")
def snmpd(snmpd_binary: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    """A net-snmp agent with a user for each combination of protocols."""
    with Snmpd(snmpd_binary, tmp_path_factory.mktemp("snmpd")) as agent:
        yield agent


@pytest.fixture
async def make_poller() -> AsyncIterator[MakePoller]:
    """Makes a poller of an agent on a port of loopback."""
    engines = Engines()
    with MakePoller(engines) as makes:
        yield makes
    engines.close()
