"""Services and planned work."""

from typing import Final

from reports.document.blocks import Block, Kind, Paragraph
from reports.document.fields import Field, chosen, known, table
from reports.document.telling import Telling
from reports.locale import forms
from reports.sections.common import Span
from reports.sections.others import MaintenanceRow, ServiceRow

_SERVICES: Final = (
    "service_name site verdict service outages down_in_hours fault_link fault_other fault_unknown rtt_p95 coverage"
)


def services(telling: Telling) -> tuple[Block, ...]:
    """The section on services."""
    rows, words = telling.report.services, telling.words
    if not rows:
        return (Paragraph(words.say("services.none")),)
    fields = chosen(service_fields(telling), _SERVICES)
    return (table("services", fields, rows, words, note=words.say("note.services"), is_wide=True),)


def service_fields(telling: Telling) -> tuple[Field[ServiceRow], ...]:
    """Every column of the services."""
    return (
        Field("service_name", Kind.TEXT, lambda row: row.name or row.id, 2.6),
        Field("service_id", Kind.TEXT, lambda row: row.id, 1.6),
        Field("site", Kind.TEXT, lambda row: telling.names.site(row.site), 2.6),
        Field("verdict", Kind.OUTCOME, lambda row: row.verdict, 1.5),
        Field("service", Kind.PERCENT, lambda row: row.service.ratio, 1.2),
        Field("service_lowest", Kind.PERCENT, lambda row: row.service.lowest, 1.2),
        Field("service_highest", Kind.PERCENT, lambda row: row.service.highest, 1.2),
        Field("outages", Kind.COUNT, lambda row: known(row.service, row.outages), 0.9),
        Field("down_in_hours", Kind.DURATION, lambda row: known(row.service, row.down_seconds), 1.2),
        Field("fault_link", Kind.DURATION, lambda row: known(row.service, row.fault_link_seconds), 1.2),
        Field("fault_other", Kind.DURATION, lambda row: known(row.service, row.fault_other_seconds), 1.2),
        Field("fault_unknown", Kind.DURATION, lambda row: known(row.service, row.fault_unknown_seconds), 1.2),
        Field("rtt_p95", Kind.MILLISECONDS, lambda row: row.rtt_p95, 1.1),
        Field("coverage", Kind.PERCENT, lambda row: row.coverage, 1.2),
    )


def maintenance(telling: Telling) -> tuple[Block, ...]:
    """The section on planned work."""
    rows, words = telling.report.maintenance, telling.words
    if not rows:
        return (Paragraph(words.say("maintenance.none")),)
    return (
        table(
            "maintenance", maintenance_fields(telling), rows, words, note=words.say("note.maintenance"), is_wide=True
        ),
    )


def maintenance_fields(telling: Telling) -> tuple[Field[MaintenanceRow], ...]:
    """Every column of planned work."""
    return (
        Field("reason", Kind.TEXT, lambda row: row.reason or row.id, 2.6),
        Field("covers", Kind.SENTENCE, lambda row: telling.list((*row.sites, *row.links, *row.devices)), 2.6),
        Field("announced", Kind.MOMENT, lambda row: row.announced_at, 1.7),
        Field("withdrawn", Kind.MOMENT, lambda row: row.withdrawn_at, 1.7),
        Field("was_open", Kind.SENTENCE, lambda row: _spans(row.open, telling), 2.6),
        Field("excused", Kind.SENTENCE, lambda row: _spans(row.excused, telling), 2.6),
        Field("down_excused", Kind.DURATION, lambda row: row.down_seconds, 1.2),
        Field("overrun", Kind.DURATION, lambda row: row.overrun_seconds, 1.2),
        Field("to_come", Kind.SENTENCE, lambda row: _spans(row.to_come, telling), 2.6),
    )


def _spans(spans: tuple[Span, ...], telling: Telling) -> str:
    return "; ".join(
        f"{forms.moment(span.start, telling.words)} – {forms.moment(span.end, telling.words)}" for span in spans
    )
