"""What people are told of the tests of a link: those of the last days, and what a month of them says."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from exporters.speed_desk import SpeedMonth
from model.judge import SpeedTested
from model.speed_run import Direction
from model.verdict import Outcome
from monitor.speed import desk
from monitor.speed.desk import SpeedDesk, month_of_tests
from tests.monitor.speed.test_speeds import World, inventory, live, speeds_in

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BEGIN = datetime(2026, 11, 1, 20, tzinfo=UTC)


def line(*megabits: float, bounds: int = 0) -> list[tuple[datetime, SpeedTested]]:
    """One a day; the last so many are lower bounds."""
    found = []
    for number, rate in enumerate(megabits):
        at = BEGIN + timedelta(days=number)
        found.append((at, SpeedTested(rate * 1e6, at, number >= len(megabits) - bounds)))
    return found


def test_what_cannot_be_told_is_not_told() -> None:
    """No bound of a few days, none above with lower bounds, and nothing at all without a test."""
    found = month_of_tests("download", line(90, 90, 90, 90, bounds=1), 80e6, HANOI)
    assert (found.tests, found.lower_bounds, found.days, found.mean) == (3, 1, 4, 90e6)
    assert (found.at_least, found.at_most, found.by_mean, found.by_share) == (None, None, *[Outcome.UNKNOWN] * 2)
    found = month_of_tests("download", line(*[90.0] * 14, bounds=1), 80e6, HANOI)
    assert (found.at_least, found.at_most, found.by_mean, found.by_share) == (90e6, None, *[Outcome.MET] * 2)
    assert month_of_tests("download", [], 80e6, HANOI).mean is None


async def test_a_month_is_reckoned_once_however_often_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """And again as soon as one test more is known."""
    world, found = World(), inventory(1)
    speeds = speeds_in(world, found)
    await live(world, speeds, 6)
    reckoned: list[str] = []

    def counted(direction: Direction, *rest: Any) -> SpeedMonth:
        reckoned.append(direction)
        return month_of_tests(direction, *rest)

    monkeypatch.setattr(desk, "month_of_tests", counted)
    store: Any = world
    looks = SpeedDesk(speeds, store, lambda: found, lambda: world.now)
    seen = [(await looks.view("l0")).month for _ in range(3)]
    assert reckoned == ["download", "upload"]
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0].tests + seen[0][0].lower_bounds > 0
    await live(world, speeds, 1)
    assert (await looks.view("l0")).month != seen[0]
    assert reckoned == ["download", "upload"] * 2
