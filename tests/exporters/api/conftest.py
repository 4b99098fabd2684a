"""An application with a past, and a client of it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.peers.api import Ward


@pytest.fixture
def daemon() -> Ward:
    """A ward of which nothing is known yet but what was judged."""
    return Ward()


@pytest.fixture
async def client(daemon: Ward) -> AsyncIterator[httpx.AsyncClient]:
    """A client of its application."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(daemon.app()), base_url="http://monitor") as web:
        yield web
