"""The outages with cause and evidence."""

from typing import Final

from model.outages import OutageKind
from reports.document.blocks import Block, Kind, Paragraph
from reports.document.fields import Field, chosen, table
from reports.document.telling import Telling
from reports.locale import forms
from reports.sections.outages import CauseRow, OutageRow, SaidBy

_MOST: Final = 300
"""Rows for which a document has room; the spreadsheet has them all."""
_BRIEF: Final = "link start end down down_in_hours cause evidence ticket acknowledged_by citizen_hours in_time"

CAUSE_FIELDS: Final[tuple[Field[CauseRow], ...]] = (
    Field("cause", Kind.WORD, lambda row: f"cause.{row.cause}", 4),
    Field("outages", Kind.COUNT, lambda row: row.outages, 1.2),
    Field("down", Kind.DURATION, lambda row: row.down_seconds, 1.6),
    Field("citizen_hours", Kind.NUMBER, lambda row: row.citizen_hours, 1.6),
)


def outages(telling: Telling) -> tuple[Block, ...]:
    """The section."""
    words, section = telling.words, telling.report.outages
    rows = [row for row in section.rows if row.kind is OutageKind.OUTAGE]
    if not rows:
        nothing = telling.report.quality.known is None
        return (Paragraph(words.say("verdict.service.unknown" if nothing else "outages.none")),)
    blocks: list[Block] = [table("causes", CAUSE_FIELDS, section.causes, words, note=words.say("note.causes"))]
    shown = sorted(sorted(rows, key=lambda row: -row.down_seconds)[:_MOST], key=lambda row: row.start)
    note = words.say("note.outages")
    if len(shown) < len(rows):
        counts = {name: telling.written(len(of), Kind.COUNT) for name, of in (("shown", shown), ("total", rows))}
        note = f"{words.say('note.outages.longest', **counts)} {note}"
    blocks.append(table("outages", chosen(outage_fields(telling), _BRIEF), shown, words, note=note, is_wide=True))
    return tuple(blocks)


def evidence(row: OutageRow, telling: Telling) -> str:
    """What speaks for the cause, who says so, and what somebody wrote beside it."""
    known = {row.link, row.site}
    said = [telling.sign(sign.kind, "" if sign.about in known else sign.about, sign.value) for sign in row.signs]
    if row.said_by is SaidBy.PERSON:
        said.append(telling.words.say("said_by.person"))
    return "; ".join([*said, *([forms.clean(row.note)] if row.note else [])])


def outage_fields(telling: Telling) -> tuple[Field[OutageRow], ...]:
    """Every column of the outages."""
    return (
        Field("outage_id", Kind.TEXT, lambda row: row.id, 2.6),
        Field("site", Kind.TEXT, lambda row: telling.names.site(row.site), 2.4),
        Field("link", Kind.TEXT, lambda row: telling.names.of_link(row.link), 3.2),
        Field("link_id", Kind.TEXT, lambda row: row.link, 1.6),
        Field("provider", Kind.TEXT, lambda row: row.provider, 1.2),
        Field("outage_kind", Kind.WORD, lambda row: f"outage.{row.kind}", 1.2),
        Field("is_own", Kind.WORD, lambda row: f"yes_no.{row.is_own}"),
        Field("start", Kind.MOMENT, lambda row: row.start, 1.9),
        Field("start_uncertainty", Kind.NUMBER, lambda row: row.start_uncertainty_seconds),
        Field("end", Kind.MOMENT, lambda row: row.end, 1.9),
        Field("end_uncertainty", Kind.NUMBER, lambda row: row.end_uncertainty_seconds),
        Field("down", Kind.DURATION, lambda row: row.down_seconds, 1.15),
        Field("down_in_hours", Kind.DURATION, lambda row: row.down_seconds_in_hours, 1.15),
        Field("whole", Kind.DURATION, lambda row: row.whole_seconds, 1.2),
        Field("began_before", Kind.WORD, lambda row: f"yes_no.{row.began_before}"),
        Field("goes_on", Kind.WORD, lambda row: f"yes_no.{row.goes_on}"),
        Field("cause", Kind.WORD, lambda row: f"cause.{row.cause}", 2),
        *_handling(telling),
    )


def _handling(telling: Telling) -> tuple[Field[OutageRow], ...]:
    return (
        Field("evidence", Kind.SENTENCE, lambda row: evidence(row, telling), 3.2),
        Field("said_by", Kind.WORD, lambda row: f"said_by.{row.said_by}", 1.2),
        Field("note", Kind.TEXT, lambda row: row.note, 2),
        Field("incident", Kind.TEXT, lambda row: row.incident, 1.4),
        Field("ticket", Kind.TEXT, lambda row: row.ticket, 1.3),
        Field("acknowledged_by", Kind.TEXT, lambda row: row.acknowledged_by, 1.5),
        Field("detect", Kind.DURATION, lambda row: row.detect_seconds, 1.1),
        Field("acknowledge", Kind.DURATION, lambda row: row.acknowledge_seconds, 1.1),
        Field("citizen_hours", Kind.NUMBER, lambda row: row.citizen_hours, 1.1),
        Field("restore_limit", Kind.DURATION, lambda row: row.restore_limit_seconds, 1.1),
        Field("in_time", Kind.WORD, _in_time, 0.9),
    )


def _in_time(row: OutageRow) -> str | None:
    return None if row.is_restored_in_time is None else f"yes_no.{row.is_restored_in_time}"
