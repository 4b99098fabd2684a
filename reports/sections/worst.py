"""The five links that lost the most, and when they did."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DayStrip:
    """A day of the ward, hour by hour of its clock.

    Attributes:
        day: By the ward's clock.
        lost: Of each hour, 0 to 23, the share of its known time that was down or unreachable, 0 to 1; ``None`` where
            nothing is known of it, or it is not in the period. An hour that the clock repeats counts as one.
        unknown: Of each hour the share that is unknown, 0 to 1; ``None`` where it is not in the period.
    """

    day: date
    lost: tuple[float | None, ...]
    unknown: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class WorstLink:
    """One of them.

    Attributes:
        link: Its id.
        citizen_hours: Citizen-hours that its site lost while it was down or unreachable.
        lost_seconds_in_hours: Seconds down or unreachable inside service hours: what they are ranked by, after
            ``citizen_hours``.
        outages: Outages of 10 s or more that began in the period.
        strip: Day by day; only days of the period.
    """

    link: str
    citizen_hours: float | None
    lost_seconds_in_hours: float
    outages: int
    strip: tuple[DayStrip, ...]
