"""Work in a process of its own."""

import asyncio
import logging
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from monitor.apart import ApartError, Step, apart

pytestmark = pytest.mark.asyncio(loop_scope="module")


def added(step: Step, first: int, *, second: int) -> tuple[int, int, int]:
    """Their sum, who reckons it, and how nice that is."""
    step(0.5)
    return first + second, os.getpid(), os.nice(0)


def mistaken(_: Step, secret: str) -> None:
    """A mistake whose words hold a secret."""
    raise ValueError(secret)


def struck(_: Step) -> None:
    """As by a kernel that has no memory left."""
    os.kill(os.getpid(), signal.SIGKILL)


def lasting(step: Step, file: Path) -> None:
    """Work without an end."""
    file.write_text(str(os.getpid()))
    step(0.1)
    time.sleep(600)  # in a process of its own


async def test_it_gives_what_the_function_gives() -> None:
    """From another process, which gives way to this one, and tells how far it is."""
    told: list[float] = []
    result, process, niceness = await apart(told.append, added, 2, second=3)
    assert (result, told) == (5, [0.5])
    assert process != os.getpid()
    assert niceness > os.nice(0)


async def test_a_mistake_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    """They may hold anything; where it was is enough."""
    with caplog.at_level(logging.ERROR), pytest.raises(ApartError, match="ended in ValueError") as caught:
        await apart(lambda _: None, mistaken, "canary-secret")
    assert "raise ValueError(secret)" in caplog.text
    assert "canary-secret" not in caplog.text + str(caught.value)


async def test_a_process_that_is_killed_is_told() -> None:
    """As the kernel does it where there is no memory left."""
    with pytest.raises(ApartError, match="ended from outside"):
        await apart(lambda _: None, struck)


async def test_whoever_leaves_while_it_starts_ends_it_too(tmp_path: Path) -> None:
    """A daemon that is stopped at that very moment leaves no process behind."""
    task = asyncio.create_task(apart(lambda _: None, lasting, tmp_path / "pid"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [child for child in multiprocessing.active_children() if child.name == "apart"] == []


async def test_whoever_no_longer_waits_ends_it(tmp_path: Path) -> None:
    """Nothing goes on reckoning behind a daemon that has stopped."""
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def step(_: float) -> None:
        loop.call_soon_threadsafe(begun.set)

    task = asyncio.create_task(apart(step, lasting, tmp_path / "pid"))
    await asyncio.wait_for(begun.wait(), 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    process = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
