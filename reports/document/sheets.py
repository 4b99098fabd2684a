"""The tables of the spreadsheet: every row and every column, and what happened instant by instant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from reports.document.advice import advice_fields, follow_up_fields
from reports.document.blocks import Block, Cell, Column, Kind, Points, Table, Value
from reports.document.devices import device_tables
from reports.document.fields import Field, facts, table
from reports.document.links import judged_fields, judged_links, link_fields, site_fields
from reports.document.method import method
from reports.document.others import maintenance_fields, service_fields
from reports.document.outages import CAUSE_FIELDS, outage_fields
from reports.document.providers import PROVIDER_FIELDS, OfProvider, claim_sheet, provider_name, repeater_fields
from reports.document.quality import quality
from reports.document.speed import speed_fields
from reports.document.telling import Telling
from reports.document.trends import capacity_fields, trend_table
from reports.document.verdict import verdict
from reports.document.worst import worst_fields
from reports.sections.common import Span


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at an instant."""

    at: datetime
    what: str
    about: str
    detail: str


EVENT_FIELDS: tuple[Field[Event], ...] = (
    Field("at_utc", Kind.UTC, lambda row: row.at, 2),
    Field("at_local", Kind.MOMENT, lambda row: row.at, 2),
    Field("event", Kind.WORD, lambda row: f"event.{row.what}", 2.4),
    Field("subject", Kind.TEXT, lambda row: row.about, 3),
    Field("detail", Kind.TEXT, lambda row: row.detail, 3),
)


def sheets(telling: Telling) -> Mapping[str, tuple[Table, ...]]:
    """The sheets in order, by what they are called."""
    report, words = telling.report, telling.words
    again = [OfProvider(row.name, repeater) for row in report.providers for repeater in row.repeaters]
    made: list[tuple[str, tuple[Table, ...]]] = [
        ("summary", (*_tables(verdict(telling)), *_tables(quality(telling)))),
        ("links", (table("links", link_fields(telling), report.links, words),)),
        ("requirements", (table("requirements", judged_fields(telling), judged_links(report.links), words),)),
        ("outages", (table("outages", outage_fields(telling), report.outages.rows, words),)),
        ("causes", (table("causes", CAUSE_FIELDS, report.outages.causes, words),)),
        ("speed", (table("speed", speed_fields(telling), report.speed, words),)),
        ("providers", (table("providers", PROVIDER_FIELDS, report.providers, words),)),
        ("repeaters", (table("repeaters", repeater_fields(telling), again, words),)),
        ("sites", (table("sites", site_fields(telling), report.sites, words),)),
        ("worst", (table("worst", worst_fields(telling), report.worst, words),)),
        ("trend", (trend_table(report.trend, words),)),
        ("capacity", (table("capacity", capacity_fields(telling), report.capacity, words),)),
        ("services", (table("services", service_fields(telling), report.services, words),)),
        ("devices", device_tables(telling)),
        ("maintenance", (table("maintenance", maintenance_fields(telling), report.maintenance, words),)),
        ("advice", (table("advice", advice_fields(telling), report.recommendations, words),)),
        ("follow_up", (table("follow_up", follow_up_fields(telling), report.follow_up, words),)),
        ("events", (table("events", EVENT_FIELDS, sorted(_events(telling), key=_order), words),)),
    ]
    named = {words.say(f"sheet.{name}"): tables for name, tables in made}
    return {**named, **_claims(telling), words.say("sheet.method"): _method(telling)}


def _tables(parts: tuple[Block, ...]) -> tuple[Table, ...]:
    return tuple(one for one in parts if isinstance(one, Table))


def _claims(telling: Telling) -> dict[str, tuple[Table, ...]]:
    """A sheet for each provider; where two would be called the same, a number tells them apart."""
    words = telling.words
    return {
        words.say("sheet.claim", number=str(index + 1), provider=provider_name(row.name, words)): _tables(
            claim_sheet(row, telling)
        )
        for index, row in enumerate(telling.report.providers)
        if row.claims
    }


def _method(telling: Telling) -> tuple[Table, ...]:
    """The annex as one column of sentences, then its tables, then where the figures come from."""
    words, origin, period = telling.words, telling.report.provenance, telling.report.period
    parts = method(telling)
    sentences = [item for one in parts if isinstance(one, Points) for item in one.items]
    head = (Column(words.say("column.method"), Kind.TEXT, 12),)
    rows = tuple((Cell(said, Kind.TEXT, said),) for said in sentences)
    of: list[tuple[str, Value, Kind]] = [
        ("period", period.name, Kind.TEXT),
        ("period_start", period.span.start, Kind.MOMENT),
        ("period_end", period.span.end, Kind.MOMENT),
        ("period_until", period.until, Kind.MOMENT),
        ("timezone", telling.report.scope.timezone, Kind.TEXT),
        ("data_hash", origin.data_hash, Kind.TEXT),
        ("configuration_hash", origin.configuration_hash, Kind.TEXT),
        ("version", origin.version, Kind.TEXT),
    ]
    return (facts("origin", of, words), Table("method", words.say("table.method"), head, rows), *_tables(parts))


def _order(event: Event) -> tuple[datetime, str, str]:
    return event.at, event.about, event.what


def _events(telling: Telling) -> Iterator[Event]:
    report, words = telling.report, telling.words
    for outage in report.outages.rows:
        about, cause = telling.names.of_link(outage.link), words.say(f"cause.{outage.cause}")
        yield from _both(Span(outage.start, outage.end), "down", "up", about, cause)
    for gap in report.quality.gaps:
        yield from _both(gap.span, "gap_begins", "gap_ends", "", words.say(f"gap.{gap.why}"))
    for row in report.maintenance:
        for span in row.open:
            yield from _both(span, "maintenance_begins", "maintenance_ends", row.id, row.reason)
    for subject, since in report.method.changes:
        yield Event(since, "changed", telling.names.anything(subject), "")


def _both(span: Span, begins: str, ends: str, about: str, detail: str) -> Iterator[Event]:
    yield Event(span.start, begins, about, detail)
    yield Event(span.end, ends, about, detail)
