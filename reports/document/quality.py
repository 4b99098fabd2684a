"""How much of the period is known."""

from reports.document.blocks import Block, Kind, Paragraph
from reports.document.fields import Field, facts, table
from reports.document.telling import Telling
from reports.sections.quality import Coverage, Gap


def quality(telling: Telling) -> tuple[Block, ...]:
    """The section."""
    report, words = telling.report.quality, telling.words
    blocks: list[Block] = []
    known = telling.written(report.known, Kind.PERCENT)
    if report.known is None:
        blocks.append(Paragraph(words.say("quality.nothing"), is_finding=True))
    elif report.is_low:
        blocks.append(Paragraph(words.say("quality.low", known=known), is_finding=True))
    else:
        blocks.append(Paragraph(words.say("quality.good", known=known)))
    blocks.append(facts("quality", _figures(telling), words))
    if report.gaps:
        shown, total = (telling.written(number, Kind.COUNT) for number in (len(report.gaps), report.gaps_in_all))
        note = words.say("note.gaps", shown=shown, total=total) if len(report.gaps) < report.gaps_in_all else ""
        blocks.append(table("gaps", GAP_FIELDS, report.gaps, words, note=note))
    if report.links_below:
        blocks.append(table("below", _below_fields(telling), report.links_below, words))
    return tuple(blocks)


GAP_FIELDS: tuple[Field[Gap], ...] = (
    Field("start", Kind.MOMENT, lambda row: row.span.start, 2),
    Field("end", Kind.MOMENT, lambda row: row.span.end, 2),
    Field("duration", Kind.DURATION, lambda row: (row.span.end - row.span.start).total_seconds(), 1.9),
    Field("why", Kind.WORD, lambda row: f"gap.{row.why}", 3),
)


def _below_fields(telling: Telling) -> tuple[Field[Coverage], ...]:
    return (
        Field("link", Kind.TEXT, lambda row: telling.names.of_link(row.link), 4),
        Field("coverage", Kind.PERCENT, lambda row: row.known, 1.4),
        Field("measured_share", Kind.PERCENT, lambda row: row.measured, 1.4),
    )


def _figures(telling: Telling) -> list[tuple[str, str | float | None, Kind]]:
    of = telling.report.quality
    return [
        ("known", of.known, Kind.PERCENT),
        ("monitor_ran", of.monitor_seconds, Kind.DURATION),
        ("monitor_stopped", of.stopped_seconds, Kind.DURATION),
        ("monitor_blind", of.blind_seconds, Kind.DURATION),
        ("probes_sent", of.probes_sent, Kind.COUNT),
        ("probes_lost", of.probes_lost if of.probes_sent else None, Kind.COUNT),
        ("probes_late", of.probes_late if of.probes_sent else None, Kind.COUNT),
        ("tests_run", of.tests_run, Kind.COUNT),
        ("tests_failed", of.tests_failed, Kind.COUNT),
        *((f"skipped_{why}", number, Kind.COUNT) for why, number in of.tests_skipped),
        ("hours_stored", of.hours_stored, Kind.COUNT),
        ("hours_expected", of.hours_expected, Kind.COUNT),
    ]
