"""The annex: what the figures rest on."""

from datetime import datetime
from typing import Final

from reports.document.blocks import Block, Heading, Kind, Paragraph, Points
from reports.document.fields import Field, table
from reports.document.telling import Telling
from reports.locale import forms

_FORMULAS: Final = (
    "states",
    "service",
    "line",
    "bounds",
    "maintenance",
    "outages",
    "mttr",
    "mtbf",
    "stable",
    "delay",
    "speed",
    "contract",
    "citizen_hours",
    "saidi",
    "trend",
    "capacity",
    "causes",
)
_SOURCES: Final = ["y1540", "qcvn34", "rfc2681", "rfc5481", "clopper_pearson", "mann_kendall", "shewhart", "decree30"]


def method(telling: Telling) -> tuple[Block, ...]:
    """The annex."""
    of, words = telling.report.method, telling.words
    blocks: list[Block] = [
        Heading(words.say("heading.formulas")),
        Points(tuple(words.say(f"method.{name}") for name in _FORMULAS)),
        Heading(words.say("heading.limits")),
        Points(tuple(words.word("limit", name) for name in of.limits or ("none",))),
        Paragraph(words.say("method.notice", notice=forms.lasted(of.notice_seconds, words))),
        Heading(words.say("heading.sources")),
        Points(tuple(words.say(f"source.{name}") for name in _SOURCES)),
    ]
    if of.constants:
        blocks.append(table("constants", constant_fields(telling), of.constants, words))
    if of.changes:
        blocks.append(table("changes", change_fields(telling), of.changes, words))
    return tuple(blocks)


def constant_fields(telling: Telling) -> tuple[Field[tuple[str, float]], ...]:
    """The columns of constants."""
    return (
        Field("constant", Kind.TEXT, lambda row: telling.words.word("constant", row[0]), 4),
        Field("value", Kind.NUMBER, lambda row: row[1], 1.5),
    )


def change_fields(telling: Telling) -> tuple[Field[tuple[str, datetime]], ...]:
    """The columns of what changed in the period."""
    return (
        Field("subject", Kind.TEXT, lambda row: telling.names.anything(row[0]), 4),
        Field("since", Kind.MOMENT, lambda row: row[1], 2),
    )
