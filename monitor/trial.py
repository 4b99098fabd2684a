"""Every probe of an inventory, tried once: is what the file says also true out there?"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches

from model.inventory import Inventory
from model.measurement import Measurement, SnmpReading
from monitor.instruments import Instruments
from monitor.task import Task, measure
from monitor.tasks import TaskBuilder

_AT_ONCE = 200
_MOST_NAMES = 12


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


def missing_ports(inventory: Inventory, measurements: Iterable[Measurement]) -> Iterator[str]:
    """A sentence for each link whose ``interface`` its device does not have; silent about devices that did not answer.

    Args:
        inventory: What was tried.
        measurements: What came of it.
    """
    names = {
        each.subject.id: [interface.name for interface in each.outcome.interfaces]
        for each in measurements
        if isinstance(each.outcome, SnmpReading)
    }
    for _, link in inventory.links():
        device, port = link.interface_parts or ("", "")
        if device in names and port not in names[device]:
            what = f"{device} has no interface `{port}`, which link {link.id} names"
            yield f"{what}: write {_choice(port, names[device])}"


def _choice(port: str, names: Sequence[str]) -> str:
    if not names:
        return "none, as the agent shows no interface"
    likely = get_close_matches(port, names, n=_MOST_NAMES) if len(names) > _MOST_NAMES else names
    shown = likely or names[:_MOST_NAMES]
    return f"one of {', '.join(shown)}{', …' if len(shown) < len(names) else ''}"
