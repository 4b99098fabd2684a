"""The links and the sites."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from model.availability import Shares
from model.verdict import Outcome
from reports.charts.bars import Bar, bars
from reports.document.blocks import Block, Figure, Kind, Paragraph
from reports.document.fields import Field, chosen, known, table
from reports.document.telling import Telling
from reports.locale import forms
from reports.sections.common import Judged
from reports.sections.links import LinkRow, SiteRow
from reports.sections.summary import QualityVerdict

_BARS: Final = 15
_HOUR: Final = 3_600
_BRIEF: Final = (
    "site link provider verdict required_availability line line_lowest line_highest service outages micro_outages "
    "longest mttr restored_late budget_used rtt_p95 loss delay_variation_p99 utilization_p95 coverage"
)
"""Columns for which a page laid crosswise has room."""


QUALITY_FIELDS: Final[tuple[Field[QualityVerdict], ...]] = (
    Field("requirement", Kind.WORD, lambda row: f"quality.{row.requirement}", 3),
    Field("links", Kind.COUNT, lambda row: row.links.total),
    Field("met", Kind.COUNT, lambda row: row.links.met),
    Field("breached", Kind.COUNT, lambda row: row.links.breached),
    Field("unknown", Kind.COUNT, lambda row: row.links.unknown),
)


@dataclass(frozen=True, slots=True)
class JudgedLink:
    """One requirement of one link."""

    link: LinkRow
    judged: Judged


def links(telling: Telling) -> tuple[Block, ...]:
    """The section."""
    report, words = telling.report, telling.words
    if not report.links:
        return (Paragraph(words.say("links.none")),)
    blocks: list[Block] = []
    if report.summary.qualities:
        blocks.append(table("qualities", QUALITY_FIELDS, report.summary.qualities, words))
    blocks += _lost_time(telling)
    wrong = [one for one in judged_links(report.links) if one.judged.outcome is not Outcome.MET]
    if wrong:
        blocks.append(table("judged", judged_fields(telling), wrong, words, note=words.say("note.judged")))
    if report.sites:
        blocks.append(table("sites", chosen(site_fields(telling), _SITES), report.sites, words))
    fields = chosen(link_fields(telling), _BRIEF)
    blocks.append(table("links", fields, report.links, words, note=words.say("note.links"), is_wide=True))
    return tuple(blocks)


_SITES: Final = "site service service_lowest service_highest lost unknown_time interruptions citizen_hours"


def _shares(name: str, get: Callable[[LinkRow], Shares]) -> tuple[Field[LinkRow], ...]:
    return (
        Field(name, Kind.PERCENT, lambda row: get(row).ratio, 1.15),
        Field(f"{name}_lowest", Kind.PERCENT, lambda row: get(row).lowest, 1.15),
        Field(f"{name}_highest", Kind.PERCENT, lambda row: get(row).highest, 1.15),
    )


def _required_availability(row: LinkRow) -> float | None:
    return row.required[-1].availability if row.required else None


def link_fields(telling: Telling) -> tuple[Field[LinkRow], ...]:
    """Every column of the links."""
    return (
        Field("site", Kind.TEXT, lambda row: telling.names.site(row.site), 2.6),
        Field("link", Kind.TEXT, lambda row: telling.names.link(row.id), 1.9),
        Field("link_id", Kind.TEXT, lambda row: row.id, 1.8),
        Field("provider", Kind.TEXT, lambda row: row.provider, 1.3),
        Field("circuit", Kind.TEXT, lambda row: row.circuit, 1.3),
        Field("role", Kind.WORD, lambda row: f"role.{row.role}", 1.2),
        Field("profile", Kind.TEXT, lambda row: row.profile, 1.6),
        Field("contracted_download", Kind.MEGABITS, lambda row: row.contracted_download),
        Field("contracted_upload", Kind.MEGABITS, lambda row: row.contracted_upload),
        Field("verdict", Kind.OUTCOME, lambda row: row.verdict, 1.35),
        Field("required_availability", Kind.PERCENT, _required_availability, 1.1),
        *_shares("line", lambda row: row.line),
        *_shares("line_gross", lambda row: row.line_gross),
        *_shares("service", lambda row: row.service),
        *_counts(),
        *_delays(),
        Field("down", Kind.DURATION, lambda row: known(row.service, row.seconds.down)),
        Field("unreachable", Kind.DURATION, lambda row: known(row.service, row.seconds.unreachable)),
        Field("unknown_time", Kind.DURATION, lambda row: row.seconds.unknown),
        Field("maintenance", Kind.DURATION, lambda row: row.seconds.maintenance),
        Field("down_in_hours", Kind.DURATION, lambda row: known(row.service, row.seconds_in_hours.down)),
        Field("coverage", Kind.PERCENT, lambda row: row.coverage, 1.1),
        Field("citizen_hours", Kind.NUMBER, lambda row: row.citizen_hours),
    )


def _counts() -> tuple[Field[LinkRow], ...]:
    return (
        Field("outages", Kind.COUNT, lambda row: known(row.service, row.outages), 0.75),
        Field("micro_outages", Kind.COUNT, lambda row: known(row.service, row.micro_outages), 0.75),
        Field("longest", Kind.DURATION, lambda row: row.longest_seconds, 1.15),
        Field("mttr", Kind.DURATION, lambda row: row.mttr_seconds, 1.1),
        Field("restored_late", Kind.COUNT, lambda row: known(row.service, row.restored_late), 0.75),
        Field("mtbf", Kind.DURATION, lambda row: row.mtbf_seconds, 1.2),
        Field("mtbf_at_least", Kind.DURATION, lambda row: row.mtbf_at_least_seconds, 1.2),
        Field("budget_used", Kind.PERCENT, lambda row: row.budget_used, 1.15),
        Field("stable_minutes", Kind.PERCENT, lambda row: row.stable_minutes, 1.1),
    )


def _delays() -> tuple[Field[LinkRow], ...]:
    return (
        Field("rtt_p50", Kind.MILLISECONDS, lambda row: row.rtt_p50),
        Field("rtt_p95", Kind.MILLISECONDS, lambda row: row.rtt_p95),
        Field("loss", Kind.PERCENT, lambda row: row.loss),
        Field("delay_variation_p99", Kind.MILLISECONDS, lambda row: row.delay_variation_p99),
        Field("download_p95", Kind.MEGABITS, lambda row: row.download_p95),
        Field("upload_p95", Kind.MEGABITS, lambda row: row.upload_p95),
        Field("utilization_p95", Kind.PERCENT, lambda row: row.utilization_p95, 1.1),
        Field("download_peak", Kind.MEGABITS, lambda row: row.download_peak),
        Field("upload_peak", Kind.MEGABITS, lambda row: row.upload_peak),
        Field("octets", Kind.GIGABYTES, lambda row: row.octets),
        Field("probes", Kind.COUNT, lambda row: row.probes),
    )


def site_fields(telling: Telling) -> tuple[Field[SiteRow], ...]:
    """Every column of the sites."""
    return (
        Field("site", Kind.TEXT, lambda row: telling.names.site(row.id), 3.4),
        Field("site_id", Kind.TEXT, lambda row: row.id, 1.6),
        Field("links", Kind.COUNT, lambda row: len(row.links)),
        Field("citizens_per_hour", Kind.NUMBER, lambda row: row.citizens_per_hour),
        Field("service", Kind.PERCENT, lambda row: row.service.ratio, 1.2),
        Field("service_lowest", Kind.PERCENT, lambda row: row.service.lowest, 1.2),
        Field("service_highest", Kind.PERCENT, lambda row: row.service.highest, 1.2),
        Field("open", Kind.DURATION, lambda row: row.open_seconds, 1.2),
        Field("lost", Kind.DURATION, lambda row: known(row.service, row.lost_seconds), 1.2),
        Field("unknown_time", Kind.DURATION, lambda row: row.unknown_seconds, 1.2),
        Field("interruptions", Kind.COUNT, lambda row: known(row.service, row.interruptions), 1.2),
        Field("citizen_hours", Kind.NUMBER, lambda row: row.citizen_hours, 1.2),
        Field("citizen_hours_at_most", Kind.NUMBER, lambda row: row.citizen_hours_at_most, 1.2),
    )


def judged_links(rows: tuple[LinkRow, ...]) -> list[JudgedLink]:
    """Every requirement of every link."""
    return [JudgedLink(row, judged) for row in rows for judged in row.judged]


def judged_fields(telling: Telling) -> tuple[Field[JudgedLink], ...]:
    """The columns of requirements."""
    return (
        Field("link", Kind.TEXT, lambda row: telling.names.of_link(row.link.id), 4),
        Field("provider", Kind.TEXT, lambda row: row.link.provider, 1.4),
        Field("requirement", Kind.WORD, lambda row: f"quality.{row.judged.requirement}", 2),
        Field("measured", Kind.TEXT, lambda row: amount(row.judged.value, row.judged, telling), 1.6),
        Field("required", Kind.TEXT, lambda row: amount(row.judged.threshold, row.judged, telling), 1.6),
        Field("n", Kind.COUNT, lambda row: row.judged.n or None, 1.1),
        Field("outcome", Kind.OUTCOME, lambda row: row.judged.outcome, 1.7),
    )


def amount(value: float | None, judged: Judged, telling: Telling) -> str | None:
    """A value with the unit of its requirement."""
    if value is None:
        return None
    match judged.requirement.unit:
        case "s":
            return f"{forms.milliseconds(value, telling.words)} ms"
        case "ratio":
            return forms.percent(value, telling.words)
        case _:
            return forms.speed(value, telling.words)


def _lost_time(telling: Telling) -> tuple[Block, ...]:
    words = telling.words
    rows = [Bar(telling.names.brief(row.id), _lost(row)) for row in telling.report.links]
    lost = sorted((row for row in rows if sum(row.parts)), key=lambda row: -sum(row.parts))
    if not lost:
        return (Paragraph(words.say("links.nothing_lost")),)
    kinds = tuple(words.say(f"chart.{kind}") for kind in ("down", "unreachable", "unknown"))
    shown = lost[:_BARS]
    said = "; ".join(f"{row.name}: {telling.lasted(sum(row.parts) * _HOUR)}" for row in shown)
    svg = bars("lost", shown, kinds, words.say("chart.hours"), lambda tick: forms.decimal(tick, 2, words))
    caption = words.say("figure.lost", shown=forms.whole(len(shown), words), total=forms.whole(len(lost), words))
    return (Figure("lost", svg, words.say("alternative.lost", rows=said), caption),)


def _lost(row: LinkRow) -> tuple[float, ...]:
    seconds = row.seconds_in_hours
    return seconds.down / _HOUR, seconds.unreachable / _HOUR, seconds.unknown / _HOUR
