"""What is made of a whole inventory once and kept until there is another."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from model.inventory import Inventory

_Made = TypeVar("_Made")


class Kept(Generic[_Made]):
    """Something made of the inventory in force.

    A city's is made in a thread of its own, once for all who ask meanwhile, so that no probe is held up.

    Args:
        make: A pure function.
    """

    def __init__(self, make: Callable[[Inventory], _Made]) -> None:
        self._make = make
        self._inventory: Inventory | None = None
        self._making: asyncio.Future[_Made] | None = None

    async def of(self, inventory: Inventory) -> _Made:
        """What was made of this inventory."""
        if self._making is None or self._inventory is not inventory:
            self._inventory = inventory
            self._making = asyncio.ensure_future(asyncio.to_thread(self._make, inventory))
        return await asyncio.shield(self._making)
