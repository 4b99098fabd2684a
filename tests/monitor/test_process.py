"""What the process asks of the operating system and of Python."""

import asyncio
import gc
import os
import resource
import signal
import weakref
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


class Replaced:
    """Something that refers to itself, as what a reload replaces may do."""

    def __init__(self) -> None:
        self.self = self


def is_looked_through(thing: object) -> bool:
    """Whether the collector would look at it."""
    return any(other is thing for other in gc.get_objects())


@pytest.mark.usefixtures("collector")
def test_what_lives_long_is_not_looked_through() -> None:
    """All that is there is out of the collector's sight, which looks more rarely; what was replaced is let go."""
    kept, replaced = Replaced(), Replaced()
    assert is_looked_through(kept)
    spare_the_collector()
    assert not is_looked_through(kept)
    assert gc.get_threshold()[0] == 50_000
    trace = weakref.ref(replaced)
    del replaced
    assert trace() is not None
    spare_the_collector()
    assert trace() is None


def test_the_limit_of_sockets_is_raised_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The soft limit becomes the hard one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    allow_many_sockets()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (most, most)

    def refuse(*_: object) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    allow_many_sockets()
