"""What tests of probes share."""

import dataclasses
from collections.abc import AsyncIterator, Iterator
from typing import Unpack

import pytest

from model.measurement import Failure, HttpReading
from monitor.probes.http import HttpProber, HttpRequest
from monitor.resolve import NameService
from tests.peers.http_outcome import Fetch, HttpOptions, addresses
from tests.peers.namespaces import Lab, lab


@pytest.fixture
async def http_prober() -> AsyncIterator[HttpProber]:
    """What is tested."""
    names = NameService(addresses=addresses)
    prober = HttpProber(names)
    yield prober
    prober.close()
    names.close()


@pytest.fixture
def fetch(http_prober: HttpProber) -> Fetch:
    """Ask for a URL with these options."""

    async def ask(url: str, timeout: float = 5, **options: Unpack[HttpOptions]) -> HttpReading | Failure:
        return await http_prober.fetch(dataclasses.replace(HttpRequest.to(url), **options), timeout)

    return ask


@pytest.fixture(scope="module")
def three_hosts() -> Iterator[Lab]:
    """Near host, router, far host."""
    with lab() as joined:
        yield joined
