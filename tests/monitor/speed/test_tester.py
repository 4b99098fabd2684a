"""The tester is a process of its own: it is listened to, and ended when nobody waits for it."""

import asyncio
from pathlib import Path

import pytest

from model.speed_run import Ending
from monitor.speed import tester
from monitor.speed.order import Order, Said
from monitor.speed.peer import SpeedPeer
from monitor.speed.peer_limits import Limits
from monitor.speed.tester import run_test
from tests.peers.http_server import silent_server

KEY = "a key of the tests"


def children() -> set[int]:
    """The processes that this one has started and that still are."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


async def test_a_test_is_run_and_told_as_it_goes_on() -> None:
    """First that it waits, then the load and each slice, then all of it; nobody is left behind."""
    before = children()
    peer = SpeedPeer(KEY.encode(), Limits(octets_per_hour=10**12))
    peer.start("127.0.0.1", 0)
    said: list[Said] = []
    order = Order(f"http://127.0.0.1:{peer.port}", "receive", 10**11, KEY, streams=2, more=0, seconds=1.6)
    run = await run_test(order, said.append)
    peer.close()
    assert run.ending is Ending.DONE
    assert [one.phase for one in said[:2]] == ["idle", "load"]
    assert [one.latest for one in said if one.latest] == list(run.slices)
    assert children() <= before


async def test_whoever_waits_no_more_ends_it() -> None:
    """At once, whatever the peer does."""
    before = children()
    going = asyncio.Event()
    async with silent_server() as port:
        order = Order(f"http://127.0.0.1:{port}", "receive", 10**9, KEY)
        task = asyncio.create_task(run_test(order, lambda _: going.set()))
        await asyncio.wait_for(going.wait(), 20)
        assert children() - before
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert children() <= before


async def test_a_tester_that_cannot_be_understood_is_a_named_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as one of another version, after an update beside a running monitor."""
    monkeypatch.setattr(tester, "_MODULE", "this")  # it ends after a poem
    run = await run_test(Order("http://127.0.0.1:1", "send", 1, KEY), lambda _: None)
    assert (run.ending, run.detail) == (Ending.LOCAL, "the tester said what cannot be understood")


async def test_a_tester_that_cannot_work_is_a_named_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no exception of the monitor's."""
    monkeypatch.setattr(tester, "_MODULE", "monitor.speed.no_such_module")
    run = await run_test(Order("http://127.0.0.1:1", "send", 1, KEY), lambda _: None)
    assert (run.ending, run.detail) == (Ending.LOCAL, "the tester ended without a word")
