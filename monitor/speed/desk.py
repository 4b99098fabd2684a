"""What people and programs are told of speed tests, and what they ask for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from exporters.past import PastUnavailableError
from exporters.speed_desk import SpeedResult, SpeedView
from history.errors import HistoryError
from history.facts import AuditEntry, SpeedTest
from history.store import Store
from model.inventory import Inventory
from model.speed_schedule import Skip
from monitor.speed.facts import skip_of
from monitor.speed.speeds import Speeds

_BACK: Final = timedelta(days=14)
_MOST: Final = 60


class SpeedDesk:
    """Implements ``exporters.speed_desk.SpeedDesk``.

    Args:
        speeds: Runs them.
        store: The history.
        inventory: What is watched now.
        now: Aware UTC.
    """

    def __init__(
        self,
        speeds: Speeds,
        store: Store,
        inventory: Callable[[], Inventory],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._speeds, self._store, self._inventory, self._now = speeds, store, inventory, now

    def knows(self, link: str) -> bool:
        """Whether there is a link of that id."""
        return any(one.id == link for _, one in self._inventory().links())

    async def demand(self, link: str, who: str) -> Skip | None:
        """Begin a test, and write down who wanted it."""
        skip = await self._speeds.demand(link)
        if skip is None:
            await self._store.record(AuditEntry(self._now(), who, "speed-test", {"link": link}))
        return skip

    async def view(self, link: str) -> SpeedView:
        """What is known of the tests of a link."""
        now = self._now()
        try:
            tests = await self._store.speed_tests(now - _BACK, now + timedelta(minutes=1), link)
        except HistoryError as error:
            raise PastUnavailableError("the history cannot be read now", "look into /-/healthy") from error
        going = self._speeds.going(link)
        place = self._speeds.places.get(link)
        wanted = place.link.speed_test if place else None
        return SpeedView(
            link=link,
            now=now,
            running_since=going.since if going else None,
            running=going.direction if going else None,
            next_at=self._speeds.next_due(link),
            octets_this_month=self._speeds.spent(link),
            budget_per_month=wanted.budget_per_month if wanted else None,
            tests=[_result(test) for test in reversed(tests[-_MOST:])],
        )


def _result(test: SpeedTest) -> SpeedResult:
    said = test.evidence

    def text(name: str) -> str:
        found = said.get(name, "")
        return found if isinstance(found, str) else ""

    def figure(name: str) -> float | None:
        found = said.get(name)
        return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None

    return SpeedResult(
        direction=test.direction,
        at=test.at,
        occasion=text("occasion"),
        skip=skip_of(test),
        ending=text("ending") or ("" if test.failure is None else test.failure.value),
        detail=test.detail,
        bits_per_second=test.bits_per_second,
        is_lower_bound=bool(said.get("is_lower_bound", False)),
        why_lower_bound=text("why_lower_bound"),
        goodput=figure("goodput"),
        others=figure("others"),
        basis=text("basis"),
        layer=text("layer"),
        streams=round(figure("streams") or 0),
        seconds=test.seconds,
        octets=test.octets,
        efficiency=figure("efficiency"),
        base_rtt=figure("base_rtt"),
        loaded_rtt=figure("loaded_rtt"),
        buffer_delay=figure("buffer_delay"),
    )
