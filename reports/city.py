"""The summary of a city from the reviews of its wards."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain
from operator import add
from typing import Final

from reports.monthly import CityReport, MonthlyReport, Scope, WardRow
from reports.reckoning.advice import ranked
from reports.reckoning.providers import provider_rows
from reports.reckoning.summary import summary
from reports.reckoning.sums import Sums, figures, sums_of
from reports.reckoning.trends import Brief, trend
from reports.sections.others import Recommendation
from reports.sections.providers import ProviderRow

MOST_ADVICE: Final = 50
"""Recommendations that the summary of a city shows."""


def city_report(scope: Scope, wards: Sequence[MonthlyReport], past: Sequence[Sequence[Brief]]) -> CityReport:
    """The wards side by side, and all together.

    Args:
        scope: The city.
        wards: Their reviews of one month, at least one, sealed.
        past: The months before it in order, each with what is kept of all wards.
    """
    links = list(chain.from_iterable(ward.links for ward in wards))
    sites = list(chain.from_iterable(ward.sites for ward in wards))
    outages = list(chain.from_iterable(ward.outages.rows for ward in wards))
    now = sums_of(links, sites, outages)
    months = [*map(_together, past), _this_month(wards, now)]
    advice = ranked([_in_ward(one, ward) for ward in wards for one in ward.recommendations])
    before = months[-2].sums if len(months) > 1 else None
    return CityReport(
        scope=scope,
        period=wards[0].period,
        summary=summary(figures(now), figures(before) if before else None, links, advice),
        wards=tuple(_row(ward) for ward in wards),
        providers=tuple(_providers(wards)),
        recommendations=advice[:MOST_ADVICE],
        trend=trend(months),
    )


def for_city(ward: MonthlyReport) -> MonthlyReport:
    """What ``city_report`` needs of a ward's review: it weighs half as much.

    Each test is left out of the speeds: only claims against providers count them, and those are made ward by ward.
    """
    return replace(ward, speed=tuple(replace(row, tests=()) for row in ward.speed), services=(), worst=(), follow_up=())


def _row(ward: MonthlyReport) -> WardRow:
    return WardRow(ward.scope.ward, ward.scope.name, ward.provenance.data_hash, ward.summary)


def _in_ward(one: Recommendation, ward: MonthlyReport) -> Recommendation:
    return replace(one, id=f"{ward.scope.ward}/{one.id}")


def _providers(wards: Sequence[MonthlyReport]) -> Iterable[ProviderRow]:
    failing = {one.link: one.months_failing for ward in wards for row in ward.providers for one in row.repeaters}
    rows = provider_rows(
        list(chain.from_iterable(ward.links for ward in wards)),
        list(chain.from_iterable(ward.outages.rows for ward in wards)),
        list(chain.from_iterable(ward.speed for ward in wards)),
        failing,
    )
    return (replace(row, claims=(), repeaters=()) for row in rows)


def _together(month: Sequence[Brief]) -> Brief:
    """A month of all wards; nothing where nothing is stored of any."""
    sums = [one.sums for one in month if one.sums is not None]
    speeds = list(chain.from_iterable(one.speeds for one in month))
    busy = {key: share for one in month for key, share in one.busy.items()}
    return Brief(month[0].name, reduce(add, sums) if sums else None, speeds, busy)


def _this_month(wards: Sequence[MonthlyReport], sums: Sums) -> Brief:
    rows = list(chain.from_iterable(ward.speed for ward in wards))
    speeds = [row.mean / row.contracted for row in rows if row.mean is not None and row.contracted]
    room = list(chain.from_iterable(ward.capacity for ward in wards))
    busy = {(row.link, row.direction): row.values[-1] for row in room if row.values and row.values[-1] is not None}
    return Brief(wards[0].period.name, sums, speeds, busy)
