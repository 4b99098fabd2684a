"""Every probe of an inventory, tried once: is what the file says also true out there?"""

import asyncio
from collections.abc import AsyncIterator, Callable

from model.inventory import Inventory
from model.measurement import Measurement
from monitor.instruments import Instruments
from monitor.task import Task, measure
from monitor.tasks import TaskBuilder

_AT_ONCE = 200


async def try_all(inventory: Inventory, begun: Callable[[int], None]) -> AsyncIterator[Measurement]:
    """One measurement of each probe, in the order in which they end.

    Args:
        inventory: What to try.
        begun: Told, before the first, how many there will be.
    """
    instruments = Instruments()
    try:
        tasks = TaskBuilder(inventory, instruments).tasks()
        begun(len(tasks))
        places = asyncio.Semaphore(_AT_ONCE)
        for done in asyncio.as_completed([_in_turn(task, places) for task in tasks]):
            yield await done
    finally:
        await instruments.close()


async def _in_turn(task: Task, places: asyncio.Semaphore) -> Measurement:
    async with places:
        return await measure(task)
