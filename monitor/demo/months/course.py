"""How a link behaves hour by hour while it works: round-trip times, losses, traffic."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from monitor.demo.months.cast import Cast, loses
from monitor.demo.ward import LinkPlan

TENTH: Final = 1e-4
"""Seconds: round-trip times are whole numbers of a tenth of a millisecond."""

BUSY: Final = (
    *(0.05, 0.02, 0.0, 0.0, 0.02, 0.1, 0.25, 0.6, 0.9, 1.0, 1.0, 0.85),
    *(0.55, 0.75, 0.95, 1.0, 0.9, 0.7, 0.6, 0.65, 0.6, 0.4, 0.2, 0.1),
)
"""How busy each hour of a day by the clock is, 0 to 1."""
_WEEKEND: Final = 0.45  # of a working day
_LEVELS: Final = ((0, 30), (1, 24), (2, 18), (3, 12), (5, 8), (8, 5), (14, 2), (30, 1))
"""How long probes wait, in steps of the link, and how many of a hundred do."""


@dataclass(frozen=True, slots=True)
class Course:
    """A link in one month.

    Attributes:
        base: Least round-trip time, in tenths of a millisecond.
        queue: What a busy hour adds to it.
        step: One step of waiting.
        lost: Of a million probes.
        download: Bit/s in the busiest hour of a working day.
        upload: Likewise.
        most: Of what was sold, the share that bursts reach at the most.
    """

    base: int
    queue: int
    step: int
    lost: int
    download: float
    upload: float
    most: float


def course_of(link: LinkPlan, cast: Cast, number: int) -> Course:
    """The course of a link in a month that is counted from the first."""
    random = Random(f"course {link.id}")  # noqa: S311  # a simulation must be repeatable
    worse = number if link.provider == cast.worsening else 0
    usual, share = random.randrange(40, 300), random.uniform(0.15, 0.42)
    if link.id == cast.growing:
        share = min(0.72, 0.4 + 0.055 * number)
    is_proved = link.id not in {cast.slow, cast.doubtful, cast.untested, cast.growing}
    download, upload = (speed * 1e6 for speed in link.speed)
    return Course(
        base=round(2 * link.path.delay / TENTH) + 5,
        queue=random.randrange(5, 25) + 130 * min(worse, 6),
        step=random.randrange(1, 4) + 2 * min(worse, 6),
        lost=24_000 if loses(cast, link.id, number) else usual * (1 + worse),
        download=share * download,
        upload=share * upload * random.uniform(0.2, 0.5),
        most=0.96 if is_proved else 0.78,
    )


def busy(hour: int, *, is_weekend: bool) -> float:
    """How busy an hour by the clock is, 0 to 1."""
    return BUSY[hour] * (_WEEKEND if is_weekend else 1.0)


@cache
def levels(number: int) -> tuple[tuple[int, int], ...]:
    """How so many probes fall upon the levels: steps of waiting, and how many wait so long."""
    counts = [(steps, number * share // 100) for steps, share in _LEVELS]
    rest = number - sum(count for _, count in counts)
    return ((counts[0][0], counts[0][1] + rest), *counts[1:])


def times(course: Course, how_busy: float, number: int) -> Mapping[int, int]:
    """Round-trip times of an hour in tenths of a millisecond, and how often each occurs.

    Args:
        course: Of the link.
        how_busy: The hour, 0 to 1.
        number: Probes that came back.
    """
    least = course.base + round(course.queue * how_busy)
    return {least + course.step * steps: count for steps, count in levels(number) if count}


def waits(course: Course, number: int) -> Mapping[int, int]:
    """The same above the least of the hour."""
    return {course.step * steps: count for steps, count in levels(number) if count}
