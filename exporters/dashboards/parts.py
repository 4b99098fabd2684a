"""What a dashboard is made of, as plain data in the words of Grafana's JSON.

Source: https://grafana.com/docs/grafana/v10.4/dashboards/build-dashboards/view-dashboard-json-model/
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Final

from exporters.dashboards.colours import QUIET
from exporters.dashboards.text import Text

Json = Mapping[str, Any]
Steps = Sequence[tuple[float | None, str]]
"""Colours by value: each from its value on; the first has none and begins at the bottom."""

SOURCE: Final[Json] = {"type": "prometheus", "uid": "${datasource}"}
_NO_STEPS: Final[Steps] = ((None, QUIET),)
_LAST: Final[Json] = {"calcs": ["lastNotNull"], "fields": "", "values": False}
_LEGEND: Final[Json] = {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}


@dataclass(frozen=True, slots=True)
class Query:
    """One question to Prometheus.

    Attributes:
        expr: PromQL with Grafana's variables.
        legend: Name of each series, with labels in double braces.
    """

    expr: str
    legend: str | Text = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture.

    Attributes:
        width: Columns of the 24 of a board.
        height: Rows of 30 pixels.
        body: All else, as Grafana's JSON.
    """

    width: int
    height: int
    body: Json


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under one heading, from left to right and then down."""

    title: Text
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        title: Its heading.
        expr: Gives its values; empty for a label of the rows.
        label: The label that it shows, where it has no ``expr``.
        look: Properties of its cells: unit, mappings, thresholds, links.
        is_hidden: It only brings labels.
    """

    title: Text
    expr: str = ""
    label: str = ""
    look: tuple[Json, ...] = ()
    is_hidden: bool = False


def looks(**values: Any) -> tuple[Json, ...]:
    """Properties of a field by name; an underscore stands for a point."""
    return tuple({"id": name.replace("_", "."), "value": value} for name, value in values.items())


def thresholds(steps: Steps) -> Json:
    """Colours by value."""
    return {"mode": "absolute", "steps": [{"value": value, "color": colour} for value, colour in steps]}


def named(name: str | Text, look: Sequence[Json]) -> Json:
    """How the field of this name looks."""
    return {"matcher": {"id": "byName", "options": name}, "properties": list(look)}


def line(name: str, title: Text, colour: str, *, dash: bool = False, width: int = 2, fill: int = 0) -> Json:
    """How the line of this name looks, and what it is called."""
    look: list[Json] = [
        {"id": "displayName", "value": title},
        {"id": "color", "value": {"mode": "fixed", "fixedColor": colour}},
        {"id": "custom.lineWidth", "value": width},
        {"id": "custom.fillOpacity", "value": fill},
    ]
    if dash:
        look.append({"id": "custom.lineStyle", "value": {"fill": "dash", "dash": [8, 6]}})
    return named(name, look)


def graph(
    title: Text,
    about: Text,
    *queries: Query,
    unit: str,
    width: int = 12,
    stack: bool = False,
    is_signed: bool = False,
    steps: Steps = (),
    overrides: Sequence[Json] = (),
) -> Panel:
    """Lines over time; with ``steps`` also the limits as lines. The axis begins at zero unless it ``is_signed``."""
    custom = {
        "drawStyle": "line",
        "lineInterpolation": "linear",
        "lineWidth": 1,
        "fillOpacity": 60 if stack else 8,
        "showPoints": "auto",
        "spanNulls": False,
        "stacking": {"mode": "normal" if stack else "none", "group": "A"},
        "thresholdsStyle": {"mode": "line" if steps else "off"},
    }
    options = {"legend": _LEGEND, "tooltip": {"mode": "multi", "sort": "desc"}}
    defaults = {
        "color": {"mode": "palette-classic"},
        "custom": custom,
        "thresholds": thresholds(steps or _NO_STEPS),
        **({} if is_signed else {"min": 0}),
    }
    return _panel(
        "timeseries",
        title,
        about,
        queries,
        (width, 8),
        unit=unit,
        defaults=defaults,
        options=options,
        overrides=overrides,
    )


def stat(
    title: Text,
    about: Text,
    *queries: Query,
    unit: str = "short",
    width: int = 4,
    steps: Steps = _NO_STEPS,
    mappings: Sequence[Json] = (),
    overrides: Sequence[Json] = (),
) -> Panel:
    """The number of now, large; several of them with their names."""
    options = {
        "colorMode": "background_solid" if mappings or steps is not _NO_STEPS or overrides else "none",
        "graphMode": "none",
        "justifyMode": "auto",
        "orientation": "auto",
        "reduceOptions": _LAST,
        "textMode": "value_and_name" if any(query.legend for query in queries) else "value",
    }
    defaults = {"color": {"mode": "thresholds"}, "mappings": list(mappings), "thresholds": thresholds(steps)}
    return _panel(
        "stat",
        title,
        about,
        queries,
        (width, 4),
        unit=unit,
        defaults=defaults,
        options=options,
        overrides=overrides,
        instant=True,
    )


def bars(title: Text, about: Text, query: Query, *, unit: str, steps: Steps, width: int = 12, most: float = 1) -> Panel:
    """The number of now of each series as a bar."""
    options = {
        "displayMode": "basic",
        "orientation": "horizontal",
        "reduceOptions": _LAST,
        "showUnfilled": True,
        "valueMode": "color",
    }
    defaults = {"color": {"mode": "thresholds"}, "thresholds": thresholds(steps), "min": 0, "max": most}
    return _panel(
        "bargauge", title, about, (query,), (width, 9), unit=unit, defaults=defaults, options=options, instant=True
    )


