"""A real Prometheus with the project's own prometheus.yml scrapes the demo."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.peers.processes import fetch, free_port, installed, running, wait_for

ROOT = Path(__file__).parents[2]
SITES = 41

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a demo whose first round of probes is complete."""
    port = free_port()
    command = [sys.executable, "-m", "monitor", "demo", f"--sites={SITES}", f"--web.listen-address=127.0.0.1:{port}"]
    with running(command, tmp_path_factory.mktemp("demo") / "log"):
        wait_for(f"http://127.0.0.1:{port}/-/ready")
        yield port


@pytest.fixture(scope="module")
def prometheus(demo: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prometheus that has scraped the demo at least twice."""
    binary = installed("prometheus")
    if binary is None:
        pytest.skip("prometheus is not installed (Debian: prometheus)")
    folder = tmp_path_factory.mktemp("prometheus")
    config = (ROOT / "prometheus.yml").read_text()
    assert "127.0.0.1:9841" in config
    # Only what a test must change: the port that happened to be free, and the patience of a person.
    changed = config.replace("127.0.0.1:9841", f"127.0.0.1:{demo}").replace("15s", "2s")
    changed = changed.replace("- rules/", f"- {ROOT}/rules/")
    (folder / "prometheus.yml").write_text(changed)
    port = free_port()
    command = [
        binary,
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with running(command, folder / "log"):
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/-/ready")
        deadline = time.monotonic() + 40
        while value(url, "count_over_time(up[1m])") < 3:
            assert time.monotonic() < deadline, "Prometheus did not scrape three times within 40 s"
            time.sleep(0.5)
        yield url


def query(url: str, expression: str) -> list[dict[str, Any]]:
    """The instant vector that an expression gives."""
    answer = json.loads(fetch(f"{url}/api/v1/query?query={quote(expression)}"))
    result: list[dict[str, Any]] = answer["data"]["result"]
    return result


def value(url: str, expression: str) -> float:
    """The one number that an expression gives; 0 where it gives none."""
    result = query(url, expression)
    return float(result[0]["value"][1]) if result else 0.0


def test_the_scrape_is_accepted_whole(prometheus: str) -> None:
    """The target is up, and Prometheus dropped, doubled or reordered no sample."""
    assert value(prometheus, "min_over_time(up[1m])") == 1
    assert value(prometheus, "scrape_samples_scraped") == value(prometheus, "scrape_samples_post_metric_relabeling")
    own = fetch(f"{prometheus}/metrics")
    for trouble in ("sample_duplicate_timestamp", "sample_out_of_order", "sample_out_of_bounds"):
        line = next(line for line in own.splitlines() if line.startswith(f"prometheus_target_scrapes_{trouble}_total"))
        assert line.endswith(" 0"), line


def test_labels_are_the_daemons_own(prometheus: str) -> None:
    """With honor_labels nothing is renamed: a public dashboard finds `instance` as it expects it."""
    assert query(prometheus, '{exported_instance!=""}') == []
    assert value(prometheus, "count(count by (instance) (ifHCInOctets))") > SITES


@pytest.mark.parametrize(
    "expression",
    [
        f"count(linkward_site_info) == {SITES}",
        f'count(linkward_site_state{{state="up"}}) == {SITES}',
        "count(linkward_link_rtt_seconds_count > 0) >= 40",
        "sum(ifHCInOctets) > 0",
        "count(ifOperStatus == 1) > 100",
        "count(probe_success == 1) > 40",
        "count(probe_http_duration_seconds{phase='processing'}) > 0",
        "count(probe_ssl_earliest_cert_expiry > time()) > 0",
        "count(sysUpTime) > 100",
        "sum(linkward_probe_runs_total{outcome='success'}) > 100",
        "histogram_quantile(0.99, sum by (le) (rate(linkward_link_rtt_seconds_bucket[30s]))) < 0.5",
        "linkward_config_last_reload_successful == 1",
    ],
)
def test_what_a_dashboard_would_ask_is_there(prometheus: str, expression: str) -> None:
    """Each question of a typical panel is answered with data."""
    assert query(prometheus, expression) != []


def test_every_rule_is_evaluated_without_an_error(prometheus: str) -> None:
    """No join of the shipped rules is ambiguous on what the demo exports, and each was evaluated."""
    groups = json.loads(fetch(f"{prometheus}/api/v1/rules"))["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len(rules) > 50
    assert [rule for rule in rules if (rule["health"], rule.get("lastError", "")) != ("ok", "")] == []


@pytest.mark.parametrize(
    "expression",
    [
        "count(link:linkward_loss:ratio_rate5m >= 0) >= 40",
        "count(link:linkward_rtt_seconds:p95_rate5m > 0) >= 40",
        "count(provider:linkward_loss:ratio_rate5m) > 1",
        f"sum(ward:linkward_link_state:count) >= {SITES - 1}",
        "count(kind:linkward_schedule_lag_seconds:p99_rate5m < 5) > 1",
    ],
)
def test_recordings_have_data(prometheus: str, expression: str) -> None:
    """What a dashboard would show of the shipped recordings is there."""
    assert query(prometheus, expression) != []


def test_promtool_accepts_the_shipped_configuration() -> None:
    """Promtool check config is content with prometheus.yml, and with the rules that it loads, as they are here."""
    promtool = installed("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    subprocess.run([promtool, "check", "config", str(ROOT / "prometheus.yml")], check=True, capture_output=True)
