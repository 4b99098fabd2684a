"""An application that probes nothing, and a client of it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.peers.past import Kept
from tests.peers.probing import FakeProbing, asking


@pytest.fixture
async def probing() -> FakeProbing:
    """Whoever probes."""
    return FakeProbing()


@pytest.fixture
async def asked(probing: FakeProbing) -> AsyncIterator[tuple[httpx.AsyncClient, Kept]]:
    """A client, and what is watched."""
    async with asking(probing) as pair:
        yield pair


@pytest.fixture
def client(asked: tuple[httpx.AsyncClient, Kept]) -> httpx.AsyncClient:
    """The client alone."""
    return asked[0]


@pytest.fixture
def kept(asked: tuple[httpx.AsyncClient, Kept]) -> Kept:
    """What is watched alone."""
    return asked[1]
