"""What is made of an inventory once."""

import asyncio
import threading

from exporters.targets.kept import Kept
from model.inventory import Inventory


async def test_it_is_made_once_for_each_inventory_and_beside_the_loop() -> None:
    """Whoever asks meanwhile waits for the same; another inventory is made anew."""
    made: list[tuple[Inventory, int]] = []

    def make(inventory: Inventory) -> int:
        made.append((inventory, threading.get_ident()))
        return len(made)

    kept, one, other = Kept(make), Inventory(), Inventory()
    assert await asyncio.gather(*[kept.of(one) for _ in range(5)]) == [1] * 5
    assert await kept.of(one) == 1
    assert await kept.of(other) == 2
    assert [inventory for inventory, _ in made] == [one, other]
    assert threading.get_ident() not in {thread for _, thread in made}
