"""Real peers on loopback, each started once for all tests that ask for it."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from monitor.snmp.engines import Engines
from tests.peers.browser import chromium, find_chromium
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


@pytest.fixture(scope="session")
def chromium_binary() -> str:
    """Where Chromium is; skips where it is not."""
    found = find_chromium()
    if found is None:
        pytest.skip("chromium is not installed (Debian: chromium)")
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium_binary: str) -> AsyncIterator[Browser]:
    """One browser for all tests of a file."""
    async with chromium(chromium_binary) as found:
        yield found
