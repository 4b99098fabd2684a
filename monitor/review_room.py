"""All that the daemon does about monthly reviews: for whoever asks, and on the day by itself."""

import asyncio
from collections.abc import Callable

from exporters.own import OwnMetrics
from history.store import Store
from model.inventory import Inventory
from monitor.review_desk import ReviewDesk
from monitor.review_post import LOOK_EVERY, ReviewPost

__all__ = ["LOOK_EVERY", "ReviewRoom"]


class ReviewRoom:
    """One review is made at a time, whoever wants it.

    Attributes:
        desk: For the pages.
        post: For the calendar.
    """

    def __init__(self, store: Store, url: str, inventory: Callable[[], Inventory], own: OwnMetrics) -> None:
        one_at_a_time = asyncio.Lock()
        self.desk = ReviewDesk(store, url, inventory, one_at_a_time)
        self.post = ReviewPost(store, url, inventory, own, one_at_a_time)
        own.reviews(self.post.overdue)

    async def close(self) -> None:
        """Make nothing more."""
        await self.post.close()
        await self.desk.close()
