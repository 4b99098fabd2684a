"""The dashboards against the table of metrics, the conventions of Grafana, and the files that are checked in."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from exporters.dashboards import dashboard_files
from exporters.metrics import by_name
from tests.peers.grafana import ANY, Json, annotations, panels, queries, series_and_label, substituted, variables

ROOT = Path(__file__).parents[3]
FILES = dashboard_files()
DOCUMENTS = {name: json.loads(text) for name, text in FILES.items()}
ENGLISH = {name.removeprefix("en/"): board for name, board in DOCUMENTS.items() if name.startswith("en/")}
VIETNAMESE = {name.removeprefix("vi/"): board for name, board in DOCUMENTS.items() if name.startswith("vi/")}
COLUMNS = 24
UNITS = {"none", "short", "percentunit", "s", "bps", "pps", "cps", "bytes", "dtdurations", "celsius", "dBm"}
NOT_OURS = {
    *("up", "scrape_duration_seconds", "scrape_samples_scraped"),  # of Prometheus
    *("process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_max_fds"),
    "process_start_time_seconds",  # of prometheus_client, as those above
}
_GROUPING = re.compile(r"\b(?:by|on|ignoring|group_left) \([^)]*\)")
METRIC = re.compile(
    r"(?<![\w$\"])(?:linkward|probe|smokeping|snmp_scrape|scrape|process|if[A-Z]|sys[A-Z])\w*(?=[{\[ )]|$)"
)

every_board = pytest.mark.parametrize("board", DOCUMENTS.values(), ids=DOCUMENTS)


def asked(board: Json) -> set[str]:
    """Every expression of a board, those of its variables too."""
    chosen = {variable["query"]["query"] for variable in variables(board)}
    return {query.expr for query in (*queries(board), *annotations(board))} | {
        series_and_label(query)[0] for query in chosen
    }


@pytest.mark.parametrize("name", FILES)
def test_what_is_checked_in_is_what_the_code_says(name: str) -> None:
    """A changed board fails here until `linkward export dashboards --output=dashboards` has written it down."""
    assert (ROOT / "dashboards" / name).read_text("utf-8") == FILES[name], "run make docs"


def test_nothing_else_is_loaded() -> None:
    """Grafana loads every file of a folder of dashboards/."""
    found = {str(path.relative_to(ROOT / "dashboards")) for path in (ROOT / "dashboards").rglob("*") if path.is_file()}
    assert found == set(FILES)


def test_every_board_is_there_in_both_languages() -> None:
    """With an id of its own in each, so that both can be loaded side by side."""
    uids = [board["uid"] for board in DOCUMENTS.values()]
    assert len(set(uids)) == len(uids) == 14
    assert {board["uid"] for board in ENGLISH.values()} == {
        *("linkward-ward", "linkward-site", "linkward-link", "linkward-device"),
        *("linkward-services", "linkward-providers", "linkward-itself"),
    }
    assert {f"{board['uid']}-vi" for board in ENGLISH.values()} == {board["uid"] for board in VIETNAMESE.values()}


@every_board
def test_queries_read_nothing_that_is_not_exported(board: Json) -> None:
    """Every name is in the table of metrics, or is Prometheus' own."""
    for expr in asked(board):
        names = {re.sub(r"_(bucket|count|sum)$", "", name) for name in METRIC.findall(_GROUPING.sub("", expr))}
        assert names, expr
        assert names <= by_name().keys() | NOT_OURS, expr


@every_board
def test_every_variable_of_a_query_can_be_chosen(board: Json) -> None:
    """A misspelled one would be asked of Prometheus as it stands."""
    known = {variable["name"]: ANY for variable in variables(board)}
    for expr in asked(board):
        assert "$" not in substituted(expr, known), expr


@every_board
def test_panels_have_numbers_of_their_own(board: Json) -> None:
    """Two of one number would be one panel."""
    numbers = [panel["id"] for panel in board["panels"]]
    assert len(set(numbers)) == len(numbers)


