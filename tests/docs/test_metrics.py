"""docs/metrics.md against the table of metrics, and the table against what is exported."""

import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from exporters.exposition import Style, exposition
from exporters.metrics import DAEMON, METRICS
from exporters.metrics_page import base_labels, metrics_page
from tests.peers.board import full_board, full_own

_ROOT = Path(__file__).parents[2]
_RARE = {"linkward_duplicate_series_total", "linkward_device_interfaces_cut"}


def test_the_page_is_what_the_table_says() -> None:
    """docs/metrics.md equals what `make docs` would write."""
    written = (_ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert written == metrics_page(), "docs/metrics.md is not what the table says: run make docs"


def test_every_name_is_there_once() -> None:
    """No metric is in the table twice, and each has a sentence of help."""
    names = [metric.name for metric in METRICS]
    assert len(names) == len(set(names))
    assert all(metric.help.endswith(".") for metric in METRICS)


@pytest.mark.parametrize("noun", ["link", "service"])
def test_time_in_states_says_how_late_it_is(noun: str) -> None:
    """Whoever takes a rate of it has to know over how long."""
    (metric,) = (metric for metric in METRICS if metric.name == f"linkward_{noun}_state_seconds_total")
    assert "about a minute late" in metric.help
    assert "rates over one minute mislead" in metric.help


def test_the_daemons_metrics_are_those_of_the_table() -> None:
    """Every metric of the daemon is registered with the name and type of the table, and no other of ours is."""
    text = full_own().text(Style.TEXT)
    exported = dict(re.findall(r"# TYPE (linkward_\S+) (\S+)", text))
    assert exported == {metric.name: metric.type.value for metric in DAEMON}


def test_labels_are_those_of_the_table() -> None:
    """No exported series bears a label that the table does not name."""
    allowed = {
        metric.name: {name for entry in (*base_labels(metric), *metric.labels) for name in re.split(r", | or ", entry)}
        for metric in METRICS
    }
    text = b"".join(exposition(full_board().blocks(1.0), Style.TEXT)).decode()
    for family in text_string_to_metric_families(text):
        name = family.name if family.name in allowed else f"{family.name}_total"
        for sample in family.samples:
            assert set(sample.labels) - {"le"} <= allowed[name], sample


def test_a_full_board_shows_nearly_every_metric() -> None:
    """The representative board holds every per-subject metric but those of rare columns and rare trouble."""
    text = b"".join(exposition(full_board().blocks(1.0), Style.TEXT)).decode()
    exported = set(re.findall(r"# TYPE (\S+)", text))
    missing = {metric.name for metric in METRICS if metric not in DAEMON} - exported - _RARE
    assert all(name.startswith("if") for name in missing), missing
