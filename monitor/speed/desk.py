"""What people and programs are told of speed tests, and what they ask for."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from math import isfinite
from typing import Final

from exporters.past import PastUnavailableError
from exporters.speed_desk import SpeedMonth, SpeedResult, SpeedView
from history.errors import HistoryError
from history.facts import AuditEntry, SpeedTest
from history.store import Store
from model.inventory import Inventory
from model.judge import SpeedTested
from model.speed_month import MonthlyTest, by_mean, mean_of, owed, shortfall
from model.speed_run import DIRECTIONS, Direction
from model.speed_schedule import Skip
from monitor.speed.facts import skip_of, tested_of
from monitor.speed.speeds import Speeds

_BACK: Final = timedelta(days=31)
_MOST: Final = 60
_MONTHS: Final = 256  # kept, each of one direction of a link


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
        # Open pages ask again and again, and a thousand draws of a month's days would say the same.
        self._month_of = lru_cache(maxsize=_MONTHS)(month_of_tests)

    def knows(self, link: str) -> bool:
        """Whether there is a link of that id."""
        return any(one.id == link for _, one in self._inventory().links())

    async def demand(self, link: str, who: str) -> Skip | None:
        """Begin a test, and write down who wanted it."""
        skip = await self._speeds.demand(link)
        if skip is None:
            await self._store.record(AuditEntry(self._now(), who, "speed-test", {"link": link}))
        return skip

    def _month(self, link: str, way: Direction, tests: Sequence[SpeedTest], now: datetime) -> SpeedMonth | None:
        place = self._speeds.places.get(link)
        if place is None or place.link.contracted is None:
            return None
        requirement = self._inventory().requirement_of(place.link, now.astimezone(place.zone))
        sold = place.link.contracted.download if way == "download" else place.link.contracted.upload
        told = tuple((test.at, found) for test in tests if test.direction == way and (found := tested_of(test)))
        return self._month_of(way, told, owed(sold, requirement), place.zone)

    def _months(self, link: str, tests: Sequence[SpeedTest], now: datetime) -> list[SpeedMonth]:
        return [found for way in DIRECTIONS if (found := self._month(link, way, tests, now))]

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
            month=await asyncio.to_thread(self._months, link, tests, now),
            tests=[_result(test) for test in reversed(tests[-_MOST:])],
        )


def month_of_tests(
    direction: Direction, tests: Sequence[tuple[datetime, SpeedTested]], limit: float, zone: tzinfo
) -> SpeedMonth:
    """What tests say against a limit, by their mean and by their share.

    Args:
        direction: Of them.
        tests: When each began, and what it gave.
        limit: Bit/s.
        zone: Whose days are the blocks.
    """
    told = [
        MonthlyTest(at.astimezone(zone).date(), one.bits_per_second, limit, one.is_lower_bound) for at, one in tests
    ]
    mean, share = mean_of(told), shortfall(told)
    lower_bounds = sum(one.is_lower_bound for one in told)
    return SpeedMonth(
        direction=direction,
        limit=limit,
        tests=len(told) - lower_bounds,
        lower_bounds=lower_bounds,
        days=mean.days if mean else 0,
        mean=mean.mean if mean else None,
        at_least=_finite(mean.at_least) if mean else None,
        at_most=_finite(mean.at_most) if mean else None,
        by_mean=by_mean(told, mean),
        short=share.short,
        by_share=share.outcome,
    )


def _finite(bound: float) -> float | None:
    return bound if isfinite(bound) else None


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
