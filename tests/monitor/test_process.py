"""What the process asks of the operating system and of Python."""

import asyncio
import gc
import os
import resource
import signal
from collections.abc import Iterator

import pytest

from monitor.process import allow_many_sockets, heed, spare_the_collector


@pytest.fixture
def collector() -> Iterator[None]:
    """The garbage collector as it was."""
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


async def test_a_signal_is_heeded_on_the_loop() -> None:
    """It ends nothing by itself, and calls what was asked for."""
    heard = asyncio.Event()
    heed({signal.SIGUSR1: heard.set})
    os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.wait_for(heard.wait(), 5)
    asyncio.get_running_loop().remove_signal_handler(signal.SIGUSR1)


@pytest.mark.usefixtures("collector")
def test_what_lives_long_is_not_looked_through() -> None:
    """All that is there is frozen, what a reload has replaced is let go, and new objects are looked at more rarely."""
    spare_the_collector()
    frozen = gc.get_freeze_count()
    assert frozen > 1_000
    assert gc.get_threshold()[0] == 50_000
    ring: list[object] = [[] for _ in range(1_000)]
    ring.append(ring)
    spare_the_collector()
    assert gc.get_freeze_count() >= frozen + 1_000
    del ring
    spare_the_collector()
    assert gc.get_freeze_count() < frozen + 1_000


def test_the_limit_of_sockets_is_raised_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The soft limit becomes the hard one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    allow_many_sockets()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (most, most)

    def refuse(*_: object) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    allow_many_sockets()
