"""The monthly review from its facts: the one way to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from model.intervals import moment
from model.judge import LEAST_COVERAGE, SLOWER_TESTS
from model.periods import Periods
from reports.facts import Facts
from reports.json import DIGITS
from reports.monthly import MonthlyReport, ReportPeriod
from reports.reckoning.advice import Grounds, follow_up, recommendations
from reports.reckoning.causes import SITES_OF_AN_AREA, TOGETHER
from reports.reckoning.month import Month, month_of
from reports.reckoning.planned import maintenance_rows
from reports.reckoning.providers import Failing, months_failing, provider_rows
from reports.reckoning.quality import LOW, data_quality
from reports.reckoning.services import service_rows
from reports.reckoning.speeds import USUAL_SHARE
from reports.reckoning.summary import summary
from reports.reckoning.trends import FULL, Brief, brief, capacity, trend
from reports.reckoning.worst import worst
from reports.sections.common import Span
from reports.sections.others import DeviceHealth, Method, Recommendation
from reports.statistics import BY_CHANCE, LEAST_FORECAST, LEAST_MONTHS

MONTHS: Final = 6
"""How many months the trend shows, the one that is reviewed among them."""

_CONSTANTS: Final = (
    ("outage_seconds", 10.0),
    ("micro_outage_seconds", 2.0),
    ("coverage_low", LOW),
    ("coverage_least", LEAST_COVERAGE),
    ("speed_share", USUAL_SHARE),
    ("tests_slower_share", SLOWER_TESTS),
    ("full_share", FULL),
    ("area_sites", float(SITES_OF_AN_AREA)),
    ("together_seconds", TOGETHER / 1_000),
    ("trend_p", BY_CHANCE),
    ("trend_months", float(LEAST_MONTHS)),
    ("forecast_months", float(LEAST_FORECAST)),
    ("significant_digits", float(DIGITS)),
)


def review(facts: Facts) -> MonthlyReport:
    """The review of the last month of the facts; ``reports.json.sealed`` gives it its hashes."""
    return composed(facts, [_month(facts, number) for number in range(len(facts.months))])


def _month(facts: Facts, number: int) -> Month:
    return month_of(facts.months[number], facts.zone, facts.notice, facts.site_names, facts.scope.provider)


def composed(facts: Facts, months: Sequence[Month]) -> MonthlyReport:
    """The review from months that are reckoned.

    Args:
        facts: Of the ward.
        months: In order; the last is the one that is reviewed.
    """
    month = months[-1]
    briefs = [*_before_all(facts, len(months)), *map(brief, months)]
    room = capacity(month, briefs)
    providers = provider_rows([month], months_failing(months))
    quality = data_quality(month)
    advice = recommendations(Grounds(month, providers, room, quality, _due(facts)))
    return MonthlyReport(
        scope=facts.scope,
        period=_period(facts),
        summary=summary([month], months[-2:-1], advice),
        quality=quality,
        links=month.links,
        sites=month.site_rows,
        outages=month.outages,
        speed=month.speed,
        providers=providers,
        worst=worst(month, facts.zone),
        trend=trend(briefs),
        capacity=room,
        services=service_rows(month),
        devices=DeviceHealth(),
        maintenance=maintenance_rows(month, facts.zone, facts.notice),
        recommendations=advice,
        follow_up=follow_up(_advice_before(facts, months, briefs), advice, quality),
        method=_method(facts, month),
    )


def _before_all(facts: Facts, known: int) -> list[Brief]:
    """The months of the trend of which there are no facts at all."""
    periods, names = Periods(facts.zone, facts.cut_day), []
    period = facts.months[0].period
    for _ in range(MONTHS - known):
        period = periods.before(period)
        names.append(period.name)
    return [Brief(name, None, (), {}) for name in reversed(names)]


def _advice_before(facts: Facts, months: Sequence[Month], briefs: Sequence[Brief]) -> Sequence[Recommendation]:
    """What was recommended a month ago: computed anew, by the same facts."""
    if len(months) < 2 or months[-2].facts.is_empty:  # noqa: PLR2004  # this one and the one before
        return ()
    earlier = months[:-1]
    failing: Failing = months_failing(earlier)
    providers = provider_rows(earlier[-1:], failing)
    room = capacity(earlier[-1], briefs[:-1])
    due = moment(facts.months[-1].period.interval.end)
    return recommendations(Grounds(earlier[-1], providers, room, data_quality(earlier[-1]), due))


def _due(facts: Facts) -> datetime:
    return moment(Periods(facts.zone, facts.cut_day).after(facts.months[-1].period).interval.end)


def _period(facts: Facts) -> ReportPeriod:
    period = facts.months[-1].period
    whole = Span(moment(period.interval.start), moment(period.interval.end))
    return ReportPeriod(period.name, whole, moment(facts.months[-1].until), facts.cut_day)


def _method(facts: Facts, month: Month) -> Method:
    changes = sorted(
        (term.since, one.id)
        for one in (*month.facts.links, *month.facts.services)
        for term in one.terms
        if month.facts.span.start < term.since < month.facts.until
    )
    return Method(_CONSTANTS, facts.notice, tuple((name, moment(since)) for since, name in changes), facts.limits)
