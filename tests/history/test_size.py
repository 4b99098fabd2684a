"""A ward costs at most 200 MB a year."""

import random
from datetime import timedelta

from history.retention import Keep
from history.rollup import RollingHour, RollupBlock, Span, Traffic, folded
from history.rows import rows_of
from model.state import State
from tests.peers.facts import START

LINKS = 123  # three for each of 41 sites
SOME = 8  # of them, for the time of a test
YEAR = timedelta(days=365.25)
HOUR = timedelta(hours=1)


def a_day(chance: random.Random) -> list[RollupBlock]:
    """A day of links that are probed each second, over lines whose delay varies with their load."""
    bases = [chance.uniform(0.002, 0.02) for _ in range(SOME)]
    return [an_hour(chance, bases, number) for number in range(24)]


def an_hour(chance: random.Random, bases: list[float], number: int) -> RollupBlock:
    """One hour of it."""
    start = START + number * HOUR
    load = 0.1 + abs(12 - number) / 12
    rollups = []
    for link, base in enumerate(bases):
        rolling = RollingHour(("link", f"community-point-{link // 3}-provider-{link % 3}"), start)
        for _ in range(3600):
            delay = chance.gammavariate(0.8, 0.0015 * load)
            rolling.answered(base + delay, delay)
        rolling.was(State.UP, HOUR)
        rolling.carried(Traffic(chance.randrange(10**11), chance.uniform(0, 3e8)), Traffic(10**9, 1e7))
        rollups.append(rolling.rollup(start + HOUR))
    return RollupBlock("xuan-dinh", Span.HOUR, start, start + HOUR, tuple(rollups))


def weight(block: RollupBlock) -> tuple[float, float]:
    """Bytes of a block's figures and of its sketches, for all links of the ward."""
    figures, sketches = (
        sum(len(value) if isinstance(value, bytes | str) else 8 for value in row.values.values())
        for row in rows_of(block, "north")
    )
    return figures * LINKS / SOME, sketches * LINKS / SOME


def test_a_ward_costs_less_than_200_megabytes_a_year() -> None:
    """The first year, in which nothing but the sketches of hours has left yet; pages that are half full included."""
    hours = a_day(random.Random(5))  # noqa: S311  # the same day each time
    day = folded(Span.DAY, START, START + timedelta(days=1), hours)
    figures, sketches = map(sum, zip(*map(weight, hours), strict=True))
    day_figures, day_sketches = weight(day)
    days = YEAR / timedelta(days=1)
    kept = Keep().sketches / timedelta(days=1)
    year = days * (figures + day_figures + day_sketches) + kept * sketches
    year += 12 * sum(weight(day)) + 20_000 * 500  # months; transitions and all else
    assert 50e6 < year * 1.1 < 200e6
