"""Stands for whoever runs speed tests."""

from datetime import UTC, datetime, timedelta

from exporters.speed_desk import SpeedMonth, SpeedResult, SpeedView
from model.inventory import Inventory
from model.speed_schedule import Skip
from model.verdict import Outcome

RESULT = SpeedResult(
    *(
        "download",
        datetime(2026, 11, 24, 19, 2, 11, tzinfo=UTC),
        "planned",
        "",
        "done",
        "",
        286.4e6,
        False,
        "",
        273.1e6,
        1.2e6,
    ),
    *("plateau", "ethernet", 6, 4.5, 155_000_000, 0.9991, 0.0041, 0.0189, 3.6),
)


MONTH = SpeedMonth("download", 240e6, 58, 2, 30, 281e6, 276e6, 286e6, Outcome.MET, 1, Outcome.MET)


class FakeSpeeds:
    """Says no for whatever reason it is given, else begins."""

    def __init__(self, inventory: Inventory, now: datetime, skip: Skip | None = None) -> None:
        self._inventory = inventory
        self._now = now
        self.skip = skip
        self.asked: list[tuple[str, str]] = []

    def knows(self, link: str) -> bool:
        """One of the inventory."""
        return any(one.id == link for _, one in self._inventory.links())

    async def demand(self, link: str, who: str) -> Skip | None:
        """Remembers who asked."""
        if self.skip is None:
            self.asked.append((link, who))
        return self.skip

    async def view(self, link: str) -> SpeedView:
        """A test that goes on where one was asked for, and one that is over."""
        since = self._now if self.asked else None
        later = self._now + timedelta(hours=9)
        return SpeedView(
            link, self._now, since, "download" if since else None, later, 155_000_000, 10**10, [MONTH], [RESULT]
        )
