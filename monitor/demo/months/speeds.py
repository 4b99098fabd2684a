"""The speed tests of the months before."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final, Literal

from history.facts import SpeedTest
from model.intervals import instant
from model.measurement import Reason
from monitor.demo.months.clock import in_month
from monitor.demo.months.events import Past, PastOutage
from monitor.demo.ward import LinkPlan

_LASTS: Final = 5.0
_FAILS: Final = 0.02
_BITS: Final = 8
_HOURS: Final = (3, 10)
"""By the clock: one day at night, the other while people work."""


def tests_of(link: LinkPlan, past: Past, number: int, begin: datetime) -> Iterator[SpeedTest]:
    """Those of a month, each way once a day, where nothing else happened to the link.

    Args:
        link: The plan.
        past: What happened.
        number: Of the month, counted from the first.
        begin: Since when the link is there.
    """
    month = past.months[number]
    outages = [one for one in past.outages if one.link == link.id]
    if link.id == past.cast.untested:
        return
    random = Random(f"speed {link.id} {month.name}")  # noqa: S311  # a simulation must be repeatable
    for day in range((month.interval.end - month.interval.start) // 86_400_000):
        at = in_month(month, day + 1, _HOURS[day % 2], random.randrange(60))
        drawn = [_test(link, past, number, random, at, way) for way in (0, 1)]
        if begin <= at < past.end - timedelta(minutes=1) and _is_quiet(outages, past, at):
            yield from drawn


def _is_quiet(outages: Sequence[PastOutage], past: Past, at: datetime) -> bool:
    first, last = at - timedelta(minutes=1), at + timedelta(minutes=1)
    struck = any(one.start < last and first < one.end for one in outages)
    return not struck and not any(one.start < last and first < one.end for one in past.pauses)


def _test(link: LinkPlan, past: Past, number: int, random: Random, at: datetime, way: int) -> SpeedTest:  # noqa: PLR0917  # one test
    direction: Literal["download", "upload"] = "download" if way == 0 else "upload"
    sold = sold_at(link, past, at)[way]
    rate = round(sold * _share(link, past, number, random, way))
    start = at + timedelta(seconds=30 * way)
    if random.random() < _FAILS:
        return SpeedTest(link.id, direction, start, _LASTS, 0, None, Reason.TIMEOUT, "no answer within 10 s")
    return SpeedTest(link.id, direction, start, _LASTS, round(rate * _LASTS / _BITS), float(rate))


def sold_at(link: LinkPlan, past: Past, at: datetime) -> tuple[float, float]:
    """What the contract says at a time, bit/s, download and upload."""
    half = link.id == past.cast.upgraded and instant(at) < instant(past.cast.changed_at)
    download, upload = (speed * 1e6 / (2 if half else 1) for speed in link.speed)
    return download, upload


def _share(link: LinkPlan, past: Past, number: int, random: Random, way: int) -> float:
    cast = past.cast
    if way == 0 and link.id == cast.slow:
        return random.uniform(0.48, 0.76)
    if way == 0 and link.id == cast.doubtful:
        return random.uniform(0.74, 0.99)
    worse = number if link.provider == cast.worsening else 0
    return random.uniform(0.88, 1.0) - 0.035 * min(worse, 6)
