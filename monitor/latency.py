"""How long probes took: of the last hours from memory, of what lies before from the history."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from exporters.past import PastUnavailableError
from history.errors import HistoryError
from history.rollup import Rollup, RollupBlock, Span
from history.store import Store
from model.intervals import Interval, between, moment
from model.invalid import InvalidValueError
from model.inventory import Inventory
from model.latency import Column, column_of_sketch
from monitor.hours import NO_WARD, hour_of
from monitor.smoke import Smoke

_LONG: Final = 10 * 86_400_000
"""Milliseconds beyond which days are good enough."""


class Latency:
    """Gives the columns of the graphs.

    Args:
        smoke: What is in memory.
        store: The history.
        inventory: Gives the inventory that is in force.
    """

    def __init__(self, smoke: Smoke, store: Store, inventory: Callable[[], Inventory]) -> None:
        self._smoke = smoke
        self._store = store
        self._inventory = inventory

    def recent(self, link: str, within: Interval) -> list[Column]:
        """What is in memory of an interval, in order of time."""
        return self._smoke.columns(link, within)

    async def hours(self, link: str, within: Interval) -> list[Column]:
        """What the history holds of an interval, in order of time: hours, and of a long time days and hours.

        Raises:
            PastUnavailableError: The history cannot be read now.
        """
        start, end = hour_of(moment(within.start)), datetime.now(UTC)
        shortest = Span.DAY if within.length > _LONG else Span.HOUR
        found = []
        try:
            async for block in self._store.blocks(start, end, self._ward(link), shortest=shortest):
                found += list(_columns(block, link))
        except HistoryError as error:
            raise PastUnavailableError(error.what, error.mend) from error
        return sorted(found, key=lambda column: column.span)

    def _ward(self, link: str) -> str:
        inventory = self._inventory()
        site = next((site for site, known in inventory.links() if known.id == link), None)
        ward = inventory.ward_of(site) if site else None
        return ward.id if ward else NO_WARD


def _columns(block: RollupBlock, link: str) -> Iterator[Column]:
    for rollup in block.rollups:
        if rollup.subject == ("link", link) and rollup.sent:
            yield from _column(rollup)


def _column(rollup: Rollup) -> Iterable[Column]:
    """Its column; none where its sketch is gone or cannot be read, for the rest would look like the whole."""
    span = between(rollup.start, rollup.end)
    try:
        column = column_of_sketch(rollup.rtt, rollup.sent, rollup.lost, span) if rollup.rtt else None
    except InvalidValueError:
        return ()
    return () if column is None or not span.length else (column,)
