"""Which link plays which part in the months before, so that a review has something to find."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from model.intervals import DAY, moment
from model.periods import Period
from monitor.demo.ward import LinkPlan, WardPlan

_YOUNG: Final = timedelta(days=24)  # before the end of the last month that is over, so that a forecast lacks months
HALF_YEAR: Final = 6
"""Parts of the story come round after so many months."""
_FEWEST: Final = 3  # links that are a pattern
_OTHERS: Final = 9  # links that the other parts want


@dataclass(frozen=True, slots=True)
class Cast:
    """The parts; a ward of few sites leaves some of them empty.

    Attributes:
        worsening: The provider whose lines get slower, and fail more often, from month to month.
        slow: The link whose downloads never reach what was sold.
        doubtful: The link whose downloads are about at 80 % of what was sold, so that few tests prove nothing.
        untested: The link whose speed nobody tests.
        lossy: The link that loses packets in the second half.
        growing: The link that is filled by ever more traffic.
        young: The link that was added late.
        young_since: When; aware UTC.
        upgraded: The link whose contract was doubled in mid-month.
        changed_at: When; since then, too, the office is promised what its requirement says. Aware UTC.
        flapping: The link that comes and goes.
        unlucky: The link whose repair takes longer than the contract allows.
    """

    worsening: str
    slow: str
    doubtful: str
    untested: str
    lossy: str
    growing: str
    young: str
    young_since: datetime
    upgraded: str
    changed_at: datetime
    flapping: str
    unlucky: str


def cast_of(ward: WardPlan, months: tuple[Period, ...]) -> Cast:
    """The parts of a ward's links.

    Args:
        ward: The plan.
        months: At least one; the last need not be over.
    """
    worsening = _worsening(ward)
    random = Random(f"cast {ward.seed}")  # noqa: S311  # a simulation must be repeatable
    names = _free(ward, worsening, random)
    over = months[-2] if len(months) > 1 else months[-1]
    changed = months[max(0, len(months) - 3)]
    half = (changed.interval.end - changed.interval.start) // 2
    midnight = changed.interval.start + half // DAY * DAY
    # In this order, so that a smaller ward has the more telling parts.
    return Cast(
        worsening=worsening,
        slow=next(names, ""),
        growing=next(names, ""),
        flapping=next(names, ""),
        unlucky=next(names, ""),
        lossy=next(names, ""),
        young=next(names, ""),
        young_since=moment(over.interval.end) - _YOUNG,
        doubtful=next(names, ""),
        upgraded=next(names, ""),
        changed_at=moment(midnight),
        untested=next(names, ""),
    )


def begins(ward: WardPlan, cast: Cast, first: datetime) -> dict[str, datetime]:
    """Since when each link is there: most of them from the first."""
    links = (link.id for site in ward.sites for link in site.links)
    return {link: cast.young_since if link == cast.young else first for link in links}


def loses(cast: Cast, link: str, number: int) -> bool:
    """Whether a link loses packets in a month that is counted from the first: in the second half of each half-year."""
    return link == cast.lossy and number % HALF_YEAR >= HALF_YEAR // 2


def _worsening(ward: WardPlan) -> str:
    """The smallest provider with three links or more that leaves room for the other parts."""
    links = Counter(link.provider for site in ward.sites[1:] for link in site.links)
    several = [(count, name) for name, count in links.items() if _FEWEST <= count <= links.total() - _OTHERS]
    return min(several, default=(0, ""))[1]


def _free(ward: WardPlan, worsening: str, random: Random) -> Iterator[str]:
    links: list[LinkPlan] = [
        link for site in ward.sites[1:] if not site.services for link in site.links if link.provider != worsening
    ]
    random.shuffle(links)
    return (link.id for link in links)
