"""The columns of graphs from memory and from the history."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exporters.past import PastUnavailableError
from history.rollup import Rollup, RollupBlock, Span
from history.store import Store
from model.intervals import Interval, between, instant
from model.inventory import Inventory
from model.sketch import Sketch
from monitor.latency import Latency
from monitor.smoke import Smoke

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
HOUR = timedelta(hours=1)
TIMES = (0.010, 0.020, 0.030, float("inf"))
INVENTORY = Inventory.model_validate({
    "ward": {"id": "w"},
    "sites": [{"id": "s", "links": [{"id": link, "target": "icmp://192.0.2.1"} for link in ("a", "b")]}],
})


def rollup(link: str, start: datetime, *times: float, length: timedelta = HOUR, sketch: bytes | None = b"") -> Rollup:
    """What was measured of a link."""
    data = Sketch.of(times).to_bytes() if sketch == b"" else sketch
    lost = times.count(float("inf"))
    return Rollup(("link", link), start, start + length, sent=len(times), lost=lost, rtt=data)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty history."""
    found = Store(f"sqlite:///{tmp_path}/history.db", "here")
    await found.start()
    yield found
    await found.close()


def hour(ward: str, start: datetime, *rollups: Rollup) -> RollupBlock:
    """An hour of a ward."""
    return RollupBlock(ward, Span.HOUR, start, start + HOUR, rollups)


async def test_hours_are_those_of_the_link(store: Store) -> None:
    """Of its ward, in order of time, and of no time before; without a sketch there is no column."""
    await store.record(
        hour("w", NOW - 2 * HOUR, rollup("a", NOW - 2 * HOUR, *TIMES), rollup("b", NOW - 2 * HOUR, 0.5)),
        hour("w", NOW - HOUR, rollup("a", NOW - HOUR, 0.04)),
        hour("w", NOW - 3 * HOUR, rollup("a", NOW - 3 * HOUR, 0.04, sketch=None)),
        hour("w", NOW - 4 * HOUR, rollup("a", NOW - 4 * HOUR, 0.04, sketch=b"broken")),
        hour("w", NOW - 30 * HOUR, rollup("a", NOW - 30 * HOUR, 0.04)),
        hour("other", NOW - HOUR, rollup("a", NOW - HOUR, 0.9)),
    )
    latency = Latency(Smoke(), store, lambda: INVENTORY)
    found = await latency.hours("a", Interval(instant(NOW - 24 * HOUR), instant(NOW)))
    assert [each.span for each in found] == [between(NOW - 2 * HOUR, NOW - HOUR), between(NOW - HOUR, NOW)]
    assert found[0].loss == 0.25
    assert found[0].median == pytest.approx(0.02, rel=0.01)
    assert await latency.hours("unknown", Interval(0, instant(NOW))) == []


async def test_of_a_month_days_are_enough(store: Store) -> None:
    """A day that is folded stands for its hours."""
    start = NOW.replace(hour=0) - timedelta(days=20)
    await store.record(*(hour("w", start + n * HOUR, rollup("a", start + n * HOUR, 0.01)) for n in range(24)))
    assert await store.fold("w", Span.DAY, start, start + timedelta(days=1))
    latency = Latency(Smoke(), store, lambda: INVENTORY)
    month = await latency.hours("a", Interval(instant(NOW - timedelta(days=30)), instant(NOW)))
    assert [each.span.length for each in month] == [86_400_000]
    week = await latency.hours("a", Interval(instant(start), instant(start + timedelta(days=7))))
    assert len(week) == 24


async def test_a_history_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    """As everything that speaks of the past does."""
    store = Store(f"sqlite:///{tmp_path}/nowhere/history.db", "here")
    with pytest.raises(PastUnavailableError):
        await Latency(Smoke(), store, lambda: INVENTORY).hours("a", Interval(0, 1))
