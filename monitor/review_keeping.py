"""Computes what later reviews will need of a month while there is time: once it has been over for a week."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from history.stamp import BEHIND
from history.store import Store
from model.inventory import Inventory
from monitor.apart import ApartError, apart, unheard
from monitor.review_asked import Asked
from monitor.review_due import due_review
from monitor.review_making import Failed, Order, kept

log = logging.getLogger(__name__)

_WARDS_AT_ONCE: Final = 6  # a new process takes as long to start as a month of two wards to be reckoned
_PAUSE: Final = 3_600.0  # seconds after a failure: there are weeks left


class MonthKeeping:
    """Lets the review of the 1st find its earlier months, where the daemon makes reviews by itself.

    What is kept already is not computed again, whoever computed it, so that nothing is remembered beyond the process.

    Args:
        store: The history.
        url: Where another process finds it.
        inventory: Gives the inventory that is in force.
        one_at_a_time: Held while it computes, as while a review is made.
        now: The time, aware UTC.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        store: Store,
        url: str,
        inventory: Callable[[], Inventory],
        one_at_a_time: asyncio.Lock,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._url, self._inventory = store, url, inventory
        self._one_at_a_time, self._now, self._clock = one_at_a_time, now, clock
        self._settled: Asked | None = None
        self._not_before = 0.0
        self._keeping: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Begin with a month that has been over for a week, and do not wait for it."""
        is_busy = self._keeping is not None and not self._keeping.done()
        if is_busy or self._clock() < self._not_before or not self._inventory().reports.is_planned:
            return
        order = self._order()
        if order is not None and order.asked != self._settled:
            self._keeping = asyncio.create_task(self._keep(order))

    async def close(self) -> None:
        """Compute nothing more."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    def _order(self) -> Order | None:
        """The last month that is over; ``None`` within a week of its end, while its last outage may still go on."""
        inventory, now = self._inventory(), self._now()
        month = due_review(inventory, now).month
        if month != due_review(inventory, now - BEHIND).month:
            return None
        asked = Asked(month, cut_day=inventory.reports.cut_day, notice=inventory.reports.notice)
        return Order(self._url, self._store.monitor, inventory, asked, now)

    async def _keep(self, order: Order) -> None:
        computed = 0
        for step in _steps(order):
            found = await self._keep_some(step)
            if isinstance(found, Failed):
                self._not_before = self._clock() + _PAUSE
                log.warning("what later reviews need of %s is not kept: %s", order.asked.month, found.what)
                return
            computed += found
        self._settled = order.asked
        log.info(
            "what later reviews need of %s is kept; months that were computed for it: %d", order.asked.month, computed
        )

    async def _keep_some(self, order: Order) -> int | Failed:
        try:
            async with self._one_at_a_time:  # whoever has waited for a review comes before the next step
                return await apart(unheard, kept, order)
        except ApartError as error:
            return Failed(str(error))


def _steps(order: Order) -> Iterator[Order]:
    """The same for some wards after others, so that nobody who asks for a review waits for a whole city."""
    wards = [ward.id for ward in order.inventory.all_wards()]
    if len(wards) <= _WARDS_AT_ONCE:
        yield order
        return
    for first in range(0, len(wards), _WARDS_AT_ONCE):
        some = tuple(wards[first : first + _WARDS_AT_ONCE])
        yield replace(order, asked=replace(order.asked, wards=some))
