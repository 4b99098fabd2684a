"""All that the daemon does about monthly reviews: for whoever asks, on the day by itself, and beforehand."""

import asyncio
from collections.abc import Callable

from exporters.own import OwnMetrics
from history.store import Store
from model.inventory import Inventory
from monitor.review_desk import ReviewDesk
from monitor.review_keeping import MonthKeeping
from monitor.review_post import LOOK_EVERY, ReviewPost

__all__ = ["LOOK_EVERY", "ReviewRoom"]


class ReviewRoom:
    """One review is made at a time, whoever wants it.

    Attributes:
        desk: For the pages.
        post: For the calendar.
        keeping: Of earlier months, for both.
    """

    def __init__(self, store: Store, url: str, inventory: Callable[[], Inventory], own: OwnMetrics) -> None:
        one_at_a_time = asyncio.Lock()
        self.desk = ReviewDesk(store, url, inventory, one_at_a_time)
        self.post = ReviewPost(store, url, inventory, own, one_at_a_time)
        self.keeping = MonthKeeping(store, url, inventory, one_at_a_time)
        own.reviews(self.post.overdue)

    async def look(self) -> None:
        """Begin with what is due."""
        await self.post.look()
        await self.keeping.look()

    async def close(self) -> None:
        """Make nothing more."""
        await self.keeping.close()
        await self.post.close()
        await self.desk.close()