def timeline(
    title: Text, about: Text, *queries: Query, mappings: Sequence[Json], width: int = 24, height: int = 8
) -> Panel:
    """What something was, when: one band for each series."""
    options = {
        "mergeValues": True,
        "showValue": "auto",
        "alignValue": "left",
        "rowHeight": 0.85,
        "legend": _LEGEND,
        "tooltip": {"mode": "single", "sort": "none"},
    }
    defaults = {
        "color": {"mode": "thresholds"},
        "custom": {"lineWidth": 0, "fillOpacity": 85},
        "mappings": list(mappings),
        "thresholds": thresholds(_NO_STEPS),
    }
    return _panel(
        "state-timeline", title, about, queries, (width, height), unit="none", defaults=defaults, options=options
    )


def heat_map(title: Text, about: Text, query: Query, *, scheme: str, width: int = 12) -> Panel:
    """A histogram over time: the darker or lighter, the more of it. The buckets are seconds."""
    options = {
        "calculate": False,
        "cellGap": 1,
        "cellValues": {"unit": "short", "decimals": 0},
        "color": {
            "mode": "scheme",
            "scheme": scheme,
            "fill": "dark-orange",
            "scale": "exponential",
            "exponent": 0.5,
            "steps": 64,
            "reverse": False,
        },
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
        "filterValues": {"le": 1e-9},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "tooltip": {"show": True, "yHistogram": True},
        "yAxis": {"axisPlacement": "left", "reverse": False, "unit": "s"},
    }
    custom = {"hideFrom": {"legend": False, "tooltip": False, "viz": False}, "scaleDistribution": {"type": "linear"}}
    panel = _panel(
        "heatmap", title, about, (query,), (width, 8), unit="s", defaults={"custom": custom}, options=options
    )
    (target,) = panel.body["targets"]
    return Panel(panel.width, panel.height, {**panel.body, "targets": [{**target, "format": "heatmap"}]})


def table(title: Text, about: Text, columns: Sequence[Column], *, width: int = 24, height: int = 10) -> Panel:
    """The numbers of now, one row for each combination of the labels that the columns share."""
    valued = [column for column in columns if column.expr]
    values = ["Value"] if len(valued) == 1 else [f"Value #{letter}" for letter in ascii_uppercase]
    names = dict(zip([column.title for column in valued], values, strict=False))
    fields = [names.get(column.title, column.label) for column in columns]
    hidden = [name for name, column in zip(fields, columns, strict=True) if column.is_hidden]
    organize = {
        "excludeByName": dict.fromkeys(("Time", *hidden), True),
        "indexByName": {name: place for place, name in enumerate(fields)},
        "renameByName": {
            name: column.title for name, column in zip(fields, columns, strict=True) if not column.is_hidden
        },
    }
    order = [{"id": "merge", "options": {}}, {"id": "organize", "options": organize}]
    overrides = [named(column.title, column.look) for column in columns if column.look]
    queries = [Query(column.expr) for column in valued]
    return table_of(title, about, queries, order, overrides, width=width, height=height)


def table_of(
    title: Text,
    about: Text,
    queries: Sequence[Query],
    transformations: Sequence[Json],
    overrides: Sequence[Json] = (),
    *,
    width: int = 24,
    height: int = 10,
    mappings: Sequence[Json] = (),
) -> Panel:
    """The numbers of now, put in order by Grafana's transformations."""
    custom = {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False, "filterable": True}
    defaults = {
        "custom": custom,
        "color": {"mode": "thresholds"},
        "thresholds": thresholds(_NO_STEPS),
        "mappings": list(mappings),
    }
    options = {"showHeader": True, "cellHeight": "sm", "footer": {"show": False, "reducer": ["sum"], "fields": ""}}
    panel = _panel(
        "table",
        title,
        about,
        queries,
        (width, height),
        unit="none",
        defaults=defaults,
        options=options,
        overrides=overrides,
        instant=True,
    )
    targets = [{**target, "format": "table"} for target in panel.body["targets"]]
    return Panel(width, height, {**panel.body, "targets": targets, "transformations": list(transformations)})


def _panel(
    kind: str,
    title: Text,
    about: Text,
    queries: Sequence[Query],
    size: tuple[int, int],
    *,
    unit: str,
    defaults: Json,
    options: Json,
    overrides: Sequence[Json] = (),
    instant: bool = False,
) -> Panel:
    body = {
        "type": kind,
        "title": title,
        "description": about,
        "datasource": SOURCE,
        "targets": list(_targets(queries, instant=instant)),
        "fieldConfig": {"defaults": {"unit": unit, **defaults}, "overrides": list(overrides)},
        "options": options,
    }
    return Panel(*size, body)


def _targets(queries: Sequence[Query], *, instant: bool) -> Iterator[Json]:
    for letter, query in zip(ascii_uppercase, queries, strict=False):
        yield {
            "refId": letter,
            "datasource": SOURCE,
            "expr": query.expr,
            "legendFormat": query.legend or "__auto",
            "instant": instant,
            "range": not instant,
            "format": "time_series",
            "editorMode": "code",
        }
