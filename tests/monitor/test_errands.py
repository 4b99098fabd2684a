"""Work that nobody waits for."""

import asyncio
import gc
import weakref

from monitor.errands import Errands


def _end(held: "weakref.ref[asyncio.Future[None]]") -> None:
    """End a future that is still there."""
    future = held()
    if future is not None:
        future.set_result(None)


async def test_an_errand_is_done_though_nobody_holds_it() -> None:
    """The loop keeps only a weak reference to a task; a collection meanwhile does not end it."""
    errands, done = Errands(), asyncio.Event()

    async def errand() -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.01, _end, weakref.ref(waiting))
        await waiting
        done.set()

    errands.soon(errand())
    await asyncio.sleep(0)
    gc.collect()
    await asyncio.wait_for(done.wait(), 5)


async def test_what_is_under_way_is_ended_and_handed_back() -> None:
    """What is done already is not."""
    errands = Errands()
    await errands.soon(asyncio.sleep(0))
    under_way = errands.soon(asyncio.sleep(3_600))
    assert errands.cancel() == [under_way]
    await asyncio.wait([under_way])
    assert under_way.cancelled()
    assert errands.cancel() == []
