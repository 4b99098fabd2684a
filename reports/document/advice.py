"""What is recommended, and what became of what was recommended before."""

from datetime import datetime, timedelta
from typing import Final

from reports.document.blocks import Block, Kind, Paragraph
from reports.document.fields import Field, table
from reports.document.telling import Saying, Telling
from reports.locale import forms
from reports.sections.others import FollowUp, Recommendation

_SPEEDS_FROM: Final = 1_000.0  # a value above is bit/s, below a ratio


def sentence(advice: Recommendation, telling: Saying) -> str:
    """What is recommended, in a sentence."""
    words = telling.words
    about = telling.names.anything(advice.about) if advice.about else words.say("about.all")
    value = "" if advice.value is None else _value(advice.value, telling)
    form = ".value" if value and words.knows(f"advice.{advice.action}.value") else ""
    return words.say(f"advice.{advice.action}{form}", about=about, count=forms.whole(advice.count, words), value=value)


def last_day(due: datetime) -> datetime:
    """An instant on the last day before an end."""
    return due - timedelta(microseconds=1)


def _value(value: float, telling: Saying) -> str:
    write = forms.speed if value >= _SPEEDS_FROM else forms.percent
    return write(value, telling.words)


def advice_fields(telling: Saying) -> tuple[Field[Recommendation], ...]:
    """The columns of recommendations."""
    return (
        Field("advice", Kind.SENTENCE, lambda row: sentence(row, telling), 6),
        Field("owner", Kind.WORD, lambda row: f"owner.{row.owner}", 1.6),
        Field("due", Kind.DAY, lambda row: last_day(row.due), 1.9),
        Field("citizen_hours", Kind.NUMBER, lambda row: row.citizen_hours, 1.6),
        Field("hours_lost", Kind.DURATION, lambda row: row.lost_seconds, 1.7),
        Field("needs_decision", Kind.WORD, lambda row: f"yes_no.{row.needs_decision}", 1.4),
    )


def follow_up_fields(telling: Saying) -> tuple[Field[FollowUp], ...]:
    """The columns of the follow-up."""
    return (
        Field("advice", Kind.SENTENCE, lambda row: sentence(row.before, telling), 6),
        Field("owner", Kind.WORD, lambda row: f"owner.{row.before.owner}", 1.6),
        Field("due", Kind.DAY, lambda row: last_day(row.before.due), 1.9),
        Field("progress", Kind.WORD, lambda row: f"progress.{row.progress}", 2.2),
    )


def advice(telling: Telling) -> tuple[Block, ...]:
    """The section."""
    report, words = telling.report, telling.words
    blocks: list[Block] = [Paragraph(words.say("advice.none"))]
    if report.recommendations:
        blocks = [table("advice", advice_fields(telling), report.recommendations, words, note=words.say("note.advice"))]
    if report.follow_up:
        blocks.append(table("follow_up", follow_up_fields(telling), report.follow_up, words))
    return tuple(blocks)
