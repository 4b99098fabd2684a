"""Six months, without calling noise a trend; and when a line will be full."""

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """What is followed over the months."""

    SERVICE = "service"  # availability that people had, 0 to 1
    LINE = "line"  # availability of the lines, 0 to 1
    OUTAGES = "outages"  # that began
    MTTR = "mttr"  # seconds
    CITIZEN_HOURS = "citizen_hours"
    STABLE_MINUTES = "stable_minutes"  # share, 0 to 1
    SPEED = "speed"  # mean of the tests as a share of the contracted speed
    UTILIZATION = "utilization"  # mean over the links of their p95 as a share of the contracted speed


class Direction(StrEnum):
    """What can be said of a row of months."""

    RISING = "rising"
    FALLING = "falling"
    NO_TREND = "no_trend"
    INSUFFICIENT = "insufficient_history"


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One measure.

    Attributes:
        measure: Which.
        values: One for each of ``Trend.months``; ``None`` where it is not known.
        direction: By Mann and Kendall's test at p < 0.05, two-sided; insufficient with fewer than five values.
        p: Its p-value, exact; ``None`` where it is insufficient.
        slope: Theil and Sen's, per month; ``None`` with fewer than two values.
        middle: Mean of the values.
        lower: Control limit of an individuals chart: middle - 2.66 · mean moving range; ``None`` with fewer than two.
        upper: The other one.
        beyond: Names of the months beyond the limits.
    """

    measure: Measure
    values: tuple[float | None, ...]
    direction: Direction
    p: float | None
    slope: float | None
    middle: float | None
    lower: float | None
    upper: float | None
    beyond: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """The months up to this one.

    Attributes:
        months: Their names, the latest last; six, also where nothing is stored of one.
        rows: Each measure.
    """

    months: tuple[str, ...]
    rows: tuple[TrendRow, ...]


class Prospect(StrEnum):
    """What can be said of a line's room."""

    FULL = "full"  # it is at 80 % already
    EXPECTED = "expected"  # a month can be named
    FAR = "far"  # it grows, but not within five years
    NOT_GROWING = "not_growing"  # it does not grow
    INSUFFICIENT = "insufficient_history"  # fewer than three months
    NO_CONTRACT = "no_contract"  # nobody states how much the line may carry
    NOT_MEASURED = "not_measured"  # its counters were not read


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """One direction of one link.

    Attributes:
        link: Its id.
        direction: ``download`` or ``upload``.
        contracted: bit/s.
        values: 95th percentile of the hourly mean throughput as a share of ``contracted``, month by month as in
            ``Trend.months``.
        slope: Per month, Theil and Sen's; ``None`` where it cannot be told.
        slope_lowest: The lower end of its interval of 90 % (Sen 1968).
        slope_highest: The upper end.
        prospect: What can be said.
        month: When it crosses 80 %, such as ``2027-03``; ``None`` unless expected.
        earliest: The same by ``slope_highest``.
        latest: The same by ``slope_lowest``; ``None`` where that does not grow, or not within five years.
    """

    link: str
    direction: str
    contracted: float | None
    values: tuple[float | None, ...]
    slope: float | None
    slope_lowest: float | None
    slope_highest: float | None
    prospect: Prospect
    month: str | None
    earliest: str | None
    latest: str | None
