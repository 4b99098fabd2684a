"""Both engines, and sessions and pollers that are closed after each test."""

from collections.abc import AsyncIterator, Iterator
from typing import cast

import pytest

from monitor.snmp.engines import Engines
from tests.peers.snmp_sessions import Engine, MakePoller, OpenSession


@pytest.fixture
async def engines() -> AsyncIterator[Engines]:
    """What opens sessions."""
    engines = Engines()
    yield engines
    engines.close()


@pytest.fixture(params=["gufo", "pysnmp"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    return cast("Engine", request.param)


@pytest.fixture
def open_session(engines: Engines) -> Iterator[OpenSession]:
    """Opens a session with an agent on a port of loopback."""
    with OpenSession(engines) as opens:
        yield opens


@pytest.fixture
def make_poller(engines: Engines) -> Iterator[MakePoller]:
    """Makes a poller of an agent on a port of loopback."""
    with MakePoller(engines) as makes:
        yield makes
