"""An application with a past, and a client of it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from exporters.app import Behind, create_app
from exporters.own import OwnMetrics
from tests.peers.api import Ward


@pytest.fixture
def daemon() -> Ward:
    """A ward of which nothing is known yet but what was judged."""
    return Ward()


@pytest.fixture
async def client(daemon: Ward) -> AsyncIterator[httpx.AsyncClient]:
    """A client of its application."""
    app = create_app(Behind(daemon.latest, OwnMetrics(), lambda: 1.0, daemon, daemon, daemon, daemon.kept))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://monitor") as web:
        yield web
