"""One dashboard: its rows, what can be chosen on it, what is marked in its graphs, and how it links to the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from exporters.dashboards.colours import BAD, STATE_COLOURS
from exporters.dashboards.parts import SOURCE, Json, Panel, Row, looks
from exporters.dashboards.text import TONGUES, Text, Tongue, spoken
from model.state import State

COLUMNS: Final = 24
"""Of Grafana's grid."""

_SCHEMA: Final = 38  # Grafana 10.0; a later one reads it and mends what has changed
_REFRESH_ON_LOAD: Final = 1
_REFRESH_ON_TIME: Final = 2
_ALPHABETICAL: Final = 1
_ALL: Final[Json] = {"text": "All", "value": "$__all", "selected": True}


@dataclass(frozen=True, slots=True)
class Variable:
    """What can be chosen at the top of a board.

    Attributes:
        name: In queries, after the dollar.
        label: For people.
        query: In the words of Grafana's variables.
        has_all: Whether several, and all, can be chosen.
    """

    name: str
    label: Text
    query: str
    has_all: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """What is marked in all graphs of a board, for as long as ``expr`` is more than 0.

    Attributes:
        name: For people.
        expr: PromQL.
        colour: Of the mark.
        text: What it says, with labels in double braces.
    """

    name: Text
    expr: str
    colour: str
    text: str


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard.

    Attributes:
        name: The last part of its uid, which never changes.
        title: For people.
        about: What it answers.
        rows: From top to bottom.
        variables: What can be chosen, beside the source of the data.
        marks: What is marked in its graphs.
    """

    name: str
    title: Text
    about: Text
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...]
    marks: tuple[Mark, ...] = field(default=())


WARD: Final = Variable("ward", Text("Ward", "Phường"), "label_values(linkward_site_info, ward)")
SITES: Final = Variable("site", Text("Site", "Điểm"), 'label_values(linkward_site_info{ward=~"$ward"}, site)')
SITE: Final = Variable("site", SITES.label, SITES.query, has_all=False)


def uid(name: str, tongue: Tongue) -> str:
    """Of a board in one language; both can be loaded side by side."""
    return f"linkward-{name}" if tongue == "en" else f"linkward-{name}-{tongue}"


def leads_to(name: str, variable: str, title: Text) -> tuple[Json, ...]:
    """A cell whose text is an id leads to the board of that, with what was chosen here."""
    kept = "${ward:queryparam}&${datasource:queryparam}&${__url_time_range}"
    url = Text(*(f"/d/{uid(name, tongue)}?var-{quote(variable)}=${{__value.text}}&{kept}" for tongue in TONGUES))
    return looks(links=[{"title": title, "url": url}])


def maintenance(noun: str, matchers: str, within: str = "") -> Mark:
    """Planned work on some of them."""
    series = f'linkward_{noun}_state{{{matchers}{"," if matchers else ""}state="maintenance"}}'
    name = Text("Maintenance", "Bảo trì")
    colour = STATE_COLOURS[State.MAINTENANCE]
    return Mark(name, f"max by ({noun}) ({series} {within}) > 0", colour, f"{{{{{noun}}}}}")


def outage(noun: str, matchers: str) -> Mark:
    """Some of them are down."""
    series = f'linkward_{noun}_state{{{matchers}{"," if matchers else ""}state="down"}}'
    return Mark(Text("Down", "Mất kết nối"), f"max by ({noun}) ({series}) > 0", BAD, f"{{{{{noun}}}}}")


INCIDENTS: Final = Mark(
    Text("Incident opened or over", "Sự cố mở hoặc kết thúc"),
    "max by (severity) (changes(linkward_incidents_open[$__rate_interval])) > 0",
    BAD,
    "{{severity}}",
)


def as_json(board: Board, tongue: Tongue) -> dict[str, Any]:
    """The board as Grafana imports it."""
    document: dict[str, Any] = spoken(_document(board, tongue), tongue)
    return document


def _document(board: Board, tongue: Tongue) -> Json:
    tags = ["linkward", f"linkward-{tongue}"]
    return {
        "uid": uid(board.name, tongue),
        "title": Text("Linkward: ", "Linkward: ") + board.title,
        "description": board.about,
        "tags": tags,
        "timezone": "browser",
        "editable": True,
        "graphTooltip": 1,
        "refresh": "30s",
        "schemaVersion": _SCHEMA,
        "time": {"from": "now-6h", "to": "now"},
        "links": [_menu(tags[-1])],
        "templating": {"list": [_source(), *(_variable(variable) for variable in board.variables)]},
        "annotations": {"list": [_mark(mark) for mark in board.marks]},
        "panels": list(_placed(board.rows)),
    }


def _menu(tag: str) -> Json:
    """The other boards in this language, with what was chosen here."""
    return {
        "type": "dashboards",
        "title": Text("Linkward boards", "Các bảng Linkward"),
        "tags": [tag],
        "asDropdown": True,
        "includeVars": True,
        "keepTime": True,
        "targetBlank": False,
        "icon": "external link",
        "tooltip": "",
        "url": "",
    }


def _source() -> Json:
    return {
        "type": "datasource",
        "name": "datasource",
        "label": Text("Data source", "Nguồn dữ liệu"),
        "query": "prometheus",
        "hide": 0,
        "refresh": _REFRESH_ON_LOAD,
        "regex": "",
        "multi": False,
        "includeAll": False,
    }


def _variable(variable: Variable) -> Json:
    asked = {"query": variable.query, "refId": f"variable-{variable.name}"}
    several = {"current": _ALL, "allValue": ".*"} if variable.has_all else {}
    return {
        "type": "query",
        "name": variable.name,
        "label": variable.label,
        "datasource": SOURCE,
        "query": asked,
        "refresh": _REFRESH_ON_TIME,
        "sort": _ALPHABETICAL,
        "hide": 0,
        "regex": "",
        "multi": variable.has_all,
        "includeAll": variable.has_all,
        **several,
    }


def _mark(mark: Mark) -> Json:
    return {
        "name": mark.name,
        "datasource": SOURCE,
        "enable": True,
        "hide": False,
        "iconColor": mark.colour,
        "expr": mark.expr,
        "titleFormat": mark.name,
        "textFormat": mark.text,
    }


def _placed(rows: Sequence[Row]) -> Iterator[Json]:
    """Each panel with its number and its place."""
    number, top = 0, 0
    for row in rows:
        number += 1
        heading = {"id": number, "type": "row", "title": row.title, "collapsed": False, "panels": []}
        yield {**heading, "gridPos": {"x": 0, "y": top, "w": COLUMNS, "h": 1}}
        top += 1
        for line in _lines(row.panels):
            left = 0
            for panel in line:
                number += 1
                place = {"x": left, "y": top, "w": panel.width, "h": panel.height}
                yield {"id": number, **panel.body, "gridPos": place}
                left += panel.width
            top += max(panel.height for panel in line)


def _lines(panels: Sequence[Panel]) -> Iterator[Sequence[Panel]]:
    """Panels that stand beside each other."""
    line: list[Panel] = []
    for panel in panels:
        if line and sum(one.width for one in line) + panel.width > COLUMNS:
            yield line
            line = []
        line.append(panel)
    if line:
        yield line
