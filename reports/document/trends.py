"""Six months, and when a line will be full."""

from collections.abc import Callable
from typing import Final

from reports.charts.panels import Panel, Point, panels
from reports.document.blocks import Block, Cell, Column, Figure, Kind, Paragraph, Table
from reports.document.fields import Field, cell, table
from reports.document.telling import Telling
from reports.locale import forms
from reports.locale.words import Words
from reports.sections.trend import CapacityRow, Measure, Prospect, Trend, TrendRow

_KINDS: Final = {
    Measure.OUTAGES: Kind.NUMBER,
    Measure.MTTR: Kind.DURATION,
    Measure.CITIZEN_HOURS: Kind.NUMBER,
}
_SHARES: Final = frozenset({Measure.SERVICE, Measure.LINE, Measure.STABLE_MINUTES})
_FULL: Final = 0.8  # of the contracted speed: from there on a line has no room for peaks
_FORECASTS: Final = 6
_AHEAD: Final = 12
_TOLD: Final = frozenset({Prospect.FULL, Prospect.EXPECTED, Prospect.FAR})


def kind_of(measure: Measure) -> Kind:
    """How a measure is written."""
    return _KINDS.get(measure, Kind.PERCENT)


def trend(of: Trend, words: Words) -> tuple[Block, ...]:
    """The section on trends."""
    known = [row for row in of.rows if any(value is not None for value in row.values)]
    if not known:
        return (Paragraph(words.say("trend.none")),)
    return _trend_figure(of, known, words), trend_table(of, words)


def trend_table(of: Trend, words: Words) -> Table:
    """Each measure month by month."""
    head = [Column(words.say("column.measure"), Kind.TEXT, 3.2)]
    head += [Column(forms.short_month(name), Kind.NUMBER, 1.3) for name in of.months]
    head += [Column(words.say("column.tendency"), Kind.WORD, 2), Column(words.say("column.p"), Kind.NUMBER, 1.1)]
    rows = tuple(_trend_row(row, words) for row in of.rows)
    return Table("trend", words.say("table.trend"), tuple(head), rows, words.say("note.trend"))


def _trend_row(row: TrendRow, words: Words) -> tuple[Cell, ...]:
    kind = kind_of(row.measure)
    return (
        cell(f"measure.{row.measure}", Kind.WORD, words),
        *(cell(value, kind, words) for value in row.values),
        cell(f"tendency.{row.direction}", Kind.WORD, words),
        cell(row.p, Kind.NUMBER, words),
    )


def _writer(measure: Measure, words: Words) -> Callable[[float], str]:
    return lambda value: cell(value, kind_of(measure), words).text


def _limits(row: TrendRow) -> tuple[float, ...]:
    """The control limits, inside what the measure can be at all."""
    most = 1.0 if row.measure in _SHARES else float("inf")
    return tuple(min(most, max(0.0, limit)) for limit in (row.lower, row.upper) if limit is not None)


def _trend_figure(of: Trend, rows: list[TrendRow], words: Words) -> Figure:
    months = tuple(name[5:7] for name in of.months)
    drawn = [
        Panel(
            title=words.say(f"measure.{row.measure}"),
            months=months,
            values=row.values,
            middle=row.middle,
            limits=_limits(row),
            beyond=frozenset(of.months.index(name) for name in row.beyond if name in of.months),
        )
        for row in rows
    ]
    said = "; ".join(f"{words.say(f'measure.{row.measure}')}: {words.say(f'tendency.{row.direction}')}" for row in rows)
    svg = panels("trend", drawn, [_writer(row.measure, words) for row in rows])
    return Figure("trend-plot", svg, words.say("alternative.trend", rows=said), words.say("figure.trend"))


def capacity_fields(telling: Telling) -> tuple[Field[CapacityRow], ...]:
    """The columns of the forecast."""
    return (
        Field("link", Kind.TEXT, lambda row: telling.names.of_link(row.link), 3.6),
        Field("direction", Kind.WORD, lambda row: f"direction.{row.direction}", 1.3),
        Field("contracted", Kind.MEGABITS, lambda row: row.contracted, 1.3),
        Field("utilization_p95", Kind.PERCENT, lambda row: row.values[-1] if row.values else None, 1.3),
        Field("slope", Kind.PERCENT, lambda row: row.slope, 1.2),
        Field("prospect", Kind.WORD, lambda row: f"prospect.{row.prospect}", 2.2),
        Field("full_month", Kind.TEXT, lambda row: _month(row.month), 1.3),
        Field("full_earliest", Kind.TEXT, lambda row: _month(row.earliest), 1.3),
        Field("full_latest", Kind.TEXT, lambda row: _month(row.latest), 1.3),
    )


def _month(name: str | None) -> str | None:
    return None if name is None else forms.short_month(name)


def capacity(telling: Telling) -> tuple[Block, ...]:
    """The section on capacity: lines that fill up by name, the others by number."""
    rows, words = telling.report.capacity, telling.words
    told = sorted((row for row in rows if row.prospect in _TOLD), key=_urgency)
    blocks: list[Block] = []
    if told:
        figure = _forecast_figure([row for row in told if row.slope is not None][:_FORECASTS], telling)
        note = words.say("note.capacity")
        blocks += [*figure, table("capacity", capacity_fields(telling), told, words, note=note)]
    for prospect in Prospect:
        count = sum(row.prospect is prospect for row in rows)
        if prospect not in _TOLD and count:
            said = words.say(f"prospect.{prospect}")
            blocks.append(Paragraph(words.say("capacity.others", said=said, count=forms.whole(count, words))))
    return tuple(blocks) or (Paragraph(words.say("capacity.none")),)


def _urgency(row: CapacityRow) -> tuple[int, str]:
    return list(Prospect).index(row.prospect), row.month or "9999-12"


def _forecast_figure(rows: list[CapacityRow], telling: Telling) -> tuple[Block, ...]:
    if not rows:
        return ()
    words, months = telling.words, telling.report.trend.months
    drawn = [_forecast(row, months, telling) for row in rows]
    svg = panels("capacity", drawn, [lambda value: forms.percent(round(value, 3), words)] * len(drawn))
    said = "; ".join(
        f"{panel.title}: {_month(row.month) or forms.NOTHING}" for panel, row in zip(drawn, rows, strict=True)
    )
    return (Figure("capacity-plot", svg, words.say("alternative.capacity", rows=said), words.say("figure.capacity")),)


def _forecast(row: CapacityRow, months: tuple[str, ...], telling: Telling) -> Panel:
    last = next((index for index in reversed(range(len(row.values))) if row.values[index] is not None), 0)
    start = row.values[last] if row.values else None
    slopes = [slope for slope in (row.slope, row.slope_lowest, row.slope_highest) if slope is not None]
    end = len(months) - 1 + _AHEAD
    lines = [_course(last, start or 0.0, slope, end) for slope in slopes]
    return Panel(
        title=f"{telling.names.brief(row.link)} {telling.words.say(f'arrow.{row.direction}')}",
        months=tuple(f"{(int(months[0][5:7]) - 1 + step) % 12 + 1:02}" for step in range(end + 1)),
        values=row.values,
        limits=(_FULL,),
        expected=lines[0] if lines else (),
        fan=tuple(lines[1:]),
    )


def _course(last: int, start: float, slope: float, end: int) -> tuple[Point, ...]:
    """From the last month on, no higher than the line can carry and no lower than nothing."""
    reach = float(end - last)
    if slope > 0:
        reach = min(reach, max(0.0, (1.0 - start) / slope))
    elif slope < 0:
        reach = min(reach, start / -slope)
    return (float(last), start), (last + reach, start + slope * reach)
