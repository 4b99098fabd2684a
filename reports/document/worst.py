"""The links that lost the most, and when."""

from reports.charts.strip import strip
from reports.document.blocks import Block, Figure, Kind, Paragraph
from reports.document.fields import Field, table
from reports.document.telling import Telling
from reports.sections.worst import WorstLink


def worst(telling: Telling) -> tuple[Block, ...]:
    """The section."""
    rows, words = telling.report.worst, telling.words
    if not rows:
        nothing = telling.report.quality.known is None
        return (Paragraph(words.say("verdict.service.unknown" if nothing else "worst.none")),)
    return (table("worst", worst_fields(telling), rows, words), *(_figure(row, telling) for row in rows))


def worst_fields(telling: Telling) -> tuple[Field[WorstLink], ...]:
    """The columns of the worst."""
    return (
        Field("link", Kind.TEXT, lambda row: telling.names.of_link(row.link), 4),
        Field("lost", Kind.DURATION, lambda row: row.lost_seconds_in_hours, 1.5),
        Field("outages", Kind.COUNT, lambda row: row.outages, 1.2),
        Field("citizen_hours", Kind.NUMBER, lambda row: row.citizen_hours, 1.5),
    )


def _figure(row: WorstLink, telling: Telling) -> Figure:
    words, number = telling.words, telling.report.worst.index(row) + 1
    name = telling.names.of_link(row.link)
    kinds = tuple(words.say(f"strip.{kind}") for kind in ("little", "some", "most", "unknown"))
    bad = [
        f"{telling.written(day.day, Kind.DAY)} ({telling.lasted(lost * 3_600)})"
        for day in row.strip
        if (lost := sum(share or 0.0 for share in day.lost)) > 0
    ]
    alternative = words.say("alternative.strip", link=name, days="; ".join(bad) or words.say("days.none"))
    svg = strip(f"strip{number}", row.strip, (kinds[0], kinds[1], kinds[2], kinds[3]))
    return Figure(f"strip-{number}", svg, alternative, words.say("figure.strip", link=name))
