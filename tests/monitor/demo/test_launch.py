"""The world as a process of its own: it comes, tells, and leaves nothing behind."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from monitor.config import load
from monitor.demo.fault import Fault, FaultKind
from monitor.demo.ground import WorldError
from monitor.demo.launch import simulated_ward

PARENT = """
import asyncio
from monitor.demo.launch import simulated_ward

async def main():
    async with simulated_ward(sites=1) as ward:
        print(ward.pid, ward.inventory.parent, flush=True)
        await asyncio.sleep(100)

asyncio.run(main())
"""


async def _gone(handle: int) -> None:
    """Return when the process of a pidfd has ended."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_reader(handle, ended.set)
    async with asyncio.timeout(10):
        await ended.wait()
    loop.remove_reader(handle)


def _exists(folder: str) -> bool:
    return Path(folder).exists()


def _is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


async def test_a_ward_comes_and_goes() -> None:
    """Inside the context there is a process with an inventory and a truth; afterwards neither process nor folder."""
    async with simulated_ward(sites=2) as ward:
        assert ward.pid != os.getpid()
        assert _is_alive(ward.pid)
        assert len(load(ward.inventory).sites) == 2
        assert set(ward.truth()) >= {"epoch", "time", "links", "devices", "services", "faults"}
    assert not _is_alive(ward.pid)
    assert not ward.inventory.parent.exists()


async def test_a_given_story_is_told() -> None:
    """Faults of the caller's own strike at their time and are heard in order; the truth holds them."""
    story = [
        Fault(FaultKind.LINK_CUT, 0.1, 60, ("office-vnpt", "office-rt1/Gi0/0/1")),
        Fault(FaultKind.AGENT_SILENT, 0.3, 0.4, ("office-sw1",)),
    ]
    async with simulated_ward(sites=1, story=story) as ward:
        async with asyncio.timeout(10):
            heard = [await anext(happening) for happening in [ward.happenings()] for _ in range(3)]
        assert [(each.fault, each.begun) for each in heard] == [
            (story[0], True),
            (story[1], True),
            (story[1], False),
        ]
        truth = ward.truth()
        assert truth["links"]["office-vnpt"]["up"] is False
        assert truth["faults"] == [story[0].to_json()]


async def test_two_wards_at_once() -> None:
    """Two demos on one machine have no address in common."""
    async with simulated_ward(sites=2) as one, simulated_ward(sites=2) as other:
        first, second = ({device.address for _, device in load(ward.inventory).devices()} for ward in (one, other))
    assert first
    assert not first & second


async def test_happenings_end_with_the_ward() -> None:
    """Who listens is told when the world's process has died, and the context still closes in peace."""
    async with simulated_ward(sites=1, story=[]) as ward:
        os.kill(ward.pid, signal.SIGKILL)
        async with asyncio.timeout(10):
            assert [happening async for happening in ward.happenings()] == []
    assert not ward.inventory.parent.exists()


async def test_the_world_ends_when_its_parent_is_killed() -> None:
    """SIGKILL leaves a parent no time to tidy up: the world sees it, ends, and takes its folder along."""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    async with asyncio.timeout(30):
        pid, folder = (await parent.stdout.readline()).decode().split()
    assert _exists(folder)
    handle = os.pidfd_open(int(pid))
    parent.kill()
    await parent.wait()
    await _gone(handle)
    os.close(handle)
    assert not _exists(folder)


async def test_a_start_that_takes_too_long_is_given_up() -> None:
    """The error says how long was waited."""
    with pytest.raises(WorldError, match="not ready within 0 s"):
        async with simulated_ward(sites=1, start_within=0.0):
            pass


async def test_an_impossible_ward_is_an_error_in_words() -> None:
    """What the world's process complains of reaches the caller as one sentence."""
    with pytest.raises(WorldError, match=r"ended before it was ready: .*801"):
        async with simulated_ward(sites=801):
            pass
