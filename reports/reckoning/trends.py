"""Six months side by side, and when lines will be full."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import fmean
from typing import Final

from reports.reckoning.month import Month
from reports.reckoning.speeds import WAYS, Way, sold
from reports.reckoning.sums import Sums, figures
from reports.sections.summary import Figures
from reports.sections.trend import CapacityRow, Direction, Measure, Prospect, Trend, TrendRow
from reports.statistics import (
    BY_CHANCE,
    LEAST_FORECAST,
    Row,
    Slope,
    control_limits,
    mann_kendall,
    points,
    rises,
    theil_sen,
)

FULL: Final = 0.8
"""Of the contracted speed: from there on, bursts wait."""
FARTHEST: Final = 60
"""Months ahead that a forecast may name."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What the trend takes from one month of a ward.

    Attributes:
        name: Of the month.
        sums: What its figures are made of; ``None`` where nothing is stored.
        speeds: Of each direction of a link with tests: their mean as a share of the contracted speed.
        busy: By link and direction: the 95th percentile of hourly throughput as a share of the contracted speed.
    """

    name: str
    sums: Sums | None
    speeds: Sequence[float]
    busy: Mapping[tuple[str, str], float]


def brief(month: Month) -> Brief:
    """Of one month."""
    name = month.facts.period.name
    if month.facts.is_empty:
        return Brief(name, None, (), {})
    speeds = tuple(row.mean / row.contracted for row in month.speed if row.mean is not None and row.contracted)
    return Brief(name, month.sums, speeds, dict(_busy(month)))


def _busy(month: Month) -> Iterator[tuple[tuple[str, str], float]]:
    for row in month.links:
        for way, rate, limit in (
            ("download", row.download_p95, row.contracted_download),
            ("upload", row.upload_p95, row.contracted_upload),
        ):
            if limit and rate is not None:
                yield (row.id, way), rate / limit


def trend(briefs: Sequence[Brief]) -> Trend:
    """Each measure over the months, which are in order."""
    names = tuple(one.name for one in briefs)
    return Trend(names, tuple(_trend_row(measure, briefs, names) for measure in Measure))


def _trend_row(measure: Measure, briefs: Sequence[Brief], names: Sequence[str]) -> TrendRow:
    values = tuple(_value(measure, one) for one in briefs)
    p, slope, limits = mann_kendall(values), theil_sen(values), control_limits(values)
    beyond = (names[place] for place, value in points(values) if limits and not limits.lower <= value <= limits.upper)
    return TrendRow(
        measure=measure,
        values=values,
        direction=_direction(values, p),
        p=p,
        slope=slope.middle if slope else None,
        middle=limits.middle if limits else None,
        lower=limits.lower if limits else None,
        upper=limits.upper if limits else None,
        beyond=tuple(beyond),
    )


def _direction(values: Row, p: float | None) -> Direction:
    if p is None:
        return Direction.INSUFFICIENT
    if p >= BY_CHANCE:
        return Direction.NO_TREND
    return Direction.RISING if rises(values) > 0 else Direction.FALLING


def _value(measure: Measure, one: Brief) -> float | None:
    if measure is Measure.SPEED:
        return fmean(one.speeds) if one.speeds else None
    if measure is Measure.UTILIZATION:
        by_link: dict[str, float] = {}
        for (link, _), share in one.busy.items():
            by_link[link] = max(share, by_link.get(link, 0.0))
        return fmean(by_link.values()) if by_link else None
    return None if one.sums is None else _figure(measure, figures(one.sums))


def _figure(measure: Measure, known: Figures) -> float | None:
    match measure:
        case Measure.SERVICE:
            return known.service.ratio
        case Measure.LINE:
            return known.line.ratio
        case Measure.OUTAGES:
            return float(known.outages)
        case Measure.MTTR:
            return known.mttr_seconds
        case Measure.CITIZEN_HOURS:
            return known.loss.citizen_hours
        case _:
            return known.stable_minutes


def capacity(month: Month, briefs: Sequence[Brief]) -> tuple[CapacityRow, ...]:
    """Both directions of each link of the last month."""
    return tuple(_capacity(book.id, way, sold(book.last, way), briefs) for book in month.books for way in WAYS)


def _capacity(link: str, way: Way, contracted: float | None, briefs: Sequence[Brief]) -> CapacityRow:
    values = tuple(one.busy.get((link, way)) for one in briefs)
    known = points(values)
    slope = theil_sen(values) if len(known) >= LEAST_FORECAST else None
    prospect, months = _prospect(values, contracted, slope)
    at, earliest, latest = (_named(briefs[-1].name, ahead) for ahead in months)
    return CapacityRow(
        link=link,
        direction=way,
        contracted=contracted,
        values=values,
        slope=slope.middle if slope else None,
        slope_lowest=slope.lowest if slope else None,
        slope_highest=slope.highest if slope else None,
        prospect=prospect,
        month=at,
        earliest=earliest,
        latest=latest,
    )


_Ahead = tuple[int | None, int | None, int | None]
_NEVER: Final[_Ahead] = (None, None, None)


def _prospect(values: Row, contracted: float | None, slope: Slope | None) -> tuple[Prospect, _Ahead]:
    """What can be said, and how many months ahead: by the slope, by the highest and by the lowest that it may be."""
    last = values[-1]
    if contracted is None:
        return Prospect.NO_CONTRACT, _NEVER
    if last is None:
        return Prospect.NOT_MEASURED, _NEVER
    if last >= FULL:
        return Prospect.FULL, _NEVER
    if slope is None:
        return Prospect.INSUFFICIENT, _NEVER
    line = slope.line(values)
    now = line + slope.middle * (len(values) - 1)
    at, earliest, latest = (_ahead(now, each) for each in (slope.middle, slope.highest, slope.lowest))
    if slope.middle <= 0:
        return Prospect.NOT_GROWING, _NEVER
    return (Prospect.EXPECTED, (at, earliest, latest)) if at is not None else (Prospect.FAR, (None, earliest, None))


def _ahead(now: float, slope: float) -> int | None:
    """Months until a line crosses the limit, at least one; ``None`` where it does not within five years."""
    if slope <= 0:
        return None
    months = max(1, ceil((FULL - now) / slope - 1e-9))  # 0.2 / 0.1 is a little more than 2
    return months if months <= FARTHEST else None


def _named(last: str, ahead: int | None) -> str | None:
    if ahead is None:
        return None
    number = 12 * int(last[:4]) + int(last[5:]) - 1 + ahead
    return f"{number // 12:04}-{number % 12 + 1:02}"
