"""The traffic of hours, read column by column, is what the blocks hold."""

import random
from datetime import timedelta

import pytest

from history.facts import Fact
from history.rollup import Rollup, RollupBlock, Span, Traffic
from history.store import Store
from tests.peers.facts import START

HOUR = timedelta(hours=1)


def blocks(chance: random.Random) -> list[RollupBlock]:
    """Two days: links come and go, counters are not read, the monitor starts anew in the midst of hours."""
    found = []
    for number in range(48):
        start = START + number * HOUR
        links = [f"l{place}" for place in range(chance.randint(1, 4))]
        cut = start + timedelta(minutes=chance.randint(1, 59)) if chance.random() < 0.2 else None
        spans = [(start, start + HOUR)] if cut is None else [(start, cut), (cut, start + HOUR)]
        for begin, end in spans:
            rollups = tuple(
                Rollup(("link", link), begin, end, download=some(chance), upload=some(chance)) for link in links
            )
            found.append(RollupBlock("ward", Span.HOUR, begin, end, rollups))
    return found


def some(chance: random.Random) -> Traffic | None:
    """Or nothing."""
    return Traffic(chance.randint(0, 10**10), chance.uniform(0, 1e9)) if chance.random() < 0.8 else None


@pytest.mark.parametrize("is_folded", [False, True])
async def test_an_hour_is_all_of_its_parts(store: Store, *, is_folded: bool) -> None:
    """The mean of an hour is the bytes of its parts by their time; what was not read is in none, folded or not."""
    chance = random.Random(8)  # noqa: S311  # need not be secret
    made = blocks(chance)
    other: Fact = RollupBlock("elsewhere", Span.HOUR, START, START + HOUR, made[0].rollups)
    await store.record(*made, other)
    if is_folded:
        assert await store.fold("ward", Span.DAY, START, START + 24 * HOUR)
    found = await store.hourly(START, START + 48 * HOUR, "ward")
    expected: dict[tuple[str, str, int], list[tuple[int, float]]] = {}
    for block in made:
        hour = (block.start - START) // HOUR
        for rollup in block.rollups:
            for way in ("download", "upload"):
                traffic = getattr(rollup, way)
                if traffic:
                    seconds = (rollup.end - rollup.start).total_seconds()
                    expected.setdefault((way, rollup.subject[1], hour), []).append((traffic.octets, seconds))
    means: dict[tuple[str, str], list[float]] = {}
    for (way, link, _), parts in expected.items():
        mean = sum(octets for octets, _ in parts) * 8 / sum(seconds for _, seconds in parts)
        means.setdefault((way, link), []).append(mean)
    assert found.hours == 48 or is_folded  # the link that was there most of a day tells how many it has
    for way, read in (("download", found.download), ("upload", found.upload)):
        rounded = {link: sorted(values) for link, values in read.items() if values}
        assert rounded == {link: sorted(map(round, values)) for (known, link), values in means.items() if known == way}


async def test_hours_belong_to_the_period_they_begin_in(store: Store) -> None:
    """Of another ward, or after the end, nothing is told."""
    rollup = Rollup(("link", "l"), START, START + HOUR, download=Traffic(450, 1.0))
    await store.record(RollupBlock("ward", Span.HOUR, START, START + HOUR, (rollup,)))
    assert (await store.hourly(START + HOUR, START + 2 * HOUR, "ward")).hours == 0
    assert (await store.hourly(START, START + HOUR, "elsewhere")).hours == 0
    assert (await store.hourly(START, START + HOUR, "ward")).download == {"l": [1.0]}
