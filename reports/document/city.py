"""The summary of a city: its wards side by side."""

from collections.abc import Mapping

from reports.document.advice import advice_fields, sentence
from reports.document.blocks import Block, Document, Kind, Paragraph, Section, Table
from reports.document.fields import Field, chosen, table
from reports.document.letterhead import letterhead, provenance_lines, title_of
from reports.document.names import Names
from reports.document.providers import PROVIDER_FIELDS, provider_table
from reports.document.telling import Saying
from reports.document.trends import trend, trend_table
from reports.document.verdict import decisions, verdict_of
from reports.document.ward import numbered, page_words
from reports.locale.forms import clean
from reports.locale.words import Words
from reports.monthly import CityReport, WardRow

_BRIEF = (
    "ward links met breached unknown service service_lowest service_highest line outages longest mttr citizen_hours "
    "saidi saifi"
)

WARD_FIELDS: tuple[Field[WardRow], ...] = (
    Field("ward", Kind.TEXT, lambda row: row.name or row.ward, 3),
    Field("ward_id", Kind.TEXT, lambda row: row.ward, 2),
    Field("links", Kind.COUNT, lambda row: row.summary.figures.links.total),
    Field("met", Kind.COUNT, lambda row: row.summary.figures.links.met),
    Field("breached", Kind.COUNT, lambda row: row.summary.figures.links.breached),
    Field("unknown", Kind.COUNT, lambda row: row.summary.figures.links.unknown),
    Field("service", Kind.PERCENT, lambda row: row.summary.figures.service.ratio, 1.3),
    Field("service_lowest", Kind.PERCENT, lambda row: row.summary.figures.service.lowest, 1.3),
    Field("service_highest", Kind.PERCENT, lambda row: row.summary.figures.service.highest, 1.3),
    Field("line", Kind.PERCENT, lambda row: row.summary.figures.line.ratio, 1.3),
    Field("stable_minutes", Kind.PERCENT, lambda row: row.summary.figures.stable_minutes, 1.3),
    Field("outages", Kind.COUNT, lambda row: row.summary.figures.outages),
    Field("micro_outages", Kind.COUNT, lambda row: row.summary.figures.micro_outages),
    Field("down", Kind.DURATION, lambda row: row.summary.figures.down_seconds, 1.3),
    Field("longest", Kind.DURATION, lambda row: row.summary.figures.longest_seconds, 1.3),
    Field("mttr", Kind.DURATION, lambda row: row.summary.figures.mttr_seconds, 1.2),
    Field("citizen_hours", Kind.NUMBER, lambda row: row.summary.figures.loss.citizen_hours, 1.2),
    Field("saidi", Kind.NUMBER, lambda row: row.summary.figures.loss.saidi_minutes),
    Field("saifi", Kind.NUMBER, lambda row: row.summary.figures.loss.saifi),
    Field("data_hash", Kind.TEXT, lambda row: row.data_hash, 3),
)


def city_document(report: CityReport, words: Words) -> Document:
    """The summary of a city in a language."""
    return Document(
        language=words.language,
        title=title_of(report.scope, report.period, words),
        head=letterhead(report.scope, report.period, words),
        sections=numbered(_parts(report, words), words),
        annexes=(
            Section("method", words.say("annex.title", number="1", title=words.say("annex.method")), _method(words)),
        ),
        sheets=_sheets(report, words),
        provenance=provenance_lines(report.provenance, words),
        labels=page_words(words),
    )


def _saying(report: CityReport, words: Words) -> Saying:
    wards = {row.ward: clean(row.name or row.ward) for row in report.wards}
    return Saying(words, Names(links={}, sites=wards, site_of={}, services={}))


def _parts(report: CityReport, words: Words) -> list[tuple[str, tuple[Block, ...]]]:
    saying = _saying(report, words)
    by_id = {one.id: one for one in report.recommendations}
    asked = tuple(sentence(by_id[id_], saying) for id_ in report.summary.decisions if id_ in by_id)
    wards = table("wards", chosen(WARD_FIELDS, _BRIEF), report.wards, words, is_wide=True)
    advice: tuple[Block, ...] = (Paragraph(words.say("advice.none")),)
    if report.recommendations:
        advice = (table("advice", advice_fields(saying), report.recommendations, words, note=words.say("note.advice")),)
    return [
        ("verdict", (*verdict_of(report.summary, words), *decisions(asked, words))),
        ("wards", (wards,)),
        ("providers", (provider_table(report.providers, words),)),
        ("trend", trend(report.trend, words)),
        ("advice", advice),
    ]


def _method(words: Words) -> tuple[Block, ...]:
    return (Paragraph(words.say("city.method")),)


def _sheets(report: CityReport, words: Words) -> Mapping[str, tuple[Table, ...]]:
    saying = _saying(report, words)
    summary = tuple(one for one in verdict_of(report.summary, words) if isinstance(one, Table))
    made = (
        ("summary", summary),
        ("wards", (table("wards", WARD_FIELDS, report.wards, words),)),
        ("providers", (table("providers", PROVIDER_FIELDS, report.providers, words),)),
        ("trend", (trend_table(report.trend, words),)),
        ("advice", (table("advice", advice_fields(saying), report.recommendations, words),)),
    )
    return {words.say(f"sheet.{name}"): tables for name, tables in made}