@every_board
def test_panels_lie_beside_each_other(board: Json) -> None:
    """Within 24 columns, and no square of the grid belongs to two."""
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= COLUMNS
        squares = {
            (place["x"] + across, place["y"] + down) for across in range(place["w"]) for down in range(place["h"])
        }
        assert squares.isdisjoint(taken), panel["title"]
        taken |= squares


@every_board
def test_every_panel_says_what_it_is(board: Json) -> None:
    """A title, a unit that Grafana knows, and a description in whole sentences."""
    assert len(board["description"]) > 20
    for panel in panels(board):
        defaults = panel["fieldConfig"]["defaults"]
        assert panel["title"]
        assert defaults["unit"] in UNITS
        assert len(panel["description"]) > 15
        assert panel["description"].endswith(".")
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


@every_board
def test_one_variable_chooses_the_source_of_all_data(board: Json) -> None:
    """No board is bound to the Prometheus of whoever made it."""
    source = {"type": "prometheus", "uid": "${datasource}"}
    parts = [*panels(board), *(target for panel in panels(board) for target in panel["targets"])]
    assert {json.dumps(part["datasource"]) for part in (*parts, *variables(board))} == {json.dumps(source)}
    assert board["templating"]["list"][0]["name"] == "datasource"


@every_board
def test_links_lead_to_boards_in_the_same_language(board: Json) -> None:
    """With what was chosen, and to a variable that is there."""
    tongue = board["uid"].removeprefix("linkward-").partition("-")[2] or "en"
    others = {other["uid"]: other for other in (VIETNAMESE if tongue == "vi" else ENGLISH).values()}
    for url in _urls(board["panels"]):
        target, variable = re.match(r"/d/([\w-]+)\?var-(\w+)=", url).groups()  # type: ignore[union-attr] # or it fails
        assert variable in {each["name"] for each in variables(others[target])}
    (menu,) = board["links"]
    assert all(set(menu["tags"]) <= set(other["tags"]) for other in others.values())
    assert (menu["includeVars"], menu["keepTime"]) == (True, True)


def _urls(part: Any) -> Iterator[str]:
    match part:
        case dict():
            for key, value in part.items():
                if key == "url":
                    yield value
                yield from _urls(value)
        case list():
            for value in part:
                yield from _urls(value)


@pytest.mark.parametrize("name", ENGLISH)
def test_both_languages_ask_the_same(name: str) -> None:
    """Only the words differ, and no title or description was left in English."""
    ours, theirs = ENGLISH[name], VIETNAMESE[name]
    assert asked(ours) == asked(theirs)
    for one, other in zip(panels(ours), panels(theirs), strict=True):
        assert one["description"] != other["description"], one["title"]
        assert one["gridPos"] == other["gridPos"]
    text = "".join(panel["title"] + panel["description"] for panel in panels(theirs))
    assert len(re.findall(r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữự]", text)) > len(text) / 12


@every_board
def test_grafana_knows_every_key(board: Json) -> None:
    """Read into Grafana's own types (10.1) and written again, nothing is lost: no key is misspelled or misplaced."""
    register_default_plugins()
    again = json.loads(json.dumps(Dashboard.from_json(dict(board)), default=lambda part: part.to_json()))
    assert _lost(board, again) == {".annotations.list[].titleFormat", ".annotations.list[].textFormat"}, (
        "what is lost beside the two keys that only the annotations of Prometheus have"
    )


def _lost(ours: Any, theirs: Any, path: str = "") -> set[str]:
    """Paths of what is in one and not, or otherwise, in the other."""
    match ours:
        case dict() if isinstance(theirs, dict):
            return {lost for key, value in ours.items() for lost in _lost(value, theirs.get(key), f"{path}.{key}")}
        case list() if isinstance(theirs, list) and len(theirs) == len(ours):
            return {lost for one, other in zip(ours, theirs, strict=True) for lost in _lost(one, other, f"{path}[]")}
        case _:
            return set() if ours == theirs else {path}
