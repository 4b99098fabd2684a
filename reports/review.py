"""The monthly review from its facts: the one way to it."""

from collections.abc import Sequence
from typing import Final

from model.intervals import moment
from model.judge import LEAST_COVERAGE, SLOWER_TESTS
from model.speed_month import USUAL_SHARE
from reports.facts import Facts, Setting
from reports.json import DIGITS
from reports.monthly import MONTHS, MonthlyReport, ReportPeriod
from reports.reckoning.advice import Grounds, follow_up, recommendations
from reports.reckoning.causes import SITES_OF_AN_AREA, TOGETHER
from reports.reckoning.devices import device_health
from reports.reckoning.month import Month, month_of
from reports.reckoning.past import PastMonth, failing, past_of
from reports.reckoning.planned import maintenance_rows
from reports.reckoning.providers import provider_rows
from reports.reckoning.quality import LOW, data_quality
from reports.reckoning.services import service_rows
from reports.reckoning.speeds import with_bounds
from reports.reckoning.summary import summary
from reports.reckoning.sums import figures
from reports.reckoning.trends import FULL, Brief, capacity, trend
from reports.reckoning.worst import worst
from reports.sections.common import Span
from reports.sections.others import Method
from reports.statistics import BY_CHANCE, LEAST_FORECAST, LEAST_MONTHS

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
    past: list[PastMonth] = []
    *earlier, last = facts.months
    for number, month in enumerate(earlier, 1):
        past.append(past_of(month_of(month, facts.setting), past, with_advice=number == len(earlier)))
    return composed(month_of(last, facts.setting), past, facts.setting)


def composed(month: Month, past: Sequence[PastMonth], setting: Setting) -> MonthlyReport:
    """The review of a month from what is kept of the months before it.

    Args:
        month: It.
        past: In order, without a gap, the last just before the month; none where nothing is known of them.
        setting: What they have in common.
    """
    until = [*_unknown(month, len(past) + 1), *past, past_of(month, (), with_advice=False)]
    briefs = [one.brief for one in until]
    room = capacity(month, briefs)
    providers = provider_rows(month.links, month.outages.rows, month.speed, failing(until))
    quality = data_quality(month)
    advice = recommendations(Grounds(month, providers, room, quality))
    return MonthlyReport(
        scope=setting.scope,
        period=_period(month, setting.cut_day),
        summary=summary(figures(month.sums), past[-1].figures if past else None, month.links, advice),
        quality=quality,
        links=month.links,
        sites=month.site_rows,
        outages=month.outages,
        speed=with_bounds(month.speed, month.books, setting.zone),
        providers=providers,
        worst=worst(month, setting.zone),
        trend=trend(briefs),
        capacity=room,
        services=service_rows(month),
        devices=device_health(month, setting.scope),
        maintenance=maintenance_rows(month, setting.zone, setting.notice),
        recommendations=advice,
        follow_up=follow_up(past[-1].advice if past else (), advice, quality),
        method=_method(month, setting),
    )


def _unknown(month: Month, known: int) -> list[PastMonth]:
    """The months of the trend before those that are known."""
    names, period = [], month.facts.period
    for _ in range(MONTHS - 1):
        period = month.reckoner.periods.before(period)
        names.append(period.name)
    return [PastMonth(Brief(name, None, (), {}), {}) for name in reversed(names[known - 1 :])]


def _period(month: Month, cut_day: int) -> ReportPeriod:
    period = month.facts.period
    whole = Span(moment(period.interval.start), moment(period.interval.end))
    return ReportPeriod(period.name, whole, moment(month.facts.until), cut_day)


def _method(month: Month, setting: Setting) -> Method:
    changes = sorted(
        (term.since, one.id)
        for one in (*month.facts.links, *month.facts.services)
        for term in one.terms
        if month.facts.span.start < term.since < month.facts.until
    )
    return Method(_CONSTANTS, setting.notice, tuple((name, moment(since)) for since, name in changes), setting.limits)
