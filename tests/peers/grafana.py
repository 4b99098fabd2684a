"""What Grafana would ask Prometheus of a dashboard: its queries, with its variables put in."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.peers.processes import fetch

Json = Mapping[str, Any]
INTERVALS = {"__rate_interval": "15s", "__interval": "5s", "__range": "60s"}
ANY = ".*"

_LABEL_VALUES = re.compile(r"label_values\((?P<series>.+), (?P<label>\w+)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of a board.

    Attributes:
        board: Its uid.
        place: The title of its panel, or the name of its annotation.
        ref: Which query of it.
        expr: As the board has it.
        is_instant: Whether the value of now is asked for.
    """

    board: str
    place: str
    ref: str
    expr: str
    is_instant: bool

    @property
    def name(self) -> str:
        """Short, for a person."""
        return f"{self.board} | {self.place} | {self.ref}"


def substituted(expr: str, chosen: Mapping[str, str]) -> str:
    """An expression with what was chosen and Grafana's own intervals in the place of variables."""
    values = {**INTERVALS, **chosen}
    return re.sub(r"\$(\w+)", lambda found: values[found[1]], expr)


def panels(board: Json) -> Iterator[Json]:
    """Every panel that shows something."""
    return (panel for panel in board["panels"] if panel["type"] != "row")


def queries(board: Json) -> Iterator[Asked]:
    """Every query of every panel."""
    for panel in panels(board):
        for target in panel["targets"]:
            yield Asked(board["uid"], panel["title"], target["refId"], target["expr"], target["instant"])


def annotations(board: Json) -> Iterator[Asked]:
    """Every query of every annotation."""
    for mark in board["annotations"]["list"]:
        yield Asked(board["uid"], mark["name"], "annotation", mark["expr"], is_instant=False)


def variables(board: Json) -> Iterator[Json]:
    """Every variable that asks Prometheus."""
    return (variable for variable in board["templating"]["list"] if variable["type"] == "query")


def series_and_label(query: str) -> tuple[str, str]:
    """Of ``label_values(series, label)``."""
    found = _LABEL_VALUES.fullmatch(query)
    assert found is not None, query
    return found["series"], found["label"]


@dataclass(frozen=True, slots=True)
class Source:
    """A Prometheus, asked as Grafana asks it.

    Attributes:
        url: Where it is.
        start: Of the range of the board, Unix seconds.
        end: Of the range.
    """

    url: str
    start: float
    end: float

    def values(self, query: str, chosen: Mapping[str, str]) -> list[str]:
        """What can be chosen."""
        series, label = series_and_label(substituted(query, chosen))
        found: list[str] = self._get(f"label/{label}/values", {"match[]": series, "start": self.start, "end": self.end})
        return found

    def series(self, asked: Asked, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
        """The series that a query gives."""
        expr = substituted(asked.expr, chosen)
        if asked.is_instant:
            answer = self._get("query", {"query": expr, "time": self.end})
        else:
            answer = self._get("query_range", {"query": expr, "start": self.start, "end": self.end, "step": 5})
        found: list[dict[str, Any]] = answer["result"]
        return found

    def _get(self, path: str, parameters: Mapping[str, Any]) -> Any:
        return json.loads(fetch(f"{self.url}/api/v1/{path}?{urlencode(parameters)}"))["data"]
