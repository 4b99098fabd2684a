"""Speed by the contract and by measurement."""

from typing import Final

from reports.charts.dots import Dot, DotWords, dots
from reports.document.blocks import Block, Figure, Kind, Paragraph
from reports.document.fields import Field, chosen, table
from reports.document.telling import Telling
from reports.locale import forms
from reports.sections.speed import SpeedRow

_DOTS: Final = 20
_SHARE: Final = 80.0  # per cent of the contracted speed that most contracts promise
_BRIEF: Final = (
    "link direction contracted tests tests_failed mean mean_at_least mean_at_most least p5 median p95 busy_mean "
    "quiet_mean reaching contract by_mean need"
)


def speed(telling: Telling) -> tuple[Block, ...]:
    """The section."""
    report, words = telling.report, telling.words
    tested = [row for row in report.speed if row.tests]
    if not tested:
        return (Paragraph(words.say("speed.none")),)
    untested = telling.written(len(report.speed) - len(tested), Kind.COUNT)
    note = f"{words.say('note.speed')} {words.say('note.untested', count=untested)}"
    wide = table("speed", chosen(speed_fields(telling), _BRIEF), tested, words, note=note, is_wide=True)
    return (*_figure(tested, telling), wide)


def speed_fields(telling: Telling) -> tuple[Field[SpeedRow], ...]:
    """Every column of the speeds."""
    return (
        Field("site", Kind.TEXT, lambda row: telling.names.site(row.site), 2.4),
        Field("link", Kind.TEXT, lambda row: telling.names.of_link(row.link), 3.4),
        Field("link_id", Kind.TEXT, lambda row: row.link, 1.6),
        Field("provider", Kind.TEXT, lambda row: row.provider, 1.2),
        Field("direction", Kind.WORD, lambda row: f"direction.{row.direction}", 1.15),
        Field("contracted", Kind.MEGABITS, lambda row: row.contracted),
        Field("tests", Kind.COUNT, lambda row: len(row.tests), 0.8),
        Field("tests_failed", Kind.COUNT, lambda row: row.failed, 0.8),
        Field("tests_skipped", Kind.COUNT, lambda row: sum(number for _, number in row.skipped), 0.8),
        Field("mean", Kind.MEGABITS, lambda row: row.mean),
        Field("mean_at_least", Kind.MEGABITS, lambda row: row.mean_at_least),
        Field("mean_at_most", Kind.MEGABITS, lambda row: row.mean_at_most),
        Field("least", Kind.MEGABITS, lambda row: row.least),
        Field("p5", Kind.MEGABITS, lambda row: row.p5),
        Field("median", Kind.MEGABITS, lambda row: row.median),
        Field("p95", Kind.MEGABITS, lambda row: row.p95),
        Field("greatest", Kind.MEGABITS, lambda row: row.greatest),
        Field("busy_mean", Kind.MEGABITS, lambda row: row.busy_mean),
        Field("quiet_mean", Kind.MEGABITS, lambda row: row.quiet_mean),
        Field("reaching", Kind.PERCENT, lambda row: row.reaching, 1.1),
        Field("peak", Kind.MEGABITS, lambda row: row.peak),
        *_verdicts(),
    )


def _verdicts() -> tuple[Field[SpeedRow], ...]:
    return (
        Field("contract_threshold", Kind.MEGABITS, lambda row: row.contract.threshold),
        Field("contract", Kind.OUTCOME, lambda row: row.contract.outcome, 1.35),
        Field("by_mean", Kind.OUTCOME, lambda row: row.by_mean if row.contract.threshold is not None else None, 1.35),
        Field("contract_by", Kind.WORD, lambda row: f"speed_by.{row.contract.by}", 1.6),
        Field("slower", Kind.COUNT, lambda row: row.contract.slower, 0.8),
        Field("need_threshold", Kind.MEGABITS, lambda row: row.need.threshold if row.need else None),
        Field("need", Kind.OUTCOME, lambda row: row.need.outcome if row.need else None, 1.35),
    )


def _figure(rows: list[SpeedRow], telling: Telling) -> tuple[Block, ...]:
    words = telling.words
    drawn = [dot for row in rows if (dot := _dot(row, telling)) is not None]
    if not drawn:
        return ()
    shown = sorted(drawn, key=lambda dot: dot.mean)[:_DOTS]
    said = (
        f"{dot.name}: {forms.percent(dot.mean / 100, words)}, {words.say(f'outcome.{dot.outcome}')}" for dot in shown
    )
    text = DotWords(
        met=words.say("outcome.met"),
        breached=words.say("outcome.breached"),
        unknown=words.say("outcome.unknown"),
        axis=words.say("chart.share"),
    )
    caption = words.say("figure.speed", shown=forms.whole(len(shown), words), total=forms.whole(len(drawn), words))
    svg = dots("speed", shown, text, _SHARE)
    return (Figure("speed-plot", svg, words.say("alternative.speed", rows="; ".join(said)), caption),)


def _dot(row: SpeedRow, telling: Telling) -> Dot | None:
    if not row.contracted or row.mean is None:
        return None
    scale = 100 / row.contracted
    low, high = (row.mean if end is None else end for end in (row.p5, row.p95))
    arrow = telling.words.say(f"arrow.{row.direction}")
    name = f"{telling.names.brief(row.link)} {arrow}"
    return Dot(name, low * scale, row.mean * scale, high * scale, row.contract.outcome)
